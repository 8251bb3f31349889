# Error functions, normal quantiles and differences of exponentials of parameters
import pymc as pm

with pm.Model() as model:
    a = pm.HalfNormal("a", 2)
    b = pm.HalfNormal("b", 2)
    p = pm.Beta("p", 2, 3)
    x = pm.Normal("x", 0, 1)
    pm.Potential("tails", pm.math.erfc(3 * x) + pm.math.invprobit(2 * x))
    pm.Potential("quantiles", pm.math.erfinv(p) + pm.math.erfcinv(p) + pm.math.probit(p))
    pm.Potential("differences", pm.math.logdiffexp(x + a, x) + pm.math.log1mexp(-b))
