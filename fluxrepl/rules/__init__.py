"""The derivatives: one NumPy function, one row.

    arithmetic.py   + - * / ** and the operators of a tracer
    elementwise.py  functions of one number, and a few of two: a table of derivatives
    choices.py      where, maximum, minimum, clip: which operand gets the cotangent
    reductions.py   sum, mean, max, prod, var, cumsum, ...
    shapes.py       reshape, transpose, broadcast, ...: the elements stay, their places change
    joins.py        concatenate, stack, split, ...
    indexing.py     x[i] and its like
    linalg.py       matrix products, and the first functions of np.linalg
    constant.py     functions through which no gradient flows

Importing this package fills the tables of `fluxrepl/ad/rule.py`. In a pullback, read `(ct, y, a, b)` as: the cotangent
`ct` has arrived at `y = fn(a, b)`; what goes back?
"""

from fluxrepl.ad import methods  # noqa: F401

from . import arithmetic, choices, constant, elementwise, indexing, joins, linalg, reductions, shapes  # noqa: F401
