# Censored and truncated regressions side by side; data: lifetimes.csv
import numpy as np
import pymc as pm

bounds = [85, 130]
z = (time - time.mean()) / time.std()

with pm.Model() as model:
    slope = pm.Normal("slope", mu=0, sigma=5)
    intercept = pm.Normal("intercept", mu=100, sigma=20)
    sigma = pm.HalfNormal("sigma", sigma=15)
    y_latent = pm.Normal.dist(mu=slope * z + intercept, sigma=sigma)
    pm.Censored("censored", y_latent, lower=bounds[0], upper=bounds[1], observed=score)

    mu0 = pm.Normal("mu0", 1, 1)
    s0 = pm.HalfNormal("s0", 2)
    pm.Censored("readings", pm.Normal.dist(mu0, s0), lower=0, upper=None, observed=reading)
    normal_dist = pm.Normal.dist(mu=mu0, sigma=s0)
    keep = (speed > 0) & (speed < 4)
    pm.Truncated("truncated", normal_dist, lower=0, upper=4, observed=speed[keep])
