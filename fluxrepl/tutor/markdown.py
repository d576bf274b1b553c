"""A Markdown text as the parts that matter to a lesson: front matter, headings, fences, hidden comments, details.

Below the front matter markdown-it does the parsing (with `inline` off: only the block structure is needed). A part says
which lines it takes, counted from 0 as markdown-it does; what no part takes is prose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .frontmatter import head_of
from .problem import Problems

PARSER = MarkdownIt("commonmark").disable("inline")

HIDDEN = re.compile(r"<!--\s*fluxrepl(?P<head>[^\n]*?)[ \t]*(?:-->|\n(?P<body>.*?)-->)[ \t]*\n?", re.S)
DETAILS = re.compile(
    r"<details[^>]*>\s*(?:<summary[^>]*>(?P<summary>.*?)</summary>)?|(?P<close></details>)", re.S | re.I
)
CHOICE = re.compile(r"\[(?P<tick>[ xX])\] +(?P<letter>\w+)[.)] +(?P<text>.*)", re.S)
CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
LINK = re.compile(r"\]\(<?(?P<target>[^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")


@dataclass
class Part:
    """Something found at lines `start` to `end` (exclusive), counted from 0."""

    start: int
    end: int


@dataclass
class FrontMatterPart(Part):
    """The YAML head."""

    text: str


@dataclass
class HeadingPart(Part):
    """A heading."""

    text: str


@dataclass
class FencePart(Part):
    """A fence: `info` is what stands after its opening ticks; it may end, not closed, with what it stands in."""

    info: str
    text: str
    closed: bool


@dataclass
class HiddenPart(Part):
    """A `<!-- fluxrepl… -->` comment: the rest of its first line, and the lines below."""

    head: str
    body: str


@dataclass
class DetailsPart(Part):
    """`<details>` with its summary; `inside` is the Markdown before `</details>`."""

    summary: str
    inside: str
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """One `- [ ] a. text`, and its line, counted from 1."""

    letter: str
    text: str
    ticked: bool
    line: int


@dataclass
class ChoicesPart(Part):
    """A list of `- [ ] a. text`."""

    choices: list[Choice]


@dataclass
class CommentPart(Part):
    """Any other HTML comment: readers do not see it."""


@dataclass
class LinkPart(Part):
    """The target of a link or image in prose."""

    target: str


def parse(text: str, problems: Problems) -> list[Part]:
    """The parts of a text whose lines end in `\\n`, in order; those inside `<details>` stand in their part."""
    lines = text.split("\n")
    head, rows = head_of(text)
    top: list[Part] = [FrontMatterPart(0, rows, head)] if rows else []
    opened: DetailsPart | None = None
    body = "\n".join([""] * rows + lines[rows:])
    for part in _flat_parts(PARSER.parse(body if body.endswith("\n") else body + "\n"), lines, problems):
        if isinstance(part, _Open):
            if opened:
                problems.add(
                    part.start + 1, "details inside details", "a hint is one box", "close the first one before"
                )
                continue
            opened = DetailsPart(part.start, part.end, part.summary, "")
            opened_at = part.offset
        elif isinstance(part, _Close):
            if not opened:
                problems.add(
                    part.start + 1, "</details> without <details>", "", "write <details><summary>Hint</summary>"
                )
                continue
            opened.inside = _offset_slice(lines, opened_at, part.offset).strip("\n")
            opened.end = part.end
            top.append(opened)
            opened = None
        else:
            (opened.parts if opened else top).append(part)
    if opened:
        problems.add(opened.start + 1, "<details> is never closed", "everything below is in it", "write </details>")
    return top


def walk(parts: list[Part]) -> Iterator[Part]:
    """Every part, also those that stand in `<details>`."""
    for part in parts:
        yield part
        if isinstance(part, DetailsPart):
            yield from walk(part.parts)


@dataclass
class _Open(Part):
    summary: str
    offset: tuple[int, int]  # line and column where the inside begins


@dataclass
class _Close(Part):
    offset: tuple[int, int]  # line and column where the inside ends


def _flat_parts(tokens: list[Token], lines: list[str], problems: Problems) -> Iterator[Part]:
    for i, token in enumerate(tokens):
        start, end = token.map or (0, 0)
        if token.type == "heading_open":
            yield HeadingPart(start, end, tokens[i + 1].content)
        elif token.type == "fence":
            closed = token.content.count("\n") == end - start - 2
            if not closed:
                why = (
                    "everything below is code" if end >= len(lines) - 1 else "its list or quotation ends before it does"
                )
                problems.add(start + 1, "a fence is never closed", why, f"write {token.markup} on a line of its own")
            yield FencePart(start, end, token.info.strip(), token.content, closed)
        elif token.type == "html_block":
            yield from _html_parts(token.content, start, end, problems)
        elif token.type == "bullet_list_open":
            if choices := _choices(tokens, i):
                yield ChoicesPart(start, end, choices)
        elif token.type == "inline":
            if "<!-- fluxrepl" in token.content:
                why = "inside a paragraph it is not read"
                problems.add(start + 1, "a hidden comment in the middle of a line", why, "begin a line with it")
            prose = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), token.content)
            for match in LINK.finditer(prose):
                yield LinkPart(start + prose[: match.start()].count("\n"), end, match["target"])


def _html_parts(content: str, start: int, end: int, problems: Problems) -> Iterator[Part]:
    if content.lstrip().startswith("<!--"):
        if re.match(r"\s*<!--\s*fluxrepl", content):
            yield _hidden(content, start, end, problems)
        else:
            yield CommentPart(start, end)
        return
    if "<!-- fluxrepl" in content:
        at = start + content[: content.index("<!-- fluxrepl")].count("\n") + 1
        why = "Markdown takes it for a part of the HTML above"
        problems.add(at, "a hidden comment right below HTML", why, "put an empty line before it")
    for match in DETAILS.finditer(content):
        place = match.start() if match["close"] else match.end()
        above = content[:place]
        offset = (start + above.count("\n"), place - (above.rfind("\n") + 1))
        if match["close"]:
            yield _Close(offset[0], end, offset)
        else:
            first = start + content[: match.start()].count("\n")
            yield _Open(first, end, " ".join((match["summary"] or "").split()), offset)


def _hidden(content: str, start: int, end: int, problems: Problems) -> Part:
    match = HIDDEN.match(content.lstrip())
    if not match:
        problems.add(
            start + 1, "a hidden comment is never closed", "everything below is hidden", "write --> at its end"
        )
        return CommentPart(start, end)
    if match.end() < len(content.lstrip()):
        rest = content.lstrip()[match.end() :].strip().split("\n")[0]
        problems.add(
            end, f"`{rest}` stands right behind a hidden comment", "it would be lost", "begin a new line with it"
        )
    return HiddenPart(start, end, match["head"], match["body"] or "")


def _choices(tokens: list[Token], at: int) -> list[Choice]:
    """The lettered choices of the list that opens at token `at`."""
    found: list[Choice] = []
    level = tokens[at].level
    for token in tokens[at + 1 :]:
        if token.type == "bullet_list_close" and token.level == level:
            break
        if token.type == "inline" and (match := CHOICE.fullmatch(token.content.strip())):
            line = (token.map or (0, 0))[0] + 1
            found.append(Choice(match["letter"], match["text"], match["tick"] != " ", line))
    return found


def _offset_slice(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    inside = lines[start[0] : end[0] + 1]
    if start[0] == end[0]:
        return inside[0][start[1] : end[1]]
    return "\n".join([inside[0][start[1] :], *inside[1:-1], inside[-1][: end[1]]])
