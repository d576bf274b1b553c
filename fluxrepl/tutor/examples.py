"""The code inside fences as `Example`s: prompts and outputs of a `pycon` block, a `python` script with its promises.

What Python's own parsers know (`doctest`, `ast`, `tokenize`) is asked of them; here stand only the words for authors.
"""

import ast
import doctest
import io
import re
import tokenize

from . import magics, promise
from .lesson import Example, Promise
from .problem import Problems

PARSER = doctest.DocTestParser()
DIRECTIVE = re.compile(r"[ \t]*#\s*doctest:[^\n]*")
PLACE = re.compile(r"line (\d+) of the docstring for \S+ (.*)", re.S)


def pycon_examples(text: str, line: int, problems: Problems) -> tuple[Example, ...]:
    """The prompts of a pycon block whose first line is `line` of the file."""
    try:
        parts = PARSER.parse(text)
    except ValueError as error:
        match = PLACE.match(str(error))
        row, why = (int(match[1]), match[2].replace("\n", " ")) if match else (1, str(error))
        problems.add(line + row - 1, "a prompt is not laid out right", why, "write `>>> code` and `... more of it`")
        return ()
    found = []
    row = line
    for part in parts:
        if isinstance(part, doctest.Example):
            if example := _pycon_example(part, line, problems):
                found.append(example)
            row = line + part.lineno + part.source.count("\n") + part.want.count("\n")
        elif part.strip():
            row += part[: len(part) - len(part.lstrip())].count("\n")
            first = part.strip().split("\n")[0]
            why = "only text right below a prompt is compared" if found else "there is no prompt before it"
            write = "write <BLANKLINE> for an empty line inside an output" if found else "begin code with `>>> `"
            problems.add(row, f"`{first}` would not be checked", why, write)
    if not found and not any(isinstance(part, doctest.Example) for part in parts):
        problems.add(line, "a pycon block without a prompt", "nothing in it would run", "write `>>> ` before code")
    return tuple(found)


def _pycon_example(part: doctest.Example, line: int, problems: Problems) -> Example | None:
    at = line + part.lineno
    if part.options.get(doctest.SKIP):
        problems.add(at, "`doctest: +SKIP` hides an example from the check", "", "write it in a block with {norun}")
        return None
    error = (part.exc_msg or "").strip()
    if part.source.startswith(magics.CELL):
        why = "it takes a whole cell, and a learner enters several prompts at once"
        problems.add(at, f"`{magics.CELL}` behind a prompt", why, "write it at the top of a python block")
        return None
    if not error.startswith(("SyntaxError", "IndentationError")) and not _parses(part.source, at, problems):
        return None
    if error and part.options.get(doctest.IGNORE_EXCEPTION_DETAIL):
        error = error.partition(":")[0]
    return Example(DIRECTIVE.sub("", part.source), at, "" if error else part.want, error)


def python_examples(text: str, line: int, raises: str, problems: Problems) -> tuple[Example, ...]:
    """The script in a python block, cut behind each statement that carries a promise."""
    parsed = _parses(text, line, problems)
    if parsed is None:
        return ()
    tree, python = parsed
    if not tree.body:
        write = "write a statement, or mark it {norun}"
        problems.add(line, "a python block without code", "nothing in it would run", write)
        return ()
    promises = _promises(python, tree, line, problems)
    lines = text.splitlines(keepends=True)
    found, start = [], 0
    for statement, group in promises:
        end = max(statement.end_lineno or 0, *(made.line - line + 1 for made in group))
        found.append(_script("".join(lines[start:end]), line + start, group, _target(statement)))
        start = end
    rest = "".join(lines[start:]).rstrip("\n")
    if magics.parse(rest)[0].body:
        found.append(_script(rest + "\n", line + start, (), ""))
    if raises:
        last = found[-1]
        found[-1] = Example(last.source, last.line, None, raises, last.promises, last.target)
    return tuple(found)


def _script(source: str, line: int, promises: tuple[Promise, ...], target: str) -> Example:
    blank = len(source) - len(source.lstrip("\n"))
    return Example(source[blank:], line + blank, None, "", promises, target)


def _promises(text: str, tree: ast.Module, line: int, problems: Problems) -> list[tuple[ast.stmt, tuple[Promise, ...]]]:
    """Each statement that carries promises, with them."""
    groups: dict[ast.stmt, list[Promise]] = {}
    for row, words in _arrows(text):
        before = [statement for statement in tree.body if statement.lineno <= row]
        at = line + row - 1
        if wrong := promise.fault(words):
            problems.add(at, f"cannot judge the promise `# => {words}`", wrong)
        elif not before:
            problems.add(at, "a promise before any code", "it is about the statement it stands behind", "move it")
        elif row < (before[-1].end_lineno or 0) or not _can_carry(before[-1]):
            why = "a promise is about the value of a whole expression, or of `name = …`"
            problems.add(at, "a promise where there is no value", why, "put it behind such a statement, not indented")
        elif isinstance(before[-1], ast.Expr) and _is_silenced(before[-1], text):
            problems.add(at, "a promise of a value that is not shown", "a `;` hides it", "drop the `;`")
        else:
            groups.setdefault(before[-1], []).append(Promise(words, at))
    return [(statement, tuple(made)) for statement, made in groups.items()]


def _arrows(text: str) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        (token.start[0], token.string[arrow.end() :].strip())
        for token in tokens
        if token.type == tokenize.COMMENT and (arrow := promise.ARROW.match(token.string))
    ]


def _is_silenced(statement: ast.stmt, text: str) -> bool:
    row = text.split("\n")[(statement.end_lineno or 1) - 1].encode()
    return row[statement.end_col_offset or 0 :].lstrip().startswith(b";")


def _can_carry(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) or bool(_target(statement))


def _target(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return name
    return ""


def _parses(source: str, line: int, problems: Problems) -> tuple[ast.Module, str] | None:
    try:
        return magics.parse(source)
    except SyntaxError as error:
        at = line + (error.lineno or 1) - 1
        shown = (error.text or "").strip()
        problems.add(at, f"not Python: `{shown}`", error.msg, "correct it, or mark code that is only read {norun}")
    except ValueError as error:  # a NUL character
        problems.add(line, "not Python", str(error), "remove the character")
    except (MemoryError, RecursionError):
        problems.add(line, "code nested too deep", "Python cannot parse it", "write it in smaller pieces")
    return None


def check_parses(source: str, line: int, problems: Problems) -> bool:
    """Whether `source` is Python; a problem if not."""
    parsed = _parses(source, line, problems)
    if parsed and parsed[1] != source:
        why = "what is judged is Python alone"
        problems.add(line, "IPython's syntax in an exercise or a quiz", why, "call a function, or mark it {norun}")
        return False
    return bool(parsed)
