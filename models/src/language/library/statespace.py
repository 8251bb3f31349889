# pymc_extras.statespace: linear Gaussian state-space models, written in the language of model files.
#
#     x[t+1] = T x[t] + c + R e[t],  e[t] ~ N(0, Q)        y[t] = Z x[t] + d + n[t],  n[t] ~ N(0, H)
#
# `make_symbolic_graph` writes the matrices when the graph is built, with the variables of the model themselves. The
# density of a step is that of the elements which were observed, with all its constants: the filters of the package
# leave out log(2 pi) / 2 for every element of a step but one, and count log(jitter) / 2 for a missing element. What is
# predicted of a missing element is predicted as if it were there; the package says `obs_intercept` and the jitter. The
# smoother inverts no covariance of the states. That of the package (Rauch, Tung and Striebel) does, which its jitter makes
# regular and its answer wrong where the shocks are fewer than the states; it leaves `state_intercept` out, too, and takes
# the matrices of the step after where they have a row for every time.
#
# References: Durbin and Koopman (2012), Time Series Analysis by State Space Methods, sections 4.3 and 4.4.

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pymc as pm
import pytensor
import pytensor.tensor as pt

ALL_STATE_DIM, ALL_STATE_AUX_DIM = "state", "state_aux"
OBS_STATE_DIM, OBS_STATE_AUX_DIM = "observed_state", "observed_state_aux"
SHOCK_DIM, SHOCK_AUX_DIM = "shock", "shock_aux"
TIME_DIM = "time"
AR_PARAM_DIM, MA_PARAM_DIM = "lag_ar", "lag_ma"
SEASONAL_AR_PARAM_DIM, SEASONAL_MA_PARAM_DIM = "seasonal_lag_ar", "seasonal_lag_ma"
ETS_SEASONAL_DIM = "seasonal_lag"
FACTOR_DIM, ERROR_AR_PARAM_DIM, EXOG_STATE_DIM = "factor", "error_lag_ar", "exogenous"

FILTERS = ["standard", "univariate", "cholesky"]
# The matrices that may have a row of their own for every time.
OF_A_STEP = ["state_intercept", "obs_intercept", "transition", "design", "selection", "obs_cov", "state_cov"]
MISSING = -9999.0
# What filter and smoother find at every time, and its axes.
OUTPUTS = {
    "filtered_states": (TIME_DIM, ALL_STATE_DIM),
    "predicted_states": (TIME_DIM, ALL_STATE_DIM),
    "predicted_observed_states": (TIME_DIM, OBS_STATE_DIM),
    "smoothed_states": (TIME_DIM, ALL_STATE_DIM),
    "filtered_covariances": (TIME_DIM, ALL_STATE_DIM, ALL_STATE_AUX_DIM),
    "predicted_covariances": (TIME_DIM, ALL_STATE_DIM, ALL_STATE_AUX_DIM),
    "predicted_observed_covariances": (TIME_DIM, OBS_STATE_DIM, OBS_STATE_AUX_DIM),
    "smoothed_covariances": (TIME_DIM, ALL_STATE_DIM, ALL_STATE_AUX_DIM),
}
FILTERED = [name for name in OUTPUTS if not name.startswith("smoothed")]
# What the smoother takes from a step of the filter: F^-1 v, F^-1 and F^-1 Z P.
SHOWN = ["weights", "precision", "gain"]


@dataclass
class Parameter:
    name: str
    shape: tuple = None
    dims: tuple = None
    constraints: str = None


@dataclass
class State:
    name: str
    observed: bool = False
    shared: bool = False


@dataclass
class Shock:
    name: str


@dataclass
class Coord:
    dimension: str
    labels: tuple


@dataclass
class Data:
    name: str
    shape: tuple = None
    dims: tuple = None
    is_exogenous: bool = False


def several(given):
    # None, one thing, or a list or tuple of them.
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]


