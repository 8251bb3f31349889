# An autoregression of order two with a constant; data: series.json
import pymc as pm

with pm.Model(coords={"time": t}) as ar_model:
    rho = pm.Normal("rho", 0.0, 0.5, shape=3)
    tau = pm.Exponential("tau", lam=0.5)
    pm.AR(
        "likelihood",
        rho=rho,
        tau=tau,
        init_dist=pm.Normal.dist(0, 5),
        constant=True,
        observed=ar,
        dims="time",
    )
