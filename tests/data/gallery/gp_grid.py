# Gaussian processes on grids, with noise and without, and a Student t process.
import numpy as np
import pymc as pm

rng = np.random.default_rng(5)
x1 = np.linspace(0, 2, 5)[:, None]
x2 = np.linspace(0, 1, 4)[:, None]
X = pm.math.cartesian(x1, x2)
y = np.sin(X[:, 0]) + X[:, 1] + rng.normal(0, 0.2, len(X))

with pm.Model() as model:
    ls1 = pm.Gamma("ls1", alpha=4, beta=4)
    ls2 = pm.Gamma("ls2", alpha=4, beta=4)
    eta = pm.HalfNormal("eta", 1)
    covs = [pm.gp.cov.Matern32(1, ls=ls1), eta**2 * pm.gp.cov.Exponential(1, ls=ls2)]
    sigma = pm.HalfNormal("sigma", 1)
    noisy = pm.gp.MarginalKron(mean_func=pm.gp.mean.Linear(coeffs=np.array([0.2, 0.5])), cov_funcs=covs)
    noisy.marginal_likelihood("y", Xs=[x1, x2], y=y, sigma=sigma)
    f = pm.gp.LatentKron(cov_funcs=covs).prior("f", Xs=[x1, x2], jitter=1e-3)
    pm.Normal("z", f, 0.3, observed=y)
    t = pm.gp.TP(scale_func=pm.gp.cov.Matern12(1, ls=1.0), nu=5).prior("t", X=x1, jitter=1e-3)
    u = pm.gp.TP(scale_func=pm.gp.cov.Matern12(1, ls=ls1), nu=4).prior("u", X=x2, reparameterize=False, jitter=1e-3)
    pm.Normal("w", t, 0.5, observed=np.sin(x1[:, 0]))
    pm.Normal("v", u, 0.5, observed=np.cos(x2[:, 0]))
