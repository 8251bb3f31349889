# A likelihood written in NumPy, as an operation of PyTensor with derivatives of its own
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.graph import Apply, Op

time = np.linspace(0.0, 6.0, 13)
seen = np.array([0.94, 1.51, 1.96, 2.21, 2.52, 2.58, 2.79, 2.86, 2.83, 2.97, 2.9, 3.04, 2.98])


def curve(theta):
    height, rate, base = theta
    return base + height * (1.0 - np.exp(-rate * time))


def log_likelihood(theta, sigma):
    residuals = (seen - curve(theta)) / sigma
    return -0.5 * residuals.dot(residuals) - len(seen) * (np.log(sigma) + 0.5 * np.log(2 * np.pi))


class Slopes(Op):
    def make_node(self, theta, sigma):
        theta, sigma = pt.as_tensor_variable(theta), pt.as_tensor_variable(sigma)
        return Apply(self, [theta, sigma], [theta.type(), sigma.type()])

    def perform(self, node, inputs, outputs):
        theta, sigma = inputs
        height, rate, base = theta
        residuals = seen - curve(theta)
        faded = np.exp(-rate * time)
        by_theta = np.stack([1.0 - faded, height * time * faded, np.ones(len(time))]) @ residuals / sigma**2
        outputs[0][0] = by_theta
        outputs[1][0] = np.asarray(residuals.dot(residuals) / sigma**3 - len(seen) / sigma)


class LogLikelihood(Op):
    itypes = [pt.dvector, pt.dscalar]
    otypes = [pt.dscalar]

    def __init__(self):
        self.slopes = Slopes()

    def perform(self, node, inputs, outputs):
        (theta, sigma) = inputs
        outputs[0][0] = np.array(log_likelihood(theta, sigma))

    def grad(self, inputs, given):
        by_theta, by_sigma = self.slopes(*inputs)
        return [given[0] * by_theta, given[0] * by_sigma]


with pm.Model() as model:
    height = pm.HalfNormal("height", 3)
    rate = pm.Gamma("rate", 2, 2)
    base = pm.Normal("base", 1, 1)
    sigma = pm.HalfNormal("sigma", 0.5)
    likelihood = LogLikelihood()
    pm.Potential("likelihood", likelihood(pt.stack([height, rate, base]), sigma))
