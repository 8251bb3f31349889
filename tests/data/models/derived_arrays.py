# Distributions written as functions of draws: sums, running sums, choices, arrays; data: ../gallery/lines.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

pairs = np.stack([x[:5], y[:5]], axis=1)

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 0.3)
    sigma = pm.HalfNormal("sigma", 1)

    pm.CustomDist("sum", mu, sigma, dist=lambda mu, s, size: pm.Normal.dist(mu, s, size=4).sum(), observed=2.1)
    pm.CustomDist("row_sums", mu, sigma, dist=lambda mu, s, size: pt.sum(pm.Normal.dist(mu, s, size=(5, 3)), axis=1), observed=y[:5])
    pm.CustomDist("walk", mu, sigma, dist=lambda mu, s, size: pm.Laplace.dist(mu, s, size=size).cumsum(), ndim_supp=0, observed=y[:20])
    pm.CustomDist("walks", mu, sigma, dist=lambda mu, s, size: pt.cumsum(mu + s * pm.StudentT.dist(4, size=(5, 2)), axis=0), ndim_supp=2, observed=pairs)
    pm.CustomDist("hurdle", mu, sigma, dist=lambda mu, s, size: pt.switch(x[:20] > 0, pm.Normal.dist(mu, s, size=size), pm.Laplace.dist(mu, s, size=size)), observed=y[:20])
    pm.CustomDist("spiked", sigma, dist=lambda s, size: pt.switch(counts[:20] > 0, pm.Exponential.dist(s, size=size), 0.0), observed=np.where(counts[:20] > 0, positive[:20], 0.0))
    pm.CustomDist("stacked", mu, sigma, dist=lambda mu, s, size: pt.stack([pm.Normal.dist(mu, s), pm.Laplace.dist(mu, s), pt.exp(pm.Normal.dist(mu, s))]), ndim_supp=1, observed=[0.3, -0.2, 1.5])
    pm.CustomDist("joined", mu, sigma, dist=lambda mu, s, size: pt.concatenate([pm.Normal.dist(mu, s, size=2), mu + pm.Laplace.dist(0, s, size=3)]), ndim_supp=1, observed=y[:5])
    pm.CustomDist("turned", mu, sigma, dist=lambda mu, s, size: pt.exp(pm.Normal.dist(mu, s, size=(2, 5)).T), ndim_supp=2, observed=np.exp(pairs))
    pm.CustomDist("later", mu, sigma, dist=lambda mu, s, size: pm.Normal.dist(mu, s, size=6)[1:], ndim_supp=1, observed=y[:5])
    path = pm.CustomDist("path", mu, sigma, dist=lambda mu, s, size: pm.Normal.dist(mu, s, size=(2, 6)).cumsum(axis=-1), ndim_supp=2, shape=(2, 6))
    pm.Normal("end", path[:, -1], 1, observed=[0.4, -0.3])
