"""Writes reference values of every distribution to ../data/distributions.json.

Log densities are computed by mpmath with 60 digits from the textbook formulas, and must agree with PyMC where PyMC's
own arithmetic is accurate; cases where it is not say why. Support points, default transforms, argument order, rules on
parameters and error messages are PyMC's.

    pip install -r ../../../tests/reference/requirements.txt mpmath==1.4.1
    python distributions.py
"""

import inspect
import json
import math
from pathlib import Path

import mpmath as mp
import numpy as np
import pytensor

pytensor.config.cxx = ""
pytensor.config.cast_policy = "numpy+floatX"  # before anything makes a constant, or `log(2)` is in single precision

import pymc as pm
from pymc.distributions.distribution import support_point
from pymc.logprob.utils import ParameterValueError
from pytensor.compile.mode import Mode

mp.mp.dps = 60
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


REAL = [0.0, 0.5, -3.0, 12.25, -40.0, 1e5]
POSITIVE = [1e-300, 1e-8, 0.03, 0.5, 1.0, 3.7, 40.0, 1e5]
UNIT = [1e-300, 1e-12, 0.003, 0.25, 0.5, 0.9, 1 - 1e-10, 1 - 2.0**-53]
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


def number(x):
    x = float(x)
    return x if math.isfinite(x) else str(x)


def case_of(name, formula, arguments, points, pymc_differs=None):
    exact = [formula(mp.mpf(x), **{k: mp.mpf(v) for k, v in arguments.items()}) for x in points]
    rv = getattr(pm, name).dist(**doubles(arguments))
    if pymc_differs is None:
        seen = np.broadcast_to(pm.logp(rv, np.array(points)).eval(mode=MODE), len(points))
        for x, s, (value, size) in zip(points, seen, exact):
            same = s == float(value) or abs(s - float(value)) <= 1e-11 * abs(float(value)) + 1e-14 * float(size)
            assert same, (name, arguments, x, s, float(value))
    return {
        "arguments": arguments,
        "x": points,
        "log_density": [number(value) for value, _ in exact],
        "cancelling": [float(mp.nstr(mp.mpf(size), 3)) for _, size in exact],
        "support_point": number(support_point(rv).eval(mode=MODE)),
    }


def doubles(arguments):
    """Arrays, for PyMC takes Python's numbers as single precision."""
    return {k: np.array(v) for k, v in arguments.items()}


def message_of(function, kind):
    try:
        function()
    except kind as error:
        return str(error.args[0]).splitlines()[0]
    raise AssertionError("PyMC accepts this")


def entry_of(name, formula, cases, refused, violations):
    distribution = getattr(pm, name)
    parameters = [p for p in inspect.signature(distribution.dist).parameters.values()]
    names = lambda kind: [p.name for p in parameters if p.kind is kind]
    with pm.Model() as model:
        rv = distribution("x", **doubles(cases[0][0]))
    transform = model.rvs_to_transforms[rv]
    return {
        "positional": names(inspect.Parameter.POSITIONAL_OR_KEYWORD),
        "keyword_only": names(inspect.Parameter.KEYWORD_ONLY),
        "discrete": bool(rv.dtype.startswith("int")),
        "transform": transform.name if transform is not None else "",
        "cases": [case_of(name, formula, *case) for case in cases],
        "refused": [
            {"arguments": a, "message": message_of(lambda a=a: distribution.dist(**doubles(a)), ValueError)} for a in refused
        ],
        "violations": [
            {
                "arguments": a,
                "rule": message_of(
                    lambda a=a: pm.logp(distribution.dist(**doubles(a)), 0.5).eval(mode=MODE), ParameterValueError
                ),
            }
            for a in violations
        ],
    }


def main():
    out = {"pymc": pm.__version__, "mpmath": mp.__version__, "distributions": {}}
    for name, entry in DISTRIBUTIONS.items():
        out["distributions"][name] = entry_of(name, *entry)
    path = Path(__file__).parent.parent / "data" / "distributions.json"
    path.write_text(json.dumps(out, indent=1) + "\n")


main()
