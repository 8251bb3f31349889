# Radon in 919 homes of 85 Minnesota counties (Gelman and Hill 2007); data: radon.csv
import numpy as np
import pymc as pm

counties, county_idx = np.unique(county, return_inverse=True)

with pm.Model(coords={"county": counties}) as model:
    floor_data = pm.Data("floor", floor, dims="obs_id")
    uranium_data = pm.Data("log_uranium", log_uranium, dims="obs_id")
    county_data = pm.Data("county_idx", county_idx, dims="obs_id")

    mu_alpha = pm.Normal("mu_alpha", mu=0, sigma=10)
    sigma_alpha = pm.HalfNormal("sigma_alpha", sigma=1)
    beta_floor = pm.Normal("beta_floor", mu=0, sigma=10)
    beta_uranium = pm.Normal("beta_uranium", mu=0, sigma=10)
    alpha_raw = pm.Normal("alpha_raw", mu=0, sigma=1, dims="county")
    alpha = pm.Deterministic("alpha", mu_alpha + sigma_alpha * alpha_raw, dims="county")
    sigma_y = pm.HalfNormal("sigma_y", sigma=1)

    mu = alpha[county_data] + beta_floor * floor_data + beta_uranium * uranium_data
    pm.Normal("log_radon_obs", mu=mu, sigma=sigma_y, observed=log_radon, dims="obs_id")
