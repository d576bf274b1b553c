"""Cuts the text of a lesson into pieces that become cells. Together, in order, they are the whole text, to the byte."""

import doctest
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from ..examples import DIRECTIVE, PARSER, python_examples
from ..lesson import Options
from ..markdown import CommentPart, DetailsPart, FencePart, FrontMatterPart, HeadingPart, HiddenPart, Part, parse
from ..options import parse_info
from ..problem import Problems
from ..steps import up_to_output

OURS = ("hint", "solution", "answer")  # boxes that stay folded in a Markdown cell


@dataclass(frozen=True)
class Chunk:
    """What one cell shows (`source`), the text it was made from (`raw`), and what it must give (`expected`)."""

    raw: str
    source: str
    expected: str = ""
    directive: str = ""  # of doctest: not for learners, and not to be lost
    raises: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of the text: `opening`, chunks, `closing`. Without chunks it has no cell (`hidden`)."""

    kind: str  # front, text, summary, pycon, python, starter, quiz, setup, hidden
    opening: str = ""
    chunks: tuple[Chunk, ...] = ()
    closing: str = ""
    options: Options = field(default_factory=Options)


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends, as Markdown knows them: `\\n`, `\\r\\n`, `\\r`."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def plain(text: str) -> str:
    """A text with `\\n` line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def cut(text: str) -> list[Piece]:
    """The pieces of a lesson's text."""
    cutter = Cutter(split_lines(text))
    cutter.take(parse(plain(text.removeprefix("\ufeff")), Problems(Path())))
    cutter.text_to(len(cutter.lines))
    return cutter.pieces


class Cutter:
    """Walks the parts of a text; `at` is the first line that no piece has."""

    def __init__(self, lines: list[str]):
        self.lines = lines
        self.at = 0
        self.pieces: list[Piece] = []

    def take(self, parts: list[Part]) -> None:
        """Cut what stands in these parts; text between them is kept for the piece that ends it."""
        for part in parts:
            match part:
                case FrontMatterPart():
                    raw = self._raw(part.end)
                    self.pieces.append(Piece("front", "", (Chunk(raw, plain(raw).strip("\ufeff\n")),)))
                case HeadingPart():
                    self.text_to(part.start)
                case FencePart():
                    self._fence(part)
                case HiddenPart() if part.head.startswith(":setup"):
                    self._setup(part)
                case HiddenPart() | CommentPart():
                    self.text_to(part.start)
                    self.pieces.append(Piece("hidden", self._raw(part.end)))
                case DetailsPart() if not part.summary.lower().startswith(OURS) and any(map(_runs, part.parts)):
                    self._box(part)

    def text_to(self, end: int) -> None:
        """The lines before `end` are prose; if there is nothing but blank lines, they have no cell."""
        if end <= self.at:
            return
        raw = self._raw(end)
        source = plain(raw).strip("\n")
        if source.strip():
            self.pieces.append(Piece("text", "", (Chunk(raw, source),)))
        else:
            self.pieces.append(Piece("hidden", raw))

    def _fence(self, part: FencePart) -> None:
        if not _runs(part):
            return
        self.text_to(part.start)
        language, options = parse_info(part.info, 0, Problems(Path()))
        opening, end = self._raw(part.start + 1), part.end - 1
        kind = "starter" if options.starter else "quiz" if options.quiz else language
        if kind == "pycon":
            chunks = _pycon_chunks(part.text, self.lines, part.start + 1)
            self.at += sum(len(split_lines(chunk.raw)) for chunk in chunks)
        elif kind == "python":
            chunks = tuple(self._script(part, options))
        else:
            chunks = (Chunk(self._raw(end), part.text.rstrip("\n")),)
        self.pieces.append(Piece(kind, opening, chunks, self._closing(part.end), options))

    def _script(self, part: FencePart, options: Options) -> Iterator[Chunk]:
        """A script up to each promise: a cell shows the value of its last line only."""
        first, last = part.start + 1, part.end - 1  # the lines of its body
        examples = python_examples(part.text, first, "", Problems(Path()))
        ends = [example.line + example.source.count("\n") for example in examples[:-1]]
        rows = part.text.split("\n")
        for start, end in pairwise([first, *ends, last]):
            source = "\n".join(rows[start - first : end - first]).strip("\n")
            yield Chunk(self._raw(end), source, raises=bool(options.raises) and end == last)

    def _setup(self, part: HiddenPart) -> None:
        self.text_to(part.start)
        opening = self._raw(part.start + 1)
        if part.body.lstrip().startswith(">>>"):
            found = _pycon_chunks(part.body, self.lines, part.start + 1)
            raw, source = "".join(chunk.raw for chunk in found), "\n".join(chunk.source for chunk in found)
            self.at += len(split_lines(raw))
            chunk = Chunk(raw, source)
        else:
            body = part.body.rstrip("\n")
            chunk = Chunk(self._raw(part.start + 1 + body.count("\n") + 1), body.strip("\n"))
        self.pieces.append(Piece("setup", opening, (chunk,), self._closing(part.end)))

    def _box(self, part: DetailsPart) -> None:
        """A box with code that runs: its summary has a cell, and so has what is in it."""
        self.text_to(part.start)
        end = part.start + 1
        while end < part.parts[0].start and self.lines[end].strip():
            end += 1
        if self.at < end:  # not on the line that closes the box before
            self.pieces.append(Piece("summary", "", (Chunk(self._raw(end), f"**{part.summary}**"),)))
        self.take(part.parts)
        last = max(row for row in range(part.start, part.end) if "</details>" in self.lines[row].lower())
        self.text_to(last)
        self.pieces.append(Piece("hidden", self._raw(last + 1)))

    def _closing(self, end: int) -> str:
        """The lines before `end`, and the blank ones behind."""
        while end < len(self.lines) and not self.lines[end].strip():
            end += 1
        return self._raw(end)

    def _raw(self, end: int) -> str:
        """The lines from here to `end`, which are taken."""
        start, self.at = self.at, max(end, self.at)
        return "".join(self.lines[start : self.at])


def _runs(part: Part) -> bool:
    """Whether a part becomes a code cell."""
    if isinstance(part, HiddenPart):
        return part.head.startswith(":setup")
    if not isinstance(part, FencePart):
        return False
    language, options = parse_info(part.info, 0, Problems(Path()))
    return language in ("pycon", "python") and not options.norun and not options.solution


def _pycon_chunks(text: str, lines: list[str], first: int) -> tuple[Chunk, ...]:
    """The examples of a pycon block, up to each output; `first` is the line of the file where `text` begins."""
    chunks, start = [], 0
    examples = [part for part in PARSER.parse(text) if isinstance(part, doctest.Example)]
    for group in up_to_output(examples, lambda example: bool(example.want or example.exc_msg)):
        last = group[-1]
        end = last.lineno + last.source.count("\n") + last.want.count("\n")
        found = [directive.strip() for example in group for directive in DIRECTIVE.findall(example.source)]
        source = "".join(DIRECTIVE.sub("", example.source) for example in group).rstrip("\n")
        raw = "".join(lines[first + start : first + end])
        chunks.append(Chunk(raw, source, last.want, found[-1] if found else "", last.exc_msg is not None))
        start = end
    return tuple(chunks)
