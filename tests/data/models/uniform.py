# Uniform with constant, vector and RV bounds, prior and observed; data: columns.json
import numpy as np
import pymc as pm

with pm.Model() as model:
    default = pm.Uniform("default")
    positional = pm.Uniform("positional", -3, 5)
    vector = pm.Uniform("vector", lower=0, upper=10, shape=3)
    bounds = pm.Uniform("bounds", lower=np.array([-1.0, 0.0]), upper=np.array([1.0, 4.0]))
    low = pm.Normal("low", 0, 1)
    width = pm.HalfNormal("width", 1)
    rv_bounds = pm.Uniform("rv_bounds", lower=low, upper=low + width, shape=2)

    pm.Uniform("bounded_obs", lower=-2 - width, upper=3 + vector[group], observed=y)
    pm.Normal("mean_obs", mu=default + positional + bounds[0] + rv_bounds[1], sigma=1, observed=x)
