# Two series that depend on each other's past; data: series.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

lags = 2
equations = ["first", "second"]
n = len(pair)

with pm.Model(coords={"equation": equations, "lag": range(1, lags + 1), "series": equations}) as BVAR:
    lag_coefs = pm.Normal("lag_coefs", mu=0, sigma=0.5, dims=("equation", "lag", "series"))
    alpha = pm.Normal("alpha", mu=0, sigma=1, dims="equation")

    betaX = []
    for j in range(len(equations)):
        ar = pm.math.sum(
            [pm.math.sum(lag_coefs[j, i] * pair[lags - (i + 1) : -(i + 1)], axis=-1) for i in range(lags)],
            axis=0,
        )
        betaX.append(ar)
    betaX = pm.Deterministic("betaX", pt.stack(betaX, axis=-1))
    mean = alpha + betaX

    sd_dist = pm.HalfNormal.dist(sigma=0.5, shape=2)
    noise_chol, _, _ = pm.LKJCholeskyCov("noise_chol", eta=2, n=2, sd_dist=sd_dist)
    pm.MvNormal("obs", mu=mean, chol=noise_chol, observed=pair[lags:])
