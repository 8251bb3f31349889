# Yield of mesquite bushes by their dimensions on the log scale (Gelman and Hill 2007), posteriordb; data: mesquite-logmesquite.data.json
import numpy as np
import pymc as pm

dimensions = np.log(np.stack([diam1, diam2, canopy_height, total_height, density], axis=1))
X = np.concatenate([np.ones((N, 1)), dimensions, group[:, None]], axis=1)

with pm.Model() as model:
    beta = pm.Flat("beta", shape=7)
    sigma = pm.HalfFlat("sigma")
    pm.Normal("log_weight", mu=pm.math.dot(X, beta), sigma=sigma, observed=np.log(weight))
