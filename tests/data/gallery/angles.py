# Angles around a mean direction; data: series.json
import pymc as pm

with pm.Model() as model:
    direction = pm.VonMises("direction", mu=0, kappa=0.5)
    kappa = pm.Gamma("kappa", 2, 1)
    pm.VonMises("theta", mu=direction, kappa=kappa, observed=circle)
