# pandas, written in the language of model files.

import collections
import itertools
import re

import numpy as np
import pandas as pd
from scipy import stats


class rolling:
    def __init__(self, column, window, min_periods=None, center=False):
        self.column = column
        self.parts = None
        if isinstance(column, pd.DataFrame):
            self.parts = {name: rolling(column[name], window, min_periods, center) for name in column.columns}
            return
        self.numbers = np.asarray(column, dtype=float)
        self.window = window
        self.least = window if min_periods is None else min_periods
        self.ahead = (window - 1) // 2 if center else 0

    def apply(self, func, raw=False):
        if self.parts is not None:
            made = {name: part.apply(func) for name, part in self.parts.items()}
            return pd.DataFrame(made, index=self.column.index)
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
        if isinstance(aggfunc, str) and aggfunc == "size":
            return data.groupby(rows).size()
        if values is None:
            made = data.groupby(rows).agg(aggfunc)
            return made[sorted(made.columns)]
        chosen = [values] if isinstance(values, str) else list(values)
        made = data.groupby(rows)[chosen].agg(aggfunc)
        return made[sorted(made.columns)]
    if isinstance(aggfunc, str) and aggfunc == "size":
        wide = data.groupby(rows + [columns]).size().unstack()
    else:
        wide = data.groupby(rows + [columns])[values].agg(aggfunc).unstack()
    return wide if fill_value is None else wide.fillna(fill_value)


def crosstab(index, columns, values=None, aggfunc=None, normalize=False):
    table = pd.DataFrame({"row_0": index, "col_0": columns})
    if values is not None:
        table["values"] = values
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


def mode(column):
    counts = column.value_counts()
    return pd.Series(np.sort(np.array(counts[counts == counts.max()].index)))


def squeeze(data, axis=None):
    if len(data.columns) != 1:
        return data
    return data.iloc[0, 0] if axis is None and len(data) == 1 else data[data.columns[0]]


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
    assert axis in (0, "index"), "`.xs` is of rows here: take columns by name"
    if level is None:
        return data.loc[key]
    is_table = isinstance(data, pd.DataFrame)
    flat = data.reset_index() if is_table else data.reset_index(name="values")
    kept = list(data.columns) if is_table else ["values"]
    picked = flat[flat[level] == key].drop(columns=[level])
    picked = picked.set_index([name for name in picked.columns if name not in kept])
    return picked if is_table else picked["values"]


def filter(data, items=None, like=None, regex=None):
    if items is not None:
        return data[[name for name in items if name in data.columns]]
    if like is not None:
        return data[[name for name in data.columns if like in name]]
    return data[[name for name in data.columns if re.findall(regex, name)]]


def stack(data):
    names = list(data.columns)
    rows = [label for label in data.index for name in names]
    cells = {"level_0": rows, "level_1": names * len(data), "values": np.ravel(data.to_numpy())}
    return pd.DataFrame(cells).set_index(["level_0", "level_1"])["values"]


def skew(column):
    return stats.skew(column.dropna().values, bias=False)


def kurt(column):
    return stats.kurtosis(column.dropna().values, bias=False)


kurtosis = kurt


def combine_first(column, other):
    return pd.Series(np.where(np.isnan(column.values), np.asarray(other), column.values), index=column.index)


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


def sem(column, ddof=1):
    present = column.dropna()
    return present.std(ddof=ddof) / np.sqrt(len(present))


def wide_to_long(df, stubnames, i, j, sep="", suffix=r"\d+"):
    # Columns whose names begin alike, one below the other; the ends of their names are labels of rows.
    stubs = [stubnames] if isinstance(stubnames, str) else list(stubnames)
    keys = [i] if isinstance(i, str) else list(i)
    ends, used = [], []
    for stub in stubs:
        for name in df.columns:
            if name.startswith(stub + sep):
                found = re.findall("^(" + suffix + ")$", name[len(stub + sep) :])
                used = used + [name] if found else used
                ends = ends + [end for end in found if end not in ends]
    others = [name for name in df.columns if name not in used and name not in keys]
    parts = []
    for end in ends:
        part = df[keys + others].copy()
        part[j] = int(end) if all([end.isdigit() for end in ends]) else end
        for stub in stubs:
            name = stub + sep + end
            part[stub] = df[name] if name in used else np.nan
        parts.append(part)
    long = pd.concat(parts, ignore_index=True)
    if len(keys) > 1:
        long = long.iloc[[k * len(df) + row for row in range(len(df)) for k in range(len(ends))]]
    return long.set_index(keys + [j])


