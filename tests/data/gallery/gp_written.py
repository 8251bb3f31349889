# Covariance and mean functions that the file writes, as classes and as plain functions, and covariances made of others.
import numpy as np
import pymc as pm
import pytensor.tensor as pt

rng = np.random.default_rng(33)
x = np.linspace(0.1, 5, 14)
X = x[:, None]
y = np.sin(x) + 0.2 * x + rng.normal(0, 0.3, 14)


class Decay(pm.gp.mean.Mean):
    def __init__(self, height, rate):
        super().__init__()
        self.height = height
        self.rate = rate

    def __call__(self, X):
        return self.height * pt.exp(-self.rate * X[:, 0])


class Slope(pm.gp.mean.Linear):
    def doubled(self, X):
        return 2 * self(X)


class Brownian(pm.gp.cov.Covariance):
    def __init__(self, input_dim, scale, active_dims=None):
        super().__init__(input_dim, active_dims)
        self.scale = scale

    def diag(self, X):
        return self.scale * X[:, 0]

    def full(self, X, Xs=None):
        X, Xs = self._slice(X, Xs)
        if Xs is None:
            Xs = X
        return self.scale * pt.minimum(X, Xs.T)


class Cauchy(pm.gp.cov.Stationary):
    def full_from_distance(self, dist, squared=False):
        r2 = dist if squared else dist**2
        return 1 / (1 + r2)


class Sharp(pm.gp.cov.ExpQuad):
    def full(self, X, Xs=None):
        X, Xs = self._slice(X, Xs)
        return pt.exp(-0.3 * self.euclidean_dist(X, Xs)) * super().full(X, Xs) + 0 * self.ls


with pm.Model() as model:
    height = pm.Normal("height", 0, 1)
    rate = pm.HalfNormal("rate", 1)
    scale = pm.HalfNormal("scale", 1)
    ell = pm.InverseGamma("ell", mu=1.5, sigma=0.5)
    slope = Slope(coeffs=height, intercept=0.1)
    mean = Decay(height, rate) * pm.gp.mean.Constant(0.5) + slope
    cov = 0.4 * Brownian(1, scale) + Cauchy(1, ls=ell) + Sharp(1, ls=ell) * pm.gp.cov.Constant(0.2)
    sigma = pm.HalfNormal("sigma", 1)
    pm.gp.Marginal(mean_func=mean, cov_func=cov).marginal_likelihood("y", X=X, y=y, sigma=sigma)

    steep = pm.HalfNormal("steep", 1)
    gibbs = pm.gp.cov.Gibbs(1, lambda X, a, b: a + b * pt.sigmoid(X), args=(0.5, steep))
    warped = pm.gp.cov.WarpedInput(1, pm.gp.cov.Matern52(1, ls=1.0), lambda X, s: pt.log1p(s * X), args=steep)
    scaled = pm.gp.cov.ScaledCov(1, pm.gp.cov.Matern32(1, ls=ell), lambda X: 0.3 + pt.exp(-X))
    circle = pm.gp.cov.Circular(1, period=3.0, tau=4 + steep) * pm.gp.cov.WrappedPeriodic(pm.gp.cov.RatQuad(1, alpha=2.0, ls=ell), period=4.0)
    other = gibbs + warped * scaled + circle
    diagonals = pt.sum(other(X, diag=True)) + pt.sum(cov(X, diag=True)) + pt.sum(slope.doubled(X))
    pm.Potential("variances", -0.01 * diagonals)
    f = pm.gp.Latent(mean_func=lambda X: 0.1 * X[:, 0], cov_func=other).prior("f", X=X, jitter=1e-2)
    across = pt.sum(other(X[:3], X[5:7])) + pt.sum(cov(X[:2], X[3:6]))
    pm.Normal("z", f + 0.01 * across, 0.4, observed=y)
