# Two components by logsumexp, an ordered response by differences of sigmoids, a sum-to-zero effect; data: columns.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt


def normal_density(v, mu, sigma):
    return -0.5 * ((v - mu) / sigma) ** 2 - pt.log(sigma) - 0.5 * np.log(2 * np.pi)


with pm.Model() as model:
    w = pm.Beta("w", 2, 2)
    mus = pm.Normal("mus", [-1, 1], 1, shape=2)
    sigma = pm.HalfNormal("sigma", 1)
    parts = pt.stack([pt.log(w) + normal_density(np.array(y), mus[0], sigma),
                      pt.log1p(-w) + normal_density(np.array(y), mus[1], sigma)], axis=0)
    pm.Potential("mixture", pm.math.logsumexp(parts, axis=0).sum())

    first = pm.Normal("first", -1, 1)
    gap = pm.LogNormal("gap", 0, 1)
    slope = pm.Normal("slope", 0, 1)
    below = pm.math.invlogit(pt.stack([first, first + gap])[None, :] - slope * np.array(x)[:, None])
    levels = pt.concatenate([below[:, :1], below[:, 1:] - below[:, :-1], 1 - below[:, 1:]], axis=1)
    pm.Potential("ordered", pt.log(levels[np.arange(6), np.array(group)]))

    raw = pm.Normal("raw", 0, 1, shape=2)
    effect = pm.Deterministic("effect", pt.concatenate([raw, [-pt.sum(raw)]]))
    pm.Normal("obs", effect[np.array(group)], np.array(scale), observed=y)
