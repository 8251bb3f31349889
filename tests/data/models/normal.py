# Normal by sigma and by tau: defaults, positions, implied shape, RV-valued parameters; data: columns.json
import pymc as pm

with pm.Model(coords={"area": ["east", "north", "south"]}) as model:
    default = pm.Normal("default")
    positional = pm.Normal("positional", 1.0, 2.0)
    spread = pm.HalfNormal("spread", 1.5)
    by_sigma = pm.Normal("by_sigma", mu=positional, sigma=spread, shape=3)
    by_tau = pm.Normal("by_tau", mu=0.5, tau=4.0, dims="area")
    implied = pm.Normal("implied", mu=x, sigma=scale)
    rv_tau = pm.Normal("rv_tau", mu=by_tau, tau=1 / spread**2, shape=3)

    pm.Normal("by_sigma_obs", mu=default + by_sigma[group], sigma=scale * spread, observed=y)
    pm.Normal("by_tau_obs", mu=rv_tau[group] + implied, tau=spread, observed=y)
    pm.Normal("constant_mean_obs", 0.1, spread, observed=[0.5, -1.5, 2.0])
