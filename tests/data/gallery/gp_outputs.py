# Several outputs of one Gaussian process: coregionalised, by a Kronecker product of covariances, and by inducing points
# that a class of the file keeps.
import numpy as np
import pymc as pm
import pytensor.tensor as pt


class Inducing:
    """A latent function at inducing points, and what follows at all others."""

    jitter = 1e-3

    def __init__(self, kernel, places):
        self.kernel = kernel
        self.places = places
        self.names = []

    @property
    def count(self):
        return len(self.places)

    def prior(self, name, X):
        self.names.append(f"{name}_v")
        self.L = pt.linalg.cholesky(pm.gp.util.stabilize(self.kernel(self.places), self.jitter))
        v = pm.Normal(self.names[-1], mu=0.0, sigma=1.0, shape=self.count)
        u = pm.Deterministic(f"{name}_u", self.L @ v)
        self.weights = pt.linalg.solve_triangular(self.L.T, pt.linalg.solve_triangular(self.L, u, lower=True), lower=False)
        return self.kernel(X, self.places) @ self.weights


rng = np.random.default_rng(21)
x = np.linspace(0, 4, 12)[:, None]
both = np.vstack([np.hstack([x, np.zeros_like(x)]), np.hstack([x, np.ones_like(x)])])
y = np.concatenate([np.sin(x[:, 0]), np.cos(x[:, 0])]) + rng.normal(0, 0.2, 24)

with pm.Model() as model:
    ell = pm.Gamma("ell", alpha=3, beta=2)
    W = pm.Normal("W", 0, 1, shape=(2, 1), initval=np.array([[0.5], [0.3]]))
    kappa = pm.Gamma("kappa", alpha=2, beta=2, shape=2)
    between = pm.gp.cov.Coregion(2, W=W, kappa=kappa, active_dims=[1])
    icm = pm.gp.cov.ExpQuad(2, ls=ell, active_dims=[0]) * between
    sigma = pm.HalfNormal("sigma", 1)
    pm.gp.Marginal(cov_func=icm).marginal_likelihood("y", X=both, y=y, sigma=sigma)

    eta = pm.HalfNormal("eta", 1)
    B = pm.Deterministic("B", pt.dot(W, W.T) + pt.diag(kappa))
    grid = pm.gp.cov.Kron([eta**2 * pm.gp.cov.Matern52(1, ls=1.5), pm.gp.cov.Coregion(input_dim=1, B=B)])
    sparse = Inducing(grid, both[::3])
    f = sparse.prior("f", both)
    total = pt.sum(grid(both, diag=True))
    pm.Normal("z", f + 0.01 * total, 0.3, observed=y + rng.normal(0, 0.1, 24))
