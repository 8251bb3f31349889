# Potentials (scalar and vector) and deterministics that feed other variables; data: columns.json
import pymc as pm

with pm.Model() as model:
    alpha = pm.Normal("alpha", 0.5, 1)
    beta = pm.Normal("beta", 0, 1, shape=3)
    sigma = pm.Deterministic("sigma", pm.math.exp(0.3 * alpha))
    centred = pm.Deterministic("centred", beta - beta.mean())

    pm.Potential("sum_to_zero", -0.5 * (pm.math.sum(beta) / 0.1) ** 2)
    pm.Potential("weights", -pm.math.abs(beta - alpha))
    pm.Normal("real_obs", mu=centred[group], sigma=sigma, observed=y)
