# Functions and classes of NumPy, SciPy, scikit-learn, pandas and xarray, written in the language of model files.
#
# They are read with a model file that uses one of them; rows with `Run::Written` give their names to modules.

import collections
import itertools

import numpy as np
import pandas as pd
from scipy import special, stats

Correlation = collections.namedtuple("Correlation", ["statistic", "pvalue"])
Line = collections.namedtuple("Line", ["slope", "intercept", "rvalue", "pvalue", "stderr"])
Mode = collections.namedtuple("Mode", ["mode", "count"])


# scipy.stats


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


# sklearn.preprocessing


class StandardScaler:
    def __init__(self, with_mean=True, with_std=True):
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        self.mean_ = np.mean(X, axis=0)
        self.var_ = np.var(X, axis=0)
        spread = np.sqrt(self.var_)
        self.scale_ = np.where(spread == 0, 1.0, spread)
        return self

    def transform(self, X):
        X = np.asarray(X, dtype=float)
        if self.with_mean:
            X = X - self.mean_
        return X / self.scale_ if self.with_std else X

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        X = np.asarray(X, dtype=float)
        if self.with_std:
            X = X * self.scale_
        return X + self.mean_ if self.with_mean else X


class MinMaxScaler:
    def __init__(self, feature_range=(0, 1)):
        self.feature_range = feature_range

    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        low, high = self.feature_range
        self.data_min_ = np.min(X, axis=0)
        self.data_max_ = np.max(X, axis=0)
        self.data_range_ = self.data_max_ - self.data_min_
        self.scale_ = (high - low) / np.where(self.data_range_ == 0, 1.0, self.data_range_)
        self.min_ = low - self.data_min_ * self.scale_
        return self

    def transform(self, X):
        return np.asarray(X, dtype=float) * self.scale_ + self.min_

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        return (np.asarray(X, dtype=float) - self.min_) / self.scale_


class RobustScaler:
    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        self.center_ = np.median(X, axis=0)
        spread = np.percentile(X, 75, axis=0) - np.percentile(X, 25, axis=0)
        self.scale_ = np.where(spread == 0, 1.0, spread)
        return self

    def transform(self, X):
        return (np.asarray(X, dtype=float) - self.center_) / self.scale_

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        return np.asarray(X, dtype=float) * self.scale_ + self.center_


class LabelEncoder:
    def fit(self, y):
        self.classes_ = np.unique(y)
        return self

    def transform(self, y):
        known = list(self.classes_)
        return np.array([known.index(label) for label in y])

    def fit_transform(self, y):
        self.classes_, codes = np.unique(y, return_inverse=True)
        return codes

    def inverse_transform(self, y):
        return self.classes_[y]


class Indicators:
    # What an encoder gives where its matrix is sparse.
    def __init__(self, matrix):
        self.matrix = matrix
        self.shape = matrix.shape

    def toarray(self):
        return self.matrix

    def todense(self):
        return self.matrix


def columns_of(X):
    if isinstance(X, pd.DataFrame):
        return [X[name] for name in X.columns]
    if isinstance(X, list):
        return [[row[k] for row in X] for k in range(len(X[0]))]
    return [column for column in np.asarray(X).T]


class OrdinalEncoder:
    def fit(self, X, y=None):
        self.categories_ = [np.unique(column) for column in columns_of(X)]
        return self

    def transform(self, X):
        codes = []
        for column, labels in zip(columns_of(X), self.categories_):
            known = list(labels)
            codes.append(np.array([float(known.index(label)) for label in column]))
        return np.column_stack(codes)

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)


class OneHotEncoder:
    def __init__(self, drop=None, sparse_output=True):
        self.drop = drop
        self.sparse_output = sparse_output

    def fit(self, X, y=None):
        self.encoder = OrdinalEncoder().fit(X)
        self.categories_ = self.encoder.categories_
        return self

    def transform(self, X):
        first = 1 if self.drop == "first" else 0
        codes = self.encoder.transform(X)
        parts = []
        for k in range(len(self.categories_)):
            counted = np.arange(first, len(self.categories_[k]))
            parts.append((codes[:, k][:, None] == counted).astype(float))
        matrix = np.hstack(parts)
        return Indicators(matrix) if self.sparse_output else matrix

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)


