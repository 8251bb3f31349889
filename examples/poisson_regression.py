# Counts of peregrine falcons in 40 years, cubic trend and year effects (Kery and Schaub 2012); data: poisson_regression.csv
import pymc as pm

with pm.Model(coords={"season": range(40)}) as model:
    alpha = pm.Normal("alpha", mu=4, sigma=2)
    beta = pm.Normal("beta", mu=0, sigma=1, shape=3)
    sigma_season = pm.Exponential("sigma_season", lam=2)
    season_effect = pm.Normal("season_effect", mu=0, sigma=sigma_season, dims="season")

    trend = beta[0] * year + beta[1] * year**2 + beta[2] * year**3
    rate = pm.math.exp(alpha + trend + season_effect)
    pm.Poisson("falcons", mu=rate, observed=count, dims="season")
