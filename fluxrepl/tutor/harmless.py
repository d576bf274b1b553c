"""Text that somebody else wrote, made fit to be shown: what would act on a terminal is written out."""

import re

# Characters that act on a terminal instead of showing (colours, cursor, clipboard, direction of writing), and halves
# of characters that cannot be printed at all.
ACTING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)")


def harmless(text: str) -> str:
    """A text in which what would act on a terminal is written out; line ends and tabs stay.

    Example:
        >>> print(harmless("\\x1b[31mred"))
        \\x1b[31mred

    """
    return ACTING.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def harmless_line(text: str) -> str:
    """The same for what must be one line, such as the name of a file."""
    return harmless(text.replace("\r", "\\r").replace("\n", "\\n"))
