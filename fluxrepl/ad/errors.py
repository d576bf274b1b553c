"""What can go wrong, said so that one learns from it.

    FluxError
    ├── NotScalarError       a ValueError           a gradient was asked of something that is not one real number
    ├── NoRuleError          a NotImplementedError  a function whose derivative is not known here
    ├── MutationError        a TypeError            a traced array was about to be written into
    ├── LostGradientError    a TypeError            a traced value was about to become a plain number
    ├── EscapedTracerError   a RuntimeError         a tracer was used after its gradient was finished
    ├── ShapeError           a ValueError           sizes that do not fit, with the axis and both sizes
    └── NotFiniteError       an ArithmeticError     a NaN or Inf where training, or `check_nan`, cannot go on

The first line of a message says what happened; the notes below it (`BaseException.add_note`) say why,
and what to write instead.
"""

from typing import TypeVar

E = TypeVar("E", bound=BaseException)


class FluxError(Exception):
    """The parent of every error that fluxrepl raises on purpose."""


class NotScalarError(FluxError, ValueError):
    """A gradient is defined for one real number; the function returned something else."""


class NoRuleError(FluxError, NotImplementedError):
    """No derivative is known for this function, so the gradient would be wrong without a word."""


class MutationError(FluxError, TypeError):
    """A traced array was about to be written into; the tape could not tell the old values from the new."""


class LostGradientError(FluxError, TypeError):
    """A traced value was about to become a plain number, which would cut the path of the gradient."""


class EscapedTracerError(FluxError, RuntimeError):
    """A tracer left the function it was made for, and was used after that gradient was finished."""


class ShapeError(FluxError, ValueError):
    """Sizes that do not fit together; the message names the axis and both sizes."""


class NotFiniteError(FluxError, ArithmeticError):
    """A number that is NaN or infinite: the loss of a training step, or a cotangent under `check_nan`."""


def teach(error: E, *notes: str) -> E:
    """Add teaching notes to an error and give it back, ready to raise."""
    for note in notes:
        error.add_note(note)
    return error
