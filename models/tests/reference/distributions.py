"""Writes reference values of every distribution to ../data/distributions.json.

Log densities are computed by mpmath with 360 digits from the textbook formulas, and must agree with PyMC where PyMC's
own arithmetic is accurate; cases where it is not say why. Support points, default transforms, argument order, rules on
parameters and error messages are PyMC's.

    pip install -r ../../../tests/reference/requirements.txt mpmath==1.4.1
    pip install --no-deps pymc_extras==0.10.0
    python distributions.py
"""

import importlib.util
import inspect
import json
import math
from pathlib import Path

import mpmath as mp
import numpy as np
import pytensor
import scipy.stats as st

pytensor.config.cxx = ""
pytensor.config.cast_policy = "numpy+floatX"  # before anything makes a constant, or `log(2)` is in single precision

import pymc as pm
from pymc.distributions.distribution import support_point
from pymc.logprob.utils import ParameterValueError
from pytensor.compile.mode import Mode



def extras(kind):
    """Distributions of `pymc_extras`, without the rest of that package and what it needs."""
    path = Path(importlib.util.find_spec("pymc_extras").origin).parent / "distributions" / f"{kind}.py"
    spec = importlib.util.spec_from_file_location(kind, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_scipy(name, parameters, log_density):
    """A distribution that this `pymc_extras` does not have yet, of a density that is compared with SciPy's alone."""

    def dist(*values, **arguments):
        return pm.CustomDist.dist(*arguments.values(), logp=lambda x, *_: x * 0)

    dist.__signature__ = inspect.Signature(
        [inspect.Parameter(p, inspect.Parameter.POSITIONAL_OR_KEYWORD) for p in parameters]
    )

    class Distribution:
        def __new__(cls, name, **arguments):
            return pm.CustomDist(name, *arguments.values(), logp=lambda x, *_: x * 0)

    Distribution.dist = staticmethod(dist)
    SCIPY[name] = log_density
    return Distribution


SCIPY = {}
SOURCES = [pm, extras("continuous"), extras("discrete"), extras("timeseries")]


def gen_pareto_in_scipy(x, mu=0.0, sigma=1.0, xi=0.0, kappa=1.0):
    of = st.genpareto(xi, mu, sigma)
    power = 0.0 if kappa == 1 else np.log(kappa) + (kappa - 1) * of.logcdf(x)
    return of.logpdf(x) + power


NEWER = {
    "GenPareto": in_scipy("GenPareto", ["mu", "sigma", "xi"], gen_pareto_in_scipy),
    "ExtGenPareto": in_scipy("ExtGenPareto", ["mu", "sigma", "xi", "kappa"], gen_pareto_in_scipy),
}


def distribution_of(name):
    found = [getattr(source, name) for source in SOURCES if hasattr(source, name)]
    return found[0] if found else NEWER[name]


mp.mp.dps = 360  # far tails are differences from 1
MODE = Mode(linker="py", optimizer="fast_run")
LOG2PI = mp.log(2 * mp.pi)


def x_log_y(x, y):
    return mp.mpf(0) if x == 0 else x * mp.log(y)


def log_gamma(x):
    return mp.loggamma(x)


# Each formula gives the log density and the size of the largest terms that cancel in double precision, whatever the
# order of the arithmetic (0 where nothing has to cancel).


def scale_of(sigma=None, tau=None):
    return sigma if sigma is not None else 1 / mp.sqrt(tau) if tau is not None else mp.mpf(1)


def normal(x, mu=mp.mpf(0), sigma=None, tau=None):
    sigma = scale_of(sigma, tau)
    return -(((x - mu) / sigma) ** 2) / 2 - mp.log(sigma) - LOG2PI / 2, 0


def half_normal(x, sigma=None, tau=None):
    return normal(x, sigma=sigma, tau=tau)[0] + mp.log(2), 0


def log_normal(x, mu=mp.mpf(0), sigma=None, tau=None):
    return normal(mp.log(x), mu, sigma, tau)[0] - mp.log(x), abs(mp.log(x))


def exponential(x, lam=None, scale=None):
    lam = lam if lam is not None else 1 / (scale if scale is not None else mp.mpf(1))
    return mp.log(lam) - lam * x, 0


def gamma(x, alpha=None, beta=None, mu=None, sigma=None):
    if alpha is None:
        alpha, beta = mu**2 / sigma**2, mu / sigma**2
    terms = [alpha * mp.log(beta), -log_gamma(alpha), x_log_y(alpha - 1, x), -beta * x]
    return mp.fsum(terms), max(map(abs, terms))


def inverse_gamma(x, alpha=None, beta=mp.mpf(1), mu=None, sigma=None):
    if alpha is None:
        alpha = 2 + mu**2 / sigma**2
        beta = mu * (1 + mu**2 / sigma**2)
    value, size = gamma(1 / x, alpha, beta)
    return value - 2 * mp.log(x), size


def beta_(x, alpha=None, beta=None, mu=None, sigma=None, nu=None):
    if alpha is None:
        nu = nu if nu is not None else mu * (1 - mu) / sigma**2 - 1
        alpha, beta = mu * nu, (1 - mu) * nu
    terms = [x_log_y(alpha - 1, x), x_log_y(beta - 1, 1 - x)]
    terms += [log_gamma(alpha + beta), -log_gamma(alpha), -log_gamma(beta)]
    return mp.fsum(terms), max(map(abs, terms))


def uniform(x, lower=mp.mpf(0), upper=mp.mpf(1)):
    return -mp.log(upper - lower), 0


def flat(x):
    return mp.mpf(0), 0


def cauchy(x, alpha, beta):
    return -mp.log(mp.pi * beta * (1 + ((x - alpha) / beta) ** 2)), 0


def half_cauchy(x, beta):
    return cauchy(x, 0, beta)[0] + mp.log(2), 0


def student_t(x, nu, mu=mp.mpf(0), sigma=None, lam=None):
    sigma = scale_of(sigma, lam)
    normaliser = log_gamma((nu + 1) / 2) - log_gamma(nu / 2) - mp.log(nu * mp.pi) / 2 - mp.log(sigma)
    return normaliser - (nu + 1) / 2 * mp.log1p(((x - mu) / sigma) ** 2 / nu), 0


def half_student_t(x, nu, sigma=None, lam=None):
    return student_t(x, nu, sigma=sigma, lam=lam)[0] + mp.log(2), 0


def laplace(x, mu, b):
    return -abs(x - mu) / b - mp.log(2 * b), 0


def binomial(x, n, p=None, logit_p=None):
    n = mp.floor(n)
    if p is not None:
        success, failure = x_log_y(x, p), x_log_y(n - x, 1 - p)
        size = 0
    else:
        success, failure = -x * mp.log1p(mp.exp(-logit_p)), -(n - x) * mp.log1p(mp.exp(logit_p))
        size = n * abs(logit_p)
    coefficient = [log_gamma(n + 1), -log_gamma(x + 1), -log_gamma(n - x + 1)]
    finite = [abs(t) for t in [*coefficient, success, failure] if mp.isfinite(t)]
    return mp.fsum(coefficient) + success + failure, max([size, *finite]) if n > 1 else size


def bernoulli(x, p=None, logit_p=None):
    return binomial(x, mp.mpf(1), p, logit_p)


def poisson(x, mu):
    terms = [x_log_y(x, mu), -mu, -log_gamma(x + 1)]
    return terms[0] + terms[1] + terms[2], max(abs(t) for t in terms if mp.isfinite(t))


def negative_binomial(x, mu=None, alpha=None, p=None, n=None):
    alpha = alpha if alpha is not None else n
    p = p if p is not None else alpha / (mu + alpha)
    mu = alpha * (1 - p) / p
    value = log_gamma(x + alpha) - log_gamma(alpha) - log_gamma(x + 1) + alpha * mp.log(p) + x_log_y(x, 1 - p)
    # The terms of the Poisson limit cancel; those of large `alpha` need not.
    return value, max(mu, log_gamma(x + 1), abs(x * mp.log(mu)), abs(x * mp.log(alpha)))


def skew_normal(x, alpha=mp.mpf(1), mu=mp.mpf(0), sigma=None, tau=None):
    sigma = scale_of(sigma, tau)
    return mp.log(2) + mp.log(mp.ncdf(alpha * (x - mu) / sigma)) + normal(x, mu, sigma)[0], 0


def kumaraswamy(x, a, b):
    return mp.log(a) + mp.log(b) + x_log_y(a - 1, x) + x_log_y(b - 1, 1 - x**a), 0


def asymmetric_laplace(x, mu, b, kappa=None, q=None):
    kappa = kappa if kappa is not None else mp.sqrt(q / (1 - q))
    side = -kappa if x > mu else 1 / kappa
    return mp.log(b / (kappa + 1 / kappa)) + side * b * (x - mu), 0


def skew_student_t(x, a, b, mu=mp.mpf(0), sigma=None, lam=None):
    sigma = scale_of(sigma, lam)
    z = (x - mu) / sigma
    share = z / mp.sqrt(a + b + z**2)
    normaliser = (a + b - 1) * mp.log(2) + log_beta(a, b) + mp.log(a + b) / 2 + mp.log(sigma)
    kernel = (a + 0.5) * mp.log(1 + share) + (b + 0.5) * mp.log(1 - share)
    return kernel - normaliser, (a + b) * mp.log(a + b) if a + b > 10 else 0


def chi_squared(x, nu):
    return gamma(x, nu / 2, mp.mpf(0.5))


def weibull(x, alpha, beta):
    return mp.log(alpha / beta) + x_log_y(alpha - 1, x / beta) - (x / beta) ** alpha, alpha * abs(mp.log(x / beta)) * (
        1 + (x / beta) ** alpha
    )


def pareto(x, alpha, m):
    return mp.log(alpha) + alpha * mp.log(m) - (alpha + 1) * mp.log(x), alpha * max(abs(mp.log(m)), abs(mp.log(x)))


def ex_gaussian(x, nu, mu=mp.mpf(0), sigma=mp.mpf(1)):
    z, r = (x - mu) / sigma, sigma / nu
    return -mp.log(nu) - z * r + r**2 / 2 + log_phi(z - r), 0


def triangular(x, lower=mp.mpf(0), upper=mp.mpf(1), c=mp.mpf(0.5)):
    side = (x - lower) / (c - lower) if x < c else (upper - x) / (upper - c)
    return mp.log(2 * side / (upper - lower)), 0


def gumbel(x, mu, beta):
    z = (x - mu) / beta
    return -z - mp.exp(-z) - mp.log(beta), 0


def chi(x, nu):
    return (nu - 1) * mp.log(x) - x**2 / 2 - (nu / 2 - 1) * mp.log(2) - log_gamma(nu / 2), x**2


def maxwell(x, a):
    return chi(x / a, mp.mpf(3))[0] - mp.log(a), 0


def generalized_poisson(x, mu, lam):
    rate = mu + lam * x
    if rate <= 0:
        return -mp.inf, 0
    return mp.log(mu) + (x - 1) * mp.log(rate) - rate - log_gamma(x + 1), max(abs(x * mp.log(rate)), log_gamma(x + 1))


def beta_negative_binomial(x, alpha, beta, r):
    log_beta = lambda a, b: log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    value = log_beta(r + x, alpha + beta) - log_beta(r, alpha) + log_gamma(x + beta) - log_gamma(x + 1) - log_gamma(beta)
    return value, log_gamma(x + beta) + log_gamma(x + 1)


def skellam(x, mu1, mu2):
    if mu1 * mu2 == 0:
        value, size = poisson(abs(x), mu1 + mu2)
        return (value if (x >= 0 or mu2 > 0) and (x <= 0 or mu1 > 0) else -mp.inf), size
    z = 2 * mp.sqrt(mu1 * mu2)
    terms = [-mu1 - mu2, x * mp.log(mu1 / mu2) / 2, mp.log(mp.besseli(abs(x), z))]
    return mp.fsum(terms), max(map(abs, terms))


def gen_pareto(x, mu=mp.mpf(0), sigma=mp.mpf(1), xi=mp.mpf(0), kappa=mp.mpf(1)):
    t = reduced_extreme(x, mu, sigma, xi)
    power = 0 if kappa == 1 else mp.log(kappa) + (kappa - 1) * mp.log(-mp.expm1(-t))
    return power - mp.log(sigma) - (1 + xi) * t, 0


def gen_pareto_cdf(x, kappa=mp.mpf(1), **arguments):
    return (-mp.expm1(-reduced_extreme(x, **arguments))) ** kappa


def reduced_extreme(x, mu=mp.mpf(0), sigma=mp.mpf(1), xi=mp.mpf(0)):
    z = (x - mu) / sigma
    return z if xi == 0 else mp.log(1 + xi * z) / xi


def gen_extreme(x, mu=mp.mpf(0), sigma=mp.mpf(1), xi=mp.mpf(0)):
    t = reduced_extreme(x, mu, sigma, xi)
    return -(1 + xi) * t - mp.exp(-t) - mp.log(sigma), 0


def rice(x, nu=None, b=None, sigma=mp.mpf(1)):
    nu = nu if nu is not None else b * sigma
    z = x * nu / sigma**2
    bessel = mp.log(mp.besseli(0, z)) if z < 1e4 else z - mp.log(2 * mp.pi * z) / 2 + mp.log1p(1 / (8 * z) + 9 / (128 * z**2))
    return mp.log(x / sigma**2) - (x**2 + nu**2) / (2 * sigma**2) + bessel, 1


def logistic(x, mu=mp.mpf(0), s=mp.mpf(1)):
    z = (x - mu) / s
    return -z - 2 * mp.log1p(mp.exp(-z)) - mp.log(s), abs(z)


def logit_normal(x, mu=mp.mpf(0), sigma=None, tau=None):
    return normal(mp.log(x / (1 - x)), mu, sigma, tau)[0] - mp.log(x * (1 - x)), abs(mp.log(x))


def moyal(x, mu=mp.mpf(0), sigma=mp.mpf(1)):
    z = (x - mu) / sigma
    return -(z + mp.exp(-z)) / 2 - mp.log(sigma) - LOG2PI / 2, 0


def wald_parameters(mu, lam, phi):
    if mu is None:
        return lam / phi, lam
    return mu, lam if lam is not None else mu * phi if phi is not None else mp.mpf(1)


def wald(x, mu=None, lam=None, phi=None, alpha=mp.mpf(0)):
    (mu, lam), y = wald_parameters(mu, lam, phi), x - alpha
    return mp.log(lam / (2 * mp.pi)) / 2 - 1.5 * mp.log(y) - lam * (y - mu) ** 2 / (2 * mu**2 * y), abs(mp.log(y))


def von_mises(x, mu=mp.mpf(0), kappa=mp.mpf(1)):
    return kappa * mp.cos(x - mu) - mp.log(2 * mp.pi) - mp.log(mp.besseli(0, kappa)), 1


def interpolated(x, x_points, pdf_points):
    pieces = list(zip(x_points, x_points[1:], pdf_points, pdf_points[1:]))
    total = mp.fsum((b - a) * (p + q) / 2 for a, b, p, q in pieces)
    a, b, p, q = next(piece for piece in pieces if x <= piece[1])
    return mp.log((p + (q - p) * (x - a) / (b - a)) / total), 0


def polya_gamma_terms(h):
    """Signs, weights and first passages `c` of the alternating series of Polson, Scott and Windle (2013)."""
    n = 0
    while True:
        yield (-1) ** n, mp.exp(log_gamma(n + h) - log_gamma(n + 1) - log_gamma(h)), (2 * n + h) / 2
        n += 1


def polya_gamma_series(h, term):
    total, largest = mp.mpf(0), mp.mpf(0)
    for sign, weight, c in polya_gamma_terms(h):
        value = weight * term(c)
        total, largest = total + sign * value, max(largest, value)
        if value < largest * mp.mpf(10) ** -350 or value == 0:
            return total


def polya_gamma(x, h=mp.mpf(1), z=mp.mpf(0)):
    density = polya_gamma_series(h, lambda c: 2 * c / mp.sqrt(2 * mp.pi * x**3) * mp.exp(-(c**2) / (2 * x)))
    tilt = h * mp.log(mp.cosh(z / 2)) - z**2 * x / 2
    return tilt + (h - 1) * mp.log(2) + mp.log(density), max(h, abs(tilt))


def polya_gamma_cdf(x, h=mp.mpf(1), z=mp.mpf(0)):
    passed = lambda c, sign: mp.exp(sign * c * z) * mp.erfc(c / mp.sqrt(2 * x) + sign * z * mp.sqrt(x / 2))
    share = polya_gamma_series(h, lambda c: (passed(c, -1) + passed(c, 1)) / 2)
    return (2 * mp.cosh(z / 2)) ** h * share


def log_beta(a, b):
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b)


