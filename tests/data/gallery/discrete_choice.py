# Choice between alternatives with costs and speeds: a conditional logit; data: tables.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

alternatives = ["walk", "bus", "train"]
N = choice.shape[0]

with pm.Model(coords={"alts_probs": alternatives, "alts_intercepts": alternatives[:-1], "obs": range(N)}) as model:
    beta_cost = pm.Normal("beta_cost", 0, 1)
    beta_speed = pm.Normal("beta_speed", 0, 1)
    alphas = pm.Normal("alpha", 0, 1, dims="alts_intercepts")

    u0 = alphas[0] + beta_cost * cost[:, 0] + beta_speed * speed[:, 0]
    u1 = alphas[1] + beta_cost * cost[:, 1] + beta_speed * speed[:, 1]
    u2 = np.zeros(N) + beta_cost * cost[:, 2] + beta_speed * speed[:, 2]  # pivot
    s = pm.math.stack([u0, u1, u2]).T

    p_ = pm.Deterministic("p", pm.math.softmax(s, axis=1), dims=("obs", "alts_probs"))
    choice_obs = pm.Categorical("y_cat", p=p_, observed=choice, dims="obs")
