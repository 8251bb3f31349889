# An ARMA process with a season of seven years, which starts where it settles. data: nile.json
# Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, section 3.3.
import pandas as pd
import pymc as pm
import pymc_extras.statespace as pmss

table = pd.DataFrame({"flow": (flow[:50] - 950.0) / 150.0})
ss_mod = pmss.BayesianSARIMAX(order=(1, 0, 1), seasonal_order=(1, 0, 1, 3), measurement_error=True, verbose=False)

with pm.Model(coords=ss_mod.coords) as model:
    ar_params = pm.Uniform("ar_params", -0.95, 0.95, dims=ss_mod.param_dims["ar_params"])
    ma_params = pm.Normal("ma_params", 0, 0.5, dims=ss_mod.param_dims["ma_params"])
    seasonal_ar_params = pm.Uniform("seasonal_ar_params", -0.9, 0.9, dims="seasonal_lag_ar")
    seasonal_ma_params = pm.Normal("seasonal_ma_params", 0, 0.5, dims="seasonal_lag_ma")
    sigma_state = pm.HalfNormal("sigma_state", 1)
    sigma_obs = pm.HalfNormal("sigma_obs", 1)
    ss_mod.build_statespace_graph(table)
