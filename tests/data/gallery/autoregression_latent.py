# A latent autoregression around a trend; data: series.json
import pymc as pm
import pytensor.tensor as pt

priors = {
    "coefs": {"mu": [0.2, 0.2], "sigma": [0.5, 0.03], "size": 2},
    "alpha": {"mu": 2, "sigma": 1},
    "beta": {"mu": 0.05, "sigma": 0.1},
    "sigma": 8,
    "init": {"mu": -1, "sigma": 0.1, "size": 1},
}

with pm.Model() as AR:
    AR.add_coord("obs_id", t)
    t_data = pm.Data("t", t, dims="obs_id")
    y = pm.Data("y", monthly, dims="obs_id")
    # the first coefficient will be the intercept term
    coefs = pm.Normal("coefs", priors["coefs"]["mu"], priors["coefs"]["sigma"])
    sigma = pm.HalfNormal("sigma", priors["sigma"])
    init = pm.Normal.dist(priors["init"]["mu"], priors["init"]["sigma"], size=priors["init"]["size"])
    ar1 = pm.AR("ar", coefs, sigma=sigma, init_dist=init, constant=True, steps=t_data.shape[0] - (coefs.shape[0] - 1), dims="obs_id")
    # priors for the linear trend component
    alpha = pm.Normal("alpha", priors["alpha"]["mu"], priors["alpha"]["sigma"])
    beta = pm.Normal("beta", priors["beta"]["mu"], priors["beta"]["sigma"])
    trend = pm.Deterministic("trend", alpha + beta * t_data, dims="obs_id")
    mu = ar1 + trend
    # the likelihood
    outcome = pm.Normal("likelihood", mu=mu, sigma=1, observed=y, dims="obs_id")
