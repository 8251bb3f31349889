# Coal mining disasters: a smooth change at an unknown year; data: coal.json
import numpy as np
import pymc as pm

with pm.Model(coords={"year": years}) as model:
    switchpoint = pm.Uniform("switchpoint", lower=years.min(), upper=years.max())
    early_rate = pm.Exponential("early_rate", 1)
    late_rate = pm.Exponential("late_rate", 1)
    w = pm.math.sigmoid(2 * (years - switchpoint))
    rate = pm.Deterministic("rate", w * late_rate + (1 - w) * early_rate, dims="year")
    pm.Poisson("disasters", rate, observed=disasters, dims="year")
