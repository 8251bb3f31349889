# Binomial by p and by logit_p, with none and all of the trials among the counts; data: columns.json
import pymc as pm

with pm.Model() as model:
    p = pm.Beta("p", 2, 2)
    chances = pm.Beta("chances", alpha=1, beta=1, shape=3)
    logit = pm.Normal("logit", 0, 1.5, shape=3)

    pm.Binomial("scalar_obs", 12, p, observed=5)
    pm.Binomial("by_p_obs", n=trials, p=chances[group], observed=success)
    pm.Binomial("by_logit_obs", n=trials, logit_p=logit[group] + 0.3 * x, observed=success)
