# A Gaussian process with a squared exponential covariance, posteriordb; data: gp_pois_regr-gp_regr.data.json
import numpy as np
import pymc as pm

squared_distance = (x[:, None] - x[None, :]) ** 2

with pm.Model() as model:
    rho = pm.Gamma("rho", alpha=25, beta=4)
    alpha = pm.HalfNormal("alpha", sigma=2)
    sigma = pm.HalfNormal("sigma", sigma=1)
    cov = alpha**2 * pm.math.exp(-squared_distance / (2 * rho**2)) + sigma * np.eye(len(x))
    pm.MvNormal("obs", mu=np.zeros(len(x)), cov=cov, observed=y)
