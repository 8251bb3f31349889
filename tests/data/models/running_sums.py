# Running sums and products along axes
import numpy as np
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    steps = pm.Normal("steps", mu=0, sigma=0.3, shape=30)
    table = pm.Normal("table", mu=1, sigma=0.2, shape=(4, 5))
    path = pm.Deterministic("path", pt.cumsum(steps))
    pm.Deterministic("rows", pt.cumsum(table, axis=1))
    pm.Deterministic("products", pt.cumprod(table, axis=0))
    pm.Normal("observed", mu=path, sigma=0.5, observed=np.linspace(-1, 2, 30))
    pm.Potential("last", -pt.sum(pt.cumprod(table, axis=0)[-1] ** 2) - 0.1 * pt.sum(pt.cumsum(table, axis=1) ** 2))
