# Two-parameter logistic item response, 20 items by 100 persons (posteriordb); data: irt_2pl.json
import pymc as pm

with pm.Model(coords={"item": range(I), "person": range(J)}) as model:
    sigma_theta = pm.HalfCauchy("sigma_theta", 2)
    theta = pm.Normal("theta", 0, sigma_theta, dims="person")
    sigma_a = pm.HalfCauchy("sigma_a", 2)
    a = pm.LogNormal("a", 0, sigma_a, dims="item")
    mu_b = pm.Normal("mu_b", 0, 5)
    sigma_b = pm.HalfCauchy("sigma_b", 2)
    b = pm.Normal("b", mu_b, sigma_b, dims="item")

    logit_p = a[:, None] * (theta[None, :] - b[:, None])
    pm.Bernoulli("answer", logit_p=logit_p, observed=y, dims=("item", "person"))
