"""Every public function of NumPy is accounted for: a rule, a composition, a constant, or a reason why not."""

import importlib
from contextlib import suppress
from inspect import Parameter, signature
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import fluxrepl.rules  # noqa: F401 - it fills the tables
from fluxrepl import NoRuleError, gradient, withgradient
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
    assert {np.exp, np.sum, np.linalg.svd, np.fft.rfft, np.emath.sqrt, np.char.upper, np.where} <= functions
    assert len(functions) > 350
    assert counts()["all"] == sum(n for kind, n in counts().items() if kind != "all")


def names_of(fn, *kinds):
    """The names of a function's parameters of these kinds, in order; None for what takes any others as well."""
    parameters = signature(fn).parameters.values()
    return [None if p.kind is p.VAR_KEYWORD else p.name for p in parameters if p.kind in kinds]


BY_PLACE = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
BY_NAME = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD)
WRITTEN_OUT = {name: fn for fn, name in dispatched().items() if fn in COMPOSED and not isinstance(fn, np.ufunc)}
OPTIONS = {name: fn for fn, name in dispatched().items() if fn in RULES and not isinstance(fn, np.ufunc)}


@pytest.mark.parametrize("name", WRITTEN_OUT)
def test_every_parameter_has_the_name_and_the_place_that_it_has_in_numpy(name):
    fn = WRITTEN_OUT[name]
    ours, wanted = names_of(COMPOSED[fn], *BY_NAME), names_of(fn, *BY_NAME)
    assert None in ours or [n for n in wanted if n not in (None, *ours)] == []
    places = names_of(COMPOSED[fn], *BY_PLACE)
    if not any(p.kind is p.VAR_POSITIONAL for p in signature(COMPOSED[fn]).parameters.values()):
        assert places[: len(names_of(fn, *BY_PLACE))] == names_of(fn, *BY_PLACE)


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_of_a_rule_has_the_name_that_it_has_in_numpy(name):
    fn = OPTIONS[name]
    pull = next(pull for pull in RULES[fn].pulls if pull is not None)
    takes = names_of(pull, *BY_PLACE)[2:]
    if "operands" not in signature(pull).parameters and fn is not np.where:  # whose operands have no names
        assert takes[1:] == names_of(fn, *BY_PLACE)[1:]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.rot90(m=x),
        lambda x: np.delete(arr=x, obj=0, axis=1),
        lambda x: np.resize(a=x, new_shape=(3, 2)),
        lambda x: np.fft.fftshift(x=x),
        lambda x: np.lib.stride_tricks.sliding_window_view(x=x, window_shape=(2, 2)),
        lambda x: np.swapaxes(x, axis1=0, axis2=1),
        lambda x: np.swapaxes(a=x, axis1=0, axis2=1),
        lambda x: np.sum(a=x, axis=0),
        lambda x: np.moveaxis(a=x, source=0, destination=1),
        lambda x: np.flip(m=x, axis=0),
    ],
)
def test_the_array_may_be_given_by_name(f):
    x = np.arange(6.0).reshape(2, 3)
    _, got = withgradient(lambda x: (np.sum(f(x) ** 2), f(x)), x).val
    np.testing.assert_array_equal(got, f(x))


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
