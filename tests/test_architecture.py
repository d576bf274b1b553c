"""Imports point down only: a front may use the shell, the shell the lessons, a layer the rules; never the other way.

The order is that of docs/architecture.md. Lazy imports inside functions count as well.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "fluxrepl"

FLOORS = [  # from the ground up; a package may import from floors below its own, and from itself
    {"ad", "version"},
    {"rules"},
    {"nn"},
    {"tutor", "show"},
    {"shell"},
    {"terminal", "kernel", "pytest_plugin"},
    {"cli"},
    {"__main__"},
]
FLOOR = {name: k for k, names in enumerate(FLOORS) for name in names}

BESIDE = {  # what each package may import from outside the standard library; the fronts may use what they like
    "ad": {"numpy"},
    "rules": {"numpy"},
    "nn": {"numpy", "cupy", "rich"},  # cupy in device.py, rich's progress bar in train.py
    "show": {"numpy", "rich"},
    "tutor": {
        "numpy",
        "markdown_it",
        "yaml",
        "platformdirs",
        "nbformat",
        "watchfiles",
        "distributed",
        "matplotlib",
    },
    "shell": {"numpy", "IPython", "traitlets", "platformdirs", "pygments", "tomlkit"},
}


def imports(path: Path):
    """Every (line, module) that a file imports, relative imports spelled out."""
    package = ("fluxrepl", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            if module == "fluxrepl":
                yield from ((node.lineno, f"fluxrepl.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def upward_imports(path: Path) -> list[str]:
    mine = FLOOR[part_of(path)]
    found = []
    for line, module in imports(path):
        top, _, rest = module.partition(".")
        if top == "fluxrepl" and rest:
            other = rest.split(".")[0]
            if other in FLOOR and other != part_of(path) and FLOOR[other] >= mine:
                found.append(f"{path.name}:{line} imports {module}")
    return found


SOURCES = [p for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path):
    assert upward_imports(path) == []


def test_an_upward_import_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    (tmp_path / "ad").mkdir()
    (tmp_path / "ad" / "tape.py").write_text("def f():\n    from fluxrepl.nn.dense import Dense\n")
    assert upward_imports(tmp_path / "ad" / "tape.py") == ["tape.py:2 imports fluxrepl.nn.dense"]


@pytest.mark.parametrize("part", BESIDE)
def test_each_floor_uses_only_its_own_libraries(part):
    import sys

    allowed = BESIDE[part] | set(sys.stdlib_module_names) | {"fluxrepl"}
    for path in sorted((PACKAGE / part).rglob("*.py")):
        for line, module in imports(path):
            assert module.split(".")[0] in allowed, f"{path.name}:{line} imports {module}"


def test_only_device_py_knows_cupy():
    users = {p.name for p in SOURCES for _, module in imports(p) if module.split(".")[0] in ("cupy", "cupyx")}
    assert users <= {"device.py"}


def test_every_source_file_says_what_it_is():
    silent = [
        str(p.relative_to(PACKAGE))
        for p in SOURCES
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []
