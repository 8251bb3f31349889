# Student's t vectors with a covariance factor unpacked by hand; data: tables.json
import pymc as pm

with pm.Model() as model:
    packed_L = pm.LKJCholeskyCov(
        "packed_L", n=3, eta=2.0, sd_dist=pm.HalfCauchy.dist(2.5), compute_corr=False
    )
    L = pm.expand_packed_triangular(3, packed_L)
    mu = pm.Normal("mu", 0.0, 10.0, shape=3)
    nu = pm.Gamma("nu", 2, 0.1)
    pm.MvStudentT("obs", nu=nu, mu=mu, chol=L, observed=pairs)
