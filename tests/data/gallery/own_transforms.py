# Transforms of the file in chains, on top of default transforms, and of other shapes
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import Chain, Interval, log, logodds, ordered
from pymc.logprob.transforms import Transform

class Stretched(Transform):
    # y = asinh(x / scale)
    name = "stretched"

    def __init__(self, scale):
        self.scale = scale

    def forward(self, value, *inputs):
        return pt.arcsinh(value / self.scale)

    def backward(self, value, *inputs):
        return self.scale * pt.sinh(value)

    def log_jac_det(self, value, *inputs):
        return pt.log(self.scale * pt.cosh(value))

class Steps(Transform):
    # Differences, of which the first is the first number itself.
    name = "steps"
    ndim_supp = 1

    def forward(self, value, *inputs):
        return pt.concatenate([value[..., :1], value[..., 1:] - value[..., :-1]], axis=-1)

    def backward(self, value, *inputs):
        return pt.cumsum(value, axis=-1)

    def log_jac_det(self, value, *inputs):
        return pt.zeros(value.shape[:-1])

class Fixed(Transform):
    # The last number makes the sum 1; it is no parameter.
    name = "fixed"
    ndim_supp = 1

    def forward(self, value, *inputs):
        return value[..., :-1]

    def backward(self, value, *inputs):
        return pt.concatenate([value, 1 - pt.sum(value, axis=-1, keepdims=True)], axis=-1)

    def log_jac_det(self, value, *inputs):
        return pt.zeros(value.shape[:-1])

with pm.Model() as model:
    first = pm.Normal("first", 1, 2, shape=3, transform=Chain([Stretched(2.0), Steps()]), initval=[0.1, 0.5, 0.7])
    between = pm.Normal("between", 1, 2, shape=3, transform=Chain([ordered, Stretched(0.5)]), initval=[-1, 0.5, 0.7])
    before = pm.Normal("before", 1, 2, shape=3, transform=Chain([Stretched(0.5), ordered]), initval=[-1, 0.5, 0.7])
    positive = pm.Gamma("positive", 2, 1, shape=2, transform=Stretched(3.0))
    own = pm.Gamma("own", 2, 1, default_transform=Chain([log, Stretched(1.5)]), transform=Stretched(2.5))
    whole = pm.Normal("whole", [0.2, 0.3, 0.5], 1, transform=Fixed(), initval=[0.3, 0.3, 0.4])
    both = pm.Normal("both", [0.2, 0.3, 0.5], 1, transform=Chain([Fixed(), Stretched(0.7)]), initval=[0.3, 0.3, 0.4])
    total = first + between + before + positive.sum() + own + whole + both
    pm.Normal("y", pt.tanh(total), 1, observed=[1.0, 0.5, 2.0])
