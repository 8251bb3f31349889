# Latent random walks of several series with correlated steps; data: series.json
import numpy as np
import pymc as pm

n_steps, n_series = prices.shape

with pm.Model(coords={"time": np.arange(n_steps), "series": ["a", "b", "c"]}) as model:
    chol, _, _ = pm.LKJCholeskyCov("chol", n=n_series, eta=2, sd_dist=pm.HalfNormal.dist(1.0, shape=n_series))
    walk = pm.MvGaussianRandomWalk(
        "walk",
        mu=np.zeros(n_series),
        chol=chol,
        init_dist=pm.MvNormal.dist(np.zeros(n_series), np.eye(n_series) * 4),
        dims=("time", "series"),
    )
    sigma = pm.HalfNormal("sigma", 0.5)
    pm.Normal("prices", mu=walk, sigma=sigma, observed=prices)
