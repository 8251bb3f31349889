# Continuous distributions of free variables, with parameters that are sampled
import numpy as np
import pymc as pm

with pm.Model() as model:
    shape = pm.Gamma("shape", 4, 2)
    scale = pm.HalfNormal("scale", 1.5)
    mean = pm.Normal("mean", 0.3, 1)

    pm.Gumbel("gumbel", mu=mean, beta=scale)
    pm.Logistic("logistic", mu=mean, s=scale)
    pm.Moyal("moyal", mu=mean, sigma=scale)
    pm.Wald("wald", mu=shape, lam=scale)
    pm.VonMises("von_mises", mu=0.4, kappa=shape)
    pm.TruncatedNormal("truncated_both", mu=mean, sigma=scale, lower=-1, upper=3)
    pm.TruncatedNormal("truncated_below", mu=mean, sigma=scale, lower=-1)
    pm.TruncatedNormal("truncated_above", mu=mean, sigma=scale, upper=3)
    pm.Interpolated("interpolated", x_points=np.array([-1.0, 0.0, 2.0]), pdf_points=np.array([0.2, 1.0, 0.4]))
