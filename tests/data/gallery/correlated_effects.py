# Varying intercepts and slopes with an LKJ prior on their correlation; data: groups.csv
import numpy as np
import pymc as pm

n_cafes = len(np.unique(cafe))

with pm.Model(coords={"effect": ["intercept", "slope"], "cafe": range(n_cafes)}) as m14_1:
    chol, rho, sigma_cafe = pm.LKJCholeskyCov("chol_cov", n=2, eta=2, sd_dist=pm.Exponential.dist(1.0))
    a_bar = pm.Normal("a_bar", mu=5, sigma=2)
    b_bar = pm.Normal("b_bar", mu=-1, sigma=0.5)
    ab_cafe = pm.MvNormal("ab_cafe", mu=pm.math.stack([a_bar, b_bar]), chol=chol, dims=("cafe", "effect"))
    mu = ab_cafe[cafe, 0] + ab_cafe[cafe, 1] * afternoon
    sigma_within = pm.Exponential("sigma_within", 1.0)
    pm.Normal("wait", mu=mu, sigma=sigma_within, observed=wait)
