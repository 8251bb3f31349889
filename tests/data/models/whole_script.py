# A script as it is pasted, with what comes before and after the model; data: columns.json
import warnings

import numpy as np
import pymc as pm

warnings.filterwarnings("ignore")
RANDOM_SEED = 8927
rng = np.random.default_rng(RANDOM_SEED)
noise = rng.normal(size=3)
print(f"Running on PyMC v{pm.__version__}")

with pm.Model() as model:
    a = pm.Normal("a", 0, 1)
    b = pm.Normal("b", 0, 1)
    sigma = pm.HalfNormal("sigma", 1)
    pm.Normal("obs", a + b * np.array(x), sigma, observed=y)
    print(model)

if __name__ == "__main__":
    import arviz as az

    with model:
        idata = pm.sample(1000, tune=1000, random_seed=rng)
        idata.extend(pm.sample_posterior_predictive(idata))
    print(az.summary(idata, var_names=["a", "b"]))
    axes = az.plot_trace(idata)
    for i, ax in enumerate(axes.flat):
        ax.set_title(f"{i}")
    print(f"P(b > 0) = {(idata.posterior['b'].values > 0).mean():.2f}")
