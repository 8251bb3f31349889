# Binomial regression with a link to an aggregated outcome; data: lines.csv
import numpy as np
import pymc as pm

successes = np.minimum(counts, trials)
coords = {"observation": range(len(x))}

with pm.Model(coords=coords) as binomial_regression_model:
    x_data = pm.Data("x", x, dims="observation")
    n = pm.Data("n", trials, dims="observation")
    # priors
    beta0 = pm.Normal("beta0", mu=0, sigma=1)
    beta1 = pm.Normal("beta1", mu=0, sigma=1)
    # linear model
    mu = beta0 + beta1 * x_data
    p = pm.Deterministic("p", pm.math.invlogit(mu), dims="observation")
    # likelihood
    pm.Binomial("y", n=n, p=p, observed=successes, dims="observation")
