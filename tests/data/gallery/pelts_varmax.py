# Two series that drive each other, with moving averages of their shocks and missing numbers. data: pelts.json
# Luetkepohl (2005), New Introduction to Multiple Time Series Analysis, chapter 11.
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace import BayesianVARMAX

table = pd.DataFrame({"hare": np.log(hare) - np.log(hare).mean(), "lynx": np.log(lynx) - np.log(lynx).mean()})
table.loc[5, "hare"] = np.nan
table.loc[11, "lynx"] = np.nan
table.loc[14, "hare"] = np.nan
table.loc[14, "lynx"] = np.nan
ss_mod = BayesianVARMAX(order=(2, 1), endog_names=["hare", "lynx"], stationary_initialization=False, verbose=False)

with pm.Model(coords=ss_mod.coords) as model:
    x0 = pm.Normal("x0", 0, 1, dims=ss_mod.param_dims["x0"])
    P0_diag = pm.HalfNormal("P0_diag", 1, dims="state")
    P0 = pm.Deterministic("P0", pt.diag(P0_diag), dims=ss_mod.param_dims["P0"])
    ar_params = pm.Normal("ar_params", 0, 0.5, dims=ss_mod.param_dims["ar_params"])
    ma_params = pm.Normal("ma_params", 0, 0.3, dims=ss_mod.param_dims["ma_params"])
    chol, _, _ = pm.LKJCholeskyCov("shocks", n=2, eta=2, sd_dist=pm.HalfNormal.dist(1))
    state_cov = pm.Deterministic("state_cov", chol @ chol.T, dims=ss_mod.param_dims["state_cov"])
    ss_mod.build_statespace_graph(table)
