# Indexing of vectors and matrices by integers, slices, data columns and new axes; data: columns.json
import pymc as pm

with pm.Model() as model:
    a = pm.Normal("a", 0, 1, shape=5)
    m = pm.Normal("m", 0, 1, shape=(3, 2))

    entries = a[0] + a[-1] * a[2]
    slices = a[1:4].sum() + a[:2].sum() - a[3:].sum() + a[::2].sum() + a[:-1].sum()
    by_column = m[:, 0][group] + m[group, 1] + m[group, binary] + m[1, 0]
    rows = m[group].sum(axis=1) + m[2].sum()
    outer = a[:, None] * m[:, 0][None, :]
    pm.Normal("real_obs", mu=entries + slices + by_column + rows, sigma=2, observed=y)
    pm.Normal("outer_obs", mu=outer[1] - m.T[1] + outer[:3, :].sum(axis=0), sigma=1, observed=[0.1, 0.2, -0.3])
