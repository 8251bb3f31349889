# Logistic growth of case numbers, and Gompertz growth of a second sort; data: series.json
import numpy as np
import pymc as pm

with pm.Model(coords={"day": t}) as model:
    t_data = pm.Data("t", t, dims="day")
    # logistic
    intercept = pm.LogNormal("intercept", np.log(5), 1)
    carrying_capacity = pm.Normal("carrying_capacity", 500, 100)
    b = pm.HalfNormal("b", 0.5)
    a = carrying_capacity / intercept - 1
    growth = carrying_capacity / (1 + a * pm.math.exp(-b * t_data))
    # Gompertz
    asymptote = pm.HalfNormal("asymptote", 500)
    displacement = pm.LogNormal("displacement", 1, 0.5)
    rate = pm.Gamma("rate", mu=0.1, sigma=0.05)
    gompertz = pm.Deterministic("gompertz", asymptote * np.exp(-displacement * np.exp(-rate * t_data)), dims="day")

    eps = pm.HalfNormal("eps", 20)
    pm.Normal("cases", mu=growth, sigma=eps, observed=cases, dims="day")
    pm.Normal("cases_gompertz", mu=gompertz, sigma=eps, observed=cases, dims="day")
