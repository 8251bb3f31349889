# Difference in differences: groups, times, and the effect of a treatment; data: lines.csv
import pymc as pm

group = treated
t = (x > 0).astype(int)

def outcome(t, control_intercept, treat_intercept_delta, trend, delta, group, treated):
    return control_intercept + (treat_intercept_delta * group) + (t * trend) + (delta * treated * group)

def is_treated(t, intervention_time, group):
    return (t > intervention_time) * (group > 0)

treated = is_treated(t, 0.5, group).astype(int)

with pm.Model() as model:
    # data
    t = pm.Data("t", t, dims="obs_idx")
    treated = pm.Data("treated", treated, dims="obs_idx")
    group = pm.Data("group", group, dims="obs_idx")
    # priors
    _control_intercept = pm.Normal("control_intercept", 0, 5)
    _treat_intercept_delta = pm.Normal("treat_intercept_delta", 0, 1)
    _trend = pm.Normal("trend", 0, 5)
    _delta = pm.Normal("Δ", 0, 1)
    sigma = pm.HalfNormal("sigma", 1)
    # expectation
    mu = pm.Deterministic(
        "mu",
        outcome(t, _control_intercept, _treat_intercept_delta, _trend, _delta, group, treated),
        dims="obs_idx",
    )
    # likelihood
    pm.Normal("obs", mu, sigma, observed=y, dims="obs_idx")
