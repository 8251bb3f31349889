"""Writes the log densities that pymc_extras gives for state-space models: ../data/state_space.json.

    pip install pymc==5.28.5 pymc-extras==0.10.0 better-optimize==0.3.2
    python state_space.py

Each model is a file of the model language; its log density is that at PyMC's initial point, with the constants that the
filter leaves out (see `tests/reference/pymc_log_density.py`). The names of the coordinates and dims are assertions at
the end of the file. Models with `points` have random ones besides, with gradients, and the deterministics of filter and
smoother, by name, with null for what is predicted of a missing element: the package has its fill there. What a smoother
finds is computed here from the joint normal distribution of all states and series. The package's smoother inverts
covariances that only its jitter makes regular where few shocks move many states, and has variances that are wrong by a
third; elsewhere the two must agree, or the script stops.
"""

import json
import pathlib
import sys
import zlib

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
from pymc_extras.statespace.models import BayesianDynamicFactor

times = np.arange(14.0)
one = (np.sin(times) + times / 10)[:, None]
one[4, 0] = np.nan
two = np.column_stack([np.sin(times), np.cos(times) + 1])
two[3, 1] = np.nan
two[8, :] = np.nan
three = np.column_stack([two, one + np.cos(times)[:, None] / 2])
exogenous = np.column_stack([np.cos(times / 3), times / 10])
"""
MODEL = """
with pm.Model(coords=ss.coords) as model:
    for name, info in ss.param_info.items():
        if name == "P0":
            pm.Deterministic("P0", pt.eye(ss.k_states) * 0.7, dims=info["dims"])
        elif name == "state_cov":
            pm.Deterministic("state_cov", pt.as_tensor([[1.0, 0.3], [0.3, 0.8]]), dims=info["dims"])
        elif name == "error_cov":
            noise = pm.Gamma("noise", 3, 2, shape=ss.k_endog)
            pm.Deterministic("error_cov", pt.diag(noise) + 0.2, dims=info["dims"])
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
KEPT = MODEL.replace("(data)", "(data, save_kalman_filter_outputs_in_idata=True)")
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
    "VAR and noise": ('BayesianVARMAX(order=(1, 0), endog_names=["a", "b"], measurement_error=True)', 2),
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
TWO, THREE = 'endog_names=["a", "b"]', 'endog_names=["a", "b", "c"]'
FACTORS = {
    "one factor": (f"1, 1, {TWO}", 2),
    "a factor of noise": (f"1, 0, {TWO}, measurement_error=True", 2),
    "two factors": (f"2, 2, {THREE}", 3),
    "two factors and noise": (f"2, 1, {THREE}, measurement_error=True", 3),
    "one variance and noise": (f'1, 2, {TWO}, error_cov_type="scalar", measurement_error=True', 2),
    "errors with a lag": (f"1, 2, {TWO}, error_order=1", 2),
    "errors with lags": (f"2, 2, {THREE}, error_order=2, measurement_error=True", 3),
    "errors of one variance": (f'1, 1, {THREE}, error_order=1, error_cov_type="scalar"', 3),
    "errors that meet": (f'1, 1, {THREE}, error_order=1, error_cov_type="unstructured"', 3),
    "errors that drive each other": (f"1, 1, {THREE}, error_order=2, error_var=True", 3),
    "noise and errors that meet": (
        f'1, 0, {TWO}, error_order=1, error_var=True, error_cov_type="unstructured", measurement_error=True',
        2,
    ),
    "factors and a regression": (f'1, 2, {TWO}, exog_names=["u", "v"]', 2),
    "factors and a shared regression": (f'2, 1, {THREE}, exog_names=["u", "v"], shared_exog_states=True', 3),
    "factors and a regression that walks": (
        f'1, 1, {TWO}, exog_names=["u", "v"], exog_innovations=True, error_order=1, measurement_error=True',
        2,
    ),
    "factors and a shared regression that walks": (
        f'1, 1, {TWO}, exog_names=["u"], exog_innovations=True, shared_exog_states=True, error_order=2',
        2,
    ),
}
# Of these the package keeps what filter and smoother find.
FOUND = {
    "what is found of a trend": ("ss = (st.LevelTrend(order=2) + st.MeasurementError()).build(verbose=False)", 1),
    "what is found of two trends": (f"ss = (st.LevelTrend(order=1, {BOTH}){NOISE}).build(verbose=False)", 2),
    "what is found of seasons": (
        "ss = BayesianSARIMAX(order=(1, 1, 1), seasonal_order=(0, 0, 1, 3), stationary_initialization=False, verbose=False)",
        1,
    ),
    "what is found of smoothing": (
        'ss = BayesianETS(order=("A", "Ad", "N"), endog_names=["a"], verbose=False, measurement_error=True)',
        1,
    ),
    "what is found of factors": (f"ss = BayesianDynamicFactor(1, 2, {TWO}, error_order=1, verbose=False)", 2),
    "what is found of a regression": (
        f'ss = BayesianDynamicFactor(1, 1, {TWO}, exog_names=["u"], exog_innovations=True, verbose=False)',
        2,
    ),
}
# Their states are more than their shocks.
SINGULAR = ["what is found of seasons"]
# What the package's tables say otherwise than its models.
SHAPES = {"some lags": {"params_auto_regressive": 2}, "two sets of harmonics": {"sigma_season": 2}}
STARTS = {
    "factors and a regression": 2,
    "factors and a shared regression": 2,
    "factors and a regression that walks": 3,
    "factors and a shared regression that walks": 5,
    "what is found of a regression": 1,
}
SHAPES |= {name: {"x0": size} for name, size in STARTS.items()}
POINTS = 2


