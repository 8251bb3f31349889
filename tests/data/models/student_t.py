# StudentT by sigma and by lam, prior and observed, with fixed and free degrees of freedom; data: columns.json
import pymc as pm

with pm.Model() as model:
    nu = pm.Gamma("nu", alpha=2, beta=0.1)
    positional = pm.StudentT("positional", 3, 0, sigma=2.5)
    by_sigma = pm.StudentT("by_sigma", nu=4, mu=positional, sigma=1.5, shape=3)
    by_lam = pm.StudentT("by_lam", nu=5, mu=1.0, lam=0.6)
    spread = pm.HalfNormal("spread", 1)
    rv_nu = pm.StudentT("rv_nu", nu=nu, mu=0, sigma=spread)

    pm.StudentT("by_sigma_obs", nu=nu, mu=by_sigma[group] + rv_nu, sigma=spread * scale, observed=y)
    pm.StudentT("by_lam_obs", nu=7, mu=by_lam * x, lam=spread, observed=y)
