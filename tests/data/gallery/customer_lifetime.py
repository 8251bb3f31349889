# Purchases of customers who may have left (BG/NBD): a density of recency and frequency as a potential
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

rng = np.random.default_rng(42)
n = 60
T = rng.uniform(20, 40, n)
frequency = rng.poisson(3, n)
recency = np.where(frequency > 0, T * rng.beta(4, 2, n), 0.0)
data = pd.DataFrame({"customer_id": np.arange(n), "frequency": frequency, "recency": recency, "T": T})

coords = {"customer_id": data["customer_id"]}

def bg_nbd_logp(value, a, b, r, alpha):
    t_x = value[..., 0]
    x = value[..., 1]
    T = value[..., 2]
    x_non_zero = x > 0
    d1 = pt.gammaln(r + x) - pt.gammaln(r)
    d1 += pt.gammaln(a + b) + pt.gammaln(b + x) - pt.gammaln(b) - pt.gammaln(a + b + x)
    d2 = r * pt.log(alpha) - (r + x) * pt.log(alpha + t_x)
    c3 = ((alpha + t_x) / (alpha + T)) ** (r + x)
    c4 = a / (b + pt.maximum(x, 1) - 1)
    return pt.sum(d1 + d2 + pt.log(c3 + pt.switch(x_non_zero, c4, 0)))

with pm.Model(coords=coords) as model:
    a = pm.HalfNormal("a", sigma=10)
    b = pm.HalfNormal("b", sigma=10)
    alpha = pm.HalfCauchy("alpha", beta=10)
    r = pm.HalfNormal("r", sigma=10)
    obs = np.stack([data["recency"], data["frequency"], data["T"]], axis=1)
    pm.Potential("likelihood", bg_nbd_logp(obs, a, b, r, alpha))
