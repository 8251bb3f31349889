# Summer temperatures at Kilpisjarvi by year, posteriordb; data: kilpisjarvi_mod-kilpisjarvi.data.json
import pymc as pm

with pm.Model() as model:
    alpha = pm.Normal("alpha", mu=pmualpha, sigma=psalpha)
    beta = pm.Normal("beta", mu=pmubeta, sigma=psbeta)
    sigma = pm.HalfFlat("sigma")
    pm.Normal("temperature", mu=alpha + beta * x, sigma=sigma, observed=y)
