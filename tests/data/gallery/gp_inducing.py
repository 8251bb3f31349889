# Gaussian process regression by inducing points, in three ways.
import numpy as np
import pymc as pm

rng = np.random.default_rng(8)
X = np.sort(rng.uniform(0, 10, 40))[:, None]
Xu = np.linspace(0, 10, 7)[:, None]
y = np.sin(X[:, 0]) + rng.normal(0, 0.3, 40)

with pm.Model() as model:
    ell = pm.Gamma("ell", alpha=3, beta=2)
    eta = pm.HalfNormal("eta", 1)
    sigma = pm.HalfNormal("sigma", 1)
    level = pm.Normal("level", 0, 1)
    cov = eta**2 * pm.gp.cov.Matern52(1, ls=ell) + pm.gp.cov.Linear(1, c=5.0) * 0.01
    mean = pm.gp.mean.Constant(level)
    gp = pm.gp.MarginalApprox(mean_func=mean, cov_func=cov)
    gp.marginal_likelihood("y", X=X, Xu=Xu, y=y, sigma=sigma)
    fitc = pm.gp.MarginalApprox(approx="FITC", mean_func=mean, cov_func=cov) + pm.gp.MarginalApprox(approx="FITC", cov_func=pm.gp.cov.Constant(0.1))
    fitc.marginal_likelihood("z", X=X, Xu=Xu, y=y, sigma=sigma)
    pm.gp.MarginalApprox("DTC", cov_func=cov).marginal_likelihood("w", X=X, Xu=Xu, y=y, sigma=sigma, jitter=1e-4)
