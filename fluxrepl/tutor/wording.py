"""How the player names steps and what they ask for, in words."""

import re
from collections.abc import Collection

from .lesson import Quiz, Step
from .names import in_a_line

# One backtick on each side, within a line: a run of several is a fence that is spoken of.
CODE = re.compile(r"(?<!`)`(?!`)([^`\n]+)`(?!`)")

STRESS = re.compile(r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1")  # **strong** and *stressed* words

LONGEST_CODE = 60  # characters of an example in a list of steps


def letter(text: str, choices: Collection[str] = ()) -> str:
    """The choice that `b`, `B`, `b.` or ` b) ` means; what was typed where it means none.

    Example:
        >>> letter("B.", {"a": "one", "b": "two"}), letter("c", {"a": "one"})
        ('b', 'c')

    """
    typed = text.strip().rstrip(".)").strip()
    if typed in choices:
        return typed
    return next((choice for choice in choices if choice.casefold() == typed.casefold()), typed)


def confirmed(text: str) -> bool | None:
    """What a learner answers who was asked whether to do it; None for anything else."""
    return {"y": True, "yes": True, "n": False, "no": False}.get(text.strip().lower())


def unticked(text: str) -> str:
    """Words without the backticks around code, for where code is not set apart.

    Example:
        >>> unticked("`:hint` helps; write ``` below")
        ':hint helps; write ``` below'

    """
    return CODE.sub(r"\1", text)


def promised(step: Step) -> str:
    """What an example must show, in words for Markdown."""
    last = step.examples[-1]
    if last.error:
        return f"It raises `{last.error}`."
    promises = [f"`{made.text}`" for made in last.promises]
    if promises:
        return f"It gives {', '.join(promises)}."
    return f"It shows\n\n{fenced(last.want, '')}" if last.want else ""


def label(step: Step, longest: int = LONGEST_CODE) -> str:
    """A step in one line: its section, and what is done there."""
    if step.kind == "read" and step.prose and not step.prose.startswith("#"):
        first = unticked(" ".join(step.prose.split("\n\n")[0].split()))
        return shortened(STRESS.sub(r"\2", first), longest)  # what goes on below
    if step.quiz:
        return f"{step.title} · {shortened(_question(step, step.quiz), longest)}"
    if step.kind != "example":
        return step.title
    last = step.examples[-1]
    return f"{step.title} · {shortened(in_a_line(last.source, last=bool(last.promises)), longest)}"


def _question(step: Step, quiz: Quiz) -> str:
    """How a quiz begins: the code that is asked about, its last line, or else the first paragraph below the heading."""
    if quiz.source.strip():
        return quiz.source.strip().rpartition("\n")[2]
    below = re.split(r"^#+ .*\n+", step.prose, flags=re.MULTILINE)[-1]
    return STRESS.sub(r"\2", unticked(" ".join(below.strip().split("\n\n")[0].split())))


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters: what is longer ends in `…`, between two words if that leaves most of it.

    Example:
        >>> shortened("gradient(lambda p: p * p, {'w': 3.0})", 30)
        'gradient(lambda p: p * p, …'

    """
    if len(text) <= longest:
        return text
    kept = text[: max(longest - 1, 0)]
    between = kept.rfind(" ") + 1
    return (kept[:between] if between > longest // 2 else kept) + "…"


def matches(step: Step, words: str) -> bool:
    """Whether a learner who searches for `words` may mean this step."""
    return words.lower() in f"{step.key} {label(step, 1000)}".lower()


def fenced(text: str, language: str = "python") -> str:
    """Code to be read, in Markdown: the fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def ranges(numbers: list[int]) -> str:
    """`2–4, 7` for 2, 3, 4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
