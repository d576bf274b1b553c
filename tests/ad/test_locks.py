"""Arrays that the walk back will need are locked while the function runs: an error, not a wrong gradient."""

import threading

import numpy as np
import pytest

from fluxrepl import (
    EscapedTracerError,
    MutationError,
    checkpointed,
    gradient,
    ignore_derivatives,
    pullback,
    withgradient,
)
from fluxrepl.ad import locks

X = np.array([1.0, 2.0, 3.0])


def reused_buffer(x):
    buffer, total = np.zeros(3), 0.0
    for k in range(3):
        buffer[:] = k
        total = total + np.sum(x * buffer)
    return total


def reflected(x):
    buffer = np.ones(3)
    y = np.sum(buffer / x)
    buffer += 1
    return y


def in_a_product(x):
    buffer = np.ones(3)
    y = buffer @ x
    buffer[0] = 5
    return y


def a_row_of_a_matrix(x):
    w = np.ones((2, 3))
    row = w[0]
    y = np.sum(row * x)
    w[0] = 5
    return y


def a_reshaped_array(x):
    w = np.ones(3)
    y = np.sum(w.reshape(3, 1).T @ x)
    w[0] = 5
    return y


def below_a_read_only_view(x):
    b = np.ones((3, 3))
    y = np.sum(x * np.diag(b)) + np.sum(np.broadcast_to(b[0], (2, 3)) * x)
    b[:] = 0
    return y


def in_an_inner_gradient(x):
    b = np.array([1.0, 2.0, 3.0])
    (g,) = gradient(lambda y: np.sum((y * b) * x), np.ones(3))
    b[:] = 0
    return np.sum(g)


def in_a_checkpoint(x):
    b = np.array([1.0, 2.0, 3.0])
    y = checkpointed(lambda z: np.sum(z * b), x)
    b[:] = 0
    return y


def an_index(x):
    index = np.array([0, 1])
    y = np.sum(x[index])
    index[0] = 2
    return y


def a_mask(x):
    mask = np.array([True, False, True])
    y = np.sum(np.where(mask, x, 0))
    mask[:] = False
    return y


@pytest.mark.parametrize(
    "f",
    [
        reused_buffer,
        reflected,
        in_a_product,
        a_row_of_a_matrix,
        below_a_read_only_view,
        in_an_inner_gradient,
        in_a_checkpoint,
        a_reshaped_array,
        an_index,
        a_mask,
    ],
)
def test_writing_into_an_array_that_was_used_is_refused(f):
    with pytest.raises(MutationError, match="written into after it was used with a traced value") as e:
        gradient(f, X.copy())
    assert "new = array.copy()" in "".join(e.value.__notes__)
    assert e.traceback[-1].name == f.__name__


def test_writing_into_the_argument_itself_is_refused():
    W = X.copy()

    def f(w):
        y = np.sum(w * w)
        W[0] = 100.0
        return y

    with pytest.raises(MutationError):
        gradient(f, W)
    assert W.tolist() == X.tolist()


def test_a_memmap_is_locked_too(tmp_path):
    mm = np.memmap(tmp_path / "numbers", float, "w+", shape=3)
    mm[:] = 1

    def f(x):
        y = np.sum(x * x)
        mm[0] = 100
        return y

    with pytest.raises(MutationError):
        gradient(f, mm)
    mm[0] = 2


def test_a_list_may_change_for_it_was_made_an_array():
    def f(x):
        c = [1.0, 2.0, 3.0]
        y = x * c + c * x
        c[0] = 100.0
        return np.sum(y)

    assert gradient(f, X)[0].tolist() == [2.0, 4.0, 6.0]


def test_an_array_and_a_view_of_it_in_two_gradients_come_free():
    flat = np.zeros(4)
    W = flat[:2]
    gradient(lambda p: np.sum(p * 2) + np.sum(gradient(lambda w: np.sum(w * w), W)[0]), flat)
    W += 1
    flat += 1


def test_a_thread_that_ends_does_not_unlock_for_another():
    shared, inside, done, errors = np.ones(3), threading.Event(), threading.Event(), []

    def first(x):
        y = np.sum(x * shared)
        inside.set()
        done.wait(10)
        return y

    def second(x):
        y = np.sum(x * shared)
        inside.wait(10)
        return y

    def slow():
        try:
            gradient(first, X.copy())
        except Exception as e:
            errors.append(e)

    thread = threading.Thread(target=slow)
    thread.start()
    gradient(second, X.copy())
    assert not shared.flags.writeable  # the first still holds it
    done.set()
    thread.join()
    assert errors == []
    shared += 1


