"""Products, einsum, inverses, norms and decompositions of matrices."""

import numpy as np
import pytest

from fluxrepl import NoRuleError, check_gradient, gradient, withgradient

from .harness import STACK, SYM, TALL, ZS, ZV, A, B, L, P, S, T, V, Z, checks, since, total

HERMITIAN = ZS @ ZS.conj().T
POSITIVE = S @ S.T + np.eye(3)
WIDE = TALL.T
SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, -1.0, 2.0]])
Q = np.array([[0.2, 1.0, -0.3], [0.4, -0.1, 0.8], [0.7, 0.3, 0.1]])


def eigenvalue_sizes(x):
    return np.abs(np.linalg.eigvals(x))


PRODUCTS = {
    "kron": (lambda x: np.kron(x, B), V),
    "kron of matrices": (lambda x: np.kron(x, x), A),
    "kron of a vector": (lambda x: np.kron(V, x), A),
    "cross": (lambda x: np.cross(x, B), A),
    "cross of both": (lambda x: np.cross(x[0], x[1] ** 2), A),
    "cross axes": (lambda x: np.cross(x, S, axisa=0, axisb=0, axisc=1), S.T),
    "cross stretched": (lambda x: np.cross(x, V), A),
    "linalg.cross": (lambda x: np.linalg.cross(x, B, axis=-1), A),
    "vecdot": (lambda x: np.vecdot(x, V) ** 2, A),
    "linalg.vecdot": (lambda x: np.linalg.vecdot(x, B, axis=0) ** 2, A),
    **since("2.2.0", {"matvec": (lambda x: np.matvec(x, V), STACK)}),
    **since("2.2.0", {"matvec of": (lambda x: np.matvec(STACK, x), V)}),
    **since("2.2.0", {"vecmat": (lambda x: np.vecmat(V, x), STACK)}),
    "inner of stacks": (lambda x: np.inner(T, x), T[0]),
    "outer": (lambda x: np.linalg.outer(x, x), V),
    "tensordot axes": (lambda x: np.tensordot(x, T, axes=[[0, 2], [0, 2]]), T),
    "tensordot none": (lambda x: np.tensordot(x, V, axes=0), A),
    "linalg.tensordot": (lambda x: np.linalg.tensordot(x, x, axes=2) ** 2, A),
    "dot of stacks": (lambda x: np.dot(T, x), T.transpose(0, 2, 1)[:, :, :2]),
    "linalg.matmul": (lambda x: np.linalg.matmul(x, x), STACK),
    "multi_dot": (lambda x: np.linalg.multi_dot([x, S, x.T, x]), A),
    "multi_dot of vectors": (lambda x: np.linalg.multi_dot([x, S, S, x]), V),
    "multi_dot to a vector": (lambda x: np.linalg.multi_dot([A, S, x]), V),
    "matmul stack of one": (lambda x: x @ STACK, S[None]),
    "matmul stretched": (lambda x: STACK[:, None] @ x, STACK[:2]),
}

