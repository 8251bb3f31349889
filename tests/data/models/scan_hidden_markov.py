# Three hidden states, their forward algorithm as a loop; data: scan_hidden_markov.json
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt


def forward(log_emission, log_alpha, log_transition):
    return log_emission + pt.logsumexp(log_alpha[:, None] + log_transition, axis=0)


with pm.Model() as model:
    transition = pm.Dirichlet("transition", a=np.array([[8.0, 1, 1], [1, 8, 1], [1, 1, 8]]), shape=(3, 3))
    mu = pm.Normal("mu", mu=np.array([-2.0, 0, 2]), sigma=1, shape=3)
    sigma = pm.HalfNormal("sigma", sigma=1)
    log_emission = -0.5 * ((y[:, None] - mu) / sigma) ** 2 - pt.log(sigma) - 0.5 * np.log(2 * np.pi)
    log_alpha, _ = pytensor.scan(
        fn=forward,
        sequences=[log_emission[1:]],
        outputs_info=[log_emission[0] - np.log(3)],
        non_sequences=[pt.log(transition)],
    )
    pm.Potential("forward", pt.logsumexp(log_alpha[-1]))
