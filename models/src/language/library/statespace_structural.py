# Structural time series of pymc_extras.statespace, sums of components, written in the language of model files.
#
# A component has states and shocks of its own for every series, or shares them among the series. The matrices of a sum
# are those of its components in blocks, where the rows of one series are added.
#
# Seasons of several series have a shock each, as their parameters say; the package adds all the shocks to all series.
#
# References: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, section 2.3; Durbin and
# Koopman (2012), Time Series Analysis by State Space Methods, section 3.2.

import numpy as np
import pytensor.tensor as pt
from pymc_extras.statespace import (
    ALL_STATE_AUX_DIM,
    ALL_STATE_DIM,
    TIME_DIM,
    Coord,
    Data,
    Parameter,
    PyMCStateSpace,
    PytensorRepresentation,
    Shock,
    State,
)

DERIVATIVES = ["level", "trend", "acceleration", "jerk", "snap", "crackle", "pop"]


def as_list(given):
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]


def mask_of(order):
    # Which derivatives or lags an order names: the first ones, or those of a list.
    return [True] * order if isinstance(order, int) else [bool(part) for part in order]


def rotation(length, harmonic):
    angle = 2 * np.pi * harmonic / length
    return pt.stack([pt.stack([pt.cos(angle), pt.sin(angle)]), pt.stack([-pt.sin(angle), pt.cos(angle)])])


class Component:
    # States, shocks and parameters below `name`; `build` makes a model of them.
    def __init__(
        self,
        name,
        k_endog,
        k_states,
        k_posdef,
        base_state_names=None,
        base_observed_state_names=None,
        measurement_error=False,
        combine_hidden_states=True,
        obs_state_idxs=None,
        share_states=False,
    ):
        self.name = name
        self.k_endog, self.k_states, self.k_posdef = k_endog, k_states, k_posdef
        self.base_state_names = as_list(base_state_names)
        self.base_observed_state_names = as_list(base_observed_state_names)
        self.measurement_error = measurement_error
        self.share_states = share_states
        # How often the states are there.
        self.copies = 1 if share_states else k_endog

    def set_states(self):
        return self.states_named(self.base_state_names)

    def set_parameters(self):
        return None

    def set_shocks(self):
        return None

    def set_data_info(self):
        return None

    def set_coords(self):
        return None

    @property
    def state_names(self):
        return tuple(state.name for state in as_list(self.set_states()) if not state.observed)

    @property
    def observed_state_names(self):
        return tuple(state.name for state in as_list(self.set_states()) if state.observed)

    @property
    def param_names(self):
        return tuple(parameter.name for parameter in as_list(self.set_parameters()))

    @property
    def shock_names(self):
        return tuple(shock.name for shock in as_list(self.set_shocks()))

    @property
    def coords(self):
        return {coord.dimension: coord.labels for coord in as_list(self.set_coords())}

    @property
    def param_dims(self):
        return {p.name: p.dims for p in as_list(self.set_parameters()) if p.dims is not None}

    def labels(self, names, shared):
        # Names of states or shocks for each series, or for all of them.
        if self.share_states:
            return [f"{name}[{shared}]" for name in names]
        return [f"{name}[{series}]" for series in self.base_observed_state_names for name in names]

    def states_named(self, names):
        return [State(name) for name in names] + [State(name, True) for name in self.base_observed_state_names]

    def per_series(self, stem, tail=(), dims=(), constraints=None):
        # A parameter with a row for each series, where there is more than one of them.
        shape, dims = (tail, dims) if self.copies == 1 else ((self.copies, *tail), (f"endog_{self.name}", *dims))
        return Parameter(f"{stem}_{self.name}", shape, dims if len(dims) > 0 else None, constraints)

    def series_coords(self):
        if self.copies == 1:
            return []
        return [Coord(f"endog_{self.name}", tuple(self.base_observed_state_names))]

    def variable(self, stem, tail=()):
        # A variable of the model with a row for each series.
        shape = tail if self.copies == 1 else (self.copies, *tail)
        return self.make_and_register_variable(f"{stem}_{self.name}", shape).reshape((self.copies, *tail))

    def observe(self, row):
        # Every series is a sum of states of its own, or of the shared ones.
        row = np.array(row)[None, :]
        self.ssm["design", :, :] = np.tile(row, (self.k_endog, 1)) if self.share_states else np.kron(np.eye(self.k_endog), row)

    def make_and_register_variable(self, name, shape=None, dtype=None):
        return self.model.make_and_register_variable(name, shape)

    def make_and_register_data(self, name, shape=None, dtype=None):
        return self.model.make_and_register_data(name, shape)

    def make_symbolic_graph(self):
        raise ValueError("a class below `Component` writes its matrices in the method `make_symbolic_graph`")

    def matrices_for(self, model):
        self.model, self.ssm = model, PytensorRepresentation(self.k_endog, self.k_states, self.k_posdef)
        self.make_symbolic_graph()
        return self.ssm

    @property
    def parts(self):
        return [self]

    def __add__(self, other):
        return Sum(self.parts + other.parts)

    def build(self, name=None, filter_type="standard", verbose=True, mode=None):
        return StructuralTimeSeries(self.parts, name, filter_type, verbose, mode)