class PytensorRepresentation:
    # The matrices by name; those of OF_A_STEP have an axis of time before the others, or none.
    def __init__(self, k_endog, k_states, k_posdef):
        self.k_endog, self.k_states, self.k_posdef = k_endog, k_states, k_posdef
        self.shapes = {
            "initial_state": (k_states,),
            "initial_state_cov": (k_states, k_states),
            "state_intercept": (k_states,),
            "obs_intercept": (k_endog,),
            "transition": (k_states, k_states),
            "design": (k_endog, k_states),
            "selection": (k_states, k_posdef),
            "obs_cov": (k_endog, k_endog),
            "state_cov": (k_posdef, k_posdef),
        }
        self.matrices = {name: np.zeros(shape) for name, shape in self.shapes.items()}
        # Where the transition may be other than zero.
        self.linked = np.zeros((k_states, k_states))

    def copy(self):
        other = PytensorRepresentation(self.k_endog, self.k_states, self.k_posdef)
        other.matrices, other.linked = dict(self.matrices), self.linked
        return other

    def shape_of(self, name):
        if name not in self.shapes:
            raise ValueError(f"there is no matrix `{name}` of a state-space model; there are {', '.join(list(self.shapes))}")
        return self.shapes[name]

    def varies(self, name):
        return self.matrices[name].ndim > len(self.shape_of(name))

    def places(self, name, places):
        # Subscripts of a matrix, which may stand behind one for the time.
        extra = len(places) - len(self.shape_of(name))
        if self.varies(name):
            return places if extra > 0 else (slice(None), *places)
        return places[1:] if extra > 0 else places

    def __getitem__(self, key):
        if isinstance(key, str):
            self.shape_of(key)
            return self.matrices[key]
        name, *places = key
        places = self.places(name, tuple(places))
        return self.matrices[name][places]

    def __setitem__(self, key, value):
        if isinstance(key, str):
            shape, value = self.shape_of(key), pt.as_tensor_variable(value)
            axes = value.ndim - len(shape)
            timed = axes == 1 and key in OF_A_STEP
            if (axes != 0 and not timed) or tuple(value.shape)[axes:] != shape:
                raise ValueError(f"the matrix `{key}` has the shape {shape}, and is given one of {tuple(value.shape)}")
            self.matrices[key] = value
            if key == "transition":
                self.linked = not_zero(value, value) if axes == 0 else np.ones(shape)
        else:
            name, *places = key
            places = self.places(name, tuple(places))
            old = self.matrices[name][places]
            self.matrices[name] = pt.set_subtensor(self.matrices[name][places], value)
            if name == "transition" and not self.varies(name):
                self.linked = pt.set_subtensor(self.linked[places], not_zero(value, old))


def not_zero(value, like):
    # Where an array of the shape of `like` that is given a value may be other than zero.
    value = np.zeros((1, *like.shape)) + value
    return (value != 0).astype(float)[0] if isinstance(value, np.ndarray) else np.ones(like.shape)


class PyMCStateSpace:
    def __init__(
        self, k_endog, k_states, k_posdef, filter_type="standard", verbose=True, measurement_error=False, mode=None
    ):
        # The filters compute the same density in other ways; here it is computed in one.
        if filter_type.lower() not in FILTERS:
            raise ValueError(f"`filter_type` is one of {', '.join(FILTERS)}, not {filter_type}")
        self.k_endog, self.k_states, self.k_posdef = k_endog, k_states, k_posdef
        self.measurement_error = measurement_error
        self.mode = mode
        self.ssm = PytensorRepresentation(k_endog, k_states, k_posdef)

    def set_parameters(self):
        return None

    def set_states(self):
        hidden = [State(f"hidden_state_{k}") for k in range(self.k_states)]
        return hidden + [State(f"observed_state_{k}", True) for k in range(self.k_endog)]

    def set_shocks(self):
        return [Shock(f"shock_{k}") for k in range(self.k_posdef)]

    def set_coords(self):
        return self.default_coords()

    def set_data_info(self):
        return None

    def default_coords(self):
        return [Coord(dim, labels) for dim, labels in make_default_coords(self).items()]

    @property
    def param_names(self):
        return tuple(parameter.name for parameter in several(self.set_parameters()))

    @property
    def param_info(self):
        info = {}
        for parameter in several(self.set_parameters()):
            info[parameter.name] = {
                "shape": parameter.shape,
                "constraints": parameter.constraints,
                "dims": parameter.dims,
            }
        return info

    @property
    def param_dims(self):
        return {p.name: p.dims for p in several(self.set_parameters()) if p.dims is not None}

    @property
    def data_info(self):
        info = {}
        for data in several(self.set_data_info()):
            info[data.name] = {"shape": data.shape, "dims": data.dims, "exogenous": data.is_exogenous}
        return info

    @property
    def data_names(self):
        return tuple(data.name for data in several(self.set_data_info()) if data.is_exogenous)

    @property
    def state_names(self):
        return tuple(state.name for state in several(self.set_states()) if not state.observed)

    @property
    def observed_states(self):
        return tuple(state.name for state in several(self.set_states()) if state.observed)

    @property
    def shock_names(self):
        return tuple(shock.name for shock in several(self.set_shocks()))

    @property
    def coords(self):
        return {coord.dimension: tuple(coord.labels) for coord in several(self.set_coords())}

    def registered(self, name, shape, known):
        # A variable of the model, which stands for itself.
        if name not in known:
            raise ValueError(f"`{name}` is none of the names that the state-space model declares: {', '.join(known)}")
        value = pm.modelcontext(None)[name]
        if shape is not None:
            expected, seen = several(shape), list(value.shape)
            fits = len(expected) == len(seen)
            for size, found in zip(expected, seen):
                fits = fits and (size is None or size == found)
            if not fits:
                raise ValueError(f"`{name}` has the shape {tuple(seen)} in the model; this needs {tuple(expected)}")
        return value

    def make_and_register_variable(self, name, shape=None, dtype=None):
        return self.registered(name, shape, self.param_names)

    def make_and_register_data(self, name, shape=None, dtype=None):
        return self.registered(name, shape, self.data_names)

    def make_symbolic_graph(self):
        raise ValueError("a class below `PyMCStateSpace` writes its matrices in the method `make_symbolic_graph`")

    def written_matrices(self):
        # The matrices with the variables of the present model; those of the object stay as they are.
        blank = self.ssm
        self.ssm = blank.copy()
        self.make_symbolic_graph()
        written, self.ssm = self.ssm, blank
        return written

    def build_statespace_graph(
        self,
        data,
        register_data=True,
        missing_fill_value=None,
        cov_jitter=1e-8,
        mvn_method="svd",
        save_kalman_filter_outputs_in_idata=False,
        mode=None,
    ):
        model = pm.modelcontext(None)
        needed = list(self.param_names) + list(self.data_names)
        missing = [name for name in needed if name not in model.named_vars]
        if len(missing) > 0:
            known = ", ".join(list(model.named_vars)) if len(model.named_vars) > 0 else "none"
            raise ValueError(
                f"the state-space model needs these variables, which the model does not have: {', '.join(missing)}; "
                f"declare them above `build_statespace_graph` (it has {known})"
            )
        filler = MISSING if missing_fill_value is None else missing_fill_value
        jitter = 1e-8 if cov_jitter is None else cov_jitter
        values, index = observations(data, self.k_endog)
        seen = np.logical_not(np.logical_or(np.isnan(values), values == filler))
        filled = np.where(seen, values, filler)
        if TIME_DIM not in model.coords:
            model.add_coord(TIME_DIM, index)
        dims = (TIME_DIM, OBS_STATE_DIM) if OBS_STATE_DIM in model.coords else None
        if register_data:
            filled = pm.Data("data", filled, dims=dims)
        ssm = self.written_matrices()
        keep = save_kalman_filter_outputs_in_idata
        mask = seen.astype(float)
        results = kalman_filter(np.where(seen, values, 0.0), mask, ssm, jitter, keep)
        if keep:
            found = {**results, **kalman_smoother(results, mask, ssm)}
            for name, axes in OUTPUTS.items():
                known = all([axis in model.coords for axis in axes])
                pm.Deterministic(name, found[name], dims=axes if known else None)
        pm.CustomDist("obs", logp=lambda value: results["density"], ndim_supp=1, observed=filled, dims=dims)