class PolynomialFeatures:
    def __init__(self, degree=2, interaction_only=False, include_bias=True):
        self.degree = degree
        self.interaction_only = interaction_only
        self.include_bias = include_bias

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = np.asarray(X, dtype=float)
        columns = [np.ones(len(X))] if self.include_bias else []
        for degree in range(1, self.degree + 1):
            places = range(X.shape[1])
            chosen = itertools.combinations_with_replacement(places, degree)
            if self.interaction_only:
                chosen = itertools.combinations(places, degree)
            for factors in chosen:
                columns.append(np.prod(X[:, list(factors)], axis=1))
        return np.column_stack(columns)

    def fit_transform(self, X, y=None):
        return self.transform(X)


# sklearn.model_selection


def rows_at(data, places):
    if isinstance(data, pd.DataFrame) or isinstance(data, pd.Series):
        return data.iloc[places]
    if isinstance(data, list):
        return [data[k] for k in places]
    return np.asarray(data)[places]


def train_test_split(*arrays, test_size=None, train_size=None, random_state=None, shuffle=True):
    count = len(arrays[0])
    if test_size is None:
        test_size = 0.25 if train_size is None else 1 - train_size
        if train_size is not None and train_size >= 1:
            test_size = count - train_size
    tested = int(np.ceil(test_size * count)) if test_size < 1 else test_size
    trained = count - tested
    if train_size is not None:
        trained = int(np.floor(train_size * count)) if train_size < 1 else train_size
    train, test = np.arange(trained), np.arange(trained, trained + tested)
    if shuffle:
        order = np.random.RandomState(random_state).permutation(count)
        test, train = order[:tested], order[tested : tested + trained]
    parts = []
    for data in arrays:
        parts.append(rows_at(data, train))
        parts.append(rows_at(data, test))
    return parts


# pandas


class rolling:
    def __init__(self, column, window, min_periods=None, center=False):
        self.column = column
        self.numbers = np.asarray(column, dtype=float)
        self.window = window
        self.least = window if min_periods is None else min_periods
        self.ahead = (window - 1) // 2 if center else 0

    def apply(self, func, raw=False):
        values = []
        for k in range(len(self.numbers)):
            last = k + 1 + self.ahead
            part = self.numbers[max(0, last - self.window) : last]
            part = part[~np.isnan(part)]
            values.append(float(func(part)) if len(part) >= max(self.least, 1) else np.nan)
        return pd.Series(np.array(values), index=self.column.index)

    def mean(self):
        return self.apply(np.mean)

    def sum(self):
        return self.apply(np.sum)

    def min(self):
        return self.apply(np.min)

    def max(self):
        return self.apply(np.max)

    def median(self):
        return self.apply(np.median)

    def std(self, ddof=1):
        return self.apply(lambda part: np.std(part, ddof=ddof) if len(part) > ddof else np.nan)

    def var(self, ddof=1):
        return self.apply(lambda part: np.var(part, ddof=ddof) if len(part) > ddof else np.nan)

    def count(self):
        return self.apply(len)


def expanding(column, min_periods=1):
    return rolling(column, max(len(column), 1), min_periods)


class ewm:
    def __init__(self, column, com=None, span=None, halflife=None, alpha=None, adjust=True):
        self.column = column
        self.adjust = adjust
        self.alpha = alpha
        if com is not None:
            self.alpha = 1 / (1 + com)
        if span is not None:
            self.alpha = 2 / (span + 1)
        if halflife is not None:
            self.alpha = 1 - np.exp(-np.log(2) / halflife)

    def mean(self):
        numbers = np.asarray(self.column, dtype=float)
        values = [numbers[0]]
        above, below = numbers[0], 1.0
        for number in numbers[1:]:
            if self.adjust:
                above = number + (1 - self.alpha) * above
                below = 1 + (1 - self.alpha) * below
            else:
                above = self.alpha * number + (1 - self.alpha) * above
            values.append(above / below)
        return pd.Series(np.array(values), index=self.column.index)


def qcut(x, q, labels=None, retbins=False, duplicates="raise"):
    parts = np.linspace(0, 1, q + 1) if isinstance(q, int) else np.asarray(q)
    edges = np.quantile(np.asarray(x), parts)
    if duplicates == "drop":
        edges = np.unique(edges)
    column = pd.cut(x, edges, labels=labels, include_lowest=True)
    return (column, edges) if retbins else column


