# A mixture marginalised by hand with the densities of components; data: clusters.json
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    p = pm.Beta("p", 2, 2)
    short = pm.Normal("short", 55, 5)
    gap = pm.HalfNormal("gap", 30)
    sigma = pm.HalfNormal("sigma", 10, shape=2)
    logps = [
        pm.math.log(p) + pm.logp(pm.Normal.dist(short, sigma[0]), waiting),
        pm.math.log(1 - p) + pm.logp(pm.Normal.dist(short + gap, sigma[1]), waiting),
    ]
    pm.Potential("likelihood", pt.sum(pm.math.logsumexp(pt.stack(logps), axis=0)))
    pm.Potential("soft_bound", pm.logcdf(pm.Normal.dist(0, 5), short - 40))
