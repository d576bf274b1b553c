"""How the player names steps and what they ask for, in words."""

from .lesson import Step


def letter(text: str) -> str:
    """The choice that `b`, `b.` or ` b) ` means."""
    return text.strip().rstrip(".)").strip()


def promised(step: Step) -> str:
    """What an example must show, in words for Markdown."""
    last = step.examples[-1]
    if last.error:
        return f"It raises `{last.error}`."
    promises = [f"`{made.text}`" for made in last.promises]
    return f"It gives {', '.join(promises)}." if promises else (f"It shows\n\n```\n{last.want}```" if last.want else "")


def label(step: Step) -> str:
    """A step in one line: its section, and what is done there."""
    if step.kind != "example":
        return step.title
    lines = [line for line in step.examples[-1].source.split("\n") if line.strip()]
    code = lines[-1] if step.examples[-1].promises else lines[0]
    return f"{step.title} · {code.partition('  #')[0].strip()[:50]}"


def matches(step: Step, words: str) -> bool:
    """Whether a learner who searches for `words` may mean this step."""
    return words.lower() in f"{step.key} {label(step)}".lower()


def ranges(numbers: list[int]) -> str:
    """`2–4, 7` for 2, 3, 4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
