# Missing values in observed data become parameters, of predictors and of outcomes
import numpy as np
import pymc as pm

heights = np.array([0.3, np.nan, -1.2, 0.8, np.nan, 1.1])
waits = np.ma.masked_values([1.5, -99.0, 0.2, 2.5], value=-99.0)
shares = np.array([[0.2, np.nan], [0.7, 0.4]])

with pm.Model(coords={"person": range(6)}) as model:
    level = pm.Normal("level", 0, 1)
    spread = pm.Exponential("spread", 1)
    height = pm.Normal("height", mu=level, sigma=spread, observed=heights, dims="person")
    pm.Exponential("wait", lam=[0.5, 1.0, 1.5, 2.0], observed=waits)
    pm.Beta("share", alpha=np.array([2.0, 3.0]), beta=1.5, observed=shares)
    pm.Normal("weight", mu=2 * height, sigma=0.5, observed=[0.5, 1.0, -2.0, 1.5, 0.2, 2.5])
