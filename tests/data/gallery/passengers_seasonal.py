# A trend and seasons that change, of a monthly series with gaps. data: passengers.json
# Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, section 2.3.
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace import structural as st

series = pd.Series(np.log(passengers[:36]))
series[7] = np.nan
series[20:23] = np.nan

mod = (
    st.LevelTrend(order=2, innovations_order=[0, 1], name="trend")
    + st.TimeSeasonality(season_length=12, innovations=True, name="season")
    + st.Cycle(estimate_cycle_length=True, dampen=True, name="cycle")
    + st.MeasurementError(name="error")
)
ss_mod = mod.build(name="passengers", verbose=False)
initial_dims, sigma_dims, season_dims, cycle_dims, P0_dims = ss_mod.param_dims.values()

with pm.Model(coords=ss_mod.coords) as model:
    P0 = pm.Deterministic("P0", pt.eye(ss_mod.k_states) * 0.1, dims=P0_dims)
    initial_trend = pm.Normal("initial_trend", [5, 0], [1, 0.1], dims=initial_dims)
    sigma_trend = pm.Gamma("sigma_trend", alpha=2, beta=50, dims=sigma_dims)
    params_season = pm.ZeroSumNormal("params_season", sigma=0.2, dims=season_dims)
    sigma_season = pm.Gamma("sigma_season", alpha=2, beta=50)
    params_cycle = pm.Normal("params_cycle", 0, 0.1, dims=cycle_dims)
    length_cycle = pm.LogNormal("length_cycle", np.log(20), 0.3)
    dampening_factor_cycle = pm.Beta("dampening_factor_cycle", 8, 2)
    sigma_cycle = pm.Gamma("sigma_cycle", alpha=2, beta=50)
    sigma_error = pm.Gamma("sigma_error", alpha=2, beta=50)
    ss_mod.build_statespace_graph(series)
