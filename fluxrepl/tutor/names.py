"""Which names a piece of source gives a value, and which it reads.

The checker uses it to fold follow-up failures into their cause, the player to tell an attempt from exploring.
"""

import ast
import builtins

from . import magics

EVERYTHING = "*"  # `from module import *` may bind any name

UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError)  # magics, half-typed code, far too deep

_BUILTIN = frozenset(dir(builtins))


def bound(source: str) -> set[str]:
    """Names that `source` binds at top level, and names of things it changes in place (`x[0] = 1`, `x.a = 1`)."""
    names: set[str] = set()
    for node in _top_level(_parse(source, cell=True)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
                names |= {_root(node)} - {""}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
    return names


def read(source: str) -> set[str]:
    """Names that `source` reads, inside functions too, other than builtins."""
    nodes = ast.walk(_parse(source))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)} - _BUILTIN


def same_code(a: str, b: str) -> bool:
    """Whether two sources are the same program: comments and layout aside."""
    return code_of(a) == code_of(b)


def code_of(source: str, cell: bool = False) -> str:
    """The program that a source is, to compare; a `cell` is one whatever is IPython's in it. No Python: the source."""
    try:
        return ast.dump(_tree(source, cell))
    except UNREADABLE:
        return source.strip()


def last_expression(source: str) -> str:
    """The source of the last statement if it is an expression, else nothing."""
    body = _parse(source).body
    return ast.unparse(body[-1]) if body and isinstance(body[-1], ast.Expr) else ""


def in_a_line(source: str, last: bool = False) -> str:
    """The first statement of a source, or its last, on one line and without comments: what it is called by.

    Example:
        >>> in_a_line("x = 2\\nsum(\\n    [x, x]  # twice\\n)\\n# => 4", last=True)
        'sum( [x, x] )'

    """
    rows = source.strip("\n").split("\n")
    if body := _parse("\n".join(rows), cell=True).body:
        statement = body[-1 if last else 0]
        rows = rows[statement.lineno - 1 : statement.end_lineno]
    code = (row.strip().partition("  #")[0].strip() for row in rows)
    return " ".join(row for row in code if not row.startswith("#")).strip()


def function(source: str) -> tuple[str, str]:
    """The name and the parameters of a source that only defines one function; two empty texts for any other.

    Example:
        >>> function("def f(x, y=2):\\n    return x")
        ('f', 'x, y=2')

    """
    body = _parse(source).body
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        return "", ""
    return body[0].name, ast.unparse(body[0].args)


def _parse(source: str, cell: bool = False) -> ast.Module:
    """The tree of a source, empty where it is no Python; of a `cell`, with `...` for what is IPython's."""
    try:
        return _tree(source, cell)
    except UNREADABLE:
        return ast.Module([], [])


def _tree(source: str, cell: bool) -> ast.Module:
    return magics.parse(source)[0] if cell else ast.parse(source)


def _top_level(node: ast.AST) -> list[ast.AST]:
    """The nodes of a tree without what happens inside functions and classes."""
    found = []
    left = [node]
    while left:
        node = left.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | _COMPREHENSIONS):
            left += ast.iter_child_nodes(node)
    return found


_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