def log_choose(n, k):
    return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1)


def beta_binomial(x, alpha, beta, n):
    return log_choose(n, x) + log_beta(x + alpha, n - x + beta) - log_beta(alpha, beta), max(log_gamma(n + 1), n)


def discrete_weibull(x, q, beta):
    return mp.log(q ** (x**beta) - q ** ((x + 1) ** beta)), 1


def geometric(x, p):
    return mp.log(p) + x_log_y(x - 1, 1 - p), 0


def hyper_geometric(x, N, k, n):
    if x < n - N + k:
        return -mp.inf, 0
    return log_choose(k, x) + log_choose(N - k, n - x) - log_choose(N, n), log_gamma(N + 1)


def discrete_uniform(x, lower, upper):
    return -mp.log(upper - lower + 1), 0


def categorical(x, p=None, logit_p=None):
    p = p if p is not None else [mp.exp(eta) for eta in logit_p]
    return mp.log(p[int(x)] / mp.fsum(p)), 0


def ordered(cdf):
    def formula(x, eta, cutpoints, sigma=mp.mpf(1)):
        ends = [mp.mpf(0), *[cdf((c - eta) / sigma) for c in cutpoints], mp.mpf(1)]
        return mp.log(ends[int(x) + 1] - ends[int(x)]), 0

    return formula


def dirac_delta(x, c):
    return mp.log(1 if x == c else 0), 0


def zero_inflated(base):
    def formula(x, psi, **arguments):
        value, size = base(x, **arguments)
        return (mp.log(1 - psi + psi * mp.exp(value)) if x == 0 else mp.log(psi) + value), size

    return formula


def hurdle(base, is_discrete):
    def formula(x, psi, **arguments):
        if x == 0:
            return mp.log(1 - psi), 0
        value, size = base(x, **arguments)
        return mp.log(psi) + value - (mp.log(1 - mp.exp(base(mp.mpf(0), **arguments)[0])) if is_discrete else 0), size

    return formula


def cdf_of(name, x, arguments):
    """The distribution function, in closed form or as the sum of a mass function."""
    if name in CDFS:
        return CDFS[name](x, **arguments)
    first = 1 if name == "Geometric" else 0
    return mp.fsum(mp.exp(DISTRIBUTIONS[name][0](mp.mpf(k), **arguments)[0]) for k in range(first, int(x) + 1))


def truncated(x, dist, lower=None, upper=None):
    name, arguments = dist
    formula, is_discrete = DISTRIBUTIONS[name][0], name in DISCRETE
    above = mp.mpf(1) if upper is None else cdf_of(name, upper, arguments)
    below = mp.mpf(0) if lower is None else cdf_of(name, lower - (1 if is_discrete else 0), arguments)
    value, size = formula(x, **arguments)
    return value - mp.log(above - below), size


def truncated_normal(x, mu=mp.mpf(0), sigma=None, tau=None, lower=None, upper=None):
    return truncated(x, ("Normal", {"mu": mu, "sigma": scale_of(sigma, tau)}), lower, upper)


def censored(x, dist, lower=None, upper=None):
    name, arguments = dist
    if x == lower:
        return mp.log(cdf_of(name, lower, arguments)), 0
    if x == upper:
        return mp.log(1 - cdf_of(name, upper - (1 if name in DISCRETE else 0), arguments)), 0
    return DISTRIBUTIONS[name][0](x, **arguments)


def mixture(x, w, comp_dists):
    terms = [weight * mp.exp(DISTRIBUTIONS[name][0](x, **a)[0]) for weight, (name, a) in zip(w, comp_dists)]
    return mp.log(mp.fsum(terms)), 0


def normal_mixture(x, w, mu, sigma=None, tau=None):
    sigma = sigma if sigma is not None else [scale_of(None, t) for t in tau]
    return mixture(x, w, [("Normal", {"mu": m, "sigma": s}) for m, s in zip(mu, sigma)])


def log_phi(x):
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)


def phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def ex_gaussian_cdf(x, nu, mu=mp.mpf(0), sigma=mp.mpf(1)):
    z, r = (x - mu) / sigma, sigma / nu
    return phi(z) - mp.exp(r**2 / 2 - z * r) * phi(z - r)


def wald_cdf(x, mu=None, lam=None, phi=None, alpha=mp.mpf(0)):
    (mu, lam), y = wald_parameters(mu, lam, phi), x - alpha
    root = mp.sqrt(lam / y)
    p = lambda v: mp.erfc(-v / mp.sqrt(2)) / 2
    return p(root * (y / mu - 1)) + mp.exp(2 * lam / mu) * p(-root * (y / mu + 1))


def triangular_cdf(x, lower=mp.mpf(0), upper=mp.mpf(1), c=mp.mpf(0.5)):
    if x < c:
        return (x - lower) ** 2 / ((upper - lower) * (c - lower))
    return 1 - (upper - x) ** 2 / ((upper - lower) * (upper - c))


class TooManyTerms(Exception):
    """The series of a distribution function would take too long."""


def share_below(term_ratio, size, log_front):
    """The sum of a series of positive terms that begins with 1, times a front factor."""
    if size > 1e5:
        raise TooManyTerms
    term = total = mp.mpf(1)
    n = 0
    while term > total * mp.mpf(10) ** -350:
        term *= term_ratio(n)
        total += term
        n += 1
    return total * mp.exp(log_front)


def gamma_share(a, x):
    """The regularised lower incomplete gamma function."""
    if x > a + 100 * mp.sqrt(a) + 1000:
        return mp.mpf(1)
    return share_below(lambda n: x / (a + 1 + n), a, a * mp.log(x) - x - log_gamma(a + 1))


def beta_share(a, b, x, y):
    """The regularised incomplete beta function at x = 1 - y."""
    if x > y:
        return 1 - beta_share(b, a, y, x)
    front = a * mp.log(x) + b * mp.log(y) - log_gamma(a) - log_gamma(b) + log_gamma(a + b) - mp.log(a)
    return share_below(lambda n: (a + b + n) / (a + 1 + n) * x, max(a, b), front)


def gamma_parameters(alpha=None, beta=None, mu=None, sigma=None):
    return (alpha, beta) if alpha is not None else (mu**2 / sigma**2, mu / sigma**2)


