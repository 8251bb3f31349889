# Eight schools, non-centred (Rubin 1981), posteriordb; data: eight_schools-eight_schools_noncentered.data.json
import pymc as pm

with pm.Model() as model:
    theta_trans = pm.Normal("theta_trans", 0, 1, shape=J)
    mu = pm.Normal("mu", 0, 5)
    tau = pm.HalfCauchy("tau", 5)
    theta = pm.Deterministic("theta", mu + tau * theta_trans)
    pm.Normal("effect", theta, sigma, observed=y)
