# Laplace, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    positional = pm.Laplace("positional", 0, 1)
    named = pm.Laplace("named", mu=0.5, b=2.0, shape=3)
    spread = pm.HalfNormal("spread", 1)
    child = pm.Laplace("child", mu=positional, b=spread, shape=3)

    pm.Laplace("real_obs", mu=child[group] + named[0] * x, b=spread * scale, observed=y)
