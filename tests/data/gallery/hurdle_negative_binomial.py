# Counts with a hurdle at zero; data: lines.csv
import pymc as pm

with pm.Model() as hurdle:
    hurdle_intercept = pm.Normal("hurdle_intercept", 0, 1)
    hurdle_slope = pm.Normal("hurdle_slope", 0, 1)
    psi = pm.math.sigmoid(hurdle_intercept + hurdle_slope * z)
    mu = pm.math.exp(pm.Normal("log_mu", 0, 1) + pm.Normal("slope", 0, 1) * x)
    alpha = pm.Exponential("alpha", 1)
    pm.HurdleNegativeBinomial("y", psi=psi, mu=mu, alpha=alpha, observed=many_zeros)
