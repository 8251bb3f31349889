"""Writes elementary.csv: function, argument, value; mpmath with 60 digits, values rounded to the nearest double.

The arguments cover the range of each function: around zero and one, next to overflow and underflow, denormals.
"""

import random

import mpmath as mp

mp.mp.dps = 60
random.seed(1)


def uniform(low, high, count=60):
    return [random.uniform(low, high) for _ in range(count)]


def both_signs(values):
    return values + [-x for x in values]


TINY = [5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-200, 1e-17, 1.2e-16, 3e-9, 1e-5]
POWERS = [2.0**k for k in range(-1074, 1024, 61)]
FUNCTIONS = {
    "Exp": (mp.exp, both_signs(TINY) + uniform(-745, 709.7) + uniform(-2, 2) + uniform(-745.1, -708)
            + [709.782712893384, 709.7, -708.39, -745.13, 0.34657359027997264, -0.34657359027997264]),
    "Log": (mp.log, TINY + POWERS + uniform(0.3, 3) + uniform(0.999, 1.001) + uniform(1e-310, 1e-308, 10)
            + [1.7976931348623157e308, 0.7071067811865475, 0.7071067811865476, 1.4142135623730950, 1.4142135623730951]),
    "Log1p": (mp.log1p, both_signs(TINY) + [x for x in POWERS if x >= 2.0**-60] + uniform(-0.999999, 3)
              + uniform(-0.01, 0.01) + [-0.9999999999999999, -0.5, 1.7976931348623157e308, -0.2928932188134524]),
    "Expm1": (mp.expm1, both_signs(TINY) + uniform(-60, 709) + uniform(-2, 2) + uniform(-0.01, 0.01)
              + [709.782712893384, -37.0, -38.0, -745.0, -1e10]),
    "Tanh": (mp.tanh, both_signs(TINY) + uniform(-22, 22) + uniform(-1, 1) + [-1e10, 1e300, 19.1, 22.5]),
    "Sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), both_signs(TINY) + uniform(-745, 50) + uniform(-3, 3) + [-745.1, 1e300]),
    "Softplus": (lambda x: mp.log1p(mp.exp(x)) if x < 1e5 else x,
                 both_signs(TINY) + uniform(-745, 50) + uniform(-3, 3) + [-745.1, 1e300]),
}

with open(__file__.replace(".py", ".csv"), "w") as out:
    print("function,argument,value", file=out)
    for name, (function, arguments) in FUNCTIONS.items():
        for x in arguments:
            print(f"{name},{x!r},{float(function(mp.mpf(x)))!r}", file=out)
