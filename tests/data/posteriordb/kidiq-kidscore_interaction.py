# Children's test scores by the IQ and schooling of the mother (Gelman and Hill 2007), posteriordb; data: kidiq-kidscore_interaction.data.json
import pymc as pm

with pm.Model() as model:
    beta = pm.Flat("beta", shape=4)
    sigma = pm.HalfCauchy("sigma", beta=2.5)
    mu = beta[0] + beta[1] * mom_hs + beta[2] * mom_iq + beta[3] * mom_hs * mom_iq
    pm.Normal("score", mu=mu, sigma=sigma, observed=kid_score)
