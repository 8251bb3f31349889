# A treated unit as a weighted mean of donors; data: tables.json
import numpy as np
import pymc as pm

coords = {"coeffs": ["d0", "d1", "d2", "d3"], "obs_ind": np.arange(len(treated))}
treatment = 16

with pm.Model(coords=coords) as synthetic:
    X = pm.Data("X", donors[:treatment], dims=("pre", "coeffs"))
    y = pm.Data("y", treated[:treatment], dims="pre")
    beta = pm.Dirichlet("beta", a=np.ones(len(coords["coeffs"])), dims="coeffs")
    sigma = pm.HalfNormal("sigma", 1)
    mu = pm.Deterministic("mu", pm.math.dot(X, beta), dims="pre")
    pm.Normal("y_hat", mu, sigma, observed=y, dims="pre")
    pm.Deterministic("counterfactual", pm.math.dot(donors[treatment:], beta))
