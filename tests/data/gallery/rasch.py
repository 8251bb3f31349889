# Item response with one parameter per item; data: groups.csv
import numpy as np
import pymc as pm

coords = {"person": np.unique(person), "item": np.unique(item)}

with pm.Model(coords=coords) as rasch:
    # ability
    theta_sd = pm.HalfNormal("theta_sd", 1)
    theta = pm.Normal("theta", 0, theta_sd, dims="person")
    # difficulty
    b = pm.ZeroSumNormal("b", 1, dims="item")
    eta = theta[person] - b[item]
    pm.Bernoulli("correct", logit_p=eta, observed=correct)
