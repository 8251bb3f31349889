# Positive responses by a gamma regression with a log link; data: lines.csv
import pymc as pm

with pm.Model() as gamma_model:
    b0 = pm.Normal("b0", 0, 2)
    b1 = pm.Normal("b1", 0, 2)
    alpha = pm.HalfNormal("alpha", 5)
    mu = pm.math.exp(b0 + b1 * x)
    pm.Gamma("y", alpha=alpha, beta=alpha / mu, observed=positive)
    pm.Deterministic("sd", mu / pm.math.sqrt(alpha))
