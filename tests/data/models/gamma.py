# Gamma by alpha and beta, and by mu and sigma, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    positional = pm.Gamma("positional", 2, 0.5)
    by_alpha = pm.Gamma("by_alpha", alpha=3.0, beta=1.5, shape=3)
    by_mu = pm.Gamma("by_mu", mu=2.0, sigma=0.8)
    rv_alpha = pm.Gamma("rv_alpha", alpha=by_alpha, beta=positional, shape=3)
    rv_mu = pm.Gamma("rv_mu", mu=by_mu, sigma=positional)

    pm.Gamma("by_alpha_obs", alpha=rv_alpha[group], beta=scale * rv_mu, observed=positive)
    pm.Gamma("by_mu_obs", mu=by_alpha[group], sigma=by_mu, observed=positive)
