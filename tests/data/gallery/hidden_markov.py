# A hidden Markov model of two states by the forward algorithm, step by step; data: series.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

S = 2
T = 16

with pm.Model(coords={"state": range(S), "to": range(S)}) as hmm:
    P = pm.Dirichlet("P", a=np.array([[8.0, 2.0], [2.0, 8.0]]), dims=("state", "to"))
    mu = pm.Normal("mu", [0, 2], 1, transform=pm.distributions.transforms.ordered, initval=[-0.5, 1.5], dims="state")
    sigma = pm.HalfNormal("sigma", 1)
    emit = pm.logp(pm.Normal.dist(mu[None, :], sigma), emission[:T, None])
    log_alpha = emit[0] - np.log(S)
    for step in range(1, T):
        log_alpha = pm.math.logsumexp(log_alpha[:, None] + pt.log(P), axis=0).ravel() + emit[step]
    pm.Potential("likelihood", pm.math.logsumexp(log_alpha))
