# Eight schools (Rubin 1981), non-centred; data: eight_schools.json
import pymc as pm

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 5)
    tau = pm.HalfCauchy("tau", 5)
    z = pm.Normal("z", 0, 1, shape=8)
    pm.Normal("obs", mu + tau * z, s, observed=y)
