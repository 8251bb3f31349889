# Accelerated failure times of a Weibull with censored times; data: lifetimes.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

censored = event == 0

def weibull_lccdf(x, alpha, beta):
    """Log complementary cdf of Weibull distribution."""
    return -((x / beta) ** alpha)

with pm.Model() as model_1:
    alpha_sd = 10.0
    mu = pm.Normal("mu", mu=0, sigma=100)
    alpha_raw = pm.Normal("a0", mu=0, sigma=0.1)
    alpha = pm.Deterministic("alpha", pt.exp(alpha_sd * alpha_raw))
    slope = pm.Normal("slope", 0, 1)
    beta = pm.Deterministic("beta", pt.exp((mu + slope * metastasized) / alpha))

    y_obs = pm.Weibull("y_obs", alpha=alpha, beta=beta[~censored], observed=time[~censored])
    y_cens = pm.Potential("y_cens", weibull_lccdf(time[censored], alpha, beta[censored]))
