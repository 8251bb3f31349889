# Poisson with scalar, indexed and log-linear rates; data: columns.json
import numpy as np
import pymc as pm

with pm.Model() as model:
    rate = pm.Gamma("rate", 2, 1)
    rates = pm.Exponential("rates", 0.5, shape=3)
    alpha = pm.Normal("alpha", 0, 1)
    beta = pm.Normal("beta", 0, 0.5)

    pm.Poisson("scalar_obs", rate, observed=count)
    pm.Poisson("indexed_obs", mu=rates[group] * scale, observed=count)
    pm.Poisson("offset_obs", mu=pm.math.exp(alpha + beta * x + np.log(positive)), observed=count)
