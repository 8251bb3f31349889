# Beta by alpha and beta, by mu and sigma, and by mu and nu, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    positional = pm.Beta("positional", 2, 3)
    by_alpha = pm.Beta("by_alpha", alpha=1.5, beta=0.8, shape=3)
    by_sigma = pm.Beta("by_sigma", mu=0.4, sigma=0.2)
    by_nu = pm.Beta("by_nu", mu=0.7, nu=6.0)
    concentration = pm.HalfNormal("concentration", 5)
    rv_nu = pm.Beta("rv_nu", mu=positional, nu=1 + concentration, shape=3)

    pm.Beta("by_alpha_obs", alpha=1 + concentration, beta=by_alpha[group] * scale, observed=unit)
    pm.Beta("by_sigma_obs", mu=by_sigma, sigma=0.5 * pm.math.sqrt(by_sigma * (1 - by_sigma)), observed=unit)
    pm.Beta("by_nu_obs", mu=rv_nu[group], nu=concentration + by_nu, observed=unit)
