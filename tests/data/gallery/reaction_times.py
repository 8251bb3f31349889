# Reaction times: shifted Wald and exponentially modified normal; data: lifetimes.csv
import pymc as pm

with pm.Model() as model:
    mu = pm.Gamma("mu", 2, 2)
    lam = pm.Gamma("lam", 2, 1)
    shift = pm.Uniform("shift", 0, 0.95 * rt.min())
    pm.Wald("rt", mu=mu, lam=lam, alpha=shift, observed=rt)

    m = pm.HalfNormal("m", 1)
    s = pm.HalfNormal("s", 0.5)
    tail = pm.HalfNormal("tail", 1)
    pm.ExGaussian("rt_ex", mu=m, sigma=s, nu=tail, observed=rt)
