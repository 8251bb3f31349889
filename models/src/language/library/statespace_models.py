# ARIMA, vector ARMA, exponential smoothing and dynamic factor models of pymc_extras.statespace, written in the language
# of model files.
#
# As in the package, `sigma_obs` is a standard deviation in `BayesianSARIMAX` and `BayesianETS`, and what is called sigma
# is a variance in `BayesianVARMAX` and `BayesianDynamicFactor`. The states of the latter have labels in another order, as
# in the package: the labels have all lags of a factor or series together, and all series of an exogenous variable; the
# states have all factors or series of a lag together, and all exogenous variables of a series.
#
# References: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, section 3.3 (ARMA);
# Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, section 8.5 (exponential smoothing); Durbin and
# Koopman (2012), Time Series Analysis by State Space Methods, section 3.7 (dynamic factors).

import numpy as np
import pytensor
import pytensor.tensor as pt
from pymc_extras.statespace import (
    ALL_STATE_AUX_DIM,
    ALL_STATE_DIM,
    AR_PARAM_DIM,
    ERROR_AR_PARAM_DIM,
    ETS_SEASONAL_DIM,
    EXOG_STATE_DIM,
    FACTOR_DIM,
    MA_PARAM_DIM,
    OBS_STATE_AUX_DIM,
    OBS_STATE_DIM,
    SEASONAL_AR_PARAM_DIM,
    SEASONAL_MA_PARAM_DIM,
    SHOCK_AUX_DIM,
    SHOCK_DIM,
    TIME_DIM,
    Coord,
    Data,
    Parameter,
    PyMCStateSpace,
    Shock,
    State,
)

# Squarings of a transition: powers up to 2 ** 24 are summed, which is all of them but at a unit root.
SQUARINGS = 24


def stationary_covariance(T, Q):
    # P = T P T' + Q, the sum of T^k Q T'^k, by doubling the number of its terms.
    def doubled(P, power):
        return P + power @ P @ power.T, power @ power

    sums, _ = pytensor.scan(doubled, outputs_info=[Q, T], n_steps=SQUARINGS, return_updates=False)
    P = sums[-1]
    return 0.5 * (P + P.T)


def parts_of(order, name, meaning):
    if len(order) != len(meaning):
        raise ValueError(f"`{name}` has {len(meaning)} parts, ({', '.join(meaning)}); this one has {len(order)}")
    return order


def numbered(dimension, count):
    return [Coord(dimension, tuple(range(1, count + 1)))] if count > 0 else []


def initial_parameters(k_states):
    return [
        Parameter("x0", (k_states,), (ALL_STATE_DIM,)),
        Parameter("P0", (k_states, k_states), (ALL_STATE_DIM, ALL_STATE_AUX_DIM), "Positive Semi-definite"),
    ]


def is_named(names, parameter):
    if names is None:
        raise ValueError(f"`{parameter}` is needed: the names of the series")
    return [names] if isinstance(names, str) else list(names)


def differenced_transition(p, d, q, P, D, Q, S):
    # The last values of the series and of its seasonal differences, and Harvey's form of an ARMA process.
    lags, first = max(p + P * S, q + Q * S + 1), d + S * D
    T = np.zeros((first + lags, first + lags))
    ends = [d + S * (k + 1) - 1 for k in range(D)] + [first]
    for k in range(d):
        T[k, k:d] = 1
        T[k, ends] = 1
    for k in range(D):
        start = d + S * k
        T[start, ends[k:]] = 1
        for j in range(1, S):
            T[start + j, start + j - 1] = 1
    for k in range(lags - 1):
        T[first + k, first + k + 1] = 1
    return T


def differenced_names(p, d, q, P, D, Q, S):
    orders = d + int(D > 0)
    names = ["data"] + [f"D1{power(k)}.data" for k in range(1, orders)]
    for k in range(D):
        plain = f"D1{power(orders - 1)}" if orders > 1 else ""
        whole = plain + (f"D{S}{power(k)}" if k > 0 else "")
        names += [f"L{j}{whole}.data" for j in range(1, S)]
        if k < D - 1:
            names.append(f"{plain}D{S}{power(k + 1)}.data")
    suffix = "_star" if d + D > 0 else ""
    names += ["data_star"] if d + D > 0 else []
    return names + [f"state{suffix}_{k}" for k in range(1, max(p + P * S, q + Q * S + 1))]