def inverse_gamma_parameters(alpha=None, beta=mp.mpf(1), mu=None, sigma=None):
    return (alpha, beta) if alpha is not None else (2 + mu**2 / sigma**2, mu * (1 + mu**2 / sigma**2))


def beta_cdf(x, alpha=None, beta=None, mu=None, sigma=None, nu=None):
    if alpha is None:
        nu = nu if nu is not None else mu * (1 - mu) / sigma**2 - 1
        alpha, beta = mu * nu, (1 - mu) * nu
    return beta_share(alpha, beta, x, 1 - x)


def gamma_cdf(x, **parameters):
    alpha, beta = gamma_parameters(**parameters)
    return gamma_share(alpha, beta * x)


def inverse_gamma_cdf(x, **parameters):
    alpha, beta = inverse_gamma_parameters(**parameters)
    return 1 - gamma_share(alpha, beta / x)


def half_student_t_cdf(x, nu, sigma=None, lam=None):
    square = (x / scale_of(sigma, lam)) ** 2
    return beta_share(mp.mpf(1) / 2, nu / 2, square / (nu + square), nu / (nu + square)) if x > 0 else mp.mpf(0)


def student_t_cdf(x, nu, mu=mp.mpf(0), sigma=None, lam=None):
    share = half_student_t_cdf(abs(x - mu), nu, sigma, lam)
    return (1 - share) / 2 if x < mu else (1 + share) / 2


def skew_student_t_cdf(x, a, b, mu=mp.mpf(0), sigma=None, lam=None):
    z = (x - mu) / scale_of(sigma, lam)
    share = (1 + z / mp.sqrt(a + b + z**2)) / 2
    return beta_share(a, b, share, 1 - share)


CDFS = {
    "HurdleGamma": lambda x, psi, **rest: 1 - psi + psi * (gamma_cdf(x, **rest) if x > 0 else 0),
    "HurdleLogNormal": lambda x, psi, **rest: 1 - psi + psi * (CDFS["LogNormal"](x, **rest) if x > 0 else 0),
    "PolyaGamma": polya_gamma_cdf,
    "Gamma": gamma_cdf,
    "ChiSquared": lambda x, nu: gamma_share(nu / 2, x / 2),
    "InverseGamma": inverse_gamma_cdf,
    "Beta": beta_cdf,
    "StudentT": student_t_cdf,
    "HalfStudentT": half_student_t_cdf,
    "SkewStudentT": skew_student_t_cdf,
    "Uniform": lambda x, lower=mp.mpf(0), upper=mp.mpf(1): (x - lower) / (upper - lower),
    "Normal": lambda x, mu=mp.mpf(0), sigma=None, tau=None: phi((x - mu) / scale_of(sigma, tau)),
    "HalfNormal": lambda x, sigma=None, tau=None: mp.erf(x / scale_of(sigma, tau) / mp.sqrt(2)),
    "LogNormal": lambda x, mu=mp.mpf(0), sigma=None, tau=None: phi((mp.log(x) - mu) / scale_of(sigma, tau)),
    "Exponential": lambda x, lam=None, scale=mp.mpf(1): -mp.expm1(-x * (lam if lam is not None else 1 / scale)),
    "Laplace": lambda x, mu, b: mp.exp((x - mu) / b) / 2 if x < mu else 1 - mp.exp((mu - x) / b) / 2,
    "Cauchy": lambda x, alpha, beta: mp.atan2(1, -(x - alpha) / beta) / mp.pi,
    "HalfCauchy": lambda x, beta: 2 * mp.atan(x / beta) / mp.pi,
    "Kumaraswamy": lambda x, a, b: 1 - (1 - x**a) ** b,
    "Weibull": lambda x, alpha, beta: -mp.expm1(-((x / beta) ** alpha)),
    "Pareto": lambda x, alpha, m: 1 - (m / x) ** alpha,
    "ExGaussian": ex_gaussian_cdf,
    "Triangular": triangular_cdf,
    "Gumbel": lambda x, mu, beta: mp.exp(-mp.exp((mu - x) / beta)),
    "GenExtreme": lambda x, **arguments: mp.exp(-mp.exp(-reduced_extreme(x, **arguments))),
    "GenPareto": gen_pareto_cdf,
    "ExtGenPareto": gen_pareto_cdf,
    "Chi": lambda x, nu: mp.gammainc(nu / 2, 0, x**2 / 2, regularized=True),
    "Maxwell": lambda x, a: mp.gammainc(mp.mpf(3) / 2, 0, (x / a) ** 2 / 2, regularized=True),
    "Logistic": lambda x, mu=mp.mpf(0), s=mp.mpf(1): 1 / (1 + mp.exp((mu - x) / s)),
    "LogitNormal": lambda x, mu=mp.mpf(0), sigma=None, tau=None: phi((mp.log(x / (1 - x)) - mu) / scale_of(sigma, tau)),
    "Moyal": lambda x, mu=mp.mpf(0), sigma=mp.mpf(1): mp.erfc(mp.exp((mu - x) / (2 * sigma)) / mp.sqrt(2)),
    "Wald": wald_cdf,
    "Geometric": lambda x, p: 1 - (1 - p) ** x,
    "DiscreteWeibull": lambda x, q, beta: 1 - q ** ((x + 1) ** beta),
    "DiscreteUniform": lambda x, lower, upper: (x - lower + 1) / (upper - lower + 1),
}
DISCRETE = {
    "Poisson", "Binomial", "NegativeBinomial", "Bernoulli", "BetaBinomial", "Geometric", "DiscreteWeibull",
    "HyperGeometric", "DiscreteUniform", "Categorical", "OrderedLogistic", "OrderedProbit",
    "ZeroInflatedPoisson", "ZeroInflatedBinomial", "ZeroInflatedNegativeBinomial", "HurdlePoisson",
    "HurdleNegativeBinomial", "GeneralizedPoisson", "BetaNegativeBinomial",
}

REAL = [0.0, 0.5, -3.0, 12.25, -40.0, 1e5]
POSITIVE = [1e-300, 1e-8, 0.03, 0.5, 1.0, 3.7, 40.0, 1e5]
UNIT = [1e-300, 1e-12, 0.003, 0.25, 0.5, 0.9, 1 - 1e-10, 1 - 2.0**-53]
DIFFERENCES = [0, 1, -1, 3, -7, 20, -60]
COUNTS = [0, 1, 2, 7, 30, 400]
CANCELS = "PyMC subtracts log gammas of large arguments"

