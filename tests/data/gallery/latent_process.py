# A latent Gaussian process by the factor of its covariance, with counts; data: lines.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

distance = (x[:, None] - x[None, :]) ** 2

with pm.Model(coords={"obs": np.arange(len(x))}) as gp_model:
    ell = pm.InverseGamma("ell", alpha=5, beta=5)
    eta = pm.HalfNormal("eta", sigma=1)
    K = eta**2 * pt.exp(-0.5 * distance / ell**2) + 1e-4 * pt.eye(len(x))
    L = pt.linalg.cholesky(K)
    z = pm.Normal("z", 0, 1, dims="obs")
    f = pm.Deterministic("f", L @ z, dims="obs")
    pm.Poisson("count", mu=pm.math.exp(0.2 * f), observed=counts, dims="obs")
