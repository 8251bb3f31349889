# Poststratification: a survey cut into cells, cells joined with incomes, effects by state, group and education
import numpy as np
import pandas as pd
import pymc as pm

rng = np.random.default_rng(2024)
N = 300
states = ["AL", "AK", "AZ", "AR", "CA"]
survey = pd.DataFrame({
    "state": rng.choice(states, N),
    "eth": rng.choice(["White", "Black", "Hispanic", "Other"], N, p=[0.6, 0.2, 0.15, 0.05]),
    "age": rng.integers(18, 90, N),
    "edu": rng.choice(["No HS", "HS", "College"], N),
    "yes": rng.integers(0, 2, N),
})
bounds = [17, 29, 39, 49, 59, 69, 120]
survey["age_bin"] = pd.cut(survey["age"], bins=bounds, labels=["18-29", "30-39", "40-49", "50-59", "60-69", "70+"])
cells = (
    survey.assign(edu=lambda d: pd.Categorical(d["edu"], categories=["No HS", "HS", "College"], ordered=True))
    .groupby(["state", "eth", "edu"], observed=True)
    .agg({"yes": "sum", "age": "count"})
    .reset_index()
    .rename(columns={"yes": "positive", "age": "n"})
)
income = pd.Series({"AL": 1.2, "AK": 2.5, "AZ": 1.7, "AR": 1.1, "CA": 2.9}, name="income")
incomes = pd.DataFrame({"state": income.index, "income": income.values})
cells = cells.merge(incomes, on="state", how="left")
cells["income_z"] = (cells["income"] - cells["income"].mean()) / cells["income"].std()
state_idx, state = cells["state"].factorize()
eth_idx, eth = pd.factorize(cells["eth"], sort=True)
edu_idx = pd.Categorical(cells["edu"], categories=["No HS", "HS", "College"]).codes
coords = dict(state=state, eth=eth, edu=["No HS", "HS", "College"], cell=cells.index)
with pm.Model(coords=coords) as model:
    a = pm.Normal("a", 0, 1.5)
    b_inc = pm.Normal("b_inc", 0, 1)
    effects = {}
    for name in ["state", "eth", "edu"]:
        sd = pm.Exponential(f"sd_{name}", 1)
        z = pm.Normal(f"z_{name}", 0, 1, dims=name)
        effects[name] = pm.Deterministic(f"a_{name}", sd * z, dims=name)
    eta = a + effects["state"][state_idx] + effects["eth"][eth_idx] + effects["edu"][edu_idx] + b_inc * cells["income_z"].to_numpy()
    pm.Binomial("y", n=cells["n"].values, logit_p=eta, observed=cells["positive"].values, dims="cell")
