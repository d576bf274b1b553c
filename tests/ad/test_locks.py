"""Arrays that the walk back will need are locked while the function runs: an error, not a wrong gradient."""

import numpy as np
import pytest

from fluxrepl import MutationError, gradient, ignore_derivatives, pullback

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
    "f", [reused_buffer, reflected, in_a_product, a_row_of_a_matrix, a_reshaped_array, an_index, a_mask]
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
