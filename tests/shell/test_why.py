"""`:why`, after a gradient and after an error."""

import pytest
from IPython.core.completer import provisionalcompleter

LOST = "y has no gradient: no operation that a gradient flows through used it."


@pytest.mark.parametrize(
    "cell",
    [
        "gradient(lambda x, y: 2 * x, 1.0, 2.0)",
        "gradient(lambda x, y: 2 * x, 1.0, 2.0)[1]",
        "dx, dy = gradient(lambda x, y: 2 * x, 1.0, 2.0)",
        "flux.gradient(lambda x, y: 2 * x, 1.0, 2.0)",
        "withgradient(lambda x, y: 2 * x, 1.0, 2.0).grad",
        "g = gradient(lambda x, y: 2 * x, 1.0, 2.0)\nstep = 0.1",
        "print(gradient(lambda x, y: 2 * x, 1.0, 2.0))",
        "for _ in range(2):\n    dx = 1.0 - 0.1 * gradient(lambda x, y: 2 * x, 1.0, 2.0)[0]",
        ">>> gradient(lambda x, y: 2 * x, 1.0, 2.0)\n(2.0, None)\n",
    ],
)
def test_it_tells_of_each_none_in_the_last_gradient(shell, cell: str) -> None:
    shell.run(cell)
    shell.command(":why")
    assert shell.words.startswith(LOST)
    assert "x has" not in shell.words


def test_it_tells_of_the_last_gradient_after_other_cells_too(shell) -> None:
    shell.run("g = gradient(lambda x, y: 2 * x, 1.0, 2.0)")
    shell.run("g")
    shell.command(":why")
    assert shell.words.startswith(f"Of the last gradient, `gradient(lambda x, y: 2 * x, 1.0, 2.0)`:\n{LOST}")


def test_it_tells_of_the_none_of_a_gradient_that_an_error_speaks_of(shell) -> None:
    shell.run("dx, dy = gradient(lambda x, y: x**2, 3.0, 4.0)")
    shell.run("4.0 - 0.1 * dy")
    shell.command(":why")
    shell.command(":why")
    first, second, *rest = shell.words.split("\n")
    assert first.startswith("TypeError: unsupported operand")
    assert "NoneType" in first
    assert second == "Of the last gradient, `gradient(lambda x, y: x ** 2, 3.0, 4.0)`:"
    assert rest[0] == LOST
    assert shell.words.count(LOST) == 2


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_infinite_gradient_is_told_of_first(shell) -> None:
    shell.run("gradient(lambda y, x: np.sum(np.sqrt(x)), 2.0, np.array([0.0, 1.0]))")
    shell.command(":why")
    wrong, lost, *_ = shell.words.split("\n")
    assert wrong.startswith("The gradient of x[0] is inf: v1 = np.sqrt(x), whose derivative 1 / (2·v1) is infinite")
    assert lost == LOST


def test_a_gradient_that_failed_is_not_the_last_one_that_was_taken(shell) -> None:
    shell.run("gradient(lambda x: x, 'text')")
    shell.run("1 + 1")
    shell.command(":why")
    assert "write `explain" in shell.words


def test_it_tells_of_one_argument_by_name(shell) -> None:
    shell.run("gradient(lambda x, y: 2 * x, 1.0, 2.0)")
    shell.command(":why x")
    shell.run("%lesson why z")
    assert shell.words.startswith("x has the gradient 2.0.")
    assert "there are: x, y" in shell.words


def test_parts_of_arguments_and_what_holds_no_number_are_told_too(shell) -> None:
    shell.run("p = {'w': 3.0, 'b': 1.0}\ngradient(lambda p, mode: p['w'] ** 2, p, 'fast')")
    shell.command(":why")
    assert "p['b'] has no gradient" in shell.words
    assert "mode has no gradient: it is a str" in shell.words
    assert shell.words.count("Comparisons, len") == 1


def test_where_nothing_is_none_it_says_where_the_gradients_come_from(shell) -> None:
    shell.run("gradient(lambda x: x ** 2, 3.0)")
    shell.command(":why")
    assert shell.words.startswith("x has the gradient 6.0. It came back through")


def test_what_the_function_prints_is_not_printed_again_and_names_stay_clean(shell, capsys) -> None:
    shell.run("def f(x):\n    global seen\n    seen = 1\n    print('once')\n    return 2 * x\ngradient(f, 1.0)")
    capsys.readouterr()
    shell.command(":why")
    assert "once" not in capsys.readouterr().out
    assert not [name for name in shell.user_ns if "explain_" in name]


def test_after_an_error_it_repeats_the_notes(shell) -> None:
    shell.run("error = ValueError('wrong')\nerror.add_note('write this instead')\nraise error")
    shell.command(":why")
    assert shell.words == "ValueError: wrong\nwrite this instead"


def test_an_error_without_notes_is_said_to_have_none(shell) -> None:
    shell.run("1/0")
    shell.run(":why")
    shell.run(":why")
    assert shell.words.count("ZeroDivisionError: division by zero\nThere are no notes on it") == 2


@pytest.mark.parametrize(
    "cell", ["", "1 + 1", "def f():\n    return gradient(max, 1.0)", "gradient = max\ngradient(1, 2)"]
)
def test_after_any_other_cell_it_says_what_to_write(shell, cell: str) -> None:
    shell.run(cell)
    shell.command(":why")
    assert 'write `explain(f, x).why("x")`' in shell.words


def test_a_result_that_has_moved_on_is_not_used_for_what_it_was(shell) -> None:
    shell.run("2.0")
    shell.run("gradient(lambda x: x, _)")
    shell.command(":why")
    assert "write `explain" in shell.words


def test_what_fails_when_it_is_run_once_more_is_said(shell) -> None:
    shell.run("left = [1.0]\ngradient(lambda x: x, left.pop())")
    shell.command(":why")
    assert "Run once more for `:why`, it raised IndexError: pop from empty list" in shell.words


def test_it_is_listed_and_completed(shell) -> None:
    shell.command(":help")
    assert "\n:why " in shell.words
    with provisionalcompleter():
        assert "why" in [found.text for found in shell.Completer.completions(":wh", 3)]
