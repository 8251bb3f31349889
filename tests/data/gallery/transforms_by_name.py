# Transforms by their names: ordered in both directions and positive, softplus, chains
import numpy as np
import pymc as pm
from pymc.distributions import transforms as tr

with pm.Model() as model:
    means = pm.Normal("means", [3.0, 10.0], 1.0, transform=tr.Ordered(positive=True), initval=[3.0, 10.0])
    levels = pm.Normal("levels", 0, 2, shape=3, transform=tr.Ordered(ascending=False), initval=[2.0, 0.5, -1.0])
    falling = pm.Normal(
        "falling", 0, 2, shape=(2, 2), transform=tr.Ordered(True, False), initval=[[2.0, 0.5], [3.0, 0.1]]
    )
    scale = pm.Gamma("scale", 2, 1, default_transform=None, transform=tr.log_exp_m1, initval=0.7)
    rates = pm.HalfNormal(
        "rates", 1, shape=2, default_transform=None, transform=tr.Chain([tr.log, tr.ordered]), initval=[0.5, 1.2]
    )
    pm.Normal("y", means, scale, observed=np.array([2.5, 11.0]))
    pm.Normal("z", levels + falling.sum() + rates.sum(), 1, observed=np.linspace(0, 3, 3, endpoint=False))