def pivot(data, columns, index=None, values=None):
    return data.set_index([index, columns])[values].unstack()


def pivot_table(data, values=None, index=None, columns=None, aggfunc="mean", fill_value=None):
    rows = [index] if isinstance(index, str) else list(index)
    if columns is None:
        if values is None:
            return data.groupby(rows).agg(aggfunc)
        chosen = [values] if isinstance(values, str) else list(values)
        return data.groupby(rows)[chosen].agg(aggfunc)
    wide = data.groupby(rows + [columns])[values].agg(aggfunc).unstack()
    return wide if fill_value is None else wide.fillna(fill_value)


def crosstab(index, columns, values=None, aggfunc=None, normalize=False):
    table = pd.DataFrame({"row_0": np.asarray(index), "col_0": np.asarray(columns)})
    if values is not None:
        table["values"] = np.asarray(values)
        return table.groupby(["row_0", "col_0"])["values"].agg(aggfunc).unstack()
    counts = table.groupby(["row_0", "col_0"]).size().unstack(fill_value=0)
    if not normalize:
        return counts
    matrix = counts.values
    total = np.sum(matrix) * np.ones(matrix.shape)
    if normalize == "index":
        total = np.sum(matrix, axis=1, keepdims=True) * np.ones(matrix.shape)
    elif normalize == "columns":
        total = np.sum(matrix, axis=0, keepdims=True) * np.ones(matrix.shape)
    parts = {name: matrix[:, k] / total[:, k] for k, name in enumerate(counts.columns)}
    return pd.DataFrame(parts, index=counts.index)


def summaries(column):
    numbers = np.asarray(column, dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    parts = np.quantile(numbers, [0.25, 0.5, 0.75])
    spread = np.std(numbers, ddof=1)
    first = [len(numbers), np.mean(numbers), spread, np.min(numbers)]
    return np.array([float(number) for number in first + list(parts) + [np.max(numbers)]])


SUMMARIES = ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]


def describe(data):
    if isinstance(data, pd.DataFrame):
        numeric = select_dtypes(data, "number")
        columns = {name: summaries(numeric[name]) for name in numeric.columns}
        return pd.DataFrame(columns, index=SUMMARIES)
    return pd.Series(summaries(data), index=SUMMARIES)


def select_dtypes(data, include=None, exclude=None):
    wanted = include if exclude is None else exclude
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if len(wanted) != 1 or wanted[0] not in ["number", "object"]:
        assert False, "select_dtypes takes number or object"
    numeric = (wanted[0] == "number") == (exclude is None)
    return data[[name for name in data.columns if is_numeric(data[name]) == numeric]]


def is_numeric(column):
    return isinstance(column, pd.Series)


def nlargest(data, n=5, columns=None):
    if columns is None:
        return data.sort_values(ascending=False).head(n)
    return data.sort_values(columns, ascending=False).head(n)


def nsmallest(data, n=5, columns=None):
    if columns is None:
        return data.sort_values().head(n)
    return data.sort_values(columns).head(n)


def duplicated(data, subset=None):
    if isinstance(data, pd.DataFrame):
        names = list(data.columns) if subset is None else [subset] if isinstance(subset, str) else subset
        return data.groupby(names).cumcount() > 0
    return pd.DataFrame({"x": data}).groupby("x").cumcount() > 0


def itertuples(data, index=True, name="Pandas"):
    names = list(data.columns)
    Row = collections.namedtuple(name, ["Index"] + names if index else names)
    columns = [list(data[column]) for column in names]
    if index:
        columns = [list(data.index)] + columns
    return [Row(*row) for row in zip(*columns)]


def interpolate(column):
    numbers = np.asarray(column, dtype=float)
    known = np.flatnonzero(~np.isnan(numbers))
    filled = np.interp(np.arange(len(numbers)), known, numbers[known])
    return pd.Series(np.where(np.arange(len(numbers)) < known[0], np.nan, filled), index=column.index)


