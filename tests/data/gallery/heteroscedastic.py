# A spread that changes with the predictor, and a location by a square root; data: lines.csv
import pymc as pm

with pm.Model() as model_vv:
    alpha = pm.Normal("alpha", sigma=10)
    beta = pm.Normal("beta", sigma=10)
    gamma = pm.HalfNormal("gamma", sigma=10)
    delta = pm.HalfNormal("delta", sigma=10)
    x_shared = pm.Data("x_shared", abs(x))
    mu = pm.Deterministic("mu", alpha + beta * x_shared**0.5)
    epsilon = pm.Deterministic("epsilon", gamma + delta * x_shared)
    y_pred = pm.Normal("y_pred", mu=mu, sigma=epsilon, observed=y)
