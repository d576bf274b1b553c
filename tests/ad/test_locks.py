"""Arrays that the walk back will need are locked while the function runs: an error, not a wrong gradient."""

import array
import threading

import numpy as np
import pytest

from fluxrepl import (
    EscapedTracerError,
    LostGradientError,
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


@pytest.mark.parametrize("product", [np.outer, np.kron, np.inner, np.vdot, np.multiply.outer])
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


# ---- what a lock does not prevent is found when the function has run -------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda a: setattr(a, "shape", (3, 1)),
        lambda a: setattr(a, "dtype", np.int64),
        lambda a: a.resize(2, refcheck=False),
    ],
    ids=["shape", "dtype", "resize"],
)
def test_an_array_of_another_form_than_when_it_was_used_is_refused(change):
    beside = np.array([1.0, 2.0, 3.0])

    def f(x):
        y = np.sum(x * beside)
        change(beside)
        return y

    with pytest.raises(MutationError, match="the shape or dtype of an array was changed") as e:
        gradient(f, np.ones(3))
    assert "It had the shape (3,) and the dtype float64" in e.value.__notes__[0]
    assert not locks.HELD


@pytest.mark.parametrize(
    "look",
    [
        np.frombuffer,
        lambda buffer: np.asarray(buffer)[:],
        lambda buffer: np.lib.stride_tricks.as_strided(np.asarray(buffer), (3,), (8,)),
    ],
    ids=["frombuffer", "slice", "as_strided"],
)
def test_memory_of_another_object_that_was_written_into_is_refused(look):
    buffer = array.array("d", [1.0, 2.0, 3.0])

    def f(x):
        y = np.sum(x * look(buffer))
        buffer[0] = 50.0
        return y

    with pytest.raises(MutationError, match="the memory below an array was written into") as e:
        gradient(f, np.ones(3))
    assert "np.array(buffer)" in e.value.__notes__[1]


def test_a_strided_view_that_was_written_into_is_refused():
    strided = np.lib.stride_tricks.as_strided(np.ones(6), (3,), (8,))

    def f(x):
        y = np.sum(x * strided)
        strided[:] = 5
        return y

    with pytest.raises(MutationError, match="the memory below an array"):
        gradient(f, np.ones(3))


@pytest.mark.parametrize("kind", [lambda n: array.array("b", n), bytearray, lambda n: memoryview(bytearray(n))])
def test_a_buffer_may_change_for_it_was_made_an_array(kind):
    buffer = kind([1, 2, 3])

    def f(x):
        y = np.sum(x * buffer + np.logaddexp(x, buffer) * 0)
        buffer[0] = 50
        return y

    assert gradient(f, np.ones(3))[0].tolist() == [1.0, 2.0, 3.0]


def test_memory_that_nobody_writes_into_is_fine():
    (g,) = gradient(lambda x: np.sum(x * np.frombuffer(array.array("d", [1.0, 2.0]))), np.ones(2))
    assert g.tolist() == [1.0, 2.0]


def test_a_list_of_axes_may_change_for_it_was_copied():
    def f(x):
        axes, shift = [0, 2, 1], [1]
        y = np.transpose(x, axes)
        z = np.roll(x, shift, axis=2)
        axes.reverse()
        shift[0] = 0
        return np.sum(y * np.arange(24.0).reshape(2, 4, 3)) + np.sum(z * np.arange(4.0))

    def untouched(x):
        return np.sum(np.transpose(x, (0, 2, 1)) * np.arange(24.0).reshape(2, 4, 3)) + np.sum(
            np.roll(x, 1, axis=2) * np.arange(4.0)
        )

    x = np.ones((2, 3, 4))
    assert gradient(f, x)[0].tolist() == gradient(untouched, x)[0].tolist()


def test_a_pullback_sees_a_change_of_form_and_of_what_was_read_only():
    frozen, beside = np.ones(3), np.ones(4)
    frozen.flags.writeable = False
    _, back = pullback(lambda x: np.sum(x * frozen), np.ones(3))
    _, back_of_four = pullback(lambda x: np.sum(x * beside), np.ones(4))
    frozen.flags.writeable = True
    frozen[0] = 9.0
    beside.shape = (2, 2)
    for changed in (back, back_of_four):
        with pytest.raises(MutationError, match="changed since the pullback was made"):
            changed(1.0)


def in_a_sum(x, parts):
    return np.sum(x * parts)


def in_a_function(x, parts):
    return np.sum(np.add(parts, x))


def joined(x, parts):
    return np.sum(np.concatenate([parts, x]))


@pytest.mark.parametrize("use", [in_a_sum, in_a_function, joined])
def test_an_array_of_objects_is_refused_for_traced_values_may_be_in_it(use):
    def f(x):
        parts = np.empty(3, object)
        for k in range(3):
            parts[k] = x[k] ** 2
        return use(x, parts)

    with pytest.raises(LostGradientError, match="an array of objects beside a traced value") as e:
        gradient(f, X)
    assert "np.stack(values)" in e.value.__notes__[1]