# name: (formula, cases, refused, violations); a case is (arguments, points[, why PyMC is not compared]).
DISTRIBUTIONS = {
    "Normal": (
        normal,
        [
            ({}, REAL),
            ({"mu": 1.5, "sigma": 2.5}, REAL),
            ({"mu": -2.0, "tau": 4.0}, REAL),
            ({"mu": 1e6, "sigma": 1e-3}, [1e6, 1e6 + 1e-3, 1e6 - 0.5, 0.0]),
            ({"sigma": 1e-100}, [0.0, 1e-101, 1e-99, 1.0]),
            ({"sigma": 1e100}, [0.0, 1e99, -1e102, 1.0]),
        ],
        [{"mu": 0.0, "sigma": 1.0, "tau": 1.0}],
        [{"sigma": 0.0}, {"sigma": -1.0}, {"tau": -4.0}],
    ),
    "HalfNormal": (
        half_normal,
        [({}, [0.0, *POSITIVE]), ({"sigma": 2.5}, [0.0, *POSITIVE]), ({"tau": 0.25}, [0.0, *POSITIVE])],
        [{"sigma": 1.0, "tau": 1.0}],
        [{"sigma": -1.0}, {"tau": -1.0}],
    ),
    "LogNormal": (
        log_normal,
        [({}, POSITIVE), ({"mu": 1.5, "sigma": 0.3}, POSITIVE), ({"mu": -2.0, "tau": 0.04}, [*POSITIVE, 1e300])],
        [{"sigma": 1.0, "tau": 1.0}],
        [{"sigma": -1.0}],
    ),
    "Exponential": (
        exponential,
        [
            ({}, [0.0, *POSITIVE]),
            ({"lam": 2.0}, [0.0, *POSITIVE]),
            ({"scale": 3.0}, [0.0, *POSITIVE]),
            ({"lam": 1e-8}, [0.0, *POSITIVE, 1e12]),
        ],
        [{"lam": 1.0, "scale": 1.0}],
        [{"lam": -1.0}, {"scale": -2.0}],
    ),
    "Gamma": (
        gamma,
        [
            ({"alpha": 2.0, "beta": 0.5}, POSITIVE),
            ({"alpha": 1.0, "beta": 3.0}, POSITIVE),
            ({"alpha": 0.001, "beta": 0.001}, POSITIVE),
            ({"alpha": 50.0, "beta": 10.0}, POSITIVE),
            ({"alpha": 1e6, "beta": 1e3}, [900.0, 1000.0, 1001.5]),
            ({"mu": 3.0, "sigma": 1.5}, POSITIVE),
            ({"mu": 250.0, "sigma": 0.5}, [245.0, 250.0, 251.0]),
        ],
        [{}, {"alpha": 1.0}, {"alpha": 1.0, "mu": 2.0}, {"mu": 1.0}],
        [{"alpha": -1.0, "beta": 1.0}, {"alpha": 1.0, "beta": -2.0}, {"mu": 1.0, "sigma": -1.0}],
    ),
    "InverseGamma": (
        inverse_gamma,
        [
            ({"alpha": 3.0}, POSITIVE[1:]),
            ({"alpha": 0.7, "beta": 2.0}, POSITIVE[1:]),
            ({"alpha": 0.001, "beta": 0.001}, POSITIVE),
            ({"alpha": 1e5, "beta": 1e5}, [0.99, 1.0, 1.01]),
            ({"mu": 2.0, "sigma": 0.5}, POSITIVE[1:]),
        ],
        [{}, {"mu": 1.0}, {"beta": 1.0}],
        [{"alpha": -1.0}, {"alpha": 1.0, "beta": 0.0}, {"mu": 1.0, "sigma": -1.0}],
    ),
    "Beta": (
        beta_,
        [
            ({"alpha": 2.0, "beta": 5.0}, UNIT),
            ({"alpha": 1.0, "beta": 1.0}, [0.0, *UNIT, 1.0]),
            ({"alpha": 1.0, "beta": 3.0}, [0.0, *UNIT]),
            ({"alpha": 3.0, "beta": 1.0}, [*UNIT, 1.0]),
            ({"alpha": 0.01, "beta": 0.02}, UNIT),
            ({"alpha": 1e6, "beta": 2e6}, [0.333, 1 / 3, 0.334]),
            ({"mu": 0.3, "sigma": 0.1}, UNIT),
            ({"mu": 0.7, "nu": 20.0}, UNIT),
        ],
        [{}, {"alpha": 1.0}, {"mu": 0.5}, {"sigma": 0.1, "nu": 3.0}],
        [{"alpha": 0.0, "beta": 1.0}, {"alpha": 1.0, "beta": -1.0}, {"mu": 0.5, "nu": -1.0}],
    ),
    "Uniform": (
        uniform,
        [
            ({}, [0.0, 0.3, 1.0]),
            ({"lower": -2.0, "upper": 6.0}, [-2.0, 0.0, 6.0]),
            ({"upper": 1e-9}, [1e-10]),
            ({"lower": -1e12, "upper": 1e12}, [0.0, 3.0]),
        ],
        [],
        [{"lower": 2.0, "upper": 1.0}],
    ),
    "Flat": (flat, [({}, REAL)], [], []),
    "HalfFlat": (flat, [({}, [0.0, *POSITIVE])], [], []),
    "Cauchy": (
        cauchy,
        [
            ({"alpha": 0.0, "beta": 1.0}, [*REAL, 1e100]),
            ({"alpha": 1.5, "beta": 0.2}, REAL),
            ({"alpha": -1e4, "beta": 1e5}, REAL),
        ],
        [],
        [{"alpha": 0.0, "beta": 0.0}],
    ),
    "HalfCauchy": (
        half_cauchy,
        [({"beta": 1.0}, [0.0, *POSITIVE]), ({"beta": 25.0}, [0.0, *POSITIVE]), ({"beta": 1e-3}, [0.0, *POSITIVE])],
        [],
        [{"beta": -1.0}],
    ),
    "StudentT": (
        student_t,
        [
            ({"nu": 3.0}, REAL),
            ({"nu": 4.5, "mu": 1.0, "sigma": 2.0}, REAL),
            ({"nu": 1.0, "mu": -1.0, "lam": 0.25}, [*REAL, 1e100]),
            ({"nu": 0.05, "sigma": 0.1}, REAL),
            ({"nu": 199.0}, REAL),
            ({"nu": 201.0}, REAL),
            ({"nu": 1e6, "sigma": 3.0}, REAL, CANCELS),
            ({"nu": 1e12, "sigma": 3.0}, REAL, CANCELS),
        ],
        [{"nu": 3.0, "sigma": 1.0, "lam": 1.0}],
        [{"nu": 0.0}, {"nu": 3.0, "sigma": -1.0}, {"nu": 3.0, "lam": -1.0}],
    ),
    "HalfStudentT": (
        half_student_t,
        [
            ({"nu": 3.0}, [0.0, *POSITIVE]),
            ({"nu": 3.0, "sigma": 2.5}, [0.0, *POSITIVE]),
            ({"nu": 7.0, "lam": 0.04}, [0.0, *POSITIVE]),
            ({"nu": 1e9, "sigma": 2.5}, [0.0, *POSITIVE[:-1]], CANCELS),
        ],
        [{"nu": 3.0, "sigma": 1.0, "lam": 1.0}],
        [{"nu": -1.0}, {"nu": 3.0, "sigma": 0.0}],
    ),
    "Laplace": (
        laplace,
        [({"mu": 0.0, "b": 1.0}, REAL), ({"mu": 2.0, "b": 0.1}, REAL), ({"mu": -5.0, "b": 1e3}, REAL)],
        [],
        [{"mu": 0.0, "b": 0.0}],
    ),
    "Bernoulli": (
        bernoulli,
        [
            ({"p": 0.3}, [0, 1]),
            ({"p": 0.5}, [0, 1]),
            ({"p": 1e-20}, [0, 1]),
            ({"p": 1 - 2.0**-53}, [0, 1]),
            ({"p": 0.0}, [0, 1]),
            ({"p": 1.0}, [0, 1]),
            ({"logit_p": 0.4}, [0, 1]),
            ({"logit_p": -3.0}, [0, 1]),
            ({"logit_p": 30.0}, [0, 1], "PyMC makes the probability"),
            ({"logit_p": -700.0}, [0, 1]),
        ],
        [{}, {"p": 0.5, "logit_p": 0.0}],
        [{"p": -0.1}, {"p": 1.1}],
    ),
    "Binomial": (
        binomial,
        [
            ({"n": 10.0, "p": 0.3}, [0, 1, 5, 9, 10]),
            ({"n": 10.0, "p": 0.0}, [0, 1, 10]),
            ({"n": 10.0, "p": 1.0}, [0, 9, 10]),
            ({"n": 0.0, "p": 0.4}, [0]),
            ({"n": 1000000.0, "p": 1e-4}, [0, 100, 130]),
            ({"n": 10.0, "logit_p": -0.4}, [0, 1, 5, 9, 10]),
            ({"n": 55.0, "logit_p": 3.0}, [0, 1, 50, 55]),
            ({"n": 20.0, "logit_p": 40.0}, [0, 19, 20], "PyMC makes the probability"),
        ],
        [{"n": 3.0}, {"n": 3.0, "p": 0.5, "logit_p": 0.0}],
        [{"n": -1.0, "p": 0.5}, {"n": 3.0, "p": 1.5}, {"n": 3.0, "p": -0.5}],
    ),
    "Poisson": (
        poisson,
        [
            ({"mu": 0.0}, [0, 1, 5]),
            ({"mu": 3.3}, COUNTS),
            ({"mu": 1e-12}, COUNTS),
            ({"mu": 500.0}, COUNTS),
            ({"mu": 1e9}, [0, 999_900_000, 1_000_000_000]),
        ],
        [],
        [{"mu": -1.0}],
    ),
    "NegativeBinomial": (
        negative_binomial,
        [
            ({"mu": 3.3, "alpha": 2.5}, COUNTS),
            ({"mu": 40.5, "alpha": 0.05}, COUNTS),
            ({"mu": 40.5, "alpha": 99.5}, COUNTS),
            ({"mu": 40.5, "alpha": 101.0}, COUNTS),
            ({"mu": 1e-6, "alpha": 10.0}, COUNTS, "PyMC makes the probability"),
            ({"mu": 3.3, "alpha": 1e6}, COUNTS, CANCELS),
            ({"mu": 3.3, "alpha": 1e9}, COUNTS, CANCELS),
            ({"mu": 3.3, "alpha": 1e12}, COUNTS, "PyMC takes the Poisson limit"),
            ({"n": 4.0, "p": 0.37}, COUNTS),
            ({"n": 0.5, "p": 0.999}, COUNTS),
            ({"n": 1e8, "p": 0.5}, [99_990_000, 100_000_000], CANCELS),
            ({"alpha": 4.0, "p": 0.37}, COUNTS),
            ({"n": 4.0, "mu": 7.7}, COUNTS),
        ],
        [
            {"mu": 1.0},
            {"alpha": 1.0},
            {"mu": 1.0, "alpha": 1.0, "n": 1.0},
            {"mu": 1.0, "alpha": 1.0, "p": 0.5},
        ],
        [{"mu": 0.0, "alpha": 1.0}, {"mu": 1.0, "alpha": -1.0}, {"n": 1.0, "p": 1.0}],
    ),
}


