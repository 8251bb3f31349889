# Mean and covariance of vectors with an LKJ prior; data: tables.json
import numpy as np
import pymc as pm

coords = {"axis": ["y", "x", "z"], "axis_bis": ["y", "x", "z"], "obs_id": np.arange(len(pairs))}

with pm.Model(coords=coords) as model:
    chol, corr, stds = pm.LKJCholeskyCov(
        "chol", n=3, eta=2.0, sd_dist=pm.Exponential.dist(1.0, shape=3), compute_corr=True
    )
    cov = pm.Deterministic("cov", chol.dot(chol.T), dims=("axis", "axis_bis"))
    mu = pm.Normal("mu", 0.0, sigma=1.5, dims="axis")
    obs = pm.MvNormal("obs", mu, chol=chol, observed=pairs, dims=("obs_id", "axis"))
