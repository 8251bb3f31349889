# Overdispersed counts with an interaction and an exposure; data: lines.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

COORDS = {"regressor": ["treated", "x", "treated:x"], "obs_idx": np.arange(len(counts))}

with pm.Model(coords=COORDS) as m_sneeze_inter:
    a = pm.Normal("intercept", mu=0, sigma=5)
    b = pm.Normal("slopes", mu=0, sigma=1, dims="regressor")
    alpha = pm.Exponential("alpha", 0.5)

    T = pm.Data("treated", treated, dims="obs_idx")
    M = pm.Data("x", x, dims="obs_idx")

    mu = pt.exp(a + b[0] * T + b[1] * M + b[2] * T * M + np.log(exposure))
    y = pm.NegativeBinomial("y", mu=mu, alpha=alpha, observed=counts, dims="obs_idx")
