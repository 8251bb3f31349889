# Means and spreads of two groups with Student's t errors, and the size of the effect; data: lines.csv
import numpy as np
import pymc as pm

y1 = y[treated == 1]
y2 = y[treated == 0]
mu_m = y.mean()
mu_s = y.std() * 2

with pm.Model() as model:
    group1_mean = pm.Normal("group1_mean", mu=mu_m, sigma=mu_s)
    group2_mean = pm.Normal("group2_mean", mu=mu_m, sigma=mu_s)
    group1_std = pm.Uniform("group1_std", lower=0.01, upper=10)
    group2_std = pm.Uniform("group2_std", lower=0.01, upper=10)
    nu_minus_one = pm.Exponential("nu_minus_one", 1 / 29.0)
    nu = pm.Deterministic("nu", nu_minus_one + 1)
    nu_log10 = pm.Deterministic("nu_log10", np.log10(nu))

    lambda_1 = group1_std**-2
    lambda_2 = group2_std**-2
    group1 = pm.StudentT("drug", nu=nu, mu=group1_mean, lam=lambda_1, observed=y1)
    group2 = pm.StudentT("placebo", nu=nu, mu=group2_mean, lam=lambda_2, observed=y2)

    diff_of_means = pm.Deterministic("difference of means", group1_mean - group2_mean)
    effect_size = pm.Deterministic(
        "effect size", diff_of_means / np.sqrt((group1_std**2 + group2_std**2) / 2)
    )
