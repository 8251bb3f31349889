# Germination of seeds on 21 plates with an interaction and a plate effect (Crowder 1978); data: seeds.json
import pymc as pm

with pm.Model() as model:
    alpha = pm.Normal("alpha", 0, 2, shape=4)
    tau = pm.Gamma("tau", alpha=2, beta=0.5)
    plate = pm.Normal("plate", mu=0, tau=tau, shape=I)

    eta = alpha[0] + alpha[1] * x1 + alpha[2] * x2 + alpha[3] * x1 * x2 + plate
    pm.Binomial("germinated", n=N, p=pm.math.invlogit(eta), observed=n)
    pm.Deterministic("sigma", 1 / pm.math.sqrt(tau))
