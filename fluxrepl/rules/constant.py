"""Functions through which no gradient flows: comparisons, tests, places, shapes.

Their result is plain, so what depends on an argument only through them has the gradient None: no path.
"""

import numpy as np

from fluxrepl.ad.rule import constant

constant(
    # comparisons and logic
    np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal,
    np.logical_and, np.logical_or, np.logical_xor, np.logical_not,
    np.isnan, np.isinf, np.isfinite, np.isposinf, np.isneginf, np.isclose, np.allclose, np.array_equal, np.array_equiv,
    np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj, np.signbit, np.isin, np.isfortran,
    # places
    np.argsort, np.argpartition, np.argwhere, np.nonzero, np.flatnonzero, np.searchsorted, np.digitize, np.lexsort,
    np.unravel_index, np.ravel_multi_index, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from,
    # shapes and types
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.min_scalar_type, np.common_type,
    np.zeros_like, np.ones_like, np.empty_like, np.may_share_memory, np.shares_memory,
    # bits and counts
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift, np.spacing,
    np.gcd, np.lcm,
    np.linalg.matrix_rank, np.einsum_path,
    # text
    np.array_repr, np.array_str, np.array2string,
)  # fmt: skip

# Some versions of NumPy have them.
constant(*[vars(np)[name] for name in ("bitwise_count", "in1d") if name in vars(np)])
