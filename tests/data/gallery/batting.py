# Partial pooling of rates: beta-binomial with a Pareto-like concentration; data: trials.json
import pymc as pm
import pytensor.tensor as pt

with pm.Model() as baseball_model:
    phi = pm.Uniform("phi", lower=0.0, upper=1.0)
    kappa_log = pm.Exponential("kappa_log", lam=1.5)
    kappa = pm.Deterministic("kappa", pt.exp(kappa_log))
    theta = pm.Beta("theta", alpha=phi * kappa, beta=(1.0 - phi) * kappa, shape=len(n_control))
    y = pm.Binomial("y", n=n_control, p=theta, observed=events_control)
