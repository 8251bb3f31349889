# HalfNormal by sigma and by tau, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    default = pm.HalfNormal("default")
    by_sigma = pm.HalfNormal("by_sigma", sigma=2.5)
    by_tau = pm.HalfNormal("by_tau", tau=0.3, shape=3)
    rv_sigma = pm.HalfNormal("rv_sigma", sigma=by_tau, shape=3)

    pm.HalfNormal("by_sigma_obs", sigma=by_sigma * scale, observed=positive)
    pm.HalfNormal("by_tau_obs", tau=default + rv_sigma[group], observed=positive)