def test_a_fresh_array_for_each_step_is_fine():
    def f(x):
        total = 0.0
        for k in range(3):
            buffer = np.zeros(3)
            buffer[:] = k
            total = total + np.sum(x * buffer)
        return total

    assert gradient(f, X)[0].tolist() == [3.0, 3.0, 3.0]


def test_afterwards_everything_is_writable_again():
    x, data = X.copy(), np.ones(3)
    view = data[:2]
    gradient(lambda x: np.sum(x * data) + np.sum(x[:2] * view), x)
    x += 1
    data += 1
    view += 1
    with pytest.raises(ZeroDivisionError):
        gradient(lambda x: np.sum(x * data) / (1 // 0), x)
    data += 1
    assert data.flags.writeable


def test_a_nested_gradient_does_not_unlock_what_the_outer_one_needs():
    data = np.ones(3)

    def f(x):
        (g,) = gradient(lambda x: np.sum(data * x**2), x)
        data[0] = 7.0
        return np.sum(g)

    with pytest.raises(MutationError):
        gradient(f, X.copy())


def test_an_array_that_was_read_only_stays_so():
    data = np.ones(3)
    data.flags.writeable = False
    gradient(lambda x: np.sum(x * data), X.copy())
    assert not data.flags.writeable


def test_a_pullback_refuses_when_its_arrays_were_changed_since():
    W = X.copy()
    _, back = pullback(lambda w: np.sum(w * w), W)
    assert back(1.0)[0].tolist() == [2.0, 4.0, 6.0]
    W[0] = 10.0
    with pytest.raises(MutationError, match="changed since the pullback was made"):
        back(1.0)


def test_the_result_of_a_pullback_is_the_callers_own():
    y, back = pullback(np.exp, np.zeros(2))
    y *= 0
    assert back(np.ones(2))[0].tolist() == [1.0, 1.0]


def test_a_bare_value_is_read_only():
    def f(x):
        y = x * 2
        bare = ignore_derivatives(y)
        total = np.sum(y * y)
        bare[0] = 100.0
        return total

    with pytest.raises(MutationError):
        gradient(f, X.copy())


def test_a_read_only_error_of_ones_own_stays_as_it_is():
    frozen = np.ones(3)
    frozen.flags.writeable = False

    def f(x):
        frozen[0] = 1.0
        return 1.0

    with pytest.raises(ValueError, match="read-only") as e:
        gradient(f, 2.0)
    assert not isinstance(e.value, MutationError)


@pytest.mark.parametrize("product", [np.outer, np.kron, np.inner, np.vdot, np.multiply.outer], ids=str)
def test_a_view_that_is_reshaped_on_the_way_is_locked_too(product):
    column = np.ones((3, 3))[:, 0]

    def f(x):
        y = np.sum(product(x, column) ** 2)
        column[:] = 5
        return y

    with pytest.raises(MutationError):
        gradient(f, np.ones(3))
    assert column.flags.writeable


def test_a_tracer_that_escaped_locks_nothing():
    kept, beside = [], np.ones(3)
    gradient(lambda x: kept.append(x) or np.sum(x), np.ones(3))
    for use in (lambda t: t * beside, lambda t: np.arctan2(beside, t), lambda t: t[beside.astype(int)]):
        with pytest.raises(EscapedTracerError):
            use(kept[0])
    assert beside.flags.writeable
    assert not locks.HELD


def test_what_numpy_would_not_unlock_again_is_left_alone():
    strided = np.lib.stride_tricks.as_strided(np.zeros(6), (3,), (8,))
    assert gradient(np.sum, strided)[0].tolist() == [1.0, 1.0, 1.0]
    assert strided.flags.writeable
    assert not locks.WAITING


def test_a_file_in_memory_is_writable_afterwards(tmp_path):
    mapped = np.memmap(tmp_path / "x", dtype=float, mode="w+", shape=(4,))
    gradient(np.sum, mapped)
    mapped[0] = 1
    assert not locks.WAITING


def test_a_base_made_read_only_meanwhile_is_not_waited_for():
    base = np.zeros(6)
    view = base[:3]

    def f(x):
        y = np.sum(x * view)
        base.flags.writeable = False
        return y

    gradient(f, np.ones(3))
    base.flags.writeable = False
    gradient(f, np.ones(3))
    assert not locks.WAITING


def test_results_beside_the_loss_may_be_written_into():
    x = np.ones((2, 2))
    _, *views = withgradient(lambda t: (np.sum(t), t.T, t[0], np.reshape(t, -1)), x).val
    for view in views:
        view[...] = 7
    assert x.tolist() == [[1.0, 1.0], [1.0, 1.0]]