def flat(value):
    return np.asarray(value, dtype=float).ravel().tolist()


def found(name, value, seen):
    """What the package keeps, without what it predicts of missing elements."""
    if name.startswith("predicted_observed"):
        known = seen if value.ndim == 2 else seen[:, :, None] & seen[:, None, :]
        return [x if is_known else None for x, is_known in zip(flat(value), known.ravel())]
    return flat(value)


def smoothed(matrices, series, jitter=1e-8):
    """Means and covariances of the states, given all that is seen; the filter adds its jitter at every step."""
    a, P, c, d, T, Z, R, H, Q = matrices
    n, k = len(series), len(a)
    means, covariance = np.zeros(n * k), np.zeros((n * k, n * k))
    for t in range(n):
        here = slice(t * k, (t + 1) * k)
        means[here], ahead = a, P
        covariance[here, here] = P
        for s in range(t + 1, n):
            ahead, there = T @ ahead, slice(s * k, (s + 1) * k)
            covariance[there, here], covariance[here, there] = ahead, ahead.T
        a, P = T @ a + c, T @ (P + jitter * np.eye(k)) @ T.T + R @ Q @ R.T
    seen = (series != -9999.0).ravel()
    Z = np.broadcast_to(Z, (n, *Z.shape[-2:]))
    design = np.vstack([np.kron(np.eye(n)[t], Z[t]) for t in range(n)])[seen]
    noise = np.kron(np.eye(n), H + jitter * np.eye(len(H)))[seen][:, seen]
    errors = series.ravel()[seen] - np.tile(d, n)[seen] - design @ means
    gain = np.linalg.solve(design @ covariance @ design.T + noise, design @ covariance).T
    means, covariance = means + gain @ errors, covariance - gain @ design @ covariance
    return {
        "smoothed_states": means.reshape(n, k),
        "smoothed_covariances": np.stack([covariance[t * k : (t + 1) * k, t * k : (t + 1) * k] for t in range(n)]),
    }


def points(name, model, ss, constants):
    """Random points, and what the model is there."""
    log_density, gradient = model.compile_logp(mode=MODE), model.compile_dlogp(mode=MODE)
    outputs = [variable for variable in model.deterministics if variable.name.endswith(("_states", "_covariances"))]
    values = model.value_vars
    wanted = model.replace_rvs_by_values([*outputs, *ss.unpack_statespace()]) if outputs else []
    evaluate = model.compile_fn(wanted, inputs=values, mode=MODE) if outputs else lambda position: []
    series = model["data"].get_value()
    random, initial = np.random.default_rng(zlib.crc32(name.encode())), model.initial_point()
    for _ in range(POINTS):
        position = {value.name: initial[value.name] + 0.3 * random.standard_normal(initial[value.name].shape)
                    for value in values}
        sizes = np.cumsum([position[value.name].size for value in values])[:-1]
        slopes = np.split(gradient(position), sizes)
        numbers = evaluate(position)
        results = {variable.name: number for variable, number in zip(outputs, numbers)}
        for key, exact in (smoothed(numbers[len(outputs) :], series) if outputs else {}).items():
            distance = np.abs(results[key] - exact).max()
            assert distance < 2e-5 or name in SINGULAR, (name, key, distance)
            results[key] = exact
        yield {
            "position": {value.name: flat(position[value.name]) for value in values},
            "log_density": float(log_density(position)) + constants,
            "gradient": {value.name: flat(slope) for value, slope in zip(values, slopes)},
            "found": {key: found(key, result, series != -9999.0) for key, result in results.items()},
        }


def entry(name, line, series):
    data = ["one", "two", "three"][series - 1]
    text = KEPT if name in FOUND else MODEL
    source = f"{HEAD}{line}\nshapes = {SHAPES.get(name, {})}\ndata = {data}\n{text}"
    names = {}
    exec(compile(source, name, "exec"), names)  # the models above, nothing else
    model, ss = names["model"], names["ss"]
    constants = left_out(model["obs"], model)
    log_density = float(model.compile_logp(mode=MODE)(model.initial_point())) + constants
    for key, labels in ss.coords.items():
        source += f"assert list(ss.coords[{key!r}]) == {list(labels)!r}\n"
    for key, dims in ss.param_dims.items():
        source += f"assert ss.param_dims[{key!r}] == {dims!r}\n"
    source += f"assert ss.param_names == {ss.param_names!r}\n" if name in FACTORS else ""
    print(name, log_density, flush=True)
    answer = {"name": name, "source": source, "log_density": log_density}
    if name in FACTORS or name in FOUND:
        answer["points"] = list(points(name, model, ss, constants))
    if name in FOUND:
        answer["dims"] = {key: list(model.named_vars_to_dims[key]) for key in answer["points"][0]["found"]}
    return answer


def main():
    models = {name: (f"ss = ({sum_}).build(verbose=False)", series) for name, (sum_, series) in COMPONENTS.items()}
    models |= {name: (f"ss = {call[:-1]}, verbose=False)", series) for name, (call, series) in OTHERS.items()}
    models |= {
        name: (f"ss = BayesianDynamicFactor({call}, verbose=False)", series) for name, (call, series) in FACTORS.items()
    }
    models |= FOUND
    entries = [entry(name, line, series) for name, (line, series) in models.items()]
    lines = ",\n".join(json.dumps(entry, allow_nan=False) for entry in entries)
    RESULT.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