def reindex(data, index=None, columns=None, fill_value=np.nan):
    if not isinstance(data, pd.DataFrame):
        known = data.to_dict()
        return pd.Series([known.get(label, fill_value) for label in index], index=index)
    if columns is not None:
        missing = np.full(len(data), fill_value)
        data = pd.DataFrame({c: data[c] if c in data.columns else missing for c in columns}, index=data.index)
    if index is not None:
        known = {label: k for k, label in enumerate(data.index)}
        places = np.array([known.get(label, -1) for label in index])
        data = pd.DataFrame(
            {c: np.where(places < 0, fill_value, data[c].to_numpy()[places]) for c in data.columns}, index=index
        )
    return data


def xs(data, key, axis=0, level=None):
    if level is None:
        return data.loc[key]
    flat = data.reset_index()
    picked = flat[flat[level] == key].drop(columns=[level])
    return picked.set_index([name for name in picked.columns if name not in data.columns])


def text_upper(text):
    return text.upper()


def text_lower(text):
    return text.lower()


def text_strip(text):
    return text.strip()


def text_title(text):
    return text.title()


def get_loc(index, key):
    return list(index).index(key)


def get_indexer(index, target):
    known = list(index)
    return np.array([known.index(label) if label in known else -1 for label in target])


def add_prefix(data, prefix):
    return data.rename(columns={name: prefix + name for name in data.columns})


def add_suffix(data, suffix):
    return data.rename(columns={name: name + suffix for name in data.columns})


def to_frame(column, name=None):
    known = getattr(column, "name", 0) if name is None else name
    return pd.DataFrame({known: column.values}, index=column.index)


def difference(index, other):
    return pd.Index([label for label in sorted(index) if label not in list(other)])


def sem(column):
    return np.std(np.asarray(column), ddof=1) / np.sqrt(len(column))


# numpy


def apply_along_axis(func1d, axis, arr):
    arr = np.asarray(arr)
    assert arr.ndim == 2, "apply_along_axis is of matrices here"
    if axis in (0, -2):
        return np.array([func1d(column) for column in arr.T]).T
    return np.array([func1d(row) for row in arr])


class vectorize:
    def __init__(self, pyfunc):
        self.pyfunc = pyfunc

    def __call__(self, *arrays):
        whole = np.broadcast_arrays(*arrays) if len(arrays) > 1 else [np.asarray(arrays[0])]
        flat = [np.ravel(array) for array in whole]
        return np.array([self.pyfunc(*row) for row in zip(*flat)]).reshape(whole[0].shape)


def piecewise(x, condlist, funclist):
    pieces = [run(x) if callable(run) else run + 0 * x for run in funclist]
    default = pieces[-1] if len(pieces) > len(condlist) else 0
    return np.select(condlist, pieces[: len(condlist)], default)


def indices(dimensions):
    return np.stack(np.meshgrid(*[np.arange(size) for size in dimensions], indexing="ij"))


def block(arrays):
    if not isinstance(arrays[0], list):
        return np.hstack(arrays)
    return np.vstack([np.hstack(row) for row in arrays])


class poly1d:
    def __init__(self, c_or_r):
        self.coefficients = np.asarray(c_or_r)
        self.order = len(self.coefficients) - 1

    def __call__(self, x):
        return np.polyval(self.coefficients, x)


class matrix:
    def __init__(self, data, dtype=None):
        self.A = np.atleast_2d(np.asarray(data))
        self.A1 = np.ravel(self.A)
        self.shape = self.A.shape
        self.size = self.A.size
        self.ndim = 2

    @property
    def T(self):
        return matrix(self.A.T)

    def __array__(self):
        return self.A

    def __len__(self):
        return len(self.A)

    def __getitem__(self, key):
        part = self.A[key]
        return part if np.ndim(part) == 0 else matrix(part)

    def __neg__(self):
        return matrix(-self.A)

    def __add__(self, other):
        return matrix(self.A + np.asarray(other))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return matrix(self.A - np.asarray(other))

    def __rsub__(self, other):
        return matrix(np.asarray(other) - self.A)

    def __truediv__(self, other):
        return matrix(self.A / np.asarray(other))

    def __mul__(self, other):
        return matrix(self.A * other if np.ndim(other) == 0 else self.A @ matrix(other).A)

    def __rmul__(self, other):
        return matrix(self.A * other if np.ndim(other) == 0 else matrix(other).A @ self.A)

    def __matmul__(self, other):
        return matrix(self.A @ np.asarray(other))

    def __rmatmul__(self, other):
        return matrix(np.asarray(other) @ self.A)

    def sum(self, axis=None):
        return np.sum(self.A) if axis is None else matrix(np.sum(self.A, axis=axis, keepdims=True))

    def mean(self, axis=None):
        return np.mean(self.A) if axis is None else matrix(np.mean(self.A, axis=axis, keepdims=True))

    def ravel(self):
        return matrix(self.A1)

    def flatten(self):
        return matrix(self.A1)

    def transpose(self):
        return self.T

    def tolist(self):
        return self.A.tolist()