def power(k):
    return f"^{k}" if k > 1 else ""


class BayesianSARIMAX(PyMCStateSpace):
    def __init__(
        self,
        order,
        seasonal_order=None,
        exog_state_names=None,
        stationary_initialization=True,
        filter_type="standard",
        state_structure="fast",
        measurement_error=False,
        verbose=True,
        mode=None,
    ):
        seasonal_order = (0, 0, 0, 0) if seasonal_order is None else seasonal_order
        self.p, self.d, self.q = parts_of(order, "order", ["p", "d", "q"])
        self.P, self.D, self.Q, self.S = parts_of(seasonal_order, "seasonal_order", ["P", "D", "Q", "S"])
        self.exog_state_names = None if exog_state_names is None else tuple(exog_state_names)
        self.k_exog = 0 if exog_state_names is None else len(exog_state_names)
        self.stationary_initialization = stationary_initialization
        self.state_structure = state_structure
        for name, last, seasons in [("AR", self.p, self.P), ("MA", self.q, self.Q)]:
            if seasons > 0 and last >= self.S:
                raise ValueError(f"the {name} lags reach the season of {self.S}: lag {self.S} would be there twice")
        if stationary_initialization and self.d + self.D > 0:
            raise ValueError("a series that is differenced is not stationary: write `stationary_initialization=False`")
        if state_structure not in ["fast", "interpretable"]:
            raise ValueError(f"`state_structure` is fast or interpretable, not {state_structure}")
        if state_structure == "interpretable" and self.d + self.D > 0:
            raise ValueError("the interpretable states have no differences: write `state_structure=\"fast\"`")
        self.p_max, self.q_max = max(1, self.p + self.P * self.S), max(1, self.q + self.Q * self.S)
        self.k_diffs = self.d + self.S * self.D
        if state_structure == "fast":
            k_states = max(self.p + self.P * self.S, self.q + self.Q * self.S + 1) + self.k_diffs
        else:
            k_states = self.p_max + self.q_max
        super().__init__(1, k_states, 1, filter_type, verbose, measurement_error, mode)

    def set_parameters(self):
        parameters = [] if self.stationary_initialization else initial_parameters(self.k_states)
        for name, count, dim in [
            ("ar_params", self.p, AR_PARAM_DIM),
            ("ma_params", self.q, MA_PARAM_DIM),
            ("seasonal_ar_params", self.P, SEASONAL_AR_PARAM_DIM),
            ("seasonal_ma_params", self.Q, SEASONAL_MA_PARAM_DIM),
            ("beta_exog", self.k_exog, EXOG_STATE_DIM),
        ]:
            if count > 0:
                parameters.append(Parameter(name, (count,), (dim,)))
        parameters.append(Parameter("sigma_state", (), None, "Positive"))
        if self.measurement_error:
            parameters.append(Parameter("sigma_obs", (), None, "Positive"))
        return parameters

    def set_states(self):
        if self.state_structure == "fast":
            names = differenced_names(self.p, self.d, self.q, self.P, self.D, self.Q, self.S)
        else:
            names = ["data"] + ([f"L{k}.data" for k in range(1, self.p_max)] if self.p > 0 else [])
            names += ["innovations"] + ([f"L{k}.innovations" for k in range(1, self.q_max)] if self.q > 0 else [])
        return [State(name) for name in names] + [State(names[0], True)]

    def set_shocks(self):
        return Shock("innovation")

    def set_data_info(self):
        if self.k_exog == 0:
            return None
        return Data("exogenous_data", (None, self.k_exog), (TIME_DIM, EXOG_STATE_DIM), True)

    def set_coords(self):
        coords = self.default_coords() + numbered(AR_PARAM_DIM, self.p) + numbered(MA_PARAM_DIM, self.q)
        coords += numbered(SEASONAL_AR_PARAM_DIM, self.P) + numbered(SEASONAL_MA_PARAM_DIM, self.Q)
        return coords + ([Coord(EXOG_STATE_DIM, self.exog_state_names)] if self.k_exog > 0 else [])

    def coefficients(self, kind, sign):
        # Those of all lags of the product of a polynomial and a seasonal one: AR has the sign -1, MA the sign 1.
        count, seasons = (self.p, self.P) if kind == "ar" else (self.q, self.Q)
        total = pt.zeros(count + seasons * self.S)
        own = self.make_and_register_variable(f"{kind}_params", (count,)) if count > 0 else None
        if count > 0:
            total = pt.set_subtensor(total[:count], own)
        if seasons > 0:
            of_season = self.make_and_register_variable(f"seasonal_{kind}_params", (seasons,))
            for k in range(seasons):
                last = (k + 1) * self.S
                total = pt.set_subtensor(total[last - 1], of_season[k])
                if count > 0:
                    total = pt.set_subtensor(total[last : last + count], sign * of_season[k] * own)
        return total

    def make_symbolic_graph(self):
        first, n = self.k_diffs, self.k_states
        if not self.stationary_initialization:
            self.ssm["initial_state", :] = self.make_and_register_variable("x0", (n,))
            self.ssm["initial_state_cov", :, :] = self.make_and_register_variable("P0", (n, n))
        has_ar, has_ma = self.p + self.P > 0, self.q + self.Q > 0
        self.ssm["design", 0, :] = [1.0] * self.d + ([0.0] * (self.S - 1) + [1.0]) * self.D + [1.0] + [0.0] * (n - first - 1)
        if self.state_structure == "fast":
            transition = differenced_transition(self.p, self.d, self.q, self.P, self.D, self.Q, self.S)
            self.ssm["transition", :, :] = transition
            self.ssm["selection", first, 0] = 1.0
            if has_ar:
                ar = self.coefficients("ar", -1)
                self.ssm["transition", first : first + ar.shape[0], first] = ar
            if has_ma:
                ma = self.coefficients("ma", 1)
                self.ssm["selection", first + 1 : first + 1 + ma.shape[0], 0] = ma
        else:
            transition = np.eye(n, k=-1)
            transition[self.p_max, self.p_max - 1] = 0
            self.ssm["transition", :, :] = transition
            self.ssm["selection", [0, self.p_max], 0] = 1.0
            if has_ar:
                self.ssm["transition", 0, : self.p_max] = self.coefficients("ar", -1)
            if has_ma:
                self.ssm["transition", 0, self.p_max :] = self.coefficients("ma", 1)
        if self.k_exog > 0:
            data = self.make_and_register_data("exogenous_data", (None, self.k_exog))
            beta = self.make_and_register_variable("beta_exog", (self.k_exog,))
            self.ssm["obs_intercept"] = (data @ beta)[:, None]
        self.ssm["state_cov", 0, 0] = self.make_and_register_variable("sigma_state", ()) ** 2
        if self.measurement_error:
            self.ssm["obs_cov", 0, 0] = self.make_and_register_variable("sigma_obs", ()) ** 2
        if self.stationary_initialization:
            R = self.ssm["selection"]
            shocks = R @ self.ssm["state_cov"] @ R.T
            self.ssm["initial_state_cov"] = stationary_covariance(self.ssm["transition"], shocks)


