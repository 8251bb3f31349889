# Logistic regression, 100,000 x 50, generated; data: logistic_100k.json of make_data.py
import pymc as pm

with pm.Model() as model:
    alpha = pm.Normal("alpha", 0, 2)
    beta = pm.Normal("beta", 0, 2, shape=X.shape[1])
    pm.Bernoulli("obs", logit_p=alpha + pm.math.dot(X, beta), observed=y)
