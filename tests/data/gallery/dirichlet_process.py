# A Dirichlet process mixture of Poisson counts by breaking sticks; data: clusters.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

K = 6

def stick_breaking(beta):
    portion_remaining = pt.concatenate([[1], pt.cumprod(1 - beta)[:-1]])
    return beta * portion_remaining

with pm.Model(coords={"component": np.arange(K), "obs_id": np.arange(len(counts))}) as model:
    alpha = pm.Gamma("alpha", 2.0, 1.0)
    beta = pm.Beta("beta", 1, alpha, dims="component")
    w = pm.Deterministic("w", stick_breaking(beta), dims="component")
    # the weights of a truncated process sum to less than one
    w_all = w / w.sum()
    mu = pm.Gamma("mu", 2.0, 0.2, dims="component")
    obs = pm.Mixture("obs", w_all, pm.Poisson.dist(mu), observed=counts, dims="obs_id")
