"""What the comparer calls a difference: real errors are found, harmless differences are not."""

import pytest

from fluxrepl.tutor.compare import difference, error_fits
from fluxrepl.tutor.run import describe

HARMLESS = [
    ("14.0", "14.0\n"),
    ("0.333", "0.3333333333333333"),
    ("0.667", "0.6666666666666666"),
    ("2.718", "2.718281828459045"),
    ("-0.33", "-0.3333"),
    ("1.23e-05", "1.2345e-05"),
    ("1.5e10", "15000000000.0"),
    ("0.30000000000000004", "0.3"),
    ("0.0", "1.2e-17"),
    ("array([0.33, 0.67])", "array([0.33333333, 0.66666667])"),
    ("array([1., 2.])", "array([ 1.,  2.])"),
    ("array([1.0, 2.0])", "array([1., 2.])"),
    ("array([[1., 2.], [3., 4.]])", "array([[1., 2.],\n       [3., 4.]])"),
    ("array([0.33333334, 0.5], dtype=float32)", "array([0.3333333, 0.5      ], dtype=float32)"),
    ("array([ 0., -0.])", "array([-0.,  0.])"),
    ("(array([-0., -2.]),)", "(array([ 0., -2.]),)"),
    ("[1, 2]", "[1,2]"),
    ("loss 0.25 after 3 steps", "loss 0.2500321 after 3 steps"),
    ("a    0.25\nb    0.5", "a    0.2513\nb    0.5"),
    ("x =    0.25", "x = 0.250001"),
    ("text   \nmore", "text\nmore"),
    ("a\n<BLANKLINE>\nb", "a\n\nb"),
    ("<function f at 0x...>", "<function f at 0x7f3a2c1d0e50>"),
    ("[0, 1, ..., 99]", "[0, 1, 2, 3, 99]"),
    ("array([0.33, ..., 9.12])", "array([0.3333, 4.5, 9.1234])"),
    ("...", "anything\nat all"),
    ("Epoch 1: ...\ndone", "Epoch 1: 0.3 s\nEpoch 2: 0.2 s\ndone"),
    ("nan", "nan"),
    ("-inf", "-inf"),
    ("(0.33+1.5j)", "(0.3333+1.5j)"),
    ("{'a': 0.5, 'b': None}", "{'a': 0.5, 'b': None}"),
    ("a\r\nb", "a\nb"),
    ("", ""),
    ("array([], dtype=float64)", "array([],dtype=float64)"),
    ("1_000", "1_000"),
]

REAL = [
    ("14.0", "15.0", "`14.0` was promised, `15.0` came"),
    ("14.0", "14.03", "`14.0`"),
    ("0.333", "0.334", "`0.333`"),
    ("0.333", "0.3339", "`0.333`"),
    ("0.33333333", "0.33333334", "`0.33333333`"),
    ("2", "2.0", "`2` was promised, `2.0` came"),
    ("2.0", "2", "`2.0` was promised, `2` came"),
    ("array([0, 2])", "array([0., 2.])", "`0`"),
    ("array([1., 2.])", "array([1.3, 2.1])", "`1.` was promised, `1.3` came"),
    ("array([1., 2.])", "[1.0, 2.0]", "`array` was promised, `[` came"),
    ("array([1., 2.])", "array([[1., 2.]])", "`1.` was promised, `[` came"),
    ("array([1., 2.])", "array([1., 2., 3.])", "`]` was promised, `,` came"),
    ("array([1., 2.])", "array([1., 2.], dtype=float32)", "`)` was promised, `,` came"),
    ("array([1., 2.], dtype=float32)", "array([1., 2.], dtype=float16)", "`float32`"),
    ("array([1., 2.])", "array([2., 1.])", "`1.`"),
    ("(1.0, 2.0)", "[1.0, 2.0]", "`(` was promised, `[` came"),
    ("(a=1.0, b=2.0)", "(b=1.0, a=2.0)", "`a` was promised, `b` came"),
    ("(a=1.0, c=None)", "(a=1.0, c=0.0)", "`None` was promised, `0.0` came"),
    ("6.0", "-6.0", "`6.0` was promised, `-6.0` came"),
    ("True", "False", "`True`"),
    ("None", "", "`None` was promised, the end came"),
    ("", "None", "the end was promised, `None` came"),
    ("'a'", '"a"', "`'a'`"),
    ("'0.33'", "'0.3333'", "`'0.33'`"),
    ("a\nb", "a b", "a line break"),
    ("1\n2", "1 2", "a line break"),
    ("a b", "a  b", "1 spaces"),
    ("    indented", "indented", "4 spaces"),
    ("a\nb", "a\nc", "line 2: `b` was promised, `c` came"),
    ("[1 2]", "[12]", "`1`"),
    ("hello", "Hello", "`hello`"),
    ("nan", "0.0", "`nan`"),
    ("inf", "1e308", "`inf`"),
    ("1e-20", "3e-20", "`1e-20`"),
    ("0.5", "nan", "`0.5`"),
    ("[0, ..., 9]", "[0, 1, 8]", "`...` was promised, `1` came"),
    ("a ... b", "b a", "`a`"),
    ("Dense(10, 5, relu)", "Dense(10, 5, tanh)", "`relu`"),
    ("Dense(10, 5)  # 55 parameters", "Dense(10, 5)  # 50 parameters", "`55`"),
    ("(0.33+1.5j)", "(0.33-1.5j)", "`+` was promised, `-` came"),
    ("v1.2.3", "v1.2.4", "`3`"),
    ("1e-05", "1.3e-05", "`1e-05`"),
]


