# Gaussian process regression with a sum of covariances: trend, season and noise.
import numpy as np
import pymc as pm

rng = np.random.default_rng(9)
x = np.linspace(0, 10, 30)
X = np.column_stack([x, np.cos(x)])
y = np.sin(x) + 0.1 * x + rng.normal(0, 0.2, 30)

with pm.Model() as model:
    eta = pm.HalfCauchy("eta", beta=5)
    ell = pm.Gamma("ell", alpha=2, beta=1)
    lengths = pm.InverseGamma("lengths", alpha=3, beta=3, shape=2)
    period = pm.Normal("period", 3, 0.1)
    smooth = eta**2 * pm.gp.cov.Matern52(2, ell, active_dims=[0])
    season = pm.gp.cov.Periodic(2, period=period, ls=1.5, active_dims=[0]) * pm.gp.cov.ExpQuad(2, ls=lengths)
    rough = 0.5 * pm.gp.cov.RatQuad(2, alpha=1.5, ls_inv=0.4)
    trend = pm.gp.cov.Linear(2, c=0.5, active_dims=[0]) * 0.1 + pm.gp.cov.Constant(0.3)
    other = pm.gp.cov.Polynomial(2, c=1.0, d=2, offset=0.3) * 0.01

    level = pm.Normal("level", 0, 1)
    slopes = pm.Normal("slopes", 0, 1, shape=2)
    mean = pm.gp.mean.Constant(level) + pm.gp.mean.Linear(coeffs=slopes, intercept=0.1)
    first = pm.gp.Marginal(mean_func=mean, cov_func=smooth + season)
    second = pm.gp.Marginal(cov_func=rough + trend + other + pm.gp.cov.WhiteNoise(0.1))
    gp = first + second

    sigma = pm.HalfCauchy("sigma", beta=5)
    gp.marginal_likelihood("y", X=X, y=y, sigma=sigma)
