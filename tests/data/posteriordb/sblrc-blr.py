# Bayesian linear regression on simulated, correlated predictors, posteriordb; data: sblrc-blr.data.json
import pymc as pm

with pm.Model() as model:
    beta = pm.Normal("beta", mu=0, sigma=10, shape=D)
    sigma = pm.HalfNormal("sigma", sigma=10)
    pm.Normal("response", mu=X @ beta, sigma=sigma, observed=y)
