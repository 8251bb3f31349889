# Continuous distributions of free variables, with parameters that are sampled
import pymc as pm

with pm.Model() as model:
    shape = pm.Gamma("shape", 4, 2)
    scale = pm.HalfNormal("scale", 1.5)
    mean = pm.Normal("mean", 0.3, 1)

    pm.SkewNormal("skew_normal", alpha=mean, mu=mean, sigma=scale)
    pm.Kumaraswamy("kumaraswamy", a=shape, b=scale)
    pm.AsymmetricLaplace("asymmetric_laplace", kappa=shape, mu=mean, b=scale)
    pm.SkewStudentT("skew_student_t", a=3, b=shape + 1, mu=0, sigma=1)
    pm.ChiSquared("chi_squared", nu=shape + 2)
    pm.Weibull("weibull", alpha=shape, beta=scale)
    pm.Pareto("pareto", alpha=shape, m=scale)
    pm.Triangular("triangular", lower=-1, upper=4, c=0.5)
