# Distributions on whole numbers, with parameters that are sampled
import numpy as np
import pymc as pm

with pm.Model() as model:
    shape = pm.Gamma("shape", 4, 2)
    chance = pm.Beta("chance", 3, 4)
    eta = pm.Normal("eta", 0.2, 1, shape=4)

    y = np.array([0, 2, 1, 3])
    pm.BetaBinomial("beta_binomial", alpha=shape, beta=2 * shape, n=7, observed=y)
    pm.DiscreteWeibull("discrete_weibull", q=chance, beta=shape, observed=y)
    pm.Geometric("geometric", p=chance, observed=y + 1)
    pm.HyperGeometric("hyper_geometric", N=20, k=6, n=5, observed=y)
    pm.DiscreteUniform("discrete_uniform", lower=-1, upper=5, observed=y)
    pm.Categorical("categorical", logit_p=eta, observed=y)
    pm.OrderedLogistic("ordered_logistic", eta=eta, cutpoints=np.array([-1.0, 0.3, 1.5]), compute_p=False, observed=y)
    pm.OrderedProbit("ordered_probit", eta=eta, cutpoints=np.array([-1.0, 0.3, 1.5]), sigma=shape, compute_p=False, observed=y)
    pm.ZeroInflatedPoisson("zero_inflated_poisson", psi=chance, mu=shape, observed=y)
    pm.ZeroInflatedBinomial("zero_inflated_binomial", psi=0.7, n=5, p=chance, observed=y)
    pm.ZeroInflatedNegativeBinomial("zero_inflated_negative_binomial", psi=chance, mu=shape, alpha=1.5, observed=y)
