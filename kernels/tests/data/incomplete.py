"""Writes incomplete.csv: function, arguments, value, derivatives in every argument; mpmath with 800 digits.

The arguments are the doubles written, read back exactly; values are rounded to the nearest double. Derivatives are
central differences with a step of 1e-80.
"""

import itertools

import mpmath as mp

mp.mp.dps = 800


def gamma_lower(a, x):
    term = total = mp.mpf(1)
    n = 0
    while term > total * mp.mpf(10) ** -790:
        n += 1
        term *= x / (a + n)
        total += term
    return total * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


def beta_lower(a, b, x):
    if x > 0.5:
        return 1 - beta_lower(b, a, 1 - x)
    term = total = mp.mpf(1)
    n = 0
    while term > total * mp.mpf(10) ** -790:
        term *= (a + b + n) / (a + 1 + n) * x
        n += 1
        total += term
    log_beta = mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
    return total * mp.exp(a * mp.log(x) + b * mp.log(1 - x) - log_beta) / a


FUNCTIONS = {
    "log_gamma_p": lambda a, x: mp.log(gamma_lower(a, x)),
    "log_gamma_q": lambda a, x: mp.log(1 - gamma_lower(a, x)),
    "log_beta_cdf": lambda a, b, x: mp.log(beta_lower(a, b, x)),
}
SHAPES = [1e-3, 0.3, 1.0, 2.5, 17.0, 300.0, 2e4]
PLACES = [1e-6, 0.2, 0.8, 0.999, 1.0, 1.001, 1.3, 2.0]
ARGUMENTS = {}
ARGUMENTS["log_gamma_p"] = [(a, a * place) for a in SHAPES for place in PLACES] + [(0.5, 30.0), (3.0, 200.0)]
ARGUMENTS["log_gamma_q"] = ARGUMENTS["log_gamma_p"]
ARGUMENTS["log_beta_cdf"] = [
    (a, b, x) for a, b in itertools.product([1e-2, 0.5, 3.0, 40.0, 3e3], repeat=2) for x in [1e-5, 0.3, 0.5, 0.7, 0.9999]
] + [(5e3, 5e3, 0.501), (2e4, 0.5, 0.9999)]

if __name__ == "__main__":
    with open(__file__.replace(".py", ".csv"), "w") as out:
        print("function,arguments,value,derivatives", file=out)
        for name, function in FUNCTIONS.items():
            for arguments in ARGUMENTS[name]:
                exact = [mp.mpf(x) for x in arguments]
                value = function(*exact)
                if value > -mp.mpf(10) ** -300 or value < -1e3:
                    continue
                step = mp.mpf(10) ** -80
                slopes = []
                for k in range(len(exact)):
                    moved = lambda h: function(*[x + (h if i == k else 0) for i, x in enumerate(exact)])
                    slopes.append((moved(step) - moved(-step)) / (2 * step))
                numbers = " ".join(repr(float(x)) for x in arguments)
                print(f"{name},{numbers},{float(value)!r},{' '.join(repr(float(s)) for s in slopes)}", file=out)
