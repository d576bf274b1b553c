"""`fluxrepl fmt`: lays out what stock doctest and GitHub need, and changes nothing that a lesson says.

- a blank line before the fence (or the `-->`) that ends a block of prompts: stock doctest takes that line for output;
- no white space at the ends of the lines of an output: stock doctest compares it;
- a space between a fence's language and its `{options}`: without it GitHub does not know the language;
- `# => ` before a promise, whatever it was spaced like.

All else keeps its bytes.
"""

import doctest
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from . import promise
from .examples import PARSER
from .lesson import Lesson
from .markdown import FencePart, HiddenPart, Part, parse, walk
from .names import code_of
from .plan import units
from .problem import LessonError, Problems
from .reader import Reader
from .rewrite import END, Edit, Source

OPENING = re.compile(r"(?P<before>.*?(?:`{3,}|~{3,})[ \t]*(?:pycon|python))\{")
CLOSING = re.compile(r"(?P<before>[ \t>]*)(?:`{3,}|~{3,}|-->)[ \t]*")
PROMPT = re.compile(r"^[ \t]*>>> ", re.M)


class CannotFormat(ValueError):
    """Why a file is left as it is."""


def formatted(source: Source) -> str:
    """The text of a lesson, laid out; `CannotFormat` if that would change what it says."""
    text = _plain(source.text)
    edits: dict[tuple[int, int], Edit] = {}
    for part in walk(parse(text, Problems(source.path))):
        edits |= {(edit.start, edit.end): edit for edit in _edits(source, part)}
    new = source.edited(list(edits.values()))
    if edits and _meaning(source.path, _plain(new)) != _meaning(source.path, text):
        raise CannotFormat("laid out anew it would say something else; please report it, with the file")
    return new


def _plain(text: str) -> str:
    return END.sub("\n", text.removeprefix("\ufeff"))


def _edits(source: Source, part: Part) -> Iterator[Edit]:
    """What to change in a part; lines count from 1, and a block's code begins at the second line of its part."""
    first = part.start + 2
    if isinstance(part, FencePart):
        language = re.split(r"[\s{]", part.info, maxsplit=1)[0]
        if language not in ("pycon", "python") or not part.closed:
            return
        if match := OPENING.match(source.line(part.start + 1)):
            yield source.inline_edit(part.start + 1, match.end() - 1, match.end() - 1, " ")
        yield from (
            _prompts(source, part, part.text, first) if language == "pycon" else _promises(source, part.text, first)
        )
    elif isinstance(part, HiddenPart) and part.head.startswith(":setup"):
        yield from _prompts(source, part, part.body, first)


def _prompts(source: Source, part: Part, code: str, first: int) -> Iterator[Edit]:
    if not PROMPT.search(code):
        return
    end = CLOSING.fullmatch(source.line(part.end))
    if end and part.end > first and source.line(part.end - 1).strip(" \t>"):
        yield source.lines_edit(part.end, 0, [end["before"].rstrip()])
    try:
        examples = [piece for piece in PARSER.parse(code) if isinstance(piece, doctest.Example)]
    except ValueError:
        return  # `fluxrepl check` says what is wrong with it
    for example in examples:
        top = first + example.lineno + example.source.count("\n")
        for number in range(top, top + example.want.count("\n")):
            line = source.line(number)
            if line != line.rstrip(" \t"):
                yield source.inline_edit(number, len(line.rstrip(" \t")), len(line), "")


def _promises(source: Source, code: str, first: int) -> Iterator[Edit]:
    rows = code.split("\n")
    try:
        found = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (SyntaxError, tokenize.TokenError):
        return
    for token in found:
        row, column = token.start
        arrow = promise.ARROW.match(token.string) if token.type == tokenize.COMMENT else None
        line = source.line(first + row - 1)
        if arrow and arrow.end() < len(token.string) and arrow.group() != "# => " and line.endswith(rows[row - 1]):
            column += len(line) - len(rows[row - 1])
            yield source.inline_edit(first + row - 1, column, column + arrow.end(), "# => ")


def _meaning(path: Path, text: str) -> object:
    """What a lesson says, wherever it stands in the file; for a malformed one, what is wrong with it."""
    problems = Problems(path)
    try:
        lesson = Reader(path, text, problems).lesson()
    except LessonError as error:
        return [problem.what for problem in error.problems]
    return [problem.what for problem in problems.found] or _said(lesson)


def _said(lesson: Lesson) -> object:
    blocks = [(block.kind, block.options, block.exercise and block.exercise.name) for block in lesson.blocks]
    said = []
    for unit in units(lesson):
        if example := unit.example:
            want = example.want and [row.rstrip() for row in example.want.split("\n")]
            promises = [made.text for made in example.promises]
            said.append((code_of(example.source, cell=True), want, example.error, promises, example.target))
    return blocks, said, [(step.kind, step.title) for step in lesson.steps]