EINSUM = {
    "matrix product": (lambda x: np.einsum("ij,jk->ik", x, x), S),
    "implicit": (lambda x: np.einsum("ij,jk", x, B.T), A),
    "implicit order": (lambda x: np.einsum("ba", x) ** 2, A),
    "trace": (lambda x: np.einsum("ii", x) ** 2, S),
    "diagonal": (lambda x: np.einsum("ii->i", x) ** 2, S),
    "diagonal of three": (lambda x: np.einsum("iii->i", x) ** 2, STACK),
    "diagonal of pairs": (lambda x: np.einsum("iijj->ij", x) ** 2, np.arange(36.0).reshape(2, 2, 3, 3) / 20),
    "sum": (lambda x: np.einsum("ij->", x) ** 2, A),
    "sum of rows": (lambda x: np.einsum("ij->i", x) ** 2, A),
    "a letter of one operand": (lambda x: np.einsum("ij,k->k", x, V**2) ** 2, A),
    "outer": (lambda x: np.einsum("i,j->ij", x, x), V),
    "batch": (lambda x: np.einsum("bij,bjk->bik", x, STACK), STACK),
    "dots": (lambda x: np.einsum("...ij,...jk->...ik", x, S), STACK),
    "dots implicit": (lambda x: np.einsum("...i,...i", x, V), A),
    "dots of different depth": (lambda x: np.einsum("...i,i...->...", STACK, x), S),
    "dots stretched": (lambda x: np.einsum("...,...->...", x, T[0]) ** 2, T[:, :, :1]),
    "dots in front": (lambda x: np.einsum("i...->...", x) ** 2, T),
    "three operands": (lambda x: np.einsum("ij,jk,kl->il", x, S, x), S),
    "three optimized": (lambda x: np.einsum("ij,jk,kl->il", x, S, x, optimize=True), S),
    "bilinear": (lambda x: np.einsum("i,ij,j", x, S, x), V),
    "sublists": (lambda x: np.einsum(x, [0, 1], x, [1, 2], [0, 2]), S),
    "sublists implicit": (lambda x: np.einsum(x, [0, 1], V, [1]) ** 2, A),
    "sublists with dots": (lambda x: np.einsum(x, [..., 0], V, [0], [...]) ** 2, A),
    "spaces": (lambda x: np.einsum("i j , j -> i", x, V) ** 2, A),
    "repeated and summed": (lambda x: np.einsum("ii,jk->k", x, A) ** 2, S),
    "repeated with another": (lambda x: np.einsum("ii,ij->j", x, S), S),
    "one as a stretch": (lambda x: np.einsum("ij,ij->ij", x, A) ** 2, A[:, :1]),
}

INVERSES = {
    "inv of a stack": (np.linalg.inv, STACK[:2]),
    "det of a stack": (np.linalg.det, STACK),
    "det of one": (np.linalg.det, np.array([[2.0]])),
    "det singular": (np.linalg.det, np.diag([1.0, 2.0, 0.0])),
    "det of rank one": (np.linalg.det, np.diag([1.0, 0.0, 0.0])),
    "det of zeros": (np.linalg.det, np.zeros((2, 2))),
    "slogdet": (lambda x: np.linalg.slogdet(x)[1], S),
    "slogdet of a stack": (lambda x: np.linalg.slogdet(x).logabsdet * np.linalg.slogdet(x).sign, STACK),
    "solve of a stack": (lambda x: np.linalg.solve(x, STACK), STACK),
    "solve stretched": (lambda x: np.linalg.solve(S, x), STACK),
    "solve a vector in a stack": (lambda x: np.linalg.solve(STACK, x), V),
    "solve for stacked matrices": (lambda x: np.linalg.solve(x, V), STACK),
    "tensorsolve": (lambda x: np.linalg.tensorsolve(x.reshape(3, 3), V), S),
    "tensorsolve of more axes": (
        lambda x: np.linalg.tensorsolve(np.eye(6).reshape(2, 3, 6) + x[..., None] / 9, A),
        A,
    ),
    "tensorinv": (lambda x: np.linalg.tensorinv(x + np.eye(6).reshape(6, 2, 3), ind=1), T[:1, :2, :3] / 9),
    "matrix_power 3": (lambda x: np.linalg.matrix_power(x, 3), S),
    "matrix_power 6": (lambda x: np.linalg.matrix_power(x, 6), S / 2),
    "matrix_power 1": (lambda x: np.linalg.matrix_power(x, 1) ** 2, S),
    "matrix_power 0": (lambda x: np.linalg.matrix_power(x, 0) * x, S),
    "matrix_power -2": (lambda x: np.linalg.matrix_power(x, -2), S),
    "matrix_power of a stack": (lambda x: np.linalg.matrix_power(x, 3), STACK / 3),
    "pinv": (np.linalg.pinv, TALL),
    "pinv wide": (np.linalg.pinv, WIDE),
    "pinv square": (np.linalg.pinv, S),
    "pinv of a stack": (np.linalg.pinv, T / 2 + np.cos(9 * T)),
    "pinv hermitian": (lambda x: np.linalg.pinv(x, hermitian=True), SYM),
    "lstsq": (lambda x: np.linalg.lstsq(x, V)[0], TALL),
    "lstsq right": (lambda x: np.linalg.lstsq(TALL, x)[0] ** 2, V),
    "lstsq matrix": (lambda x: np.linalg.lstsq(TALL, x)[0] ** 2, S),
    "lstsq wide": (lambda x: np.linalg.lstsq(x, V[:2])[0], WIDE),
    "lstsq rest": (lambda x: np.linalg.lstsq(x, V)[1], TALL),
    "lstsq rests": (lambda x: np.linalg.lstsq(TALL, x)[1], S),
    "lstsq singular values": (lambda x: np.linalg.lstsq(x, V)[3], TALL),
}

