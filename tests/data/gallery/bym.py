# Besag, York and Mollié: an intrinsic autoregression and independent effects, mixed; data: areas.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

scaling_factor = 0.7

with pm.Model(coords={"area_idx": np.arange(len(observed))}) as BYM_model:
    # intercept
    beta0 = pm.Normal("beta0", 0, 1)
    # fragmentation effect
    beta1 = pm.Normal("beta1", 0, 1)
    # independent random effect
    theta = pm.Normal("theta", 0, 1, dims="area_idx")
    # spatially structured random effect
    phi = pm.ICAR("phi", W=W, dims="area_idx")
    # joint variance of random effects
    sigma = pm.HalfNormal("sigma", 1)
    # the mixing rate is rho
    rho = pm.Beta("rho", 0.5, 0.5)
    # the bym component - it mixes a spatial and a random effect
    mixture = pm.Deterministic(
        "mixture", pt.sqrt(1 - rho) * theta + pt.sqrt(rho / scaling_factor) * phi, dims="area_idx"
    )
    # exponential link function to ensure predictions are positive
    mu = pm.Deterministic("mu", pt.exp(np.log(E) + beta0 + beta1 * x + sigma * mixture), dims="area_idx")
    y_i = pm.Poisson("y_i", mu, observed=observed)
