"""Automatic differentiation, small enough to read in one sitting.

Read the files in this order; together they are the lesson "how the engine works":

1. `record.py`    the read-only structure in which the gradient of an object is given;
2. `tree.py`      nested structures and their leaves, the numbers and arrays;
3. `rule.py`      what a derivative rule is, and the tables in which rules are looked up;
4. `locks.py`     why an array is not written into while a tape refers to it;
5. `tracer.py`    the stand-in for a number or an array while `f` runs;
6. `recording.py` what is done to a tracer is computed at once, and written down;
7. `tape.py`      the record, in order, and the walk back along it;
8. `fit.py`       a cotangent is brought to the kind, shape and dtype of its operand;
9. `sums.py`      what comes back from several uses of a value is added up;
10. `seeds.py`    where the walk starts: the cotangent of the loss;
11. `ends.py`     numbers become tracers on the way in, cotangents become gradients on the way out;
12. `gradient.py` `gradient`, `withgradient`, `pullback`, `jacobian`, `hessian`, made of these;
13. `methods.py`  the methods of an array, on a tracer;
14. `products.py` `jvp` and `hvp`: a Jacobian or a Hessian times a vector;
15. `custom.py`   `rrule`, rules of your own, and `checkpointed`;
16. `finite.py`   finite differences: the check that all of the above is right;

and `errors.py` and `refusals.py`: what can go wrong, said so that one learns from it.

The derivatives themselves are one floor up, in `fluxrepl/rules/`. Nothing here imports anything but NumPy.
"""