NORMS = {
    **{f"vector {p}": (lambda x, p=p: np.linalg.norm(x, p), L) for p in (None, 1, 2, 3, 2.5, 0.5, -1, -2, 4)},
    **{f"vector {p}": (lambda x, p=p: np.linalg.norm(x, p) * x, L) for p in (np.inf, -np.inf, 0)},
    **{f"rows {p}": (lambda x, p=p: np.linalg.norm(x, p, axis=1), A) for p in (None, 1, 2, 3, np.inf)},
    **{
        f"matrix {p}": (lambda x, p=p: np.linalg.norm(x, p) ** 2, TALL)
        for p in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
    },
    "matrices of a stack": (lambda x: np.linalg.norm(x, "nuc", axis=(0, 2), keepdims=True), STACK),
    "matrices sum": (lambda x: np.linalg.norm(x, 1, axis=(2, 0)) ** 2, T),
    "order": (lambda p: np.linalg.norm(V * p[0], p[0] + 1), np.array([1.0])),
    "keepdims": (lambda x: np.linalg.norm(x, axis=0, keepdims=True) * x, A),
    "of all": (lambda x: np.linalg.norm(x, keepdims=True) * x, T),
    "vector_norm": (lambda x: np.linalg.vector_norm(x, axis=1, ord=3), A),
    "vector_norm of all": (lambda x: np.linalg.vector_norm(x, ord=1) ** 2, A),
    "matrix_norm": (lambda x: np.linalg.matrix_norm(x, ord=2), STACK),
    **{f"cond {p}": (lambda x, p=p: np.linalg.cond(x, p), Q) for p in (None, 2, -2, 1, -1, "fro", "nuc", np.inf)},
}

# of its vectors, LAPACK finds others when it reads the upper triangle
SIGNS = np.array([[0.6, -0.5, -0.2], [-0.5, 1.8, 1.0], [-0.2, 1.0, 0.8]])

