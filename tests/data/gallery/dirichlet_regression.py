# Compositions that change with a dose; data: tables.json
import numpy as np
import pymc as pm

shares = shares / shares.sum(axis=1, keepdims=True)

with pm.Model(coords={"part": ["a", "b", "c"]}) as model:
    intercept = pm.Normal("intercept", 0, 1, dims="part")
    slope = pm.Normal("slope", 0, 1, dims="part")
    eta = intercept + dose[:, None] * slope
    pm.Dirichlet("shares", a=pm.math.exp(eta), observed=shares)
