# A B-spline basis by the recursion of de Boor, with a penalty by a random walk; data: series.json
import numpy as np
import pymc as pm

num_knots = 5
degree = 3
knot_list = np.quantile(t, np.linspace(0, 1, num_knots))
knots = np.concatenate([np.repeat(knot_list[0], degree), knot_list, np.repeat(knot_list[-1], degree)])

def basis(x, k, i):
    if k == 0:
        last = knots[i + 1] == knot_list[-1]
        return ((x >= knots[i]) & ((x < knots[i + 1]) | ((x == knots[i + 1]) & last))) * 1.0
    value = np.zeros(len(x))
    if knots[i + k] > knots[i]:
        value = value + (x - knots[i]) / (knots[i + k] - knots[i]) * basis(x, k - 1, i)
    if knots[i + k + 1] > knots[i + 1]:
        value = value + (knots[i + k + 1] - x) / (knots[i + k + 1] - knots[i + 1]) * basis(x, k - 1, i + 1)
    return value

B = np.stack([basis(t, degree, i) for i in range(len(knots) - degree - 1)], axis=1)

with pm.Model(coords={"splines": np.arange(B.shape[1])}) as spline_model:
    tau = pm.HalfCauchy("tau", beta=1)
    beta = pm.GaussianRandomWalk("beta", mu=0, sigma=tau, init_dist=pm.Normal.dist(0, 3), dims="splines")
    sigma = pm.HalfNormal("sigma", 1)
    mu = pm.Deterministic("mu", pm.math.dot(B, beta))
    pm.Normal("deaths", mu=mu, sigma=sigma, observed=(deaths - deaths.mean()) / deaths.std())
