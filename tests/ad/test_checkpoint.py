"""Checkpoints: one operation on the tape, the same gradient; what is not the same both times is refused."""

import numpy as np
import pytest

from fluxrepl import LostGradientError, MutationError, check_gradient, checkpointed, gradient, pullback

X = np.array([0.3, -1.2, 0.7])


def test_a_checkpoint_has_the_same_value_and_gradient():
    W = np.arange(9.0).reshape(3, 3) / 10
    block = lambda x: np.tanh(W @ x) * 2
    np.testing.assert_array_equal(checkpointed(block, X), block(X))
    loss = lambda x: np.sum(checkpointed(block, x) ** 2)
    np.testing.assert_allclose(gradient(loss, X)[0], gradient(lambda x: np.sum(block(x) ** 2), X)[0], rtol=1e-14)
    assert check_gradient(loss, X)
    assert check_gradient(lambda x: np.sum(gradient(loss, x)[0] ** 2), X)


def test_a_checkpoint_sees_what_it_captured_and_structures():
    def loss(m, x):
        return np.sum(checkpointed(lambda x: m["W"] @ x, x)) + np.sum(checkpointed(lambda m: m["W"] ** 2, m))

    assert check_gradient(loss, {"W": np.ones((2, 3)), "name": "m"}, X)


def test_a_checkpoint_keeps_one_row_of_a_long_block():
    from fluxrepl.ad.ends import run
    from fluxrepl.ad.tape import Tape

    def long(x):
        for _ in range(100):
            x = np.sin(x)
        return x

    with Tape() as tape:
        run(lambda x: checkpointed(long, x), (X,), tape)
        assert len(tape) == 1


def test_a_checkpoint_keeps_what_a_loop_variable_held():
    def f(x):
        for k in (2.0, 3.0, 4.0):
            x = checkpointed(lambda z: z * k, x)  # noqa: B023 - that is what is tested
        return x

    assert gradient(f, 1.0) == (24.0,)

    def g(ws, x):
        for w, act in zip(ws, (np.sin, np.exp, np.tanh), strict=True):
            x = checkpointed(lambda z: act(w * z), x)  # noqa: B023 - that is what is tested
        return x

    assert check_gradient(g, [0.3, 0.7, 0.2], 0.5)


def test_a_checkpoint_of_several_results_is_refused():
    with pytest.raises(TypeError, match="has to give one number or array, and gave a tuple"):
        gradient(lambda x: checkpointed(lambda x: (x, x), x)[0], 1.0)


def test_a_gradient_that_is_written_into_does_not_change_the_next():
    _, back = pullback(lambda x: checkpointed(lambda x: np.sum(x * x), x), np.array([1.0, 2.0]))
    back(1.0)[0][:] = 99
    assert back(1.0)[0].tolist() == [2.0, 4.0]


KEPT = {}


def test_a_traced_global_is_refused():
    def f(w):
        KEPT["w"] = w
        return checkpointed(lambda x: x * KEPT["w"], w)

    with pytest.raises(LostGradientError, match="used a traced value that is not among its arguments"):
        gradient(f, 2.0)


# ---- the same both times --------------------------------------------------------------------------------------------


def a_captured_list(x):
    k = [1.0]
    y = checkpointed(lambda z: z * k[0], x)
    k[0] = 50.0
    return y


def a_list_among_the_arguments(x):
    k = [1.0]
    y = checkpointed(lambda z, k: z * k[0], x, k)
    k[0] = 50.0
    return y


def a_traced_value_in_a_list(x):
    k = [x]
    y = checkpointed(lambda z: z * k[0], x)
    k[0] = 2.0  # the same value, but no longer the same path
    return y


def random_numbers(x):
    rng = np.random.default_rng(0)
    return checkpointed(lambda z: z * rng.random(), x)


@pytest.mark.parametrize("f", [a_captured_list, a_list_among_the_arguments, a_traced_value_in_a_list, random_numbers])
def test_what_is_another_value_the_second_time_is_refused(f):
    with pytest.raises(MutationError, match="<lambda> gave another value when checkpointed ran it a second time") as e:
        gradient(f, 2.0)
    assert "Pass what changes as an argument" in e.value.__notes__[1]


class Cell:
    def __init__(self):
        self.w, self.h = 0.5, 0.1

    def step(self, x):
        self.h = np.tanh(self.w * x + self.h)
        return self.h


def a_captured_cell(x):
    cell = Cell()
    return sum([checkpointed(cell.step, x) for _ in range(3)])


def a_cell_among_the_arguments(x):
    cell = Cell()
    return checkpointed(lambda c, z: c.step(z), cell, x) + cell.h


def a_cell_with_a_traced_weight(x):
    cell = Cell()
    cell.w = x
    return checkpointed(cell.step, 1.0) + cell.h


@pytest.mark.parametrize("f", [a_captured_cell, a_cell_among_the_arguments, a_cell_with_a_traced_weight])
def test_a_number_that_is_left_behind_is_refused_at_the_line_that_calls(f):
    with pytest.raises(MutationError, match="changed a number that it captured or was given") as e:
        gradient(f, 2.0)
    assert "h = checkpointed(cell, h, x)" in e.value.__notes__[1]
    assert f.__name__ in [entry.name for entry in e.traceback]


def test_an_array_of_objects_may_be_captured():
    names = np.array(["a", None], object)
    assert gradient(lambda x: checkpointed(lambda z: z * len(names), x), 3.0) == (2.0,)


def test_counting_the_calls_and_keeping_a_history_is_fine():
    calls, history = [], []

    def block(x):
        calls.append(1)
        return np.where(x > 0, x * x, np.array([np.inf, np.nan, 0.0]))

    def f(x):
        y = checkpointed(block, x)
        history.append(3.5)
        return np.sum(y[2:]) + len(history)

    assert gradient(f, np.array([0.0, -1.0, 2.0]))[0].tolist() == [0.0, 0.0, 4.0]
    assert len(calls) == 2
