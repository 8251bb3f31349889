# Bernoulli by p and by logit_p; data: columns.json
import pymc as pm

with pm.Model() as model:
    p = pm.Beta("p", 1, 1)
    chances = pm.Beta("chances", 2, 2, shape=3)
    alpha = pm.Normal("alpha", 0, 1.5)
    beta = pm.Normal("beta", 0, 1)

    pm.Bernoulli("scalar_obs", p, observed=binary)
    pm.Bernoulli("by_p_obs", p=chances[group], observed=binary)
    pm.Bernoulli("by_logit_obs", logit_p=alpha + beta * x, observed=binary)
