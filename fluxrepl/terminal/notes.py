"""What costs comfort, not work, is told in a line or two on stderr."""

import shutil
import sys
import textwrap


def note(words: str) -> None:
    """Print a note; on a terminal its lines are broken between words, and never within a path."""
    text = f"Note: {words}"
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
    print(text, file=sys.stderr)