class Sum(Component):
    def __init__(self, parts):
        self.own_parts = parts
        names = [part.name for part in parts]
        if len(set(names)) < len(names):
            raise ValueError(f"components of a sum have names of their own, here {', '.join(names)}: write `name=`")
        self.name = f"StateSpace[{', '.join(names)}]"
        self.measurement_error = any([part.measurement_error for part in parts])
        self.k_endog = len(self.observed_state_names)
        self.k_states = sum([part.k_states for part in parts])
        self.k_posdef = sum([part.k_posdef for part in parts])

    @property
    def parts(self):
        return self.own_parts

    def set_states(self):
        hidden = [state for part in self.own_parts for state in as_list(part.set_states()) if not state.observed]
        observed = []
        for part in self.own_parts:
            observed += [name for name in part.observed_state_names if name not in observed]
        return hidden + [State(name, True) for name in observed]

    def set_parameters(self):
        return [parameter for part in self.own_parts for parameter in as_list(part.set_parameters())]

    def set_shocks(self):
        return [shock for part in self.own_parts for shock in as_list(part.set_shocks())]

    def set_data_info(self):
        return [data for part in self.own_parts for data in as_list(part.set_data_info())]

    def set_coords(self):
        return [coord for part in self.own_parts for coord in as_list(part.set_coords())]


class StructuralTimeSeries(PyMCStateSpace):
    def __init__(self, parts, name, filter_type, verbose, mode):
        self.own_parts, self.sum = parts, Sum(parts)
        self.name = "StructuralTimeSeries" if name is None else name
        whole = self.sum
        # A model has a shock at least, of no variance.
        super().__init__(
            whole.k_endog,
            whole.k_states,
            max(1, whole.k_posdef),
            filter_type,
            verbose,
            whole.measurement_error,
            mode,
        )

    def plain(self, names):
        # Where there is one series, names do not say which.
        observed = self.observed_states
        if len(observed) > 1:
            return tuple(names)
        return tuple(name.replace(f"[{observed[0]}]", "") if isinstance(name, str) else name for name in names)

    @property
    def observed_states(self):
        return self.sum.observed_state_names

    @property
    def state_names(self):
        return self.plain(self.sum.state_names)

    @property
    def shock_names(self):
        return self.plain(self.sum.shock_names)

    def set_parameters(self):
        square = (ALL_STATE_DIM, ALL_STATE_AUX_DIM)
        shape = (self.k_states, self.k_states)
        return self.sum.set_parameters() + [Parameter("P0", shape, square, "Positive semi-definite")]

    def set_data_info(self):
        return self.sum.set_data_info()

    def set_coords(self):
        return self.sum.set_coords() + self.default_coords()

    def make_symbolic_graph(self):
        # `state` and `shock` count those of the components before.
        series, state, shock = list(self.observed_states), 0, 0
        design, linked = [], np.zeros((self.k_states, self.k_states))
        for part in self.own_parts:
            ssm = part.matrices_for(self)
            rows = [series.index(name) for name in part.observed_state_names]
            self.ssm["obs_intercept", rows] = self.ssm["obs_intercept", rows] + ssm["obs_intercept"]
            block = (np.array(rows)[:, None], np.array(rows)[None, :])
            self.ssm["obs_cov", *block] = self.ssm["obs_cov", *block] + ssm["obs_cov"]
            states, shocks = slice(state, state + part.k_states), slice(shock, shock + part.k_posdef)
            if part.k_states > 0:
                self.ssm["initial_state", states] = ssm["initial_state"]
                self.ssm["state_intercept", states] = ssm["state_intercept"]
                self.ssm["transition", states, states] = ssm["transition"]
                linked = pt.set_subtensor(linked[states, states], ssm.linked)
                places = np.eye(len(series))[:, rows]
                design.append(places @ ssm["design"])
            if part.k_posdef > 0:
                self.ssm["selection", states, shocks] = ssm["selection"]
                self.ssm["state_cov", shocks, shocks] = ssm["state_cov"]
            state, shock = state + part.k_states, shock + part.k_posdef
        self.ssm.linked = linked
        lengths = [matrix.shape[0] for matrix in design if matrix.ndim == 3]
        if len(lengths) > 0:
            design = [matrix if matrix.ndim == 3 else pt.tile(matrix, (lengths[0], 1, 1)) for matrix in design]
        self.ssm["design"] = pt.concatenate(design, axis=-1)
        self.ssm["initial_state_cov", :, :] = self.make_and_register_variable("P0", (self.k_states, self.k_states))


