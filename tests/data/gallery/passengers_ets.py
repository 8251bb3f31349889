# Exponential smoothing: a level, a trend that dies away, and seasons of a quarter. data: passengers.json
# Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, section 8.5.
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace import BayesianETS

quarters = np.log(passengers.reshape((-1, 3)).sum(axis=1))[:, None]
ss_mod = BayesianETS(order=("A", "Ad", "A"), seasonal_periods=4, endog_names=["passengers"], verbose=False)

with pm.Model(coords=ss_mod.coords) as model:
    initial_level = pm.Normal("initial_level", 6, 1)
    initial_trend = pm.Normal("initial_trend", 0, 0.1)
    initial_seasonal = pm.ZeroSumNormal("initial_seasonal", sigma=0.3, dims=ss_mod.param_dims["initial_seasonal"])
    P0 = pm.Deterministic("P0", pt.eye(ss_mod.k_states) * 0.1, dims=ss_mod.param_dims["P0"])
    alpha = pm.Beta("alpha", 2, 2)
    beta = pm.Beta("beta", 2, 4)
    gamma = pm.Beta("gamma", 2, 4)
    phi = pm.Beta("phi", 9, 1)
    sigma_state = pm.Gamma("sigma_state", 2, 20)
    ss_mod.build_statespace_graph(quarters)
