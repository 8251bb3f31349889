# A mixture of two normals with ordered means, posteriordb; data: low_dim_gauss_mix-low_dim_gauss_mix.data.json
import pymc as pm

with pm.Model() as model:
    mu = pm.Normal("mu", 0, 2, shape=2, transform=pm.distributions.transforms.ordered, initval=[-1, 1])
    sigma = pm.HalfNormal("sigma", 2, shape=2)
    theta = pm.Beta("theta", 5, 5)
    pm.NormalMixture("obs", w=pm.math.stack([theta, 1 - theta]), mu=mu, sigma=sigma, observed=y)