class LevelTrend(Component):
    # A level, its slope, the slope of that, and so on.
    def __init__(
        self, order=2, innovations_order=None, name="level_trend", observed_state_names=None, share_states=False
    ):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        self.order = mask_of(order)
        if len(self.order) == 0 or not self.order[-1]:
            raise ValueError("the last derivative of `order` is one of the model: leave out the zeros behind it")
        n = len(self.order)
        if innovations_order is None:
            innovations_order = order
        given = mask_of(innovations_order)
        self.innovations_order = (given + [False] * n)[:n]
        copies = 1 if share_states else len(observed)
        shocks = sum([int(has) for has in self.innovations_order])
        super().__init__(
            name,
            len(observed),
            n * copies,
            shocks * copies,
            base_state_names=DERIVATIVES[:n],
            base_observed_state_names=observed,
            share_states=share_states,
        )
        self.base_shock_names = [name for name, has in zip(DERIVATIVES, self.innovations_order) if has]

    def set_states(self):
        return self.states_named(self.labels(self.base_state_names, f"{self.name}_shared"))

    def set_shocks(self):
        return [Shock(name) for name in self.labels(self.base_shock_names, f"{self.name}_shared")]

    def set_parameters(self):
        parameters = [self.per_series("initial", (len(self.order),), (f"state_{self.name}",))]
        if self.k_posdef > 0:
            shape, dims = (len(self.base_shock_names),), (f"shock_{self.name}",)
            parameters.append(self.per_series("sigma", shape, dims, "Positive"))
        return parameters

    def set_coords(self):
        labels = tuple(name for name, has in zip(DERIVATIVES, self.order) if has)
        coords = [Coord(f"state_{self.name}", labels)]
        if self.k_endog > 1:
            coords.append(Coord(f"endog_{self.name}", tuple(self.base_observed_state_names)))
        if self.k_posdef > 0:
            coords.append(Coord(f"shock_{self.name}", tuple(self.base_shock_names)))
        return coords

    def make_symbolic_graph(self):
        n, copies = len(self.order), np.eye(self.copies)
        self.ssm["initial_state", :] = self.variable("initial", (n,)).ravel()
        self.ssm["transition", :, :] = np.kron(copies, np.triu(np.ones((n, n))))
        self.observe([1.0] + [0.0] * (n - 1))
        if self.k_posdef > 0:
            shocked = [k for k in range(n) if self.innovations_order[k]]
            self.ssm["selection", :, :] = np.kron(copies, np.eye(n)[:, shocked])
            sigma = self.variable("sigma", (len(shocked),)).ravel()
            self.ssm["state_cov", :, :] = pt.diag(sigma**2)


