"""Errors over shapes name the operands as they were written."""

import pytest


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        (
            "gradient(lambda W: np.sum(W @ x), W)",
            "`W` has the shape (50, 3), and `x` (4,).\n"
            "A product needs the last axis of the left, 3, as long as the only axis of the right, 4.",
        ),
        (
            "def f(A):\n    return np.sum(np.dot(A, x))\ngradient(f, W)",
            "`A` has the shape (50, 3), and `x` (4,).\n"
            "A product needs the last axis of the left, 3, as long as the only axis of the right, 4.",
        ),
        (
            "W @ W",
            "`W` has the shape (50, 3).\nA product needs the last axis of the left, 3, as long as the last axis but "
            "one of the right, 50. `W.T` would fit on the left.",
        ),
        (
            "gradient(lambda y: np.sum(y + x), np.ones(3))",
            "`y` has the shape (3,), and `x` (4,).\n"
            "Read from their ends, the axes must be of one length in pairs, or one of the two 1.",
        ),
        ("W.T @ x", "`W.T` has the shape (3, 50), and `x` (4,).\nA product needs the last axis of the left, 50, as "
                    "long as the only axis of the right, 4."),
    ],
)  # fmt: skip
def test_an_error_over_shapes_says_whose_they_are_and_what_must_agree(shell, capsys, cell: str, note: str) -> None:
    shell.run("W, x = np.ones((50, 3)), np.ones(4)")
    shell.run(cell)
    assert note in capsys.readouterr().out
    shell.command(":why")
    assert note in shell.words


@pytest.mark.parametrize("cell", ["np.ones(3) @ np.ones(4)", "int('x')", "raise ValueError('not aligned')", "f(x) @ W"])
def test_what_cannot_be_told_without_running_it_has_no_note(shell, cell: str) -> None:
    shell.run("W, x = np.ones((50, 3)), np.ones(4)\ndef f(x): return x")
    error = shell.run(cell).error
    assert error is not None
    assert not getattr(error, "__notes__", ())
