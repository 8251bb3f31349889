# Autoregression of order five, posteriordb; data: arK-arK.data.json
import numpy as np
import pymc as pm

lags = np.column_stack([y[K - k - 1:T - k - 1] for k in range(K)])

with pm.Model() as model:
    alpha = pm.Normal("alpha", mu=0, sigma=10)
    beta = pm.Normal("beta", mu=0, sigma=10, shape=K)
    sigma = pm.HalfCauchy("sigma", beta=2.5)
    pm.Normal("series", mu=alpha + lags @ beta, sigma=sigma, observed=y[K:])
