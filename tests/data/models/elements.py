# Elements of arrays and tensors replaced: assignment, set_subtensor and inc_subtensor
import numpy as np
import pymc as pm
import pytensor.tensor as pt

weights = np.zeros(5)
weights[1:3] = 2.0
weights[weights == 0] += 0.5
for k in range(5):
    weights[k] = weights[k] + 0.1 * k
grid = np.ones((2, 3))
grid[:, 1] = [4.0, 5.0]
grid[1, -1] *= 3

with pm.Model() as model:
    a = pm.Normal("a", 0, 1, shape=5)
    m = pm.Normal("m", 0, 1, shape=(2, 3))

    b = pt.set_subtensor(a[1:3], a[0] * np.array([1.0, 2.0]))
    c = pt.inc_subtensor(b[np.array([0, 0, 3])], a[4] ** 2)
    d = c[-1].set(1.5)
    n = m[0].set(a[:3])
    n = n[:, 1].inc(pt.as_tensor_variable([0.25, -0.5]))

    pm.Normal("first", mu=d * weights, sigma=1, observed=[0.1, 0.4, -0.3, 0.2, 1.0])
    pm.Normal("second", mu=n * grid, sigma=1, observed=np.array([[0.1, 0.2, 0.3], [1.0, -1.0, 0.5]]))
