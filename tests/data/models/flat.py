# Flat and HalfFlat priors in a regression; data: columns.json
import pymc as pm

with pm.Model(coords={"coefficient": ["intercept", "slope"]}) as model:
    beta = pm.Flat("beta", dims="coefficient")
    shift = pm.Flat("shift")
    sigma = pm.HalfFlat("sigma")
    scales = pm.HalfFlat("scales", shape=3)

    pm.Normal("first_obs", mu=beta[0] + beta[1] * x, sigma=sigma, observed=y)
    pm.Normal("second_obs", mu=shift, sigma=scales[group], observed=x)
