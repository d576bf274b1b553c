"""What half-typed code stands for, found without running any of it."""

import numpy as np
import pytest

from fluxrepl import Chain, Dense
from fluxrepl.terminal.peek import Some, peek


class Told:
    """An object whose attributes tell when they are read."""

    read = False

    def __getitem__(self, index):
        Told.read = True

    def __call__(self) -> int:
        Told.read = True

    @property
    def property(self):
        Told.read = True
        return 1

    def method(self, x): ...


class Descriptor:
    def __get__(self, owner, kind=None):
        raise RuntimeError("somebody looked")


class Odd:
    def __getattr__(self, name):
        raise RuntimeError("somebody looked")


class Odder:
    value = Descriptor()


class Oddest:
    value = 1

    def __getattribute__(self, name):
        raise RuntimeError("somebody looked")


NAMES = {
    "np": np,
    "told": Told(),
    "odd": Odd(),
    "odder": Odder(),
    "oddest": Oddest(),
    "nested": {"kk": [np.ones(2), "text"]},
    "model": Chain(Dense(2, 3), np.tanh),
    "Dense": Dense,
}


def test_looking_up_runs_no_code_of_the_learners():
    for source in ("told.property", "told[0]", "odd.anything", "odder.value", "oddest.value"):
        assert peek(source, NAMES) is None
    assert peek("told()", NAMES) is None
    assert not Told.read
    assert peek("told.method", NAMES) is not None


def test_items_of_what_python_indexes_itself_are_found():
    assert peek("nested['kk'][-1].upper", NAMES)() == "TEXT"
    assert peek("model[0].weight.shape", NAMES) == (3, 2)
    assert peek("model[7]", NAMES) is None
    assert peek("nested[no]", NAMES) is None


@pytest.mark.parametrize(
    ("source", "kind"),
    [("Dense(3, 4)", Dense), ("[x for x in y]", list), ("{}", dict), ("np.ones(3)", np.ndarray), ("f'{x}'", str)],
)
def test_of_what_is_not_made_yet_the_type_is_known(source, kind):
    assert peek(source, NAMES) == Some(kind)


@pytest.mark.parametrize("source", ["", "1 +", "x = 1", "nothing", "nothing.such", "1 + 1", "'abc'.nothing", "\0"])
def test_what_cannot_be_known_is_none(source):
    assert peek(source, NAMES) is None
