"""Jacobians and Hessians: what they cannot be taken of is said in words."""

import numpy as np
import pytest

from fluxrepl import NotScalarError, hessian, jacobian

X = np.array([1.0, 2.0])


def test_a_result_that_is_not_real_is_named_as_what_it_is():
    with pytest.raises(NotScalarError, match=r"returned an array of shape \(2,\) and dtype complex128") as e:
        jacobian(lambda x: x * 1j, X)
    assert "np.real(y)" in "".join(e.value.__notes__)
    with pytest.raises(NotScalarError, match=r"returned an array of shape \(2,\) and dtype bool"):
        jacobian(lambda x: x > 1, X)


def test_a_hessian_at_complex_numbers_is_refused_as_a_hessian():
    for z in (1 + 2j, X * 1j):
        with pytest.raises(TypeError, match="a hessian is taken at real numbers, and this is") as e:
            hessian(lambda z: np.sum(np.abs(z) ** 2), z)
        assert "np.stack([z.real, z.imag])" in e.value.__notes__[1]
    parts = hessian(lambda p: np.sum(np.abs(p[0] + 1j * p[1]) ** 2), np.array([1.0, 2.0]))
    np.testing.assert_allclose(parts, [[2.0, 0.0], [0.0, 2.0]], atol=1e-14)


def test_a_structure_with_numbers_on_the_path_is_refused_and_one_without_gives_none():
    for f, x, name in ((lambda d: d["x"] ** 2, {"x": X}, "dict"), (lambda v: v[0] * X, [1.0, 2.0], "list")):
        with pytest.raises(TypeError, match=f"with respect to numbers and arrays, and this is a {name}") as e:
            jacobian(f, x)
        assert "jacobian(lambda w:" in e.value.__notes__[1]
    (dx, of_settings, of_text) = jacobian(lambda x, settings, text: x * 2, X, {"n": 3}, "text")
    assert dx.tolist() == [[2.0, 0.0], [0.0, 2.0]]
    assert of_settings is of_text is None
