# Deaths after heart surgery on babies in 12 hospitals (Spiegelhalter and others 1996); data: hierarchical_binomial.csv
import pymc as pm

with pm.Model(coords={"hospital": hospital}) as model:
    mu = pm.Normal("mu", mu=-2, sigma=1.5)
    sigma = pm.HalfNormal("sigma", sigma=1)
    z = pm.Normal("z", mu=0, sigma=1, dims="hospital")
    logit_rate = mu + z * sigma

    pm.Deterministic("rate", pm.math.invlogit(logit_rate), dims="hospital")
    pm.Deterministic("average_rate", pm.math.invlogit(mu))
    pm.Binomial("dead", n=operations, logit_p=logit_rate, observed=deaths, dims="hospital")
