# Continuous distributions of observed variables, with parameters that are sampled
import numpy as np
import pymc as pm

with pm.Model() as model:
    shape = pm.Gamma("shape", 4, 2)
    scale = pm.HalfNormal("scale", 1.5)
    mean = pm.Normal("mean", 0.3, 1)

    y = np.array([0.2, 1.4, 0.7])
    pm.ExGaussian("ex_gaussian_obs", mu=mean, sigma=scale, nu=shape, observed=y)
    pm.Rice("rice_obs", nu=shape, sigma=scale, observed=y)
    pm.LogitNormal("logit_normal_obs", mu=mean, sigma=scale, observed=y / 2)
    pm.Wald("wald_obs", mu=shape, phi=scale, alpha=0.1, observed=y)
    pm.TruncatedNormal("truncated_obs", mu=mean, sigma=scale, lower=0, upper=2, observed=y)
    pm.NormalMixture("mixture_obs", w=np.array([0.3, 0.7]), mu=pm.math.stack([mean, shape]), sigma=scale, observed=y)
    pm.HurdleGamma("hurdle_gamma_obs", psi=pm.math.invlogit(mean), alpha=shape, beta=scale, observed=y)
    pm.HurdleLogNormal("hurdle_log_normal_obs", psi=0.6, mu=mean, sigma=scale, observed=y)