def make_default_coords(model):
    states, shocks, observed = list(model.state_names), list(model.shock_names), list(model.observed_states)
    return {
        ALL_STATE_DIM: states,
        ALL_STATE_AUX_DIM: states,
        OBS_STATE_DIM: observed,
        OBS_STATE_AUX_DIM: observed,
        SHOCK_DIM: shocks,
        SHOCK_AUX_DIM: shocks,
    }


def observations(data, k_endog):
    # The series as a matrix with a row for every time, and the times.
    if isinstance(data, pd.Series):
        values, index = np.asarray(data, dtype=float)[:, None], data.index
    elif isinstance(data, pd.DataFrame):
        values, index = data.to_numpy(dtype=float), data.index
    else:
        values = np.asarray(data, dtype=float)
        index = np.arange(values.shape[0])
    if values.ndim != 2 or values.shape[1] != k_endog:
        raise ValueError(
            f"the data have the shape {values.shape}; the model has {k_endog} observed series, and needs a row for "
            f"every time and {k_endog} columns: of one series that is a data frame's column, or `y[:, None]`"
        )
    return values, index


def sparse_product(A, linked):
    # x -> A x, without the elements of A that are zero.
    rows, columns = np.nonzero(linked)
    if len(rows) == 0:
        return lambda x: np.zeros(linked.shape) @ x
    elements, spread = A[rows, columns], np.eye(len(linked))[:, rows]
    return lambda x: spread @ ((elements if x.ndim == 1 else elements[:, None]) * x[columns])


def solved(A, B):
    # A^-1 B of a positive definite matrix, and the logarithm of its determinant.
    n = A.shape[0]
    rows = [pt.concatenate([A[i], B[i]]) for i in range(n)]
    for k in range(n):
        for i in range(k + 1, n):
            rows[i] = rows[i] - rows[k] * (rows[i][k] / rows[k][k])
    solution = {}
    for k in reversed(range(n)):
        rest = rows[k][n:]
        for i in range(k + 1, n):
            rest = rest - rows[k][i] * solution[i]
        solution[k] = rest / rows[k][k]
    return pt.stack([solution[k] for k in range(n)]), sum([pt.log(rows[k][k]) for k in range(n)])


