# Varying intercepts and slopes whose axes have names; data: groups.csv
import numpy as np
import pymc as pm
import pymc.dims as pmd

coords = {"visit": np.arange(len(wait)), "cafe": np.unique(cafe), "effect": ["intercept", "slope"]}

with pm.Model(coords=coords) as varying_effects:
    cafe_of = pmd.Data("cafe_of", cafe, dims="visit")
    after_noon = pmd.Data("after_noon", afternoon, dims=("visit",))
    mean = pmd.Normal("mean", 3, 2, dims="effect")
    spread = pmd.HalfNormal("spread", 1, dims="effect")
    offset = pmd.Normal("offset", dims=("cafe", "effect"))
    effects = pmd.Deterministic("effects", mean + spread * offset, dims=("cafe", "effect"))
    at_visit = effects.isel(cafe=cafe_of)
    expected = at_visit.isel(effect=0) + at_visit.isel(effect=1) * after_noon
    sigma = pmd.Exponential("sigma", 1)
    pmd.StudentT("waits", nu=4, mu=expected, sigma=sigma, observed=pmd.as_xtensor(wait, dims=("visit",)))
