# Probit regression of a binary outcome on two predictors; data: lines.csv
import numpy as np
import pymc as pm

X = np.column_stack([np.ones(len(x)), x, z])

with pm.Model(coords={"coef": ["intercept", "x", "z"]}) as model:
    b = pm.Normal("b", 0.0, 1.5, dims="coef")
    p = pm.Deterministic("p", pm.math.invprobit(pm.math.dot(X, b)))
    pm.Bernoulli("outcome", p=p, observed=binary)