MEAN = "PyMC starts elsewhere"
MEDIAN = "there is no PyMC to compare with"
NEEDS_PACKAGE = "PyMC needs a package for it, whose series is cut short"
ORDINARY = [-8.0, -1.5, -0.3, 0.0, 0.4, 2.0, 9.0]
WIDE = [-700.0, -38.0, *ORDINARY, 40.0, 1e5]
NEW = {
    "SkewNormal": (
        skew_normal,
        [
            ({}, ORDINARY, "PyMC loses the tail"),
            ({"alpha": -3.0, "mu": 1.0, "sigma": 2.0}, [-30.0, *ORDINARY], "PyMC loses the tail"),
            ({"alpha": 50.0, "sigma": 0.5}, [-3.0, *ORDINARY], "PyMC loses the tail"),
            ({"alpha": 0.0, "tau": 4.0}, ORDINARY),
        ],
        [{"sigma": 1.0, "tau": 1.0}],
        [({"sigma": -1.0}, "sigma > 0")],
    ),
    "Kumaraswamy": (
        kumaraswamy,
        [
            ({"a": 2.0, "b": 3.0}, [1e-12, 0.003, 0.25, 0.5, 0.9, 1 - 1e-10]),
            ({"a": 0.3, "b": 0.7}, [1e-300, 1e-12, 0.003, 0.25, 0.5, 0.9, 1 - 1e-10]),
            ({"a": 1.0, "b": 1.0}, [0.2, 0.8]),
            ({"a": 40.0, "b": 5.0}, [0.5, 0.9, 0.99]),
        ],
        [],
        [{"a": 0.0, "b": 1.0}, {"a": 1.0, "b": -1.0}],
    ),
    "AsymmetricLaplace": (
        asymmetric_laplace,
        [
            ({"kappa": 2.0, "mu": 0.5, "b": 1.5}, WIDE),
            ({"kappa": 1.0, "mu": -1.0, "b": 0.1}, WIDE),
            ({"q": 0.9, "mu": 0.0, "b": 3.0}, WIDE),
        ],
        [{"kappa": 1.0, "q": 0.5, "mu": 0.0, "b": 1.0}],
        [{"kappa": -1.0, "mu": 0.0, "b": 1.0}, {"kappa": 1.0, "mu": 0.0, "b": 0.0}],
    ),
    "SkewStudentT": (
        skew_student_t,
        [
            ({"a": 2.0, "b": 3.0}, ORDINARY),
            ({"a": 2.0, "b": 2.0}, [-1.5, 0.4, 2.0]),
            ({"a": 0.7, "b": 4.0, "mu": 1.0, "sigma": 2.0}, [*ORDINARY, -1e6, 1e6], "PyMC loses the tails and its mean leaves out sigma"),
            ({"a": 1e4, "b": 2e4, "lam": 0.25}, ORDINARY, "PyMC loses the tails and its mean overflows", MEAN),
        ],
        [],
        [{"a": 0.0, "b": 1.0}, {"a": 1.0, "b": 1.0, "sigma": -1.0}],
    ),
    "ChiSquared": (
        chi_squared,
        [({"nu": 1.0}, POSITIVE[1:]), ({"nu": 7.5}, POSITIVE[1:]), ({"nu": 1e4}, [9e3, 1e4, 1.2e4])],
        [],
        [({"nu": 0.0}, "nu > 0")],
    ),
    "Weibull": (
        weibull,
        [
            ({"alpha": 1.5, "beta": 2.0}, [1e-8, 0.03, 0.5, 1.0, 3.7, 40.0]),
            ({"alpha": 1.0, "beta": 1.0}, [1e-8, 0.03, 0.5, 1.0, 3.7, 40.0]),
            ({"alpha": 0.4, "beta": 1e3}, [1e-8, 0.03, 0.5, 1.0, 3.7, 40.0, 1e6]),
        ],
        [],
        [{"alpha": 0.0, "beta": 1.0}, {"alpha": 1.0, "beta": -1.0}],
    ),
    "Pareto": (
        pareto,
        [
            ({"alpha": 1.5, "m": 2.0}, [2.0, 2.5, 40.0, 1e8]),
            ({"alpha": 0.1, "m": 1e-5}, [1e-5, 2.5, 40.0, 1e8]),
        ],
        [],
        [{"alpha": -1.0, "m": 1.0}, {"alpha": 1.0, "m": 0.0}],
    ),
    "ExGaussian": (
        ex_gaussian,
        [
            ({"nu": 1.5}, ORDINARY),
            ({"mu": 1.0, "sigma": 0.5, "nu": 2.0}, [-20.0, *ORDINARY, 60.0]),
            ({"nu": 1e-3}, ORDINARY, "PyMC takes the normal"),
            ({"nu": 1e-7}, ORDINARY, "PyMC takes the normal"),
            ({"nu": 1e3}, [-38.0, *ORDINARY, 700.0]),
        ],
        [],
        [{"nu": -1.0}, {"nu": 1.0, "sigma": 0.0}],
    ),
    "Triangular": (
        triangular,
        [
            ({}, [1e-9, 0.25, 0.5, 0.75, 0.999]),
            ({"lower": -2.0, "upper": 6.0, "c": 5.0}, [-1.999, 0.0, 5.0, 5.5]),
        ],
        [],
        [{"lower": 0.0, "upper": 1.0, "c": 2.0}],
    ),
    "Gumbel": (
        gumbel,
        [({"mu": 0.0, "beta": 1.0}, [-6.0, *ORDINARY, 40.0]), ({"mu": 2.0, "beta": 0.5}, [-1.0, *ORDINARY[1:], 40.0])],
        [],
        [{"mu": 0.0, "beta": 0.0}],
    ),
    "GenExtreme": (
        gen_extreme,
        [
            ({"mu": 0.0, "sigma": 1.0, "xi": 0.0}, [-3.0, *ORDINARY, 40.0]),
            ({"mu": 1.0, "sigma": 2.0, "xi": 0.3}, [-4.0, 0.3, 3.7, 400.0]),
            ({"mu": 1.0, "sigma": 0.5, "xi": -0.4}, [-3.0, 0.3, 1.1, 2.0]),
            ({"mu": 0.0, "sigma": 1.0, "xi": 2e-4}, [-2.0, 0.5, 4.9, 5.1, 9.0], "PyMC divides what cancels", "likewise"),
            ({"xi": -1e-9}, [-2.0, 0.5, 9.0], "PyMC takes xi for 0"),
        ],
        [],
        [({"mu": 0.0, "sigma": 0.0, "xi": 0.1}, "sigma > 0"), ({"mu": 0.0, "sigma": 1.0, "xi": 1.5}, "-1 < xi < 1")],
    ),
    "GenPareto": (
        gen_pareto,
        [
            ({"mu": 0.0, "sigma": 1.0, "xi": 0.0}, [0.0, 0.4, 2.0, 40.0], None, MEDIAN),
            ({"mu": 1.0, "sigma": 2.0, "xi": 0.3}, [1.0, 1.3, 3.7, 400.0], None, MEDIAN),
            ({"mu": 1.0, "sigma": 0.5, "xi": -0.4}, [1.0, 1.1, 2.0], None, MEDIAN),
            ({"mu": 0.0, "sigma": 1.0, "xi": 2e-4}, [0.5, 4.9, 5.1, 9.0], "SciPy subtracts what cancels", MEDIAN),
        ],
        [],
        [],
    ),
    "ExtGenPareto": (
        gen_pareto,
        [
            ({"mu": 0.0, "sigma": 1.0, "xi": 0.0, "kappa": 2.0}, [0.1, 0.4, 2.0, 40.0], None, MEDIAN),
            ({"mu": 1.0, "sigma": 2.0, "xi": 0.3, "kappa": 0.4}, [1.01, 1.3, 3.7, 400.0], None, MEDIAN),
            ({"mu": 1.0, "sigma": 0.5, "xi": -0.4, "kappa": 5.0}, [1.01, 1.1, 2.0], None, MEDIAN),
        ],
        [],
        [],
    ),
    "Chi": (
        chi,
        [({"nu": 1.0}, [1e-8, *POSITIVE[2:7]]), ({"nu": 7.5}, [1e-8, *POSITIVE[2:7]])],
        [],
        [],
    ),
    "Maxwell": (
        maxwell,
        [({"a": 1.0}, [1e-8, *POSITIVE[2:7]]), ({"a": 20.0}, [1e-8, *POSITIVE[2:7]])],
        [],
        [],
    ),
    "GeneralizedPoisson": (
        generalized_poisson,
        [
            ({"mu": 3.0, "lam": 0.4}, [0, 1, 2, 7, 30]),
            ({"mu": 3.0, "lam": 0.0}, [0, 1, 2, 7, 30]),
            ({"mu": 3.0, "lam": -0.5}, [0, 1, 2]),
        ],
        [],
        [{"mu": 0.0, "lam": 0.1}, {"mu": 1.0, "lam": -0.5}, {"mu": 1.0, "lam": 1.5}],
    ),
    "BetaNegativeBinomial": (
        beta_negative_binomial,
        [
            ({"alpha": 4.0, "beta": 3.0, "r": 5.0}, [0, 1, 2, 7, 30]),
            ({"alpha": 0.5, "beta": 20.0, "r": 2.5}, [0, 1, 7, 400]),
        ],
        [],
        [],
    ),
    "Skellam": (
        skellam,
        [
            ({"mu1": 1.0, "mu2": 1.0}, DIFFERENCES),
            ({"mu1": 5.0, "mu2": 0.3}, DIFFERENCES),
            ({"mu1": 1e-8, "mu2": 2e-3}, [0, 1, -1, 3, -7]),
            ({"mu1": 20.0, "mu2": 700.0}, [0, -680, -700, -600, -300, -1500], "PyMC takes the Bessel function itself, which overflows"),
            ({"mu1": 1e5, "mu2": 1e4}, [90000, 90300, 89000, 0, -5], "PyMC takes the Bessel function itself, which overflows"),
            ({"mu1": 0.0, "mu2": 2.0}, [0, -1, -5], "PyMC takes the logarithm of 0"),
        ],
        [],
        [{"mu1": -1.0, "mu2": 1.0}, {"mu1": 1.0, "mu2": -1.0}],
    ),
    "Rice": (
        rice,
        [
            ({"nu": 0.0, "sigma": 2.0}, [1e-8, 0.03, 0.5, 3.7, 40.0]),
            ({"nu": 3.0, "sigma": 1.5}, [1e-8, 0.03, 0.5, 3.7, 12.0, 40.0]),
            ({"b": 20.0, "sigma": 0.5}, [5.0, 9.0, 10.0, 12.0]),
            ({"nu": 1e6, "sigma": 2.0}, [999_990.0, 1e6, 1e6 + 3.0], "PyMC subtracts large squares", MEAN),
        ],
        [{"sigma": 1.0}],
        [({"nu": 1.0, "sigma": -1.0}, "sigma > 0")],
    ),
    "Logistic": (
        logistic,
        [({}, WIDE), ({"mu": 1.0, "s": 0.1}, [-3.0, -0.3, 0.4, 2.0, 9.0])],
        [],
        [{"s": 0.0}],
    ),
    "LogitNormal": (
        logit_normal,
        [
            ({}, [1e-12, 0.003, 0.25, 0.5, 0.9, 1 - 1e-10]),
            ({"mu": -1.0, "sigma": 0.3}, [0.01, 0.25, 0.5]),
            ({"mu": 1.0, "tau": 0.25}, [0.003, 0.25, 0.5, 0.9]),
        ],
        [{"sigma": 1.0, "tau": 1.0}],
        [{"sigma": -1.0}],
    ),
    "PolyaGamma": (
        polya_gamma,
        [
            ({}, [1e-3, 0.03, 0.25, 0.7, 4.0, 30.0], NEEDS_PACKAGE),
            ({"h": 2.5, "z": 1.5}, [0.01, 0.2, 0.5, 1.0, 6.0], NEEDS_PACKAGE),
            ({"h": 0.3, "z": -4.0}, [1e-4, 0.01, 0.05, 0.4, 2.0], NEEDS_PACKAGE),
            ({"h": 60.0, "z": 0.2}, [5.0, 12.0, 14.9, 18.0, 40.0], NEEDS_PACKAGE),
            ({"h": 200.0}, [40.0, 49.5, 52.0, 80.0], NEEDS_PACKAGE),
        ],
        [],
        [],
    ),
    "Moyal": (
        moyal,
        [({}, [-5.0, *ORDINARY[1:], 60.0]), ({"mu": 2.0, "sigma": 0.5}, [-0.3, 0.4, 2.0, 9.0])],
        [],
        [{"sigma": 0.0}],
    ),
    "Wald": (
        wald,
        [
            ({"mu": 1.0}, [0.03, 0.5, 1.0, 3.7, 40.0]),
            ({"mu": 2.0, "lam": 5.0}, [0.03, 0.5, 1.0, 3.7, 40.0]),
            ({"mu": 2.0, "phi": 0.1}, [0.03, 0.5, 1.0, 3.7, 40.0, 400.0]),
            ({"lam": 3.0, "phi": 2.0}, [0.03, 0.5, 1.0, 3.7]),
            ({"mu": 1.0, "lam": 1e4}, [0.9, 1.0, 1.02]),
            ({"mu": 2.0, "lam": 5.0, "alpha": 1.5}, [1.6, 2.0, 4.0, 9.0]),
        ],
        [{"lam": 1.0}, {"mu": 1.0, "lam": 1.0, "phi": 1.0}],
        [{"mu": 0.0, "lam": 1.0}, {"mu": 1.0, "lam": -1.0}, {"mu": 1.0, "lam": 1.0, "alpha": -1.0}],
    ),
    "VonMises": (
        von_mises,
        [
            ({}, [-3.1, -1.0, 0.0, 0.4, 3.0]),
            ({"mu": 1.0, "kappa": 0.01}, [-3.1, -1.0, 0.0, 0.4, 3.0]),
            ({"mu": -2.0, "kappa": 3.9}, [-3.1, -1.0, 0.0, 0.4, 3.0]),
            ({"mu": -2.0, "kappa": 4.1}, [-3.1, -1.0, 0.0, 0.4, 3.0]),
            ({"mu": 0.5, "kappa": 5e3}, [0.4, 0.5, 0.6], "PyMC subtracts large numbers"),
        ],
        [],
        [{"kappa": 0.0}],
    ),
    "BetaBinomial": (
        beta_binomial,
        [
            ({"alpha": 2.0, "beta": 3.0, "n": 10.0}, [0, 1, 5, 10]),
            ({"alpha": 0.01, "beta": 0.5, "n": 20.0}, [0, 1, 19, 20]),
            ({"alpha": 1e8, "beta": 3e8, "n": 40.0}, [0, 9, 10, 40], CANCELS),
            ({"alpha": 150.0, "beta": 90.0, "n": 1000.0}, [500, 625, 700]),
        ],
        [],
        [{"alpha": 0.0, "beta": 1.0, "n": 3.0}, {"alpha": 1.0, "beta": -1.0, "n": 3.0}],
    ),
    "DiscreteWeibull": (
        discrete_weibull,
        [({"q": 0.9, "beta": 1.5}, [0, 1, 5, 30]), ({"q": 0.2, "beta": 0.3}, [0, 1, 5, 30, 400])],
        [],
        [{"q": 1.5, "beta": 1.0}, {"q": 0.5, "beta": -1.0}],
    ),
    "Geometric": (
        geometric,
        [({"p": 0.3}, [1, 2, 10, 100]), ({"p": 1e-9}, [1, 2, 100, 10_000]), ({"p": 1.0}, [1, 2])],
        [],
        [{"p": 1.5}],
    ),
    "HyperGeometric": (
        hyper_geometric,
        [
            ({"N": 50.0, "k": 10.0, "n": 20.0}, [0, 1, 4, 10]),
            ({"N": 10.0, "k": 8.0, "n": 7.0}, [5, 6, 7]),
            ({"N": 1e6, "k": 1e3, "n": 5e3}, [0, 5, 20]),
        ],
        [],
        [],
    ),
    "DiscreteUniform": (
        discrete_uniform,
        [({"lower": -3.0, "upper": 8.0}, [-3, 0, 8]), ({"lower": 2.0, "upper": 2.0}, [2])],
        [],
        [{"lower": 3.0, "upper": 1.0}],
    ),
    "Categorical": (
        categorical,
        [
            ({"p": [0.2, 0.3, 0.5]}, [0, 1, 2]),
            ({"p": [1e-20, 0.25, 0.75]}, [0, 1, 2]),
            ({"logit_p": [0.0, -2.0, 3.0, 1.0]}, [0, 1, 2, 3]),
            ({"logit_p": [0.0, -800.0, 900.0]}, [0, 1, 2], "PyMC makes the probabilities"),
        ],
        [{}, {"p": [0.5, 0.5], "logit_p": [0.0, 0.0]}],
        [],
    ),
    "OrderedLogistic": (
        ordered(lambda v: 1 / (1 + mp.exp(-v))),
        [
            ({"eta": 0.3, "cutpoints": [-1.0, 0.0, 2.5]}, [0, 1, 2, 3]),
            ({"eta": -40.0, "cutpoints": [-1.0, 0.0, 2.5]}, [0, 1, 2, 3], "PyMC makes the probabilities"),
            ({"eta": 700.0, "cutpoints": [-1.0, -1.0 + 1e-9]}, [0, 1, 2], "PyMC makes the probabilities"),
        ],
        [],
        [],
    ),
    "OrderedProbit": (
        ordered(phi),
        [
            ({"eta": 0.3, "cutpoints": [-1.0, 0.0, 2.5]}, [0, 1, 2, 3]),
            ({"eta": -30.0, "cutpoints": [-1.0, 0.0, 2.5], "sigma": 2.0}, [0, 1, 2, 3], "PyMC makes the probabilities"),
            ({"eta": 25.0, "cutpoints": [-1.0, -0.999], "sigma": 1.0}, [0, 1, 2], "PyMC makes the probabilities"),
        ],
        [],
        [],
    ),
    "DiracDelta": (dirac_delta, [({"c": 3.0}, [3.0, 2.0])], [], []),
    "ZeroInflatedPoisson": (
        zero_inflated(poisson),
        [({"psi": 0.7, "mu": 3.3}, COUNTS[:-1]), ({"psi": 1e-8, "mu": 50.0}, COUNTS), ({"psi": 1.0, "mu": 2.0}, [0, 1, 5])],
        [],
        [],
    ),
    "ZeroInflatedBinomial": (
        zero_inflated(binomial),
        [({"psi": 0.7, "n": 10.0, "p": 0.3}, [0, 1, 5, 10]), ({"psi": 0.01, "n": 1000.0, "p": 0.5}, [0, 500, 520])],
        [],
        [],
    ),
    "ZeroInflatedNegativeBinomial": (
        zero_inflated(negative_binomial),
        [({"psi": 0.7, "mu": 3.3, "alpha": 2.5}, COUNTS), ({"psi": 0.2, "n": 4.0, "p": 0.37}, COUNTS)],
        [],
        [],
    ),
    "HurdlePoisson": (
        hurdle(poisson, True),
        [({"psi": 0.7, "mu": 3.3}, COUNTS), ({"psi": 0.1, "mu": 1e-6}, [0, 1, 2], CANCELS)],
        [],
        [],
    ),
    "HurdleNegativeBinomial": (
        hurdle(negative_binomial, True),
        [({"psi": 0.7, "mu": 3.3, "alpha": 2.5}, COUNTS), ({"psi": 0.2, "n": 4.0, "p": 0.37}, COUNTS)],
        [],
        [],
    ),
    "HurdleGamma": (
        hurdle(gamma, False),
        [
            ({"psi": 0.7, "alpha": 2.0, "beta": 0.5}, [0.0, 0.03, 0.5, 40.0]),
            ({"psi": 0.3, "mu": 3.0, "sigma": 1.5}, [0.0, 0.03, 0.5, 40.0]),
        ],
        [],
        [],
    ),
    "HurdleLogNormal": (
        hurdle(log_normal, False),
        [
            ({"psi": 0.7, "mu": 1.0, "sigma": 0.5}, [0.0, 0.03, 0.5, 40.0]),
            ({"psi": 0.3, "tau": 4.0}, [0.0, 0.03, 0.5, 40.0]),
        ],
        [],
        [],
    ),
    "TruncatedNormal": (
        truncated_normal,
        [
            ({"mu": 1.0, "sigma": 2.0, "lower": 0.0, "upper": 3.0}, [0.0, 0.5, 3.0]),
            ({"lower": 10.0, "upper": 12.0}, [10.0, 10.5, 12.0]),
            ({"lower": -31.0, "upper": -30.0}, [-31.0, -30.5, -30.0]),
            ({"sigma": 0.5, "lower": 20.0}, [20.0, 20.01, 21.0]),
            ({"mu": 3.0, "tau": 4.0, "upper": 1.0}, [-5.0, 0.0, 1.0]),
            ({"lower": -0.001, "upper": 0.001}, [-0.001, 0.0, 0.0005]),
        ],
        [{"sigma": 1.0, "tau": 1.0, "lower": 0.0}],
        [],
    ),
    "Truncated": (
        truncated,
        [
            ({"dist": ("Normal", {"mu": 1.0, "sigma": 2.0}), "lower": 0.0, "upper": 3.0}, [0.5, 3.0]),
            ({"dist": ("Exponential", {"lam": 2.0}), "lower": 100.0}, [100.5, 103.0], "PyMC loses the tail"),
            ({"dist": ("Weibull", {"alpha": 1.5, "beta": 2.0}), "upper": 3.0}, [0.5, 3.0]),
            ({"dist": ("Poisson", {"mu": 3.0}), "lower": 1.0}, [1, 2, 30]),
            ({"dist": ("Poisson", {"mu": 3.0}), "lower": 2.0, "upper": 6.0}, [2, 3, 6]),
            ({"dist": ("HalfNormal", {"sigma": 2.0}), "upper": 1.0}, [0.1, 1.0], "", MEAN),
        ],
        [{"dist": ("Normal", {"mu": 1.0, "sigma": 2.0})}],
        [],
    ),
    "Censored": (
        censored,
        [
            ({"dist": ("Normal", {"mu": 1.0, "sigma": 2.0}), "lower": 0.0, "upper": 3.0}, [0.0, 0.5, 3.0], "", MEAN),
            ({"dist": ("Normal", {"mu": 0.0, "sigma": 1.0}), "lower": -30.0, "upper": 35.0}, [-30.0, 0.5, 35.0], "PyMC loses the tail", MEAN),
            ({"dist": ("Weibull", {"alpha": 1.5, "beta": 2.0}), "upper": 3.0}, [0.5, 3.0], "", MEAN),
            ({"dist": ("Poisson", {"mu": 3.0}), "lower": 1.0, "upper": 6.0}, [1, 2, 6], "", MEAN),
        ],
        [],
        [],
    ),
    "Mixture": (
        mixture,
        [
            (
                {"w": [0.2, 0.8], "comp_dists": [("Normal", {"mu": -3.0, "sigma": 1.0}), ("Normal", {"mu": 2.0, "sigma": 0.5})]},
                [-40.0, -3.0, 0.0, 2.0, 50.0],
                "PyMC makes the density",
            ),
            (
                {"w": [0.5, 0.5], "comp_dists": [("Poisson", {"mu": 2.0}), ("Geometric", {"p": 0.1})]},
                [1, 2, 30],
                "",
                MEAN,
            ),
        ],
        [],
        [],
    ),
    "NormalMixture": (
        normal_mixture,
        [
            ({"w": [0.2, 0.5, 0.3], "mu": [-3.0, 0.0, 2.0], "sigma": [1.0, 0.1, 2.0]}, [-40.0, -3.0, 0.0, 2.0, 50.0]),
            ({"w": [0.6, 0.4], "mu": [-3.0, 0.0], "tau": [1.0, 4.0]}, [-3.0, 0.0, 2.0]),
        ],
        [],
        [],
    ),
}
NEW["Interpolated"] = (
    interpolated,
    [({"x_points": [-1.0, 0.0, 2.0, 2.5], "pdf_points": [0.1, 1.0, 3.0, 0.0]}, [-0.9, 0.3, 1.7, 2.4])],
    [],
    [],
)
DISTRIBUTIONS.update(NEW)

