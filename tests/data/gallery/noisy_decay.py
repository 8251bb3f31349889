# Two decaying quantities that follow a stochastic differential equation, seen with an error, and one that is seen
import numpy as np
import pymc as pm

dt = 0.25
seen = np.array([[1.0, 0.8, 0.66, 0.5, 0.47, 0.3], [2.1, 1.7, 1.2, 1.1, 0.8, 0.75]])

def decay(x, rate, noise):
    return -rate * x, noise * (1 + x**2)

with pm.Model() as noisy_decay:
    rate = pm.HalfNormal("rate", 1, shape=2)
    noise = pm.HalfNormal("noise", 0.3)
    start = pm.Normal.dist(np.array([1.0, 2.0]), 0.5)
    hidden = pm.EulerMaruyama("hidden", dt, decay, (rate, noise), init_dist=start, shape=(2, 6), initval=seen)
    pm.Normal("seen", hidden, 0.1, observed=seen)
    pm.EulerMaruyama(
        "direct", dt=dt, sde_fn=decay, sde_pars=[rate[0], noise], init_dist=pm.Normal.dist(0, 3), observed=seen[0] + 0.1
    )
