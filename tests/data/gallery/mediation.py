# Mediation: a direct effect and one through a mediator; data: lines.csv
import pymc as pm

def mediation_model(x, m, y):
    with pm.Model() as model:
        x = pm.Data("x", x, dims="obs_id")
        y = pm.Data("y", y, dims="obs_id")
        m = pm.Data("m", m, dims="obs_id")

        # intercept priors
        im = pm.Normal("im", mu=0, sigma=10)
        iy = pm.Normal("iy", mu=0, sigma=10)
        # slope priors
        a = pm.Normal("a", mu=0, sigma=10)
        b = pm.Normal("b", mu=0, sigma=10)
        cprime = pm.Normal("cprime", mu=0, sigma=10)
        # noise priors
        sigma_m = pm.HalfCauchy("sigma_m", 1)
        sigma_y = pm.HalfCauchy("sigma_y", 1)

        # likelihood
        pm.Normal("m_likelihood", mu=im + a * x, sigma=sigma_m, observed=m, dims="obs_id")
        pm.Normal("y_likelihood", mu=iy + b * m + cprime * x, sigma=sigma_y, observed=y, dims="obs_id")

        # calculate quantities of interest
        indirect_effect = pm.Deterministic("indirect effect", a * b)
        total_effect = pm.Deterministic("total effect", a * b + cprime)
    return model

model = mediation_model(x, z, y)
