# Loops with taps: a latent autoregression of order two, outputs that nothing carries, and one that runs backwards; data: scan_autoregression.json
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt


def second_order(u_now, u_next, two_before, before, rho, scale):
    now = rho[0] * before + rho[1] * two_before + scale * u_now
    return now, pt.tanh(now) * u_next


with pm.Model() as model:
    rho = pm.Normal("rho", mu=0, sigma=0.5, shape=2)
    scale = pm.HalfNormal("scale", sigma=1)
    start = pm.Normal("start", mu=0, sigma=1, shape=2)
    sigma = pm.HalfNormal("sigma", sigma=1)
    outputs, updates = pytensor.scan(
        fn=second_order,
        sequences=[dict(input=pt.as_tensor_variable(u), taps=[0, 1])],
        outputs_info=[dict(initial=start, taps=[-2, -1]), None],
        non_sequences=[rho, scale],
        strict=True,
    )
    latent, kept = outputs
    pm.Deterministic("latent", latent)
    pm.Normal("y", mu=latent + 0.1 * kept, sigma=sigma, observed=y[1:])

    discounted, _ = pytensor.scan(
        lambda x, total, rho: x + pm.math.invlogit(rho[0]) * total,
        sequences=[latent],
        outputs_info=[pt.zeros(())],
        non_sequences=rho,
        go_backwards=True,
        n_steps=20,
    )
    powers, _ = pytensor.scan(fn=lambda k, base: base**k, sequences=[pt.arange(1, 5)], non_sequences=[scale])
    pm.Potential("sums", -0.01 * discounted[-1] ** 2 - 0.1 * pt.sum(powers))
