# Four indicators of one cycle that nobody sees, with gaps: a dynamic factor model of simulated months.
# Durbin and Koopman (2012), Time Series Analysis by State Space Methods, section 3.7.
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace.models import BayesianDynamicFactor

rng = np.random.default_rng(1867)
months = 48
cycle = np.zeros(months)
for t in range(2, months):
    cycle[t] = 1.2 * cycle[t - 1] - 0.5 * cycle[t - 2] + rng.normal()
loadings = {"output": 1.0, "orders": 0.8, "hours": 0.5, "unemployment": -0.7}
table = pd.DataFrame({name: loading * cycle + rng.normal(0, 0.6, size=months) for name, loading in loadings.items()})
table.loc[7, "orders"] = np.nan
table.loc[20, "hours"] = np.nan
table.loc[21, "hours"] = np.nan
table.loc[30, "output"] = np.nan
dfm = BayesianDynamicFactor(k_factors=1, factor_order=2, endog_names=list(loadings), verbose=False)

with pm.Model(coords=dfm.coords) as model:
    x0 = pm.Normal("x0", 0, 1, dims=dfm.param_dims["x0"])
    P0_diag = pm.HalfNormal("P0_diag", 2, dims="state")
    P0 = pm.Deterministic("P0", pt.diag(P0_diag), dims=dfm.param_dims["P0"])
    # The cycle rises with the output: the sign of a factor is nobody's otherwise.
    first = pm.HalfNormal("first", 1)
    others = pm.Normal("others", 0, 1, shape=3)
    loaded = pt.concatenate([first[None], others])[:, None]
    pm.Deterministic("factor_loadings", loaded, dims=dfm.param_dims["factor_loadings"])
    factor_ar = pm.Normal("factor_ar", 0, 0.5, dims=dfm.param_dims["factor_ar"])
    error_sigma = pm.InverseGamma("error_sigma", 3, 1, dims=dfm.param_dims["error_sigma"])
    dfm.build_statespace_graph(table)
