# Conditional autoregression of relative risks on a map; data: areas.json
import numpy as np
import pymc as pm

N = len(observed)

with pm.Model(coords={"area_idx": np.arange(N)}) as car_model:
    beta0 = pm.Normal("beta0", mu=0.0, tau=1.0e-5)
    beta1 = pm.Normal("beta1", mu=0.0, tau=1.0e-5)
    # variance parameter of the independent random effect
    tau_ind = pm.Gamma("tau_ind", alpha=3.2761, beta=1.81)
    # variance parameter of the spatially dependent random effects
    tau_spat = pm.Gamma("tau_spat", alpha=1.0, beta=1.0)
    # prior for alpha
    alpha = pm.Beta("alpha", alpha=1, beta=1)
    # area-specific model parameters
    theta = pm.Normal("theta", mu=0.0, tau=tau_ind, dims="area_idx")
    phi = pm.CAR("phi", mu=np.zeros(N), tau=tau_spat, alpha=alpha, W=W, dims="area_idx")
    mu = pm.math.exp(np.log(E) + beta0 + beta1 * x + theta + phi)
    pm.Poisson("y", mu=mu, observed=observed, dims="area_idx")
