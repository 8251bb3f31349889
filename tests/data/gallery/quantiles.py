# Three quantiles at once by asymmetric Laplace likelihoods; data: lines.csv
import pymc as pm

quantiles = [0.1, 0.5, 0.9]

with pm.Model(coords={"quantile": quantiles}) as model:
    a = pm.Normal("a", 0, 5, dims="quantile")
    b = pm.Normal("b", 0, 5, dims="quantile")
    sigma = pm.HalfNormal("sigma", 2)
    for i, q in enumerate(quantiles):
        pm.AsymmetricLaplace(f"y_{q}", q=q, mu=a[i] + b[i] * x, b=1 / sigma, observed=y)
