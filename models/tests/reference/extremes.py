"""Writes ../data/extremes.json: log densities and distribution functions where naive formulas fail.

Textbook formulas in mpmath with 400 digits: far tails, shapes near 0 and at 1e8 and more, log odds of hundreds,
counts of zero, bounds that are almost not there.

    pip install mpmath==1.4.1
    python extremes.py
"""

import json
from pathlib import Path

import mpmath as mp

mp.mp.dps = 400


def phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def student_density(x, nu):
    return mp.loggamma((nu + 1) / 2) - mp.loggamma(nu / 2) - mp.log(nu * mp.pi) / 2 - (nu + 1) / 2 * mp.log1p(x**2 / nu)


def negative_binomial(k, mu, alpha):
    terms = [mp.loggamma(k + alpha), -mp.loggamma(alpha), -mp.loggamma(k + 1)]
    return mp.fsum(terms) + alpha * mp.log(alpha / (alpha + mu)) + (k * mp.log(mu / (alpha + mu)) if k else 0)


def poisson(k, mu):
    return k * mp.log(mu) - mu - mp.loggamma(k + 1)


def gamma_lower(a, x):
    term = total = mp.mpf(1)
    n = 0
    while term > total * mp.mpf(10) ** -390:
        n += 1
        term *= x / (a + n)
        total += term
    return total * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


def beta_lower(a, b, x, y):
    if x > y:
        return 1 - beta_lower(b, a, y, x)
    term = total = mp.mpf(1)
    n = 0
    while term > total * mp.mpf(10) ** -390:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return total * mp.exp(a * mp.log(x) + b * mp.log(y) - log_beta) / a


def student_tail(x, nu):
    return beta_lower(nu / 2, mp.mpf(1) / 2, nu / (nu + x**2), x**2 / (nu + x**2)) / 2


def log_scaled_bessel(x):
    """log(I0(x)) - x: by its series, or, where that is long, by the asymptotic one."""
    if x < 1e3:
        return mp.log(mp.besseli(0, x)) - x
    term = total = mp.mpf(1)
    for n in range(1, 30):
        term *= mp.mpf((2 * n - 1) ** 2) / (8 * n * x)
        total += term
    return mp.log(total) - mp.log(2 * mp.pi * x) / 2


# distribution, arguments, x, what, value
CASES = []


def case(distribution, arguments, x, what, formula):
    exact = {name: mp.mpf(value) for name, value in arguments.items()}
    value = formula(mp.mpf(x), **exact)
    CASES.append({"distribution": distribution, "arguments": arguments, "x": x, "what": what, "value": float(value)})


for x in [-38.0, -300.0, -1e10, 8.0, 37.0]:
    case("Normal", {"mu": 0.0, "sigma": 1.0}, x, "log_cdf", lambda x, mu, sigma: mp.log(phi(x)))
    case("Normal", {"mu": 0.0, "sigma": 1.0}, -x, "log_survival", lambda x, mu, sigma: mp.log(phi(-x)))
for nu in [1e-3, 1e5, 1e10, 1e15]:
    for x in [0.0, 1e-8, 3.0, 1e5]:
        case("StudentT", {"nu": nu}, x, "log_density", student_density)
for nu in [0.3, 3.0, 50.0]:
    for x in [1e-9, 1e-3, 2.0, 1e4, 1e60]:
        case("StudentT", {"nu": nu}, -x, "log_cdf", lambda x, nu: mp.log(student_tail(x, nu)))
        case("HalfStudentT", {"nu": nu}, x, "log_survival", lambda x, nu: mp.log(2 * student_tail(x, nu)))
        case("HalfStudentT", {"nu": nu}, x, "log_cdf", lambda x, nu: mp.log(1 - 2 * student_tail(x, nu)))
for alpha in [1e-8, 1e8, 1e12, 1e17]:
    for k in [0.0, 1.0, 40.0, 3000.0]:
        case("NegativeBinomial", {"mu": 30.0, "alpha": alpha}, k, "log_density", negative_binomial)
