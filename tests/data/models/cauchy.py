# Cauchy and HalfCauchy, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    location = pm.Cauchy("location", 0.5, 2.0)
    named = pm.Cauchy("named", alpha=-1.0, beta=1.5, shape=3)
    spread = pm.HalfCauchy("spread", 2.5)
    spreads = pm.HalfCauchy("spreads", beta=spread, shape=3)
    child = pm.Cauchy("child", alpha=location, beta=spread, shape=2)

    pm.Cauchy("real_obs", alpha=named[group] + child[0], beta=spreads[group], observed=y)
    pm.HalfCauchy("positive_obs", beta=spread * scale, observed=positive)
