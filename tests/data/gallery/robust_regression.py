# Robust regression with Student's t errors and an estimated number of degrees of freedom; data: lines.csv
import pymc as pm

with pm.Model() as robust_model:
    xdata = pm.Data("x", x, dims="obs_id")

    # priors
    intercept = pm.Normal("intercept", mu=0, sigma=1)
    slope = pm.Normal("slope", mu=0, sigma=1)
    sigma = pm.HalfCauchy("sigma", beta=10)

    mu = pm.Deterministic("mu", intercept + slope * xdata, dims="obs_id")

    # df = nu + 1 keeps the mean of the errors finite
    nu = pm.Exponential("nu", 1 / 29)
    likelihood = pm.StudentT("y", mu=mu, sigma=sigma, nu=nu + 1, observed=y, dims="obs_id")
