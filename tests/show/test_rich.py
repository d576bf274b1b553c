import numpy as np
import pytest
from rich.console import Console

from fluxrepl import Chain, Dense, WithGradient, gradient, layer, record, relu, withgradient
from fluxrepl.nn.summary import text_of
from fluxrepl.show.rich import view


def nan_layer():
    d = Dense(2, 1)
    d.weight[:] = np.nan
    return d


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dense(10, 5, relu),
        lambda: Chain(a=Dense(2, 3), b=Chain([Dense(3, 1), relu])),
        lambda: Chain(nan_layer(), relu),
        lambda: (lambda d: Chain(d, d))(Dense(2, 2)),
        lambda: gradient(lambda m: np.sum(m(np.ones(2, np.float32))), Chain(Dense(2, 30), relu)),
        lambda: record(a=np.array([-1e-5, np.inf]), b=None, c=np.tanh, d="text"),
        lambda: (np.array([0.0, 2.0]), np.array([-0.0, -2.0])),
        lambda: {"W": np.zeros((40, 40)), "b": None},
        lambda: withgradient(lambda x: np.sum(x**2), np.array([1, 2])),
    ],
)
def test_the_view_has_the_characters_of_the_text(make):
    value = make()
    assert view(value).plain == repr(value)


def colour_of(text, part):
    """The style in which these characters are drawn."""
    start = text.plain.index(part)
    return text.get_style_at_offset(Console(), start)


def test_counts_are_grey_names_bold_and_trouble_red():
    text = view(Chain(nan_layer(), relu))
    assert colour_of(text, "Dense").bold
    assert colour_of(text, "# 3 parameters").color.name == "bright_black"
    assert colour_of(text, "(some NaN)").color.name == "red"
    assert colour_of(text, "# Total").color.name == "bright_black"
    zero = Dense(2, 1)
    zero.weight[:] = 0
    assert colour_of(view(zero), "(all zero)").color.name == "cyan"


def test_names_numbers_and_none_are_told_apart():
    text = view(record(weight=np.array([1.5, -2.0], np.float32), bias=None))
    assert colour_of(text, "weight").color.name == "blue"
    assert colour_of(text, "1.5").color.name == "yellow"
    assert colour_of(text, "-2.").color.name == "yellow"
    assert colour_of(text, "None").dim
    assert colour_of(text, "float32").color is None
    assert colour_of(text, "dtype").color is None


@pytest.mark.parametrize("value", [3, 1.5, "x", None, np.ones(3), (1, 2), [None], {}, {"a": 1}, Dense, relu, object()])
def test_everything_else_has_no_view(value):
    assert view(value) is None


def test_a_layer_with_a_text_of_its_own_has_no_view():
    @layer
    class Mine:
        def __repr__(self):
            return "mine"

    assert view(Mine()) is None


def test_a_broken_text_is_no_error_here():
    class Broken:
        def __repr__(self):
            raise ValueError

    assert view((np.ones(2), Broken())) is None
    assert "its text raised ValueError" in view(Chain(Dense(1, 1), compose_broken())).plain


def compose_broken():
    class Broken:
        def __repr__(self):
            raise ValueError

        def __call__(self, x):
            return x

    return Broken()


def test_a_long_collection_is_looked_into_only_so_far():
    assert view([1] * 1000 + [np.ones(1)]) is None
    assert view(WithGradient(1.0, (np.ones(1),))) is not None
    assert view([np.ones(1) for _ in range(20000)]) is None  # more characters than are worth colouring


def test_a_list_of_layers_and_arrays_has_its_own_text():
    value = [Dense(2, 3), np.ones(2)]
    assert view(value).plain == text_of(value)
