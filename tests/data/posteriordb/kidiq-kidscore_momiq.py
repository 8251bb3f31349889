# Children's test scores by the IQ of the mother (Gelman and Hill 2007), posteriordb; data: kidiq-kidscore_momiq.data.json
import pymc as pm

with pm.Model() as model:
    beta = pm.Flat("beta", shape=2)
    sigma = pm.HalfCauchy("sigma", beta=2.5)
    pm.Normal("score", mu=beta[0] + beta[1] * mom_iq, sigma=sigma, observed=kid_score)
