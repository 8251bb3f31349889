import numpy as np
import pymc as pm

x = np.stack([(a - a.mean()) / a.std(), b], axis=1)
x, who, y = pm.Minibatch(x, group, success, batch_size=7)

with pm.Model() as model:
    alpha = pm.Normal("alpha", 0, 1)
    beta = pm.Normal("beta", 0, 1, shape=2)
    tau = pm.HalfNormal("tau", 1)
    offset = pm.Normal("offset", 0, tau, shape=4)
    eta = alpha + x @ beta + offset[who]
    pm.Bernoulli("obs", logit_p=eta, observed=y, total_size=24)
