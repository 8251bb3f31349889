# A regression with errors in both variables; data: tables.json
import pymc as pm

with pm.Model() as m15_2:
    a = pm.Normal("a", 0.0, 0.2)
    bA = pm.Normal("bA", 0.0, 0.5)
    sigma = pm.Exponential("sigma", 1.0)
    x_true = pm.Normal("x_true", 0.0, 1.0, shape=len(measured))
    mu = a + bA * x_true
    y_true = pm.Normal("y_true", mu, sigma, shape=len(measured))
    pm.Normal("y_obs", y_true, outcome_se, observed=outcome)
    pm.Normal("x_obs", x_true, measured_se, observed=measured)