def summary(column, run):
    return getattr(column, run)() if isinstance(run, str) else run(column)


def summary_name(run):
    return run if isinstance(run, str) else run.__name__


def agg(data, func):
    if isinstance(data, pd.DataFrame):
        if isinstance(func, dict):
            runs = list(func.values())
            if isinstance(runs[0], list):
                names = list(dict.fromkeys([summary_name(run) for several in runs for run in several]))
                parts = {c: {summary_name(run): summary(data[c], run) for run in func[c]} for c in func}
                return pd.DataFrame({c: [parts[c].get(name, np.nan) for name in names] for c in func}, index=names)
            return pd.Series([summary(data[c], func[c]) for c in func], index=list(func))
        if isinstance(func, list):
            parts = {c: [summary(data[c], run) for run in func] for c in data.columns}
            return pd.DataFrame(parts, index=[summary_name(run) for run in func])
        return pd.Series([summary(data[c], func) for c in data.columns], index=list(data.columns))
    if isinstance(func, dict):
        return pd.Series([summary(data, run) for run in func.values()], index=list(func))
    if isinstance(func, list):
        return pd.Series([summary(data, run) for run in func], index=[summary_name(run) for run in func])
    return summary(data, func)


aggregate = agg


def rename_axis(data, mapper=None, index=None, columns=None, axis=0):
    name = mapper if index is None else index
    if name is None or axis in (1, "columns"):
        return data
    names = [name] if isinstance(name, str) else list(name)
    if isinstance(data, pd.DataFrame):
        flat = data.reset_index()
        known = list(flat.columns)[: len(names)]
        return flat.rename(columns=dict(zip(known, names))).set_index(names)
    flat = pd.DataFrame({"values": data.values}, index=data.index).reset_index()
    known = list(flat.columns)[: len(names)]
    return flat.rename(columns=dict(zip(known, names))).set_index(names)["values"]


# An index of several levels is a table of them.
class MultiIndex:
    @staticmethod
    def from_arrays(arrays, sortorder=None, names=None):
        known = [f"level_{k}" for k in range(len(arrays))] if names is None else list(names)
        return pd.DataFrame({name: array for name, array in zip(known, arrays)})

    @staticmethod
    def from_tuples(tuples, sortorder=None, names=None):
        return MultiIndex.from_arrays([list(level) for level in zip(*tuples)], names=names)

    @staticmethod
    def from_product(iterables, sortorder=None, names=None):
        return MultiIndex.from_tuples(list(itertools.product(*iterables)), names=names)

    @staticmethod
    def from_frame(df, sortorder=None, names=None):
        return df if names is None else df.rename(columns=dict(zip(df.columns, names)))


def get_level_values(data, level):
    return data[data.columns[level] if isinstance(level, int) else level]


def concat_keys(objs, keys=None, names=None):
    if isinstance(objs, dict):
        parts = list(objs.items()) if keys is None else [(key, objs[key]) for key in keys]
    else:
        parts = list(zip(keys, objs))
    if names is None:
        names = ["level_0", "level_1"]
    names = ([names] if isinstance(names, str) else list(names)) + ["level_1"]
    made = []
    for key, part in parts:
        if not isinstance(part, pd.DataFrame):
            raise ValueError("only tables are put below each other with keys")
        part = part.copy()
        labels = list(part.index)
        part.insert(0, names[0], [key] * len(part))
        part.insert(1, names[1], labels)
        made.append(part)
    return pd.concat(made, ignore_index=True).set_index(names[:2])


def where(data, cond, other=np.nan):
    keep = np.asarray(cond)
    others = np.asarray(other)
    made = {}
    for k, name in enumerate(data.columns):
        left = others[:, k] if np.ndim(others) == 2 else others
        made[name] = np.where(keep[:, k] if np.ndim(keep) == 2 else keep, data[name].values, left)
    return pd.DataFrame(made, index=data.index)


def mask(data, cond, other=np.nan):
    return where(data, ~np.asarray(cond), other)


def reset_levels(data, level, drop=False):
    flat = data.reset_index()
    names = list(flat.columns)[: len(flat.columns) - len(data.columns)]
    wanted = level if isinstance(level, (list, tuple)) else [level]
    wanted = [names[name] if isinstance(name, int) else name for name in wanted]
    for name in wanted:
        if name not in names:
            raise ValueError(f"the rows have no level {name} (levels: {names})")
    rest = [name for name in names if name not in wanted]
    if drop:
        flat = flat.drop(columns=wanted)
    if len(rest) == 0:
        return flat
    return flat.set_index(rest)