DECOMPOSITIONS = {
    "cholesky": (np.linalg.cholesky, POSITIVE),
    "cholesky upper": (lambda x: np.linalg.cholesky(x, upper=True), POSITIVE),
    "cholesky of a stack": (lambda x: np.linalg.cholesky(x @ np.matrix_transpose(x) + np.eye(3)), STACK),
    "cholesky complex": (np.linalg.cholesky, HERMITIAN),
    "qr q": (lambda x: np.linalg.qr(x)[0], S),
    "qr r": (lambda x: np.linalg.qr(x).R, S),
    "qr tall": (lambda x: np.linalg.qr(x)[0] @ np.linalg.qr(x)[1] ** 2, TALL),
    "qr wide": (lambda x: np.linalg.qr(x)[0] @ np.linalg.qr(x)[1] ** 2, WIDE),
    "qr mode r": (lambda x: np.linalg.qr(x, mode="r"), WIDE),
    "qr complete": (lambda x: np.linalg.qr(x, mode="complete")[0], WIDE),
    "qr of a stack": (lambda x: np.linalg.qr(x)[1], STACK),
    "qr complex q": (lambda x: np.linalg.qr(x)[0], ZS),
    "qr complex r": (lambda x: np.linalg.qr(x)[1], Z.T),
    "qr complex wide": (lambda x: np.linalg.qr(x)[1], Z),
    "eigvalsh": (np.linalg.eigvalsh, SYM),
    "eigvalsh upper": (lambda x: np.linalg.eigvalsh(x, UPLO="U"), SYM),
    "eigvalsh complex": (np.linalg.eigvalsh, HERMITIAN),
    "eigh values": (lambda x: np.linalg.eigh(x)[0] ** 2, SYM),
    "eigh vectors": (lambda x: np.linalg.eigh(x)[1] * np.sign(np.linalg.eigh(x)[1][0]), SYM),
    "eigh both": (lambda x: np.linalg.eigh(x).eigenvectors ** 2 * np.linalg.eigh(x).eigenvalues, SYM),
    "eigh upper": (lambda x: np.linalg.eigh(x, UPLO="U")[1] ** 2, SYM),
    "eigh upper signs": (lambda x: np.linalg.eigh(x, "U")[1], SIGNS),
    "eigh lower signs": (lambda x: np.linalg.eigh(x)[1], SIGNS),
    "eigh complex": (lambda x: np.abs(np.linalg.eigh(x)[1]) ** 2, HERMITIAN),
    "eigh of a stack": (lambda x: np.linalg.eigh(x)[1] ** 2, np.stack([SYM, POSITIVE])),
    "eigh of a product": (lambda x: np.linalg.eigh(x @ x.T)[1] ** 2, Q),
    "eigvals real": (lambda x: np.sort(np.linalg.eigvals(x)), np.array([[2.0, 1.0], [0.5, -1.0]])),
    "eigvals complex": (eigenvalue_sizes, np.array([[0.3, 1.0, 0.2], [-1.0, 0.2, 0.1], [0.1, 0.3, 2.0]])),
    "eigvals of complex": (eigenvalue_sizes, ZS),
    "eig values": (lambda x: np.linalg.eig(x)[0] ** 2, np.array([[2.0, 1.0], [0.5, -1.0]])),
    "eig vectors": (lambda x: np.real(np.linalg.eig(x)[1]) ** 2, np.array([[2.0, 1.0], [0.5, -1.0]])),
    "eig complex vectors": (lambda x: np.abs(np.linalg.eig(x).eigenvectors) ** 2, ZS),
    "eig of a rotation": (lambda x: np.abs(np.linalg.eig(x)[1]) ** 3, np.array([[0.3, 1.0], [-2.0, 0.2]])),
    "svdvals": (np.linalg.svdvals, A),
    "svd values": (lambda x: np.linalg.svd(x, compute_uv=False) ** 2, TALL),
    "svd s": (lambda x: np.linalg.svd(x)[1] ** 2, A),
    "svd u": (lambda x: np.linalg.svd(x, full_matrices=False)[0] ** 2, TALL),
    "svd v": (lambda x: np.linalg.svd(x, full_matrices=False).Vh ** 2, A),
    "svd square": (lambda x: np.linalg.svd(x)[0] ** 2 * np.linalg.svd(x)[1] + np.linalg.svd(x)[2] ** 2, S),
    "svd full": (lambda x: np.linalg.svd(x)[0][:, :2] ** 2, TALL),
    "svd made whole": (lambda x: (lambda u, s, v: (u * s**2) @ v)(*np.linalg.svd(x, full_matrices=False)), A),
    "svd hermitian": (lambda x: np.linalg.svd(x, hermitian=True)[0] ** 2, SYM),
    "svd hermitian signs": (lambda x: np.concatenate(np.linalg.svd(x, hermitian=True)[::2]), SIGNS - np.eye(3)),
    "svd hermitian values": (lambda x: np.linalg.svd(x, hermitian=True, compute_uv=False), SIGNS - np.eye(3)),
    "svd hermitian complex": (lambda x: np.abs(np.linalg.svd(x, hermitian=True)[0]) ** 2, HERMITIAN),
    "svd complex": (lambda x: np.abs(np.linalg.svd(x, full_matrices=False)[0]) ** 2, Z.T),
    "svd complex wide": (lambda x: np.abs(np.linalg.svd(x, full_matrices=False)[2]) ** 2, Z),
    "svd complex whole": (lambda x: (lambda u, s, v: (u * s**2) @ v)(*np.linalg.svd(x, full_matrices=False)), ZS),
    "svd of a stack": (lambda x: np.linalg.svd(x, full_matrices=False)[0] ** 2, STACK),
}

