# Distributions written as functions of draws: sums, products, powers, exponentials; data: ../gallery/lines.csv
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 0.3)
    sigma = pm.HalfNormal("sigma", 1)

    def of(run):
        return lambda mu, sigma, size: run(pm.Normal.dist(mu, sigma, size=size))

    pm.CustomDist("affine", mu, sigma, dist=lambda mu, sigma, size: mu + sigma * pm.StudentT.dist(4, size=size), observed=y)
    pm.CustomDist("by_row", x, sigma, dist=lambda x, sigma, size: (pm.Laplace.dist(0, 1, size=size) * sigma - x) / 2, observed=y)
    pm.CustomDist("from", mu, sigma, dist=lambda mu, sigma, size: 1 - pm.Gamma.dist(2, sigma, size=size), observed=-positive)
    pm.CustomDist("exp", mu, sigma, dist=of(pt.exp), observed=positive)
    pm.CustomDist("log", sigma, dist=lambda s, size: pm.math.log(pm.Gamma.dist(2, s, size=size)), observed=y)
    pm.CustomDist("expm1", mu, sigma, dist=of(pt.expm1), observed=positive)
    pm.CustomDist("log1p", sigma, dist=lambda s, size: pt.log1p(pm.Exponential.dist(s, size=size)), observed=positive)
    pm.CustomDist("log2", sigma, dist=lambda s, size: pt.log2(pm.Exponential.dist(s, size=size)), observed=y)
    pm.CustomDist("log10", sigma, dist=lambda s, size: pt.log10(pm.Exponential.dist(s, size=size)), observed=y)
    pm.CustomDist("sqrt", sigma, dist=lambda s, size: pt.sqrt(pm.Exponential.dist(s, size=size)), observed=positive)
    pm.CustomDist("square", mu, sigma, dist=of(pt.sqr), observed=positive)
    pm.CustomDist("cube", mu, sigma, dist=of(lambda z: z**3), observed=y)
    pm.CustomDist("fourth", mu, sigma, dist=of(lambda z: z**4), observed=positive)
    pm.CustomDist("power", sigma, dist=lambda s, size: pm.Exponential.dist(s, size=size) ** 0.3, observed=positive)
    pm.CustomDist("base", mu, sigma, dist=of(lambda z: 2**z), observed=positive)