# Distributions of vectors and matrices: densities of SciPy, or in NumPy, that agree with PyMC's in 1e-10; PyMC's alone
# where the formula is None. A case is (arguments, points[, why PyMC is not compared[, why it starts elsewhere]]).
COV = [[2.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 0.5]]
CHOL = np.linalg.cholesky(COV).tolist()
PRECISION = np.linalg.inv(COV).tolist()
# Eigenvalues, and eigenvectors in columns.
EIGEN = tuple(part.tolist() for part in np.linalg.eigh(COV))
EIGEN_PAIR = tuple(part.tolist() for part in np.linalg.eigh([[1.0, 0.5], [0.5, 2.0]]))
POINTS = [[0.0, 0.0, 0.0], [1.0, -2.0, 0.5], [-30.0, 4.0, 2.0]]
RING = [[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 0.0]]
WEIGHTED = [[0.0, 2.0, 0.5], [2.0, 0.0, 1.0], [0.5, 1.0, 0.0]]


def mv_normal(x, mu=0.0, cov=None, tau=None, chol=None):
    cov = np.array(cov) if cov is not None else np.linalg.inv(tau) if tau is not None else np.array(chol) @ np.array(chol).T
    return st.multivariate_normal(np.broadcast_to(mu, len(cov)), cov).logpdf(x)


def mv_student_t(x, nu, mu=0.0, scale=None, chol=None, tau=None):
    scale = np.linalg.inv(tau) if tau is not None else np.array(scale) if scale is not None else np.array(chol) @ np.array(chol).T
    k, distance = len(scale), np.array(x) - mu
    square = distance @ np.linalg.solve(scale, distance)
    log_det = np.log(np.linalg.det(scale))
    ratio = log_gamma(mp.mpf(nu + k) / 2) - log_gamma(mp.mpf(nu) / 2) - mp.mpf(k) / 2 * mp.log(nu * mp.pi)
    return float(ratio - (nu + k) * mp.log1p(square / nu) / 2 - log_det / 2)


def lkj_log_integral(eta, n):
    """Log of the integral of det(R)^(eta - 1): equation 16 of Lewandowski, Kurowicka and Joe (2009). PyMC adds it."""
    half = lambda k: mp.mpf(eta) + mp.mpf(n - k - 1) / 2
    return float(mp.fsum((n - k) * ((2 * eta - 2 + n - k) * mp.log(2) + log_beta(half(k), half(k))) for k in range(1, int(n))))


def lkj_corr(x, n, eta):
    n = int(n)
    R = np.eye(n)
    R[np.triu_indices(n, 1)] = x
    R = np.maximum(R, 0) + np.minimum(R, 0) + np.triu(R, 1).T
    return (eta - 1) * np.log(np.linalg.det(R)) + lkj_log_integral(eta, n)


def lkj_cholesky_cov(x, eta, n, sd_dist):
    n = int(n)
    L = np.zeros((n, n))
    L[np.tril_indices(n)] = x
    sd = np.sqrt((L**2).sum(1))
    diagonal, i = np.diag(L) / sd, np.arange(n)
    name, arguments = sd_dist
    known = {k: mp.mpf(v) for k, v in arguments.items()}
    scales = sum(float(DISTRIBUTIONS[name][0](mp.mpf(s), **known)[0]) for s in sd)
    return ((2 * eta - 3 + n - i + 1) * np.log(diagonal) - i * np.log(sd)).sum() + scales + lkj_log_integral(eta, n)


def car(x, mu, W, alpha, tau):
    W = np.array(W)
    precision = tau * (np.diag(W.sum(0)) - alpha * W)
    return st.multivariate_normal(np.broadcast_to(mu, len(W)), np.linalg.inv(precision)).logpdf(x)


