# NegativeBinomial by mu and alpha, and by n and p; data: columns.json
import pymc as pm

with pm.Model() as model:
    mean = pm.Gamma("mean", 2, 0.5)
    dispersion = pm.Exponential("dispersion", 1)
    beta = pm.Normal("beta", 0, 0.5)
    successes = pm.Gamma("successes", 3, 1)
    chances = pm.Beta("chances", 2, 2, shape=3)

    pm.NegativeBinomial("positional_obs", mean, dispersion, observed=count)
    pm.NegativeBinomial("by_mu_obs", mu=pm.math.exp(1 + beta * x), alpha=2 * dispersion, observed=count)
    pm.NegativeBinomial("by_n_obs", n=successes, p=chances[group], observed=count)
