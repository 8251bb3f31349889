# A hidden Markov model of two states, its forward algorithm by scan; data: series.json
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

with pm.Model() as hmm:
    P = pm.Dirichlet("P", a=np.array([[8.0, 2.0], [2.0, 8.0]]))
    mu = pm.Normal("mu", 0, 2, shape=2, transform=pm.distributions.transforms.ordered, initval=[-0.5, 1.5])
    sigma = pm.HalfNormal("sigma", 1)
    emit = pm.logp(pm.Normal.dist(mu, sigma), emission[:, None])

    def forward(emit_t, alpha, log_P):
        return emit_t + pt.logsumexp(alpha[:, None] + log_P, axis=0)

    alpha, _ = pytensor.scan(
        fn=forward,
        sequences=[emit[1:]],
        outputs_info=[emit[0] - np.log(2)],
        non_sequences=[pt.log(P)],
    )
    pm.Potential("likelihood", pt.logsumexp(alpha[-1]))
