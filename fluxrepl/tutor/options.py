"""The words an author writes beside code: `{options}` after a fence's language, and the head of a hidden comment."""

import math
import re
import shlex
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any

from .lesson import Options
from .problem import Problems, nearest

FLAGS = ("norun", "signed_zero")
TEXTS = ("requires", "figure", "raises", "group", "starter", "solution", "quiz")
NUMBERS = ("rtol", "timeout")
KNOWN = sorted([*FLAGS, *TEXTS, *NUMBERS])
ROLES = ("starter", "solution", "quiz")  # what a block may be, other than an example
PYTHON_ONLY = ("starter", "solution", "quiz", "raises")

PICTURES = (".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif", ".pdf")

LANGUAGES = ("pycon", "python")
# A reader would take these for code that runs; they would silently not be run.
LOOKALIKES = {"py": "python", "python3": "python", "py3": "python", "ipython": "python", "ipython3": "python",
              "pycon3": "pycon", "doctest": "pycon", "python-console": "pycon", "pyconsole": "pycon"}  # fmt: skip

INFO = re.compile(r"\s*(?P<language>[^\s{]*)\s*(?P<rest>.*)", re.S)
IMPORTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
SPACED = re.compile(r"requires=[\w.]+(?:\s*,\s*[\w.]+)+(?![\w.=])")  # several, perhaps with spaces between


@dataclass(frozen=True)
class Head:
    """The first line of a hidden comment: `<!-- fluxrepl:wrong mse says="the mean"`."""

    kind: str
    name: str = ""
    says: str = ""
    answer: str = ""
    group: str = ""


# kind → must it have a name, and the words that may follow as word=value
HEADS = {"setup": (False, ("group",)), "check": (True, ()), "wrong": (True, ("says",)), "quiz": (True, ("answer",))}


def parse_info(info: str, line: int, problems: Problems) -> tuple[str, Options]:
    """The language and options of a fence that opens with ``` and `info`."""
    match = INFO.match(info)
    assert match
    language, rest = match["language"], match["rest"].strip()
    if language not in LANGUAGES:
        write = LOOKALIKES.get(language.lower(), language.lower() if language.lower() in LANGUAGES else "")
        if write:
            problems.add(
                line,
                f"a fence marked `{language}` is not run",
                "only `pycon` (prompts and outputs) and `python` (a script) are",
                f"write ```{write}, or ```text for code that is only read",
            )
        return language, Options()
    if rest and not (rest.startswith("{") and rest.endswith("}")):
        problems.add(
            line, f"`{rest}` after ```{language} is not understood", "options stand in braces", f"write {{{rest}}}"
        )
        return language, Options()
    options = parse_options(rest[1:-1], line, problems)
    if language == "pycon":
        for name in PYTHON_ONLY:
            if getattr(options, name):
                why = "a pycon block shows its traceback" if name == "raises" else "a pycon block has prompts"
                problems.add(line, f"`{name}` has no meaning in a pycon block", why, "write ```python for this block")
    return language, options


def parse_options(text: str, line: int, problems: Problems) -> Options:
    """The options in `text`, which is what stands between the braces."""
    values: dict[str, Any] = {}
    for name, value in _pairs(_without_spaces(text, line, problems), line, problems):
        if name not in KNOWN:
            problems.add(line, f"unknown option `{name}`", "it would be silently ignored", nearest(name, KNOWN))
        elif name in values:
            problems.add(line, f"option `{name}` is given twice", "only one can hold", "write it once")
        elif name in FLAGS:
            if value is not None:
                problems.add(line, f"option `{name}` takes no value", "it is on or absent", f"write {{{name}}}")
            values[name] = True
        elif not value:
            problems.add(line, f"option `{name}` needs a value", "", f"write {{{name}={_sample(name)}}}")
        elif name in NUMBERS:
            values[name] = _positive(name, value, line, problems)
        else:
            values[name] = value
    options = Options(**values)
    _check_needs(options, line, problems)
    _check_roles(options, line, problems)
    return options


def _without_spaces(text: str, line: int, problems: Problems) -> str:
    """Options with what a block requires as one word; that spaces stood in it is told."""
    match = SPACED.search(text)
    needed = "".join(match[0].split()) if match else ""
    if match is None or needed == match[0]:
        return text
    why = "what stands behind a space is another option"
    problems.add(line, f"`{match[0]}` has spaces", why, f"write {{{needed}}}")
    return text.replace(match[0], needed)


