# Stochastic volatility: a random walk of the logarithm of the spread; data: series.json
import numpy as np
import pymc as pm

def make_stochastic_volatility_model(data):
    with pm.Model(coords={"time": t}) as model:
        step_size = pm.Exponential("step_size", 10)
        volatility = pm.GaussianRandomWalk(
            "volatility", sigma=step_size, dims="time", init_dist=pm.Normal.dist(0, 100)
        )
        nu = pm.Exponential("nu", 0.1)
        pm.StudentT("returns", nu=nu, lam=np.exp(-2 * volatility), observed=data, dims="time")
    return model

stochastic_vol_model = make_stochastic_volatility_model(returns)
