# Test scores of 434 children and the IQ of their mothers (Gelman and Hill 2007); data: linear_regression.csv
import pymc as pm

with pm.Model() as model:
    alpha = pm.Normal("alpha", mu=80, sigma=50)
    beta = pm.Normal("beta", mu=0, sigma=5)
    sigma = pm.HalfNormal("sigma", sigma=20)

    mu = alpha + beta * (mom_iq - mom_iq.mean())
    pm.Normal("score", mu=mu, sigma=sigma, observed=kid_score)
