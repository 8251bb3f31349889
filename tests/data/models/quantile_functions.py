# Quantiles of distributions: in closed form, and by halving where the parameters are known.
import numpy as np
import pymc as pm

with pm.Model() as model:
    m = pm.Normal("m", 0.3, 1.0)
    s = pm.HalfNormal("s", 1.0)
    shares = np.array([0.1, 0.45, 0.8])
    pm.Deterministic("uniform", pm.icdf(pm.Uniform.dist(m, m + s), shares))
    pm.Deterministic("normal", pm.icdf(pm.Normal.dist(m, s), shares))
    pm.Deterministic("half_normal", pm.icdf(pm.HalfNormal.dist(s), shares))
    pm.Deterministic("exponential", pm.icdf(pm.Exponential.dist(s), shares))
    pm.Deterministic("laplace", pm.icdf(pm.Laplace.dist(m, s), shares))
    pm.Deterministic("cauchy", pm.icdf(pm.Cauchy.dist(m, s), shares))
    pm.Deterministic("half_cauchy", pm.icdf(pm.HalfCauchy.dist(s), shares))
    pm.Deterministic("weibull", pm.icdf(pm.Weibull.dist(s, 2.0), shares))
    pm.Deterministic("log_normal", pm.icdf(pm.LogNormal.dist(m, s), shares))
    pm.Deterministic("pareto", pm.icdf(pm.Pareto.dist(s, 2.0), shares))
    pm.Deterministic("kumaraswamy", pm.icdf(pm.Kumaraswamy.dist(s, 2.0), shares))
    pm.Deterministic("triangular", pm.icdf(pm.Triangular.dist(m, m + 2 * s, m + s / 2), shares))
    pm.Deterministic("gumbel", pm.icdf(pm.Gumbel.dist(m, s), shares))
    pm.Deterministic("logistic", pm.icdf(pm.Logistic.dist(m, s), shares))
    pm.Deterministic("moyal", pm.icdf(pm.Moyal.dist(m, s), shares))
    pm.Deterministic("gamma", pm.icdf(pm.Gamma.dist(2.0, 1.0), shares) * m)
    pm.Deterministic("beta", pm.icdf(pm.Beta.dist(2.0, 3.0), shares) * m)
    pm.Deterministic("student_t", pm.icdf(pm.StudentT.dist(3.0, mu=1.0, sigma=2.0), shares) * m)
    pm.Deterministic("geometric", pm.icdf(pm.Geometric.dist(0.3), shares) * m)
    pm.Potential("weight", pm.icdf(pm.Gumbel.dist(m, s), 0.3) + pm.icdf(pm.Kumaraswamy.dist(s, 2.0), 0.9))
