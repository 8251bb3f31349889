# Counts with too many zeros: a zero-inflated Poisson regression; data: lines.csv
import pymc as pm

with pm.Model() as ZIP_reg:
    psi = pm.Beta("psi", 1, 1)
    alpha = pm.Normal("alpha", 0, 10)
    beta = pm.Normal("beta", 0, 10, shape=2)
    theta = pm.math.exp(alpha + beta[0] * x + beta[1] * treated)
    yl = pm.ZeroInflatedPoisson("yl", psi, theta, observed=many_zeros)
