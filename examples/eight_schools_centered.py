# Effects of coaching in eight schools (Rubin 1981), centred: a funnel; data: eight_schools.json
import pymc as pm

J = len(y)

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 5)
    tau = pm.HalfCauchy("tau", 5)
    theta = pm.Normal("theta", mu, tau, shape=J)
    pm.Normal("effect", theta, sigma, observed=y)
