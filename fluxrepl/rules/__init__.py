"""The derivatives: one NumPy function, one row.

    arithmetic.py      + - * / ** and the operators of a tracer
    elementwise.py     functions of one number, and a few of two: a table of derivatives
    complex.py         the parts of complex numbers, and functions that lead into the plane
    choices.py         where, maximum, minimum, clip, select: which operand gets the cotangent
    reductions.py      sum, mean, max, min
    running.py         prod, cumsum, cumprod
    shapes.py          reshape, transpose, broadcast, ...: the elements stay, their places change
    joins.py           concatenate, stack, split, ...
    indexing.py        x[i] and its like
    moves.py           one rule for all that only moves elements: sort, unique, delete, insert, ...
    pads.py            np.pad
    linalg.py          matrix products, and the other products of vectors and arrays
    einsum.py          np.einsum
    inverses.py        inv, det, solve, pinv, lstsq
    norms.py           norms and condition numbers
    decompositions.py  cholesky, qr
    eigen.py           eigh, eig
    singular.py        svd
    fourier.py         np.fft
    statistics.py      var, average, cov; leaving out nan
    quantiles.py       median, quantile, percentile
    calculus.py        diff, gradient, trapezoid, interp
    polynomials.py     polynomials and convolution
    creation.py        linspace, meshgrid, astype; functions of functions; histograms
    ufuncs.py          ufuncs with options, and their .reduce, .accumulate, .reduceat, .outer
    special.py         scipy.special, where it is installed
    made.py            places and unit matrices, made like an array in hand
    constant.py        functions through which no gradient flows
    refused.py         functions that are refused, each with the reason
    words.py           all of these in words of mathematics, for `explain`
    written.py         operations as a learner writes them, for `explain`

Importing this package fills the tables of `fluxrepl/ad/rule.py`. In a pullback, read `(ct, y, a, b)` as: the cotangent
`ct` has arrived at `y = fn(a, b)`; what goes back?
"""

from fluxrepl.ad import methods  # noqa: F401 - it enters the methods of a tracer

from . import (  # noqa: F401 - each enters its rules
    arithmetic,
    calculus,
    choices,
    complex,
    constant,
    creation,
    decompositions,
    eigen,
    einsum,
    elementwise,
    fourier,
    indexing,
    inverses,
    joins,
    linalg,
    moves,
    norms,
    pads,
    polynomials,
    quantiles,
    reductions,
    refused,
    running,
    shapes,
    singular,
    special,
    statistics,
    ufuncs,
)
