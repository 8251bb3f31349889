# Factors, systems and determinants of matrices that depend on parameters
import numpy as np
import pymc as pm
import pytensor.tensor as pt

places = np.array([0.0, 0.7, 1.1, 2.6, 3.0])
distance = (places[:, None] - places[None, :]) ** 2

with pm.Model() as model:
    scale = pm.HalfNormal("scale", 1)
    length = pm.Gamma("length", 2, 1)
    noise = pm.Exponential("noise", 2)
    b = pm.Normal("b", 0, 1, shape=5)
    rest = pm.Normal("rest", 0, 1, shape=(5, 2))
    cov = scale**2 * pt.exp(-0.5 * distance / length**2) + (0.1 + noise) * pt.eye(5)
    factor = pt.linalg.cholesky(cov)
    white = pt.linalg.solve_triangular(factor, b, lower=True)
    back = pt.slinalg.solve_triangular(factor.T, rest, lower=False)
    pm.Potential("square", -0.5 * pt.sum(white**2) + 0.1 * pt.sum(back))
    pm.Potential("solved", 0.05 * pt.sum(pt.linalg.solve(cov, rest)) + 0.05 * pt.sum(pt.nlinalg.matrix_inverse(cov)))
    pm.Potential("size", 0.1 * pt.log(pt.nlinalg.det(cov)) + 0.1 * pm.math.logdet(cov))
    pm.MvNormal("y", mu=b, cov=cov, observed=[0.3, -0.2, 0.5, 1.1, -0.7])
    pm.MvNormal("z", mu=b, chol=factor, observed=[[0.3, -0.2, 0.5, 1.1, -0.7], [1.3, 0.2, -0.5, 0.1, 0.7]])
    pm.MvNormal("p", mu=b, tau=cov, observed=[0.1, 0.2, 0.5, 0.1, -0.7])
    pm.Deterministic("kron", pt.linalg.kron(cov[:2, :2], pt.eye(2)))
