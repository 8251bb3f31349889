# Coal mining disasters: the year of the change is summed out; data: coal.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

n = len(disasters)
before = np.tril(np.ones((n, n)), -1).astype(bool)

with pm.Model() as disaster_model:
    early_rate = pm.Exponential("early_rate", 1.0)
    late_rate = pm.Exponential("late_rate", 1.0)
    early = pm.logp(pm.Poisson.dist(early_rate), disasters)
    late = pm.logp(pm.Poisson.dist(late_rate), disasters)
    by_year = pt.sum(pt.switch(before, early[None, :], late[None, :]), axis=1)
    lp = pm.Deterministic("lp", by_year - np.log(n))
    pm.Potential("likelihood", pm.math.logsumexp(lp))
    pm.Deterministic("p_year", pm.math.exp(lp - pm.math.logsumexp(lp)))
