# Hares and lynxes of the Hudson Bay, in Runge-Kutta steps, posteriordb; data: hudson_lynx_hare-lotka_volterra.data.json
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

STEPS = 50  # of a year: at most 1e-8 of the state away from the solution, near the posterior
H = 1 / STEPS


def slopes(hares, lynxes, theta):
    return (theta[0] - theta[1] * lynxes) * hares, (theta[3] * hares - theta[2]) * lynxes


def step(hares, lynxes, theta):
    a, b = slopes(hares, lynxes, theta)
    c, d = slopes(hares + H / 2 * a, lynxes + H / 2 * b, theta)
    e, f = slopes(hares + H / 2 * c, lynxes + H / 2 * d, theta)
    g, h = slopes(hares + H * e, lynxes + H * f, theta)
    return hares + H / 6 * (a + 2 * c + 2 * e + g), lynxes + H / 6 * (b + 2 * d + 2 * f + h)


with pm.Model() as model:
    theta = pm.TruncatedNormal(
        "theta", mu=np.array([1, 0.05, 1, 0.05]), sigma=np.array([0.5, 0.05, 0.5, 0.05]), lower=0, shape=4
    )
    sigma = pm.LogNormal("sigma", mu=-1, sigma=1, shape=2)
    z_init = pm.LogNormal("z_init", mu=np.log(10), sigma=1, shape=2)
    (hares, lynxes), _ = pytensor.scan(
        fn=step, outputs_info=[z_init[0], z_init[1]], non_sequences=[theta], n_steps=STEPS * N
    )
    z = pt.stack([hares[STEPS - 1::STEPS], lynxes[STEPS - 1::STEPS]], axis=1)
    pm.LogNormal("first", mu=pt.log(z_init), sigma=sigma, observed=y_init)
    pm.LogNormal("pelts", mu=pt.log(z), sigma=sigma, observed=y)