class BayesianVARMAX(PyMCStateSpace):
    def __init__(
        self,
        order,
        endog_names=None,
        exog_state_names=None,
        stationary_initialization=False,
        filter_type="standard",
        measurement_error=False,
        verbose=True,
        mode=None,
    ):
        self.p, self.q = parts_of(order, "order", ["p", "q"])
        self.endog_names = is_named(endog_names, "endog_names")
        # The exogenous variables of every series, by its name; of one list for all of them by the name None.
        exogenous = {} if exog_state_names is None else exog_state_names
        self.exogenous = exogenous if isinstance(exogenous, dict) else {None: list(exogenous)}
        named = [list(self.exogenous[name]) for name in self.endog_names if name in self.exogenous]
        if len(named) == len(self.endog_names) and all([sorted(names) == sorted(named[0]) for names in named]):
            self.exogenous = {None: named[0]}
        self.stationary_initialization = stationary_initialization
        k_endog = len(self.endog_names)
        k_states = k_endog * (max(self.p, 1) + self.q)
        super().__init__(k_endog, k_states, k_endog, filter_type, verbose, measurement_error, mode)

    def set_parameters(self):
        k = self.k_endog
        parameters = [] if self.stationary_initialization else initial_parameters(self.k_states)
        for name, count, dim in [("ar_params", self.p, AR_PARAM_DIM), ("ma_params", self.q, MA_PARAM_DIM)]:
            if count > 0:
                parameters.append(Parameter(name, (k, count, k), (OBS_STATE_DIM, dim, OBS_STATE_AUX_DIM)))
        parameters.append(Parameter("state_cov", (k, k), (SHOCK_DIM, SHOCK_AUX_DIM), "Positive Semi-definite"))
        if self.measurement_error:
            parameters.append(Parameter("sigma_obs", (k,), (OBS_STATE_DIM,), "Positive"))
        for name, states in self.exogenous.items():
            if name is None:
                parameters.append(Parameter("beta_exog", (k, len(states)), (OBS_STATE_DIM, EXOG_STATE_DIM)))
            else:
                parameters.append(Parameter(f"beta_{name}", (len(states),), (f"{EXOG_STATE_DIM}_{name}",)))
        return parameters

    def set_states(self):
        names = list(self.endog_names)
        names += [f"L{lag}_{name}" for lag in range(1, self.p) for name in self.endog_names]
        names += [f"L{lag}_{name}_innov" for lag in range(1, self.q + 1) for name in self.endog_names]
        return [State(name) for name in names] + [State(name, True) for name in self.endog_names]

    def set_shocks(self):
        return [Shock(name) for name in self.endog_names]

    def set_data_info(self):
        info = []
        for name, states in self.exogenous.items():
            data, dim = ("exogenous_data", EXOG_STATE_DIM)
            if name is not None:
                data, dim = f"{name}_exogenous_data", f"{EXOG_STATE_DIM}_{name}"
            info.append(Data(data, (None, len(states)), (TIME_DIM, dim), True))
        return info

    def set_coords(self):
        coords = self.default_coords() + numbered(AR_PARAM_DIM, self.p) + numbered(MA_PARAM_DIM, self.q)
        for name, states in self.exogenous.items():
            coords.append(Coord(EXOG_STATE_DIM if name is None else f"{EXOG_STATE_DIM}_{name}", tuple(states)))
        return coords

    def make_symbolic_graph(self):
        k, n, p, q = self.k_endog, self.k_states, self.p, self.q
        lagged = k * max(1, p)
        if not self.stationary_initialization:
            self.ssm["initial_state", :] = self.make_and_register_variable("x0", (n,))
            self.ssm["initial_state_cov", :, :] = self.make_and_register_variable("P0", (n, n))
        self.ssm["design", :, :k] = np.eye(k)
        self.ssm["selection", :k, :] = np.eye(k)
        if p > 0:
            ar = self.make_and_register_variable("ar_params", (k, p, k))
            self.ssm["transition", :k, :lagged] = ar.reshape((k, k * p))
        if p > 1:
            self.ssm["transition", k:lagged, : lagged - k] = np.eye(lagged - k)
        if q > 0:
            ma = self.make_and_register_variable("ma_params", (k, q, k))
            self.ssm["transition", :k, lagged:] = ma.reshape((k, k * q))
            self.ssm["selection", lagged : lagged + k, :] = np.eye(k)
        if q > 1:
            self.ssm["transition", lagged + k :, lagged : n - k] = np.eye(k * (q - 1))
        if self.measurement_error:
            self.ssm["obs_cov", :, :] = pt.diag(self.make_and_register_variable("sigma_obs", (k,)))
        self.ssm["state_cov", :, :] = self.make_and_register_variable("state_cov", (k, k))
        if len(self.exogenous) > 0:
            self.ssm["obs_intercept"] = self.exogenous_means()
        if self.stationary_initialization:
            R = self.ssm["selection"]
            shocks = R @ self.ssm["state_cov"] @ R.T
            self.ssm["initial_state_cov"] = stationary_covariance(self.ssm["transition"], shocks)

    def exogenous_means(self):
        # What the exogenous variables add to each series: a row for every time.
        if None in self.exogenous:
            count = len(self.exogenous[None])
            data = self.make_and_register_data("exogenous_data", (None, count))
            return data @ self.make_and_register_variable("beta_exog", (self.k_endog, count)).T
        columns = {}
        for name, states in self.exogenous.items():
            data = self.make_and_register_data(f"{name}_exogenous_data", (None, len(states)))
            columns[name] = data @ self.make_and_register_variable(f"beta_{name}", (len(states),))
        none = 0 * list(columns.values())[0]
        return pt.stack([columns[name] if name in columns else none for name in self.endog_names], axis=1)


