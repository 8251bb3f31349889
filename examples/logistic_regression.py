# Switching to a safer well in Bangladesh, 3020 households (Gelman and Hill 2007); data: logistic_regression.csv
import numpy as np
import pymc as pm

X = np.column_stack([dist / 100, np.log(arsenic), assoc, educ / 4])
X = X - X.mean(axis=0)

with pm.Model(coords={"predictor": ["distance", "log_arsenic", "association", "education"]}) as model:
    alpha = pm.Normal("alpha", mu=0, sigma=2.5)
    beta = pm.Normal("beta", mu=0, sigma=2.5, dims="predictor")

    logit_p = alpha + pm.math.dot(X, beta)
    pm.Bernoulli("switch", logit_p=logit_p, observed=switched)
