# Ordered positive scales and ordered rates: transforms on top of each other
import numpy as np
import pymc as pm
import pymc.distributions.transforms as tr

with pm.Model() as model:
    rates = pm.Beta("rates", 2, 2, shape=3, transform=tr.ordered, initval=[0.2, 0.5, 0.7])
    scales = pm.HalfNormal("scales", 1, size=2, transform=tr.Ordered(), initval=[0.5, 1.2])
    bounded = pm.Normal("bounded", 0, 1, transform=tr.Interval(-1, 2), initval=0.3)
    free = pm.Exponential("free", 1, default_transform=None)
    pm.Binomial("y", n=[10, 20, 30], p=rates, observed=[2, 11, 20])
    pm.Normal("e", bounded, scales, observed=np.array([0.3, -1.0]))