class BayesianETS(PyMCStateSpace):
    def __init__(
        self,
        order=None,
        endog_names=None,
        trend=True,
        damped_trend=False,
        seasonal=False,
        seasonal_periods=None,
        measurement_error=False,
        use_transformed_parameterization=False,
        dense_innovation_covariance=False,
        stationary_initialization=False,
        initialization_dampening=0.8,
        filter_type="standard",
        verbose=True,
        mode=None,
    ):
        if order is not None:
            error, of_trend, of_season = parts_of(order, "order", ["error", "trend", "seasonal"])
            if error != "A" or of_trend not in ["A", "Ad", "N"] or of_season not in ["A", "N"]:
                raise ValueError(f"`order` is \"A\", one of \"A\", \"Ad\" and \"N\", and \"A\" or \"N\", not {order}")
            trend, damped_trend, seasonal = of_trend != "N", of_trend == "Ad", of_season == "A"
        if seasonal and seasonal_periods is None:
            raise ValueError("a seasonal model needs `seasonal_periods`")
        if initialization_dampening <= 0 or initialization_dampening >= 1:
            raise ValueError("`initialization_dampening` lies between 0 and 1")
        self.endog_names = is_named(endog_names, "endog_names")
        k_endog = len(self.endog_names)
        self.trend, self.damped_trend, self.seasonal = trend, damped_trend, seasonal
        self.seasonal_periods = seasonal_periods if seasonal else 0
        self.use_transformed_parameterization = use_transformed_parameterization
        self.dense_innovation_covariance = dense_innovation_covariance and k_endog > 1
        self.stationary_initialization = stationary_initialization
        self.initialization_dampening = initialization_dampening
        # The states of one series: its innovation, its level, perhaps a trend, and a season of its own.
        self.season_at = 2 + int(trend)
        k_states = k_endog * (self.season_at + self.seasonal_periods)
        super().__init__(k_endog, k_states, k_endog, filter_type, verbose, measurement_error, mode)

    def set_parameters(self):
        k, n = self.k_endog, self.k_states
        shape, dims = ((), None) if k == 1 else ((k,), (OBS_STATE_DIM,))
        parameters = [Parameter("initial_level", shape, dims)]
        if self.trend:
            parameters.append(Parameter("initial_trend", shape, dims))
        if self.seasonal:
            of_season = (ETS_SEASONAL_DIM,) if k == 1 else (OBS_STATE_DIM, ETS_SEASONAL_DIM)
            parameters.append(Parameter("initial_seasonal", (*shape, self.seasonal_periods), of_season))
        if not self.stationary_initialization:
            parameters.append(initial_parameters(n)[1])
        parameters.append(Parameter("alpha", shape, dims, "0 < alpha < 1"))
        changed = self.use_transformed_parameterization
        if self.trend:
            parameters.append(Parameter("beta", shape, dims, "0 < beta < alpha" if changed else "0 < beta < 1"))
        if self.seasonal:
            parameters.append(Parameter("gamma", shape, dims, "0 < gamma < (1 - alpha)" if changed else "0 < gamma < 1"))
        if self.damped_trend:
            parameters.append(Parameter("phi", shape, dims, "0 < phi < 1"))
        if self.dense_innovation_covariance:
            square = (OBS_STATE_DIM, OBS_STATE_AUX_DIM)
            parameters.append(Parameter("state_cov", (k, k), square, "Positive Semi-definite"))
        else:
            parameters.append(Parameter("sigma_state", shape, dims, "Positive"))
        if self.measurement_error:
            parameters.append(Parameter("sigma_obs", shape, dims, "Positive"))
        return parameters

    def set_states(self):
        names = ["innovation", "level"] + (["trend"] if self.trend else [])
        if self.seasonal:
            names += ["seasonality"] + [f"L{k}.season" for k in range(1, self.seasonal_periods)]
        if self.k_endog > 1:
            names = [f"{series}_{name}" for series in self.endog_names for name in names]
        return [State(name) for name in names] + [State(name, True) for name in self.endog_names]

    def set_shocks(self):
        if self.k_endog == 1:
            return Shock("innovation")
        return [Shock(f"{name}_innovation") for name in self.endog_names]

    def set_coords(self):
        return self.default_coords() + numbered(ETS_SEASONAL_DIM, self.seasonal_periods)

    def of_series(self, name, tail=()):
        # A parameter with a row for each series.
        shape = tail if self.k_endog == 1 else (self.k_endog, *tail)
        return self.make_and_register_variable(name, shape).reshape((self.k_endog, *tail))

    def write_transition(self, ssm, phi, kept):
        # The level, trend and season of each series keep a share of what they were.
        n = self.season_at + self.seasonal_periods
        for i in range(self.k_endog):
            first = i * n
            level, trend, season = first + 1, first + 2, first + self.season_at
            ssm["transition", level, level] = kept
            if self.trend:
                ssm["transition", level, trend] = 1.0 if phi is None else phi[i]
                ssm["transition", trend, trend] = kept if phi is None else phi[i]
            if self.seasonal:
                ssm["transition", season, first + n - 1] = kept
                for k in range(season + 1, first + n):
                    ssm["transition", k, k - 1] = 1.0

    def make_symbolic_graph(self):
        k, m, at = self.k_endog, self.season_at + self.seasonal_periods, self.season_at
        start, R = pt.zeros((k, m)), pt.zeros((k, m))
        start = pt.set_subtensor(start[:, 1], self.of_series("initial_level"))
        alpha = self.of_series("alpha")
        R = pt.set_subtensor(R[:, 1], alpha)
        own = 1 - alpha
        if self.trend:
            start = pt.set_subtensor(start[:, 2], self.of_series("initial_trend"))
            beta = self.of_series("beta")
            R = pt.set_subtensor(R[:, 2], beta if self.use_transformed_parameterization else alpha * beta)
        if self.seasonal:
            start = pt.set_subtensor(start[:, at:], self.of_series("initial_seasonal", (self.seasonal_periods,)))
            gamma = self.of_series("gamma")
            gamma = gamma if self.use_transformed_parameterization else (1 - alpha) * gamma
            R = pt.set_subtensor(R[:, at], gamma)
            own = own - gamma
        R = pt.set_subtensor(R[:, 0], own)
        phi = self.of_series("phi") if self.damped_trend else None
        self.ssm["initial_state", :] = start.reshape((self.k_states,))
        self.ssm["selection", :, :] = pt.linalg.block_diag(*[R[i][:, None] for i in range(k)])
        self.write_transition(self.ssm, phi, 1.0)
        design = np.zeros((1, m))
        design[0, [0, 1] + ([at] if self.seasonal else [])] = 1.0
        self.ssm["design", :, :] = np.kron(np.eye(k), design)
        if self.dense_innovation_covariance:
            self.ssm["state_cov", :, :] = self.make_and_register_variable("state_cov", (k, k))
        else:
            self.ssm["state_cov", :, :] = pt.diag(self.of_series("sigma_state") ** 2)
        if self.measurement_error:
            self.ssm["obs_cov", :, :] = pt.diag(self.of_series("sigma_obs") ** 2)
        if self.stationary_initialization:
            damped = self.ssm.copy()
            self.write_transition(damped, phi, self.initialization_dampening)
            R = self.ssm["selection"]
            shocks = R @ self.ssm["state_cov"] @ R.T
            self.ssm["initial_state_cov"] = stationary_covariance(damped["transition"], shocks)
        else:
            n = self.k_states
            self.ssm["initial_state_cov", :, :] = self.make_and_register_variable("P0", (n, n))


