# scipy.stats, written in the language of model files.

import collections

import numpy as np
from scipy import special, stats

Correlation = collections.namedtuple("Correlation", ["statistic", "pvalue"])
Line = collections.namedtuple("Line", ["slope", "intercept", "rvalue", "pvalue", "stderr"])
Mode = collections.namedtuple("Mode", ["mode", "count"])


def gmean(a, axis=0):
    return np.exp(np.mean(np.log(a), axis=axis))


def hmean(a, axis=0):
    return 1 / np.mean(1 / np.asarray(a), axis=axis)


def moment(a, order=1, axis=0):
    a = np.asarray(a)
    return np.mean((a - np.mean(a, axis=axis, keepdims=True)) ** order, axis=axis)


def skew(a, axis=0, bias=True):
    a = np.asarray(a)
    n = a.shape[axis]
    ratio = moment(a, 3, axis) / moment(a, 2, axis) ** 1.5
    return ratio if bias else ratio * np.sqrt(n * (n - 1)) / (n - 2)


def kurtosis(a, axis=0, fisher=True, bias=True):
    a = np.asarray(a)
    n = a.shape[axis]
    ratio = moment(a, 4, axis) / moment(a, 2, axis) ** 2
    if not bias:
        ratio = ((n**2 - 1) * ratio - 3 * (n - 1) ** 2) / ((n - 2) * (n - 3)) + 3
    return ratio - 3 if fisher else ratio


def mode(a):
    values, counts = np.unique(np.ravel(a), return_counts=True)
    place = np.argmax(counts)
    return Mode(values[place], counts[place])


def trim_mean(a, proportiontocut):
    ordered = np.sort(np.ravel(a))
    cut = int(proportiontocut * len(ordered))
    return np.mean(ordered[cut : len(ordered) - cut])


def median_abs_deviation(x, scale=1.0):
    x = np.asarray(x)
    unit = 0.6744897501960817 if scale == "normal" else scale
    return np.median(np.abs(x - np.median(x))) / unit


def variation(a, axis=0, ddof=0):
    a = np.asarray(a)
    return np.std(a, axis=axis, ddof=ddof) / np.mean(a, axis=axis)


def percentileofscore(a, score):
    a = np.asarray(a)
    left, right = np.sum(a < score), np.sum(a <= score)
    return (left + right + (right > left)) * 50.0 / len(a)


def scoreatpercentile(a, per):
    return np.percentile(a, per)


def pearsonr(x, y):
    r = np.corrcoef(x, y)[0, 1]
    half = len(x) / 2 - 1
    return Correlation(r, 2 * stats.beta(half, half, loc=-1, scale=2).sf(np.abs(r)))


def spearmanr(a, b):
    r = np.corrcoef(stats.rankdata(a), stats.rankdata(b))[0, 1]
    freedom = len(a) - 2
    t = r * np.sqrt(freedom / ((r + 1) * (1 - r)))
    return Correlation(r, 2 * stats.t.sf(np.abs(t), freedom))


def linregress(x, y):
    x, y = np.asarray(x), np.asarray(y)
    covariance = np.cov(x, y, ddof=0)
    slope = covariance[0, 1] / covariance[0, 0]
    r = np.clip(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]), -1, 1)
    freedom = len(x) - 2
    t = r * np.sqrt(freedom / ((1 - r) * (1 + r)))
    error = np.sqrt((1 - r**2) * covariance[1, 1] / covariance[0, 0] / freedom)
    return Line(slope, np.mean(y) - slope * np.mean(x), r, 2 * stats.t.sf(np.abs(t), freedom), error)


def boxcox_llf(lmb, data):
    data = np.asarray(data)
    logarithm = np.log(data)
    spread = np.var(logarithm) if lmb == 0 else np.var(data**lmb / lmb)
    return (lmb - 1) * np.sum(logarithm) - len(data) / 2 * np.log(spread)


def boxcox(x, lmbda=None):
    x = np.asarray(x)
    if lmbda is not None:
        return special.boxcox(x, lmbda)
    best = lowest(lambda lmb: -boxcox_llf(lmb, x), -2.0, 2.0)
    return special.boxcox(x, best), best


