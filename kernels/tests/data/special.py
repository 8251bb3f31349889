"""Writes special.csv: function, argument, value; mpmath with 360 digits.

The arguments are the doubles written, read back exactly; values are rounded to the nearest double.
"""

import mpmath as mp

mp.mp.dps = 360

FUNCTIONS = {
    "erf": mp.erf,
    "erfc": mp.erfc,
    "erfinv": mp.erfinv,
    "normal_quantile": lambda p: -mp.sqrt(2) * mp.erfinv(1 - 2 * p),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))) if x < 1e6 else mp.loggamma(x),
    "digamma": mp.digamma,
    "trigamma": lambda x: mp.psi(1, x),
}
EVERYWHERE = [1e-300, 1e-12, 1e-5, 0.01, 0.3, 0.5, 0.9, 1.0, 1.1, 1.4616321449683622, 1.4616321449, 1.5, 1.999, 2.0, 2.5,
              3.0, 4.7, 7.0, 9.999, 10.0, 10.5, 20.25, 30.0]
LARGE = [100.0, 700.0, 1e4, 1e8, 1e15, 1e100]
NEGATIVE = [-1e-12, -1e-5, -0.01, -0.3, -0.9, -1.1, -2.5, -7.7, -30.0001, -100.5, -1e4 - 0.25]
UNIT = [1e-300, 1e-20, 1e-12, 1e-6, 1e-3, 0.02, 0.07, 0.074, 0.076, 0.1, 0.3, 0.4999, 0.5001, 0.6, 0.8, 0.84, 0.86,
        0.924, 0.926, 0.98, 0.999, 0.9999999, 1 - 1e-15]
ARGUMENTS = {
    "erf": EVERYWHERE + [-x for x in EVERYWHERE],
    "erfc": EVERYWHERE[:-1] + [-x for x in EVERYWHERE] + [5.0, 26.5],
    "erfinv": UNIT[1:] + [-x for x in UNIT[1:]],
    "normal_quantile": UNIT,
    "sigmoid": EVERYWHERE + [-x for x in EVERYWHERE] + [-100.0, -700.0, -740.0, 100.0],
    "softplus": EVERYWHERE + [-x for x in EVERYWHERE] + [-100.0, -700.0, 100.0, 1e8],
    "lgamma": EVERYWHERE + LARGE + NEGATIVE,
    "digamma": EVERYWHERE + LARGE + NEGATIVE,
    "trigamma": [x for x in EVERYWHERE if x > 1e-150] + LARGE + NEGATIVE,
}

with open(__file__.replace(".py", ".csv"), "w") as out:
    print("function,argument,value", file=out)
    for name, function in FUNCTIONS.items():
        for x in ARGUMENTS[name]:
            print(f"{name},{x!r},{float(function(mp.mpf(x)))!r}", file=out)
