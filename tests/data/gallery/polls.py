# Election polls: shares that walk by month, effects of pollsters, Dirichlet-multinomial counts
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

rng = np.random.default_rng(31)
n_polls, parties = 24, ["left", "center", "right", "other"]
polls = pd.DataFrame(rng.dirichlet([8, 6, 7, 3], n_polls), columns=parties)
polls["date"] = pd.date_range("2021-01-03", periods=n_polls, freq="10D")
polls["samplesize"] = rng.integers(500, 1500, n_polls)
polls["pollster"] = rng.choice(["A", "B", "C"], n_polls)
polls = polls.set_index("date").sort_index()
polls["month"] = polls.index.strftime("%Y-%m")
counts = np.round(polls[parties].values * polls["samplesize"].values[:, None]).astype(int)
pollster_id, pollsters = polls["pollster"].factorize(sort=True)
month_id, months = polls["month"].factorize()
coords = {"pollster": pollsters, "month": months, "party": parties, "party_free": parties[:-1], "obs": polls.index}
with pm.Model(coords=coords) as model:
    base = pm.Normal("base", 0, 1, dims="party_free")
    house = pm.ZeroSumNormal("house", sigma=0.15, dims=("pollster", "party_free"), n_zerosum_axes=1)
    sd = pm.HalfNormal("sd", 0.2)
    walk = pm.GaussianRandomWalk("walk", sigma=sd, init_dist=pm.Normal.dist(0, 0.2), shape=(len(parties) - 1, len(months)))
    latent = base + house[pollster_id] + walk.T[month_id]
    latent = pt.concatenate([latent, pt.zeros((n_polls, 1))], axis=1)
    p = pm.Deterministic("p", pm.math.softmax(latent, axis=1), dims=("obs", "party"))
    conc = pm.Exponential("conc", 1 / 1000)
    pm.DirichletMultinomial("counts", n=counts.sum(axis=1), a=conc * p, observed=counts, dims=("obs", "party"))
