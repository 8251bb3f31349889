# InverseGamma by alpha and beta, and by mu and sigma, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    positional = pm.InverseGamma("positional", 3, 2)
    by_alpha = pm.InverseGamma("by_alpha", alpha=4.0, beta=3.0, shape=3)
    by_mu = pm.InverseGamma("by_mu", mu=1.5, sigma=0.7)
    rv_alpha = pm.InverseGamma("rv_alpha", alpha=1 + by_alpha, beta=positional, shape=3)
    rv_mu = pm.InverseGamma("rv_mu", mu=by_mu, sigma=positional)

    pm.InverseGamma("by_alpha_obs", alpha=rv_alpha[group], beta=scale * rv_mu, observed=positive)
    pm.InverseGamma("by_mu_obs", mu=by_alpha[group], sigma=by_mu, observed=positive)
