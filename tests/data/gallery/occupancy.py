# Animals caught again: a closed population with unseen members; data: tables.json
import pymc as pm

n_visits = 5

with pm.Model() as occupancy:
    psi = pm.Beta("psi", 1, 1)
    logit_p = pm.Normal("logit_p", 0, 1.5)
    p = pm.Deterministic("p", pm.math.invlogit(logit_p))
    pm.ZeroInflatedBinomial("y", psi=psi, n=n_visits, p=p, observed=seen)
    pm.Deterministic("never_seen", 1 - psi + psi * (1 - p) ** n_visits)
