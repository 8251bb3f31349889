# Varying effects by a scaled and correlated standard normal; data: groups.csv
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

coords = {"cafe": np.unique(cafe), "param": ["alpha", "beta"]}

with pm.Model(coords=coords) as covariation_intercept_slope:
    # prior stddev in intercepts & slopes (variation across cafes)
    sd_dist = pm.Exponential.dist(0.5, shape=2)
    # get back standard deviations and rho
    chol, corr, stds = pm.LKJCholeskyCov("chol", n=2, eta=2.0, sd_dist=sd_dist)
    # priors for average intercept and slope
    mu_alpha_beta = pm.Normal("mu_alpha_beta", mu=0.0, sigma=5.0, shape=2)
    # population of varying effects
    z = pm.Normal("z", 0.0, 1.0, dims=("param", "cafe"))
    alpha_beta = pm.Deterministic("alpha_beta", pt.dot(chol, z).T, dims=("cafe", "param"))
    theta = (
        mu_alpha_beta[0] + alpha_beta[cafe, 0] + (mu_alpha_beta[1] + alpha_beta[cafe, 1]) * afternoon
    )
    sigma = pm.Exponential("sigma", 1.0)
    y = pm.Normal("y", theta, sigma=sigma, observed=wait)