TestProducts = checks(PRODUCTS)
TestEinsum = checks(EINSUM)
TestInverses = checks(INVERSES)
TestNorms = checks(NORMS)
TestDecompositions = checks(DECOMPOSITIONS)


def test_the_determinant_of_a_singular_matrix_has_its_cofactors_as_gradient():
    (g,) = gradient(np.linalg.det, SINGULAR)
    np.testing.assert_allclose(g, [[14, -1, -4], [-7, 0.5, 2], [0, 0, 0]], atol=1e-12)


def test_the_slope_of_a_norm_at_zero_is_zero():
    for f in (np.linalg.norm, lambda x: np.linalg.norm(x, 3), lambda x: np.sum(np.linalg.norm(x[None], axis=1))):
        assert gradient(f, np.zeros(3))[0].tolist() == [0.0, 0.0, 0.0]
    assert gradient(lambda x: np.linalg.norm(x, 1.5), np.array([0.0, 2.0]))[0].tolist() == [0.0, 1.0]
    for order in ("nuc", 2, -2, 1, -1, np.inf, -np.inf, "fro"):
        (g,) = gradient(lambda x, order=order: np.linalg.norm(x, order), np.zeros((2, 2)))
        assert g.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_singular_value_of_zero_has_a_slope_of_zero():
    u, v = np.array([1.0, 2.0, 2.0]), np.array([2.0, -1.0, 2.0])
    for f in (
        lambda x: np.linalg.norm(x, "nuc"),
        lambda x: np.sum(np.linalg.svd(x)[1]),
        lambda x: np.sum(np.linalg.svdvals(x)),
    ):
        np.testing.assert_allclose(gradient(f, np.outer(u, v))[0], np.outer(u, v) / 9, atol=1e-12)
    stack = np.stack([np.zeros((2, 2)), np.eye(2)])
    assert gradient(lambda x: np.sum(np.linalg.svdvals(x)), stack)[0] == pytest.approx(stack)


@pytest.mark.parametrize("a", [np.diag([1.0, 0.0]), np.zeros((2, 2)), np.stack([np.ones((2, 2)), np.eye(2)])])
@pytest.mark.parametrize("p", [None, -2, 1, -1, np.inf, "fro"])
def test_the_condition_number_of_a_singular_matrix_is_that_of_numpy(a, p):
    _, got = withgradient(lambda a: (np.sum(a), np.linalg.cond(a, p)), a).val
    np.testing.assert_allclose(got, np.linalg.cond(a, p))
    assert type(got) is type(np.linalg.cond(a, p))


def test_equal_values_have_a_gradient():
    eye = np.eye(3)
    for f in (
        lambda x: np.linalg.norm(x, "nuc"),
        lambda x: np.sum(np.linalg.eigvalsh(x)),
        lambda x: np.sum(np.linalg.eigh(x)[0]),
        lambda x: np.real(np.sum(np.linalg.eigvals(x))),  # complex since NumPy 2.5
        lambda x: np.sum(np.linalg.svd(x)[1]),
    ):
        np.testing.assert_allclose(gradient(f, eye)[0], eye, atol=1e-12)


TURNED = np.linalg.qr(S)[0]
NEARLY_EQUAL = TURNED * [1.0, 1.0, 2.0] @ TURNED.T  # two equal eigenvalues, but for rounding


