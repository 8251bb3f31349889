# Counts with a covariate and groups: the data are simulated by a generator, SciPy and PyMC itself
import numpy as np
import pymc as pm
from scipy import stats

RANDOM_SEED = sum(map(ord, "simulated counts"))
rng = np.random.default_rng(RANDOM_SEED)


def simulate(rng, n):
    dose = rng.uniform(0.0, 2.0, size=n)
    group = rng.choice(["control", "treated", "other"], size=n, p=[0.5, 0.3, 0.2])
    is_treated = group == "treated"
    return dose, is_treated, rng.poisson(np.exp(0.4 + 0.8 * dose - 0.9 * is_treated))


dose, is_treated, count = simulate(rng, 120)
order = rng.permutation(120)
dose, is_treated, count = dose[order], is_treated[order], count[order]
success = stats.binom.rvs(count + 1, 0.4, random_state=RANDOM_SEED)
amount = pm.draw(pm.Gamma.dist(alpha=2.0, beta=0.5, shape=30), random_seed=7)
rng.shuffle(amount)

with pm.Model() as model:
    a = pm.Normal("a", 0.0, 1.0)
    b = pm.Normal("b", 0.0, 1.0, shape=2)
    p = pm.Beta("p", 2.0, 2.0)
    shape = pm.Exponential("shape", 1.0)
    pm.Poisson("count", pm.math.exp(a + b[0] * dose + b[1] * is_treated), observed=count)
    pm.Binomial("success", n=count + 1, p=p, observed=success)
    pm.Gamma("amount", alpha=shape, beta=0.5, observed=amount)
