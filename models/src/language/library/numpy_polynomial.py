# numpy.polynomial, written in the language of model files: series whose coefficients stand from the lowest degree.

import numpy as np


# The columns of a series at x, by the rule of the next column after two.
def columns(x, deg, second, following):
    x = np.asarray(x)
    made = [1.0 + 0 * x]
    if deg > 0:
        made.append(second(x))
    for n in range(1, deg):
        made.append(following(n, x, made[n], made[n - 1]))
    return np.stack(made, axis=-1)


def polyvander(x, deg):
    return columns(x, deg, lambda x: 1.0 * x, lambda n, x, p, q: x * p)


def chebvander(x, deg):
    return columns(x, deg, lambda x: 1.0 * x, lambda n, x, p, q: 2 * x * p - q)


def legvander(x, deg):
    return columns(x, deg, lambda x: 1.0 * x, lambda n, x, p, q: ((2 * n + 1) * x * p - n * q) / (n + 1))


def hermvander(x, deg):
    return columns(x, deg, lambda x: 2.0 * x, lambda n, x, p, q: 2 * x * p - 2 * n * q)


def hermevander(x, deg):
    return columns(x, deg, lambda x: 1.0 * x, lambda n, x, p, q: x * p - n * q)


def lagvander(x, deg):
    return columns(x, deg, lambda x: 1.0 - x, lambda n, x, p, q: ((2 * n + 1 - x) * p - n * q) / (n + 1))


def value(vander, x, c):
    c = np.asarray(c)
    assert c.ndim == 1, "one series is taken here, whose coefficients are a vector"
    return vander(x, len(c) - 1) @ c


def polyval(x, c):
    return value(polyvander, x, c)


def chebval(x, c):
    return value(chebvander, x, c)


def legval(x, c):
    return value(legvander, x, c)


def hermval(x, c):
    return value(hermvander, x, c)


def hermeval(x, c):
    return value(hermevander, x, c)


def lagval(x, c):
    return value(lagvander, x, c)


def fit(vander, x, y, deg):
    return np.linalg.lstsq(vander(np.asarray(x), deg), np.asarray(y), rcond=None)[0]


def polyfit(x, y, deg):
    return fit(polyvander, x, y, deg)


def chebfit(x, y, deg):
    return fit(chebvander, x, y, deg)


def legfit(x, y, deg):
    return fit(legvander, x, y, deg)


class Polynomial:
    def __init__(self, coef):
        self.coef = np.asarray(coef)

    def __call__(self, x):
        return polyval(x, self.coef)


class Chebyshev:
    def __init__(self, coef):
        self.coef = np.asarray(coef)

    def __call__(self, x):
        return chebval(x, self.coef)


class Legendre:
    def __init__(self, coef):
        self.coef = np.asarray(coef)

    def __call__(self, x):
        return legval(x, self.coef)
