"""What the comparer calls a difference: real errors are found, harmless differences are not."""

import time

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
    ("0.00", "0.0012"),
    ("array([0.33, 0.00])", "array([3.33333333e-01, 1.20000000e-03])"),
    ("1.2e+03", "1234.5"),
    ("100000.0", "1e+05"),
    ("(1+2j)", "(1+2.0000000000000004j)"),
    ("(1+0j)", "(1-0j)"),
    ("1j", "1j"),
    ("array([1. +2.j  , 0.5-3.25j])", "array([1.0+2.0j, 0.5-3.25j])"),
    ("(0.33-1.67e-05j)", "(0.3333-1.6666e-05j)"),
    ("array([nan, inf, -inf])", "array([ nan,  inf, -inf])"),
    ("{'b', 'a'}", "{'a', 'b'}"),
    ("frozenset({(1, 2), (0, 0.33)})", "frozenset({(0, 0.3333), (1, 2)})"),
    ("{'a': {2, 1}, 'b': {3}}", "{'a': {1, 2}, 'b': {3}}"),
    ("array([0., 0., 0., ..., 0., 0., 0.])", "array([ 0.,  0.,  0., ...,  0.,  0., -0.])"),
    ("loss 0.33 at 0x...", "loss 0.3333 at 0x7f3a"),
    ("Dense(10, 0.33, ...", "Dense(10, 0.3333,\n      relu)"),
    ("... b)", "f(a, b)"),
    ("a ... b", "a b"),
    ("'abc...'", "'abcdef'"),
    ("0.333...", "0.3333333"),
    ("a       b", "a\tb"),
    ("f'(x) = 0.33, g'(x) = 1", "f'(x) = 0.3333, g'(x) = 1"),
    ("the learners' 0.33", "the learners' 0.3333"),
    (":( 0.33", ":( 0.3333"),
    ("x\n   0.5\n  12.5", "x\n 0.50\n12.50"),
    ("naïve 模型 σ=0.33", "naïve 模型 σ=0.3333"),
    ("-0.5", "-.5"),
    ("1,234.5", "1,234.51"),
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
    ("a b", "a  b", "a space was promised, 2 spaces came"),
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
    ("(0.33+1.5j)", "(0.33-1.5j)", "`0.33+1.5j` was promised, `0.33-1.5j` came"),
    ("v1.2.3", "v1.2.4", "`3`"),
    ("1e-05", "1.3e-05", "`1e-05`"),
    ("0.00", "0.012", "`0.00`"),
    ("0.0", "0.0012", "`0.0`"),
    ("1", "1.0", "`1` was promised, `1.0` came"),
    ("1", "(1+0j)", "`1` was promised, `(` came"),
    ("(1+2j)", "(1+2.1j)", "`1+2j` was promised, `1+2.1j` came"),
    ("(1+2j)", "(1-2j)", "`1+2j` was promised, `1-2j` came"),
    ("(1+2j)", "(2+1j)", "`1+2j`"),
    ("1j", "1", "`1j` was promised, `1` came"),
    ("(nan+1j)", "(nan+2j)", "`1j`"),
    ("array([1.+2.j])", "array([1.+2.j], dtype=complex64)", "`)` was promised, `,` came"),
    ("b'0.33'", "b'0.3333'", "`b'0.33'`"),
    ("'0.33 m'", "'0.33 mm'", "`'0.33 m'`"),
    ("'it\\'s 0.33'", "'it\\'s 0.34'", "`'it"),
    ("05", "5", "`05` was promised, `5` came"),
    ("1_000", "1000", "`1_000`"),
    ("12:05", "12:5", "`05`"),
    ("2026-11-22", "2026-11-23", "`22`"),
    ("0x1f", "0x1e", "`0x1f`"),
    ("{1, 2, 3}", "{1, 2, 4}", "`3` was promised, `4` came"),
    ("{1, 2}", "{1, 2, 3}", "`}` was promised, `,` came"),
    ("{1: 2}", "{1, 2}", "`:` was promised, `,` came"),
    ("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", "`'a'` was promised, `'b'` came"),
    ("[{2, 1}, 0.5]", "[{1, 2}, 0.6]", "`0.5` was promised, `0.6` came"),
    ("array([0., 0., 0., ..., 0., 0., 0.])", "array([0., 0., 0., ..., 0., 0., 1.])", "`0.` was promised, `1.` came"),
    ("loss 0.33 at 0x...", "loss 0.34 at 0x7f3a", "`0.33`"),
    ("Dense(10, 0.33, ...", "Dense(10, 0.34, relu)", "`0.33`"),
    ("1\n2\n...", "1 2 3", "a line break was promised, a space came"),
    (":( a\nb c", ":( a\nb  c", "line 2: a space was promised, 2 spaces came"),
    ("a\n\n0.5", "a\n0.5", r"'\n\n' was promised, '\n' came"),
    ("é", "e\u0301", r"'\xe9' was promised, 'e\u0301' came"),
    ("-inf", "inf", "`-` was promised, `inf` came"),
    ("1e308", "inf", "`1e308`"),
    ("6.02e+23", "6.03e+23", "`6.02e+23`"),
    ("Affine(W=array([[0.33]]), b=None)", "Affine(W=array([[0.34]]), b=None)", "`0.33`"),
    ("array([], shape=(0, 3), dtype=float64)", "array([], shape=(3, 0), dtype=float64)", "`0`"),
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


