# Weights of 30 young rats at five ages, varying intercepts and slopes (Gelfand and others 1990); data: rats.json
import pymc as pm

with pm.Model() as model:
    mu_alpha = pm.Normal("mu_alpha", 250, 100)
    mu_beta = pm.Normal("mu_beta", 0, 10)
    sigma_alpha = pm.HalfStudentT("sigma_alpha", nu=3, sigma=20)
    sigma_beta = pm.HalfStudentT("sigma_beta", nu=3, sigma=2)
    alpha = pm.Normal("alpha", mu_alpha, sigma_alpha, shape=N)
    beta = pm.Normal("beta", mu_beta, sigma_beta, shape=N)
    sigma_y = pm.InverseGamma("sigma_y", alpha=3, beta=20)

    mu = alpha[rat - 1] + beta[rat - 1] * (x - xbar)
    pm.Normal("weight", mu, sigma_y, observed=y)
    pm.Deterministic("weight_at_birth", mu_alpha - xbar * mu_beta)