for mu in [1e-300, 1e-8, 1e8]:
    for k in [0.0, 1.0, 7.0]:
        case("Poisson", {"mu": mu}, k, "log_density", poisson)
for mu, k in [(1e-8, 0.0), (1e-8, 3.0), (50.0, 300.0), (1e4, 1.1e4)]:
    case("Poisson", {"mu": mu}, k, "log_survival", lambda k, mu: mp.log(gamma_lower(k + 1, mu)))
for mu, k in [(700.0, 10.0), (50.0, 0.0), (1e4, 9.3e3)]:
    case("Poisson", {"mu": mu}, k, "log_cdf", lambda k, mu: mp.log(1 - gamma_lower(k + 1, mu)))
for eta in [-745.0, -40.0, 40.0, 745.0]:
    for k in [0.0, 1.0]:
        case("Bernoulli", {"logit_p": eta}, k, "log_density", lambda k, logit_p: k * logit_p - mp.log1p(mp.exp(logit_p)))
for alpha in [1e-8, 1e-3]:
    for x in [1e-300, 1e-3, 1.0, 500.0]:
        case(
            "Gamma",
            {"alpha": alpha, "beta": 1.0},
            x,
            "log_density",
            lambda x, alpha, beta: (alpha - 1) * mp.log(x) - x - mp.loggamma(alpha),
        )
for alpha, x in [(0.01, 1e-300), (3.0, 1e-100), (300.0, 2.0), (2e4, 1.5e4)]:
    case("Gamma", {"alpha": alpha, "beta": 1.0}, x, "log_cdf", lambda x, alpha, beta: mp.log(gamma_lower(alpha, x)))
for alpha, x in [(0.3, 700.0), (3.0, 600.0), (300.0, 900.0), (2e4, 2.3e4)]:
    case(
        "Gamma", {"alpha": alpha, "beta": 1.0}, x, "log_survival", lambda x, alpha, beta: mp.log(1 - gamma_lower(alpha, x))
    )
for alpha, beta, x in [(0.01, 2.0, 1e-300), (3.0, 2e3, 1e-100), (500.0, 3.0, 0.01), (2e3, 2e3, 0.4)]:
    case(
        "Beta", {"alpha": alpha, "beta": beta}, x, "log_cdf", lambda x, alpha, beta: mp.log(beta_lower(alpha, beta, x, 1 - x))
    )
for n, p, k in [(1000.0, 1e-10, 3.0), (1000.0, 0.5, 700.0), (50.0, 0.999, 49.0)]:
    case(
        "Binomial", {"n": n, "p": p}, k, "log_survival", lambda k, n, p: mp.log(beta_lower(k + 1, n - k, p, 1 - p))
    )
for mu, alpha, k in [(30.0, 0.1, 5000.0), (30.0, 1e4, 200.0), (1e-5, 3.0, 2.0)]:
    case(
        "NegativeBinomial",
        {"mu": mu, "alpha": alpha},
        k,
        "log_survival",
        lambda k, mu, alpha: mp.log(beta_lower(k + 1, alpha, mu / (mu + alpha), alpha / (mu + alpha))),
    )
for kappa in [1e-8, 1e5, 1e8]:
    case(
        "VonMises",
        {"mu": 0.0, "kappa": kappa},
        0.01,
        "log_density",
        lambda x, mu, kappa: kappa * (mp.cos(x) - 1) - mp.log(2 * mp.pi) - log_scaled_bessel(kappa),
    )
for lower in [-1e10, -40.0, 5.0, 35.0]:
    case(
        "TruncatedNormal",
        {"mu": 0.0, "sigma": 1.0, "lower": lower},
        lower + 0.5,
        "log_density",
        lambda x, mu, sigma, lower: -(x**2) / 2 - mp.log(2 * mp.pi) / 2 - mp.log(phi(-lower)),
    )

if __name__ == "__main__":
    path = Path(__file__).resolve().parents[1] / "data" / "extremes.json"
    path.write_text(json.dumps(CASES, indent=0) + "\n")
    print(len(CASES), "cases")
