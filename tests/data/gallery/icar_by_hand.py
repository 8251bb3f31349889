# An intrinsic autoregression written out as a potential over edges; data: areas.json
import pymc as pm

n = len(observed)

def pairwise_diff(phi, node1, node2):
    return -0.5 * ((phi[node1] - phi[node2]) ** 2).sum()

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 1)
    tau = pm.Gamma("tau", 1, 1)
    phi = pm.Flat("phi", shape=n)
    pm.Potential("spatial_diff", pairwise_diff(phi, node1, node2))
    pm.Potential("sum_to_zero", pm.logp(pm.Normal.dist(mu=0, sigma=0.001 * n), pm.math.sum(phi)))
    pm.Poisson("y", mu=E * pm.math.exp(mu + phi / pm.math.sqrt(tau)), observed=observed)