class BayesianDynamicFactor(PyMCStateSpace):
    # The series are loadings of a few factors, which are a vector autoregression with shocks of variance 1, and errors.
    # The states are the factors with their lags, the errors with theirs if they have any, and the coefficients of
    # exogenous variables, which stay as they are or walk.
    def __init__(
        self,
        k_factors,
        factor_order,
        endog_names=None,
        exog_names=None,
        shared_exog_states=False,
        exog_innovations=False,
        error_order=0,
        error_var=False,
        error_cov_type="diagonal",
        measurement_error=False,
        verbose=True,
    ):
        for name, count, least in [
            ("k_factors", k_factors, 1),
            ("factor_order", factor_order, 0),
            ("error_order", error_order, 0),
        ]:
            if count < least:
                raise ValueError(f"`{name}` is {least} or more, not {count}")
        if error_cov_type not in ["scalar", "diagonal", "unstructured"]:
            raise ValueError(f"`error_cov_type` is scalar, diagonal or unstructured, not {error_cov_type}")
        if error_cov_type == "unstructured" and error_order == 0:
            raise ValueError(
                "`error_cov_type=\"unstructured\"` is of errors that have lags: write an `error_order` of 1 or more, or "
                "`error_cov_type=\"diagonal\"`"
            )
        self.endog_names = tuple(is_named(endog_names, "endog_names"))
        self.exog_names = () if exog_names is None else tuple(is_named(exog_names, "exog_names"))
        self.k_factors, self.factor_order, self.error_order = k_factors, factor_order, error_order
        self.error_var, self.error_cov_type = error_var, error_cov_type
        self.shared_exog_states, self.exog_innovations = shared_exog_states, exog_innovations
        k_endog, self.k_exog = len(self.endog_names), len(self.exog_names)
        self.k_exog_states = self.k_exog * (1 if shared_exog_states else k_endog)
        self.exog_flag = self.k_exog > 0
        # Where the states of the errors and those of the exogenous variables begin.
        self.error_at = k_factors * max(factor_order, 1)
        self.exog_at = self.error_at + k_endog * error_order
        k_posdef = k_factors + (k_endog if error_order > 0 else 0) + self.k_exog_states
        super().__init__(
            k_endog, self.exog_at + self.k_exog_states, k_posdef, verbose=verbose, measurement_error=measurement_error
        )

    def set_parameters(self):
        k, f = self.k_endog, self.k_factors
        start, start_cov = initial_parameters(self.k_states)
        # The coefficients start at `beta`.
        start.shape = (self.exog_at,)
        parameters = [start, start_cov, Parameter("factor_loadings", (k, f), (OBS_STATE_DIM, FACTOR_DIM))]
        if self.factor_order > 0:
            parameters.append(Parameter("factor_ar", (f, f * self.factor_order), (FACTOR_DIM, AR_PARAM_DIM)))
        if self.error_order > 0:
            parameters.append(Parameter("error_ar", (k, self.error_lags()), (OBS_STATE_DIM, ERROR_AR_PARAM_DIM)))
        if self.error_cov_type == "unstructured":
            square = (OBS_STATE_DIM, OBS_STATE_AUX_DIM)
            parameters.append(Parameter("error_cov", (k, k), square, "Positive Semi-definite"))
        else:
            shape, dims = ((), ()) if self.error_cov_type == "scalar" else ((k,), (OBS_STATE_DIM,))
            parameters.append(Parameter("error_sigma", shape, dims, "Positive"))
        if self.measurement_error:
            parameters.append(Parameter("sigma_obs", (k,), (OBS_STATE_DIM,), "Positive"))
        if self.exog_flag:
            parameters.append(Parameter("beta", (self.k_exog_states,), (EXOG_STATE_DIM,)))
            if self.exog_innovations:
                parameters.append(Parameter("beta_sigma", (self.k_exog_states,), (EXOG_STATE_DIM,), "Positive"))
        return parameters

    def error_lags(self):
        # The coefficients of the errors of one series.
        return self.error_order * (self.k_endog if self.error_var else 1)

    def set_states(self):
        names = [f"L{lag}.factor_{i}" for i in range(self.k_factors) for lag in range(max(self.factor_order, 1))]
        names += [f"L{lag}.error_{i}" for i in range(self.k_endog) for lag in range(self.error_order)]
        of_series = ["shared"] if self.shared_exog_states else self.endog_names
        names += [f"beta_{name}[{series}]" for name in self.exog_names for series in of_series]
        return [State(name) for name in names] + [State(name, True) for name in self.endog_names]

    def set_shocks(self):
        names = [f"factor_shock_{i}" for i in range(self.k_factors)]
        names += [f"error_shock_{i}" for i in range(self.k_endog)] if self.error_order > 0 else []
        of_series = ["shared"] if self.shared_exog_states else [f"endog_{i}" for i in range(self.k_endog)]
        names += [f"exog_shock_{i}.{series}" for i in range(self.k_exog) for series in of_series]
        return [Shock(name) for name in names]

    def set_data_info(self):
        if not self.exog_flag:
            return None
        return Data("exog_data", (None, self.k_exog), (TIME_DIM, EXOG_STATE_DIM), True)

    def set_coords(self):
        factors = tuple(f"factor_{i}" for i in range(1, self.k_factors + 1))
        coords = self.default_coords() + [Coord(FACTOR_DIM, factors)]
        coords += numbered(AR_PARAM_DIM, self.k_factors * self.factor_order)
        coords += numbered(ERROR_AR_PARAM_DIM, self.error_lags())
        return coords + numbered(EXOG_STATE_DIM, self.k_exog_states)

    def make_symbolic_graph(self):
        k, f, n, q = self.k_endog, self.k_factors, self.k_states, self.error_order
        own, last, k_exog = self.error_at, self.exog_at, self.k_exog_states
        self.ssm["initial_state", :last] = self.make_and_register_variable("x0", (last,))
        self.ssm["initial_state_cov", :, :] = self.make_and_register_variable("P0", (n, n))
        loadings = self.make_and_register_variable("factor_loadings", (k, f))
        self.ssm["design", :, :f] = loadings
        lagged = np.zeros((n, n))
        lagged[:own, :own] = np.eye(own, k=-f)
        self.ssm["selection", :f, :f] = np.eye(f)
        self.ssm["state_cov", :f, :f] = np.eye(f)
        if q > 0:
            lagged[own:last, own:last] = np.eye(k * q, k=-k)
            self.ssm["design", :, own : own + k] = np.eye(k)
            self.ssm["selection", own : own + k, f : f + k] = np.eye(k)
            self.ssm["state_cov", f : f + k, f : f + k] = self.error_covariance()
        if self.exog_flag:
            lagged[last:, last:] = np.eye(k_exog)
            self.ssm["initial_state", last:] = self.make_and_register_variable("beta", (k_exog,))
        if self.exog_flag and self.exog_innovations:
            walk = self.make_and_register_variable("beta_sigma", (k_exog,))
            self.ssm["selection", last:, self.k_posdef - k_exog :] = np.eye(k_exog)
            self.ssm["state_cov", self.k_posdef - k_exog :, self.k_posdef - k_exog :] = pt.diag(walk)
        self.ssm["transition", :, :] = lagged
        if self.factor_order > 0:
            factor_ar = self.make_and_register_variable("factor_ar", (f, own))
            self.ssm["transition", :f, :own] = factor_ar
        if q > 0:
            error_ar, series = self.make_and_register_variable("error_ar", (k, self.error_lags())), np.arange(k)
            if self.error_var:
                self.ssm["transition", own : own + k, own:last] = error_ar
            else:
                for lag in range(q):
                    self.ssm["transition", own + series, own + k * lag + series] = error_ar[:, lag]
        if q == 0 or self.measurement_error:
            self.ssm["obs_cov", :, :] = pt.diag(self.noise())
        if self.exog_flag:
            # A row of the exogenous variables for every time, which each series meets with coefficients of its own or
            # with those of all.
            data = self.make_and_register_data("exog_data", (None, self.k_exog))
            met = np.ones((k, 1)) if self.shared_exog_states else np.eye(k)
            met = (met[None, :, :, None] * data[:, None, None, :]).reshape((data.shape[0], k, k_exog))
            still = self.ssm["design"][None, :, :last] * np.ones((data.shape[0], 1, 1))
            self.ssm["design"] = pt.concatenate([still, met], axis=2)

    def error_covariance(self):
        k = self.k_endog
        if self.error_cov_type == "unstructured":
            return self.make_and_register_variable("error_cov", (k, k))
        return pt.diag(self.error_variances())

    def error_variances(self):
        shape = () if self.error_cov_type == "scalar" else (self.k_endog,)
        return np.ones(self.k_endog) * self.make_and_register_variable("error_sigma", shape)

    def noise(self):
        # The variances of what is added to the series. Errors without lags are among it, and are joined as the package does,
        # as if these were standard deviations.
        measured = self.make_and_register_variable("sigma_obs", (self.k_endog,)) if self.measurement_error else None
        if self.error_order > 0:
            return measured
        own = self.error_variances()
        return own if measured is None else pt.sqrt(own**2 + measured**2)