def kalman_filter(values, seen, ssm, jitter, keep):
    # The log density of each row of `values`, which is 0 where `seen` is, and what is FILTERED and SHOWN if it is kept. A
    # missing element has no design, and noise of its own whose density is left out. A covariance is carried from step to
    # step as its lower triangle.
    n, n_series = ssm.k_states, ssm.k_endog
    varying = [name for name in OF_A_STEP if ssm.varies(name)]
    fixed = {name: ssm[name] for name in OF_A_STEP if name not in varying}
    for name in varying:
        if ssm[name].shape[0] != values.shape[0]:
            raise ValueError(f"the matrix `{name}` has {ssm[name].shape[0]} rows of time, the data {values.shape[0]}")
    lower = np.tril_indices(n)
    place = np.zeros((n, n), dtype=int)
    place[lower] = np.arange(len(lower[0]))
    place = np.maximum(place, place.T)

    def shock_cov(now):
        return now["selection"] @ now["state_cov"] @ now["selection"].T

    still = "selection" in fixed and "state_cov" in fixed
    shocks = shock_cov(fixed) if still else None
    step = sparse_product(fixed["transition"], ssm.linked) if "transition" in fixed else None
    names = FILTERED + SHOWN if keep else []

    def turn(y, mask, *others):
        now = dict(fixed)
        now.update(dict(zip(varying, others)))
        a, triangle = others[len(varying) :]
        P = triangle[place]
        Z, H = now["design"], now["obs_cov"]
        mean = now["obs_intercept"] + Z @ a
        if not np.all(seen):
            Z, H = Z * mask[:, None], H * mask[:, None] * mask
        error = (y - mean) * mask
        ZP = Z @ P
        F = ZP @ Z.T + H + np.eye(n_series) * (1 - mask * (1 - jitter))
        sides = [error[:, None], ZP] + ([np.eye(n_series)] if keep else [])
        solution, log_det = solved(F, pt.concatenate(sides, axis=1))
        weights, gain = solution[:, 0], solution[:, 1 : n + 1]
        density = -0.5 * (pt.sum(mask) * np.log(2 * np.pi) + log_det + pt.sum(error * weights))
        a_seen = a + weights @ ZP
        # Joseph's form of the covariance, in which F has the jitter and the noise has not.
        P_seen = P - gain.T @ ZP + jitter * (np.eye(n) - gain.T @ gain)
        move = (lambda x: now["transition"] @ x) if step is None else step
        P_next = move(move(P_seen).T) + (shocks if still else shock_cov(now))
        kept = []
        if keep:
            whole = now["design"] @ P @ now["design"].T + now["obs_cov"] + jitter * np.eye(n_series)
            kept = [a_seen, a, mean, P_seen, P, whole, weights, solution[:, n + 1 :], gain]
        return [move(a_seen) + now["state_intercept"], P_next[lower], density] + kept

    outputs = pytensor.scan(
        turn,
        sequences=[values, seen] + [ssm[name] for name in varying],
        outputs_info=[ssm["initial_state"], ssm["initial_state_cov"][lower]] + [None] * (1 + len(names)),
        return_updates=False,
    )
    results = {"density": outputs[2]}
    results.update(dict(zip(names, outputs[3:])))
    return results


def kalman_smoother(found, seen, ssm):
    # The smoothed OUTPUTS from what the filter found. Backwards in time, `r` and `N` are the score of the steps to come and
    # its variance, as a step sees them: T'r and T'NT moved past what the step itself shows.
    n = ssm.k_states
    varying = [name for name in ["design", "transition"] if ssm.varies(name)]
    still = "transition" not in varying
    step = sparse_product(ssm["transition"].T, ssm.linked.T) if still else None

    def turn(mask, weights, precision, gain, *others):
        now = dict(zip(varying, others))
        r, N = others[len(varying) :]
        Z = now["design"] if "design" in now else ssm["design"]
        if not np.all(seen):
            Z = Z * mask[:, None]
        back = (lambda x: now["transition"].T @ x) if step is None else step
        s, S = back(r), back(back(N).T)
        shown = gain @ S
        half = Z.T @ (0.5 * (precision + shown @ gain.T) @ Z - shown)
        return [s + Z.T @ (weights - gain @ s), S + half + half.T]

    sequences = [seen] + [found[name] for name in SHOWN] + [ssm[name] for name in varying]
    scores, variances = pytensor.scan(
        turn,
        sequences=[sequence[::-1] for sequence in sequences],
        outputs_info=[np.zeros(n), np.zeros((n, n))],
        return_updates=False,
    )
    r, N = scores[::-1], variances[::-1]
    a, P = found["predicted_states"], found["predicted_covariances"]
    return {"smoothed_states": a + pt.sum(P * r[:, None, :], axis=2), "smoothed_covariances": P - P @ N @ P}
