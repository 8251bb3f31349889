# Distributions of vectors and of time series, with parameters that are sampled
import numpy as np
import pymc as pm

with pm.Model(coords={"group": ["a", "b", "c", "d"], "time": [0, 1, 2, 3, 4]}) as model:
    scale = pm.HalfNormal("scale", 1.5)
    p = pm.Dirichlet("p", a=np.array([2.0, 1.0, 0.5]))
    two = pm.Dirichlet("two", a=np.array([[2.0, 1.0, 0.5], [1.0, 1.0, 4.0]]))
    sticks = pm.StickBreakingWeights("sticks", alpha=2.0, K=3)
    zero = pm.ZeroSumNormal("zero", sigma=scale, dims="group")
    zero_both = pm.ZeroSumNormal("zero_both", sigma=scale, n_zerosum_axes=2, shape=(2, 3))
    mv = pm.MvNormal("mv", mu=np.array([0.5, -1.0]), cov=np.array([[2.0, 0.5], [0.5, 1.0]]))
    by_precision = pm.MvNormal("by_precision", mu=np.array([0.5, -1.0]), tau=np.array([[2.0, 0.5], [0.5, 1.0]]))
    by_factor = pm.MvNormal("by_factor", mu=scale * np.ones(2), chol=np.array([[2.0, 0.0], [0.5, 1.0]]), shape=(3, 2))
    mv_t = pm.MvStudentT("mv_t", nu=scale + 2, mu=np.zeros(2), scale=np.array([[2.0, 0.5], [0.5, 1.0]]))
    walk = pm.GaussianRandomWalk("walk", mu=0, sigma=scale, dims="time")
    ar = pm.AR("ar", rho=np.array([0.3, 0.5, -0.2]), sigma=scale, constant=True, dims="time")
    icar = pm.ICAR("icar", W=np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))

    pm.Categorical("categorical_obs", p=p, observed=np.array([0, 2, 2, 1]))
    pm.Multinomial("multinomial_obs", n=10, p=two, observed=np.array([[2, 3, 5], [0, 10, 0]]))
    pm.DirichletMultinomial("dirichlet_multinomial_obs", n=10, a=8 * p, observed=np.array([2, 3, 5]))
    pm.MvNormal(
        "mv_obs",
        mu=mv,
        cov=pm.math.stack([pm.math.stack([scale + 1, scale / 2]), pm.math.stack([scale / 2, scale + 0.5])]),
        observed=np.array([[0.5, -0.3], [1.0, 2.0], [-0.4, 0.1]]),
    )
    pm.NormalMixture("mixture_obs", w=p, mu=np.array([-1.0, 0.0, 2.0]), sigma=scale, observed=np.array([0.3, -0.7, 2.0]))
    end = pm.Normal("end", 0, 1)
