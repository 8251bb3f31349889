# Transforms that the file writes, and bounds that are functions of the parameters.
import numpy as np
import pymc as pm
import pytensor.tensor as pt

tr = pm.distributions.transforms


class Sinh(tr.Transform):
    name = "sinh"

    def __init__(self, stretch=1.0):
        self.stretch = stretch

    def forward(self, value, *inputs):
        return pt.arcsinh(value) * self.stretch

    def backward(self, value, *inputs):
        return pt.sinh(value / self.stretch)

    def log_jac_det(self, value, *inputs):
        return pt.log(pt.cosh(value / self.stretch)) - np.log(self.stretch)


class Standardised(tr.Transform):
    name = "standardised"

    def forward(self, value, rng, size, mu, sigma):
        return (value - mu) / sigma

    def backward(self, value, rng, size, mu, sigma):
        return value * sigma + mu

    def log_jac_det(self, value, rng, size, mu, sigma):
        return pt.log(sigma) + pt.zeros_like(value)


class Rising(tr.Transform):
    name = "rising"
    ndim_supp = 1

    def forward(self, value, *inputs):
        steps = pt.log(value[..., 1:] - value[..., :-1])
        return pt.concatenate([value[..., :1], steps], axis=-1)

    def backward(self, value, *inputs):
        steps = pt.concatenate([value[..., :1], pt.exp(value[..., 1:])], axis=-1)
        return pt.cumsum(steps, axis=-1)

    def log_jac_det(self, value, *inputs):
        return pt.sum(value[..., 1:], axis=-1)


def around(rng, size, mu, sigma):
    return mu - 3 * sigma, mu + 2 * sigma


with pm.Model() as model:
    plain = pm.Normal("plain", 1.0, 2.0, transform=Sinh())
    many = pm.Normal("many", plain, 2.0, shape=3, transform=Sinh(2.0))
    scale = pm.Gamma("scale", 2.0, 1.0, transform=Sinh(0.5))
    instead = pm.Normal("instead", plain, scale, default_transform=Standardised(), initval=0.3)
    rising = pm.Normal("rising", 1.0, 2.0, shape=3, transform=Rising(), initval=[1.0, 2.0, 4.0])
    bounded = pm.Normal("bounded", plain, scale, transform=tr.Interval(bounds_fn=around))
    above = pm.Normal(
        "above", 0.0, 1.0, default_transform=tr.Interval(bounds_fn=lambda *inputs: (inputs[-2] - 1.0, None))
    )
    both = pm.Normal(
        "both", 2.0, 1.0, shape=3, transform=tr.Chain([tr.log, tr.ordered]), initval=[1.0, 2.0, 3.0]
    )
    factor = pm.Normal(
        "factor", 1.0, 1.0, shape=6, transform=tr.CholeskyCovPacked(3), initval=np.array([1.0, 0.2, 2.0, 0.1, 0.3, 1.5])
    )
    free = pm.HalfNormal("free", 20.0, transform=None)
