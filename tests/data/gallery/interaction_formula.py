# A regression with an interaction, its design matrix by a formula; data: lines.csv
import numpy as np
import pymc as pm
from patsy import dmatrix

X = np.asarray(dmatrix("x * z + x:treated", {"x": x, "z": z, "treated": treated}))

with pm.Model(coords={"term": ["Intercept", "x", "z", "x:z", "x:treated"]}) as model:
    beta = pm.Normal("beta", 0, 10, dims="term")
    sigma = pm.HalfNormal("sigma", 10)
    pm.Normal("y", mu=pm.math.dot(X, beta), sigma=sigma, observed=y)
