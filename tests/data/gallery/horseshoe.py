# Sparse regression by the regularised horseshoe; data: lines.csv
import numpy as np
import pymc as pm

X = np.vstack([x, z, x * z, x**2, z**2]).T
X = (X - X.mean(axis=0)) / X.std(axis=0)
N, D = X.shape
D0 = 2

with pm.Model(coords={"predictors": ["x", "z", "xz", "xx", "zz"]}) as model:
    sigma = pm.HalfNormal("sigma", 25)
    tau = pm.HalfStudentT("tau", 2, D0 / (D - D0) * sigma / np.sqrt(N))
    lam = pm.HalfStudentT("lam", 5, dims="predictors")
    c2 = pm.InverseGamma("c2", 1, 1)
    z_ = pm.Normal("z", 0.0, 1.0, dims="predictors")
    beta = pm.Deterministic(
        "beta", z_ * tau * lam * pm.math.sqrt(c2 / (c2 + tau**2 * lam**2)), dims="predictors"
    )
    beta0 = pm.Normal("beta0", 100, 25.0)
    pm.Normal("obs", beta0 + X @ beta, sigma, observed=y)
