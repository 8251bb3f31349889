# Categories by a softmax regression with one class as the baseline; data: lines.csv
import pandas as pd
import numpy as np
import pymc as pm
import pytensor.tensor as pt

y_obs = pd.Categorical(species).codes
x_s = np.stack([x, z], axis=1)
n_classes = len(np.unique(y_obs))

with pm.Model() as model_sf:
    alpha = pm.Normal("alpha", mu=0, sigma=2, shape=n_classes - 1)
    beta = pm.Normal("beta", mu=0, sigma=2, shape=(2, n_classes - 1))

    alpha_f = pt.concatenate([[0], alpha])
    beta_f = pt.concatenate([np.zeros((2, 1)), beta], axis=1)

    mu = alpha_f + pm.math.dot(x_s, beta_f)
    theta = pm.math.softmax(mu, axis=1)
    yl = pm.Categorical("yl", p=theta, observed=y_obs)
