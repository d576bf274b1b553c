"""What a learner types is judged as the answer to a quiz, or left to be run as code."""

import pytest

from fluxrepl.tutor.lesson import Quiz
from fluxrepl.tutor.quiz import asked_for, is_answer, is_no_python, is_right, same_numbers

CHOICE = Quiz("choice", 1, "b", {"a": "one", "b": "two"})
NUMBER = Quiz("number", 1, "14.0")
NEAR = Quiz("near", 1, "0.33", tolerance=0.01)
COUNT = Quiz("count", 1, "3")
SHAPE = Quiz("shape", 1, "(2, 3)", source="x.shape")
PAIR = Quiz("pair", 1, "((2, 4), (2,))", source="a.shape, b.shape")
ARRAY = Quiz("array", 1, "array([[1., 2.],\n       [3., 4.]])", source="x")


@pytest.mark.parametrize(
    ("quiz", "typed"),
    [
        (CHOICE, "b"), (CHOICE, " B. "), (NUMBER, "14"), (NUMBER, "14.0"), (NUMBER, "1.4e1"), (NUMBER, "28/2"),
        (NEAR, "0.33"), (NEAR, "1/3"), (NEAR, "0.34"), (COUNT, "3"), (COUNT, "3.0"), (SHAPE, "(2, 3)"),
        (SHAPE, "(2,3)"), (SHAPE, "2, 3"),
        (PAIR, "(2,4),(2,)"), (PAIR, "((2, 4), (2,))"),
        (ARRAY, "array([[1., 2.], [3., 4.]])"), (Quiz("minus", 1, "-2.5"), "−2.5"), (Quiz("e", 1, "1.5e-3"), "0.0015"),
    ],
)  # fmt: skip
def test_a_right_answer_is_right(quiz, typed):
    assert is_right(quiz, typed)
    assert is_answer(quiz, typed)


@pytest.mark.parametrize(
    ("quiz", "typed"),
    [
        (CHOICE, "a"), (NUMBER, "14.06"), (NUMBER, "-14"), (NUMBER, "many"), (NEAR, "0.35"), (COUNT, "3.4"),
        (SHAPE, "(3, 2)"), (SHAPE, "3, 2"), (PAIR, "(2, 4)"),
        (ARRAY, "array([[1., 2.], [3., 5.]])"), (COUNT, "1/0"), (COUNT, ""),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_wrong(quiz, typed):
    assert not is_right(quiz, typed)


def test_code_at_a_quiz_is_code_and_a_plain_value_an_answer():
    assert not is_answer(CHOICE, "x = 1")
    assert not is_answer(NUMBER, "gradient(f, 2)")
    assert not is_answer(SHAPE, "x.shape")
    assert is_answer(SHAPE, "(3, 2)")
    assert is_answer(NUMBER, "15")


@pytest.mark.parametrize("typed", ["d", "z", "maybe", "c)", "c.", "12 approx", "about 12"])
def test_words_that_can_be_no_code_are_told_from_code(typed):
    assert is_no_python(typed, {"x": 1})


@pytest.mark.parametrize(
    "typed", ["x", "max", "x = 3", "np.sum(x)", "pass", "12", "x.shape", "x +", "def f(x):", "%who", "x?"]
)
def test_code_is_no_words(typed):
    assert not is_no_python(typed, {"x": 1})


def test_an_answer_that_is_wrong_only_in_how_numbers_show_is_known():
    floats = Quiz("floats", 1, "(5.0, 5.0)", source="x")
    assert same_numbers(floats, "(5,5)")
    assert same_numbers(ARRAY, "array([[1, 2], [3, 4]])")
    assert not same_numbers(floats, "(5, 6)")
    assert not is_right(floats, "(5,5)")


def test_what_to_type_is_said():
    assert asked_for(CHOICE) == "Type one of the letters: a, b."
    assert asked_for(NUMBER) == "Type a number."
    assert ":answer" in asked_for(SHAPE)
