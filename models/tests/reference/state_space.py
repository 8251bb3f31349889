"""Writes the log densities that pymc_extras gives for state-space models: ../data/state_space.json.

    pip install pymc==5.28.5 pymc-extras==0.10.0 better-optimize==0.3.2
    python state_space.py

Each model is a file of the model language; its log density is that at PyMC's initial point, with the constants that the
filter leaves out (see `tests/reference/pymc_log_density.py`). The names of the coordinates and dims are assertions at
the end of the file.
"""

import json
import pathlib
import sys

import numpy as np
import pytensor

pytensor.config.cast_policy = "numpy+floatX"  # before anything makes a constant

import pymc as pm
from pytensor.compile.mode import Mode

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "reference"))
from pymc_log_density import left_out

RESULT = pathlib.Path(__file__).resolve().parents[1] / "data" / "state_space.json"
MODE = Mode(linker="py", optimizer="fast_compile")

HEAD = """import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace import BayesianETS, BayesianSARIMAX, BayesianVARMAX, structural as st

times = np.arange(14.0)
one = (np.sin(times) + times / 10)[:, None]
one[4, 0] = np.nan
two = np.column_stack([np.sin(times), np.cos(times) + 1])
two[3, 1] = np.nan
two[8, :] = np.nan
exogenous = np.column_stack([np.cos(times / 3), times / 10])
"""
MODEL = """
with pm.Model(coords=ss.coords) as model:
    for name, info in ss.param_info.items():
        if name == "P0":
            pm.Deterministic("P0", pt.eye(ss.k_states) * 0.7, dims=info["dims"])
        elif name == "state_cov":
            pm.Deterministic("state_cov", pt.as_tensor([[1.0, 0.3], [0.3, 0.8]]), dims=info["dims"])
        elif "sigma" in name or "length" in name:
            pm.Gamma(name, 3, 2, shape=shapes.get(name, info["shape"]))
        elif info["constraints"] is not None:
            pm.Beta(name, 2, 3, shape=info["shape"])
        else:
            pm.Normal(name, 0.23, 0.5, shape=shapes.get(name, info["shape"]))
    for name, info in ss.data_info.items():
        pm.Data(name, exogenous[:, : info["shape"][1]])
    ss.build_statespace_graph(data)
"""
BOTH = 'observed_state_names=["a", "b"]'
NOISE = f" + st.MeasurementError({BOTH})"
COMPONENTS = {
    "three derivatives": ("st.LevelTrend(order=3, innovations_order=[0, 1, 1]) + st.MeasurementError()", 1),
    "a constant": ("st.LevelTrend(order=1, innovations_order=0) + st.MeasurementError()", 1),
    "an autoregression": ("st.Autoregressive(order=3)", 1),
    "some lags": ("st.LevelTrend(order=1) + st.Autoregressive(order=[1, 0, 1])", 1),
    "a cycle": ("st.Cycle(cycle_length=5, dampen=True) + st.MeasurementError()", 1),
    "a fixed cycle": ("st.LevelTrend(order=1) + st.Cycle(cycle_length=5, innovations=False)", 1),
    "a cycle of unknown length": ("st.Cycle(estimate_cycle_length=True) + st.MeasurementError()", 1),
    "fixed seasons": ("st.TimeSeasonality(season_length=4, innovations=False) + st.MeasurementError()", 1),
    "all seasons": ("st.TimeSeasonality(season_length=3, remove_first_state=False) + st.MeasurementError()", 1),
    "harmonics": ("st.FrequencySeasonality(season_length=6) + st.MeasurementError()", 1),
    "fixed harmonics": ("st.FrequencySeasonality(season_length=5, n=2, innovations=False) + st.MeasurementError()", 1),
    "a regression": ('st.LevelTrend(order=1) + st.Regression(state_names=["u", "v"]) + st.MeasurementError()', 1),
    "a regression that walks": ('st.Regression(state_names=["u", "v"], innovations=True) + st.MeasurementError()', 1),
    "two trends": (f"st.LevelTrend(order=2, {BOTH}){NOISE}", 2),
    "a shared trend": (f"st.LevelTrend(order=2, {BOTH}, share_states=True){NOISE}", 2),
    "two autoregressions": (f"st.Autoregressive(order=2, {BOTH}){NOISE}", 2),
    "two cycles": (f"st.Cycle(cycle_length=4, {BOTH}){NOISE}", 2),
    "two sets of harmonics": (f'st.FrequencySeasonality(season_length=4, name="season", {BOTH}){NOISE}', 2),
    "two sets of seasons": (f"st.TimeSeasonality(season_length=4, innovations=False, {BOTH}){NOISE}", 2),
    "two regressions": (f'st.Regression(state_names=["u", "v"], {BOTH}){NOISE}', 2),
    "a trend each": (
        'st.LevelTrend(order=1, observed_state_names=["a"]) + '
        f'st.LevelTrend(order=2, name="other", observed_state_names=["b"]){NOISE}',
        2,
    ),
}
OTHERS = {
    "ARMA": ("BayesianSARIMAX(order=(2, 0, 1))", 1),
    "ARIMA": ("BayesianSARIMAX(order=(2, 1, 1), stationary_initialization=False)", 1),
    "seasonal ARIMA": (
        "BayesianSARIMAX(order=(1, 1, 1), seasonal_order=(1, 1, 1, 3), stationary_initialization=False)",
        1,
    ),
    "two seasonal differences": (
        "BayesianSARIMAX(order=(1, 2, 1), seasonal_order=(0, 2, 1, 3), stationary_initialization=False)",
        1,
    ),
    "interpretable ARMA": (
        'BayesianSARIMAX(order=(2, 0, 2), state_structure="interpretable", measurement_error=True)',
        1,
    ),
    "interpretable seasonal ARMA": (
        'BayesianSARIMAX(order=(1, 0, 1), seasonal_order=(1, 0, 1, 3), state_structure="interpretable")',
        1,
    ),
    "ARX": ('BayesianSARIMAX(order=(1, 0, 0), exog_state_names=["u", "v"])', 1),
    "VAR": ('BayesianVARMAX(order=(1, 0), endog_names=["a", "b"], stationary_initialization=True)', 2),
    "VMA": ('BayesianVARMAX(order=(0, 2), endog_names=["a", "b"])', 2),
    "VARMA": ('BayesianVARMAX(order=(2, 1), endog_names=["a", "b"])', 2),
    "simple smoothing": ('BayesianETS(order=("A", "N", "N"), endog_names=["a"])', 1),
    "smoothing of seasons": (
        'BayesianETS(order=("A", "A", "A"), seasonal_periods=3, endog_names=["a"], '
        "use_transformed_parameterization=True, measurement_error=True)",
        1,
    ),
    "smoothing from where it settles": (
        'BayesianETS(order=("A", "Ad", "A"), seasonal_periods=3, endog_names=["a"], stationary_initialization=True)',
        1,
    ),
    "smoothing of two series": (
        'BayesianETS(order=("A", "Ad", "A"), seasonal_periods=3, endog_names=["a", "b"], '
        "dense_innovation_covariance=True)",
        2,
    ),
}
# What the package's tables say otherwise than its models.
SHAPES = {"some lags": {"params_auto_regressive": 2}, "two sets of harmonics": {"sigma_season": 2}}


def entry(name, line, series):
    data = "one" if series == 1 else "two"
    source = f"{HEAD}{line}\nshapes = {SHAPES.get(name, {})}\ndata = {data}\n{MODEL}"
    names = {}
    exec(compile(source, name, "exec"), names)  # the models above, nothing else
    model, ss = names["model"], names["ss"]
    log_density = float(model.compile_logp(mode=MODE)(model.initial_point())) + left_out(model["obs"], model)
    for key, labels in ss.coords.items():
        source += f"assert list(ss.coords[{key!r}]) == {list(labels)!r}\n"
    for key, dims in ss.param_dims.items():
        source += f"assert ss.param_dims[{key!r}] == {dims!r}\n"
    print(name, log_density, flush=True)
    return {"name": name, "source": source, "log_density": log_density}


def main():
    models = {name: (f"ss = ({sum_}).build(verbose=False)", series) for name, (sum_, series) in COMPONENTS.items()}
    models |= {name: (f"ss = {call[:-1]}, verbose=False)", series) for name, (call, series) in OTHERS.items()}
    entries = [entry(name, line, series) for name, (line, series) in models.items()]
    RESULT.write_text(json.dumps(entries, indent=1, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