@pytest.mark.parametrize(("want", "got"), [("(1-0j)", "(1+0j)"), ("array([0.-0.j])", "array([-0.-0.j])")])
def test_the_sign_of_zero_in_a_complex_number_counts_on_request(want, got):
    assert difference(want, got) is None
    assert difference(want, got, signed_zero=True) is not None


def test_a_difference_says_where_it_is_in_both_texts():
    found = difference("a\n[1., 0.33]", "a\n[ 1., 0.34]")
    assert found is not None
    assert (found.line, found.want_at, found.got_at) == (2, (2, 6, 4), (2, 7, 4))
    assert difference("a b", "a").got_at == (1, 2, 1)
    assert difference("a", "a\nb").got_at == (1, 2, 1)


def test_of_a_long_word_only_what_differs_is_told():
    found = difference("x" * 500 + "a", "x" * 500 + "b" + "x" * 10**6)
    assert str(found) == "line 1: `…xxxxxxxxxxa` was promised, `…xxxxxxxxxxb" + "x" * 49 + "…` came"
    assert found.want_at == (1, 501, 1)


def test_an_output_is_never_evaluated():
    assert difference("__import__('os').abort()", "__import__('os').abort( )") is None


def test_long_outputs_with_many_gaps_compare_quickly():
    want = "a ... " * 30 + "z"
    assert difference(want, "a b " * 5000 + "y") is not None


HUGE = {
    "names": "a " * 300_000,
    "numbers": "0.25 " * 200_000,
    "digits": "7" * 10**6,
    "digits with points": "1.1" * 300_000,
    "sums": "1+" * 500_000,
    "exponents": "1e9" * 300_000,
    "zeros with an exponent": "0.00e" + "9" * 10**6,
    "spaces": "1" + " " * 10**6 + "2",
    "brackets": "(" * 10**6,
    "brackets in pairs": "(" * 500_000 + ")" * 500_000,
    "sets in sets": "{1," * 300_000 + "1}" * 300_000,
    "sets": "{1, 2}" * 150_000,
    "quotes": "'" * 10**6,
    "quotes without partners": "'\\" * 500_000,
    "both quotes": "'\"\\" * 300_000,
    "lines": "\n" * 10**6 + "1",
    "underscores": "1_" * 500_000,
}


@pytest.mark.parametrize("name", HUGE)
@pytest.mark.parametrize("want", ["{1, 2}", "a ... b ... 0.5", ""], ids=["set", "gaps", "nothing"])
def test_what_a_lesson_prints_without_end_is_compared_in_linear_time(name, want):
    started = time.process_time()
    assert difference(want, HUGE[name]) is not None
    assert difference(want, HUGE[name][-100_000:]) is not None
    assert time.process_time() - started < 10


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
