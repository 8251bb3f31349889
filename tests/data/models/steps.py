# Whole-number division, remainders and rounding of parameters: steps without slope; data: columns.json
import numpy as np
import pymc as pm

with pm.Model() as model:
    a = pm.Normal("a", 0.31, 1, shape=6)
    b = pm.HalfNormal("b", 1)
    pm.Normal("obs", a % 3 + (a / 0.7) // 2 - pm.math.floor(2.5 * b) * np.array(x), 1 + pm.math.ceil(1.3 * b), observed=y)
