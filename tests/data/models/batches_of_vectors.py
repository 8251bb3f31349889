# Covariances with axes of their own, and mixtures of the vectors along an axis.
import numpy as np
import pymc as pm

with pm.Model() as model:
    m = pm.Normal("m", 0.0, 1.0, shape=(2, 3))
    s = pm.HalfNormal("s", 1.0)
    pair = np.stack([np.eye(3) + 0.4, np.eye(3) * 2.0 + 0.2])
    factors = np.stack([np.linalg.cholesky(pair[0]), np.linalg.cholesky(pair[1])])
    by_covariance = pm.MvNormal("by_covariance", mu=m, cov=pair)
    by_scaled = pm.MvNormal("by_scaled", mu=m, cov=pair * s)
    by_precision = pm.MvNormal("by_precision", mu=m[0], tau=pair)
    by_factor = pm.MvNormal("by_factor", mu=m, chol=factors, shape=(4, 2, 3))
    several = pm.MvNormal("several", mu=np.zeros(3), cov=pair[:1], shape=(5, 1, 3))
    heavy = pm.MvStudentT("heavy", nu=4.0, mu=m, scale=pair)
    named = pm.MvStudentT("named", nu=4.0, mu=m[0], Sigma=np.eye(3) + 0.3)
    w = pm.Dirichlet("w", np.ones(2))
    pm.Mixture("of_one", w, pm.MvNormal.dist(m, np.eye(3)), observed=[1.0, 2.0, 0.5])
    pm.Mixture("of_both", w, pm.MvNormal.dist(m, pair), observed=[[1.0, 2.0, 0.5], [0.0, 1.0, 3.0]])
    positive = pm.Mixture("positive", w, [pm.HalfNormal.dist(1.0), pm.Gamma.dist(2.0, 1.0)])
