# Cox's regression as piecewise constant hazards with Poisson events; data: lifetimes.csv
import numpy as np
import pymc as pm
import pytensor.tensor as pt

interval_length = 2
interval_bounds = np.arange(0, time.max() + interval_length + 1, interval_length)
n_intervals = interval_bounds.size - 1
intervals = np.arange(n_intervals)
n_patients = len(time)
patients = np.arange(n_patients)

last_period = np.floor((time - 0.01) / interval_length).astype(int)
death = np.zeros((n_patients, n_intervals))
death[patients, last_period] = event
exposure = np.greater_equal.outer(time, interval_bounds[:-1]) * interval_length
exposure[patients, last_period] = time - interval_bounds[last_period]

coords = {"intervals": intervals, "patient": patients}

with pm.Model(coords=coords) as model:
    lambda0 = pm.Gamma("lambda0", 0.01, 0.01, dims="intervals", initval=np.full(n_intervals, 0.2))
    beta = pm.Normal("beta", 0, sigma=1000)
    lambda_ = pm.Deterministic("lambda_", pt.outer(pm.math.exp(beta * metastasized), lambda0))
    mu = pm.Deterministic("mu", exposure * lambda_)
    obs = pm.Poisson("obs", mu + 1e-9, observed=death)