class Autoregressive(Component):
    def __init__(self, order=1, name="auto_regressive", observed_state_names=None, share_states=False):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        self.order = mask_of(order)
        self.ar_lags = [k + 1 for k in range(len(self.order)) if self.order[k]]
        copies = 1 if share_states else len(observed)
        super().__init__(
            name,
            len(observed),
            len(self.order) * copies,
            copies,
            base_state_names=[f"L{k + 1}_{name}" for k in range(len(self.order))],
            base_observed_state_names=observed,
            measurement_error=True,
            share_states=share_states,
        )

    def set_states(self):
        return self.states_named(self.labels(self.base_state_names, "shared"))

    def set_shocks(self):
        return [Shock(name) for name in self.labels([self.name], "shared")]

    def set_parameters(self):
        params = self.per_series("params", (len(self.ar_lags),), (f"lag_{self.name}",))
        return [params, self.per_series("sigma", constraints="Positive")]

    def set_coords(self):
        return [Coord(f"lag_{self.name}", tuple(self.ar_lags))] + self.series_coords()

    def make_symbolic_graph(self):
        n, params = len(self.order), self.variable("params", (len(self.ar_lags),))
        lags = [lag - 1 for lag in self.ar_lags]
        self.ssm["transition", :, :] = np.kron(np.eye(self.copies), np.eye(n, k=-1))
        for k in range(self.copies):
            self.ssm["transition", k * n, [k * n + lag for lag in lags]] = params[k]
        first = [1.0] + [0.0] * (n - 1)
        self.ssm["selection", :, :] = np.kron(np.eye(self.copies), np.array(first)[:, None])
        self.observe(first)
        self.ssm["state_cov", :, :] = pt.diag(self.variable("sigma") ** 2)


class Cycle(Component):
    def __init__(
        self,
        name=None,
        cycle_length=None,
        estimate_cycle_length=False,
        dampen=False,
        innovations=True,
        observed_state_names=None,
        share_states=False,
    ):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        if (cycle_length is None) != estimate_cycle_length:
            raise ValueError("a cycle has one of `cycle_length` and `estimate_cycle_length=True`")
        if name is None:
            length = "Estimate" if cycle_length is None else int(cycle_length)
            name = f"Cycle[s={length}, dampen={dampen}, innovations={innovations}]"
        self.cycle_length, self.estimate_cycle_length = cycle_length, estimate_cycle_length
        self.dampen, self.innovations = dampen, innovations
        n = 2 if share_states else 2 * len(observed)
        super().__init__(
            name,
            len(observed),
            n,
            n,
            base_state_names=[f"Cos_{name}", f"Sin_{name}"],
            base_observed_state_names=observed,
            share_states=share_states,
        )

    def set_states(self):
        alone = self.copies == 1 and not self.share_states
        return self.states_named(self.base_state_names if alone else self.labels(self.base_state_names, "shared"))

    def set_shocks(self):
        return [Shock(name) for name in self.state_names] if self.innovations else None

    def set_parameters(self):
        parameters = [self.per_series("params", (2,), (f"state_{self.name}",))]
        if self.estimate_cycle_length:
            parameters.append(self.per_series("length", constraints="Positive, non-zero"))
        if self.dampen:
            parameters.append(self.per_series("dampening_factor", constraints="0 < x <= 1"))
        if self.innovations:
            parameters.append(self.per_series("sigma", constraints="Positive"))
        return parameters

    def set_coords(self):
        return [Coord(f"state_{self.name}", tuple(self.base_state_names))] + self.series_coords()

    def make_symbolic_graph(self):
        n = self.copies
        self.ssm["initial_state", :] = self.variable("params", (2,)).ravel()
        lengths = self.variable("length") if self.estimate_cycle_length else [self.cycle_length] * n
        kept = self.variable("dampening_factor") if self.dampen else [1.0] * n
        for k in range(n):
            own = slice(2 * k, 2 * k + 2)
            self.ssm["transition", own, own] = kept[k] * rotation(lengths[k], 1)
        self.ssm["selection", :, :] = np.eye(2 * n)
        self.observe([1.0, 0.0])
        if self.innovations:
            self.ssm["state_cov", :, :] = pt.diag(pt.repeat(self.variable("sigma") ** 2, 2))


