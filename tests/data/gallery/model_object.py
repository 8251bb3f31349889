# Nested models with names, variables of a model by name and by kind, starting values set afterwards, labels of a table.
import numpy as np
import pandas as pd
import pymc as pm

rng = np.random.default_rng(12)
table = pd.DataFrame({"dose": [0.5, 1.0, 1.5, 2.0], "age": [-0.3, 0.4, None, 0.1]}, index=["a", "b", "c", "d"])
table["age"] = table["age"].fillna(table["age"].mean())
response = rng.normal(1 + 0.5 * table["dose"], 0.3)


def shrink(model, scale):
    with model:
        for variable in model.free_RVs:
            pm.Potential(f"shrink_{variable.name}", -scale * (variable**2).sum())


with pm.Model(name="trial", coords={"arm": ["one", "two"]}) as model:
    X = pm.Data("X", table, dims=("patient", "predictor"), infer_dims_and_coords=True)
    slope = pm.Normal("slope", 0, 1, dims="predictor")
    with pm.Model(name="noise") as noise:
        sigma = pm.HalfNormal("sigma", 1)
        pm.Deterministic("variance", sigma**2)
    with pm.Model(name="arms"):
        effect = pm.Normal("effect", 0, 0.5, dims="arm")
        with pm.Model(name="deep"):
            pm.Exponential("rate", 2)
    mu = X @ model["slope"] + effect[np.array([0, 1, 0, 1])]
    pm.Normal("response", mu, noise["sigma"], observed=response, dims="patient")
    missing = pm.Normal("missing", mu, model.named_vars["trial::noise::sigma"], observed=[0.4, np.nan, 1.2, np.nan])

shrink(model, 0.05)
with model:
    pm.Potential("counts", -0.1 * len(model.free_RVs) * model["trial::arms::deep::rate"] - 0.01 * len(model.deterministics))
model.set_initval(sigma, 0.4)
model.set_initval(slope, [0.25, -0.5])
