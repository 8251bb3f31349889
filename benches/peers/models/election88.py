# Votes in the presidential election of 1988, 11,566 answers (Gelman and Hill 2007), non-centred; data: election88.json
import pymc as pm

with pm.Model() as model:
    sigma_a = pm.HalfNormal("sigma_a", 1)
    sigma_b = pm.HalfNormal("sigma_b", 1)
    sigma_c = pm.HalfNormal("sigma_c", 1)
    sigma_d = pm.HalfNormal("sigma_d", 1)
    sigma_e = pm.HalfNormal("sigma_e", 1)
    z_a = pm.Normal("z_a", 0, 1, shape=n_age)
    z_b = pm.Normal("z_b", 0, 1, shape=n_edu)
    z_c = pm.Normal("z_c", 0, 1, shape=n_age_edu)
    z_d = pm.Normal("z_d", 0, 1, shape=n_state)
    z_e = pm.Normal("z_e", 0, 1, shape=n_region_full)
    beta = pm.Normal("beta", 0, 5, shape=5)
    fixed = beta[0] + beta[1] * black + beta[2] * female + beta[4] * female * black + beta[3] * v_prev_full
    people = (sigma_a * z_a)[age - 1] + (sigma_b * z_b)[edu - 1] + (sigma_c * z_c)[age_edu - 1]
    places = (sigma_d * z_d)[state - 1] + (sigma_e * z_e)[region_full - 1]
    pm.Bernoulli("obs", logit_p=fixed + people + places, observed=y)
