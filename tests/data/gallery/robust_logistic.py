# Logistic regression with a guessing rate; data: lines.csv
import pymc as pm

x_c = (x - x.mean()) / x.std()

with pm.Model() as model_rlg:
    alpha = pm.Normal("alpha", mu=0, sigma=10)
    beta = pm.Normal("beta", mu=0, sigma=10, initval=0.5)
    mu = alpha + x_c * beta
    theta = pm.Deterministic("theta", pm.math.sigmoid(mu))
    bd = pm.Deterministic("bd", -alpha / beta)
    pi = pm.Beta("pi", 1.0, 1.0)
    p = pi * 0.5 + (1 - pi) * theta
    yl = pm.Bernoulli("yl", p=p, observed=binary)
