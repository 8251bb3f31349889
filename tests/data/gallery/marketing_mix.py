# Marketing: adstock by a convolution, saturation, seasons; data: series.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

l_max = 6
n = len(sales)

def geometric_adstock(x, alpha, l_max):
    """Each row is the spend of one lag back, with zeros before the start."""
    cycles = [pt.concatenate([pt.zeros(i), x[: x.shape[0] - i]]) for i in range(l_max)]
    x_cycle = pt.stack(cycles)
    w = pt.as_tensor_variable([pt.power(alpha, i) for i in range(l_max)])
    return pt.dot(w, x_cycle)

def logistic_saturation(x, lam):
    return (1 - pt.exp(-lam * x)) / (1 + pt.exp(-lam * x))

with pm.Model(coords={"date": np.arange(n), "fourier": ["sin", "cos"]}) as mmm:
    spend_data = pm.Data("spend", spend / spend.max(), dims="date")
    a = pm.Normal("a", mu=5, sigma=4)
    b_trend = pm.Normal("b_trend", mu=0, sigma=2)
    b_fourier = pm.Laplace("b_fourier", mu=0, b=2, dims="fourier", initval=[0.2, -0.1])
    alpha = pm.Beta("alpha", alpha=1, beta=1)
    lam = pm.Gamma("lam", alpha=3, beta=1)
    b_z = pm.HalfNormal("b_z", sigma=2)
    sigma = pm.HalfNormal("sigma", sigma=0.25)
    nu = pm.Gamma("nu", alpha=25, beta=2)

    z_adstock = pm.Deterministic("z_adstock", geometric_adstock(spend_data, alpha, l_max), dims="date")
    z_saturated = pm.Deterministic("z_saturated", logistic_saturation(z_adstock, lam), dims="date")
    season = np.stack([np.sin(2 * np.pi * t / 12), np.cos(2 * np.pi * t / 12)], axis=1)
    mu = a + b_trend * t / n + pm.math.dot(season, b_fourier) + b_z * z_saturated
    pm.StudentT("likelihood", mu=mu, nu=nu, sigma=sigma, observed=sales, dims="date")
