# Coords and dims in one and two dimensions, labels of a column as an index, data containers; data: columns.json
import numpy as np
import pandas as pd
import pymc as pm

label_idx, labels = pd.factorize(label)
coords = {"label": labels, "effect": ["intercept", "slope"], "row": np.arange(len(y))}

with pm.Model(coords=coords) as model:
    x_data = pm.Data("x_data", x, dims="row")
    mu = pm.Normal("mu", 0, 2, dims="effect")
    sigma = pm.Exponential("sigma", 1, dims="effect")
    z = pm.Normal("z", 0, 1, dims=("label", "effect"))
    effects = pm.Deterministic("effects", mu + z * sigma, dims=("label", "effect"))
    noise = pm.HalfNormal("noise", rate)

    line = effects[label_idx, 0] + effects[label_idx, 1] * x_data
    pm.Normal("real_obs", mu=line, sigma=noise, observed=y, dims="row")
