"""The YAML between the first two `---` lines: what a lesson is called, what it needs, what it is for.

`front-matter.schema.json`, beside this file, says the same to editors; a test holds the two together.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from .problem import Problems, nearest

KEYS = ["id", "minutes", "objectives", "requires", "title"]
OPENING = re.compile(r"---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is about ten times faster

TEMPLATE = "start the file with ---, `title: …`, `id: …`, ---"


@dataclass(frozen=True)
class FrontMatter:
    """The head of a lesson."""

    id: str = ""
    title: str = ""
    requires: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    minutes: float | None = None
    lines: dict[str, int] = field(default_factory=dict)  # of the file, for each key


def head_of(text: str) -> tuple[str, int]:
    """The YAML of a Markdown text, and how many lines it takes with those around it: none where it has no head."""
    opened = OPENING.match(text)
    closed = CLOSING.search(text, opened.end()) if opened else None
    if not opened or not closed:
        return "", 0
    return text[opened.end() : closed.start()], text.count("\n", 0, closed.start()) + 1


def parse_front_matter(text: str, problems: Problems) -> FrontMatter:
    """The head in `text`, whose first line is line 2 of the file."""
    try:
        values, keys = _loaded(text)
    except yaml.YAMLError as error:
        why = getattr(error, "problem", None) or str(error)
        problems.add(_line_of(error, text), "the front matter is not YAML", why, "write one `key: value` a line")
        return FrontMatter()
    except RecursionError:
        problems.add(2, "the front matter is nested too deep", "", "write one `key: value` a line")
        return FrontMatter()
    if not isinstance(values, dict):
        problems.add(2, "the front matter has no keys", "a lesson needs a title and an id", TEMPLATE)
        return FrontMatter()
    fields = _Fields(values, _lines_of(keys, problems), problems)
    return FrontMatter(
        fields.identity(),
        fields.text("title"),
        fields.requires(),
        fields.texts("objectives"),
        fields.minutes(),
        fields.lines,
    )


def _lines_of(keys: list[tuple[str, int]], problems: Problems) -> dict[str, int]:
    """The line of each key; one that is unknown or stands there twice is a problem."""
    lines: dict[str, int] = {}
    for name, line in keys:
        if name not in KEYS:
            problems.add(line, f"unknown key `{name}` in the front matter", "", nearest(name, KEYS))
        elif name in lines:
            why = f"the first is at line {lines[name]}"
            problems.add(line, f"a second `{name}` in the front matter", why, "keep one")
        lines.setdefault(name, line)
    return lines


@dataclass
class _Fields:
    """What YAML gave, looked at field by field."""

    values: dict[Any, Any]
    lines: dict[str, int]
    problems: Problems

    def text(self, name: str) -> str:
        value = self.values.get(name)
        write = f"write `{name}: {_SAMPLE[name]}`"
        if value is None or value == "":
            self.problems.add(self.lines.get(name, 1), f"the front matter has no {name}", _WHY[name], write)
        elif not isinstance(value, str):
            self.problems.add(self.lines[name], f"{name} is not text: {value!r}", "", write)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.problems.add(
                self.lines[name], f"{name} is not a list of texts", "", f"write `{name}: {_SAMPLE[name]}`"
            )
            return ()
        return tuple(value)

    def identity(self) -> str:
        identity = self.text("id")
        if identity and not SLUG.fullmatch(identity):
            why = "it names the lesson in commands and in the progress file"
            write = "write small letters, digits and single -"
            self.problems.add(self.lines["id"], f"id {identity!r} is not a plain name", why, write)
        return identity

    def requires(self) -> tuple[str, ...]:
        requires = self.texts("requires")
        for needed in requires:
            if not SLUG.fullmatch(needed) or requires.count(needed) > 1:
                what = f"requires names {needed!r}" + (" twice" if requires.count(needed) > 1 else ", which is no id")
                self.problems.add(self.lines["requires"], what, "", f"write `requires: {_SAMPLE['requires']}`")
                break
        return requires

    def minutes(self) -> float | None:
        minutes = self.values.get("minutes")
        if minutes is None or (type(minutes) in (int, float) and 0 < minutes < 10_000):
            return minutes
        what = f"minutes is not a positive number: {minutes!r}"
        self.problems.add(self.lines["minutes"], what, "", "write `minutes: 15`")
        return None


_WHY = {"title": "a learner chooses by it", "id": "progress and `requires` go by it"}
_SAMPLE = {
    "title": "Building simple models",
    "id": "simple-models",
    "requires": "[taking-gradients]",
    "objectives": "[take one gradient step]",
}


def _loaded(text: str) -> tuple[Any, list[tuple[str, int]]]:
    """What YAML says, and its keys as they are written, each with its line."""
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        keys = [(str(key.value), 2 + key.start_mark.line) for key, _ in pairs]
        return (loader.construct_document(node) if node else None), keys
    finally:
        loader.dispose()


def _line_of(error: Any, text: str) -> int:
    """The line to look at: where a bracket or a quote was opened, else where YAML stumbled."""
    is_open = any(word in str(getattr(error, "context", "")) for word in ("flow", "quoted"))
    mark = (is_open and error.context_mark) or getattr(error, "problem_mark", None)
    last = text.rstrip().count("\n")
    return 2 + (min(mark.line, last) if mark else 0)
