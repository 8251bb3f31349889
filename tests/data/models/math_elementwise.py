# Elementwise functions of pm.math and pt on random variables and on data; data: columns.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    a = pm.Normal("a", mu=x, sigma=1)
    b = pm.HalfNormal("b", 1, shape=6)
    c = pm.Beta("c", 2, 2)

    smooth = pm.math.exp(0.5 * a) + pm.math.log(b) + pm.math.sqrt(b) + pm.math.tanh(a) + pm.math.sqr(a)
    waves = pm.math.sin(a) * pm.math.cos(b) + pm.math.abs(a) + pt.log1p(b) - pt.expm1(-b)
    links = pm.math.invlogit(a) + pm.math.sigmoid(-b) + pm.math.logit(c) + pm.math.log1pexp(a)
    powers = a**2 + b**-0.5 + b**c + 2**a - (a - x) / (1 + b) + (-a) ** 3
    columns = np.log(positive) + np.exp(x) * np.sqrt(scale) - np.abs(y) + np.log1p(positive) + x**2
    pm.Normal("real_obs", mu=smooth + waves + links + powers + columns, sigma=5, observed=y)
    pm.Normal("error_obs", mu=pm.math.erf(a) + pt.gammaln(1 + b), sigma=2, observed=x)
