# A level that walks, and measurement error, with years that nobody measured. data: nile.json
# Durbin and Koopman (2012), Time Series Analysis by State Space Methods, section 2.7.
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace import structural as st

measured = flow[:, None] / 100.0
measured[20:40] = np.nan
measured[60:80] = np.nan

level = st.LevelTrend(order=1, innovations_order=1, name="level")
ss_mod = (level + st.MeasurementError(name="error")).build(name="nile", verbose=False)

with pm.Model(coords=ss_mod.coords) as model:
    P0_diag = pm.Gamma("P0_diag", alpha=2, beta=1, dims=ss_mod.param_dims["P0"][0])
    P0 = pm.Deterministic("P0", pt.diag(P0_diag), dims=ss_mod.param_dims["P0"])
    initial_level = pm.Normal("initial_level", 10, 3, dims=ss_mod.param_dims["initial_level"])
    sigma_level = pm.HalfNormal("sigma_level", 1, dims=ss_mod.param_dims["sigma_level"])
    sigma_error = pm.HalfNormal("sigma_error", 2)
    ss_mod.build_statespace_graph(measured, mode="JAX")