@pytest.mark.parametrize(("want", "got"), HARMLESS)
def test_a_harmless_difference_is_none(want, got):
    assert difference(want, got) is None


@pytest.mark.parametrize(("want", "got", "told"), REAL)
def test_a_real_difference_is_found_and_pointed_at(want, got, told):
    found = difference(want, got)
    assert found is not None
    assert told in str(found)


def test_there_are_pairs_enough():
    assert len(HARMLESS) + len(REAL) >= 60


@pytest.mark.parametrize(("want", "got"), [("-0.0", "0.0"), ("array([-0.])", "array([0.])"), ("0.", "-0.")])
def test_the_sign_of_zero_counts_on_request(want, got):
    assert difference(want, got) is None
    assert difference(want, got, signed_zero=True) is not None
    assert difference(want, want, signed_zero=True) is None


def test_a_tolerance_loosens_and_tightens():
    assert difference("2.0", "2.001", rtol=1e-2) is None
    assert difference("0.33333333", "0.33333334", rtol=1e-6) is None
    assert difference("2.0", "2.0000000001") is None
    assert difference("2.0", "2.0000000001", rtol=1e-12) is not None


def test_an_output_is_never_evaluated():
    assert difference("__import__('os').abort()", "__import__('os').abort( )") is None


def test_long_outputs_with_many_gaps_compare_quickly():
    want = "a ... " * 30 + "z"
    assert difference(want, "a b " * 5000 + "y") is not None


class OurError(ValueError):
    pass


@pytest.mark.parametrize(
    ("want", "error", "fits"),
    [
        ("ValueError: bad size", ValueError("bad size"), True),
        ("ValueError: bad size", ValueError("bad shape"), False),
        ("ValueError: bad size", TypeError("bad size"), False),
        ("ValueError: size ... of 3", ValueError("size 4 of 3"), True),
        ("ValueError: size 0.33", ValueError("size 0.3333"), True),
        ("ValueError", OurError("any words"), True),
        ("ValueError: any words", OurError("any words"), False),
        (f"{OurError.__module__}.OurError: any words", OurError("any words"), True),
        ("other.OurError: any words", OurError("any words"), False),
        ("KeyError: 'a'", KeyError("a"), True),
        ("StopIteration", StopIteration(), True),
    ],
)
def test_an_error_fits_by_type_and_message(want, error, fits):
    assert error_fits(want, describe(error)) is fits


def test_the_notes_of_an_error_may_be_shown_or_left_out():
    error = ValueError("not a scalar")
    error.add_note("write np.sum")
    assert error_fits("ValueError: not a scalar", describe(error))
    assert error_fits("ValueError: not a scalar\nwrite np.sum", describe(error))
    assert not error_fits("ValueError: not a scalar\nwrite np.mean", describe(error))
