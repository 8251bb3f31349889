# Distributions written in the file: a log density, and a generating function; data: clusters.json
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.dist_math import check_parameters

def log_density(value, mu, sigma):
    z = (value - mu) / sigma
    return check_parameters(-z - pt.exp(-z) - pt.log(sigma), sigma > 0, msg="sigma > 0")

def random(mu, sigma, rng=None, size=None):
    return rng.gumbel(loc=mu, scale=sigma, size=size)

def shifted(mu, sigma, size):
    return pm.Logistic.dist(mu, sigma, size=size)

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 5)
    sigma = pm.HalfNormal("sigma", 2)
    pm.CustomDist("gumbel", mu, sigma, logp=log_density, random=random, observed=y)
    pm.CustomDist("logistic", mu, sigma, dist=shifted, observed=y)
    slope = pm.CustomDist("slope", logp=lambda value: -1.5 * pt.log(1 + value**2))
    pm.DensityDist("free", mu, sigma, logp=log_density, shape=3, initval=[0.1, 0.2, 0.3])
