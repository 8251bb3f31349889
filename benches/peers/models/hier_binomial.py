# Binomial counts in 200 groups of 5 rows, generated; data: hier_binomial.json of make_data.py
import pymc as pm

with pm.Model() as model:
    overall_mean = pm.Normal("overall_mean", 0, 1)
    sigma_group = pm.HalfNormal("sigma_group", 1)
    z_group = pm.Normal("z_group", 0, 1, shape=G)
    pm.Binomial("obs", n=n, logit_p=(overall_mean + sigma_group * z_group)[g], observed=y)
