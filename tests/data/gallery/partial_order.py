# Numbers that are ordered in part
import numpy as np
import pymc as pm
import pymc_extras as pmx

orders = np.array(
    [
        [[0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]],
        [[0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]],
    ]
)

with pm.Model() as model:
    several = pmx.PartialOrder(orders)
    x = pm.Normal("x", 0, 2, shape=(3, 2, 4), transform=several, initval=several.initvals((3, 2, 4)))
    one = pmx.PartialOrder(orders[0])
    z = pm.Normal("z", 0, 2, shape=4, transform=one, initval=one.initvals(lower=-2, upper=3))
    pm.Normal("y", pm.math.tanh(x[0, 0] + x[1, 1] + x[2].sum(0) + z), 1, observed=[0.5, 1.0, 2.0, 2.5])
