# Proportions by a beta regression with mean and precision; data: lines.csv
import pymc as pm

with pm.Model() as beta_model:
    alpha = pm.Normal("alpha", 0, 1)
    beta = pm.Normal("beta", 0, 1, shape=2)
    gamma = pm.Normal("gamma", 2, 1)

    mu = pm.math.invlogit(alpha + beta[0] * x + beta[1] * z)
    nu = pm.math.exp(gamma)
    pm.Beta("proportion", mu=mu, nu=nu, observed=unit)
