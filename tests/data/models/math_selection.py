# Piecewise functions: switch, where, maximum, minimum, clip and comparisons; data: columns.json
import numpy as np
import pymc as pm

with pm.Model() as model:
    a = pm.Normal("a", mu=x, sigma=1)
    b = pm.Normal("b", 0.6, 1)

    larger = pm.math.maximum(a, b) + pm.math.minimum(a, 0.2) + pm.math.clip(a, -0.5, 0.5)
    on_parameter = pm.math.switch(a > b, a**2, 3 * b) + pm.math.switch(pm.math.lt(a, 0), 1.0, a)
    on_data = pm.math.where(binary == 1, a, -b) + b * (group == 2) + np.where(x > 0, x, 0.0) * b
    both = b * ((x > 0) & (group != 0)) + pm.math.switch(count >= 3, b, 0)
    pm.Normal("real_obs", mu=larger + on_parameter + on_data + both, sigma=2, observed=y)
