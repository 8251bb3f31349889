# Gaussian processes by bases of sines: of one input, and of two with the basis written out.
import numpy as np
import pymc as pm

rng = np.random.default_rng(12)
x = np.sort(rng.uniform(-3, 3, 40))
X = x[:, None]
X2 = np.column_stack([x, rng.uniform(0, 1, 40)])
y = rng.normal(np.sin(x) + X2[:, 1], 0.3)
m, c = pm.gp.hsgp_approx.approx_hsgp_hyperparams(x_range=[-3, 3], lengthscale_range=[1.0, 3.0], cov_func="matern52")

with pm.Model(coords={"basis": np.arange(m)}) as model:
    eta = pm.Exponential("eta", 1)
    ell = pm.InverseGamma("ell", mu=1.5, sigma=0.5)
    cov = eta**2 * pm.gp.cov.Matern52(1, ls=ell) + 0.2 * pm.gp.cov.Matern32(1, ls=ell)
    gp = pm.gp.HSGP(m=[m], c=c, mean_func=pm.gp.mean.Constant(0.1), cov_func=cov)
    f = gp.prior("f", X=X, hsgp_coeffs_dims="basis")

    lengths = pm.HalfNormal("lengths", 1, shape=2)
    gp2 = pm.gp.HSGP(m=[3, 4], L=[5.0, 2.0], drop_first=True, cov_func=pm.gp.cov.ExpQuad(2, ls=lengths))
    phi, sqrt_psd = gp2.prior_linearized(X=X2)
    beta = pm.Normal("beta", size=gp2.n_basis_vectors - 1)
    g = pm.Deterministic("g", phi @ (beta * sqrt_psd))

    gp3 = pm.gp.HSGP(m=[6], L=[6.0], parametrization="centered", cov_func=pm.gp.cov.ExpQuad(1, ls=0.8))
    h = gp3.prior("h", X=X)

    sigma = pm.HalfNormal("sigma", 1)
    pm.Normal("y", f + g + h, sigma, observed=y)
