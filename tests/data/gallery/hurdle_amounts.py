# Amounts with a hurdle at zero, as gamma and as log-normal; data: lines.csv
import pymc as pm

with pm.Model() as hurdle:
    hurdle_intercept = pm.Normal("hurdle_intercept", 0, 1)
    hurdle_slope = pm.Normal("hurdle_slope", 0, 1)
    psi = pm.math.sigmoid(hurdle_intercept + hurdle_slope * z)
    mu = pm.math.exp(pm.Normal("log_mu", 0, 1) + pm.Normal("slope", 0, 1) * x)
    sigma = pm.Exponential("sigma", 1)
    pm.HurdleLogNormal("amount", psi=psi, mu=pm.math.log(mu), sigma=sigma, observed=many_zeros * positive)
    alpha = pm.Gamma("alpha", 2, 1)
    pm.HurdleGamma("y", psi=psi, alpha=alpha, beta=alpha / mu, observed=many_zeros * positive)
