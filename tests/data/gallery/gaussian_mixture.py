# A mixture of normals with ordered means; data: clusters.json
import numpy as np
import pymc as pm

k = 3

with pm.Model(coords={"cluster": range(k)}) as model:
    # cluster sizes
    p = pm.Dirichlet("p", a=np.ones(k), dims="cluster")
    # cluster centers
    mu = pm.Normal(
        "mu",
        mu=0,
        sigma=5,
        transform=pm.distributions.transforms.ordered,
        initval=[-4, 0, 4],
        dims="cluster",
    )
    # cluster spreads
    sigma = pm.HalfNormal("sigma", sigma=1, dims="cluster")
    # mixture
    pm.NormalMixture("x", w=p, mu=mu, sigma=sigma, observed=y)