@pytest.mark.parametrize("x", [np.eye(3), NEARLY_EQUAL, NEARLY_EQUAL.astype(np.float32)])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.linalg.eigh(x)[1] * S),
        lambda x: np.sum((lambda w, v: (v * w**2) @ v.T)(*np.linalg.eigh(x)) * S),
        lambda x: np.sum((lambda u, s, v: (u * s**2) @ v)(*np.linalg.svd(x)) * S),
    ],
)
def test_vectors_of_equal_values_are_refused(f, x):
    with pytest.raises(NoRuleError, match="vectors of equal values") as e:
        gradient(f, x)
    assert "np.linalg.eigvalsh" in "\n".join(e.value.__notes__)


@pytest.mark.parametrize("decompose", [np.linalg.eigh, np.linalg.eig])
def test_a_loss_that_depends_on_the_phase_of_a_complex_vector_is_refused(decompose):
    with pytest.raises(NoRuleError, match="depends on the phase") as e:
        gradient(lambda x: np.sum(np.real(decompose(x)[1] * Z[:1])), HERMITIAN)
    assert "np.abs(v)" in "\n".join(e.value.__notes__)


def test_the_vectors_without_a_singular_value_are_refused_only_if_used():
    assert check_gradient(lambda x: total(np.linalg.svd(x)[0][:, :2] ** 2), TALL)
    with pytest.raises(NoRuleError, match="belong to no singular value"):
        gradient(lambda x: np.sum(np.linalg.svd(x)[0] ** 3), TALL)


def test_a_pseudoinverse_that_leaves_out_large_singular_values_is_refused():
    with pytest.raises(NoRuleError, match="cutoff"):
        gradient(lambda x: np.sum(np.linalg.pinv(x, rcond=0.9)), S)


def test_products_of_vectors_and_numbers():
    assert gradient(lambda x: np.kron(x, 2.0), 3.0) == (2.0,)
    assert gradient(lambda x: np.dot(x, 2.0), 3.0) == (2.0,)
    assert gradient(lambda x: np.einsum(",->", x, x), 3.0) == (6.0,)
    assert gradient(lambda x: np.vdot(x, P), P)[0].tolist() == P.tolist()
    assert gradient(lambda z: np.real(np.vdot(z, ZV)), ZV)[0].tolist() == ZV.tolist()


rank_one = {
    "3 by 3": np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
    "a single element": np.diag([1.0, 0.0]),
    "tall": np.outer([1.0, 2.0, 3.0], [1.0, -1.0]),
    "tall with zeros": np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]),
    "wide with zeros": np.array([[2.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
}


@pytest.mark.parametrize("f", [lambda a: np.linalg.norm(a, 2), lambda a: np.linalg.svdvals(a)[0] ** 3])
@pytest.mark.parametrize("shape", rank_one)
def test_the_largest_singular_value_of_a_matrix_of_rank_one_has_a_second_derivative(f, shape):
    a = rank_one[shape]
    weights = np.cos(np.arange(a.size)).reshape(a.shape)
    check = check_gradient(lambda a: np.sum(gradient(f, a)[0] * weights), a)
    assert check, check


def test_vectors_of_a_singular_value_that_is_zero_are_refused():
    weights = np.arange(6.0).reshape(3, 2)
    with pytest.raises(NoRuleError, match="singular vectors"):
        gradient(lambda a: np.sum(np.linalg.svd(a, full_matrices=False)[0] * weights), rank_one["tall with zeros"])


@pytest.mark.parametrize("a", [rank_one["3 by 3"], np.zeros((2, 2)), np.stack([np.eye(2), np.ones((2, 2))])])
def test_a_qr_decomposition_of_dependent_columns_is_refused(a):
    with pytest.raises(NoRuleError, match="columns depend on each other"):
        gradient(lambda a: np.sum(np.linalg.qr(a)[1] ** 2), a)
