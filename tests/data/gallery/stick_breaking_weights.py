# A truncated Dirichlet process with the weights as a distribution; data: clusters.json
import pymc as pm

with pm.Model() as model:
    alpha = pm.Gamma("alpha", 2, 1)
    w = pm.StickBreakingWeights("w", alpha=alpha, K=4)
    mu = pm.Normal("mu", 0, 3, shape=5)
    tau = pm.Gamma("tau", 2.0, 1.0, shape=5)
    lambda_ = pm.Uniform("lambda", 0, 5, shape=5)
    obs = pm.NormalMixture("obs", w, mu, tau=lambda_ * tau, observed=y)
