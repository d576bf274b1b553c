"""Automatic differentiation, small enough to read in one sitting.

Read the files in this order; together they are the lesson "how the engine works":

1. `record.py`      the read-only structure in which the gradient of an object is given;
2. `kinds.py`       the kinds of node in a structure: tuples, dicts, objects, functions;
3. `tree.py`        nested structures and their leaves, the numbers and arrays;
4. `rule.py`        what a derivative rule is, and the tables in which rules are looked up;
5. `locks.py`       why an array is not written into while a tape refers to it;
6. `tracer.py`      the stand-in for a number or an array while `f` runs;
7. `operands.py`    what stands beside a traced value is kept as it was;
8. `recording.py`   what is done to a tracer is computed at once, and written down;
9. `tape.py`        the record, in order, and the walk back along it;
10. `fit.py`        a cotangent is brought to the kind, shape and dtype of its operand;
11. `sums.py`       what comes back from several uses of a value is added up;
12. `seeds.py`      where the walk starts: the cotangent of the loss;
13. `ends.py`       numbers become tracers on the way in, cotangents become gradients on the way out;
14. `gradient.py`   `gradient`, `withgradient`, `pullback`, made of these;
15. `jacobian.py`   `jacobian` and `hessian`: whole matrices, row by row;
16. `products.py`   `jvp` and `hvp`: a Jacobian or a Hessian times a vector;
17. `methods.py`    the methods of an array, on a tracer;
18. `custom.py`     `rrule`: rules of your own;
19. `checkpoint.py` `checkpointed`: memory saved for a second run;
20. `finite.py`     finite differences: the check that all of the above is right;

and `errors.py`, `refusals.py` and `hints.py`: what can go wrong, said so that one learns from it.

The derivatives themselves are one floor up, in `fluxrepl/rules/`. Nothing here imports anything but NumPy.
"""