def lowest(run, left, right):
    # Brent's method after steps downhill, with the constants of `scipy.optimize.brent`.
    a, b = left, right
    at_a, at_b = run(a), run(b)
    if at_a < at_b:
        a, b, at_a, at_b = b, a, at_b, at_a
    c = b + 1.618034 * (b - a)
    at_c = run(c)
    for _ in range(50):
        if at_c >= at_b:
            break
        a, b, at_a, at_b = b, c, at_b, at_c
        c = b + 1.618034 * (b - a)
        at_c = run(c)
    low, high = min(a, c), max(a, c)
    x, w, v = b, b, b
    at_x, at_w, at_v = at_b, at_b, at_b
    step, before = 0.0, 0.0
    for _ in range(200):
        within = 1.48e-8 * np.abs(x) + 1e-11
        middle = 0.5 * (low + high)
        if np.abs(x - middle) < 2 * within - 0.5 * (high - low):
            break
        golden = True
        if np.abs(before) > within:
            first = (x - w) * (at_x - at_v)
            denominator = (x - v) * (at_x - at_w)
            numerator = (x - v) * denominator - (x - w) * first
            denominator = 2 * (denominator - first)
            if denominator > 0:
                numerator = -numerator
            denominator = np.abs(denominator)
            previous, before = before, step
            if (
                numerator > denominator * (low - x)
                and numerator < denominator * (high - x)
                and np.abs(numerator) < np.abs(0.5 * denominator * previous)
            ):
                golden = False
                step = numerator / denominator
                place = x + step
                if place - low < 2 * within or high - place < 2 * within:
                    step = within if middle >= x else -within
        if golden:
            before = low - x if x >= middle else high - x
            step = 0.381966 * before
        if np.abs(step) < within:
            place = x + within if step >= 0 else x - within
        else:
            place = x + step
        at_place = run(place)
        if at_place > at_x:
            if place < x:
                low = place
            else:
                high = place
            if at_place <= at_w or w == x:
                v, w, at_v, at_w = w, place, at_w, at_place
            elif at_place <= at_v or v == x or v == w:
                v, at_v = place, at_place
        else:
            if place >= x:
                low = x
            else:
                high = x
            v, w, x = w, x, place
            at_v, at_w, at_x = at_w, at_x, at_place
    return x


class gaussian_kde:
    def __init__(self, dataset, bw_method=None, weights=None):
        self.dataset = np.ravel(dataset)
        self.n = len(self.dataset)
        given = np.ones(self.n) if weights is None else np.ravel(weights)
        self.weights = given / np.sum(given)
        self.neff = 1 / np.sum(self.weights**2)
        if bw_method is None or bw_method == "scott":
            self.factor = self.neff ** (-1 / 5)
        elif bw_method == "silverman":
            self.factor = (self.neff * 3 / 4) ** (-1 / 5)
        else:
            self.factor = bw_method
        spread = np.sum(self.weights * (self.dataset - np.sum(self.weights * self.dataset)) ** 2)
        self.width = self.factor * np.sqrt(spread / (1 - 1 / self.neff))

    def evaluate(self, points):
        distance = (np.ravel(points)[:, None] - self.dataset) / self.width
        return np.exp(-0.5 * distance**2) @ self.weights / (self.width * np.sqrt(2 * np.pi))

    def pdf(self, x):
        return self.evaluate(x)

    def logpdf(self, x):
        return np.log(self.evaluate(x))

    def integrate_box_1d(self, low, high):
        inside = stats.norm.cdf((high - self.dataset) / self.width)
        return np.sum(self.weights * (inside - stats.norm.cdf((low - self.dataset) / self.width)))

    def __call__(self, points):
        return self.evaluate(points)


class dirichlet:
    # A frozen distribution: `dirichlet(alpha)`.
    def __init__(self, alpha, seed=None):
        self.alpha, self.state = np.asarray(alpha, dtype=float), seed

    def rvs(self, size=1, random_state=None):
        state = self.state if random_state is None else random_state
        if state is None:
            return np.random.dirichlet(self.alpha, size)
        if isinstance(state, int):
            state = np.random.RandomState(state)
        return state.dirichlet(self.alpha, size)

    def logpdf(self, x):
        norm = np.sum(special.gammaln(self.alpha)) - special.gammaln(np.sum(self.alpha))
        return np.sum(special.xlogy(self.alpha - 1, np.transpose(x)), axis=-1) - norm

    def pdf(self, x):
        return np.exp(self.logpdf(x))

    def mean(self):
        return self.alpha / np.sum(self.alpha)

    def var(self):
        total = np.sum(self.alpha)
        return self.alpha * (total - self.alpha) / (total**2 * (total + 1))


class multinomial:
    # A frozen distribution: `multinomial(n, p)`.
    def __init__(self, n, p, seed=None):
        self.n, self.p, self.state = n, np.asarray(p, dtype=float), seed

    def rvs(self, size=1, random_state=None):
        state = self.state if random_state is None else random_state
        if state is None:
            return np.random.multinomial(self.n, self.p, size)
        if isinstance(state, int):
            state = np.random.RandomState(state)
        return state.multinomial(self.n, self.p, size)

    def logpmf(self, x):
        x = np.asarray(x)
        ways = special.gammaln(self.n + 1) - np.sum(special.gammaln(x + 1), axis=-1)
        return ways + np.sum(special.xlogy(x, self.p), axis=-1)

    def pmf(self, x):
        return np.exp(self.logpmf(x))
