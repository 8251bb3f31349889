# A trend with changes, yearly seasons by Fourier terms, and noise; data: series.json
import numpy as np
import pymc as pm

n_changepoints = 4
tn = (t - t.min()) / (t.max() - t.min())
s = np.linspace(0, tn.max(), n_changepoints + 2)[1:-1]
A = (tn[:, None] > s) * 1.0
n_order = 2
periods = t / 12
fourier_features = np.column_stack(
    [f(2 * np.pi * periods * order) for order in range(1, n_order + 1) for f in (np.sin, np.cos)]
)

with pm.Model(check_bounds=False) as model:
    k = pm.Normal("k", 0, 1)
    m = pm.Normal("m", 2, 1)
    delta = pm.Laplace("delta", 0, 0.1, shape=n_changepoints, initval=[0.1, -0.1, 0.05, 0.02])
    growth = k + A @ delta
    offset = m + A @ (-s * delta)
    trend = pm.Deterministic("trend", growth * tn + offset)
    beta_fourier = pm.Normal("beta_fourier", mu=0, sigma=0.5, shape=2 * n_order)
    seasonality = pm.Deterministic("seasonality", pm.math.dot(fourier_features, beta_fourier))
    sigma = pm.HalfNormal("sigma", sigma=0.5)
    pm.Normal("likelihood", mu=trend * (1 + seasonality), sigma=sigma, observed=monthly)
