# Earnings by height and sex on the log scale (Gelman and Hill 2007), posteriordb; data: earnings-logearn_interaction.data.json
import numpy as np
import pymc as pm

with pm.Model() as model:
    beta = pm.Flat("beta", shape=4)
    sigma = pm.HalfFlat("sigma")
    mu = beta[0] + beta[1] * height + beta[2] * male + beta[3] * height * male
    pm.Normal("log_earn", mu=mu, sigma=sigma, observed=np.log(earn))
