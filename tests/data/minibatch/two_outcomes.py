import pymc as pm

with pm.Model(coords={"group": ["p", "q", "r", "s"]}) as model:
    a_rows, b_rows = pm.Minibatch(a, b, batch_size=7)
    who = pm.Minibatch(group, batch_size=7)
    counts = pm.Minibatch(count, batch_size=7)
    mu = pm.Normal("mu", 0, 10)
    slope = pm.Normal("slope", mu, 1, dims="group")
    sigma = pm.Exponential("sigma", 1)
    rate = pm.math.exp(0.1 * mu + 0.2 * slope[who] * b_rows)
    pm.Poisson("counts", rate, observed=counts, total_size=24)
    pm.StudentT("a", nu=4, mu=slope[who] * b_rows, sigma=sigma, observed=a_rows, total_size=48)
    pm.Normal("level", mu, sigma, observed=0.7)
