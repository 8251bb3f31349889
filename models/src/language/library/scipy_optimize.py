# scipy.optimize, written in the language of model files.

import numpy as np

GOLDEN = (3 - np.sqrt(5.0)) / 2


class OptimizeResult:
    def __init__(self, **values):
        self.values = values

    def __getattr__(self, name):
        return self.values[name]

    def __getitem__(self, name):
        return self.values[name]


def brentq(f, a, b, args=(), xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False, disp=True):
    # Halving, until the interval is as small as Brent's method makes it.
    assert not full_output, "the root alone is known: leave out full_output"
    args = args if isinstance(args, tuple) else (args,)
    below, at_end = f(a, *args), f(b, *args)
    if below == 0:
        return a
    if at_end == 0:
        return b
    assert (below > 0) != (at_end > 0), "f(a) and f(b) must have different signs"
    while abs(b - a) > xtol / 8 + rtol * abs(b) / 2:
        middle = a + (b - a) / 2
        here = f(middle, *args)
        if here == 0:
            return middle
        if (here > 0) == (below > 0):
            a = middle
        else:
            b = middle
    return a + (b - a) / 2


def bisect(f, a, b, args=(), xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False, disp=True):
    return brentq(f, a, b, args, xtol, rtol, full_output=full_output)


def brenth(f, a, b, args=(), xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False, disp=True):
    return brentq(f, a, b, args, xtol, rtol, full_output=full_output)


def ridder(f, a, b, args=(), xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, full_output=False, disp=True):
    return brentq(f, a, b, args, xtol, rtol, full_output=full_output)


def newton(func, x0, fprime=None, args=(), tol=1.48e-8, maxiter=50, fprime2=None, x1=None, rtol=0.0):
    args = args if isinstance(args, tuple) else (args,)
    near = lambda a, b: abs(a - b) <= tol + rtol * abs(b)
    if fprime is not None:
        x = x0
        for k in range(maxiter):
            value = func(x, *args)
            if value == 0:
                return x
            slope = fprime(x, *args)
            assert slope != 0, "the derivative is zero: start somewhere else"
            nearer = x - value / slope
            if near(nearer, x):
                return nearer
            x = nearer
        assert False, "the method of Newton does not come to an end: start somewhere else"
    before, x = x0, x1
    if x is None:
        x = x0 * (1 + 1e-4) + (1e-4 if x0 >= 0 else -1e-4)
    value_before, value = func(before, *args), func(x, *args)
    if abs(value) < abs(value_before):
        before, x, value_before, value = x, before, value, value_before
    for k in range(maxiter):
        if value == value_before:
            assert x == before, "two points of the secant have one value: start somewhere else"
            return (x + before) / 2
        if abs(value) > abs(value_before):
            nearer = (-value_before / value * x + before) / (1 - value_before / value)
        else:
            nearer = (-value / value_before * before + x) / (1 - value / value_before)
        if near(nearer, x):
            return nearer
        before, value_before = x, value
        x = nearer
        value = func(x, *args)
    assert False, "the method of secants does not come to an end: start somewhere else"


def root_scalar(f, args=(), method=None, bracket=None, fprime=None, fprime2=None, x0=None, x1=None, xtol=None, rtol=None, maxiter=None, options=None):
    args = args if isinstance(args, tuple) else (args,)
    assert bracket is not None or x0 is not None, "root_scalar needs `bracket` or `x0`"
    if bracket is not None:
        root = brentq(f, bracket[0], bracket[1], args, 2e-12 if xtol is None else xtol)
    else:
        tol = 1.48e-8 if xtol is None else xtol
        root = newton(f, x0, fprime, args, tol, 50 if maxiter is None else maxiter, None, x1)
    return OptimizeResult(root=root, converged=True, flag="converged")


def surrounded(f, a, b, args):
    # Three points of which the middle one is lowest.
    at_a, at_b = f(a, *args), f(b, *args)
    if at_a < at_b:
        a, b, at_a, at_b = b, a, at_b, at_a
    c = b + 1.618034 * (b - a)
    at_c = f(c, *args)
    while at_c < at_b:
        assert abs(c) <= 1e100, "the function falls without end: give `bounds`"
        a, b, at_b = b, c, at_c
        c = b + 1.618034 * (b - a)
        at_c = f(c, *args)
    return min(a, c), max(a, c)


def minimize_scalar(fun, bracket=None, bounds=None, args=(), method=None, tol=None, options=None):
    # Golden sections of an interval around the minimum.
    args = args if isinstance(args, tuple) else (args,)
    if bounds is not None:
        low, high = bounds[0], bounds[1]
    elif bracket is not None and len(bracket) == 3:
        low, high = min(bracket[0], bracket[2]), max(bracket[0], bracket[2])
    else:
        start = (0.0, 1.0) if bracket is None else bracket
        low, high = surrounded(fun, start[0], start[1], args)
    left, right = low + GOLDEN * (high - low), high - GOLDEN * (high - low)
    at_left, at_right = fun(left, *args), fun(right, *args)
    while abs(high - low) > 1e-9 * (1 + abs(left)):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = low + GOLDEN * (high - low)
            at_left = fun(left, *args)
        else:
            low, left, at_left = left, right, at_right
            right = high - GOLDEN * (high - low)
            at_right = fun(right, *args)
    x = left if at_left <= at_right else right
    return OptimizeResult(x=x, fun=fun(x, *args), success=True, message="")
