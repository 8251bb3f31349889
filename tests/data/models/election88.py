# Votes in the presidential election of 1988, every ninth answer of the polls (Gelman and Hill 2007); data: election88.json
import pymc as pm

with pm.Model() as model:
    sigma = pm.HalfNormal("sigma", sigma=1, shape=5)
    z_age = pm.Normal("z_age", 0, 1, shape=n_age)
    z_edu = pm.Normal("z_edu", 0, 1, shape=n_edu)
    z_age_edu = pm.Normal("z_age_edu", 0, 1, shape=n_age_edu)
    z_state = pm.Normal("z_state", 0, 1, shape=n_state)
    z_region = pm.Normal("z_region", 0, 1, shape=n_region_full)
    beta = pm.Normal("beta", 0, 5, shape=5)

    people = beta[0] + beta[1] * black + beta[2] * female + beta[4] * female * black
    people = people + sigma[0] * z_age[age - 1] + sigma[1] * z_edu[edu - 1] + sigma[2] * z_age_edu[age_edu - 1]
    places = beta[3] * v_prev_full + sigma[3] * z_state[state - 1] + sigma[4] * z_region[region_full - 1]
    pm.Bernoulli("vote", logit_p=people + places, observed=y)
