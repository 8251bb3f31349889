# Expected deaths: a trend, effects of months that sum to zero, temperature; data: series.json
import numpy as np
import pymc as pm

month_names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

def ZeroSumNormal(name, *, sigma=None, active_dims=None, dims):
    return pm.ZeroSumNormal(name, sigma=1 if sigma is None else sigma, dims=dims)

with pm.Model(coords={"month": month_names}) as model:
    # observed predictors and outcome
    month_idx = pm.Data("month_idx", month, dims="t")
    time = pm.Data("time", t, dims="t")
    temp = pm.Data("temp", (temperature - temperature.mean()) / temperature.std(), dims="t")
    y = pm.Data("deaths", deaths, dims="t")

    # priors
    intercept = pm.Normal("intercept", 100, 20)
    month_mu = ZeroSumNormal("month mu", sigma=3, dims="month")
    linear_trend = pm.TruncatedNormal("linear trend", 0, 1, lower=0)
    temp_coeff = pm.Normal("temp coeff", 0, 2)
    sigma = pm.HalfNormal("sigma", 3)

    # the actual linear model
    mu = pm.Deterministic(
        "mu", intercept + (linear_trend * time) + month_mu[month_idx] + (temp_coeff * temp), dims="t"
    )
    # likelihood
    pm.TruncatedNormal("obs", mu=mu, sigma=sigma, lower=0, observed=y, dims="t")
