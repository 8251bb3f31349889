# One factor summed out: a covariance of loadings and uniquenesses; data: tables.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    loadings = pm.HalfNormal("loadings", 1, shape=3)
    psi = pm.HalfNormal("psi", 1, shape=3)
    mean = pm.Normal("mean", 0, 2, shape=3)
    cov = pt.outer(loadings, loadings) + pt.diag(psi**2)
    pm.MvNormal("obs", mu=mean, cov=cov, observed=pairs)