# collections


class deque:
    def __init__(self, iterable=(), maxlen=None):
        self.items = []
        self.maxlen = maxlen
        self.extend(iterable)

    def append(self, x):
        self.items.append(x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop(0)

    def appendleft(self, x):
        self.items.insert(0, x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop()

    def extend(self, iterable):
        for x in iterable:
            self.append(x)

    def extendleft(self, iterable):
        for x in iterable:
            self.appendleft(x)

    def pop(self):
        return self.items.pop()

    def popleft(self):
        return self.items.pop(0)

    def clear(self):
        self.items = []

    def reverse(self):
        self.items = self.items[::-1]

    def rotate(self, n=1):
        if len(self.items) > 0:
            first = -n % len(self.items)
            self.items = self.items[first:] + self.items[:first]

    def copy(self):
        return deque(self.items, self.maxlen)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return self.items

    def __contains__(self, x):
        return x in self.items

    def __getitem__(self, k):
        return self.items[k]

    def __setitem__(self, k, x):
        self.items[k] = x

    def __array__(self):
        return self.items


# scipy.sparse


class Sparse:
    # A matrix of SciPy's, held as an array. `*` multiplies elements of sparse arrays, and is `@` of sparse matrices.
    def __init__(self, dense, is_array=False, format="csr"):
        self.dense = dense
        self.is_array = is_array
        self.format = format
        self.shape = dense.shape
        self.ndim = 2
        self.nnz = np.count_nonzero(dense)

    def like(self, dense):
        return Sparse(dense, self.is_array, self.format)

    def result(self, dense):
        return dense if self.is_array else matrix(dense)

    def toarray(self):
        return self.dense.copy()

    def todense(self):
        return self.result(self.dense.copy())

    @property
    def A(self):
        return self.dense

    @property
    def T(self):
        return self.transpose()

    def transpose(self):
        return Sparse(self.dense.T, self.is_array, {"csr": "csc", "csc": "csr"}.get(self.format, self.format))

    def tocsr(self):
        return Sparse(self.dense, self.is_array, "csr")

    def tocsc(self):
        return Sparse(self.dense, self.is_array, "csc")

    def tocoo(self):
        return self

    def tolil(self):
        return self

    def copy(self):
        return self

    def nonzero(self):
        return np.nonzero(self.dense)

    def entries(self):
        if self.format == "csc":
            columns, rows = np.nonzero(self.dense.T)
            return rows, columns
        return np.nonzero(self.dense)

    @property
    def row(self):
        return self.entries()[0]

    @property
    def col(self):
        return self.entries()[1]

    @property
    def data(self):
        return self.dense[self.entries()]

    @property
    def indices(self):
        return self.entries()[0 if self.format == "csc" else 1]

    @property
    def indptr(self):
        counts = np.sum(self.dense != 0, axis=0 if self.format == "csc" else 1)
        return np.concatenate([[0], np.cumsum(counts)])

    def sum(self, axis=None):
        if axis is None:
            return np.sum(self.dense)
        return np.sum(self.dense, axis=axis) if self.is_array else matrix(np.sum(self.dense, axis=axis, keepdims=True))

    def mean(self, axis=None):
        if axis is None:
            return np.mean(self.dense)
        return self.sum(axis) / self.shape[axis]

    def diagonal(self, k=0):
        return np.diag(self.dense, k)

    def dot(self, other):
        return self @ other

    def multiply(self, other):
        return self.like(self.dense * np.asarray(other))

    def power(self, n):
        return self.like(self.dense**n)

    def __array__(self):
        return self.dense

    def __getitem__(self, key):
        part = self.dense[key]
        return part if np.ndim(part) == 0 else self.like(np.atleast_2d(part))

    def __neg__(self):
        return self.like(-self.dense)

    def __abs__(self):
        return self.like(np.abs(self.dense))

    def __add__(self, other):
        total = self.dense + np.asarray(other)
        return self.like(total) if issparse(other) else self.result(total)

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        if np.ndim(other) == 0:
            return self.like(self.dense * other)
        return self.multiply(other) if self.is_array else self @ other

    def __rmul__(self, other):
        if np.ndim(other) == 0 or self.is_array:
            return self.like(self.dense * np.asarray(other))
        return np.asarray(other) @ self.dense

    def __truediv__(self, other):
        quotient = self.dense / np.asarray(other)
        return self.like(quotient) if np.ndim(other) == 0 else self.result(quotient)

    def __matmul__(self, other):
        product = self.dense @ np.asarray(other)
        if issparse(other):
            return self.like(product)
        return matrix(product) if isinstance(other, matrix) else product

    def __rmatmul__(self, other):
        return np.asarray(other) @ self.dense


def issparse(x):
    return isinstance(x, Sparse)


def array_of(arg1, shape, by_column=False):
    # The array of a sparse matrix that is made of an array, a shape, or entries with their places.
    if issparse(arg1):
        return arg1.dense
    if not isinstance(arg1, tuple):
        return np.atleast_2d(np.asarray(arg1))
    if isinstance(arg1[0], int):
        return np.zeros(arg1)
    if len(arg1) == 2:
        data, (rows, columns) = arg1
        rows, columns = np.asarray(rows, dtype=int), np.asarray(columns, dtype=int)
    else:
        data, columns, starts = arg1
        columns = np.asarray(columns, dtype=int)
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        count = len(starts) - 1
        if by_column:
            rows, columns = columns, rows
            shape = (np.max(rows) + 1, count) if shape is None else shape
        shape = (count, np.max(columns) + 1) if shape is None else shape
    if shape is None:
        shape = (np.max(rows) + 1, np.max(columns) + 1)
    dense = np.zeros(shape)
    np.add.at(dense, (rows, columns), np.asarray(data))
    return dense


def csr_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape))


