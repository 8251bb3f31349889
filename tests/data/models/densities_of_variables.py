# Densities and probabilities of declared variables, triangular solves, the support point of a distribution
import numpy as np
import pymc as pm
from pymc.distributions.distribution import support_point

lower = np.array([[1.0, 0.0, 0.0], [0.5, 2.0, 0.0], [0.1, 0.2, 1.5]])

with pm.Model() as model:
    a = pm.Normal("a", 0.5, 1, shape=3, initval=[0.1, 0.2, 0.3])
    scale = pm.HalfNormal("scale", 1)
    other = pm.Normal("other", support_point(pm.Gamma.dist(2.0, 4.0)), scale)
    pm.Potential("density", pm.logp(other, 0.5) + pm.logp(a, np.array([0.0, 1.0, 2.0])).sum())
    pm.Potential("probability", pm.logcdf(other, a[0] + 3))
    pm.Normal("y", pm.math.solve_triangular(lower, a, lower=True), scale, observed=np.array([1.0, 2.0, 3.0]))
