# Censored exponential and Weibull times, by the distribution of what is seen; data: lifetimes.csv
import numpy as np
import pymc as pm

upper = np.where(event == 1, np.inf, time)

with pm.Model() as censored_model:
    b0 = pm.Normal("b0", 1, 1)
    b1 = pm.Normal("b1", 0, 1)
    k = pm.Gamma("k", 4, 3)
    latent = pm.Weibull.dist(alpha=k, beta=pm.math.exp(b0 + b1 * metastasized))
    pm.Censored("time", latent, lower=None, upper=upper, observed=time)
    pm.Deterministic("ratio", pm.math.exp(b1))
