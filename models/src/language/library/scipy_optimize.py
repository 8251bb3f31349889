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


# What follows goes on until the optimum is exact to about ten digits, where SciPy stops at its tolerances.


def limits(bounds, count):
    # Lower and upper limits of `count` numbers: pairs of them, or `Bounds(lower, upper)` as a pair.
    if bounds is None:
        return np.full(count, -np.inf), np.full(count, np.inf)
    assert len(bounds) == count, f"`bounds` are {len(bounds)} pairs for {count} numbers"
    low = [-np.inf if pair[0] is None else pair[0] for pair in bounds]
    high = [np.inf if pair[1] is None else pair[1] for pair in bounds]
    return np.array(low, dtype=float), np.array(high, dtype=float)


def slopes(f, x, low, high):
    # Central differences of a function of numbers, along its last axis; at a limit on the side that is left.
    columns = []
    for k in range(len(x)):
        step = 6e-6 * max(1.0, abs(x[k]))
        above, below = x.copy(), x.copy()
        above[k] = min(x[k] + step, high[k])
        below[k] = max(x[k] - step, low[k])
        columns.append((f(above) - f(below)) / (above[k] - below[k]))
    return np.stack(columns, axis=-1)


def minimize(fun, x0, args=(), method=None, jac=None, hess=None, hessp=None, bounds=None, constraints=(), tol=None, callback=None, options=None):
    # The method of Broyden, Fletcher, Goldfarb and Shanno, within the limits.
    assert len(constraints) == 0, "`constraints` are not supported: put what the model needs in the data file"
    args = args if isinstance(args, tuple) else (args,)
    x = np.atleast_1d(np.array(x0, dtype=float))
    low, high = limits(bounds, len(x))
    x = np.clip(x, low, high)

    def f(x):
        return np.asarray(fun(x, *args), dtype=float).ravel()[0]

    value, slope = f(x), slopes(f, x, low, high)
    assert np.isfinite(value), "the function is not finite where `minimize` starts: start somewhere else"
    inverse, turns = np.eye(len(x)), 0
    for turn in range(500):
        turns = turn
        is_free = ~(((x <= low) & (slope > 0)) | ((x >= high) & (slope < 0)))
        if np.max(np.abs(slope * is_free)) <= 1e-9 * max(1.0, abs(value)):
            break
        along = -(inverse @ (slope * is_free)) * is_free
        if slope @ along >= 0:
            inverse = np.eye(len(x))
            along = -slope * is_free
        share, new, at_new = 1.0, x, np.inf
        while share > 1e-14:
            new = np.clip(x + share * along, low, high)
            at_new = f(new)
            if np.isfinite(at_new) and at_new <= value + 1e-4 * (slope @ (new - x)):
                break
            share *= 0.5
        if share <= 1e-14:
            break
        before, step = slope, new - x
        slope = slopes(f, new, low, high)
        change = slope - before
        inner = step @ change
        x, value = new, at_new
        if inner > 0:
            if turn == 0:
                inverse = np.eye(len(x)) * (inner / (change @ change))
            left = np.eye(len(x)) - np.outer(step, change) / inner
            inverse = left @ inverse @ left.T + np.outer(step, step) / inner
    return OptimizeResult(x=x, fun=value, jac=slope, hess_inv=inverse, success=True, status=0, message="", nit=turns, nfev=0)


