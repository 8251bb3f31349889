# Log volatility that returns to its mean, from standard innovations; data: scan_stochastic_volatility.json
import pymc as pm
import pytensor
import pytensor.tensor as pt

with pm.Model() as model:
    mu = pm.Normal("mu", mu=-1, sigma=1)
    phi = pm.Uniform("phi", lower=-1, upper=1)
    sigma = pm.HalfNormal("sigma", sigma=0.5)
    z = pm.Normal("z", mu=0, sigma=1, shape=len(returns))

    def step(innovation, before, mu, phi, sigma):
        return mu + phi * (before - mu) + sigma * innovation

    log_volatility, _ = pytensor.scan(
        step,
        sequences=z[1:],
        outputs_info=mu + sigma / pt.sqrt(1 - phi**2) * z[0],
        non_sequences=[mu, phi, sigma],
    )
    pm.Normal("returns", mu=0, sigma=pt.exp(log_volatility / 2), observed=returns[1:])
