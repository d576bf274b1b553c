"""`:recap`: what a learner did in a lesson, as Markdown or as a notebook that can be run again.

It holds the learner's own code and what it showed, step by step, and how each exercise went. A file that exists is
replaced only when the same is asked for twice.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .message import Message
from .store import as_number
from .wording import fenced

if TYPE_CHECKING:
    from .lesson import Lesson, Step
    from .play import Play
    from .progress import Progress


HOW = {
    "shown": "done after a look at the answer",
    "skipped": "skipped: this is the model answer",
    "missing": "what it needs was not there",
}


class Entry(NamedTuple):
    """One step that was done: words to begin with, code, and what it showed."""

    words: str
    source: str = ""
    output: str = ""
    setup: str = ""


def recap(play: "Play", argument: str) -> list[Message]:
    """Show what was done; with a file name, write it there."""
    if not argument:
        text = as_markdown(play.lesson, play.progress)
        return [Message("prose", text), Message("note", "`:recap notes.md` or `:recap notes.ipynb` keeps it.")]
    path = Path(argument).expanduser()
    if path.suffix not in (".md", ".ipynb"):
        return [Message("error", f"recap as what? {argument} ends neither in .md nor in .ipynb: `:recap notes.md`")]
    command = f":recap {argument}"
    if path.exists() and play.asked_twice != command:
        play.asked_twice = command
        return [Message("note", f"{path} is there already. To replace it, type `{command}` once more.")]
    text = (as_markdown if path.suffix == ".md" else as_notebook)(play.lesson, play.progress)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        return [Message("error", f"{path} cannot be written ({error.strerror}); name a folder that is there")]
    return [Message("note", f"{path} has what you did: {play.done} of {len(play.lesson.steps)} steps.")]


def as_markdown(lesson: "Lesson", progress: "Progress") -> str:
    """The recap as Markdown."""
    parts = []
    for entry in entries(lesson, progress):
        parts += [entry.words, fenced(entry.source) if entry.source else ""]
        parts += [fenced(entry.output, "text") if entry.output else ""]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_notebook(lesson: "Lesson", progress: "Progress") -> str:
    """The recap as a notebook, with the outputs in place; its hidden setup comes along, so that it runs anywhere."""
    import nbformat.v4 as v4

    from .notebook.export import KERNEL

    cells: list[Any] = []
    for number, entry in enumerate(entries(lesson, progress)):
        cells += [v4.new_markdown_cell(entry.words, id=f"words-{number}")] if entry.words else []
        if entry.setup:
            cells.append(v4.new_code_cell(entry.setup.rstrip("\n"), id=f"setup-{number}"))
        if entry.source:
            shown = [v4.new_output("stream", name="stdout", text=entry.output)] if entry.output else []
            cells.append(v4.new_code_cell(entry.source.rstrip("\n"), outputs=shown, id=f"code-{number}"))
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def entries(lesson: "Lesson", progress: "Progress") -> list[Entry]:
    """What was done, in the order of the lesson; the first entry is its head."""
    done = progress.count(lesson)
    head = f"# {lesson.title}: what I did\n\n{done} of {len(lesson.steps)} steps by {date.today():%d %B %Y}."
    found, section, setup = [Entry(head)], lesson.title, ""
    for step in lesson.steps:
        setup += step.setup
        if step.kind == "read" or not progress.is_done(lesson, step):
            continue
        heading = f"## {step.title}" if step.title != section else ""
        section = step.title
        entry = _entry(lesson, step, progress, heading)
        found.append(entry._replace(setup=setup))
        setup = ""
    return found


def _entry(lesson: "Lesson", step: "Step", progress: "Progress", heading: str) -> Entry:
    record = progress.record(lesson, step)
    how = HOW.get(progress.standing(lesson, step), "")
    if step.kind == "exercise":
        tries, hints = as_number(record.get("attempts")), as_number(record.get("hints"))
        counted = [_count(tries, "attempt") if tries > 1 else "", _count(hints, "hint")]
        how = ", ".join(word for word in [how, *counted] if word)
    how = f"*{how[0].upper()}{how[1:]}.*" if how else ""
    if step.quiz:
        answer = str(record.get("answer") or step.quiz.answer)
        mine = f"My answer: **{answer}** {step.quiz.choices.get(answer, '')}".rstrip()
        question = re.sub(r"^#+ .*\n+", "", step.prose)
        return Entry("\n\n".join(part for part in (heading, question, mine, how) if part))
    words = "\n\n".join(part for part in (heading, how) if part)
    return Entry(
        words, _code(str(record.get("source", "")), str(record.get("answer", ""))), str(record.get("output", ""))
    )


def _code(source: str, answer: str) -> str:
    """What was defined, and the cell that was accepted in the end, which may have defined nothing."""
    return source if answer.strip() in source else f"{source.rstrip()}\n{answer}".strip("\n")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}" if number else ""
