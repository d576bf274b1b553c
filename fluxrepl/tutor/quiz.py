"""Whether what a learner typed answers a quiz: the letter of a choice, a number, or what some code will show."""

import ast
import builtins
import keyword
import re
from collections.abc import Container
from fractions import Fraction

from .compare import difference
from .lesson import Quiz
from .wording import letter


def is_right(quiz: Quiz, typed: str) -> bool:
    """Whether `typed` is the answer.

    Example:
        >>> is_right(Quiz("slope", 1, "14.0"), "14"), is_right(Quiz("third", 1, "0.33", tolerance=0.01), "1/3")
        (True, True)

    """
    if quiz.kind == "choice":
        return letter(typed, quiz.choices) == quiz.answer
    if quiz.kind == "output":
        answer, given = _joined(quiz.answer), _joined(typed)
        in_brackets = f"({given})" if answer.startswith("(") and _is_tuple(given) else given
        return difference(answer, given) is None or difference(answer, in_brackets) is None
    number = number_in(typed)
    return number is not None and abs(number - Fraction(quiz.answer)) <= slack(quiz.answer, quiz.tolerance)


def is_answer(quiz: Quiz, typed: str) -> bool:
    """Whether `typed` is meant as an answer, and is no code to run: a letter, a number, a plain value."""
    if quiz.kind == "choice":
        return letter(typed, quiz.choices) in quiz.choices
    if quiz.kind == "number":
        return number_in(typed) is not None
    return _is_plain(typed) or is_right(quiz, typed)


def is_no_python(typed: str, names: Container[str]) -> bool:
    """Whether a line is words that can be no code: `d` or `maybe` where nothing is called so, `12 approx`.

    Example:
        >>> is_no_python("maybe", {}), is_no_python("12 approx", {}), is_no_python("x", {"x"})
        (True, True, False)

    """
    line = typed.strip()
    if not re.fullmatch(r"[\w .,'’-]+[).]?", line) or keyword.iskeyword(line):
        return False
    if line.isidentifier():
        return line not in names and not hasattr(builtins, line)
    try:
        ast.parse(line)
    except SyntaxError:
        return True
    return False


def same_numbers(quiz: Quiz, typed: str) -> bool:
    """Whether a wrong answer is so only in how its numbers are written: `5` for `5.0`, or the other way."""
    return quiz.kind == "output" and _numbers_alike(quiz.answer) == _numbers_alike(typed)


def asked_for(quiz: Quiz) -> str:
    """What to type, in words."""
    if quiz.kind == "choice":
        return f"Type one of the letters: {', '.join(quiz.choices)}."
    return "Type a number." if quiz.kind == "number" else "Type what it shows, after `:answer`."


def number_in(text: str) -> Fraction | None:
    """The number that somebody typed: 14, -0.5, 1e-3, 1/3, 1 / 3; None for anything else.

    Example:
        >>> number_in(" −1.5 "), number_in("1 / 3"), number_in("two")
        (Fraction(-3, 2), Fraction(1, 3), None)

    """
    plain = re.sub(r"\s*/\s*", "/", text.strip().replace("−", "-").replace("_", ""))
    try:
        return Fraction(plain)
    except (ValueError, ZeroDivisionError):
        return None


def _is_plain(text: str) -> bool:
    """Whether a text is a value written out, such as `(3, 2)` or `'a'`."""
    try:
        ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _is_tuple(text: str) -> bool:
    """Whether a text is a tuple written out."""
    try:
        return isinstance(ast.literal_eval(text), tuple)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def _numbers_alike(text: str) -> str:
    """A text with its numbers written in one way, and without spaces."""
    number = r"(?<![\w.])(\d+\.?\d*|\.\d+)(e[-+]?\d+)?(?![\w.])"
    return "".join(re.sub(number, lambda found: repr(float(found[0])), text).split())


def slack(answer: str, tolerance: float | None) -> Fraction:
    """How far off a number may be: as the author says, or half a unit in the last decimal written; 0 for an int."""
    if tolerance is not None:
        return Fraction(str(tolerance))
    match = re.fullmatch(r"[-+]?\d*\.(\d+)(?:[eE]([-+]?\d+))?", answer)
    if not match:
        return Fraction(0)
    return Fraction(1, 2) * Fraction(10) ** (int(match[2] or 0) - len(match[1]))


def _joined(text: str) -> str:
    """A learner types on one line what an array prints on several."""
    return " ".join(text.split())
