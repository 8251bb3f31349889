# Densities of the file inside of other distributions; data: clusters.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

def gumbel(value, mu, sigma):
    z = (value - mu) / sigma
    return -z - pt.exp(-z) - pt.log(sigma)

def below_gumbel(value, mu, sigma, **kwargs):
    return -pt.exp(-(value - mu) / sigma)

def rayleigh(value, scale):
    return pt.switch(pt.gt(value, 0), pt.log(value / scale**2) - (value / scale) ** 2 / 2, -np.inf)

def draw_rayleigh(scale, rng=None, size=None):
    return rng.rayleigh(scale, size=size)

def of_pair(value, mu, scale):
    return -pt.sum((value - mu) ** 2, axis=-1) / (2 * scale**2) - 2 * pt.log(scale)

def random(mu, sigma, rng=None, size=None):
    return rng.gumbel(loc=mu, scale=sigma, size=size)

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 5)
    sigma = pm.HalfNormal("sigma", 2)
    w = pm.Dirichlet("w", np.ones(2))
    early = pm.CustomDist.dist(mu, sigma, logp=gumbel, logcdf=below_gumbel, random=random)
    pm.Mixture("mixture", w, [early, pm.Normal.dist(mu + 2, sigma)], observed=y)
    pm.Censored("censored", early, lower=None, upper=4.0, observed=np.minimum(y, 4.0))
    pm.Truncated("truncated", early, lower=-30.0, upper=30.0, observed=y)
    pm.Potential("density", pm.logp(early, y[:5] + mu) + pm.logcdf(early, y[:5]))
    pairs = pm.CustomDist.dist(
        np.array([0.5, -0.5]), sigma, logp=of_pair, signature="(n),()->(n)",
        support_point=lambda rv, size, mu, scale: mu,
    )
    pm.Potential("pairs", pm.logp(pairs, np.array([[0.1, 0.2], [0.3, 0.4], [1.0, -1.0]])))
    scale = pm.CustomDist.dist(
        1.5, logp=rayleigh, random=draw_rayleigh, support_point=lambda rv, size, scale: scale
    )
    chol, corr, sds = pm.LKJCholeskyCov("chol", n=2, eta=2, sd_dist=scale)
    start = pm.CustomDist.dist(0.0, sigma, logp=gumbel, random=random)
    step = pm.CustomDist.dist(0.5, 1.0, logp=gumbel, random=random)
    walk = pm.RandomWalk("walk", init_dist=start, innovation_dist=step, steps=4)
    pm.MvNormal("pair", walk[3:], chol=chol, observed=[0.5, 1.5])
