# Births by week: days put in weeks, a running mean, a Hilbert-space Gaussian process
import numpy as np
import pandas as pd
import pymc as pm

rng = np.random.default_rng(9)
dates = pd.date_range("2019-01-01", "2019-12-31", freq="D")
births = pd.Series(100 + 5 * np.sin(2 * np.pi * np.arange(365) / 365) + rng.normal(0, 2, 365), index=dates, name="births")
weekly = births.resample("W").mean()
smooth = births.rolling(window=7, min_periods=1).mean()
y = ((weekly - weekly.mean()) / weekly.std()).to_numpy()
x = np.arange(len(y), dtype=float)
dow = births.groupby(births.index.dayofweek).mean()
with pm.Model() as model:
    ls = pm.InverseGamma("ls", alpha=5, beta=30)
    eta = pm.Exponential("eta", 1)
    cov = eta**2 * pm.gp.cov.Matern52(1, ls=ls)
    gp = pm.gp.HSGP(m=[15], c=1.5, cov_func=cov)
    f = gp.prior("f", X=x[:, None])
    intercept = pm.Normal("intercept", smooth.iloc[-1] - 100, 1)
    week = pm.Normal("week", dow.values - dow.mean(), 1)
    sigma = pm.HalfNormal("sigma", 1)
    pm.Normal("y", mu=intercept + f, sigma=sigma, observed=y)
