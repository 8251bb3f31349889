# Weekly sales with a trend, waves of the year by Fourier terms, and an effect of each month
import calendar
from functools import reduce

import numpy as np
import pandas as pd
import pymc as pm

df = pd.DataFrame({"date": pd.date_range("2019-12-30", "2021-03-01", freq="W-MON")})
df["month"] = df["date"].dt.month
df["t"] = (df.date - df.date.min()).dt.days / 365.25
df["sales"] = 3 + 0.5 * df["t"] + np.sin(2 * np.pi * df.date.dt.dayofyear / 365.25) + 0.1 * (df.index % 3)

waves = {f"{name}_{k}": getattr(np, name)(2 * np.pi * k * df["t"]) for k in (1, 2) for name in ("sin", "cos")}
fourier = pd.DataFrame(waves)
month_index, months = pd.factorize(df["month"], sort=True)
smooth = np.convolve(np.pad(df["sales"].to_numpy(), 2, mode="edge"), np.ones(5) / 5, mode="valid")
total = reduce(lambda a, b: a + b, [0.5, 0.25, 0.25])


def build_model():
    coords = {"wave": fourier.columns, "month": [calendar.month_name[m] for m in months]}
    with pm.Model(coords=coords) as model:
        level = pm.Normal("level", np.average(smooth), total)
        slope = pm.Normal("slope", 0.0, 1.0)
        beta = pm.Laplace("beta", 0.0, 0.5, dims="wave")
        effect = pm.ZeroSumNormal("effect", sigma=0.3, dims="month")
        mu = level + slope * df["t"].values + pm.math.dot(fourier.values, beta) + effect[month_index]
        sigma = pm.HalfNormal("sigma", 0.5)
        pm.Normal("sales", mu, sigma, observed=smooth)
    start = model.initial_point()
    return model, start


model, start = build_model()
