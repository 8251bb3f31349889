# Exponential by lam and by scale, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    positional = pm.Exponential("positional", 2.0)
    by_lam = pm.Exponential("by_lam", lam=0.5, shape=3)
    by_scale = pm.Exponential("by_scale", scale=2.0)
    rv_lam = pm.Exponential("rv_lam", lam=by_lam, shape=3)
    rv_scale = pm.Exponential("rv_scale", scale=positional + scale)

    pm.Exponential("by_lam_obs", lam=rv_lam[group], observed=positive)
    pm.Exponential("by_scale_obs", scale=by_scale * rv_scale, observed=positive)