def icar(x, W, sigma=1.0, zero_sum_stdev=0.001):
    W, x = np.array(W), np.array(x)
    pairwise = -sum((x[i] - x[k]) ** 2 for i in range(len(x)) for k in range(i) if W[i, k]) / (2 * sigma**2)
    return pairwise - (len(x) - 1) * np.log(sigma) + st.norm(0, zero_sum_stdev * len(x)).logpdf(x.sum())


def zero_sum_normal(x, sigma=1.0, n_zerosum_axes=1):
    x = np.array(x)
    freedom = np.prod([n - 1 for n in x.shape[x.ndim - int(n_zerosum_axes) :]])
    return -0.5 * (x**2).sum() / sigma**2 - freedom * np.log(sigma * np.sqrt(2 * np.pi))


def ar(x, rho, sigma=1.0, tau=None, constant=False):
    sigma = sigma if tau is None else tau**-0.5
    c, rho = (rho[0], rho[1:]) if constant else (0.0, rho)
    mean = lambda t: c + sum(r * x[t - k - 1] for k, r in enumerate(rho))
    rest = sum(st.norm(mean(t), sigma).logpdf(x[t]) for t in range(len(rho), len(x)))
    return rest + st.norm(0, 100).logpdf(x[: len(rho)]).sum()


def random_walk(x, mu=0.0, sigma=1.0):
    return st.norm(0, 100).logpdf(x[0]) + st.norm(mu, sigma).logpdf(np.diff(x)).sum()


def mv_random_walk(x, mu=0.0, cov=None, chol=None, tau=None):
    steps = sum(mv_normal(step, mu, cov, tau, chol) for step in np.diff(x, axis=0))
    return st.multivariate_normal(np.zeros(len(x[0])), 100 * np.eye(len(x[0]))).logpdf(x[0]) + steps


def mv_t_walk(x, nu, mu=0.0, scale=None, chol=None, tau=None):
    steps = sum(mv_student_t(step, nu, mu, scale, chol, tau) for step in np.diff(x, axis=0))
    return st.multivariate_normal(np.zeros(len(x[0])), 100 * np.eye(len(x[0]))).logpdf(x[0]) + steps


def ordered_multinomial(x, eta, cutpoints, n):
    ends = [0.0, *(1 / (1 + np.exp(eta - np.array(cutpoints)))), 1.0]
    return st.multinomial(n, np.diff(ends)).logpmf(x)


def kronecker_normal(x, mu, covs=None, chols=None, evds=None, sigma=0.0):
    if chols is not None:
        covs = [np.array(c) @ np.array(c).T for c in chols]
    if evds is not None:
        covs = [np.array(v) @ np.diag(w) @ np.array(v).T for w, v in evds]
    whole = np.kron(*covs) + sigma**2 * np.eye(len(x))
    return st.multivariate_normal(mu, whole).logpdf(x)


def garch11(x, omega, alpha_1, beta_1, initial_vol):
    variance, total = initial_vol**2, 0.0
    for value in x:
        total += st.norm(0, np.sqrt(variance)).logpdf(value)
        variance = omega + alpha_1 * value**2 + beta_1 * variance
    return total


def discrete_markov_chain(x, P=None, logit_P=None, init_dist=None, n_lags=1):
    P = np.array(P) if P is not None else np.exp(logit_P) / np.exp(logit_P).sum(-1, keepdims=True)
    total = np.log(np.array(init_dist[1]["p"])[x[:n_lags]]).sum()
    return total + sum(np.log(P[tuple(x[t - n_lags : t + 1])]) for t in range(n_lags, len(x)))


STATES = [[0, 1, 2, 2, 1, 0, 0], [2, 2, 0, 1, 1, 1, 2]]
STEPS = [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.25, 0.35, 0.4]]
FIRST = ("Categorical", {"p": [0.2, 0.5, 0.3]})
AFTER_TWO = np.array([STEPS, STEPS[::-1], [[0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.3, 0.3, 0.4]]])
WALK = [[0.0, 0.5, 0.2, -1.0, 3.0], [150.0, 150.5, 140.0, 141.0, 139.0]]
VECTORS = {
    "MvNormal": (
        mv_normal,
        [
            ({"mu": [0.5, -1.0, 0.0], "cov": COV}, POINTS),
            ({"cov": COV}, POINTS),
            ({"mu": [0.5, -1.0, 0.0], "tau": PRECISION}, POINTS),
            ({"mu": 2.0, "chol": CHOL}, POINTS),
        ],
        [],
        [],
    ),
    "MvStudentT": (
        mv_student_t,
        [
            ({"nu": 3.5, "mu": [0.5, -1.0, 0.0], "scale": COV}, POINTS),
            ({"nu": 1e7, "chol": CHOL}, POINTS, "PyMC subtracts log gammas of large arguments"),
            ({"nu": 8.0, "mu": [0.5, -1.0, 0.0], "tau": PRECISION}, POINTS),
        ],
        [],
        [],
    ),
    "Dirichlet": (
        lambda x, a: st.dirichlet(a).logpdf(x),
        [
            ({"a": [1.0, 1.0, 1.0]}, [[0.2, 0.3, 0.5]]),
            ({"a": [0.1, 2.0, 30.0]}, [[0.2, 0.3, 0.5], [1e-9, 0.25, 0.75 - 1e-9]]),
        ],
        [],
        [],
    ),
    "Multinomial": (
        lambda x, n, p: st.multinomial(n, p).logpmf(x),
        [({"n": 10.0, "p": [0.2, 0.3, 0.5]}, [[2, 3, 5], [10, 0, 0], [0, 0, 10], [1, 1, 1]])],
        [],
        [],
    ),
    "DirichletMultinomial": (
        lambda x, n, a: st.dirichlet_multinomial(a, int(n)).logpmf(x) if sum(x) == n else -np.inf,
        [({"n": 10.0, "a": [0.2, 3.0, 150.0]}, [[2, 3, 5], [10, 0, 0], [0, 0, 10], [1, 1, 1]])],
        [],
        [],
    ),
    "OrderedMultinomial": (
        ordered_multinomial,
        [({"eta": 0.3, "cutpoints": [-1.0, 0.0, 2.5], "n": 10.0}, [[2, 3, 4, 1], [10, 0, 0, 0]], "", MEAN)],
        [],
        [],
    ),
    "StickBreakingWeights": (
        None,
        [({"alpha": 2.5, "K": 3.0}, [[0.1, 0.2, 0.3, 0.4], [0.7, 0.2, 0.05, 0.05]])],
        [],
        [],
    ),
    "Wishart": (
        lambda x, nu, V: st.wishart(nu, np.array(V)).logpdf(np.array(x)),
        [({"nu": 5.0, "V": COV}, [COV, [[1.0, 0.2, 0.0], [0.2, 2.0, 0.1], [0.0, 0.1, 0.5]]], "", MEAN)],
        [],
        [],
    ),
    "MatrixNormal": (
        lambda x, mu, rowcov=None, rowchol=None, colcov=None, colchol=None: st.matrix_normal(
            mu,
            rowcov if rowcov is not None else np.array(rowchol) @ np.array(rowchol).T,
            colcov if colcov is not None else np.array(colchol) @ np.array(colchol).T,
        ).logpdf(x),
        [
            (
                {"mu": [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], "rowcov": COV, "colcov": [[1.0, 0.5], [0.5, 2.0]]},
                [[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]],
            ),
            (
                {"mu": [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], "rowchol": CHOL, "colchol": [[1.0, 0.0], [0.5, 2.0]]},
                [[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]],
            ),
        ],
        [],
        [],
    ),
    "CAR": (
        car,
        [
            ({"mu": [0.0, 0.1, 0.2, 0.3], "W": RING, "alpha": 0.6, "tau": 2.0}, [[1.0, 0.0, -1.0, 2.0]], "PyMC leaves out a constant"),
            ({"mu": [0.5, 0.5, 0.5], "W": WEIGHTED, "alpha": -0.9, "tau": 0.3}, [[1.0, 0.0, -1.0]], "PyMC leaves out a constant"),
        ],
        [],
        [],
    ),
    "ICAR": (
        icar,
        [
            ({"W": RING}, [[1.0, 0.0, -1.0, 0.01], [0.0, 0.0, 0.0, 0.0]]),
            ({"W": RING, "sigma": 2.0, "zero_sum_stdev": 0.1}, [[1.0, 0.0, -1.0, 0.01]], "PyMC leaves out log(sigma)"),
        ],
        [],
        [],
    ),
    "ZeroSumNormal": (
        zero_sum_normal,
        [
            ({"sigma": 2.0, "support_shape": [3.0]}, [[1.0, -3.0, 2.0]]),
            (
                {"sigma": 0.5, "n_zerosum_axes": 2.0, "support_shape": [2.0, 3.0]},
                [[[1.0, -3.0, 2.0], [-1.0, 3.0, -2.0]]],
            ),
        ],
        [],
        [],
    ),
    "LKJCholeskyCov": (
        lkj_cholesky_cov,
        [
            (
                {"eta": 2.5, "n": 3.0, "sd_dist": ("Exponential", {"lam": 0.7})},
                [[1.0, 0.3, 0.8, -0.4, 0.2, 1.5], [0.1, 5.0, 0.01, 0.0, 0.0, 1.0]],
            ),
            ({"eta": 1.0, "n": 4.0, "sd_dist": ("HalfNormal", {"sigma": 2.0})}, [[1.0, 0.3, 0.8, -0.4, 0.2, 1.5, 1.0, -1.0, 0.5, 0.2]]),
        ],
        [],
        [],
    ),
    "LKJCorr": (
        lkj_corr,
        [
            ({"n": 3.0, "eta": 2.5}, [[0.1, -0.4, 0.3], [0.9, 0.5, 0.7]]),
            ({"n": 4.0, "eta": 1.0}, [[0.1, -0.4, 0.3, 0.0, 0.2, -0.1]]),
        ],
        [],
        [],
    ),
    "GaussianRandomWalk": (random_walk, [({}, WALK), ({"mu": 0.3, "sigma": 2.5}, WALK)], [], []),
    "RandomWalk": (
        lambda x, init_dist, innovation_dist: st.norm(1, 2).logpdf(x[0]) + st.laplace(0, 0.5).logpdf(np.diff(x)).sum(),
        [
            (
                {"init_dist": ("Normal", {"mu": 1.0, "sigma": 2.0}), "innovation_dist": ("Laplace", {"mu": 0.0, "b": 0.5})},
                WALK,
            )
        ],
        [],
        [],
    ),
    "MvGaussianRandomWalk": (
        mv_random_walk,
        [
            ({"mu": [0.5, -1.0, 0.0], "cov": COV}, [POINTS]),
            ({"mu": [0.0, 0.0, 1.0], "chol": CHOL}, [POINTS]),
            ({"mu": [0.5, -1.0, 0.0], "tau": PRECISION}, [POINTS]),
        ],
        [],
        [],
    ),
    "MvStudentTRandomWalk": (
        mv_t_walk,
        [
            ({"nu": 4.0, "mu": [0.5, -1.0, 0.0], "scale": COV}, [POINTS]),
            ({"nu": 4.0, "mu": [0.0, 0.0, 1.0], "chol": CHOL}, [POINTS]),
            ({"nu": 4.0, "mu": [0.5, -1.0, 0.0], "tau": PRECISION}, [POINTS]),
        ],
        [],
        [],
    ),
    "KroneckerNormal": (
        kronecker_normal,
        [
            ({"mu": [0.5] * 6, "covs": [COV, [[1.0, 0.5], [0.5, 2.0]]], "sigma": 0.7}, [[1.0, -2.0, 0.5, 3.0, 0.0, 0.1]]),
            ({"mu": [0.5] * 6, "chols": [[[1.0, 0.0], [0.5, 2.0]], CHOL]}, [[1.0, -2.0, 0.5, 3.0, 0.0, 0.1]]),
            ({"mu": [0.5] * 6, "evds": [EIGEN, EIGEN_PAIR], "sigma": 0.7}, [[1.0, -2.0, 0.5, 3.0, 0.0, 0.1]]),
        ],
        [],
        [],
    ),
    "GARCH11": (
        garch11,
        [({"omega": 0.5, "alpha_1": 0.3, "beta_1": 0.6, "initial_vol": 1.5}, WALK)],
        [],
        [],
    ),
    "DiscreteMarkovChain": (
        discrete_markov_chain,
        [
            ({"P": STEPS, "init_dist": FIRST}, STATES, "", MEAN),
            ({"logit_P": [[1.0, 0.3, -0.2], [0.0, 0.0, 2.0], [-1.0, 0.5, 0.1]], "init_dist": FIRST}, STATES, "", MEAN),
            ({"P": AFTER_TWO, "init_dist": FIRST, "n_lags": 2}, STATES, "", MEAN),
        ],
        [],
        [],
    ),
    "AR": (
        ar,
        [
            ({"rho": [0.7], "sigma": 2.0}, WALK),
            ({"rho": [0.7, -0.2], "tau": 4.0}, WALK),
            ({"rho": [1.5, 0.7, -0.2], "sigma": 0.5, "constant": True}, WALK),
        ],
        [],
        [],
    ),
}


