# A contaminated normal: a mixture of components of different families; data: clusters.json
import pymc as pm

with pm.Model() as model:
    w = pm.Dirichlet("w", a=[9.0, 1.0])
    mu = pm.Normal("mu", 0, 5)
    sigma = pm.HalfNormal("sigma", 5)
    components = [
        pm.Normal.dist(mu=mu, sigma=sigma),
        pm.StudentT.dist(nu=4, mu=mu, sigma=10),
    ]
    like = pm.Mixture("like", w=w, comp_dists=components, observed=bites)
