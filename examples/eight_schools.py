# Effects of coaching in eight schools (Rubin 1981), non-centred; data: eight_schools.json
import pymc as pm

with pm.Model(coords={"school": school}) as model:
    mu = pm.Normal("mu", mu=0, sigma=5)
    tau = pm.HalfCauchy("tau", beta=5)
    z = pm.Normal("z", mu=0, sigma=1, dims="school")
    theta = pm.Deterministic("theta", mu + tau * z, dims="school")
    pm.Normal("effect", mu=theta, sigma=sigma, observed=y, dims="school")