def number(x):
    x = float(x)
    return x if math.isfinite(x) else str(x)


MISMATCHES = []
# PyMC has none: its sampler leaves the support.
TRANSFORMS = {"Maxwell": "log", "GenPareto": "interval", "ExtGenPareto": "interval", "LogitNormal": "logodds", "HurdleGamma": "log", "HurdleLogNormal": "log"}
# Arguments of pm.X(...) that pm.X.dist(...) does not have.
CONSTRUCTOR_ONLY = {"OrderedLogistic": ["compute_p"], "OrderedProbit": ["compute_p"], "OrderedMultinomial": ["compute_p"]}


def is_distribution(value):
    return isinstance(value, tuple) and isinstance(value[0], str)


def are_pairs(value):
    return isinstance(value, list) and isinstance(value[0], tuple) and not is_distribution(value[0])


def is_matrices(value):
    return isinstance(value, list) and isinstance(value[0], list) and isinstance(value[0][0], list)


def exactly(value):
    """The argument in all digits."""
    if is_distribution(value):
        return value[0], {k: exactly(v) for k, v in value[1].items()}
    return [exactly(v) for v in value] if isinstance(value, list) else mp.mpf(value)


def in_json(value):
    if is_distribution(value):
        return {"distribution": value[0], "arguments": value[1]}
    if are_pairs(value):
        return {"matrices": [part for pair in value for part in pair]}
    if is_matrices(value):
        return {"matrices": value}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [in_json(v) for v in value] if isinstance(value, list) else value


def json_of(arguments):
    return {k: in_json(v) for k, v in arguments.items()}


def log_of(p):
    return number(mp.log(p)) if p > 0 else "-inf"


def case_of(name, formula, arguments, points, pymc_differs=None, start_differs=None):
    known = {k: exactly(v) for k, v in arguments.items()}
    exact = [formula(mp.mpf(x), **known) for x in points]
    rv = distribution_of(name).dist(**doubles(arguments))
    if not pymc_differs:
        if name in SCIPY:
            seen = SCIPY[name](np.array(points), **arguments)
        else:
            seen = np.broadcast_to(pm.logp(rv, np.array(points)).eval(mode=MODE), len(points))
        for x, s, (value, size) in zip(points, seen, exact):
            same = s == float(value) or abs(s - float(value)) <= 1e-11 * abs(float(value)) + 1e-14 * float(size)
            if name in NEW:
                same = same or abs(s - float(value)) <= 1e-10 * abs(float(value)) + 1e-13
            if not same:
                MISMATCHES.append((name, arguments, x, float(s), float(value)))
    case = {
        "arguments": json_of(arguments),
        "x": points,
        "log_density": [number(value) for value, _ in exact],
        "cancelling": [float(mp.nstr(mp.mpf(size), 3)) for _, size in exact],
        "support_point": None if start_differs else number(support_point(rv).eval(mode=MODE)),
    }
    if name in CDFS or (name in DISCRETE and max(points) <= 1000):
        try:
            cdf = [cdf_of(name, mp.mpf(x), known) for x in points]
        except TooManyTerms:
            return case
        case["log_cdf"] = [log_of(p) for p in cdf]
        case["log_survival"] = [log_of(1 - p if 1 - p > mp.mpf(10) ** -50 else mp.mpf(0)) for p in cdf]
    return case


def case_of_vectors(name, formula, arguments, points, pymc_differs=None, start_differs=None):
    distribution = distribution_of(name)
    settings = {k: v for k, v in arguments.items()}
    if name in SERIES:
        settings["steps"] = len(points[0]) - SERIES[name](arguments)
    if name == "LKJCholeskyCov":
        settings["n"], settings["compute_corr"] = int(arguments["n"]), False
        settings["eta"] = arguments["eta"]
    whole = {k: int(v) for k, v in settings.items() if k in ("steps", "n_lags", "n_zerosum_axes", "K", "n") and v is not None}
    made = {k: v for k, v in doubles({k: v for k, v in settings.items() if k not in whole}).items()} | whole
    if name == "LKJCholeskyCov":
        made["eta"] = float(arguments["eta"])
    if name == "ZeroSumNormal":
        made["support_shape"] = [int(n) for n in arguments["support_shape"]]
    if name == "OrderedMultinomial":
        rv = None
    else:
        rv = distribution.dist(**made)
    exact = []
    for x in points:
        value = None if formula is None else float(formula(x, **{k: v for k, v in arguments.items() if k != "support_shape"}))
        if rv is not None and not pymc_differs:
            theirs = float(pm.logp(rv, np.array(x, dtype="int64" if rv.dtype == "int64" else "float64")).eval(mode=MODE))
            value = theirs if value is None else value
            if value != theirs and not abs(value - theirs) <= 1e-10 * abs(value) + 1e-12:
                MISMATCHES.append((name, arguments, x, theirs, value))
        exact.append(value)
    starts = None if start_differs or rv is None else support_point(rv).eval(mode=MODE)
    return {
        "arguments": json_of(arguments),
        "x": points,
        "log_density": [number(value) for value in exact],
        "cancelling": [0.0 for _ in exact],
        "support_point": None if starts is None else np.array(starts, dtype=float).ravel().tolist(),
    }


# Values that a time series starts with.
SERIES = {name: lambda arguments: 1 for name in ("GaussianRandomWalk", "RandomWalk", "MvGaussianRandomWalk", "MvStudentTRandomWalk", "GARCH11")}
SERIES["DiscreteMarkovChain"] = lambda arguments: arguments.get("n_lags", 1)
SERIES["AR"] = lambda arguments: len(arguments["rho"]) - bool(arguments.get("constant"))
# Arguments of distributions that PyMC hides behind `*args`, and transforms of those made by functions.
POSITIONAL = {
    "GaussianRandomWalk": (["mu", "sigma"], ["init_dist", "steps"]),
    "MvGaussianRandomWalk": (["mu"], ["cov", "tau", "chol", "lower", "init_dist", "steps"]),
    "MvStudentTRandomWalk": ([], ["nu", "mu", "scale", "tau", "chol", "lower", "init_dist", "steps"]),
    "OrderedMultinomial": (["eta", "cutpoints", "n"], ["compute_p"]),
    "LKJCholeskyCov": (["eta", "n", "sd_dist"], ["compute_corr", "store_in_trace"]),
}
VECTOR_TRANSFORMS = {
    "Dirichlet": "simplex",
    "StickBreakingWeights": "simplex",
    "ZeroSumNormal": "zerosum",
    "LKJCholeskyCov": "cholesky-cov-packed",
    "LKJCorr": "interval",
}


def entry_of_vectors(name, formula, cases, refused, violations):
    parameters = [p for p in inspect.signature(distribution_of(name).dist).parameters.values()]
    names = lambda kind: [p.name for p in parameters if p.kind is kind]
    positional, keyword_only = POSITIONAL.get(
        name, (names(inspect.Parameter.POSITIONAL_OR_KEYWORD), names(inspect.Parameter.KEYWORD_ONLY))
    )
    return {
        "positional": positional,
        "keyword_only": keyword_only,
        "discrete": name in ("Multinomial", "DirichletMultinomial", "OrderedMultinomial", "DiscreteMarkovChain"),
        "transform": VECTOR_TRANSFORMS.get(name, ""),
        "cases": [case_of_vectors(name, formula, *case) for case in cases],
        "refused": refused,
        "violations": violations,
    }


def doubles(arguments):
    """Arrays, for PyMC takes Python's numbers as single precision."""

    def of(value):
        if are_pairs(value):
            return [tuple(np.array(part) for part in pair) for pair in value]
        if is_matrices(value):
            return [np.array(v) for v in value]
        if is_distribution(value):
            return distribution_of(value[0]).dist(**doubles(value[1]))
        if isinstance(value, list) and is_distribution(value[0]):
            return [of(v) for v in value]
        return np.array(value)

    return {k: of(v) for k, v in arguments.items()}


def message_of(function, kind):
    try:
        function()
    except kind as error:
        return str(error.args[0]).splitlines()[0]
    raise AssertionError("PyMC accepts this")


def violation_of(distribution, violation):
    """Arguments and the rule they break: PyMC's, or ours where PyMC names another parameter."""
    arguments, ours = violation if isinstance(violation, tuple) else (violation, None)
    theirs = message_of(
        lambda: pm.logp(distribution.dist(**doubles(arguments)), 0.5).eval(mode=MODE), ParameterValueError
    )
    return {"arguments": json_of(arguments), "rule": ours or theirs}


def entry_of(name, formula, cases, refused, violations):
    distribution = distribution_of(name)
    parameters = [p for p in inspect.signature(distribution.dist).parameters.values()]
    names = lambda kind: [p.name for p in parameters if p.kind is kind]
    with pm.Model() as model:
        rv = distribution("x", **doubles(cases[0][0]))
    transform = model.rvs_to_transforms[rv]
    return {
        "positional": names(inspect.Parameter.POSITIONAL_OR_KEYWORD),
        "keyword_only": names(inspect.Parameter.KEYWORD_ONLY) + CONSTRUCTOR_ONLY.get(name, []),
        "discrete": bool(rv.dtype.startswith("int")),
        "transform": TRANSFORMS.get(name) or (transform.name if transform is not None else ""),
        "cases": [case_of(name, formula, *case) for case in cases],
        "refused": [
            {"arguments": json_of(a), "message": message_of(lambda a=a: distribution.dist(**doubles(a)), ValueError)} for a in refused
        ],
        "violations": [violation_of(distribution, v) for v in violations],
    }


def main():
    out = {"pymc": pm.__version__, "mpmath": mp.__version__, "distributions": {}}
    for name, entry in DISTRIBUTIONS.items():
        out["distributions"][name] = entry_of(name, *entry)
    for name, entry in VECTORS.items():
        out["distributions"][name] = entry_of_vectors(name, *entry)
    assert not MISMATCHES, "PyMC differs:\n" + "\n".join(map(str, MISMATCHES))
    path = Path(__file__).parent.parent / "data" / "distributions.json"
    path.write_text(json.dumps(out, indent=1) + "\n")


main()
