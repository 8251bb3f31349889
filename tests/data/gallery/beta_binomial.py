# Overdispersed counts of trials; data: trials.json
import pymc as pm

with pm.Model() as m12_1:
    a = pm.Normal("a", 0.0, 1.5, shape=2)
    phi = pm.Exponential("phi", 1.0)
    theta = pm.Deterministic("theta", phi + 2.0)
    pbar = pm.math.invlogit(a)
    pm.BetaBinomial("control", n=n_control, alpha=pbar[0] * theta, beta=(1 - pbar[0]) * theta, observed=events_control)
    pm.BetaBinomial("treated", n=n_treated, alpha=pbar[1] * theta, beta=(1.0 - pbar[1]) * theta, observed=events_treated)
