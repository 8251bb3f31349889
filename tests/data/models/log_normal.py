# LogNormal by sigma and by tau, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    default = pm.LogNormal("default")
    positional = pm.LogNormal("positional", 0.2, 0.7)
    by_sigma = pm.LogNormal("by_sigma", mu=-0.5, sigma=1.2, shape=3)
    by_tau = pm.Lognormal("by_tau", mu=0, tau=3.0)
    level = pm.Normal("level", 0, 1)
    rv_mu = pm.LogNormal("rv_mu", mu=level, sigma=positional, shape=2)

    pm.LogNormal("by_sigma_obs", mu=level * x, sigma=by_sigma[group], observed=positive)
    pm.LogNormal("by_tau_obs", mu=rv_mu[0] - default, tau=by_tau * rv_mu[1], observed=positive)
