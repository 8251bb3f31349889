# Coefficients that share a variance explained, by what is known of their importance and their directions
import numpy as np
import pymc as pm
import pymc_extras as pmx

X = np.array([[0.3, -1.1, 0.8], [1.2, 0.4, -0.5], [-0.7, 0.9, 1.5], [0.1, -0.6, -1.3], [-0.9, 0.4, -0.5]])
y = np.array([1.1, 3.2, 0.4, 0.9, 1.5])

with pm.Model(coords={"variables": ["a", "b", "c"], "groups": ["u", "v"]}) as model:
    eps, beta = pmx.distributions.R2D2M2CP(
        "beta", y.std(), X.std(0), dims="variables", r2=0.8, r2_std=0.2, positive_probs=[0.8, 0.5, 0.1],
        positive_probs_std=[0.3, 0.1, 0.2], variables_importance=[10, 1, 34], centered=True,
    )
    pm.Normal("y", X @ beta, eps, observed=y)
    spread, plain = pmx.R2D2M2CP("plain", 1.3, X.std(0), dims="variables", r2=0.5)
    _, sure = pmx.R2D2M2CP(
        "sure", eps, X.std(0), dims=("variables",), r2=0.5, r2_std=0.1, positive_probs=[1.0, 0.5, 0.3],
        positive_probs_std=[0, 0.1, 0.2], variance_explained=[0.2, 0.3, 0.5], importance_concentration=10,
    )
    _, centred = pmx.R2D2M2CP(
        "centred", spread, X.std(0), dims=["groups", "variables"], r2=0.6, positive_probs=[1.0, 0.0, 0.3],
        centered=True,
    )
    pm.Normal("z", X @ (plain + sure + centred.sum(0)), eps + spread, observed=y)
