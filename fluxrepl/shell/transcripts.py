"""Pasted sessions: find the code among the prompts and the outputs.

A learner copies what a page or a terminal shows, prompts and results included, and pastes it. IPython strips
some prompts, keeps the pasted outputs, and looks inside strings; this replaces its two strippers by one rule:
if, and only if, the first line of code starts with a prompt, the cell is a transcript.
"""

import re
from collections.abc import Iterator

# prompt → what its further lines start with: dots ("... ", "   ...: ") or bare indentation (Julia's way).
PROMPT = re.compile(r"[ \t]*(?P<prompt>>>>|In \[\d+\]:|flux>|julia>)(?: |$)")
DOTS = re.compile(r"[ \t]*\.{3,}:?(?: |$)")
INDENTED_PROMPTS = ("flux>", "julia>")


def is_transcript(source: str) -> bool:
    """True if the first line that is neither blank nor a comment starts with a prompt.

    Example:
        >>> is_transcript("flux> 1 + 1"), is_transcript("text = '''\\n>>> 1'''")
        (True, False)

    """
    for line in source.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return PROMPT.match(line) is not None
    return False


def strip_prompts(source: str) -> str:
    """Return the code of a transcript; anything else comes back as it is.

    Example:
        >>> print(strip_prompts(">>> for i in range(2):\\n...     print(i)\\n0\\n1\\n>>> i\\n1"))
        for i in range(2):
            print(i)
        i

    """
    if not is_transcript(source):
        return source
    return "\n".join(_code_lines(source.splitlines())) + "\n"


def strip_lines(lines: list[str]) -> list[str]:
    """The same for IPython's list of lines with their ends: one of its input transformers."""
    source = "".join(lines)
    return strip_prompts(source).splitlines(keepends=True) if is_transcript(source) else lines


def _code_lines(lines: list[str]) -> Iterator[str]:
    width = 0  # of the prompt of the statement that goes on here; 0 while in an output
    indented = False
    for number, line in enumerate(lines):
        if started := PROMPT.match(line):
            width, indented = started.end(), started["prompt"] in INDENTED_PROMPTS
            yield line[width:]
        elif width and (dots := DOTS.match(line)):
            yield line[dots.end() :]
        elif width and indented and _goes_on(lines[number:], width):
            yield line[width:]
        else:
            width = 0


def _goes_on(lines: list[str], width: int) -> bool:
    """True if the first line that is not blank stands under the code of the prompt, not under the prompt."""
    following = next((line for line in lines if line.strip()), "")
    return bool(following) and not following[:width].strip() and len(following) > width
