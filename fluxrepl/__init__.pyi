"""What `__init__.py` gives, for editors and type checkers: they read, and do not run, so each name stands here."""

from typing import Any

import numpy as np

import fluxrepl as flux

from .ad.checkpoint import checkpointed as checkpointed
from .ad.custom import rrule as rrule
from .ad.errors import EscapedTracerError as EscapedTracerError
from .ad.errors import FluxError as FluxError
from .ad.errors import LostGradientError as LostGradientError
from .ad.errors import MutationError as MutationError
from .ad.errors import NoRuleError as NoRuleError
from .ad.errors import NotFiniteError as NotFiniteError
from .ad.errors import NotScalarError as NotScalarError
from .ad.errors import ShapeError as ShapeError
from .ad.finite import GradientCheck as GradientCheck
from .ad.finite import check_gradient as check_gradient
from .ad.gradient import WithGradient as WithGradient
from .ad.gradient import gradient as gradient
from .ad.gradient import ignore_derivatives as ignore_derivatives
from .ad.gradient import pullback as pullback
from .ad.gradient import withgradient as withgradient
from .ad.jacobian import hessian as hessian
from .ad.jacobian import jacobian as jacobian
from .ad.products import hvp as hvp
from .ad.products import jvp as jvp
from .ad.record import Record as Record
from .ad.record import record as record
from .nn.activations import identity as identity
from .nn.activations import logsoftmax as logsoftmax
from .nn.activations import logsumexp as logsumexp
from .nn.activations import relu as relu
from .nn.activations import sigmoid as sigmoid
from .nn.activations import softmax as softmax
from .nn.activations import tanh as tanh
from .nn.activations import σ as σ
from .nn.advice import FluxWarning as FluxWarning
from .nn.chain import Chain as Chain
from .nn.chain import activations as activations
from .nn.chance import seed as seed
from .nn.compose import compose as compose
from .nn.dense import Dense as Dense
from .nn.dense import create_bias as create_bias
from .nn.device import cpu as cpu
from .nn.device import f16 as f16
from .nn.device import f32 as f32
from .nn.device import f64 as f64
from .nn.device import gpu as gpu
from .nn.initialisers import glorot_normal as glorot_normal
from .nn.initialisers import glorot_uniform as glorot_uniform
from .nn.initialisers import kaiming_normal as kaiming_normal
from .nn.initialisers import kaiming_uniform as kaiming_uniform
from .nn.initialisers import lecun_normal as lecun_normal
from .nn.initialisers import rand32 as rand32
from .nn.initialisers import randn32 as randn32
from .nn.initialisers import truncated_normal as truncated_normal
from .nn.layer import layer as layer
from .nn.layer import trainable as trainable
from .nn.losses import crossentropy as crossentropy
from .nn.losses import logitcrossentropy as logitcrossentropy
from .nn.losses import mae as mae
from .nn.losses import mse as mse
from .nn.optimise import Adam as Adam
from .nn.optimise import Descent as Descent
from .nn.optimise import setup as setup
from .nn.optimise import update as update
from .nn.patterns import identity_init as identity_init
from .nn.patterns import ones32 as ones32
from .nn.patterns import orthogonal as orthogonal
from .nn.patterns import sparse_init as sparse_init
from .nn.patterns import zeros32 as zeros32
from .nn.sizes import nfan as nfan
from .nn.summary import trainables as trainables
from .nn.train import train as train
from .show.check_nan import check_nan as check_nan
from .show.explain import Explanation as Explanation
from .show.explain import explain as explain
from .version import __version__ as __version__

__all__ = [
    "Adam",
    "Chain",
    "Dense",
    "Descent",
    "compose",
    "cpu",
    "create_bias",
    "explain",
    "flux",
    "glorot_uniform",
    "gpu",
    "gradient",
    "hessian",
    "hvp",
    "identity",
    "ignore_derivatives",
    "jacobian",
    "layer",
    "logitcrossentropy",
    "logsoftmax",
    "logsumexp",
    "mse",
    "np",
    "pullback",
    "record",
    "relu",
    "setup",
    "sigmoid",
    "softmax",
    "tanh",
    "train",
    "update",
    "withgradient",
    "σ",
]

NAMES: dict[str, list[str]]

def load_ipython_extension(shell: Any) -> None: ...
def unload_ipython_extension(shell: Any) -> None: ...
