# Waiting times at cafes, with correlated effects: the data are simulated from a seed, as the book does
import numpy as np
import pymc as pm

np.random.seed(5)
n_cafes, n_visits = 20, 10
spreads = np.diag([1.0, 0.5])
covariance = spreads @ np.array([[1.0, -0.7], [-0.7, 1.0]]) @ spreads
effects = np.random.multivariate_normal(mean=[3.5, -1.0], cov=covariance, size=n_cafes)
cafe = np.repeat(np.arange(n_cafes), n_visits)
afternoon = np.tile([0, 1], n_cafes * n_visits // 2)
wait = np.random.normal(effects[cafe, 0] + effects[cafe, 1] * afternoon, 0.5)

with pm.Model(coords={"effect": ["intercept", "slope"], "cafe": np.arange(n_cafes)}) as cafes:
    chol, correlations, sigmas = pm.LKJCholeskyCov("chol", n=2, eta=2.0, sd_dist=pm.Exponential.dist(1.0))
    mean = pm.Normal("mean", [5.0, -1.0], [2.0, 0.5], dims="effect")
    by_cafe = pm.MvNormal("by_cafe", mu=mean, chol=chol, dims=("cafe", "effect"))
    sigma = pm.Exponential("sigma", 1.0)
    pm.Normal("wait", by_cafe[cafe, 0] + by_cafe[cafe, 1] * afternoon, sigma, observed=wait)
