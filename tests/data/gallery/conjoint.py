# Conjoint choices: profiles of all levels, indicator columns, tastes of respondents
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from itertools import product
from collections import defaultdict, Counter

rng = np.random.default_rng(11)
levels = {"price": [10, 20, 30], "brand": ["A", "B"], "size": ["S", "L"]}
profiles = pd.DataFrame(list(product(*levels.values())), columns=list(levels))
X = pd.get_dummies(profiles, columns=["brand", "size"], drop_first=True, dtype=float)
X["price"] = (X["price"] - X["price"].mean()) / X["price"].std()
names = list(X.columns)
n_resp, n_tasks, n_alts = 8, 5, 3
design = rng.integers(0, len(profiles), size=(n_resp, n_tasks, n_alts))
choice = rng.integers(0, n_alts, size=(n_resp, n_tasks))
D = X.to_numpy()[design]
seen = defaultdict(int)
for c in choice.ravel():
    seen[int(c)] += 1
counts = Counter(choice.ravel().tolist())
assert sum(counts.values()) == sum(seen.values())
coords = {"resp": range(n_resp), "attr": names, "alt": range(n_alts), "task": range(n_tasks)}
with pm.Model(coords=coords) as model:
    mu = pm.Normal("mu", 0, 1, dims="attr")
    sd = pm.HalfNormal("sd", 1, dims="attr")
    z = pm.Normal("z", 0, 1, dims=("resp", "attr"))
    beta = pm.Deterministic("beta", mu + z * sd, dims=("resp", "attr"))
    u = (D * beta[:, None, None, :]).sum(axis=-1)
    p = pm.math.softmax(u, axis=-1)
    pm.Categorical("choice", p=p, observed=choice, dims=("resp", "task"))
