# Products of matrices and vectors, of data and of random variables; data: columns.json
import numpy as np
import pymc as pm

X = np.stack([np.ones(len(x)), x, y], axis=1)

with pm.Model() as model:
    beta = pm.Normal("beta", 0, 1, shape=3)
    loading = pm.Normal("loading", 0, 1, shape=(3, 2))
    factor = pm.Normal("factor", 0, 1, shape=2)
    sigma = pm.HalfNormal("sigma", 1)

    by_operator = X @ beta
    by_dot = pm.math.dot(X, loading @ factor)
    inner = pm.math.dot(beta, beta) + beta @ loading[:, 0]
    pm.Normal("real_obs", mu=by_operator + by_dot + inner, sigma=sigma, observed=positive)
    pm.Normal("matrix_obs", mu=X @ loading, sigma=sigma, observed=np.column_stack([unit, scale]))