class TimeSeasonality(Component):
    # A number for each season. Without the first one, they sum to a shock.
    def __init__(
        self,
        season_length,
        duration=1,
        innovations=True,
        name=None,
        state_names=None,
        remove_first_state=True,
        observed_state_names=None,
        share_states=False,
    ):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        if not isinstance(season_length, int) or season_length < 2:
            raise ValueError(f"`season_length` is a whole number above 1, not {season_length}")
        if duration != 1:
            raise ValueError(
                "`duration` is not supported: the package moves on to the next season at every time, whatever it says; "
                "give a season of several times its state at each of them"
            )
        name = f"Seasonal[s={season_length}, d=1]" if name is None else name
        names = [f"{name}_{k}" for k in range(season_length)] if state_names is None else list(state_names)
        if len(names) != season_length:
            raise ValueError(f"`state_names` has {season_length} names, one for each season, not {len(names)}")
        self.season_length, self.innovations = season_length, innovations
        self.remove_first_state = remove_first_state
        names = names[1:] if remove_first_state else names
        copies = 1 if share_states else len(observed)
        super().__init__(
            name,
            len(observed),
            len(names) * copies,
            int(innovations) * copies,
            base_state_names=names,
            base_observed_state_names=observed,
            share_states=share_states,
        )

    def set_states(self):
        return self.states_named(self.labels(self.base_state_names, f"{self.name}_shared"))

    def set_shocks(self):
        return [Shock(name) for name in self.labels([self.name], "shared")] if self.innovations else None

    def set_parameters(self):
        parameters = [self.per_series("params", (len(self.base_state_names),), (f"state_{self.name}",))]
        if self.innovations:
            parameters.append(self.per_series("sigma", constraints="Positive"))
        return parameters

    def set_coords(self):
        return [Coord(f"state_{self.name}", tuple(self.base_state_names))] + self.series_coords()

    def make_symbolic_graph(self):
        n, copies = len(self.base_state_names), np.eye(self.copies)
        if self.remove_first_state:
            T = np.eye(n, k=-1)
            T[0, :] = -1.0
        else:
            T = np.eye(n, k=1)
            T[n - 1, 0] = 1.0
        first = np.array([1.0] + [0.0] * (n - 1))
        self.ssm["initial_state", :] = self.variable("params", (n,)).ravel()
        self.ssm["transition", :, :] = np.kron(copies, T)
        self.observe(first)
        if self.innovations:
            self.ssm["selection", :, :] = np.kron(copies, first[:, None])
            self.ssm["state_cov", :, :] = pt.diag(self.variable("sigma") ** 2)


class FrequencySeasonality(Component):
    # The first `n` harmonics of a season, each of which turns.
    def __init__(
        self, season_length, n=None, name=None, innovations=True, observed_state_names=None, share_states=False
    ):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        self.n = int(season_length / 2) if n is None else n
        self.season_length, self.innovations = season_length, innovations
        name = f"Frequency[s={season_length}, n={self.n}]" if name is None else name
        # The sine of the last harmonic of an even season is zero at all times.
        self.n_coefs = 2 * self.n - int(season_length == 2 * self.n)
        copies = 1 if share_states else len(observed)
        super().__init__(
            name,
            len(observed),
            2 * self.n * copies,
            2 * self.n * copies * int(innovations),
            base_state_names=[f"{wave}_{k}_{name}" for k in range(self.n) for wave in ["Cos", "Sin"]],
            base_observed_state_names=observed,
            share_states=share_states,
        )

    def set_states(self):
        return self.states_named(self.labels(self.base_state_names, "shared"))

    def set_shocks(self):
        return [Shock(name) for name in self.state_names] if self.innovations else None

    def set_parameters(self):
        parameters = [self.per_series("params", (self.n_coefs,), (f"state_{self.name}",))]
        if self.innovations:
            parameters.append(self.per_series("sigma", constraints="Positive"))
        return parameters

    def set_coords(self):
        return [Coord(f"state_{self.name}", tuple(self.base_state_names[: self.n_coefs]))] + self.series_coords()

    def make_symbolic_graph(self):
        copies, turns = np.eye(self.copies), [rotation(self.season_length, k + 1) for k in range(self.n)]
        start = pt.zeros((self.copies, 2 * self.n))
        start = pt.set_subtensor(start[:, : self.n_coefs], self.variable("params", (self.n_coefs,)))
        self.ssm["initial_state", :] = start.ravel()
        self.ssm["transition", :, :] = np.kron(copies, pt.linalg.block_diag(*turns))
        self.observe([1.0, 0.0] * self.n)
        if self.innovations:
            self.ssm["selection", :, :] = np.eye(self.k_states)
            self.ssm["state_cov", :, :] = pt.diag(pt.repeat(self.variable("sigma") ** 2, 2 * self.n))


