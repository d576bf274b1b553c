"""Powers and products where they are delicate: at zero, at whole numbers, of numbers without axes."""

import numpy as np
import pytest

from fluxrepl import gradient


@pytest.mark.parametrize("kind", [int, float, np.int64, np.int32, np.uint8, np.float16, np.float32, np.array, bool])
def test_an_exponent_of_any_kind_that_is_zero_has_slope_zero(kind):
    assert gradient(lambda x: x ** kind(0), 0.0) == (0.0,)
    assert gradient(lambda x: x ** kind(0), 1e3) == (0.0,)
    assert gradient(lambda x: np.sum(x ** kind(0)), np.array([0.0, 3.0]))[0].tolist() == [0.0, 0.0]


def test_powers_that_are_counted_up_by_numpy():
    assert gradient(lambda x: sum(x**n for n in np.arange(3)), 0.0) == (1.0,)


def test_the_slope_of_a_power_has_a_slope_in_its_exponent_at_zero():
    mixed = gradient(lambda n: gradient(lambda a: a**n, 2.0)[0], 0.0)
    assert mixed[0] == pytest.approx(0.5)  # d/dn (n aⁿ⁻¹) = aⁿ⁻¹ at n = 0


def test_at_zero_the_path_of_a_second_derivative_is_kept():
    assert gradient(lambda y: gradient(lambda x: y * x**2, 0.0)[0], 3.0) == (0.0,)
    (g,) = gradient(lambda w: np.sum(gradient(lambda x: np.sum(w * x**2), 0.0)[0]), np.ones(2))
    assert g.tolist() == [0.0, 0.0]


def test_a_square_written_as_a_product_is_that_of_a_power():
    x = np.array([3.0, -0.0, np.inf])
    assert gradient(lambda x: np.sum(x * x), x)[0].tolist() == gradient(lambda x: np.sum(x**2), x)[0].tolist()


def test_a_matrix_product_with_a_number_without_axes_is_refused_as_by_numpy():
    with pytest.raises(ValueError, match="dimension"):
        gradient(lambda x: np.sum(x @ np.array([1.0, 2.0])), np.array(2.0))


def test_whole_numbers_keep_their_path_through_products_and_casts():
    whole = np.array([3, 1, 2])
    assert gradient(lambda x: np.dot(3, x) * x, 2) == (12.0,)
    assert gradient(lambda x: np.dot(x, x), 2) == (4.0,)
    assert gradient(lambda x: np.sum(np.ediff1d(x) * np.arange(2)), whole)[0].tolist() == [0.0, -1.0, 1.0]
    assert gradient(lambda x: np.sum(np.full_like(x, x[0])), whole)[0].tolist() == [3.0, 0.0, 0.0]
    assert gradient(lambda x: np.sum(np.pad(x, 1, constant_values=x[0])), whole)[0].tolist() == [3.0, 1.0, 1.0]
    assert gradient(lambda x: np.sum(x.astype(np.int32)), whole)[0].tolist() == [1.0, 1.0, 1.0]
    assert gradient(lambda x: np.sum(x, dtype=int), whole)[0].tolist() == [1.0, 1.0, 1.0]
    assert gradient(lambda x: np.sum(x.astype(int)), np.array([1.5])) == (None,)  # cut to whole numbers: steps


def test_a_copy_of_an_infinite_complex_number_is_itself():
    infinite = np.array([complex(np.inf, 0)])
    seen = []
    gradient(lambda z: seen.append(np.copy(z).value) or np.sum(z.real), infinite)
    assert seen[0].tolist() == infinite.tolist()
