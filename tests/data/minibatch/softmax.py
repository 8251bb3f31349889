import pymc as pm

a_rows, label_rows = pm.Minibatch(a, label, batch_size=7)

with pm.Model() as model:
    intercept = pm.Normal("intercept", 0, 1, shape=3)
    slope = pm.Normal("slope", 0, 1, shape=3)
    eta = intercept + a_rows[:, None] * slope
    pm.Categorical("obs", logit_p=eta, observed=label_rows, total_size=24)
