# Gaussian process classification, and a latent process whose values are variables themselves.
import numpy as np
import pymc as pm

rng = np.random.default_rng(4)
x = np.linspace(0, 6, 20)
X = x[:, None]
y = rng.binomial(1, 1 / (1 + np.exp(-2 * np.sin(x))))
z = rng.normal(np.cos(x), 0.3)

with pm.Model(coords={"place": x}) as model:
    ell = pm.InverseGamma("ell", mu=1.0, sigma=0.5)
    eta = pm.Exponential("eta", lam=1.0)
    gp = pm.gp.Latent(cov_func=eta**2 * pm.gp.cov.ExpQuad(1, ls=ell))
    f = gp.prior("f", X=X, jitter=1e-3, dims="place")
    pm.Bernoulli("y", logit_p=f, observed=y, dims="place")

    wide = pm.HalfNormal("wide", 2)
    kernel = pm.gp.cov.Matern32(input_dim=1, ls=wide)
    whole = pm.gp.Latent(mean_func=pm.gp.mean.Linear(coeffs=0.1), cov_func=kernel)
    g = whole.prior("g", X=X, reparameterize=False, jitter=1e-3)
    factor = pm.math.sum(kernel(X[:3], X[:2]))
    pm.Normal("z", g + 0.01 * factor, 0.3, observed=z)
