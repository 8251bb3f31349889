# Two-parameter logistic item response, 20 items by 100 persons (posteriordb), non-centred; data: irt_2pl.json
import pymc as pm

with pm.Model() as model:
    sigma_theta = pm.HalfCauchy("sigma_theta", 2)
    theta_raw = pm.Normal("theta_raw", 0, 1, shape=J)
    sigma_a = pm.HalfCauchy("sigma_a", 2)
    a_raw = pm.Normal("a_raw", 0, 1, shape=I)
    mu_b = pm.Normal("mu_b", 0, 5)
    sigma_b = pm.HalfCauchy("sigma_b", 2)
    b_raw = pm.Normal("b_raw", 0, 1, shape=I)
    theta = sigma_theta * theta_raw
    a = pm.math.exp(sigma_a * a_raw)
    b = mu_b + sigma_b * b_raw
    pm.Bernoulli("obs", logit_p=a[:, None] * (theta[None, :] - b[:, None]), observed=y)
