# A model that others are made of: copies, interventions and observations by variable, transforms of values changed.
import copy

import numpy as np
import pymc as pm
from pymc.distributions.transforms import Interval, log_exp_m1
from pymc.model.transform.conditioning import change_value_transforms, remove_value_transforms
from pymc.model.transform.optimization import freeze_dims_and_data

with pm.Model(coords={"obs": range(5)}) as generative:
    dose = pm.Data("dose", np.array([0.1, 0.4, 0.9, 1.6, 2.5]), dims="obs")
    confounder = pm.Normal("confounder", 0, 1, dims="obs")
    effect = pm.Normal("effect", 0, 1)
    sigma = pm.HalfNormal("sigma", 1)
    share = pm.Beta("share", 2, 2)
    free_scale = pm.Exponential("free_scale", 1)
    treated = pm.Normal("treated", confounder, free_scale, dims="obs")
    outcome = pm.Normal("outcome", effect * treated * dose + share * confounder, sigma + free_scale, dims="obs")

observed = pm.observe(generative, {generative["outcome"]: [0.3, -0.2, 0.8, 1.9, 2.2]})
fixed = pm.do(observed, {observed["treated"]: np.array([0.0, 1.0, 0.0, 1.0, 1.0]), "dose": [0.2, 0.5, 1.0, 1.5, 2.0]})
changed = change_value_transforms(fixed, {"sigma": log_exp_m1, fixed["share"]: Interval(0, 1)})
model = freeze_dims_and_data(remove_value_transforms(copy.deepcopy(changed), vars=["free_scale"]))