def csc_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape, True), False, "csc")


def coo_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), False, "coo")


def lil_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), False, "lil")


def csr_array(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), True)


def csc_array(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape, True), True, "csc")


def coo_array(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), True, "coo")


def diagonals_of(diagonals, offsets, shape):
    if np.ndim(offsets) == 0:
        offsets = [offsets]
        diagonals = [diagonals] if np.ndim(diagonals[0]) == 0 else diagonals
    parts = [np.atleast_1d(np.asarray(diagonal, dtype=float)) for diagonal in diagonals]
    if shape is None:
        size = len(parts[0]) + np.abs(offsets[0])
        shape = (size, size)
    dense = np.zeros(shape)
    for part, offset in zip(parts, offsets):
        count = min(shape[0] + min(offset, 0), shape[1] - max(offset, 0))
        places = np.arange(count)
        dense[places - min(offset, 0), places + max(offset, 0)] += part
    return dense


def diags(diagonals, offsets=0, shape=None, format="dia", dtype=None):
    return Sparse(diagonals_of(diagonals, offsets, shape), False, format)


def diags_array(diagonals, offsets=0, shape=None, format="dia", dtype=None):
    return Sparse(diagonals_of(diagonals, offsets, shape), True, format)


def eye(m, n=None, k=0, dtype=None, format="dia"):
    return Sparse(np.eye(m, m if n is None else n, k), False, format)


def eye_array(m, n=None, k=0, dtype=None, format="dia"):
    return Sparse(np.eye(m, m if n is None else n, k), True, format)


def identity(n, dtype=None, format="dia"):
    return Sparse(np.eye(n), False, format)


def kron(A, B, format=None):
    return Sparse(np.kron(np.asarray(A), np.asarray(B)))


def spsolve(A, b):
    solution = np.linalg.solve(np.asarray(A), np.asarray(b))
    return A.like(solution) if issparse(b) else np.squeeze(solution)


# xarray


