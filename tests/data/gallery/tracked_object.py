# A state-space model of one's own: an object that is seen at places, and that speeds up and slows down.
# Bar-Shalom, Li and Kirubarajan (2001), Estimation with Applications to Tracking and Navigation, section 6.2.
import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc_extras.statespace.core.statespace import PyMCStateSpace
from pymc_extras.statespace.utils.constants import ALL_STATE_AUX_DIM, ALL_STATE_DIM, OBS_STATE_DIM, SHOCK_DIM

steps = np.arange(24) / 4
path = np.column_stack([np.cos(steps) * 3 + steps, 2 * np.sin(steps)])
path[9, 1] = np.nan


class Tracked(PyMCStateSpace):
    def __init__(self, interval):
        self.interval = interval
        super().__init__(k_endog=2, k_states=4, k_posdef=2)

    def make_symbolic_graph(self):
        h = self.interval
        x0 = self.make_and_register_variable("x0", shape=(4,))
        P0 = self.make_and_register_variable("P0", shape=(4, 4))
        speeding = self.make_and_register_variable("speeding", shape=(2,))
        blur = self.make_and_register_variable("blur", shape=())
        drag = self.make_and_register_variable("drag", shape=())

        self.ssm["transition", :, :] = np.eye(4)
        self.ssm["transition", [0, 1], [2, 3]] = h
        self.ssm["transition", 2:, 2:] = pt.eye(2) * (1 - drag * h)
        self.ssm["selection", :, :] = np.kron(np.array([[h**2 / 2], [h]]), np.eye(2))
        self.ssm["design", 0, 0] = 1
        self.ssm["design", 1, 1] = 1
        self.ssm["initial_state", :] = x0
        self.ssm["initial_state_cov", :, :] = P0
        self.ssm["state_cov", *np.diag_indices(self.k_posdef)] = speeding**2
        noise = np.s_["obs_cov", :2, :2]
        self.ssm[noise] = pt.eye(2) * blur**2

    @property
    def param_names(self):
        return ["x0", "P0", "speeding", "blur", "drag"]

    @property
    def state_names(self):
        return ["east", "north", "east_speed", "north_speed"]

    @property
    def shock_names(self):
        return ["east_push", "north_push"]

    @property
    def observed_states(self):
        return ["east", "north"]

    @property
    def param_dims(self):
        return {"x0": (ALL_STATE_DIM,), "P0": (ALL_STATE_DIM, ALL_STATE_AUX_DIM), "speeding": (SHOCK_DIM,)}

    @property
    def coords(self):
        places = self.state_names
        return {
            ALL_STATE_DIM: places,
            ALL_STATE_AUX_DIM: places,
            OBS_STATE_DIM: self.observed_states,
            SHOCK_DIM: self.shock_names,
        }


ss_mod = Tracked(interval=0.25)

with pm.Model(coords=ss_mod.coords) as model:
    x0 = pm.Deterministic("x0", pt.as_tensor([3.0, 0.0, 1.0, 2.0]), dims="state")
    P0 = pm.Deterministic("P0", pt.eye(4) * 0.5, dims=("state", "state_aux"))
    speeding = pm.Gamma("speeding", 2, 1, dims="shock")
    blur = pm.Gamma("blur", 2, 5)
    drag = pm.Beta("drag", 2, 8)
    ss_mod.build_statespace_graph(data=path)
