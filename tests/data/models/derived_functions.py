# Distributions written as functions of draws: hyperbolic and other functions, counts, vectors; data: ../gallery/lines.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

share = unit[:12]

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 0.3)
    sigma = pm.HalfNormal("sigma", 1)

    def of(run):
        return lambda mu, sigma, size: run(pm.Normal.dist(mu, sigma, size=size))

    pm.CustomDist("reciprocal", mu, sigma, dist=of(pt.reciprocal), observed=positive + 0.5)
    pm.CustomDist("over", sigma, dist=lambda s, size: s / pm.Gamma.dist(3, 2, size=size), observed=positive)
    pm.CustomDist("abs", mu, sigma, dist=of(pt.abs), observed=positive)
    pm.CustomDist("negative", mu, sigma, dist=of(lambda z: -z), observed=y)
    pm.CustomDist("sinh", mu, sigma, dist=of(pt.sinh), observed=y)
    pm.CustomDist("cosh", mu, sigma, dist=of(pt.cosh), observed=positive + 1)
    pm.CustomDist("tanh", mu, sigma, dist=of(pt.tanh), observed=share)
    pm.CustomDist("arcsinh", mu, sigma, dist=of(pt.arcsinh), observed=y / 3)
    pm.CustomDist("arccosh", sigma, dist=lambda s, size: pt.arccosh(1 + pm.Exponential.dist(s, size=size)), observed=positive / 4)
    pm.CustomDist("arctanh", dist=lambda size: pt.arctanh(pm.Uniform.dist(-1, 1, size=size)), observed=y)
    pm.CustomDist("erf", mu, sigma, dist=of(pt.erf), observed=share)
    pm.CustomDist("erfc", mu, sigma, dist=of(pt.erfc), observed=2 * share)
    pm.CustomDist("sigmoid", mu, sigma, dist=of(pm.math.invlogit), observed=share)
    pm.CustomDist("softplus", mu, sigma, dist=of(pt.softplus), observed=positive)
    pm.CustomDist("shifted_counts", sigma, dist=lambda s, size: 3 + pm.Poisson.dist(s, size=size), observed=counts + 3)
    pm.CustomDist("lost", sigma, dist=lambda s, size: -pm.Poisson.dist(s, size=size), observed=-counts)
    free = pm.CustomDist("free", mu, sigma, dist=of(pt.sinh), shape=3)
    pm.CustomDist("vectors", mu, dist=lambda mu, size: mu + 2 * pm.MvNormal.dist(np.zeros(2), np.eye(2) + 0.5, size=size), ndim_supp=1, observed=np.stack([x, y], axis=1))