class DataArray:
    # An array whose axes have names, and perhaps labels.
    def __init__(self, data, coords=None, dims=None, name=None):
        self.values = np.asarray(data)
        self.name = name
        self.shape, self.ndim, self.size = self.values.shape, self.values.ndim, self.values.size
        labels = {}
        if isinstance(coords, dict):
            dims = list(coords.keys())[: self.ndim] if dims is None else dims
            for key, given in coords.items():
                labels[key] = given[1] if isinstance(given, tuple) else given
        elif coords is not None:
            for k, given in enumerate(coords):
                labels[given[0] if isinstance(given, tuple) else dims[k]] = given[1] if isinstance(given, tuple) else given
            dims = [given[0] for given in coords] if dims is None else dims
        if dims is None:
            dims = [f"dim_{k}" for k in range(self.ndim)]
        self.dims = (dims,) if isinstance(dims, str) else tuple(dims)
        assert len(self.dims) == self.ndim, "as many names of dimensions as the array has axes"
        self.coords = {dim: labels[dim] for dim in self.dims if dim in labels}
        self.sizes = dict(zip(self.dims, self.shape))

    def axis(self, dim):
        return self.dims.index(dim)

    def labels_of(self, dim):
        return self.coords[dim] if dim in self.coords else np.arange(self.sizes[dim])

    def to_numpy(self):
        return self.values

    def item(self):
        return float(self.values)

    def __array__(self):
        return self.values

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return [self.isel(**{self.dims[0]: k}) for k in range(self.shape[0])]

    def __getitem__(self, key):
        if isinstance(key, str):
            return DataArray(self.labels_of(key), dims=[key])
        return self.isel(**{self.dims[0]: key})

    def __getattr__(self, name):
        return self[name]

    def taken(self, dim, places):
        values = np.take(self.values, places, axis=self.axis(dim))
        coords = dict(self.coords)
        if np.ndim(places) == 0:
            dims = [known for known in self.dims if known != dim]
            coords.pop(dim, None)
        else:
            dims = self.dims
            if dim in coords:
                coords[dim] = [list(self.coords[dim])[k] for k in places]
        return DataArray(values, coords, dims, self.name)

    def isel(self, drop=False, **indexers):
        out = self
        for dim, places in indexers.items():
            out = out.taken(dim, places)
        return out

    def sel(self, drop=False, **indexers):
        out = self
        for dim, wanted in indexers.items():
            known = list(self.labels_of(dim))
            single = isinstance(wanted, str) or np.ndim(wanted) == 0
            out = out.taken(dim, known.index(wanted) if single else [known.index(label) for label in wanted])
        return out

    def transpose(self, *dims):
        order = [self.axis(dim) for dim in (dims if len(dims) > 0 else self.dims[::-1])]
        return DataArray(np.transpose(self.values, order), self.coords, [self.dims[k] for k in order], self.name)

    @property
    def T(self):
        return self.transpose()

    def rename(self, new):
        if isinstance(new, str):
            return DataArray(self.values, self.coords, self.dims, new)
        coords = {new.get(dim, dim): labels for dim, labels in self.coords.items()}
        return DataArray(self.values, coords, [new.get(dim, dim) for dim in self.dims], self.name)

    def reduced(self, run, dim):
        gone = self.dims if dim is None else [dim] if isinstance(dim, str) else list(dim)
        values, kept = self.values, list(self.dims)
        if len(gone) == len(kept):
            return DataArray(run(values), None, [], self.name)
        order = [k for k in range(self.ndim) if kept[k] not in gone] + [self.axis(known) for known in gone]
        kept = [known for known in kept if known not in gone]
        shape = [self.sizes[known] for known in kept] + [-1]
        values = run(np.transpose(values, order).reshape(shape), axis=-1)
        return DataArray(values, self.coords, kept, self.name)

    def mean(self, dim=None):
        return self.reduced(np.nanmean, dim)

    def sum(self, dim=None):
        return self.reduced(np.nansum, dim)

    def std(self, dim=None):
        return self.reduced(np.nanstd, dim)

    def min(self, dim=None):
        return self.reduced(np.nanmin, dim)

    def max(self, dim=None):
        return self.reduced(np.nanmax, dim)

    def median(self, dim=None):
        return self.reduced(np.nanmedian, dim)

    def spread(self, dims):
        # The values with an axis for each of `dims`, which hold one's own in their order.
        order = [self.axis(dim) for dim in dims if dim in self.dims]
        shape = [self.sizes.get(dim, 1) for dim in dims]
        return np.transpose(self.values, order).reshape(shape)

    def combined(self, other, run):
        if not isinstance(other, DataArray):
            return DataArray(run(self.values, np.asarray(other)), self.coords, self.dims, self.name)
        dims = list(self.dims) + [dim for dim in other.dims if dim not in self.dims]
        for dim in self.coords:
            if dim in other.coords:
                same = list(self.coords[dim]) == list(other.coords[dim])
                assert same, "arrays with other labels are not aligned here: select the labels first"
        coords = dict(other.coords)
        coords.update(self.coords)
        return DataArray(run(self.spread(dims), other.spread(dims)), coords, dims)

    def __neg__(self):
        return self.combined(-1, np.multiply)

    def __add__(self, other):
        return self.combined(other, np.add)

    def __radd__(self, other):
        return self.combined(other, np.add)

    def __sub__(self, other):
        return self.combined(other, np.subtract)

    def __rsub__(self, other):
        return self.combined(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self.combined(other, np.multiply)

    def __rmul__(self, other):
        return self.combined(other, np.multiply)

    def __truediv__(self, other):
        return self.combined(other, lambda a, b: a / b)

    def __rtruediv__(self, other):
        return self.combined(other, lambda a, b: b / a)

    def __pow__(self, other):
        return self.combined(other, lambda a, b: a**b)

    def __gt__(self, other):
        return self.combined(other, lambda a, b: a > b)

    def __lt__(self, other):
        return self.combined(other, lambda a, b: a < b)

    def columns_by_dimension(self):
        labels = itertools.product(*[list(self.labels_of(dim)) for dim in self.dims])
        rows = list(labels)
        return {dim: [row[k] for row in rows] for k, dim in enumerate(self.dims)}

    def to_dataframe(self, name=None):
        columns = self.columns_by_dimension()
        columns[self.name if name is None else name] = np.ravel(self.values)
        return pd.DataFrame(columns).set_index(list(self.dims))


class Dataset:
    # Arrays whose axes have names, under names of their own.
    def __init__(self, data_vars=None, coords=None, attrs=None):
        self.coords = {}
        for dim, labels in ({} if coords is None else coords).items():
            self.coords[dim] = labels[1] if isinstance(labels, tuple) else labels
        self.data_vars = {}
        for name, given in ({} if data_vars is None else data_vars).items():
            self[name] = given

    def __setitem__(self, name, given):
        if isinstance(given, DataArray):
            dims, values = given.dims, given.values
            self.coords.update(given.coords)
        elif isinstance(given, tuple):
            dims, values = ([given[0]] if isinstance(given[0], str) else given[0]), given[1]
        else:
            dims, values = [], given
        self.data_vars[name] = DataArray(values, None, dims, name)

    def __getitem__(self, name):
        if name not in self.data_vars:
            return DataArray(self.coords[name], dims=[name])
        array = self.data_vars[name]
        coords = {dim: self.coords[dim] for dim in array.dims if dim in self.coords}
        return DataArray(array.values, coords, array.dims, name)

    def __getattr__(self, name):
        return self[name]

    def __contains__(self, name):
        return name in self.data_vars or name in self.coords

    def __iter__(self):
        return list(self.data_vars.keys())

    @property
    def sizes(self):
        sizes = {}
        for array in self.data_vars.values():
            sizes.update(array.sizes)
        return sizes

    def each(self, run):
        out = Dataset()
        for name in self.data_vars:
            out[name] = run(self[name])
        return out

    def isel(self, drop=False, **indexers):
        return self.each(lambda array: array.isel(**{k: v for k, v in indexers.items() if k in array.dims}))

    def sel(self, drop=False, **indexers):
        return self.each(lambda array: array.sel(**{k: v for k, v in indexers.items() if k in array.dims}))

    def mean(self, dim=None):
        return self.each(lambda array: array.mean(dim) if dim is None or dim in array.dims else array)

    def sum(self, dim=None):
        return self.each(lambda array: array.sum(dim) if dim is None or dim in array.dims else array)

    def to_dataframe(self):
        columns, dims = {}, []
        for name in self.data_vars:
            array = self[name]
            assert len(dims) == 0 or array.dims == dims, "a table is made of arrays with the same dimensions here"
            dims = array.dims
            columns.update(array.columns_by_dimension())
        columns = {dim: columns[dim] for dim in dims}
        for name in self.data_vars:
            columns[name] = np.ravel(self[name].values)
        return pd.DataFrame(columns).set_index(list(dims))
