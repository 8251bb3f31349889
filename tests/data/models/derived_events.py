# Distributions written as functions of draws: limits, roundings, comparisons, extremes; data: ../gallery/lines.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

above = np.clip(y, -0.5, 1.0)
whole = np.round(y)
down = np.floor(y)

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 0.3)
    sigma = pm.HalfNormal("sigma", 1)
    share = pm.Beta("share", 2, 3)

    def of(run):
        return lambda mu, sigma, size: run(pm.Normal.dist(mu, sigma, size=size))

    pm.CustomDist("clipped", mu, sigma, dist=of(lambda z: pt.clip(z, -0.5, 1.0)), observed=above)
    pm.CustomDist("clipped_counts", share, dist=lambda p, size: pt.clip(pm.Geometric.dist(p, size=size), 2, 4), observed=np.clip(counts + 1, 2, 4))
    pm.CustomDist("clipped_sum", mu, sigma, dist=lambda mu, s, size: pt.clip(mu + s * pm.Logistic.dist(0, 1, size=size), -0.5, 1.0), observed=above)
    pm.CustomDist("rounded", mu, sigma, dist=of(pt.round), observed=whole)
    pm.CustomDist("floor", mu, sigma, dist=of(pt.floor), observed=down)
    pm.CustomDist("ceil", sigma, dist=lambda s, size: pt.ceil(pm.Exponential.dist(s, size=size)), observed=np.ceil(positive))
    pm.CustomDist("greater", mu, sigma, dist=of(lambda z: z > 0.2), observed=(y > 0.2))
    pm.CustomDist("lower", mu, sigma, dist=of(lambda z: z < 0.2), observed=(y < 0.2))
    pm.CustomDist("beyond", share, dist=lambda p, size: pm.Geometric.dist(p, size=size) > 2, observed=((counts + 1) > 2))
    pm.CustomDist("within", share, dist=lambda p, size: pt.le(pm.Geometric.dist(p, size=size), 2), observed=((counts + 1) <= 2))
    pm.CustomDist("at_least", share, dist=lambda p, size: pm.Geometric.dist(p, size=size) >= 2, observed=((counts + 1) >= 2))
    pm.CustomDist("largest", mu, sigma, dist=lambda mu, s, size: pm.Normal.dist(mu, s, size=4).max(), observed=1.3)
    pm.CustomDist("least", mu, sigma, dist=lambda mu, s, size: pt.min(pm.Normal.dist(mu, s, size=3)), observed=-0.7)
    pm.CustomDist("most", share, dist=lambda p, size: pt.max(pm.Geometric.dist(p, size=4)), observed=3)
