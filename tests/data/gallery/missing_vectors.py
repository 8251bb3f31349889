# Traits of related species, some of which were not measured: whole vectors with missing elements
import numpy as np
import pymc as pm

distance = np.abs(np.subtract.outer(np.arange(5.0), [0.0, 1.0, 2.5, 3.0, 4.0]))
mass = np.array([0.3, np.nan, -0.4, 1.1, np.nan])
brain = np.array([0.1, 0.6, np.nan, 0.9, -0.7])

with pm.Model(coords={"species": ["a", "b", "c", "d", "e"]}) as model:
    scale = pm.HalfNormal("scale", 1.0)
    covariance = scale**2 * np.exp(-np.minimum(distance, distance.T)) + 0.5 * np.eye(5)
    M = pm.MvNormal("M", mu=0.2, cov=covariance, observed=mass, dims="species")
    slope = pm.Normal("slope", 0.0, 1.0)
    pm.MvNormal("B", mu=slope * M, cov=covariance, observed=brain, dims="species")
