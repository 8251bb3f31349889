# Factors of four measurements, their number told by the eigenvalues of their covariance. data: measurements.json
# Tipping and Bishop (1999), Probabilistic principal component analysis, equation 4.
import numpy as np
import pymc as pm
import pytensor.tensor as pt

columns = measured.shape[1]
with pm.Model(coords={"measure": np.arange(columns), "axis": np.arange(2)}) as model:
    width = pm.HalfNormal("width", 1.0)
    start = np.cos(np.arange(2.0 * columns)).reshape(columns, 2)
    loadings = pm.Normal("loadings", 0.0, width, dims=("measure", "axis"), initval=start)
    sigma = pm.HalfNormal("sigma", 1.0)
    covariance = loadings @ loadings.T + sigma**2 * pt.eye(columns) + np.diag(np.linspace(0.1, 0.3, columns))
    sizes, axes = pt.linalg.eigh(covariance)
    pm.Deterministic("share", sizes[-1] / sizes.sum())
    pm.Potential("gap", -0.5 * (pt.log(sizes[-2:]) - np.array([0.0, 1.0])) ** 2)
    pm.Potential("towards", pm.logp(pm.Beta.dist(2.0, 3.0), 0.01 + 0.98 * axes[0, -1] ** 2))
    stretched = pt.linalg.svd(loadings, full_matrices=False)[1]
    pm.Potential("stretched", pm.logp(pm.Gamma.dist(2.0, 1.0), stretched))
    pm.MvNormal("y", np.zeros(columns), cov=covariance, observed=measured)
