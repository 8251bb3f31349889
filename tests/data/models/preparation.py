# Preparation of data: indicators, powers, grids, boolean indices, labels of groups; data: columns.json
import numpy as np
import pandas as pd
import pymc as pm

design = pd.get_dummies(np.array(label), drop_first=True).values.astype(float)
powers = np.vander(np.array(x), 3, increasing=True)
rows, columns = np.meshgrid(np.arange(3), np.arange(2), indexing="ij")
index, labels = pd.factorize(np.array(label), sort=True)
by_label = {name: np.array(y)[index == k] for k, name in enumerate(labels)}

with pm.Model(coords={"label": labels}) as model:
    b = pm.Normal("b", 0, 1, shape=design.shape[1])
    c = pm.Normal("c", 0, 1, shape=3)
    grid = pm.Normal("grid", 0, 1, shape=(3, 2))
    m = pm.Normal("m", 0, 1, dims="label")
    pm.Normal("obs", design @ b + powers @ c + m[index] + grid[rows, columns].ravel(), 1, observed=y)
    for k, (name, values) in enumerate(by_label.items()):
        pm.StudentT(f"obs_{name}", nu=4, mu=m[k], sigma=1, observed=values)
