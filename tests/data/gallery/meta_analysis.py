# Random effects of studies with known standard errors; data: trials.json
import pymc as pm

with pm.Model(coords={"study": range(len(effect))}) as meta:
    mu = pm.Normal("mu", 0, 1)
    tau = pm.HalfCauchy("tau", 0.5)
    theta = pm.Normal("theta", mu, tau, dims="study", initval=effect)
    pm.Normal("y", mu=theta, sigma=effect_se, observed=effect, dims="study")
    pm.Deterministic("shrinkage", effect_se**2 / (effect_se**2 + tau**2), dims="study")
