# Ordered categories by a probit scale, without the probabilities of every row; data: lines.csv
import numpy as np
import pymc as pm

with pm.Model() as probit:
    sigma = pm.Exponential("sigma", 1)
    cutpoints = pm.Normal(
        "cutpoints", mu=[-1.0, 0.0, 1.0], sigma=1, transform=pm.distributions.transforms.ordered
    )
    b = pm.Normal("b", 0, 0.5)
    pm.OrderedProbit("y", eta=b * x, cutpoints=cutpoints, sigma=sigma, compute_p=False, observed=rating)
