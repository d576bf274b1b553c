"""fluxrepl: gradients and layers you can see.

The public names live here and load on first use (PEP 562), so that `import fluxrepl` costs nothing:
`NAMES` says in which module each is defined. `from fluxrepl import *` gives `__all__`, the names
with which the REPL, the kernel and the lessons start.

Example:
    >>> import fluxrepl as flux
    >>> flux.gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)
    (14.0,)

"""

from importlib import import_module

from .version import __version__ as __version__

TYPE_CHECKING = False  # to import typing would take longer than all the rest of this file
if TYPE_CHECKING:
    from typing import Any

# module → the public names defined there; those in __all__ are given by `from fluxrepl import *`.
NAMES = {
    "ad.errors": [
        "FluxError", "NotScalarError", "NoRuleError", "MutationError", "LostGradientError", "ShapeError",
        "EscapedTracerError", "NotFiniteError",
    ],
    "ad.gradient": [
        "gradient", "withgradient", "WithGradient", "pullback", "ignore_derivatives",
    ],
    "ad.jacobian": ["jacobian", "hessian"],
    "ad.products": ["jvp", "hvp"],
    "ad.custom": ["rrule"],
    "ad.checkpoint": ["checkpointed"],
    "ad.finite": ["check_gradient", "GradientCheck"],
    "ad.record": ["record", "Record"],
    "nn.advice": ["FluxWarning"],
    "nn.layer": ["layer", "trainable"],
    "nn.dense": ["Dense", "create_bias"],
    "nn.chain": ["Chain", "activations"],
    "nn.compose": ["compose"],
    "nn.activations": ["identity", "relu", "sigmoid", "σ", "tanh", "softmax", "logsoftmax", "logsumexp"],
    "nn.initialisers": [
        "glorot_uniform", "glorot_normal", "kaiming_uniform", "kaiming_normal", "lecun_normal", "truncated_normal",
        "rand32", "randn32",
    ],
    "nn.patterns": ["orthogonal", "sparse_init", "identity_init", "zeros32", "ones32"],
    "nn.sizes": ["nfan"],
    "nn.chance": ["seed"],
    "nn.device": ["gpu", "cpu", "f16", "f32", "f64"],
    "nn.losses": ["mse", "mae", "crossentropy", "logitcrossentropy"],
    "nn.optimise": ["Descent", "Adam", "setup", "update"],
    "nn.train": ["train"],
    "nn.summary": ["trainables"],
    "show.check_nan": ["check_nan"],
    "show.explain": ["explain", "Explanation"],
}  # fmt: skip

__all__ = [
    "flux", "np",
    "gradient", "withgradient", "pullback", "jacobian", "hessian", "hvp", "ignore_derivatives", "record",
    "explain",
    "Dense", "Chain", "layer", "compose", "create_bias", "glorot_uniform",
    "identity", "relu", "sigmoid", "σ", "tanh", "softmax", "logsoftmax", "logsumexp",
    "gpu", "cpu", "mse", "logitcrossentropy", "Descent", "Adam", "setup", "update", "train",
]  # fmt: skip

_HOME = {name: module for module, names in NAMES.items() for name in names}


def __getattr__(name: str) -> "Any":
    if name == "np":
        value = import_module("numpy")
    elif name == "flux":
        value = import_module("fluxrepl")
    elif name in _HOME:
        import_module(".rules", __name__)  # the derivative tables fill when they are first needed
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    else:
        raise AttributeError(f"module 'fluxrepl' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME, "np", "flux"})


def load_ipython_extension(shell: "Any") -> None:
    """`%load_ext fluxrepl`: names, displays, errors and `%lesson` in any session of IPython or Jupyter."""
    import_module(".kernel.extension", __name__).load_ipython_extension(shell)


def unload_ipython_extension(shell: "Any") -> None:
    """`%unload_ext fluxrepl` takes them away again."""
    import_module(".kernel.extension", __name__).unload_ipython_extension(shell)
