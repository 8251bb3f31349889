# Radon in 919 homes of 85 Minnesota counties (Gelman and Hill 2007), non-centred; data: radon_mn.json
import pymc as pm

with pm.Model() as model:
    sigma_alpha = pm.HalfNormal("sigma_alpha", 1)
    sigma_y = pm.HalfNormal("sigma_y", 1)
    mu_alpha = pm.Normal("mu_alpha", 0, 10)
    beta = pm.Normal("beta", 0, 10, shape=2)
    alpha_raw = pm.Normal("alpha_raw", 0, 1, shape=J)
    alpha = mu_alpha + sigma_alpha * alpha_raw
    mu = alpha[county_idx - 1] + log_uppm * beta[0] + floor_measure * beta[1]
    pm.Normal("obs", mu, sigma_y, observed=log_radon)
