# Periodic Gaussian processes by series of waves, and bases of sines made by hand.
import numpy as np
import pymc as pm
import pytensor.tensor as pt

rng = np.random.default_rng(14)
t = np.sort(rng.uniform(0, 6, 30))
y = np.sin(2 * t) + 0.1 * t + rng.normal(0, 0.2, 30)

with pm.Model(coords={"time": t, "wave": np.arange(9)}) as model:
    scale = pm.HalfNormal("scale", 1)
    ell = pm.LogNormal("ell", mu=0.2, sigma=0.5)
    period = pm.Normal("period", 3.0, 0.1)
    cov = pm.gp.cov.Periodic(1, period=period, ls=ell)
    gp = pm.gp.HSGPPeriodic(m=5, scale=scale, cov_func=cov)
    f = gp.prior("f", X=t[:, None], dims="time", hsgp_coeffs_dims="wave")
    short = pm.gp.HSGPPeriodic(m=3, mean_func=pm.gp.mean.Constant(0.1), cov_func=pm.gp.cov.Periodic(1, period=2.0, ls=0.4))
    (cosines, sines), psd = short.prior_linearized(X=t[:, None])
    weights = pm.Normal("weights", 0, 1, shape=3)
    g = cosines @ (psd * weights) + sines[:, 1:] @ psd[1:]

    centre = (np.max(t) + np.min(t)) / 2
    Xs = pm.Data("X", t[:, None]) - centre
    L = pm.gp.hsgp_approx.set_boundary(Xs, 1.5)
    values = pm.gp.hsgp_approx.calc_eigenvalues(L, [6])
    phi = pm.gp.hsgp_approx.calc_eigenvectors(Xs, L, values, [6])
    smooth = scale**2 * pm.gp.cov.Matern52(1, ls=ell)
    root = pt.sqrt(smooth.power_spectral_density(pt.sqrt(values)))
    beta = pm.Normal("beta", 0, 1, shape=6)
    sigma = pm.HalfNormal("sigma", 1)
    pm.Normal("y", f + g + phi @ (beta * root), sigma, observed=y, dims="time")
