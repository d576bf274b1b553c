"""Every public function of NumPy is accounted for: a rule, a composition, a constant, or a reason why not."""

import importlib
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import fluxrepl.rules  # noqa: F401
from fluxrepl import NoRuleError, gradient
from fluxrepl.ad.rule import COMPOSED, CONSTANT, LATE, NOT_DIFFERENTIATED, RULES, WRITES

MODULES = ["numpy", "numpy.linalg", "numpy.fft", "numpy.strings", "numpy.char", "numpy.lib", "numpy.lib.recfunctions"]


def public_modules():
    """NumPy's modules of functions on arrays, with the public ones below `numpy.lib`."""
    for name in MODULES:
        yield importlib.import_module(name)
    for name in dir(np.lib):
        part = getattr(np.lib, name)
        if isinstance(part, ModuleType) and not name.startswith("_"):
            yield part


def on_fields(x):
    """A function that NumPy imports only on demand: its kind is entered when a tracer first meets one like it."""
    return importlib.import_module("numpy.lib.recfunctions").append_fields(x, "a", x)


with suppress(NoRuleError):
    gradient(on_fields, np.ones(2))


def dispatched() -> dict:
    """Each function that NumPy hands to a tracer: all ufuncs, and what goes by `__array_function__`; with its name."""
    found = {}
    for module in public_modules():
        for name in sorted(vars(module)):
            fn = getattr(module, name) if not name.startswith("_") else None
            if isinstance(fn, np.ufunc) or hasattr(fn, "_implementation"):
                found.setdefault(fn, f"{module.__name__}.{name}")
    return found


KINDS = {
    "a rule": RULES,
    "a composition": COMPOSED,
    "constant": CONSTANT,
    "refused, it writes": WRITES,
    "refused, with a reason": NOT_DIFFERENTIATED,
}


def counts() -> dict[str, int]:
    """How many functions of NumPy are of each kind: the numbers in the documentation."""
    functions = dispatched()
    return {kind: sum(fn in table for fn in functions) for kind, table in KINDS.items()} | {"all": len(functions)}


def test_every_public_function_is_accounted_for():
    missing = [name for fn, name in dispatched().items() if not any(fn in table for table in KINDS.values())]
    assert missing == []


def test_no_function_is_of_two_kinds():
    double = [name for fn, name in dispatched().items() if sum(fn in table for table in KINDS.values()) > 1]
    assert double == []


def test_the_enumeration_finds_what_it_should():
    functions = set(dispatched())
    assert {np.exp, np.sum, np.linalg.svd, np.fft.rfft, np.emath.sqrt, np.char.equal, np.where} <= functions
    assert len(functions) > 350
    assert counts()["all"] == sum(n for kind, n in counts().items() if kind != "all")


def test_a_refused_function_says_why():
    with pytest.raises(NoRuleError, match=r"np\.savetxt") as e:
        gradient(lambda x: np.savetxt("never-written.txt", x), np.ones(2))
    assert "It writes to a file" in "\n".join(e.value.__notes__)


def test_functions_of_fields_are_refused_once_their_module_is_there():
    with pytest.raises(NoRuleError) as e:
        gradient(on_fields, np.ones(2))
    assert "named fields" in "\n".join(e.value.__notes__)
    assert "numpy.lib.recfunctions" not in LATE


def test_the_documentation_has_these_numbers():
    text = (Path(__file__).parents[2] / "docs" / "numpy.md").read_text(encoding="utf-8")
    version = ".".join(np.__version__.split(".")[:2])
    if f"With NumPy {version}:" in text:  # other versions have other functions
        for kind, n in counts().items():
            assert f"| {n} | {kind}" in text


if __name__ == "__main__":
    for kind, n in counts().items():
        print(f"{n:4} {kind}")
