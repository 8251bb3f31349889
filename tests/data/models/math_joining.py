# Stacking and concatenating random variables, constants and data; data: columns.json
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    a = pm.Normal("a", 0, 1)
    b = pm.Normal("b", 0, 1, shape=2)
    c = pm.HalfNormal("c", 1, shape=3)

    joined = pm.math.concatenate([b, c])
    stacked = pm.math.stack([a, b[0], c[2]])
    with_zero = pt.concatenate([[0.0], b])
    columns = pt.stack([c, c**2], axis=1)
    mu = joined[1:4][group] + stacked[group] + with_zero[group] + pt.exp(columns[group, 1] * -0.5)
    pm.Normal("real_obs", mu=mu, sigma=1.5, observed=y)
    pm.Normal("zeros_obs", mu=pt.zeros(3) + b[1] * pt.ones(3), sigma=1, observed=[1.0, 0.5, 0.2])
