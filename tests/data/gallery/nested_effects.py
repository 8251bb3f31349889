# Cafes in districts: nested effects, centred above and scaled below; data: groups.csv
import numpy as np
import pandas as pd
import pymc as pm

cafes, first_row, cafe_idx = np.unique(cafe, return_index=True, return_inverse=True)
district_idx, districts = pd.factorize(district)
district_of_cafe = district_idx[first_row]

coords = {"district": districts, "cafe": cafes, "obs": np.arange(len(wait))}

with pm.Model(coords=coords) as nested:
    mu = pm.Normal("mu", 3, 2)
    sigma_district = pm.HalfNormal("sigma_district", 1)
    sigma_cafe = pm.HalfNormal("sigma_cafe", 1)
    district_mean = pm.Normal("district_mean", mu, sigma_district, dims="district")
    offset = pm.Normal("offset", 0, 1, dims="cafe")
    cafe_mean = pm.Deterministic("cafe_mean", district_mean[district_of_cafe] + sigma_cafe * offset, dims="cafe")
    slope = pm.Normal("slope", 0, 1)
    sigma = pm.Exponential("sigma", 1)
    pm.Normal("wait", cafe_mean[cafe_idx] + slope * afternoon, sigma, observed=wait, dims="obs")