class Regression(Component):
    # Coefficients of exogenous variables, which may walk.
    def __init__(
        self, name="regression", state_names=None, observed_state_names=None, innovations=False, share_states=False
    ):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        if state_names is None:
            raise ValueError("`state_names` is needed: the names of the exogenous variables")
        self.innovations = innovations
        n = len(state_names) * (1 if share_states else len(observed))
        super().__init__(
            name,
            len(observed),
            n,
            n,
            base_state_names=state_names,
            base_observed_state_names=observed,
            share_states=share_states,
        )

    def set_states(self):
        return self.states_named(self.labels(self.base_state_names, f"{self.name}_shared"))

    def set_shocks(self):
        suffix = "_shared" if self.share_states else ""
        return [Shock(name + suffix) for name in self.base_state_names]

    def set_parameters(self):
        shape, dims = (len(self.base_state_names),), (f"state_{self.name}",)
        parameters = [self.per_series("beta", shape, dims)]
        if self.innovations:
            parameters.append(self.per_series("sigma_beta", shape, dims, "Positive"))
        return parameters

    def set_data_info(self):
        shape = (None, len(self.base_state_names))
        return Data(f"data_{self.name}", shape, (TIME_DIM, f"state_{self.name}"), True)

    def set_coords(self):
        series = Coord(f"endog_{self.name}", tuple(self.base_observed_state_names))
        return [Coord(f"state_{self.name}", tuple(self.base_state_names)), series]

    def make_symbolic_graph(self):
        n = len(self.base_state_names)
        data = self.make_and_register_data(f"data_{self.name}", (None, n))
        self.ssm["initial_state", :] = self.variable("beta", (n,)).ravel()
        self.ssm["transition", :, :] = np.eye(self.k_states)
        self.ssm["selection", :, :] = np.eye(self.k_states)
        rows = []
        for k in range(self.k_endog):
            blocks = [data if self.share_states or k == at else 0 * data for at in range(self.copies)]
            rows.append(pt.concatenate(blocks, axis=1))
        self.ssm["design"] = pt.stack(rows, axis=1)
        if self.innovations:
            self.ssm["state_cov", :, :] = pt.diag(self.variable("sigma_beta", (n,)).ravel() ** 2)


class MeasurementError(Component):
    def __init__(self, name="MeasurementError", observed_state_names=None, share_states=False):
        observed = ["data"] if observed_state_names is None else list(observed_state_names)
        super().__init__(
            name,
            len(observed),
            0,
            0,
            base_observed_state_names=observed,
            measurement_error=True,
            share_states=share_states,
        )

    def set_parameters(self):
        return self.per_series("sigma", constraints="Positive")

    def set_coords(self):
        return self.series_coords()

    def make_symbolic_graph(self):
        self.ssm["obs_cov", :, :] = np.eye(self.k_endog) * self.variable("sigma") ** 2


LevelTrendComponent = LevelTrend
AutoregressiveComponent = Autoregressive
CycleComponent = Cycle
RegressionComponent = Regression
