# Ordered categories by a logistic scale with ordered cut points; data: lines.csv
import numpy as np
import pymc as pm
from pymc.distributions.transforms import ordered

K = len(np.unique(rating))

with pm.Model() as model:
    cutpoints = pm.Normal(
        "cutpoints",
        mu=np.linspace(-1, 1, K - 1),
        sigma=10,
        shape=K - 1,
        transform=ordered,
        initval=np.linspace(-2, 2, K - 1),
    )
    beta = pm.Normal("beta", 0, 1, shape=2)
    eta = beta[0] * x + beta[1] * z
    pm.OrderedLogistic("rating", eta=eta, cutpoints=cutpoints, observed=rating)
