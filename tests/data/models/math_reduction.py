# Sums, means, products and norms over all entries and along an axis; data: columns.json
import pymc as pm

with pm.Model() as model:
    a = pm.Normal("a", [[0.1, -0.4], [0.7, 0.2], [-0.3, 0.6]], 1)
    b = pm.HalfNormal("b", 1, shape=4)

    total = pm.math.sum(a) + a.sum() + pm.math.mean(b) + b.mean() + pm.math.prod(b)
    columns = pm.math.sum(a, axis=0) + a.mean(axis=0) + a.max(axis=0)
    rows = a.sum(axis=1) * pm.math.logsumexp(b) + pm.math.sum(a**2, axis=-1)
    pm.Normal("column_obs", mu=columns, sigma=2, observed=[0.4, -0.8])
    pm.Normal("row_obs", mu=rows[group] + total, sigma=3, observed=y)
