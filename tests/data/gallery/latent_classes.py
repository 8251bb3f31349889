# Latent classes summed out: answers of two kinds of people; data: tables.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

n_items = answers.shape[1]

with pm.Model(coords={"class": [0, 1], "item": range(n_items)}) as lca:
    pi = pm.Dirichlet("pi", a=np.ones(2), dims="class")
    p = pm.Beta("p", 2, 2, dims=("class", "item"), initval=np.linspace(0.2, 0.8, 2 * n_items).reshape(2, n_items))
    loglik = pm.logp(pm.Bernoulli.dist(p=p[None, :, :]), answers[:, None, :]).sum(axis=-1)
    pm.Potential("mixture", pt.logsumexp(pt.log(pi) + loglik, axis=-1).sum())
