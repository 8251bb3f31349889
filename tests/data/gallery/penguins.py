# Penguins with missing measurements and sexes, prepared as tables usually are; data: penguins.csv
import numpy as np
import pandas as pd
import pymc as pm

penguins = df.copy()
missing = penguins.isnull()[["bill_length_mm", "sex", "body_mass_g"]].any(axis=1)
whole = penguins.loc[~missing]
species = pd.Categorical(whole["species"])
features = whole[["bill_length_mm", "bill_depth_mm"]]
X = (features - features.mean()) / features.std()
male = whole["sex"].map({"male": 1, "female": 0})

penguins["body_mass_g"] = penguins["body_mass_g"].fillna(penguins["body_mass_g"].median())
penguins["sex"] = penguins["sex"].fillna("unknown")
sex_idx, sexes = penguins["sex"].factorize(sort=True)
penguins["size"] = pd.cut(penguins["bill_length_mm"], bins=[30, 40, 46, 60], labels=["short", "medium", "long"])
counts = penguins.groupby(["species", "size"], observed=True).size().unstack(fill_value=0)

coords = {
    "species": species.categories,
    "feature": X.columns,
    "sex": sexes,
    "size": counts.columns,
    "place": counts.index,
}
with pm.Model(coords=coords) as model:
    intercept = pm.Normal("intercept", 0, 1, dims="species")
    slope = pm.Normal("slope", 0, 1, dims=("species", "feature"))
    mu = intercept[species.codes] + (slope[species.codes] * X.values).sum(axis=1)
    pm.Bernoulli("male", logit_p=mu, observed=male)

    mass = pm.Normal("mass", penguins["body_mass_g"].mean() / 1000, penguins.body_mass_g.std() / 1000, dims="sex")
    noise = pm.HalfNormal("noise", 0.5)
    pm.Normal("weights", mass[sex_idx], noise, observed=penguins["body_mass_g"] / 1000)

    shares = pm.Dirichlet("shares", np.ones((len(counts), 3)), dims=("place", "size"))
    pm.Multinomial("sizes", n=counts.sum(axis=1).values, p=shares, observed=counts.values)
    depth = pm.Normal("depth", 17, 2)
    pm.Normal("depths", depth, 2, observed=penguins["bill_depth_mm"].dropna())
