# Weights that depend on a predictor; data: clusters.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    a = pm.Normal("a", 0, 2, shape=(1, 2))
    b = pm.Normal("b", 0, 2, shape=(1, 2))
    gate = pm.Normal("gate", 0, 1, shape=2)
    p = pm.math.sigmoid(gate[0] + gate[1] * x)
    w = pt.stack([p, 1 - p], axis=-1)
    sigma = pm.HalfNormal("sigma", 1, shape=2)
    components = pm.Normal.dist(mu=a + b * x[:, None], sigma=sigma)
    pm.Mixture("y", w=w, comp_dists=components, observed=y)