def _check_needs(options: Options, line: int, problems: Problems) -> None:
    """What a block requires must be names to import; a figure requires Matplotlib."""
    for name in options.needs:
        if not IMPORTED.fullmatch(name):
            write = "write what stands behind `import`, and commas between several: {requires=sklearn,matplotlib}"
            problems.add(line, f"requires={options.requires} names nothing to import", f"{name!r} is no name", write)
    if options.figure and "matplotlib" not in options.needs:
        problems.add(
            line,
            "`figure` without `requires=matplotlib`",
            "a figure is drawn by Matplotlib, which not everybody has",
            f"write {{requires={','.join([*options.needs, 'matplotlib'])} figure={options.figure}}}",
        )
    if options.figure:
        _check_figure(options.figure, line, problems)


def _check_figure(figure: str, line: int, problems: Problems) -> None:
    """A figure is written, so it must be a picture below the lesson's folder."""
    path = PureWindowsPath(figure)  # knows both kinds of slashes
    if path.anchor or ".." in path.parts:
        what = f"figure={figure} leads out of the lesson's folder"
        problems.add(line, what, "`fluxrepl figures` would write there", f"write {{figure=figures/{path.name}}}")
    elif path.suffix.lower() not in PICTURES:
        why = f"by its name it is none of {', '.join(PICTURES)}"
        problems.add(line, f"figure={figure} is no picture", why, f"write {{figure=figures/{path.stem}.png}}")


def _check_roles(options: Options, line: int, problems: Problems) -> None:
    """A block is one thing: a starter, a solution, the code of a quiz, or an example."""
    roles = [name for name in ROLES if getattr(options, name)]
    if len(roles) > 1:
        words = " and ".join(f"`{name}`" for name in roles)
        problems.add(line, f"a block cannot be {words}", "each is a block of its own", f"keep {{{roles[0]}=…}} here")
    if roles and (options.norun or options.raises):
        other = "norun" if options.norun else "raises"
        problems.add(line, f"`{other}` has no meaning beside `{roles[0]}`", "it would be ignored", f"drop `{other}`")
    elif options.norun and options.raises:
        problems.add(line, "`raises` has no meaning beside `norun`", "the block is not run", "keep one of them")


def parse_head(text: str, line: int, problems: Problems) -> Head | None:
    """The head of a hidden comment, given what follows `<!-- fluxrepl` on its line; `None` if it makes no sense."""
    if not text.startswith(":"):
        problems.add(line, "a hidden comment without a kind", "", "write <!-- fluxrepl:setup, :check, :wrong or :quiz")
        return None
    kind, _, rest = text[1:].partition(" ")
    kind = kind.strip()
    if kind not in HEADS:
        problems.add(line, f"unknown comment `fluxrepl:{kind}`", "it would be ignored", nearest(kind, sorted(HEADS)))
        return None
    named, words = HEADS[kind]
    found: dict[str, str] = {}
    for name, value in _pairs(rest, line, problems):
        if value is None and named and "name" not in found:
            found["name"] = name
        elif name in words:
            found[name] = value or ""
        else:
            allowed = " ".join([*(["NAME"] if named else []), *(f"{word}=…" for word in words)])
            problems.add(line, f"`{name}` is not understood here", "", f"write <!-- fluxrepl:{kind} {allowed}")
    if named and not NAME.fullmatch(found.get("name", "")):
        problems.add(
            line, f"`fluxrepl:{kind}` needs a name", "it says what it belongs to", f"write fluxrepl:{kind} NAME"
        )
        return None
    for word in words:
        if word == "says" and not found.get(word):
            why = "a wrong answer is known by the words it must be told"
            problems.add(line, f"`fluxrepl:{kind}` without `{word}=`", why, f"write {word}={_sample(word)}")
    return Head(kind, **found)


def _pairs(text: str, line: int, problems: Problems) -> list[tuple[str, str | None]]:
    """`name` and `name=value` words; values may be quoted."""
    if not text:
        return []  # most blocks
    try:
        words = shlex.split(text)
    except ValueError as error:
        problems.add(line, f"cannot read `{text.strip()}`", str(error).lower(), 'write values as name="some words"')
        return []
    return [(name, value if equals else None) for name, equals, value in (word.partition("=") for word in words)]


def _positive(name: str, value: str, line: int, problems: Problems) -> float | None:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if number > 0 and math.isfinite(number):
        return number
    problems.add(line, f"{name}={value} is not a positive number", "", f"write {name}={_sample(name)}")
    return None


def _sample(name: str) -> str:
    samples = {"rtol": "1e-3", "timeout": "20", "raises": "ValueError", "requires": "gpu", "says": '"some words"'}
    return samples.get(name, {"answer": "b", "figure": "figures/loss.png"}.get(name, "NAME"))
