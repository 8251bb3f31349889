# An instrument: treatment and outcome with correlated errors; data: lines.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as iv_model:
    # initialising the regression parameters
    beta_t = pm.Normal("beta_t", [0, 0], [1, 10], shape=2)
    beta_z = pm.Normal("beta_z", 0, 10, shape=2)

    # the two outcomes
    mu_y = beta_z[0] + beta_z[1] * x
    mu_t = beta_t[0] + beta_t[1] * z

    # covariance of the errors
    sd_dist = pm.Exponential.dist(1, shape=2)
    chol, corr, sigmas = pm.LKJCholeskyCov("chol_cov", eta=2, n=2, sd_dist=sd_dist)
    # compute and store the covariance matrix
    pm.Deterministic("cov", pt.dot(chol, chol.T))
    mu = pt.stack(tensors=[mu_y, mu_t], axis=1)
    pm.MvNormal("likelihood", mu=mu, chol=chol, observed=np.stack((y, x), axis=1))
