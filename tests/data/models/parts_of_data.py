# Data that stand for more along several axes, mixtures of vectors, and components that are functions of the file.
import numpy as np
import pymc as pm
import pytensor.tensor as pt


def raised(mu, size):
    return pm.math.exp(pm.Normal.dist(mu, 1.0, size=size))


def squared(value, mu):
    return -((value - mu) ** 2) / 2


def middle(rv, size, mu):
    return pt.full(size, 3.0)


with pm.Model() as model:
    m = pm.Normal("m", 0.3, 1.0)
    w = pm.Dirichlet("w", np.ones(2))
    pm.Normal("both", m, 1.0, observed=np.arange(10.0).reshape(5, 2), total_size=[100, 20])
    pm.Normal("columns", m, 1.0, observed=np.arange(10.0).reshape(5, 2), total_size=(None, 20))
    pm.Normal("last", m, 1.0, observed=np.arange(10.0).reshape(5, 2), total_size=[..., 20])
    pm.Mixture("shares", w, [pm.Dirichlet.dist([1.0, 2.0, 3.0]), pm.Dirichlet.dist([3.0, 2.0, 1.0])])
    pm.Mixture("amounts", w, [pm.CustomDist.dist(m, dist=raised), pm.Gamma.dist(2.0, 1.0)], observed=[2.0, 3.0])
    pm.CustomDist("started", m, logp=squared, support_point=middle, shape=3)