def least_squares(fun, x0, jac="2-point", bounds=(-np.inf, np.inf), method="trf", ftol=1e-8, xtol=1e-8, gtol=1e-8, x_scale=1.0, loss="linear", f_scale=1.0, diff_step=None, tr_solver=None, tr_options=None, jac_sparsity=None, max_nfev=None, verbose=0, args=(), kwargs=None):
    # The method of Levenberg and Marquardt, within the limits.
    assert loss == "linear", f"`loss=\"{loss}\"` is not supported: the sum of squares is made least"
    kwargs = {} if kwargs is None else kwargs
    x = np.atleast_1d(np.array(x0, dtype=float))
    low, high = [np.broadcast_to(np.asarray(bound, dtype=float), x.shape) for bound in bounds]
    assert np.all((low <= x) & (x <= high)), "`x0` is outside of `bounds`"

    def f(x):
        return np.atleast_1d(np.asarray(fun(x, *args, **kwargs), dtype=float)).ravel()

    residuals, damping = f(x), 1e-3
    cost = 0.5 * np.sum(residuals**2)
    assert np.isfinite(cost), "the residuals are not finite where `least_squares` starts: start somewhere else"
    matrix = slopes(f, x, low, high)
    for _ in range(300):
        slope = matrix.T @ residuals
        is_free = ~(((x <= low) & (slope > 0)) | ((x >= high) & (slope < 0)))
        within = matrix * is_free
        normal = within.T @ within
        weights = np.maximum(np.diag(normal), 1e-12 * np.max(np.diag(normal)) + 1e-300)
        is_done = False
        while True:
            step = -np.linalg.solve(normal + np.diag(damping * weights), slope * is_free)
            new = np.clip(x + step, low, high)
            at_new = f(new)
            new_cost = 0.5 * np.sum(at_new**2)
            if np.isfinite(new_cost) and new_cost <= cost:
                break
            damping *= 8.0
            is_done = damping > 1e12
            if is_done:
                break
        if is_done:
            break
        moved = np.max(np.abs(new - x) / (np.abs(x) + 1e-8))
        x, residuals, cost = new, at_new, new_cost
        damping = max(damping / 8.0, 1e-15)
        matrix = slopes(f, x, low, high)
        if moved < 1e-11:
            break
    slope = matrix.T @ residuals
    return OptimizeResult(x=x, cost=cost, fun=residuals, jac=matrix, grad=slope, success=True, status=1, message="", optimality=np.max(np.abs(slope)), active_mask=np.zeros(len(x), dtype=int), nfev=0, njev=0)


def leastsq(func, x0, args=(), Dfun=None, full_output=False, col_deriv=False, ftol=1.49012e-8, xtol=1.49012e-8, gtol=0.0, maxfev=0, epsfcn=None, factor=100, diag=None):
    assert not full_output, "`full_output` is not supported: the solution alone is known here"
    args = args if isinstance(args, tuple) else (args,)
    return least_squares(func, x0, args=args).x, 1


def ones_for(f, x):
    # Ones for all parameters of a function of data and parameters.
    for count in range(1, 20):
        try:
            f(x, *np.ones(count))
            return np.ones(count)
        except TypeError:
            pass
    raise ValueError("`curve_fit` does not see how many parameters the function has: give `p0=`, where they start")


def curve_fit(f, xdata, ydata, p0=None, sigma=None, absolute_sigma=False, check_finite=True, bounds=(-np.inf, np.inf), method=None, jac=None, full_output=False, nan_policy=None, maxfev=None, ftol=None, xtol=None, gtol=None, epsfcn=None):
    assert not full_output, "`full_output` is not supported: the parameters and their covariance are known here"
    xdata, ydata = np.asarray(xdata, dtype=float), np.asarray(ydata, dtype=float)
    assert np.all(np.isfinite(ydata)), "`ydata` has missing or infinite numbers: leave them out first"
    p0 = ones_for(f, xdata) if p0 is None else p0
    whitened = None
    if sigma is not None:
        sigma = np.asarray(sigma, dtype=float)
        if sigma.ndim == 2:
            whitened = np.linalg.inv(np.linalg.cholesky(sigma))

    def residuals(p):
        r = f(xdata, *p) - ydata
        if whitened is not None:
            return whitened @ r
        return r if sigma is None else r / sigma

    found = least_squares(residuals, p0, bounds=bounds)
    covariance = np.linalg.inv(found.jac.T @ found.jac)
    if not absolute_sigma:
        covariance = covariance * (2 * found.cost / (len(found.fun) - len(found.x)))
    return found.x, covariance
