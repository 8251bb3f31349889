"""Writes what NumPy and pandas give for the expressions that model files must evaluate alike.

    python -m venv .venv && .venv/bin/pip install numpy pandas scipy patsy pymc scikit-learn
    .venv/bin/python numpy_expressions.py

The result is `../data/numpy_expressions.json`: the data that the expressions use, under `data`, and for every
expression its text, the shape and kind (`b`, `i` or `f`) of its value, and the values in C order. Nested objects of
the data are data frames. Expressions may take several lines; the last line is the value.
"""

import calendar
import collections
import copy
import datetime
import functools
import itertools
import json
import math
import pathlib

import numpy as np
import pandas as pd
import pymc as pm
import pytensor
import pytensor.tensor as pt
import scipy.linalg
import scipy.optimize
from patsy import dmatrix
from scipy import interpolate, special, stats
from scipy import integrate, special, stats
from scipy.spatial import distance

TARGET = pathlib.Path(__file__).resolve().parents[1] / "data" / "numpy_expressions.json"

DATA = {
    "x": [-1.25, 0.5, 2.0, -0.75, 3.5, 0.125],
    "y": [0.3, -1.1, 2.4, 0.7, -0.2, 1.9],
    "n": [3, 0, 7, -2, 5, 3],
    "group": [2, 0, 1, 0, 2, 2],
    "flag": [True, False, True, True, False, False],
    "other": [True, True, False, True, False, True],
    "label": ["north", "south", "east", "south", "north", "north"],
    "gaps": [1.5, None, 2.5, None, 4.0, 0.5],
    "m": [[1.5, -2.0], [0.25, 4.0], [-3.0, 0.5]],
    "k": [[1, 2, 3], [4, 5, 6]],
    "cube": [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]],
    "s": 2.5,
    "c": 3,
    "word": "north",
    "people": {
        "age": [31, 45, 28, 60, 39],
        "score": [0.5, 1.75, -0.25, 2.0, 0.0],
        "city": ["Oslo", "Bergen", "Oslo", "Molde", "Bergen"],
    },
}

EXPRESSIONS = """
x + y
x - 2 * y
x * n
x / 4
n / 2
n // 2
n % 3
-n % 3
x % 0.75
x // 0.5
n // 2.5
x ** 2
n ** 2
2 ** n.clip(0, 10)
2.0 ** n
(-2) ** 3
2 ** -1
np.diff(x, prepend=0)
np.diff(x, append=[7, 8])
np.quantile(x, [0.1, 0.35, 0.9], method="hazen")
np.quantile(x, 0.3, method="lower")
np.percentile(x, [20, 70], method="nearest")
np.quantile(x, [0.1, 0.35, 0.9], method="median_unbiased")
np.cov(x, bias=True)
np.isin(n, [1, 2], invert=True) + 0
n & 1
n | 4
n ^ 3
n.clip(0, 10) << 2
n >> 1
np.bitwise_and(n, 3)
np.arange(6).reshape(2, 3, order="F")
np.reshape(np.arange(24), (2, 3, 4), order="F")
np.arange(12).reshape((3, 4)).reshape((2, -1), order="F")
np.rot90(np.arange(6).reshape(2, 3))
np.nancumsum([1, np.nan, 2])
np.r_[1:4, 0, 2.5]
np.c_[1:4, 4:7]
np.mgrid[0:3, 0:2]
np.ogrid[0:3, 0:2][1]
np.polynomial.chebyshev.chebval(x, [1, 2, 3])
np.polynomial.legendre.legvander(x, 3)
np.polynomial.hermite.hermval(x, [1, 2, 3])
np.polynomial.polynomial.polyval(x, [1, 2, 3])
np.lib.stride_tricks.sliding_window_view(x, 2)
np.block([[np.eye(2), np.zeros((2, 1))], [np.zeros((1, 2)), 3]])
np.array("1 2 3.5".split(), dtype=float)
np.divmod(n, 2)[1]
[round(2.675, 2), round(-2.5), round(0.125, 2), round(1234, -2)]
[len(str(1e-7)), len(str(1e16)), len(str(0.0001)), len(f"{1.5e-5}"), len(repr(123456789012345680.0))]
[{"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} == {"a": 2}, {"a": [1]} != {"a": [1]}]
[1, 2, 1].count(1)
list(map(lambda a, b: a + b, [1, 2], [3, 4, 5]))
[int("ff", 16), int("101", base=2), min([], default=4), min((3, 1), (2, 5))[0]]
[c.isupper() for c in "aB1"] + [c.isalpha() for c in "aB1"]
7 // -2
-7 % 3
7.5 % -2
1_000 + 0x10
1e3 / c
-x
+x
abs(n)
~flag
flag & other
flag | other
flag ^ other
flag + other
flag * other
flag * x
flag.sum()
flag.mean()
True + True
x > 0
n >= 3
x <= y
n == 3
n != 3
1 < c < 5
1 < c < 2
label == "north"
label != "south"
label == word
(x > 0) & (label == "north")
c == 3 and s > 2
not (c > 3)
10 if c > 2 else 20
m @ k
k @ m
m @ m[0]
m[0] @ k
x @ y
np.dot(x, y)
np.dot(2, x)
np.matmul(m, k)
np.outer(y, n)
m.T
m.T @ m
m.dot(k)
m + m[:, :1]
m * m[0]
m[:, None, 0] + x[None, :]
x[0]
x[-1]
x[1:4]
x[::2]
x[::-1]
x[4:1:-1]
x[-3:]
x[group]
x[[0, 2, 2]]
x[x > 0]
x[flag]
x[~flag]
m[1]
m[1, 0]
m[:, 1]
m[1:, ::-1]
m[::-1, ::-1]
m[..., 0]
m[group]
m[group, 1]
m[group, [0, 1, 0, 1, 0, 1]]
m[[0, 2]][:, [1]]
m[np.array([True, False, True])]
m[m > 0]
m[None].shape
cube[1]
cube[:, 0, :]
cube[..., 1]
cube[0, :, [1, 0]]
cube[[0, 1], :, [1, 0]]
cube[:, [0, 1], [1, 0]]
cube[::-1, [0, 1]]
cube.sum()
cube.sum(axis=0)
cube.sum(axis=1)
cube.sum(axis=-1)
cube.sum(axis=(0, 2))
cube.mean(axis=(1, 2))
cube.max(axis=1)
cube.min(axis=0)
cube.prod(axis=2)
cube.sum(axis=1, keepdims=True)
cube.T
cube.reshape(6, 2)
cube.reshape(-1, 4)
cube.reshape((2, 6))
cube.ravel()
cube.flatten()
cube.shape
cube.size
cube.ndim
np.transpose(cube, (1, 0, 2))
x.mean()
x.std()
x.std(ddof=1)
x.var()
np.var(x, ddof=1)
m.mean(axis=0)
m.std(axis=0)
m.std(axis=1, ddof=1, keepdims=True)
x.min()
x.max()
x.argmax()
np.argmin(y)
np.median(x)
np.median(m, axis=0)
np.quantile(x, 0.3)
np.quantile(x, [0.05, 0.5, 0.9])
np.percentile(x, 25)
np.ptp(x)
x.cumsum()
n.cumprod()
np.cumsum(m, axis=1)
np.diff(x)
np.diff(m, axis=0)
(x > 0).any()
(x > 0).all()
np.any(m > 3, axis=1)
np.all(m > -5, axis=0)
np.isnan(gaps)
np.isfinite(gaps)
gaps[~np.isnan(gaps)]
np.nanmean(gaps)
np.nansum(gaps)
np.nanstd(gaps)
np.nan_to_num(gaps)
np.where(np.isnan(gaps), 0.5, gaps)
np.exp(x)
np.log(y + 2)
np.log1p(y ** 2)
np.expm1(x)
np.log2(n ** 2 + 1)
np.log10([1, 10, 1000])
np.sqrt(y + 2)
np.square(n)
np.abs(x)
np.sign(x)
np.sin(x) + np.cos(x) + np.tan(x)
np.sinh(x) + np.cosh(x) + np.tanh(x)
np.arctan(x)
np.arcsin(x / 4) + np.arccos(x / 4)
np.arcsinh(x) + np.arccosh(3 + y) + np.arctanh(x / 4)
np.floor(x)
np.ceil(x)
np.round(x)
np.round(y * 3.14159, 2)
x.round(1)
np.maximum(x, y)
np.minimum(x, 0)
np.clip(x, -1, 1)
x.clip(0, 2)
np.clip(n, 0, None)
np.logaddexp(x, y)
np.hypot(x, y)
np.mod(n, 4)
np.power(x, 3)
np.logical_and(flag, other)
np.logical_not(flag)
np.where(x > 0, x, y)
np.where(flag, 1, 0)
np.where(x > 0)[0]
np.array([1, 2, 3])
np.array([1, 2.5, True])
np.array([[1, 2], [3, 4]])
np.array([x, y])
np.array([1.7, -1.7]).astype(int)
n.astype(float)
x.astype(bool)
(x > 0).astype(int)
np.array([1, 2], dtype=float)
np.asarray(range(3, 9, 2))
np.zeros(3)
np.zeros((2, 3))
np.ones(2, dtype=int)
np.full((2, 2), 7)
np.full(3, 0.5)
np.zeros_like(n)
np.ones_like(m)
np.eye(3)
np.eye(2, 3)
np.arange(5)
np.arange(2, 8, 3)
np.arange(5, 0, -2)
np.arange(0, 1, 0.25)
np.linspace(0, 1, 5)
np.linspace(-2, 2, num=4)
np.linspace(0, 1, 5, endpoint=False)
np.stack([x, y])
np.stack([x, y], axis=1)
np.stack([m, m], axis=-1)
np.concatenate([x, y])
np.concatenate([m, m], axis=1)
np.column_stack([x, n])
np.column_stack((np.ones(3), m))
np.hstack([x, n])
np.hstack([m, m])
np.concat([x, n])
np.permute_dims(m, (1, 0))
np.pow(x, 2)
np.bitwise_invert(x > 0)
np.cumulative_sum(x)
np.stack(np.tril_indices_from(m))
np.stack(np.triu_indices_from(m, k=1))
np.vstack([x, y])
np.repeat(x[:2], 3)
np.repeat([4, 5], [2, 1])
np.repeat(m, 2, axis=0)
np.repeat(m, 2)
np.tile([1, 2], 3)
np.tile(m, (2, 1))
np.expand_dims(x, 1).shape
np.expand_dims(x, axis=0)
np.squeeze(m[:, :1])
np.broadcast_to(x[:2], (3, 2))
np.diag([1, 2])
np.diag(m)
np.unique(n)
np.unique(label, return_inverse=True)[1]
np.unique(n, return_index=True)[1]
np.unique(n, return_counts=True)[1]
np.unique(n, return_inverse=True, return_counts=True)[2]
len(np.unique(label))
np.sort(x)
np.argsort(x)
np.isin(n, [3, 5])
np.isin(label, ["north", "east"])
np.bincount(group)
np.bincount(group, weights=x)
np.searchsorted([1, 3, 5], [0, 3, 6])
np.searchsorted([1, 3, 5], [0, 3, 6], side="right")
np.pi * np.e
special.expit(x)
special.logit([0.2, 0.7])
special.gammaln(y + 3)
special.erf(x)
special.erfc(x * 3)
special.erfcx(x)
special.erfinv(x / 4)
special.erfcinv([0.001, 0.5, 1.7])
special.ndtr(x * 3)
special.ndtri([0.001, 0.5, 0.7])
special.log_ndtr(x * 9)
special.gammainc([0.5, 2.0, 30.0], [0.2, 3.0, 25.0])
special.gammaincc([0.5, 2.0, 30.0], [0.2, 3.0, 25.0])
special.betainc([0.5, 2.0, 30.0], [2.0, 3.0, 4.0], [0.2, 0.7, 0.9])
special.betaln([0.5, 2.0], [3.0, 4.0])
special.psi([0.5, 2.0])
np.linalg.cholesky(m.T @ m)
np.linalg.inv(m.T @ m)
np.linalg.inv(np.array([[0, 2], [1, 5]]))
np.linalg.det(np.array([[0, 2], [1, 5]]))
np.linalg.slogdet(np.array([[0, 2], [1, 5]]))[0]
np.linalg.slogdet(np.array([[0, 2], [1, 5]]))[1]
np.linalg.solve(m.T @ m, [1.0, 2.0])
np.linalg.solve(m.T @ m, m.T)
np.trace(m.T @ m)
np.kron(m, k)
pd.factorize(label)[0]
pd.factorize(label, sort=True)[0]
pd.factorize(n)[1]
pd.factorize(gaps)[0]
pd.Categorical(label).codes
pd.Categorical(label, categories=["north", "south", "east"]).codes
len(pd.Categorical(label).categories)
people["age"].mean()
people["age"].std()
people.age.std(ddof=0)
people["age"].values.std()
people["age"].to_numpy().var()
people.score.var()
(people["age"] - people["age"].mean()) / people["age"].std()
np.log(people["age"]).std()
people[["age", "score"]].values
people[["age", "score"]].to_numpy().mean(axis=0)
people[people["age"] > 35]["score"].values
people["city"].nunique()
people["city"].astype("category").cat.codes
people["age"].isin([31, 60])
people["city"].map({"Oslo": 1, "Bergen": 2, "Molde": 5})
len(people)
people["age"][people["city"] == "Oslo"].sum()
len(x)
int(x[2]) + 1
float(n[0]) / 2
int(2.9)
int("12")
sum([1, 2, 3.5])
sum(n)
sum([x, y])
min(3, 1, 2)
max([4, 9, 2])
round(2.5)
round(3.14159, 2)
[i ** 2 for i in range(5)]
[i * j for i in range(3) for j in range(i)]
[v for v in n if v > 2]
[a + b for a, b in zip([1, 2, 3], [10, 20, 30])]
[i * v for i, v in enumerate([5, 6, 7])]
[i for i, v in enumerate(label) if v == "north"]
{"a": 1, "b": 2}["b"]
[v for key, v in {"a": 1, "b": 2}.items()]
{v: i for i, v in enumerate(["p", "q"])}["q"]
[1, 2] + [3]
[0] * 4
(1, 2) + (3,)
list(range(4))[1:3]
[5, 6, 7][-1]
"a" in ["a", "b"]
4 in [1, 2]
"nor" in word
3 in {1: 2, 3: 4}
sorted([3, 1, 2])
list(reversed([1, 2, 3]))
list(zip([1, 2], [3, 4]))
any([False, True])
all([True, False])
[len(f"{name}_{i}") for i, name in enumerate(["a", "bcd"])]
len(f"{c}-{s}-{word}-{c == 3}")
len(str(2.0))
bool([])
None is None
"abc" < "abd"
len("A b c".lower().replace(" ", "__"))
"a,b,c".split(",").index("c")
"-".join(["a", "bc"]) == "a-bc"
word.startswith("no") and word.endswith("h")
" x ".strip() == "x"
x / 0.5 // 1
n // np.array([1, 2, 3, 4, 5, 6])
x % n.clip(1, 9)
np.array([5, -5]) % np.array([3, -3])
np.round(n / 7, 3)
x[np.argsort(x)][::-1]
m.reshape(-1)[[1, 3]]
np.concatenate([[0], n[1:], [c]])
np.array([label == name for name in np.unique(label)]).sum(axis=1)
(lookup := {name: i for i, name in enumerate(np.unique(label))})["south"]
people.loc[1, "age"]
people.loc[people["age"] > 35, "score"]
people.iloc[1:4]["age"].values
people.iloc[-1]["score"]
people.iloc[:, :2].values
people.loc[1:3, "age"].values
people["age"].iloc[[0, 2]]
people.set_index("city").loc["Molde", "age"]
people.groupby("city")["age"].mean()
people.groupby("city")["age"].mean().loc["Oslo"]
people.groupby("city")["age"].mean()["Bergen"]
people.groupby("city").size()
people.groupby("city")["score"].std().values[[0, 2]]
people.groupby("city")["age"].agg("max")
people.groupby("city").agg(top=("age", "max"), low=("score", "min"))["top"]
people.groupby("city")["age"].transform("mean")
people.groupby("city")["age"].transform(lambda v: v - v.mean())
people.groupby("city").ngroup()
people.groupby("city").cumcount()
people.groupby("city", as_index=False)["age"].sum()["age"]
people.groupby("city")["age"].mean().reset_index()["age"]
people.groupby(["city", "age"]).size().values
len(people.groupby("city"))
[len(part) for name, part in people.groupby("city")]
people["city"].value_counts().values
people["city"].value_counts().loc["Oslo"]
people["city"].map({"Oslo": 0, "Bergen": 1, "Molde": 2})
people["city"].map(people.groupby("city")["age"].mean())
people["city"].map(lambda name: len(name))
people["age"].apply(lambda a: a ** 2 + 1)
people.apply(lambda row: row["age"] * 2, axis=1)
people["city"].str.lower().str.len()
people["city"].str.contains("o")
people.query("age > 30 and score > 0")["age"]
people.query("city in ['Oslo', 'Molde']")["age"]
people.query("age > @c * 10 or city == 'Oslo'")["age"]
people.assign(ratio=people["score"] / people["age"])["ratio"]
people.assign(twice=lambda t: t["age"] * 2)["twice"]
people.sort_values("age")["score"]
people.sort_values(["city", "age"], ascending=False)["age"]
people.rename(columns={"age": "years"})["years"]
people.drop(columns=["city"]).values
people.drop("city", axis=1).mean()
people[["age", "score"]].mean().values
people[["age", "score"]].std().values
people.head(2)["age"]
people.tail(2)["age"]
people.shape
pd.concat([people, people])["age"]
pd.get_dummies(people["city"], drop_first=True, dtype=float)
pd.get_dummies(people["city"], prefix="c")["c_Oslo"]
pd.cut(people["age"], [0, 30, 50, 70], labels=False)
pd.cut(people["age"], bins=[0, 30, 50, 70], labels=["a", "b", "c"]).cat.codes
pd.Categorical(people["city"], categories=["Oslo", "Molde", "Bergen"]).codes
pd.Categorical(people["city"]).reorder_categories(["Oslo", "Molde", "Bergen"]).codes
pd.Series([3, 1, 2], index=["a", "b", "c"]).loc["b"]
pd.DataFrame([[1, 2], [3, 4]], columns=["u", "v"])["v"]
np.r_[1, 2, n]
np.r_[x, y].mean()
np.c_[x, y]
np.cov(x, y)
np.corrcoef(x, y)
np.histogram(x, bins=4)[0]
np.histogram(x, bins=[-2, 0, 1, 4])[0]
np.digitize(x, [0, 1, 2])
np.interp([0.5, 1.5, 9.0], [0, 1, 2], [0.0, 10.0, 12.0])
np.trapezoid(y, x)
stats.zscore(x)
stats.zscore(m, axis=None, ddof=1)
stats.norm.cdf(x)
stats.norm.pdf(x, 1, 2)
stats.norm.logpdf(x, loc=0.5, scale=3)
stats.norm.ppf([0.1, 0.5, 0.975])
x[[True, False, True, False, True, True]]
cube[..., 0]
cube[:, ::-1, 1]
m[:, [1]]
sorted([3, 1, 2], reverse=True)
sorted([(1, 2), (0, 5), (1, 1)])
sorted([-3, 1, 2], key=abs)
[len(w) for w in sorted({"b": 1, "aa": 2})]
len({1, 2, 2, 3})
len(set(label))
list(map(lambda v: v * 2, [1, 2, 3]))
list(filter(lambda v: v > 1, [1, 2, 3]))
divmod(7, 3)
int(f"{7:03d}")
float(f"{3.14159:.2f}")
len(f"{s:>10.1f}|{word:<8}|{c:+d}|{1234567:,}|{0.25:.0%}")
int("{:d}{}".format(1, 2))
len("{name}-{0:.1f}".format(s, name=word))
isinstance(c, int) and not isinstance(s, int)
[*range(3), 7]
{**{"a": 1}, "b": 2}["b"]
"a-b-c".split("-")[1] == "b"
word.title() == "North" and word.capitalize() == "North"
word[1:3] == "or"
dmatrix("bs(t, knots=k, degree=3, include_intercept=True) - 1", {"t": np.linspace(0, 1, 7), "k": [0.3, 0.6]})
dmatrix("bs(t, df=5, degree=2)", {"t": np.linspace(0, 2, 6)})
dmatrix("t", {"t": x})
dmatrix("t:u", {"t": np.arange(4.0), "u": np.array([1.0, -1.0, 0.5, 2.0])})
dmatrix("t * u * v - 1", {"t": np.arange(4.0), "u": np.array([1.0, -1.0, 0.5, 2.0]), "v": np.array([3.0, 1.0, 4.0, 1.0])})
dmatrix("t + t * u + I(t * u)", {"t": np.arange(4.0), "u": np.array([1.0, -1.0, 0.5, 2.0])})
dmatrix("bs(t, df=4):u + np.log(u)", {"t": np.linspace(0, 2, 6), "u": np.arange(1.0, 7.0)})
"""

BLOCKS = [
    "a, b = np.unique(label, return_inverse=True)\nb",
    "(first, second), third = (1, 2), 3\nfirst + 10 * second + 100 * third",
    "total = 0\nfor i in range(4):\n    if i == 2:\n        continue\n    total += i\ntotal",
    "total = 0\nfor i, v in enumerate(n):\n    if v < 0:\n        break\n    total = total + v * i\ntotal",
    "parts = []\nfor g in range(3):\n    parts.append(x[group == g].mean())\nnp.array(parts)",
    "parts = [1]\nparts.extend([2, 3])\nparts[0] = 9\nparts",
    "table = {}\nfor name in ['a', 'b']:\n    table[name] = len(table)\ntable['b']",
    "def scale(v, by=2.0):\n    centre = v.mean()\n    return (v - centre) / by\nscale(x, by=x.std())",
    "def count(v):\n    if len(v) > 3:\n        return 1\n    return 2\ncount(x)",
    "i = 5\nsquares = [i ** 2 for i in range(3)]\ni",
    "frame = people.copy()\nframe['older'] = frame['age'] + 1\nframe['older'].values",
    "frame = pd.DataFrame({'u': [1, 2, 3], 'v': [2.0, 4.0, 9.0]})\nframe['v'].std()",
    "if s > 2:\n    answer = 1\nelif s > 1:\n    answer = 2\nelse:\n    answer = 3\nanswer",
    "u = 3\nu **= 2\nu -= 1\nu //= 3\nu",
    "values, counts = np.unique(group, return_counts=True)\ncounts / counts.sum()",
    "a, *b = [1, 2, 3, 4]\nsum(b) + 10 * a",
    "*a, b = (1, 2, 3)\nlen(a) * 10 + b",
    "z = np.zeros(5)\nfor i in range(5):\n    z[i] = i ** 2\nz",
    "z = np.zeros((2, 3))\nz[0] = 1\nz[:, 2] = [7, 8]\nz[1, 0] += 4\nz",
    "z = x.copy()\nz[z < 0] = 0\nz",
    "z = np.arange(6)\nz[1::2] = -1\nz[0] = 2.9\nz",
    "z = m.copy()\nz[np.ix_([0, 2], [1])] = 9\nz",
    "frame = people.copy()\nframe.loc[frame['age'] > 40, 'score'] = -1\nframe['score']",
    "frame = people.copy()\nframe['old'] = 0\nframe.loc[frame['age'] > 40, 'old'] = 1\nframe['old'].values",
    "frame = people.copy()\nframe.age = frame.age - 1\nframe['age']",
    "frame = people.copy()\nframe.columns = ['a', 'b', 'c']\nframe['a']",
    "frame = people.copy()\nframe.rename(columns={'age': 'years'}, inplace=True)\nframe['years']",
    "frame = people.copy()\ndel frame['city']\nframe.values",
    "frame = people.copy()\nframe[['u', 'v']] = frame[['age', 'score']]\nframe['v']",
    "frame = people[people['age'] > 30].reset_index(drop=True)\nframe.index.values",
    "frame = people[people['age'] > 30]\nframe.index.values",
    "frame = people.set_index('city')\nframe.reset_index()['age']",
    "i = 0\nwhile i < 5:\n    i += 2\ni",
    "total = 0\nwhile True:\n    total += 1\n    if total > 3:\n        break\ntotal",
    "try:\n    value = 1\nexcept ImportError:\n    value = 2\nvalue",
    "def outer(k):\n    def inner(v):\n        return v * k\n    return inner\nouter(3)(4)",
    "def total(*args, scale=1, **rest):\n    return sum(args) * scale + len(rest)\ntotal(1, 2, scale=3, a=1)",
    "fs = [lambda v, k=k: v + k for k in range(3)]\n[f(10) for f in fs]",
    "d = {'a': 1}\nd.update({'b': 2}, c=3)\nd.pop('a')\nd.setdefault('e', 5)\nsum(d.values())",
    "l = [3, 1, 2]\nl.sort()\nl.insert(0, 9)\nl.reverse()\nl.remove(2)\nl += [4]\nl.pop()\nl",
    "means = {}\nfor name, part in people.groupby('city'):\n    means[name] = part['age'].mean()\nmeans['Oslo']",
    "rows = []\nfor i, row in people.iterrows():\n    rows.append(row['age'] + i)\nrows",
    "if (k := len(x)) > 3:\n    k += 1\nk",
    "table = people.groupby('city').agg({'age': 'mean', 'score': 'sum'})\ntable['score']",
    "d = {\"a\": 1, \"b\": 2} | {\"b\": 5, \"c\": 7}\nd |= {\"a\": 4}\nlist(d.values()) + [len(d)]",
    "[a * b for a, b in zip([1, 2], [3, 4], strict=True)]",
    "known = {\"Oslo\": 3, \"Molde\": 5, \"Bergen\": 4}\npeople.city.map(known.get).values",
    "order = [\"Oslo\", \"Bergen\", \"Molde\"]\nlist(map(order.index, people.city))",
    "[len(text) for text in map(\"-\".join, [[\"a\", \"b\"], [\"c\"]])]",
    "def twice(f):\n    @functools.wraps(f)\n    def inner(*args, **kwargs):\n        return 2 * f(*args, **kwargs)\n    return inner\n@twice\n@twice\ndef area(a, *, b=1):\n    return a * b\narea(3, b=5)",
    "known = {}\ndef register(name):\n    def keep(f):\n        known[name] = f\n        return f\n    return keep\n@register(\"square\")\ndef square(v):\n    return v ** 2\n@register(\"cube\")\ndef power(v):\n    return v ** 3\n[known[\"square\"](3), known[\"cube\"](2), square(5), len(known)]",
    "def kind(v):\n    match v:\n        case \"a\" | \"b\":\n            return 1\n        case 3:\n            return 2\n        case None:\n            return 3\n        case True:\n            return 4\n        case [first, *rest] if len(rest) > 1:\n            return first + 10 * len(rest)\n        case (one, other):\n            return one - other\n        case _:\n            return -1\n[kind(\"b\"), kind(3), kind(None), kind(True), kind([5, 6, 7]), kind((9, 4)), kind(\"z\"), kind([])]",
    "from enum import Enum\nclass Kind(Enum):\n    LINEAR = 1\n    POWER = \"p\"\n    def __len__(self):\n        return 7\ndef run(kind):\n    match kind:\n        case Kind.LINEAR:\n            return 10\n        case Kind.POWER:\n            return 20\n[run(Kind.LINEAR), run(Kind(\"p\")), len(Kind.POWER.name), Kind.LINEAR.value, Kind.LINEAR == Kind.POWER, Kind.POWER == Kind(\"p\"), {Kind.POWER: 6}[Kind.POWER]]",
    "from dataclasses import dataclass, field\n@dataclass\nclass Inner:\n    scale: float = field(default=2.5)\n@dataclass\nclass Settings:\n    size: int\n    names: list = field(default_factory=lambda: [\"a\", \"b\"])\n    inner: Inner = field(default_factory=Inner)\none = Settings(3)\ntwo = Settings(4, names=[\"c\"])\none.names.append(\"z\")\n[one.size, len(one.names), one.inner.scale, len(two.names), len(Settings(1).names)]",
    "np.arange(9).reshape(3, 3)[np.diag_indices_from(np.eye(3))]",
    "scipy.linalg.expm(m.T @ m / 4 - np.eye(2))",
    "scipy.linalg.expm(np.array([[-900.0, 900.0], [0.5, -0.5]]))",
    "interpolate.BSpline.design_matrix(np.array([0.1, 0.5, 0.75]), np.array([0, 0, 0, 0, 0.4, 1, 1, 1, 1.0]), 3).toarray()",
    "getattr(people.age, \"max\")() + getattr(people.score, \"mean\")()",
    "people.age.agg([\"mean\", \"std\", \"max\"]).values",
    "people.age.agg(\"median\") + people.score.agg(np.sum)",
    "people[[\"age\", \"score\"]].agg([\"min\", \"max\"]).values",
    "people[[\"age\", \"score\"]].agg(\"mean\").values",
    "people.agg({\"age\": \"max\", \"score\": \"min\"}).values",
    "people.rename_axis(\"person\").reset_index()[\"person\"].values + people.set_index(\"city\").rename_axis(\"town\").reset_index().town.str.len().values",
    "people.groupby(\"city\")[\"age\"].mean().rename_axis(\"town\").reset_index().town.str.len().values",
    "index = pd.MultiIndex.from_product([[\"a\", \"b\"], [1, 2, 3]], names=[\"k\", \"rep\"])\nd = pd.DataFrame({\"v\": np.arange(6.0)}, index=index)\nnp.r_[d.groupby(level=\"k\").v.sum().values, d.index.get_level_values(\"rep\"), len(index), pd.Series(np.ones(6), index=index).reset_index().rep.values]",
    "index = pd.MultiIndex.from_tuples([(\"a\", 1), (\"b\", 5)], names=[\"k\", \"rep\"])\nindex.get_level_values(\"rep\").values + len(index)",
    "d = people.set_index(\"city\").melt(value_vars=[\"age\", \"score\"], ignore_index=False)\nd.index.str.len().values + d.value.values",
    "people.groupby(\"city\")[\"city\"].transform(\"first\").str.len().values",
    "people.assign(first=people.groupby(\"city\")[\"city\"].transform(\"last\"))[\"first\"].str.len().values",
    "d = pd.DataFrame(np.arange(6.0).reshape(2, 3), columns=pd.Index([2000, 2001, 2002]))\nd[2001].values + d[2002].sum()",
    "pd.period_range(\"1990\", periods=4, freq=\"Y\").year.values",
    "kind = pd.CategoricalDtype([\"Molde\", \"Bergen\", \"Oslo\"], ordered=True)\npeople.city.astype(kind).cat.codes.values",
    "people.pivot_table(index=\"city\", columns=\"age\", values=\"score\").columns.values",
    "seen, total = [], {}\ntable = pd.DataFrame({\"a\": [1, 2]})\nz = np.zeros(3)\ndef add(v):\n    seen.append(v)\n    total[v] = len(seen)\n    table[\"b\"] = v\n    z[1] += v\n    return v\nfor k in range(3, 6):\n    add(k)\nseen + list(total.values()) + list(table.b) + list(z)",
    "def counter():\n    counts = {\"n\": 0}\n    def step():\n        counts[\"n\"] += 2\n        return counts[\"n\"]\n    return step\none, two = counter(), counter()\n[one(), one(), two(), one()]",
]

# Random numbers of seeds, as both kinds of generators draw them.
DRAWS = """
random(5)
random()
random((2, 3))
standard_normal(7)
standard_normal((3, 1))
normal()
normal(size=3)
normal(1.5, 0.5, 9)
normal(x, 0.1)
normal(x[:, None], [0.5, 1, 2])
normal(loc=m, scale=2, size=(2, 3, 2))
uniform(-1, 3, size=5)
uniform(low=x, high=x + 1)
exponential(2.0, size=50)
standard_exponential(4)
gamma(0.3, size=40)
gamma(1.0, 2.0, size=5)
gamma(shape=4.5, scale=0.5, size=40)
standard_gamma([0.5, 1, 3])
beta(0.2, 0.7, size=30)
beta(2, 5, size=30)
beta(1, 1, size=5)
chisquare(3, size=20)
f(3, 8, size=10)
standard_t(4, size=20)
standard_cauchy(5)
laplace(1, 2, size=10)
gumbel(1, 2, size=10)
logistic(1, 2, size=10)
lognormal(0.5, 0.3, size=10)
rayleigh(2, size=5)
pareto(3, size=10)
weibull(1.5, size=10)
power(2.5, size=5)
wald(1.5, 2.0, size=30)
vonmises(0.5, 2.0, size=30)
vonmises(2.5, 1e-6, size=5)
triangular(-1, 0.5, 3, size=20)
binomial(1, 0.3, size=20)
binomial(10, 0.8, size=50)
binomial(n=[5, 500], p=0.4)
binomial(1000, 0.3, size=400)
binomial(100000, 0.7, size=400)
binomial(80, [[0.5], [0.9]], size=(2, 100))
poisson(3.5, size=50)
poisson(40, size=200)
poisson(np.exp(x))
poisson(123456.7, size=50)
negative_binomial(5, 0.3, size=50)
negative_binomial(0.5, 0.01, size=50)
geometric(0.6, size=30)
geometric(0.02, size=30)
multinomial(20, [0.2, 0.3, 0.5])
multinomial(20, [0.2, 0.3, 0.5], size=4)
dirichlet([1.0, 2.0, 3.5])
dirichlet(np.ones(4), size=(3, 2))
choice(5)
choice(5, 8)
choice(x, size=(3, 2))
choice([3, 1, 4, 1, 5], size=6, p=[0.1, 0.2, 0.3, 0.15, 0.25])
choice(x, 4, replace=False)
choice(20, 12, replace=False)
choice(12, 6, replace=False, p=np.arange(12) / 66)
choice([0, 1], size=10, p=[0.25, 0.75])
permutation(10)
permutation(x)
permutation(m)
""".strip().split("\n")
RANDOM = [f"rng = np.random.default_rng({seed})\nrng.{draw}" for seed, draw in enumerate(DRAWS)]
RANDOM += [f"np.random.seed({seed})\nnp.random.{draw}" for seed, draw in enumerate(DRAWS)]
RANDOM += [
    # The last bits of a million numbers.
    *[
        f"rng = {rng}\nz = rng.{draw}(size=1000000)\n(z * 2.0**40 % 1.0).sum()"
        for rng in ("np.random.default_rng(3)", "np.random.RandomState(3)")
        for draw in ("random", "standard_normal", "standard_exponential")
    ],
    "rng = np.random.default_rng(0)\nrng.integers(10, size=20)",
    "rng = np.random.default_rng([5, 6])\nrng.integers(-3, 4, size=(2, 5))",
    "rng = np.random.default_rng(2**40 + 5)\nrng.integers(0, 2**40, size=5)",
    "rng = np.random.default_rng([1, 2, 3, 4, 5, 6])\nrng.integers([1, 10, 100], 1000)",
    "rng = np.random.default_rng(4)\n[rng.integers(1, 6, endpoint=True) for _ in range(9)]",
    "rng = np.random.default_rng(4)\n[rng.integers(7), rng.random(), rng.integers(7), rng.integers(2**33), rng.integers(9)]",
    "rng = np.random.default_rng(4)\nrng.choice(20000, 900, replace=False)",
    "rng = np.random.default_rng(4)\nrng.choice(200, 9, replace=False, shuffle=False)",
    "rng = np.random.default_rng(4)\nz = np.arange(20)\nrng.shuffle(z)\nz",
    "rng = np.random.default_rng(4)\nz = list(range(20))\nrng.shuffle(z)\nz",
    "rng = np.random.default_rng(4)\nrng.dirichlet([0.01, 0.02, 0.05], size=5)",
    "rng = np.random.default_rng(4)\nrng.beta(1e-105, 1e-104, size=5)",
    "rng = np.random.default_rng(4)\nrng.beta(1e-4, 1e-3, size=50)",
    "rng = np.random.default_rng(4)\nrng.multinomial([5, 9], [[0.2, 0.8], [0.5, 0.5]])",
    "rng = np.random.default_rng(4)\n[child.normal() for child in rng.spawn(3)] + [rng.normal()]",
    "rng = np.random.default_rng([7] * 9)\n[child.normal() for child in rng.spawn(2)[1].spawn(2)]",
    "rng = np.random.default_rng(4)\ncopy = np.random.default_rng(rng)\n[rng.normal(), copy.normal(), rng.normal()]",
    "rng = np.random.Generator(np.random.PCG64(11))\nrng.normal(size=3)",
    "np.random.seed(1)\nnp.random.rand(2, 3)",
    "np.random.seed(1)\nnp.random.randn(5)",
    "np.random.seed(1)\n[np.random.randn(), np.random.rand(), np.random.normal(2, 3), np.random.randn()]",
    "np.random.seed(1)\nnp.random.randint(0, 10, size=20)",
    "np.random.seed(1)\nnp.random.randint(2**40, size=4)",
    "np.random.seed([1, 2, 3])\nnp.random.randint(1, 100, 5)",
    "np.random.seed(1)\nz = np.arange(20)\nnp.random.shuffle(z)\nz",
    "np.random.seed(1)\nz = m.copy()\nnp.random.shuffle(z)\nz",
    "np.random.seed(1)\nnp.random.beta(1e-4, 1e-3, size=50)",
    *[
        f"rng = {rng}\ncov = {cov}\nrng.multivariate_normal(np.arange(len(cov)), cov, size=7)"
        for rng in ("np.random.default_rng(3)", "np.random.RandomState(3)")
        for cov in (
            "[[2.0]]",
            "[[1, 0.3], [0.3, 2]]",
            "[[1, -0.7], [-0.7, 0.5]]",
            "np.array([[1, 0.9], [0.9, 1]]) * 4",
            "np.eye(4)",
            "np.diag([3.0, 1, 2])",
            "[[1.0, 0.5, 0.2], [0.5, 2.0, -0.3], [0.2, -0.3, 0.7]]",
            "np.full((5, 5), 0.3) + 0.7 * np.eye(5) + np.diag(np.arange(5) / 7)",
            "np.exp(-np.abs(np.subtract.outer(x, x)))",
            "np.exp(-np.abs(np.subtract.outer(np.arange(25), np.arange(25))) ** 1.5 / 9) + np.diag(np.arange(25) / 99)",
        )
    ],
    "rng = np.random.default_rng(3)\nrng.multivariate_normal([1, 2], [[2, 1], [1, 3]])",
    "rng = np.random.default_rng(3)\nrng.multivariate_normal([1, 2], [[2, 1], [1, 3]], (2, 3), method='cholesky')",
    *[
        f"pm.draw({of}, random_seed=5)"
        for of in (
            "pm.Normal.dist(1.0, 2.0)",
            "pm.Normal.dist(x[:, None], [0.5, 1.5])",
            "pm.HalfNormal.dist(3.0, shape=4), draws=3",
            "pm.LogNormal.dist(0.5, 0.2), draws=3",
            "pm.Uniform.dist(-1.0, 2.0), draws=3",
            "pm.Exponential.dist(2.0), draws=3",
            "pm.Gamma.dist(2.5, 4.0), draws=9",
            "pm.Gamma.dist(mu=2.0, sigma=0.5), draws=9",
            "pm.Laplace.dist(1.0, 2.0), draws=3",
            "pm.StudentT.dist(nu=3.0, mu=1.0, sigma=2.0), draws=3",
            "pm.Poisson.dist(np.exp(x)), draws=2",
            "pm.Bernoulli.dist(0.3, size=9)",
            "pm.Binomial.dist(n=[4, 400], p=0.3), draws=3",
            "pm.NegativeBinomial.dist(mu=3.0, alpha=1.5), draws=9",
            "pm.NegativeBinomial.dist(n=3.0, p=0.4), draws=9",
        )
    ],
    "rng = np.random.default_rng(2)\npm.draw(pm.Normal.dist(0.0, 1.0), draws=3, random_seed=rng) + rng.normal()",
    "rng = np.random.default_rng(sum(map(ord, 'a title')))\nrng.permuted(m)",
    "rng = np.random.default_rng(seed=7)\nrng.permuted(x)",
    "people.sample(3, random_state=5)['age'].values",
    "people.sample(frac=0.5, random_state=5)['age'].values",
    "import itertools\nlist(itertools.product([1, 2], (3, 4), repeat=2))",
    "from itertools import combinations\n[a * b for a, b in combinations(range(5), 2)]",
    "np.where(m > 0)[1]",
    "np.arange(5, dtype=float)",
    "frame = pd.DataFrame.from_dict({'a': x, 'b': y})\nframe['b'] - frame['a']",
    "stats.norm.rvs(size=5, random_state=3)",
    "stats.norm.rvs(2, 3, 5, random_state=3)",
    "stats.norm(x, 2).rvs(random_state=3)",
    "stats.norm.rvs(loc=x[:, None], scale=[1, 2], size=(6, 2), random_state=np.random.default_rng(8))",
    "np.random.seed(5)\nstats.bernoulli.rvs(0.3, size=9) + stats.bernoulli(0.9).rvs(9)",
    "stats.bernoulli.rvs(special.expit(x), random_state=1)",
    "stats.binom.rvs(10, 0.3, size=9, random_state=1)",
    "stats.binom.rvs(n=10, p=0.3, size=1, random_state=1)",
    "stats.poisson.rvs(3, size=9, random_state=1)",
    "stats.poisson.rvs(mu=[3, 30], loc=2, random_state=1)",
    "stats.nbinom(5, 0.3).rvs(9, random_state=1)",
    "stats.geom.rvs(0.4, size=9, random_state=1)",
    "stats.randint.rvs(2, 9, size=9, random_state=1)",
    "stats.uniform.rvs(-1, 3, size=9, random_state=1)",
    "stats.invgamma.rvs(2.5, scale=2, size=6, random_state=1)",
    "stats.truncnorm(-1, 2, 0.5, 2).rvs(6, random_state=1)",
    "stats.exponnorm.rvs(1.5, loc=1, size=6, random_state=np.random.default_rng(2))",
    "stats.skewnorm.rvs(-2, loc=[1, 2, 3], random_state=1)",
    "stats.betabinom.rvs(9, 2, 3, size=6, random_state=1)",
    "stats.expon(scale=3).rvs(9, random_state=1)",
    "stats.gamma.rvs(2.5, scale=0.5, size=9, random_state=1)",
    "stats.beta(2, 3).rvs(9, random_state=1)",
    "stats.t.rvs(4, 1, 2, size=9, random_state=1)",
    "stats.halfnorm.rvs(size=9, random_state=1)",
    "stats.cauchy.rvs(1, 2, size=9, random_state=1)",
    "stats.halfcauchy.rvs(size=9, random_state=1)",
    "stats.laplace.rvs(size=9, random_state=1)",
    "stats.logistic.rvs(size=9, random_state=1)",
    "stats.gumbel_r.rvs(size=9, random_state=1)",
    "stats.lognorm.rvs(0.5, scale=np.exp(1), size=9, random_state=1)",
    "stats.chi2.rvs(3, size=9, random_state=1)",
    "stats.triang.rvs(0.3, -1, 4, size=9, random_state=1)",
    "stats.norm(1, 2).pdf(x)",
    "[stats.norm(1, 2).mean(), stats.norm(1, 2).std(), stats.beta(2, 3).var(), stats.gamma(2, scale=3).mean()]",
    "stats.gamma(2, scale=3).pdf(abs(x))",
    "stats.expon.logpdf(abs(x), scale=2)",
    "stats.t.pdf(x, 3, loc=1, scale=2)",
    "stats.beta.cdf(0.3, 2, 3)",
    "stats.uniform(-2, 5).pdf(x)",
    "stats.binom.pmf(np.arange(5), 4, 0.3)",
    "stats.poisson.logpmf(n.clip(0, 9), 3)",
    "stats.nbinom.pmf(2, 5, 0.3)",
    "stats.binom(4, 0.3).cdf([0, 2])",
    "stats.lognorm(0.5, scale=2).pdf(abs(x))",
    "stats.triang.pdf(0.5, 0.3)",
    "rng = np.random.RandomState(42)\nrng.normal(size=3) + rng.randint(5)",
    "np.random.seed(1)\nnp.random.seed(2)\nnp.random.random_sample(3)",
    "def simulate(rng, n):\n    return rng.normal(size=n)\nrng = np.random.default_rng(1)\nsimulate(rng, 3) + simulate(rng, 3)",
    "stats.gamma.ppf([0.01, 0.5, 0.999], 2.5, scale=3)",
    "stats.beta(0.5, 2).ppf([0.01, 0.5, 0.99])",
    "stats.t.ppf([0.025, 0.2, 0.975], 4, loc=1, scale=2)",
    "stats.expon.ppf([0, 0.5, 0.99])",
    "stats.cauchy.ppf([0.1, 0.9])",
    "stats.binom.ppf([0, 0.1, 0.5, 0.9, 1], 10, 0.3)",
    "stats.poisson(3.5).ppf([0.05, 0.5, 0.95])",
    "stats.nbinom.ppf(0.5, [2, 20], 0.3)",
    "stats.randint.ppf([0.1, 0.5, 1], 2, 9)",
    "stats.halfnorm(scale=2).ppf([0.1, 0.5])",
    "stats.lognorm.ppf(0.9, 0.5, scale=[1, 2])",
    "stats.truncnorm.ppf([0.1, 0.9], -1, 2)",
    "stats.truncnorm(-1, 2, loc=1, scale=2).logpdf([0.5, 3])",
    "[stats.truncnorm(-1, 2).mean(), stats.truncnorm(-1, np.inf).var()]",
    "stats.weibull_min.cdf([0.5, 2], 1.5, scale=2)",
    "stats.weibull_min.rvs(1.5, size=5, random_state=1)",
    "[stats.weibull_min(1.5).mean(), stats.weibull_min(1.5).std()]",
    "stats.pareto.logpdf([1.5, 4], 2.5)",
    "stats.pareto(2.5).rvs(4, random_state=2)",
    "[stats.pareto(2.5).mean(), stats.pareto(2.5).var()]",
    "stats.invgauss.pdf([0.5, 2], 0.7)",
    "stats.invgauss.rvs(0.7, size=4, random_state=3)",
    "stats.invgamma.logpdf([0.5, 2], 3, scale=2)",
    "[stats.invgamma(3).mean(), stats.invgamma(3).var(), stats.invgauss(0.7).std()]",
    "stats.exponnorm.logpdf([0.5, 2], 1.5, loc=0.2, scale=2)",
    "stats.exponnorm.cdf([0.5, 2], 1.5)",
    "stats.skewnorm.logpdf(x, 2, loc=0.5)",
    "[stats.skewnorm(2).mean(), stats.skewnorm(2).var(), stats.exponnorm(1.5).var()]",
    "stats.betabinom.pmf([0, 2, 5], 5, 2, 3)",
    "[stats.betabinom(5, 2, 3).mean(), stats.betabinom(5, 2, 3).var()]",
    "stats.hypergeom.logpmf([0, 2], 20, 7, 5)",
    "[stats.hypergeom(20, 7, 5).mean(), stats.hypergeom(20, 7, 5).var()]",
    "stats.multivariate_normal([0.5, -1], [[2, 0.3], [0.3, 1]]).logpdf(m)",
    "stats.multivariate_normal.pdf(m, mean=[0, 0], cov=2)",
    "stats.multivariate_normal.rvs([0.5, -1], [[2, 0.3], [0.3, 1]], size=3, random_state=4)",
    "stats.multivariate_normal(mean=[1, 2], cov=[[2, 0.3], [0.3, 1]]).rvs(random_state=4)",
    "special.softmax(m, axis=1)",
    "special.logsumexp(m)",
    "distance.cdist(m, m[:2])",
    "distance.cdist(m, m, 'cityblock')",
    "distance.squareform(distance.pdist(m, 'sqeuclidean'))",
    "distance.squareform(distance.squareform(distance.pdist(m)))",
    "np.empty((2, 3)).shape",
    "pd.get_dummies(people, dtype=int)",
    "pd.get_dummies(people, columns=['age'], drop_first=True, dtype=float).drop(columns='city')",
    "pd.get_dummies(people[['city']], prefix='is', dtype=int)['is_Oslo']",
    "people.melt(id_vars='city', value_vars=['age', 'score'], var_name='what', value_name='much')['much']",
    "pd.melt(people[['age', 'score']])['variable'].map({'age': 1, 'score': 2})",
    "pd.concat([people['age'], people['score']]).values",
    "pd.concat([people.city, people.city]).nunique()",
    "np.unique(pd.DataFrame({'a': label, 'b': label[::-1]}).values, return_inverse=True)[1].ravel()",
    "people.index.name = 'who'\npeople.reset_index()['who']",
    "pm.gp.cov.ExpQuad(2, ls=[0.5, 2.0])(m, m[:2]).eval()",
    "pm.gp.cov.Matern52(2, ls=1.5)(m, m[:2]).eval()",
    "pm.gp.cov.Matern32(2, ls=1.5, active_dims=[1])(m, m[:2]).eval()",
    "pm.gp.cov.Matern12(2, ls_inv=0.5)(m, m[:2]).eval()",
    "pm.gp.cov.Exponential(2, ls=[1.0, 3.0])(m[2:], m[:2]).eval()",
    "pm.gp.cov.Cosine(2, ls=4.0)(m, m[:2]).eval()",
    "pm.gp.cov.RatQuad(2, alpha=0.7, ls=1.2)(m, m[:2]).eval()",
    "pm.gp.cov.Periodic(2, period=3.0, ls=0.8)(m, m[:2]).eval()",
    "pm.gp.cov.Linear(2, c=[0.1, 0.2])(m, m[:2]).eval()",
    "pm.gp.cov.Polynomial(2, c=0.1, d=3, offset=0.5)(m, m[:2]).eval()",
    "(2.0 * pm.gp.cov.ExpQuad(2, ls=1.0) ** 0.5 + pm.gp.cov.Constant(0.3))(m, m[:2]).eval()",
    "(pm.gp.cov.ExpQuad(2, ls=1.0) * 2.5 + pm.gp.cov.WhiteNoise(0.3))(m).eval()",
    "pm.gp.cov.Matern52(2, ls=1.5)(m).eval()",
    "(pm.gp.mean.Linear(coeffs=[0.5, 2.0], intercept=1.0) + pm.gp.mean.Constant(3.0))(m).eval()",
    "pm.gp.hsgp_approx.approx_hsgp_hyperparams([0, 10], [1.5, 4], 'expquad')",
    "pm.gp.cov.Coregion(2, W=[[1.0], [0.5], [2.0]], kappa=[0.1, 0.2, 0.3], active_dims=[1])(np.array([[0.5, 0], [1.0, 2]])).eval()",
    "pm.gp.cov.Coregion(1, B=[[1.0, 0.5], [0.5, 2.0]])(n[:3, None] > 0, (n[1:3, None] > 0)).eval()",
    "pm.gp.cov.Coregion(1, B=[[1.0, 0.5], [0.5, 2.0]])(n[:3, None] > 0, diag=True).eval()",
    "pm.gp.cov.Kron([pm.gp.cov.ExpQuad(1, ls=1.0), 2.0 * pm.gp.cov.Matern32(1, ls=2.0)])(m, m[:2]).eval()",
    "pm.gp.cov.Circular(1, period=2.0, tau=5)(x[:, None], y[:2, None]).eval()",
    "pm.gp.cov.WrappedPeriodic(pm.gp.cov.Matern52(2, ls=[0.5, 2.0]), period=3)(m, m[:2]).eval()",
    "pm.gp.cov.Gibbs(1, lambda X, a: pt.exp(a * X), args=0.3)(x[:, None], y[:3, None]).eval()",
    "pm.gp.cov.WarpedInput(2, pm.gp.cov.Matern52(2, ls=1.0), lambda X, a, b: a * X**3 + b, args=(0.1, 0.5))(m, m[:2]).eval()",
    "pm.gp.cov.ScaledCov(2, pm.gp.cov.Linear(2, c=0.1), lambda X: X[:, 0] ** 2)(m, m[:2]).eval()",
    "pm.gp.cov.ScaledCov(2, pm.gp.cov.Polynomial(2, c=0.1, d=2, offset=1.0), lambda X: X[:, 0] ** 2)(m, diag=True).eval()",
    "(pm.gp.cov.ExpQuad(2, ls=1.0) * 2.5 + pm.gp.cov.WhiteNoise(0.3) + pm.gp.cov.Constant(0.1)).__call__(m, diag=True).eval()",
    "pm.gp.cov.ExpQuad(2, ls=[1.0, 2.0]).euclidean_dist(m, m[:2]).eval()",
    "[pm.gp.cov.ExpQuad(3, ls=2.0, active_dims=[0, 2]).n_dims, (pm.gp.cov.Cosine(2, ls=1.0) + 1.0).input_dim]",
    "pm.gp.cov.ExpQuad(2, ls=[0.5, 1.0]).power_spectral_density(np.abs(m)).eval()",
    "pm.gp.cov.RatQuad(2, alpha=1.7, ls=[0.5, 1.0]).power_spectral_density(np.abs(m)).eval()",
    "pm.gp.cov.RatQuad(1, alpha=0.4, ls=2.0).power_spectral_density(np.array([[0.001], [0.1], [2.0]])).eval()",
    "pm.gp.cov.RatQuad(1, alpha=30.1, ls=2.0).power_spectral_density(np.array([[0.001], [0.1], [2.0]])).eval()",
    "pm.gp.cov.Periodic(1, period=2.0, ls=0.5).power_spectral_density_approx(np.arange(7)).eval()",
    "pm.gp.cov.Periodic(1, period=2.0, ls=0.03).power_spectral_density_approx(np.array([0, 40, 200])).eval()",
    "(pm.gp.mean.Linear(coeffs=[0.5, 2.0]) * pm.gp.mean.Constant(3.0))(m).eval()",
    "pm.gp.util.stabilize(m @ m.T, 0.5).eval()",
    "np.random.seed(3)\nz = np.random.normal(size=(40, 2))\npm.gp.util.kmeans_inducing_points(6, z)",
    "z = np.random.default_rng(8).normal(size=(30, 3))\npm.gp.util.kmeans_inducing_points(4, z, iter=3, rng=np.random.default_rng(2))",
    "pm.gp.hsgp_approx.set_boundary(m, 1.5)",
    "pm.gp.hsgp_approx.calc_eigenvalues(np.array([2.0, 3.0]), [2, 3])",
    "L = pm.gp.hsgp_approx.set_boundary(m, 2.0)\npm.gp.hsgp_approx.calc_eigenvectors(m, L, pm.gp.hsgp_approx.calc_eigenvalues(L, [3, 2]), [3, 2]).eval()",
    "np.stack(pm.gp.hsgp_approx.calc_basis_periodic(x[:, None], 2.5, 4))",
    "pm.math.cartesian(x[:2], m, y[:2])",
    "pm.math.kron_dot([m[:2], m[1:]], m[:2, :].repeat(2, axis=0)).eval()",
    "pm.math.kron_solve_lower([m[1:] ** 2, m[:2] ** 2 + 1], x[:4]).eval()",
    "pm.math.kron_solve_upper([m[1:] ** 2, m[:2] ** 2 + 1], m[:2, :].repeat(2, axis=0)).eval()",
    "pm.math.kron_diag(pt.as_tensor([1.0, 2.0]), pt.as_tensor([0.5, 3.0, 4.0])).eval()",
    "np.histogram2d(x, y, [np.linspace(-2, 4, 4), np.linspace(-2, 3, 3)])[0]",
    "np.histogram2d(x, y, bins=[2, 3], density=True)[0]",
    "np.histogram2d(x, y, bins=3, range=[[-1, 3], [0, 2]], weights=n)[0]",
    "np.histogram2d(x, y, bins=np.array([-2.0, 0.0, 2.0]))[1]",
    "np.histogram(x, bins=3, range=(-1, 2))[0]",
    "np.histogram(x, bins=3, weights=y)[0]",
    "a = m.copy()\nnp.fill_diagonal(a, 7)\na",
    "a = np.zeros((3, 3))\nnp.fill_diagonal(a, [1, 2, 3])\na",
    "pt.fill_diagonal(m, 2.5).eval()",
    "pm.draw(pm.MvNormal.dist(mu=[1.0, 2.0], cov=np.array([[2.0, 0.3], [0.3, 1.0]])), random_seed=3)",
    "pm.draw(pm.MvNormal.dist(mu=np.zeros(2), chol=np.array([[2.0, 0.0], [0.3, 1.0]]), shape=(2, 2)), draws=3, random_seed=np.random.default_rng(5))",
    "class Scaler:\n    share = 0.5\n    def __init__(self):\n        self.mean = None\n    def fit(self, x):\n        self.mean = x.mean(axis=0)\n        return self\n    def transform(self, x):\n        return self.share * (x - self.mean)\ns = Scaler()\ns.fit(m)\ns.transform(m)",
    "class Point:\n    def __init__(self, x, y=1):\n        self.x, self.y = x, y\n    @property\n    def size(self):\n        return abs(self.x) + abs(self.y)\n    @staticmethod\n    def origin():\n        return Point(0, 0)\n    @classmethod\n    def diagonal(cls, x):\n        return cls(x, x)\nclass Named(Point):\n    def __init__(self, name, *args):\n        super().__init__(*args)\n        self.name = name\n    @property\n    def size(self):\n        return 10 * super().size\np = Named('p', 2)\n[p.size, Point(3).size, Point.origin().size, Named.origin().y, Point.diagonal(4).size, len(p.name)]",
    "class Counter:\n    def __init__(self):\n        self.seen = []\n        self.total = 0\n    def __call__(self, x):\n        self.seen.append(x)\n        self.total += x\n        return self.total\nc = Counter()\nd = c\nfor k in range(4):\n    d(k)\nadd = c.__call__\nadd(10)\nc.seen[0] = 100\nc.seen + [c.total]",
    "from dataclasses import dataclass\n@dataclass\nclass Prior:\n    mu: float\n    sigma: float = 2.5\n    def width(self):\n        return 2 * self.sigma\n@dataclass(repr=False)\nclass Wide(Prior):\n    factor: int = 3\n    def __post_init__(self):\n        assert self.factor > 0\n    def width(self):\n        return self.factor * super().width()\n[Prior(1.0).width(), Wide(0.5, factor=4).width(), Wide(1, 2, 3).mu, isinstance(Wide(1), Prior), isinstance(2, Prior)]",
    "factor = 2\ndef make(offset):\n    class Shift:\n        factor = 3\n        def __init__(self, by):\n            self.by = by\n        def of(self, x):\n            return factor * x + self.factor * self.by + offset\n    return Shift(10)\n[make(1).of(1), make(2).of(1)]",
    "np.round(integrate.odeint(lambda y, t, a: [a * y[1], -y[0] + np.sin(t)], [1.0, 0.5], [0.5, 0.6, 3], args=(1.5,), "
    "rtol=1e-12, atol=1e-12), 6)",
    "np.round(integrate.odeint(lambda t, y: 0.3 * y * (1 - y / 5) + t / 9, 0.5, np.linspace(0, 20, 5), tfirst=True, "
    "rtol=1e-12, atol=1e-12), 6)",
    "def prey(t, z, a, b):\n    x, y = z\n    return [a * x - 0.02 * x * y, 0.03 * x * y - b * y]\n"
    "found = integrate.solve_ivp(prey, [0, 15], [30.0, 4.0], t_eval=[0, 5, 15], args=(0.5, 0.8), method='LSODA', "
    "rtol=1e-12, atol=1e-12)\nnp.round(np.vstack([found.t, found.y]), 6)",
    "import pytensor\npytensor.map(lambda v, w, b: v * w + b, [pt.as_tensor(x), pt.as_tensor(y)], [0.5], "
    "go_backwards=True, return_updates=False).eval()",
    "import pytensor\npytensor.reduce(lambda v, s: v + 2 * s, pt.as_tensor(x), pt.zeros(()))[0].eval()",
    "from pytensor.scan import foldl, foldr\nstep = lambda v, s: v + 2 * s\n"
    "one, _ = foldl(step, pt.as_tensor(x), pt.ones(()))\nother, _ = foldr(step, pt.as_tensor(x), pt.ones(()))\n"
    "pt.stack([one, other]).eval()",
]


ARRAYS = [
    "np.flip(m)",
    "np.flip(k, axis=0)",
    "np.fliplr(k)",
    "np.roll(x, 2)",
    "np.roll(k, -1, axis=1)",
    "np.roll(k, 2)",
    "np.moveaxis(cube, 0, -1)",
    "np.take(m, [2, 0], axis=0)",
    "np.take(m, [5, 0])",
    "np.take_along_axis(k, np.argsort(-k, axis=1), axis=1)",
    "np.compress([True, False, True], m, axis=0)",
    "np.array_split(x, 4)[1]",
    "np.split(x, [2, 3])[2]",
    "np.hsplit(k, 3)[2]",
    "np.append(x, [1, 2])",
    "np.append(k, k, axis=1)",
    "np.isin(np.append(label, 'west'), ['west'])",
    "np.concatenate([label, label]) == 'north'",
    "np.insert(x, 0, 1.5)",
    "np.insert(m, 1, 1, axis=1)",
    "np.delete(x, [0, -1])",
    "np.delete(k, 1, axis=1)",
    "np.atleast_2d(x)",
    "np.dstack([m, m])",
    "np.broadcast_arrays(x[:, None], n)[1]",
    "np.pad(x, (1, 2), constant_values=5)",
    "np.pad(m, ((1, 0), (0, 2)), mode='edge')",
    "np.pad(x, 3, mode='reflect')",
    "np.pad(n, 1, mode='wrap')",
    "np.flatnonzero(x > 0)",
    "np.argwhere(m > 0)",
    "np.count_nonzero(m > 0, axis=0)",
    "np.unravel_index([1, 5], (2, 3))[1]",
    "np.ravel_multi_index(([0, 1], [2, 1]), (2, 3))",
    "np.select([x < 0, x < 1], [n, 2 * n], default=-1)",
    "np.select([x < 0, x < 1], ['low', 'middle'], default='high') == 'middle'",
    "np.diagonal(k)",
    "np.tri(2, 3, 1)",
    "np.logspace(-1, 2, 4)",
    "np.geomspace(1, 1000, 4)",
    "np.einsum('ij,kj->ik', m, m)",
    "np.einsum('ij,i->j', m, x[:3])",
    "np.einsum('abc,cd->abd', cube, m.T[:, :2])",
    "np.einsum('aij,aij->a', cube, cube)",
    "np.einsum('ii', m[:2])",
    "np.einsum('ii->i', m[:2])",
    "np.einsum('i,j,k->kij', x[:2], n[:3], y[:2])",
    "np.einsum('ij->j', m)",
    "np.tensordot(cube, m[:2], axes=1)",
    "np.tensordot(cube, cube, axes=([0, 1], [0, 1]))",
    "np.inner(m, m)",
    "np.vdot(x, y)",
    "np.cross(k[0], k[1])",
    "np.convolve(x, y[:3])",
    "np.convolve(x, y[:4], mode='same')",
    "np.convolve(x, y[:3], 'valid')",
    "np.correlate(x, y[:3])",
    "np.maximum.accumulate(x)",
    "np.add.accumulate(m, axis=1)",
    "np.add.reduce(m, axis=0)",
    "np.multiply.outer(x[:2], y[:3])",
    "np.sort(m, axis=0)",
    "np.argsort(m)",
    "np.sort(m, axis=None)",
    "np.arctan2(x, y)",
    "np.trunc(x)",
    "np.exp2(x)",
    "np.cbrt(x)",
    "np.sinc(x)",
    "np.heaviside(x, 0.5)",
    "np.fmax(gaps, 2)",
    "np.float_power(n, 2)",
    "np.isclose(x, x + 1e-9)",
    "np.allclose(x, x + 1e-3)",
    "np.array_equal(x, x)",
    "np.logical_xor(flag, other)",
    "np.gcd(n, 6)",
    "np.degrees(x)",
    "np.nanmax(gaps)",
    "np.nanvar(gaps, ddof=1)",
    "np.nanstd(gaps)",
    "np.nanmedian(gaps)",
    "np.nanpercentile(gaps, [25, 50])",
    "np.quantile(m, [0.25, 0.5], axis=0)",
    "np.average(x, weights=y + 2)",
    "np.average(m, axis=0, weights=[1, 2, 3])",
    "np.union1d(n, group)",
    "np.intersect1d(n, [3, 5, 9])",
    "np.setdiff1d(n, [3, 5])",
    "np.setxor1d(n, group)",
    "np.gradient(x)",
    "np.gradient(x, y.cumsum() * 10 + 30 * np.arange(6))",
    "np.ediff1d(x)",
    "np.polyfit(x, y, 2)",
    "np.polyval([1, 2, 3], x)",
    "np.lexsort((x, group))",
    "np.linalg.eigvalsh(m @ m.T)",
    "u, v = np.linalg.eigh(m.T @ m)\nv @ np.diag(u) @ v.T",
    "np.sort(np.linalg.eigvals(m[:2] @ m[:2].T))",
    "u, s, v = np.linalg.svd(m, full_matrices=False)\nu * s @ v",
    "np.linalg.svd(m, compute_uv=False)",
    "np.linalg.qr(m)[0]",
    "np.linalg.qr(m)[1]",
    "np.linalg.qr(m, mode='complete')[0]",
    "np.linalg.pinv(m)",
    "np.linalg.lstsq(m, x[:3], rcond=None)[0]",
    "np.linalg.lstsq(m, x[:3], rcond=None)[1]",
    "np.linalg.matrix_rank(k)",
    "np.linalg.cond(m)",
    "np.linalg.matrix_power(m[:2], 3)",
    "np.linalg.multi_dot([m, k[:, :2], m.T])",
    "np.linalg.norm(x)",
    "np.linalg.norm(m, axis=1)",
    "np.linalg.norm(x, 1)",
    "np.linalg.norm(m)",
    "scipy.linalg.toeplitz(x[:3])",
    "scipy.linalg.toeplitz(x[:2], n[:3])",
    "special.xlogy([0, 2.0], [0, 3.0])",
    "special.entr([0, 0.5])",
    "special.factorial([0, 3, 5])",
    "special.comb(5, 2)",
    "special.binom(5.5, 2)",
    "special.boxcox([0.5, 2.0], 0.3)",
    "special.inv_boxcox(special.boxcox([0.5, 2.0], 0.0), 0.0)",
    "special.log_expit(x)",
    "special.beta(2.0, 3.5)",
    "stats.rankdata(n)",
    "stats.rankdata(n, method='dense')",
    "stats.sem(x)",
    "stats.iqr(x)",
    "interpolate.BSpline([0, 0, 0, 0, 1, 3, 3, 3, 3], np.eye(5), 3)(np.linspace(0, 3, 7))",
    "interpolate.BSpline([0, 0, 0, 1, 2, 2, 2], y[:4], 2)(np.array([0.25, 1.5, 2.0]))",
    "interpolate.splev([0.25, 1.5], ([0, 0, 0, 1, 2, 2, 2], y[:4], 2))",
    "interpolate.interp1d([0, 1, 3], [2.0, 4.0, 1.0], fill_value='extrapolate')([-1, 0.5, 2, 4])",
    "interpolate.interp1d([0, 1, 3], [2.0, 4.0, 1.0], bounds_error=False, fill_value=(0, 9))([-1, 0.5, 4])",
    "interpolate.CubicSpline(np.arange(6), x)(np.linspace(-0.5, 5.5, 9))",
    "interpolate.CubicSpline(np.arange(6), x, bc_type='natural')([0.5, 3.3])",
    "interpolate.CubicSpline(np.arange(6), x, bc_type='clamped')([0.5, 3.3])",
    "copy.deepcopy(x)",
    "x.dtype == float",
    "np.asarray(n, dtype=x.dtype)",
    "np.array(m.tolist()[1])",
    "m.item(3)",
    "m.item(2, 1)",
    "m.flat[2]",
    "x.nonzero()[0]",
    "np.sort(x).searchsorted([0.0, 2.0])",
    "x.take([0, 2])",
    "z = x.copy()\nz.sort()\nz",
    "pd.Series([1.0, None, 3.0, 4.5]).mean()",
    "pd.Series([1.0, np.nan, 3.0, 4.5]).std()",
    "pd.Series([1.0, None, 3.0, 4.5]).var()",
    "pd.Series([1.0, None, 3.0, 4.5]).median()",
    "pd.Series([1.0, None, 3.0, 4.5]).sum()",
    "pd.Series([1.0, None, 3.0, 4.5]).count()",
    "pd.Series([1.0, None, 3.0, 4.5]).quantile(0.25)",
    "pd.Series([1.0, None, -3.0, 4.5]).min() + pd.Series([1.0, None, -3.0]).max()",
    "np.isnan(pd.Series([1.0, None, 3.0]).mean(skipna=False))",
    "np.mean(pd.Series([1.0, None, 3.0]))",
    "np.std(pd.Series([1.0, None, 3.0, 7.0]))",
    "np.max(pd.Series([1.0, None, 3.0, 7.0]))",
    "pd.DataFrame({\"a\": [1.0, None, 4.0], \"b\": [2.0, 3.0, 5.0]}).mean().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0], \"b\": [2.0, 3.0, 5.0]}).count().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0]}, index=[\"x\", \"y\", \"z\"])[\"a\"].fillna(2.0).values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0]}, index=[\"x\", \"y\", \"z\"])[\"a\"].mean()",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).dropna()[\"b\"].values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).dropna(subset=[\"s\"])[\"b\"].values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"].isna().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).isnull().any(axis=1).values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).isna().sum().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).notna().all().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).count().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"].nunique()",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"].value_counts().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).groupby(\"s\")[\"b\"].sum().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).groupby(\"s\").size().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"].map({\"x\": 0.0, \"y\": 1.0}).fillna(-1).values",
    "pd.factorize(pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"])[0]",
    "pd.Categorical(pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"]).codes",
    "pd.factorize(pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"].fillna(\"none\"))[0]",
    "pd.get_dummies(pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"], dtype=float).values",
    "(pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[[\"a\", \"b\"]] - pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[[\"a\", \"b\"]].mean())[\"b\"].values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[[\"a\", \"b\"]].corr().iloc[0, 1]",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).sort_values(\"a\", ascending=False)[\"b\"].values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"a\"].sort_values(ascending=False).dropna().values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).nlargest(2, \"a\")[\"b\"].values",
    "pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]}).fillna({\"a\": 7.0, \"s\": \"z\"}).dropna()[\"a\"].values",
    "(pd.DataFrame({\"a\": [1.0, None, 4.0, 2.5], \"s\": [\"x\", None, \"y\", \"x\"], \"b\": [2.0, 3.0, 5.0, 1.0]})[\"s\"] == \"x\").values",
    "pd.isna(None) + 2 * pd.isna(3.0) + 4 * pd.notna(\"a\")",
    "pd.DataFrame({\"k\": pd.cut([1.0, 5.0, 9.0, 2.0], [0, 3, 6, 10], labels=[\"s\", \"m\", \"l\"]), \"g\": [\"u\", \"v\", \"u\", \"u\"]}).groupby([\"g\", \"k\"], observed=True).size().unstack(fill_value=0).values",
    "list(pd.DataFrame({\"g\": [\"u\", \"v\", \"u\"], \"b\": [1.0, 2.0, 3.0]}).groupby(\"g\")[\"b\"].apply(list).to_dict().values())[0]",
    "(pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]}).replace({\"s\": {\"x\": \"q\"}})[\"s\"] == \"q\").values",
    "pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]}).rename(columns=str.upper)[\"A\"].values",
    "pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]}).select_dtypes(include=[np.number]).sum().values",
    "pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]})[[\"a\", \"b\"]].reindex(columns=[\"b\", \"c\"]).fillna(-1).values",
    "pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]}).set_index(\"s\").reindex(index=[\"y\", \"w\", \"x\"]).fillna(-1).values",
    "t = pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]})\nt.insert(1, \"one\", 1.0)\nt.drop(columns=\"s\").values",
    "t = pd.DataFrame({\"a\": [1.0, 3.0, 4.0], \"s\": [\"x\", \"z\", \"y\"], \"b\": [2.0, 3.0, 5.0]})\nb = t.pop(\"b\")\nb.values + len(t.columns)",
    "people.set_index([\"city\", \"age\"]).sort_index().loc[\"Oslo\", \"score\"].values",
    "people.set_index([\"city\", \"age\"]).xs(\"Oslo\", level=\"city\")[\"score\"].values",
    "people.age.shift(1).fillna(0)",
    "people.score.between(0, 1)",
    "people.age.rank()",
    "people.age.idxmax()",
    "pd.Series(gaps).ffill()",
    "people.age.add(people.score)",
    "people.age.gt(35)",
    "people.score.where(people.age > 35, -1)",
    "people.age.corr(people.score)",
    "people.age.cummax()",
    "functools.reduce(lambda a, b: a * b, [1, 2, 3, 4])",
    "list(itertools.accumulate([1, 2, 3]))",
    "list(itertools.permutations([1, 2, 3], 2))",
    "list(itertools.chain.from_iterable([[1], [2, 3]]))",
    "functools.partial(np.clip, a_min=0)(x, a_max=1)",
    "functools.partial(lambda a, b, c: a + 10 * b + 100 * c, 1, c=2)(3)",
    "list(collections.OrderedDict(a=2, b=5).values())",
    "pd.DataFrame([['a', 1], ['b', 2]], columns=['u', 'v'])['v']",
    "pd.DataFrame([{'u': 1.5, 'v': 1}, {'u': 2.5, 'v': 2}])['u']",
    "np.repeat(['a', 'b'], 2) == 'a'",
    "np.tile(['a', 'b'], 2) == 'a'",
    "getattr(np, 'exp')(x)",
    "getattr(x, 'size')",
    "[hasattr(x, 'size'), hasattr(x, 'colour')]",
    "math.ceil(2.2) * np.ones(math.floor(3.7))",
    "[math.factorial(5), math.comb(5, 2), math.gcd(12, 18)]",
    "np.finfo(float).eps",
    "pd.to_datetime(pd.Series(['2020-02-27', '2021-03-01'])).dt.month",
    "pd.to_datetime(pd.Series(['3/1/2020', '12/31/2021'])).dt.dayofyear",
    "pd.to_datetime(pd.Series(['31.12.2021', '01.02.2020']), format='%d.%m.%Y').dt.day",
    "pd.to_datetime(pd.Series(['2020-01', '2020-05']), format='%Y-%m').dt.quarter",
    "pd.date_range('2020-01-30', periods=4, freq='D').day",
    "pd.date_range('2020-01-15', '2020-06-30', freq='MS').month",
    "pd.date_range('2020-01-15', '2020-06-30', freq='ME').day",
    "pd.date_range('2020-01-15', periods=5, freq='W').dayofyear",
    "pd.date_range('2020-01-15', periods=3, freq='2W-MON').dayofyear",
    "pd.date_range('2020-01-17', periods=9, freq='B').weekday",
    "pd.date_range('2020-01-17', periods=4, freq='QS').month",
    "pd.date_range('2020-01-17', periods=4, freq='QE').dayofyear",
    "pd.date_range(end='2020-03-31', periods=3, freq='ME').day",
    "pd.date_range('2020-01-01', periods=5, freq='6h').hour",
    "pd.date_range('2020-01-01', '2020-01-09', periods=5).day",
    "dates = pd.date_range('2020-01-30', periods=4)\n(dates - dates[0]).days",
    "dates = pd.Series(pd.date_range('2020-01-30', periods=4))\n(dates - pd.Timestamp('2020-01-01')).dt.days",
    "dates = pd.Series(pd.date_range('2020-01-30', periods=4))\n(dates - dates.min()).dt.total_seconds() / 3600",
    "dates = pd.Series(pd.date_range('2020-01-30', periods=4))\n(dates - dates.min()) / np.timedelta64(1, 'D')",
    "dates = pd.Series(pd.date_range('2020-01-30', periods=4))\ndates >= '2020-02-01'",
    "dates = pd.Series(pd.date_range('2020-01-30', periods=4))\n(dates + pd.Timedelta(days=2)).dt.day",
    "(datetime.datetime(2020, 3, 1) - datetime.datetime(2020, 2, 1)).days",
    "pd.Timestamp('2020-03-01').dayofyear",
    "(datetime.date(2020, 3, 1) + datetime.timedelta(weeks=1)).day",
    "pd.to_datetime(pd.Series([18000, 18031]), unit='D').dt.day",
    "pd.Series(pd.date_range('2020-12-28', periods=3)).dt.isocalendar().week.astype(int)",
    "pd.Series(pd.date_range('2020-12-28', periods=3)).dt.strftime('%d').astype(int)",
    "[name == 'May' for name in calendar.month_name]",
    "pd.Series(pd.date_range('2020-12-28', periods=3)).dt.day_name() == calendar.day_name[1]",
]

# Tables that are joined, pivoted, grouped and put in bins; what packages around NumPy give.
TABLES = [
    "stats.boxcox(np.array([1.5, 2.0, 3.5, 7.0, 4.2]), 0.3)",
    "stats.zscore(m, axis=0, ddof=1)",
    "stats.gmean(np.abs(x))",
    "stats.hmean(np.abs(x))",
    "stats.skew(x)",
    "stats.kurtosis(x)",
    "stats.mode(n)[0]",
    "stats.mode(n).count",
    "stats.trim_mean(x, 0.2)",
    "stats.median_abs_deviation(x)",
    "stats.variation(np.abs(x))",
    "stats.pearsonr(x, y)[0]",
    "stats.spearmanr(x, y)[0]",
    "stats.linregress(x, y).slope",
    "slope, intercept, r, p, se = stats.linregress(x, y)\nnp.array([slope, intercept, r, se])",
    "stats.percentileofscore(x, 0.5)",
    "stats.scoreatpercentile(x, 40)",
    "stats.gaussian_kde(x)(np.linspace(-2, 3, 5))",
    "stats.gaussian_kde(x).evaluate([0.5, 1.0])",
    "stats.moment(x, 2)",
    "people.pivot(index=\"age\", columns=\"city\", values=\"score\").fillna(0).values",
    "people.pivot_table(index=\"city\", values=\"score\", aggfunc=\"mean\").values",
    "people.pivot_table(index=\"city\", columns=\"age\", values=\"score\").fillna(0).to_numpy()",
    "people.pivot_table(index=\"city\", values=\"score\", aggfunc=\"mean\").reset_index()[\"score\"]",
    "pd.pivot_table(people, index=\"city\", values=[\"score\"], aggfunc=\"sum\")[\"score\"].values",
    "other = pd.DataFrame({\"city\": [\"Oslo\", \"Bergen\", \"Molde\"], \"north\": [60, 61, 63]})\npeople.merge(other, on=\"city\")[\"north\"].values",
    "other = pd.DataFrame({\"city\": [\"Oslo\", \"Bergen\", \"Molde\"], \"north\": [60, 61, 63]})\npeople.merge(other, on=\"city\", how=\"left\").north",
    "other = pd.DataFrame({\"town\": [\"Oslo\", \"Bergen\", \"Molde\"], \"north\": [60, 61, 63]})\npeople.merge(other, left_on=\"city\", right_on=\"town\", how=\"left\").north",
    "other = pd.DataFrame({\"city\": [\"Oslo\", \"Bergen\", \"Molde\"], \"north\": [60, 61, 63]})\npeople.join(other.set_index(\"city\"), on=\"city\")[\"north\"]",
    "a = pd.DataFrame({\"u\": [1, 2]}, index=[\"a\", \"b\"])\nb = pd.DataFrame({\"v\": [3, 4]}, index=[\"a\", \"b\"])\na.join(b).values",
    "a = pd.DataFrame({\"u\": [1, 2, 3]})\nb = pd.DataFrame({\"v\": [3, 4, 5]})\na.join(b)[\"v\"]",
    "people.groupby(\"city\").agg({\"score\": \"mean\"}).values",
    "people.groupby(\"city\")[\"score\"].agg([\"mean\", \"count\"])[\"count\"].values",
    "people.groupby(\"city\").agg(n=(\"score\", \"size\"), m=(\"age\", \"max\")).reset_index()[\"m\"]",
    "people.groupby(\"city\").score.agg(\"mean\").loc[people.city].values",
    "people.groupby(\"city\")[\"score\"].transform(lambda s: (s - s.mean()))",
    "people.groupby([\"city\"]).cumcount().values",
    "people.groupby(\"city\").ngroup().values",
    "people.groupby(\"city\").size().to_numpy()",
    "people.groupby(\"city\").size().loc[\"Oslo\"]",
    "people.groupby(\"city\").score.mean().to_dict()[\"Oslo\"]",
    "people.groupby([\"city\", \"age\"]).score.sum().unstack(fill_value=0).values",
    "people.groupby([\"city\", \"age\"]).score.sum().unstack().fillna(0).values",
    "people.groupby([\"city\", \"age\"]).size().unstack(fill_value=0).to_numpy()",
    "people.groupby(\"city\").apply(lambda d: d.score.sum() / d.age.sum()).values",
    "people.groupby(\"city\").first()[\"age\"].values",
    "people.groupby(\"city\").nth(0)[\"age\"].values",
    "people.groupby(\"city\").head(1)[\"age\"].values",
    "people.groupby(\"city\", sort=False).score.mean().values",
    "people.groupby(\"city\").indices[\"Oslo\"]",
    "people.groupby(\"city\").groups[\"Oslo\"]",
    "people.groupby(\"city\").score.rank().values",
    "people.groupby(\"city\").score.cumsum().values",
    "people.groupby(\"city\").score.shift(1).fillna(0).values",
    "people.groupby(\"city\").score.diff().fillna(0).values",
    "people.groupby(\"city\").score.pct_change().fillna(0).replace(-np.inf, 0).values",
    "people.groupby(\"city\").score.quantile(0.25).values",
    "people.groupby(\"city\").age.idxmax().values",
    "people.groupby(\"city\").filter(lambda d: len(d) > 1)[\"age\"].values",
    "people.groupby(people.age > 35).score.mean().values",
    "people.groupby(\"city\").score.apply(np.mean).values",
    "people.groupby(\"city\").score.agg(np.mean).values",
    "people.groupby(\"city\").score.agg(lambda s: s.max() - s.min()).values",
    "people.groupby(\"city\").score.ngroups",
    "people.groupby(\"city\").mean(numeric_only=True)[\"score\"].values",
    "people.groupby(\"city\")[[\"score\", \"age\"]].mean().values",
    "people.melt(id_vars=\"city\", value_vars=[\"age\", \"score\"])[\"value\"].values",
    "people.melt(id_vars=[\"city\"], var_name=\"what\", value_name=\"amount\").amount",
    "pd.melt(people, id_vars=[\"city\"], value_vars=[\"age\"])[\"value\"]",
    "people.age.apply(lambda a: a ** 2).values",
    "people.apply(lambda r: r.age * r.score, axis=1).values",
    "people.apply(lambda r: r[\"age\"] + len(r[\"city\"]), axis=1)",
    "people[[\"age\", \"score\"]].apply(lambda c: c - c.mean()).values",
    "people.city.map({\"Oslo\": 1, \"Bergen\": 2, \"Molde\": 3}).values",
    "people.city.map({\"Oslo\": 1, \"Bergen\": 2}).fillna(0).values",
    "people.city.str.len().values",
    "people.city.str.upper() == \"OSLO\"",
    "((people.city + \"-\" + people.age.astype(str)) == \"Oslo-31\").values",
    "(\"x\" + people.city).str.len().values",
    "a, b = \"a_b_c\".rsplit(\"_\", 1)\na + b == \"a_bc\"",
    "\"a_b_c\".partition(\"_\")[2] + \"a_b\".rpartition(\"x\")[2] == \"b_ca_b\"",
    "\"ab\".ljust(5, \".\") + \"ab\".rjust(4) + \"ab\".center(5) + \"abc\".center(6) + \"ab\".center(6) == \"ab...  ab  ab  abc   ab  \"",
    "\"pre_x\".removeprefix(\"pre_\") + \"x.csv\".removesuffix(\".csv\") + \"n\\nm\".splitlines()[1] == \"xxm\"",
    "people.city.str.contains(\"er\").values",
    "people.city.str.startswith(\"O\").values",
    "people.city.str.replace(\"Oslo\", \"Rom\") == \"Rom\"",
    "people.city.str[0] == \"O\"",
    "people.city.str.slice(0, 2) == \"Os\"",
    "people.city.str.split(\"l\").str[0] == \"Os\"",
    "people.city.str.strip().str.lower().isin([\"oslo\"]).values",
    "people.city.str.cat(people.age.astype(str), sep=\"-\") == \"Oslo-31\"",
    "people.city.str.get(0) == \"B\"",
    "people.city.str.count(\"l\").values",
    "people.city.str.find(\"l\").values",
    "people.city.str.zfill(7).str.len()",
    "people.query(\"age > 30\").score.values",
    "people.query(\"city == 'Oslo' and age > 30\").score.values",
    "people.query(\"city in ['Oslo', 'Molde']\").score.values",
    "limit = 35\npeople.query(\"age > @limit\").score.values",
    "people.assign(z=lambda d: d.age * 2, w=1).z.values",
    "people.pipe(lambda d: d[d.age > 30]).score.values",
    "pd.get_dummies(people.city).values.astype(int)",
    "pd.get_dummies(people.city, drop_first=True, dtype=int).values",
    "pd.get_dummies(people, columns=[\"city\"], dtype=float).values",
    "pd.get_dummies(people[\"city\"], prefix=\"c\")[\"c_Oslo\"].astype(int)",
    "pd.cut(people.age, bins=3, labels=False).values",
    "pd.cut(people.age, bins=[0, 30, 50, 100], labels=[\"a\", \"b\", \"c\"]).cat.codes.values",
    "pd.cut(people.age, 3).cat.codes.values",
    "pd.qcut(people.age, 2, labels=False).values",
    "pd.qcut(people.age, q=4).cat.codes",
    "pd.qcut(people.age, [0, 0.5, 1.0], labels=[\"lo\", \"hi\"]) == \"lo\"",
    "pd.crosstab(people.city, people.age > 35).values",
    "pd.crosstab(index=people[\"city\"], columns=people[\"age\"], values=people[\"score\"], aggfunc=\"sum\").fillna(0).values",
    "people.score.rolling(2).mean().fillna(0).values",
    "people.score.rolling(window=3, center=True).mean().fillna(0).values",
    "people.score.rolling(3, min_periods=1).sum().values",
    "people.score.rolling(2).std().fillna(0)",
    "people.score.expanding().mean().values",
    "people.score.ewm(alpha=0.5).mean().values",
    "people.score.ewm(span=3, adjust=False).mean().values",
    "people.score.shift(2, fill_value=0).values",
    "people.score.diff(2).fillna(0).values",
    "people.score.clip(0, 1).values",
    "people.score.cumsum().values",
    "dates = pd.date_range(\"2020-01-01\", periods=10, freq=\"D\")\npd.Series(np.arange(10), index=dates).resample(\"W\").sum().values",
    "dates = pd.date_range(\"2020-01-01\", periods=70, freq=\"D\")\npd.DataFrame({\"v\": np.arange(70)}, index=dates).resample(\"MS\").mean()[\"v\"].values",
    "dates = pd.date_range(\"2020-01-01\", periods=70, freq=\"D\")\npd.DataFrame({\"date\": dates, \"v\": np.arange(70)}).set_index(\"date\").resample(\"W\").agg({\"v\": \"sum\"}).v.values",
    "dates = pd.date_range(\"2020-01-01\", periods=70, freq=\"D\")\npd.Series(np.arange(70), index=dates).groupby(dates.month).mean().values",
    "dates = pd.date_range(\"2020-01-01\", periods=70, freq=\"D\")\npd.Series(np.arange(70), index=dates)[\"2020-02\"].values",
    "dates = pd.date_range(\"2020-01-01\", periods=70, freq=\"D\")\npd.Series(np.arange(70), index=dates).loc[\"2020-02-01\":\"2020-02-05\"].values",
    "dates = pd.date_range(\"2020-01-01\", periods=70, freq=\"D\")\nd = pd.DataFrame({\"v\": np.arange(70)}, index=dates)\nd.loc[d.index < pd.Timestamp(\"2020-01-20\"), \"v\"].values",
    "c = collections.Counter(label)\nnp.array([c[\"north\"], c[\"south\"], len(c)])",
    "collections.Counter([\"a\", \"b\", \"a\"]).most_common(1)[0][1]",
    "c = collections.Counter()\nfor w in [\"a\", \"b\", \"a\"]:\n    c[w] += 1\nc[\"a\"]",
    "d = collections.defaultdict(list)\nfor i, w in enumerate([\"a\", \"b\", \"a\"]):\n    d[w].append(i)\n[len(v) for v in d.values()]",
    "d = collections.defaultdict(int)\nfor w in [\"a\", \"b\", \"a\"]:\n    d[w] += 1\nd[\"a\"]",
    "P = collections.namedtuple(\"P\", [\"a\", \"b\"])\np = P(1, b=2.5)\n[p.a, p.b, p[1]]",
    "P = collections.namedtuple(\"P\", \"a b\")\na, b = P(1, 2)\na + b",
    "collections.Counter(n.tolist())[3]",
    "d = pd.DataFrame({\"g\": [\"a\", \"b\", \"a\"], \"v\": [1.0, 2.0, 3.0]})\n[v.sum() for _, v in d.groupby(\"g\").v]",
    "d = pd.DataFrame({\"g\": [\"a\", \"b\", \"a\"], \"v\": [1.0, 2.0, 3.0]})\nnp.array([len(rows) for name, rows in d.groupby(\"g\")])",
    "people.describe().loc[\"mean\", \"age\"]",
    "people.age.describe()[\"std\"]",
    "people.nlargest(2, \"age\").score.values",
    "people.nsmallest(2, \"age\").score.values",
    "people.age.nlargest(2).values",
    "people.loc[people.city.isin([\"Oslo\"]), [\"age\", \"score\"]].values",
    "people.loc[(people.age > 30) & (people.city == \"Oslo\"), \"score\"].values",
    "people.iloc[1:3, 0].values",
    "people.at[2, \"age\"]",
    "people.eval(\"age * score\").values",
    "people.select_dtypes(\"number\").values",
    "people.select_dtypes(include=[\"number\"]).columns.size",
    "people.set_index(\"city\").loc[[\"Oslo\"], \"age\"].values",
    "people.set_index(\"city\").to_dict()[\"age\"][\"Molde\"]",
    "people.to_dict(\"records\")[1][\"age\"]",
    "people.to_dict(orient=\"list\")[\"age\"][1]",
    "dict(zip(people.city, people.age))[\"Oslo\"]",
    "people.city.value_counts().to_numpy()",
    "people.city.value_counts(normalize=True).sort_index().values",
    "people.city.value_counts().reindex([\"Molde\", \"Oslo\"]).values",
    "people.city.value_counts()[[\"Molde\", \"Oslo\"]].values",
    "people.age.replace({31: 1, 45: 2}).values",
    "people.score.mul(people.age).values",
    "people.score.sub(people.score.mean()).div(people.score.std()).values",
    "people.sort_values([\"city\", \"age\"], ascending=[True, False]).age.values",
    "people.drop(index=[0, 1]).age.values",
    "people.drop(people[people.age > 40].index).age.values",
    "people.duplicated(\"city\").values",
    "people.city.duplicated().values",
    "people.sum(numeric_only=True).values",
    "people.mean(numeric_only=True)[\"age\"]",
    "people.corr(numeric_only=True).values",
    "people.age.cumsum().values",
    "people[[\"age\", \"score\"]].cov().values",
    "len(people.columns)",
    "list(people.columns).index(\"score\")",
    "people.columns.get_loc(\"score\")",
    "people.columns.tolist()[1] == \"score\"",
    "people.age.rename(\"x\").name == \"x\"",
    "people.rename(columns=lambda c: c + \"_x\").age_x.values",
    "people.rename({\"age\": \"years\"}, axis=1).years.values",
    "people.add_prefix(\"p_\").p_age.values",
    "[r.age for r in people.itertuples()]",
    "[r.age for r in people.itertuples(index=False)]",
    "[row[\"age\"] for _, row in people.iterrows()]",
    "pd.Series(gaps).interpolate().values",
    "pd.Series(gaps).ffill().values",
    "pd.Series(gaps).isna().sum()",
    "pd.Series(gaps).notnull().values",
    "pd.Series([1, 2, 3], index=[\"a\", \"b\", \"c\"]).loc[\"b\"]",
    "pd.Series({\"a\": 1.0, \"b\": 2.0})[\"b\"]",
    "pd.Series([3, 1, 2]).sort_values(ascending=False).values",
    "pd.Series([3, 1, 2]).argsort().values",
    "pd.Series([1, 2, 3]).map(lambda v: v + 1).values",
    "pd.concat([people, people], ignore_index=True).age.values",
    "pd.concat([people.age, people.score], axis=1).values",
    "pd.concat([people.assign(w=i) for i in range(2)]).w.values",
    "pd.DataFrame(m, columns=[\"a\", \"b\"]).a.values",
    "pd.DataFrame.from_records([{\"a\": 1, \"b\": 2}]).b.values",
    "pd.Categorical(label, categories=[\"south\", \"north\", \"east\"], ordered=True).codes",
    "pd.Categorical(people.city).categories.size",
    "people.city.astype(\"category\").cat.codes.values",
    "people.city.astype(\"category\").cat.categories.tolist().index(\"Oslo\")",
    "people.city.astype(\"category\").cat.reorder_categories([\"Oslo\", \"Molde\", \"Bergen\"]).cat.codes.values",
    "pd.Index([\"a\", \"b\"]).get_indexer([\"b\", \"a\"])",
    "pd.Index([\"a\", \"b\", \"c\"]).get_loc(\"c\")",
    "pd.unique(people.city).size",
    "pd.to_numeric(pd.Series([\"1\", \"2.5\"])).values",
    "pd.isnull(gaps)",
    "people.nunique().values",
    "people.sample(n=3, random_state=1).age.values",
    "people.sample(frac=1, random_state=3).reset_index(drop=True).age.values",
    "people.age.where(people.age > 40).fillna(0).values",
    "np.select([x > 1, x > 0], [1, 2], default=3)",
    "np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: v * 2])",
    "np.apply_along_axis(np.sum, 1, m)",
    "np.vectorize(lambda a: a + 1)(n)",
    "np.fromiter((i for i in range(3)), dtype=int)",
    "np.ix_([0, 1], [1])[0].shape[0]",
    "m[np.ix_([0, 1], [1])]",
    "np.indices((2, 3))[1]",
    "np.meshgrid(x[:2], y[:3], indexing=\"ij\")[0]",
    "np.einsum(\"ij,j->i\", m, [1, 2])",
    "np.linalg.lstsq(m, [1.0, 2.0, 3.0], rcond=None)[0]",
    "np.poly1d([1, 2, 3])(x)",
    "np.convolve(x, [0.5, 0.5], mode=\"same\")",
    "np.pad(x, (1, 2))",
    "np.pad(x, (1, 0), mode=\"edge\")",
    "np.split(np.arange(6), 3)[1]",
    "np.array_split(np.arange(7), 3)[1]",
    "np.block([[np.eye(2), np.zeros((2, 1))], [np.ones((1, 2)), np.ones((1, 1))]])",
    "np.tril_indices(3)[0]",
    "np.triu(np.ones((3, 3)), 1)",
    "np.unravel_index(5, (2, 3))[1]",
    "np.ravel_multi_index(([0, 1], [1, 2]), (2, 3))",
    "np.lexsort((n, group))",
    "np.partition(x, 2)[2]",
    "np.argwhere(x > 0).ravel()",
    "np.take_along_axis(m, np.argsort(m, axis=1), axis=1)",
    "np.allclose(x, x + 1e-12)",
    "np.isclose(x, y)",
    "np.count_nonzero(x > 0)",
    "np.array([\"a\", \"b\"])[np.array([1, 0])][0] == \"b\"",
    "np.logaddexp(x, y)",
    "np.kron(np.eye(2), np.ones((2, 1)))",
    "np.histogram(x, bins=3)[0]",
    "np.cov(m.T)",
    "np.corrcoef(x, y)[0, 1]",
    "np.random.seed(1)\nnp.random.multivariate_normal([0, 0], np.eye(2), size=2)",
    "rng = np.random.default_rng(1)\nrng.multivariate_normal([0, 0], np.eye(2), size=2)",
    "rng = np.random.default_rng(1)\nrng.dirichlet([1, 2, 3])",
    "rng = np.random.default_rng(1)\nrng.choice([\"a\", \"b\", \"c\"], size=5, p=[0.2, 0.3, 0.5]) == \"a\"",
    "stats.norm(0, 2).rvs(3, random_state=1)",
    "stats.bernoulli.rvs(0.3, size=5, random_state=2)",
    "stats.multivariate_normal.rvs([0, 0], np.eye(2), size=2, random_state=1)",
    "stats.gamma.rvs(2, scale=3, size=3, random_state=4)",
    "special.softmax(x)",
    "special.logsumexp(m, axis=1)",
    "stats.expon.ppf([0.1, 0.5])",
    "sorted(people.city)[0] == \"Bergen\"",
    "max(people.age, key=lambda v: -v)",
    "any(a > 40 for a in people.age)",
    "sum(i * j for i, j in zip([1, 2], [3, 4]))",
    "{k: v for k, v in zip(\"ab\", [1, 2])}[\"b\"]",
    "f = lambda a, *b, c=2, **k: a + sum(b) + c\nf(1, 2, 3, c=4)",
    "a, *b = [1, 2, 3]\nsum(b)",
    "def fib(k):\n    return k if k < 2 else fib(k - 1) + fib(k - 2)\nfib(8)",
    "total = 0\ni = 0\nwhile i < 5:\n    i += 1\n    if i == 3:\n        continue\n    total += i\ntotal",
    "try:\n    v = {}[\"a\"]\nexcept KeyError:\n    v = 3\nv",
    "[i for i in range(10) if i % 2 if i > 3]",
    "[(i, j) for i in range(2) for j in range(i)]",
    "\"{:>5.2f}\".format(3.14159).strip() == \"3.14\"",
    "f\"{3.14159:.2f}\" == \"3.14\"",
    "\"a,b\".split(\",\")[1] == \"b\"",
    "int(\"3\") + float(\"2.5\")",
    "(lambda: 5)()",
    "z = np.zeros((3, 2))\nz[1] = [1, 2]\nz[:, 0] += 5\nz",
    "z = x\nw = z.copy()\nw[0] = 5\nw",
    "match = [1, 2, 3]\nmatch[-1]",
    "assert len(x) == 6\nlen(x)",
    "import scipy\nscipy.stats.norm.cdf(0.3)",
    "from functools import lru_cache\n@lru_cache\ndef g(v):\n    return v + 1\ng(3)",
    "x[::-1][:2]",
    "x[[True, False, True, False, False, False]]",
    "(x > 0) & ~(y > 0)",
    "m.std(axis=0, ddof=1)",
    "cube[..., 0].sum(axis=(0, 1))",
    "np.exp(x).astype(\"float32\").astype(int)",
    "m.reshape(-1)",
    "m.ravel(order=\"F\")",
    "m.flatten(\"F\")",
    "people[people.age > 35].score[3]",
    "people.set_index(\"city\").score.loc[\"Molde\"]",
    "d = people[people.age > 35]\n(d.score * 2).loc[3]",
    "people.sort_values(\"age\").score.index.values",
    "people.set_index(\"age\").score.index.values",
    "people.groupby(\"city\").agg({\"score\": \"last\"})[\"score\"].values",
    "people.groupby(\"age\").agg({\"city\": \"first\"})[\"city\"] == \"Oslo\"",
    "people.groupby(\"city\").score.shift(1, fill_value=0).values",
    "d = people.set_index(\"city\")\nd.groupby(level=0).score.sum().values",
    "people.groupby(\"city\", as_index=False).score.mean().score.values",
    "pd.Series([1, 2, 3, 4], index=pd.date_range(\"2020-01-30\", periods=4)).loc[\"2020-01\":\"2020-01\"].values",
    "pd.merge(people, pd.DataFrame({\"city\": [\"Oslo\", \"Oslo\"], \"k\": [1, 2]}), on=\"city\", how=\"left\").k.fillna(0).values",
    "pd.merge(people, people, on=\"age\", suffixes=(\"_a\", \"_b\")).score_b.values",
    "a = pd.DataFrame({\"u\": [1, 2, 3]}, index=[\"a\", \"b\", \"c\"])\nb = pd.DataFrame({\"v\": [3, 4]}, index=[\"c\", \"a\"])\na.merge(b, left_index=True, right_index=True).v.values",
    "pd.crosstab(people.city, people.age > 35, normalize=\"index\").values",
    "from collections import defaultdict\nd = defaultdict(lambda: defaultdict(int))\nd[\"a\"][\"b\"] += 2\nd[\"a\"][\"b\"]",
    "from collections import namedtuple\nP = namedtuple(\"P\", \"x y\")\nps = [P(1, 2), P(3, 4)]\nsum(p.x * p.y for p in ps)",
    "import io\npd.read_csv(io.StringIO(\"a,b\\n1,2\\n3,4\")).b.values",
    "d = {}\nfor k, v in [(\"a\", 1), (\"b\", 2), (\"a\", 3)]:\n    d.setdefault(k, []).append(v)\nlen(d[\"a\"])",
    "z = [[0] * 3 for _ in range(2)]\nz[1][2] = 5\nz",
    "a = [1, 2]\nb = a\nb = b + [3]\nlen(a)",
    "a = np.zeros(3)\nb = a[:2]\nc = a.copy()\nc[0] = 1\nc",
    "x2 = x\nx2 = x2 + 1\nx2",
    "def f(df):\n    df = df.copy()\n    df[\"z\"] = df[\"age\"] * 2\n    return df\nf(people).z.values",
    "def standardize(series):\n    \"\"\"Standardize a pandas series\"\"\"\n    std_series = (series - series.mean()) / series.std()\n    return std_series\nstandardize(people.age).values",
    "people[\"age_s\"] = (people[\"age\"] - people[\"age\"].mean()) / people[\"age\"].std()\npeople[\"age_s\"].values",
    "people.loc[people[\"age\"] > 40, \"score\"] = 9.0\npeople[\"score\"].values",
    "people.loc[:, \"k\"] = 3\npeople.k.values",
    "d = people.copy()\nd.columns = [\"a\", \"b\", \"c\"]\nd.b.values",
    "d = people[[\"age\", \"score\"]].dropna().reset_index(drop=True)\nd.values",
    "m.mean(axis=0, keepdims=True)",
    "labels, codes = np.unique(label, return_inverse=True)\ncodes",
    "idx = {name: i for i, name in enumerate(sorted(set(label)))}\n[idx[name] for name in label]",
    "np.array([[i * j for j in range(3)] for i in range(2)])",
    "np.array(list(map(lambda t: t ** 2, [1, 2, 3])))",
    "np.random.seed(2)\nnp.random.randn(3) + np.random.rand(3)",
    "np.random.seed(3)\nnp.random.permutation(5)",
    "rng = np.random.default_rng(4)\nrng.permutation(np.arange(5))",
    "rng = np.random.default_rng(4)\nrng.integers(0, 5, size=(2, 2))",
    "rng = np.random.default_rng(4)\nrng.exponential(2.0, 3) + rng.gamma(2, 1, 3) + rng.beta(1, 2, 3)",
    "rng = np.random.default_rng(4)\nrng.multinomial(10, [0.2, 0.3, 0.5], size=2)",
    "rng = np.random.default_rng(4)\nrng.negative_binomial(3, 0.4, size=4)",
    "rng = np.random.default_rng(4)\nrng.standard_t(3, size=4) + rng.laplace(size=4)",
    "rng = np.random.default_rng([1, 2])\nrng.normal()",
    "rng = np.random.default_rng(sum(map(ord, \"abc\")))\nrng.normal(size=2)",
    "stats.norm.pdf(x) + stats.norm.logpdf(x, 1, 2)",
    "stats.binom.pmf([0, 1, 2], 5, 0.3)",
    "stats.poisson.cdf([0, 1, 2], 2.5)",
    "stats.t.ppf(0.975, 5)",
    "stats.multivariate_normal([0, 0], [[1, 0.5], [0.5, 2]]).logpdf(m)",
    "stats.halfcauchy(scale=2).pdf([1.0, 2.0])",
    "stats.invgamma.pdf([1.0, 2.0], 3, scale=2)",
    "stats.nbinom.pmf([0, 1], 3, 0.4)",
    "stats.betabinom.pmf([0, 1], 5, 2, 3)",
    "stats.lognorm.pdf([1.0, 2.0], s=0.5, scale=np.exp(0.3))",
    "stats.uniform(1, 2).mean()",
    "stats.gamma(2, scale=3).std()",
    "special.gammaln(5.5) + special.betaln(2, 3) + special.digamma(2.0)",
    "special.logit(0.3)",
    "special.ndtri([0.1, 0.9])",
    "np.triu_indices(3, k=1)[0]",
    "np.diff(np.sort(x))",
    "np.tile(np.arange(3), (2, 1))",
    "np.repeat(np.arange(3), [1, 2, 3])",
    "np.searchsorted([1, 3, 5], [2, 4])",
    "np.argsort(-x)",
    "np.bincount(group, minlength=5)",
    "counts = np.zeros(3)\nnp.add.at(counts, group, 1)\ncounts",
    "np.percentile(x, [5, 95])",
    "np.average(x, weights=np.abs(y))",
    "np.outer(x[:2], y[:2])",
    "np.cross([1, 0, 0], [0, 1, 0])",
    "np.interp(0.3, np.sort(x), y)",
    "np.linalg.cholesky(m.T @ m + np.eye(2))",
    "np.linalg.eigh(m.T @ m)[0]",
    "np.linalg.det(m.T @ m)",
    "np.linalg.matrix_power(np.eye(2) * 2, 3)",
    "np.linalg.svd(m)[1]",
    "np.linalg.qr(m)[1].shape[0]",
    "distance.cdist(m, m)",
    "distance.squareform(distance.pdist(m))",
    "scipy.linalg.cho_solve((np.linalg.cholesky(np.eye(2)), True), [1.0, 2.0])",
    "pd.to_datetime([\"2020-01-01\", \"2020-02-01\"]).month",
    "pd.Timestamp(2020, 1, 5).day_name() == \"Sunday\"",
    "pd.Series(pd.date_range(\"2020-01-01\", periods=3)).dt.to_period(\"M\").astype(str) == \"2020-01\"",
    "pd.DataFrame({\"d\": [\"2020-01-02\", \"2020-01-01\"]}).assign(d=lambda t: pd.to_datetime(t.d)).sort_values(\"d\").d.dt.day.values",
    "pd.DataFrame({\"y\": [2020, 2021], \"m\": [1, 2]}).groupby(\"y\").m.sum().reindex([2020, 2021, 2022], fill_value=0).values",
    "people.city.map(people.city.value_counts()).values",
    "people.city.map(lambda c: len(c)).values",
    "people.groupby(\"city\")[\"age\"].transform(\"mean\").sub(people.age).values",
    "people.groupby(\"city\")[\"age\"].transform(np.median).values",
    "people.groupby(\"city\").age.std().fillna(0).values",
    "people.groupby(\"city\")[\"age\"].mean().sort_values(ascending=False).index[0] == \"Molde\"",
    "people.groupby(\"city\").age.agg([\"min\", \"max\"]).reset_index()[\"max\"].values",
    "people.groupby(\"city\").agg(a=(\"age\", \"mean\"), b=(\"score\", lambda s: s.sum())).b.values",
    "people[\"g\"] = people.groupby(\"city\").ngroup()\npeople.g.values",
    "people.age.astype(float).astype(str).str.len().values",
    "people.age.between(30, 40).sum()",
    "people.age.quantile([0.25, 0.75]).values",
    "people.score.abs().pow(2).sum()",
    "people.score.round(1).tolist()",
    "people[people.city != \"Oslo\"].shape[0]",
    "people[~people.city.isin([\"Oslo\"]) & (people.age > 40)].age.values",
    "people.index[people.age > 40].tolist()",
    "people.columns.difference([\"age\"]).tolist()[0] == \"city\"",
    "people.drop(columns=\"city\").to_numpy()",
    "people.drop(\"city\", axis=1).values",
    "people.shape[0] // 2",
    "len(people[people.city == \"Oslo\"])",
    "people.empty",
    "people.iloc[0][\"age\"]",
    "people.iloc[-1].age",
    "people.loc[2, \"score\"]",
    "people.head(2).age.values",
    "people.isnull().sum().sum()",
    "people.max(numeric_only=True)[\"age\"]",
    "people.age.argmax()",
    "people.age.sem()",
    "people.age.prod()",
    "people.age.any()",
    "people.age.unique().size",
    "people.city.unique().tolist().index(\"Molde\")",
]

# Idioms that stand on sparse matrices, named axes, patterns, formats and special methods of classes.
LIBRARIES = [
    "from pathlib import Path\nfolder = Path(\"..\") / \"data\"\np = folder / \"a.b.csv\"\n[len(str(p)), p.name == \"a.b.csv\", p.stem == \"a.b\", p.suffix == \".csv\", str(p.parent) == \"../data\", len(p.parts), str(Path(\"x\", \"y\").joinpath(\"z\")) == \"x/y/z\"]",
    "import xarray as xr\nd = xr.Dataset({\"u\": ([\"a\"], np.arange(3.0)), \"v\": ([\"b\"], np.array([2.0, 7.0]))})\n[d.to_array().mean().item(), d.to_array().std().item(), d.to_array().sum().item()]",
    "import xarray as xr\nd = xr.Dataset({\"u\": ([\"a\", \"b\"], np.arange(6.0).reshape(2, 3)), \"v\": ([\"b\"], np.array([2.0, 7.0, 1.0]))})\nd.to_array().sel(variable=\"v\").values + d.to_array(dim=\"k\").values.sum()",
    "from sklearn.preprocessing import scale\nscale(np.column_stack([x, np.ones(len(x)), y]))",
    "from sklearn.datasets import make_moons\nX, kind = make_moons(noise=0.2, random_state=0, n_samples=11)\nnp.column_stack([X, kind])",
    "rng = np.random.default_rng(3)\nstats.dirichlet([0.5, 2.0, 3.0]).rvs(size=4, random_state=rng)",
    "stats.dirichlet([0.5, 2.0, 3.0]).rvs(random_state=5)",
    "d = stats.dirichlet([0.5, 2.0, 3.0])\n[d.logpdf([0.2, 0.3, 0.5]), *d.mean(), *d.var()]",
    "rng = np.random.default_rng(3)\nstats.multinomial(n=9, p=[0.2, 0.3, 0.5]).rvs(random_state=rng)",
    "m = stats.multinomial(9, [0.2, 0.3, 0.5])\n[m.logpmf([2, 3, 4]), m.pmf([9, 0, 0])]",
    "with np.errstate(divide=\"ignore\"):\n    z = np.log(x**2)\nz",
    "\"%.2f|%05d|%-4s|%+d|%5s|%%|%e\" % (s, c, word[:2], c, word[:3], 12345.678) == \"2.50|00003|no  |+3|  nor|%|1.234568e+04\"",
    "\"%(a)s-%(b)02d\" % {\"a\": word, \"b\": c} == \"north-03\"",
    "[len(\"x%d\" % i) for i in range(12)]",
    "\"%s\" % s == \"2.5\"",
    "import re\nlen(re.sub(r\"(\\w)o\", r\"\\1\\1-\", word)) + len(re.split(r\"[rt]\", word)) + len(re.findall(r\"[a-z]\", word))",
    "import re\n[float(t) for t in re.findall(r\"-?\\d+\\.?\\d*\", \"a1.5b-2 c30\")]",
    "pd.Series([\"a1\", \"b22\", \"c3\"]).str.extract(r\"(\\d+)\")[0].astype(float).values",
    "pd.Series([\"a1\", \"b22\", \"c3\"]).str.extract(r\"(?P<l>[a-z])(?P<n>\\d+)\")[\"n\"].astype(int).values",
    "pd.Series([\"a1\", \"b22\"]).str.extract(r\"(\\d+)\", expand=False).astype(int).values",
    "people.city.str.contains(\"^O|g\").values",
    "people.city.str.contains(\"OSLO\", case=False).values",
    "people.city.str.match(\"[OM]\").values",
    "people.city.str.count(\"[eo]\").values",
    "people.city.str.replace(r\"[^a-z]\", \"\", regex=True).str.len().values",
    "people.city.str.replace(\".\", \"-\", regex=False).str.len().values",
    "from collections import deque\nd = deque([1.0, 2, 3], maxlen=3)\nd.append(4.0)\nd.appendleft(9.0)\nd.rotate(1)\nv = d.popleft()\nnp.array(list(d) + [v, len(d), d[0]])",
    "stats.gaussian_kde(x, weights=np.abs(y))(np.array([-1.0, 0.0, 2.0]))",
    "stats.gaussian_kde(np.repeat(x, 300), bw_method=\"silverman\").pdf(np.array([-1.0, 0.0, 2.0]))",
    "np.diag(x, 1) + np.diag(x, -1)",
    "np.diag(k, 1) + np.diag(k, -1)",
    "adj = pd.Series([\"[1, 2]\", \"[3]\", \"[1]\"]).apply(lambda t: [int(v) for v in t.strip(\"][\").split(\",\")]).to_list()\nfor i in range(len(adj)):\n    for j in range(len(adj[i])):\n        adj[i][j] = adj[i][j] - 1\nw = np.zeros((3, 3), dtype=\"int32\")\nfor area in range(3):\n    w[area, adj[area]] = 1\nw",
    "d = pd.DataFrame({\"t\": pd.date_range(\"2020-01-30\", periods=40, freq=\"3D\"), \"g\": [0, 1] * 20, \"v\": np.arange(40.0)})\nd.groupby(pd.Grouper(key=\"t\", freq=\"MS\"))[\"v\"].sum().values",
    "d = pd.DataFrame({\"t\": pd.date_range(\"2020-01-30\", periods=40, freq=\"3D\"), \"g\": [0, 1] * 20, \"v\": np.arange(40.0)})\nd.groupby([pd.Grouper(key=\"t\", freq=\"MS\"), \"g\"])[\"v\"].mean().values",
    "d = pd.DataFrame({\"t\": pd.date_range(\"2020-01-30\", periods=40, freq=\"3D\"), \"v\": np.arange(40.0)}).set_index(\"t\")\nd.groupby(pd.Grouper(freq=\"W\"))[\"v\"].max().values",
    "from scipy import sparse\nw = sparse.csr_matrix(np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]]))\nd = sparse.diags(np.asarray(w.sum(axis=1)).ravel())\nq = d - 0.5 * w\nq.toarray()",
    "from scipy import sparse\nw = sparse.csr_matrix(([1.0, 2, 3], ([0, 1, 2], [1, 2, 0])), shape=(3, 3))\nnp.concatenate([w @ np.arange(3), w.dot(np.ones(3)), w.T.toarray()[0], w.indices, w.indptr, w.data, [w.nnz]])",
    "from scipy import sparse\nw = sparse.csc_matrix(([1.0, 2, 3, 4], [0, 2, 1, 0], [0, 2, 3, 4]))\nnp.concatenate([w.toarray().ravel(), w.nonzero()[0], w.indices, w.diagonal()])",
    "from scipy import sparse\nw = sparse.csr_matrix(np.array([[0, 1.0], [2, 3]]))\n(w * w).toarray() + w.multiply(w).toarray() + sparse.csr_array(w.toarray()).power(2).toarray()",
    "from scipy import sparse\na = sparse.diags([[1.0, 2, 3], [4.0, 5]], [0, 1])\nb = sparse.kron(sparse.identity(2), sparse.csr_matrix(np.array([[1, 2], [3, 4]])))\nnp.concatenate([a.toarray().ravel(), b.toarray().ravel()])",
    "from scipy import sparse\nfrom scipy.sparse.linalg import spsolve\nq = sparse.csc_matrix(m.T @ m)\nspsolve(q, sparse.identity(2, format=\"csc\")) @ np.ones(2) + spsolve(q, np.arange(2.0))",
    "from scipy import sparse\nw = sparse.csr_matrix(np.eye(3) + 1)\nnp.asarray(w.sum(axis=0)) + np.asarray(w.mean(axis=0)) + w.todense()",
    "a = np.matrix(k)\nb = a * a.T\n(b[0, 1] + (b * 2).A + (a.sum(axis=1) / 2).A1)",
    "import xarray as xr\nda = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=(\"a\", \"b\"), coords={\"a\": [\"u\", \"v\"], \"b\": [0, 1, 2]})\nda.sel(a=\"v\").values + da.mean(\"a\").values + da.isel(b=0).values.sum()",
    "import xarray as xr\na = xr.DataArray(np.arange(3.0), dims=\"b\")\nb = xr.DataArray(np.arange(2.0), dims=[\"a\"], coords={\"a\": [5, 7]})\n(a * b - 2 * a / (b + 1)).values",
    "import xarray as xr\nds = xr.Dataset({\"v\": ((\"a\", \"b\"), np.arange(6.0).reshape(2, 3)), \"w\": (\"a\", [1.0, 2.0])}, coords={\"a\": [1, 2]})\nnp.concatenate([ds[\"v\"].mean(dim=\"b\").values, ds.v.sum(\"b\").to_numpy(), ds.sel(a=2)[\"v\"].values, ds.mean(\"a\").v.values, ds.a.values])",
    "import xarray as xr\nda = xr.DataArray(np.arange(6.0).reshape(2, 3), coords=[(\"a\", [10, 20]), (\"b\", [1, 2, 3])], name=\"v\")\nd = da.to_dataframe().reset_index()\nd.a.values + d.b.values * d.v.values",
    "import xarray as xr\nda = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=[\"a\", \"b\"])\nda.transpose(\"b\", \"a\").values + da.T.shape[0] + da.sizes[\"b\"] + len(da) + da.max().item() + da.std(\"b\").values",
    "import xarray as xr\na = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=[\"a\", \"b\"])\n(np.exp(a) + np.maximum(a.isel(a=0), a) - abs(-a) ** 2 + 2 ** a.transpose(..., \"a\") + (a >= 2) % 2 + (~(a < 1) | (a <= 3))).values",
    "s = slice(1, None)\nx[s] + x[slice(5)] + np.array([1, 2, 3, 4, 5, 6, 7])[slice(0, 10, 2)].sum() + [1, 2, 3, 4][s][0] + k[slice(1), slice(0, 3, 2)].sum()",
    "class V:\n    def __init__(self, x):\n        self.x = x\n    def __add__(self, other):\n        return V(self.x + other.x)\n    def __mul__(self, k):\n        return V(self.x * k)\n    def __rmul__(self, k):\n        return self * k\n    def __len__(self):\n        return len(self.x)\n    def __getitem__(self, k):\n        return self.x[k]\n    def __lt__(self, other):\n        return len(self) < len(other)\n    def __contains__(self, k):\n        return k in self.x\n    def __neg__(self):\n        return V(-self.x)\n    def __array__(self, dtype=None, copy=None):\n        return self.x\na = V(np.arange(3.0))\nnp.asarray(-(a + 2 * a)) + len(a) + a[1] + (a < a) + (2 in a)",
    "class Bag:\n    def __init__(self, items):\n        self.items = dict(items)\n    def __iter__(self):\n        return iter(self.items.values())\n    def __getattr__(self, name):\n        return self.items[name]\n    def __setitem__(self, name, value):\n        self.items[name] = value\nb = Bag({\"u\": 1, \"v\": 2})\nb[\"w\"] = 5\nnp.array([x for x in b] + [b.w])",
]

# Linear algebra of several matrices, spectra, roots, points that fill a space, tables made longer, generators.
NUMERICS = [
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.cholesky(a)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.inv(a)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.det(a)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.slogdet(a)[1]",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.solve(a, np.arange(4.0).reshape(2, 2, 1))",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.eigvalsh(a)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.abs(np.linalg.eigh(a).eigenvectors)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.svd(a, compute_uv=False)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.matrix_power(a, 3)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.pinv(a)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.norm(a, axis=(1, 2))",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.matrix_power(a[0], -2)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.norm(a[0], 2) + np.linalg.norm(a[0], \"nuc\") + np.linalg.norm(a[0], -2)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.abs(np.linalg.qr(a[0]).R)",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.eigh(a[0]).eigenvalues",
    "a = np.array([[[4.0, 1.0], [1.0, 3.0]], [[2.0, 0.5], [0.5, 1.0]]])\nnp.linalg.svd(a[0]).S",
    "np.abs(np.fft.rfft(x))",
    "np.abs(np.fft.fft(np.arange(48.0) % 7)) ** 2",
    "np.fft.rfft(y).real + np.fft.rfft(y, norm=\"ortho\").imag",
    "np.angle(np.fft.rfft(y))[1:3]",
    "np.fft.irfft(np.fft.rfft(y) * 2)",
    "np.fft.irfft(np.fft.rfft(y[:5]), n=5)",
    "np.fft.rfftfreq(7, d=0.5)",
    "np.fft.fftfreq(8, 0.1)",
    "np.fft.fftshift(np.fft.fftfreq(5))",
    "np.argmax(np.abs(np.fft.rfft(x - x.mean())))",
    "stats.hypergeom.rvs(50, 12, 20, size=9, random_state=3)",
    "stats.hypergeom(500, 312, 220).rvs(size=9, random_state=np.random.default_rng(3))",
    "stats.hypergeom.rvs([50, 30], 12, 8, size=2, random_state=5)",
    "stats.hypergeom.rvs(40, 30, 35, size=5, random_state=np.random.default_rng(5))",
    "np.random.default_rng(1).hypergeometric(10, 20, 25, size=9)",
    "np.random.RandomState(1).hypergeometric([10, 300], 200, [5, 150], size=(3, 2))",
    "from scipy.stats import qmc\nqmc.Sobol(d=10, scramble=False).random(16)",
    "from scipy.stats import qmc\ns = qmc.Sobol(2, scramble=False)\ns.random(3)\nqmc.scale(s.random(4), [0, 1], [2, 3])",
    "from scipy.stats import qmc\nqmc.Halton(d=3, scramble=False).random(20)",
    "from scipy.stats import qmc\nqmc.LatinHypercube(d=2, seed=4).random(7)",
    "from scipy.stats.qmc import LatinHypercube\nr = LatinHypercube(d=3, rng=np.random.default_rng(4))\nr.random(3)\nr.random(4)",
    "from scipy import optimize\noptimize.brentq(lambda t: t**3 - 2, 0, 2)",
    "from scipy.optimize import root_scalar\nroot_scalar(lambda t, c: np.exp(t) - c, args=(3,), bracket=[0, 2]).root + root_scalar(lambda t: t**2 - 2, x0=1.0, fprime=lambda t: 2 * t).root",
    "from scipy.optimize import newton, bisect\nnewton(lambda t: t**3 - 2, 1.0) + bisect(lambda t: stats.norm.cdf(t) - 0.8, -3, 3)",
    "from scipy.optimize import minimize_scalar\nr = minimize_scalar(lambda t: (t - 1.3) ** 4 + np.exp(t))\nround(r.x, 4) + round(r.fun, 8)",
    "from scipy.optimize import minimize_scalar\nround(minimize_scalar(lambda t: -np.sum(stats.norm.logpdf(y, t, 1)), bounds=(-2, 2), method=\"bounded\").x, 3)",
    "from scipy.optimize import curve_fit\np, c = curve_fit(lambda t, a, b: a * np.exp(b * t / 3), x, y**2 + 1, xtol=1e-14, ftol=1e-14)\nnp.round(np.r_[p, c.ravel()], 5)",
    "def line(t, a, b):\n    return a * t + b\np, c = scipy.optimize.curve_fit(line, x, y, p0=[0.5, 0.2], sigma=np.abs(x) + 1, absolute_sigma=True)\nnp.round(np.r_[p, c.ravel()], 6)",
    "from scipy.optimize import least_squares\nr = least_squares(lambda p: p[0] * np.tanh(p[1] * x) + p[2] - y, [1, 0.5, 0], bounds=([0, 0, -5], [5, 5, 0.4]))\nnp.round(np.r_[r.x, r.cost], 3)",
    "from scipy.optimize import leastsq\np, flag = leastsq(lambda p, t: p[0] + p[1] * t + p[2] * t**2 - y, [0.0, 0.0, 0.0], args=(x,))\nnp.round(p, 6)",
    "from scipy.optimize import minimize\nr = minimize(lambda p: -np.sum(stats.norm.logpdf(y, p[0], np.exp(p[1]))), x0=[0.0, 0.0], method=\"BFGS\")\nnp.round(np.r_[r.x, r.fun], 3)",
    "from scipy.optimize import minimize\nr = minimize(lambda p, k: (p[0] - k) ** 2 + (p[1] + p[0]) ** 2, [0.5, 0.5], args=(3,), bounds=[(0, 1), (0, None)])\nnp.round(r.x, 5) + 0",
    "from scipy.optimize import minimize\nr = minimize(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, [-1.2, 1.0])\nnp.round(r.x, 3)",
    "w = pd.DataFrame({\"id\": [3, 1, 2], \"ht1\": [2.8, 2.9, 2.2], \"q\": [1, 2, 3], \"wt2\": [1.0, 2, 3], \"ht2\": [3.4, 3.8, 2.9], \"wt1\": [5.0, 6, 7]})\npd.wide_to_long(w, [\"ht\", \"wt\"], i=\"id\", j=\"year\").reset_index()[[\"id\", \"year\", \"q\", \"ht\", \"wt\"]].to_numpy()",
    "w = pd.DataFrame({\"g\": [0, 0, 1], \"id\": [3, 1, 2], \"ht-a\": [2.8, 2.9, 2.2], \"ht-b\": [3.4, 3.8, 2.9]})\npd.wide_to_long(w, \"ht\", i=[\"g\", \"id\"], j=\"when\", sep=\"-\", suffix=r\"\\w+\")[\"ht\"].to_numpy()",
    "def counted(n):\n    a, b = 0, 1\n    while a < n:\n        yield a\n        a, b = b, a + b\nnp.array([sum(counted(30)), max(counted(100)), *counted(5), *[a * b for a, b in zip(counted(9), counted(20))]])",
    "def both(n):\n    for i in range(n):\n        if i == 3:\n            return\n        yield i\n        yield from [10 * i, 20 * i]\ng = both(9)\nnp.array([next(g), next(g), *g, next(g, -1), len(list(both(2)))])",
    "i = iter([5, 6, 7])\nnp.array([next(i), next(i), next(i), next(i, 9)])",
    "np.issubdtype(x.dtype, np.floating) + np.issubdtype(n.dtype, np.integer) * 2 + np.issubdtype(n.dtype, np.number) * 4",
]
# Arrays whose axes have names: `a` has the dims r (3) and c (2), `b` g (2) and r, `u` c.
NAMED = "\n".join([
    "import pytensor.xtensor as ptx",
    "a = ptx.as_xtensor(m, dims=(\"r\", \"c\"))",
    "b = ptx.as_xtensor(k, dims=[\"g\", \"r\"])",
    "u = ptx.as_xtensor(np.array([0.5, -2.0]), dims=\"c\")",
    "i = ptx.as_xtensor(np.array([2, 0, 1, 1]), dims=(\"o\",))",
    "j = ptx.as_xtensor(np.array([1, 0, 0, 1]), dims=(\"o\",))",
    "",
])
DIMS = [NAMED + f"({expression}).values.eval()" for expression in [
    "a * b + u",
    "u - b / a",
    "2 ** a - a ** 2 + (-u) // 2 + b % 2",
    "(a > u) & (b <= 3) | (a < 0)",
    "abs(a) + ptx.math.exp(u) + ptx.math.maximum(a, b)",
    "ptx.math.where(b > 2, a, u)",
    "ptx.math.sigmoid(a).clip(0.2, u.max())",
    "a.sum() + a.sum(dim=\"r\") + a.mean(\"c\") - b.prod(dim=(\"g\", \"r\")) + b.max(\"g\") * b.min(...)",
    "a.std(\"r\") + a.var(\"c\", ddof=1) + a.std(dim=None)",
    "a.cumsum(\"r\") + b.cumprod(\"g\") + a.cumsum()",
    "a.diff(\"r\").diff(\"c\")",
    "b.diff(\"r\", n=2)",
    "a.dot(b)",
    "a.dot(b, dim=...) + a.dot(u)",
    "ptx.dot(b, a, dim=(\"g\", \"r\"))",
    "a.isel(r=i)",
    "a.isel(c=j)",
    "a.isel(r=i, c=j) + a[i, j]",
    "a[:, j] - a[{\"r\": [0, 2, 1]}]",
    "b.isel(g=0, r=slice(None, None, -1)) + b[..., 1:].sum(\"r\").isel(g=-1)",
    "b[1] + b[:, 0].sum() + b.isel({\"g\": np.array([True, False])}).sum(\"g\")",
    "a.isel(r=ptx.as_xtensor(np.array([[0, 2], [1, 1]]), dims=(\"p\", \"q\")))",
    "a.isel(r=(\"c\", np.array([2, 0])))",
    "a.isel(z=1, missing_dims=\"ignore\")",
    "a.transpose() + a.transpose(\"c\", ...) + a.T",
    "a.rename({\"r\": \"s\"}).dot(a, dim=\"c\") + a.rename(r=\"t\").sum(\"t\").sum()",
    "a.expand_dims(\"e\") + a.expand_dims({\"f\": 2}, axis=1)",
    "a.expand_dims(e=2, f=3).sum(\"e\")",
    "a.isel(r=[1]).squeeze(\"r\") + a.isel(r=slice(0, 1)).squeeze()",
    "a.stack({\"z\": (\"r\", \"c\")})",
    "a.stack({\"z\": [\"r\", \"c\"]}).cumsum(\"z\").unstack({\"z\": {\"r\": 3, \"c\": 2}})",
    "u.broadcast_like(a) + ptx.broadcast(u, b, exclude=\"r\")[1]",
    "ptx.concat([a, b.isel(g=0), u], dim=\"r\")",
    "ptx.concat([a, u], dim=\"new\")",
    "ptx.math.softmax(a, dim=\"r\") + ptx.math.softmax(u) + ptx.math.logsumexp(a, dim=\"c\")",
    "ptx.ones_like(a) + ptx.zeros_like(u) + ptx.full_like(b, 3)",
    "a.isel(r=[0, 2]).set(7.0)",
    "a.isel(r=0).inc(u) + a[1:, 0].set(b.isel(g=0, r=[0, 1]))",
    "a.head(2) + a.tail(r=1).isel(r=0) + a.thin({\"r\": 2}) + a.astype(\"int64\").isel(r=slice(0, 2))",
]]


# Python's sets.
SETS = [
    "s = {1, 2}\n"
    "s.add(3)\n"
    "a = len(s)\n"
    "s.update([4, 5])\n"
    "t = {2, 9}\n"
    "u = sorted(s | t) + sorted(s & t) + sorted(s - t) + sorted(s ^ t)\n"
    "s |= {7}\n"
    "s.discard(1)\n"
    "s.remove(2)\n"
    "v = sorted(s.union(t)) + sorted(s.intersection({3})) + sorted(s.difference({3}))\n"
    "w = [s.issubset({3}), {3} <= s, 3 in s, s == {3, 4, 5, 7}]\n"
    "fs = frozenset([1, 2])\n"
    "x = sorted({k % 3 for k in range(10)})\n"
    "s2 = set()\n"
    "for k in range(3):\n"
    "    s2.add(k)\n"
    "s2.update({5}, [6])\n"
    "s2.clear()\n"
    "np.array([a, len(fs), len(s2)] + u + v + w + x) + sum({1.5, 2.5})",
    "a = set(label) - {\"north\"}\n"
    "b = {word, \"west\"} | a\n"
    "c = a\n"
    "c = c | {\"x\"}\n"
    "np.array([len(a), len(b), len(c), b > a, a.isdisjoint({word}), set(label) == {\"east\", \"north\", \"south\"}, len(set() | {1, True, 1.0})])",
    "seen, order = set(), []\n"
    "for g in group:\n"
    "    if g not in seen:\n"
    "        seen.add(g)\n"
    "        order.append(g)\n"
    "np.array(order + sorted(seen ^ {0, 9}))",
    "s = {3, 1}\n"
    "p = s.pop()\n"
    "q = s.copy()\n"
    "q.difference_update([3])\n"
    "t = {5}\n"
    "t |= s\n"
    "t -= {5}\n"
    "t.symmetric_difference_update({1, 3, 8})\n"
    "np.array(sorted(t) + sorted(q) + [p + sum(s)])",
]

# Eigenvectors with their signs, of matrices of several kinds.
SYMMETRIC = [
    f"rng = np.random.default_rng({n})\nX = rng.normal(size=({n + 6}, {n}))\nw, V = np.linalg.eigh({matrix})\nnp.round(np.r_[w[None], V], 8)"
    for n in (1, 2, 3, 6, 11, 25)
    for matrix in ("X.T @ X", "np.cov(X, rowvar=False) * np.eye(len(X.T))", "X[: len(X.T)] + X[: len(X.T)].T", "np.diag(X[0])",
                   "np.exp(-np.abs(np.subtract.outer(X[0], X[0])))", "-(X.T @ X)")
]

# Names of functions and classes, operators as functions, texts that are chosen or are JSON.
NAMED_THINGS = [
    "import json\nc = json.loads('{\"b\": [1, 2.5, null, true], \"a\": {\"x\": -3, \"y\": \"text\"}}')\n"
    "[c['b'][0], c['b'][1], c['b'][2] is None, c['b'][3], c['a']['x'], len(c['a']['y']), list(c)[0] == 'b', len(json.loads('[1, [2]]')[1])]",
    "from functools import reduce\nfrom operator import add, mul, itemgetter, attrgetter\nimport operator as op\n"
    "rows = sorted([(3, 'a'), (1, 'b'), (2, 'c')], key=itemgetter(0))\n"
    "[reduce(add, [1, 2, 3]), reduce(mul, [x, y]).sum(), rows[0][0], op.sub(5, 3), op.neg(2), "
    "max([3, 4], key=op.pos), op.getitem([4, 5], 1), op.contains([1], 1), op.and_(True, False)]",
    "def slope(k):\n    return k\nclass Prior:\n    pass\nf = lambda k: k\n"
    "[len(slope.__name__), len(Prior.__name__), len(f.__name__), slope.__name__ == 'slope']",
    "kind = np.where(x < 0, 'low', np.where(x > 1, 'high', 'mid'))\nlabels, codes = np.unique(kind, return_inverse=True)\ncodes",
    "names = np.array(['a', 'b', 'c'])\nkind = np.where(np.array([True, False, True]), names, 'none')\n[len(k) for k in kind]",
    "from scipy.linalg import cho_factor, cho_solve\nA = np.eye(3) * 4 + .5\n"
    "[cho_solve(cho_factor(A), np.arange(3.)), cho_solve(cho_factor(A, lower=True), np.arange(3.)), "
    "np.diag(cho_factor(A, lower=True)[0])]",
    "frame = pd.DataFrame({'u': [1.0, 4.0], 'v': [9.0, 16.0]})\nnp.sqrt(frame)['v']",
]

# What changes in its place, and what of it is seen under other names.
CHANGES = [
    "log = []\n"
    "def f(x):\n"
    "    log.append(x)\n"
    "    return x * 2\n"
    "y = [f(k) for k in range(3)]\n"
    "sum(log) * 100 + len(log) * 10 + sum(y)",
    "def make():\n"
    "    total = 0\n"
    "    def add(k):\n"
    "        nonlocal total\n"
    "        total += k\n"
    "        return total\n"
    "    return add\n"
    "f = make(); g = make()\n"
    "f(3) * 100 + f(4) * 10 + g(1)",
    "class A:\n"
    "    items = []\n"
    "    def __init__(self):\n"
    "        self.own = []\n"
    "    def put(self, k):\n"
    "        self.items.append(k); self.own.append(k)\n"
    "a, b = A(), A()\n"
    "a.put(1); b.put(2); b.put(3)\n"
    "len(a.items) * 100 + len(a.own) * 10 + len(b.own)",
    "d = {}\n"
    "for w in [\"b\", \"a\", \"c\", \"a\"]:\n"
    "    d[w] = d.get(w, 0) + 1\n"
    "sum((i + 1) * v for i, (k, v) in enumerate(sorted(d.items())))",
    "def f(x):\n"
    "    match x:\n"
    "        case 0: return 1\n"
    "        case [a, *rest]: return a + len(rest)\n"
    "        case \"k\" | \"l\": return 7\n"
    "        case _ if x > 10: return 9\n"
    "        case _: return 3\n"
    "f(0) * 10000 + f([4, 5, 6]) * 1000 + f(\"l\") * 100 + f(11) * 10 + f(2)",
    "import functools\n"
    "def twice(f):\n"
    "    @functools.wraps(f)\n"
    "    def inner(*a, **k):\n"
    "        return 2 * f(*a, **k)\n"
    "    return inner\n"
    "reg = {}\n"
    "def register(name):\n"
    "    def d(f):\n"
    "        reg[name] = f\n"
    "        return f\n"
    "    return d\n"
    "@twice\n"
    "def f(x, y=1): return x + y\n"
    "@register(\"q\")\n"
    "def g(x): return x * 3\n"
    "f(2, y=3) * 100 + reg[\"q\"](4)",
    "df = pd.DataFrame({\"a\": [1, 2, 3], \"g\": list(\"xyx\")})\n"
    "def add(d):\n"
    "    d = d.copy()\n"
    "    d[\"b\"] = d[\"a\"] * 2\n"
    "    return d\n"
    "df2 = add(df)\n"
    "df2[\"b\"].sum() * 100 + df.shape[1] * 10 + int(\"b\" in df)",
    "m = [[0] * 2 for _ in range(2)]\nm[0][1] = 5\nn = [[0] * 2] * 2\nm[1][1] * 10 + m[0][1]",
    "x = np.arange(10)\ny = x[2:5]\ny = y + 1\nx[2:5] = 0\ny.sum() * 100 + x.sum()",
    "x = np.arange(10)\ny = x[2:5]\nx[2:5] = 0\ny.sum()",
    "df = pd.DataFrame({\"a\": [1., 2, 3, 4], \"g\": list(\"xyxy\"), \"h\": [1, 1, 2, 2]})\n"
    "t = 0\n"
    "for name, part in df.groupby(\"g\"):\n"
    "    t = t * 10 + part[\"a\"].sum() + part.shape[1] * 1000\n"
    "t + df.groupby([\"g\", \"h\"])[\"a\"].mean().sum()",
    "sum(y for x in range(5) if (y := x ** 2) > 3)",
    "count = 0\ndef f():\n    global count\n    count += 1\n    return count\nf(); f()\ncount",
    "def g(n):\n"
    "    for k in range(n):\n"
    "        yield k * k\n"
    "sum(g(4)) * 10 + next(iter(g(3))) + len([*g(5)])",
    "names = [f\"{k:02d}_{v!r}\" for k, v in zip(range(3), \"abc\")]\n"
    "sum(len(n) for n in names) + \"-\".join(names).count(\"_\") * 100",
    "xs = sorted([(2, \"b\"), (1, \"z\"), (2, \"a\")], key=lambda p: (-p[0], p[1]))\n"
    "\"\".join(p[1] for p in xs).index(\"z\") * 10 + xs[0][0]",
    "try:\n    v = {\"a\": 1}[\"b\"]\nexcept KeyError:\n    v = 7\nfinally:\n    w = 2\nv * 10 + w",
    "x = np.arange(6.0)\ny = x[2:5]\nx[2:4] = 0\ny.sum() * 100 + x.sum()",
    "x = np.arange(6.0)\ny = x[2:5]\ny[0] = 50\ny.sum() * 100 + x.sum()",
    "X = np.arange(12.0).reshape(4, 3).copy()\ncol = X[:, 0]\ncol -= col.mean()\nX.sum() * 100 + col[0]",
    "x = np.arange(6.0)\ny = x[2:5]\ny = y + 1\ny[0] = 9\nx.sum() * 100 + y.sum()",
    "x = np.arange(6.0)\ny = x[1:]\nz = y[1:]\nz[0] = 9\nx.sum() * 100 + y.sum() * 10 + z.sum()",
    "x = np.arange(6.0)\ny = x[1:]\nz = x[::-1]\nz[0] = 9\nx.sum() * 100 + y.sum() * 10 + z.sum()",
    "x = np.arange(6.0)\n"
    "y = x[[1, 2]]\n"
    "z = x[x > 3]\n"
    "y[0] = 9\n"
    "z[0] = 7\n"
    "x.sum() * 100 + y.sum() * 10 + z.sum()",
    "x = np.arange(6.0)\n"
    "i = np.array([1, 2])\n"
    "m = x > 2\n"
    "y = x[i]\n"
    "z = x[m]\n"
    "y[0] = 9\n"
    "z[0] = 7\n"
    "x.sum() * 100 + y.sum() * 10 + z.sum()",
    "x = np.arange(6.0)\ny = x[2:5].copy()\ny[0] = 9\nx.sum() * 100 + y.sum() * 10",
    "W = np.zeros((3, 3))\nW[0][1] = 2\nW[1][:2] = 5\nW[2][-1] += 4\n(W * np.arange(9).reshape(3, 3)).sum()",
    "W = np.zeros((3, 3, 2))\nW[0][1][1] = 2\nW[1, :][2, 0] = 3\n(W * np.arange(18).reshape(3, 3, 2)).sum()",
    "def f(x):\n"
    "    y = x[1:]\n"
    "    y = y * 2\n"
    "    y[0] = 5\n"
    "    return y\n"
    "x = np.arange(4.0)\n"
    "z = f(x)\n"
    "z[1] = 100\n"
    "z.sum() + 1000 * x.sum()",
    "def f(n):\n"
    "    x = np.zeros(n)\n"
    "    y = x[1:]\n"
    "    y[0] = 5\n"
    "    x[2] = 3\n"
    "    return x.sum() * 10 + y.sum()\n"
    "f(5)",
    "x = np.zeros(20)\nfor t in range(1, 20):\n    past = x[:t]\n    x[t] = past.sum() + 1\nx.sum()",
    "X = np.zeros((5, 3))\n"
    "for i in range(5):\n"
    "    row = X[i]\n"
    "    row[0] = i\n"
    "    row += 1\n"
    "(X * np.arange(15).reshape(5, 3)).sum()",
    "X = np.ones((5, 3))\n"
    "s = 0\n"
    "for i, row in enumerate(X):\n"
    "    row = row * 2\n"
    "    row[0] = 9\n"
    "    s += row.sum()\n"
    "X.sum() + s",
    "x = np.array([5.0, 3, 1, 2])\ny = x[1:]\ny.sort()\n(x * [1, 10, 100, 1000]).sum()",
    "x = np.arange(3.0)\na = x[1]\na += 5\nx.sum() * 10 + a",
    "x = np.arange(3.0)\ny = x[1:]\nx = np.zeros(3)\ny[0] = 5\nx.sum() * 10 + y.sum()",
    "x = np.arange(6.0)\ndef g():\n    y = x[1:3]\n    y[0] = 70\ng()\nx.sum()",
    "x = np.arange(6.0)\na, b = x[:3], x[3:]\nb = b * 2\nb[0] = 70\nx.sum() + a.sum()",
    "x = np.arange(6.0)\na, b = x[:3], x[3:]\nb[0] = 70\nx.sum() + a.sum()",
    "x = np.zeros((2, 3))\ny = x.flatten()\ny[1] = 70\nx.sum()",
    "x = np.zeros(4)\nx.fill(3)\nx.sum()",
    "s = pd.Series([1.0, 2, 3])\nt = s[1:].copy()\nt.iloc[0] = 9\ns.sum() * 10 + t.sum()",
    "import enum\nclass C(enum.Enum):\n    A = 1\n    B = 5\nC['B'].value + C.A.value",
    "from enum import IntEnum\nclass C(IntEnum):\n    A = 1\n    B = 5\nC['B'] + C.A",
    "x = np.arange(4.0)\ny = x[0:2]\nx += 1\ny.sum() * 10 + x.sum()",
    "X = np.arange(6.0).reshape(3, 2).copy()\n"
    "tmp = X[0]\n"
    "X[0] = X[1]\n"
    "X[1] = tmp\n"
    "(X * np.arange(6).reshape(3, 2)).sum()",
    "rng = np.random.default_rng(1)\n"
    "x = np.arange(6.0)\n"
    "rng.shuffle(x)\n"
    "l = [1, 2, 3, 4]\n"
    "rng.shuffle(l)\n"
    "(x * np.arange(6)).sum() + l[0] * 1000",
    "x = np.zeros(3)\nnp.add.at(x, [0, 0, 1], 1)\nx.sum()",
    "X = np.zeros((2, 3))\nx = X[1]\nnp.add.at(x, [0, 0, 1], 1)\nX.sum()",
    "X = np.zeros((2, 3))\nX[0].fill(4)\nX[:, 1].fill(2)\nx = X[1]\nx.fill(7)\nX.sum()",
    "s = {1, 2}\ns.add(3)\ns.remove(1)\nsum(s)",
    "l = [1]\nl += [2]\nd = {'a': [1]}\nd['a'] += [3]\nd['a'].sort(reverse=True)\nlen(l) * 10 + d['a'][0]",
    "d = {'x': np.zeros(3)}\nd['x'] += 2\nd['x'][0] -= 1\nd['x'].sum()",
    "class A:\n"
    "    items = []\n"
    "    def __init__(self):\n"
    "        self.own = []\n"
    "    def put(self, k):\n"
    "        self.items.append(k)\n"
    "        self.own.append(k)\n"
    "a = A()\n"
    "a.put(1)\n"
    "b = A()\n"
    "b.put(2)\n"
    "len(a.items) * 100 + len(a.own) * 10",
    "class A:\n    count = 0\n    def __init__(self):\n        A.count += 1\nA(); A(); A()\nA.count",
    "class R:\n"
    "    known = {}\n"
    "    @classmethod\n"
    "    def add(cls, name, v):\n"
    "        cls.known[name] = v\n"
    "R.add(\"a\", 3)\n"
    "R.add(\"b\", 4)\n"
    "sum(R.known.values())",
    "import enum\nclass C(enum.Enum):\n    A = 1\n    B = 5\nC[\"B\"].value",
    "def g(d):\n"
    "    d[\"n\"] = d.get(\"n\", 0) + 1\n"
    "    return d\n"
    "a = {\"n\": 3}\n"
    "b = g(a)\n"
    "a[\"n\"] * 10 + b[\"n\"]",
    "def h(x, acc=[]):\n    acc.append(x)\n    return len(acc)\nh(1) * 100 + h(2) * 10 + h(3)",
    "s = set([3, 1, 2])\nt = s\nt.add(9)\nlen(s) * 10 + len(t)",
    "df = pd.DataFrame({\"a\": [1, 2, 3], \"g\": list(\"xyx\")})\n"
    "def add(d):\n"
    "    d[\"b\"] = d[\"a\"] * 2\n"
    "    return d\n"
    "df2 = add(df)\n"
    "df[\"b\"].sum() * 100 + df2.shape[1] if \"b\" in df else -1",
    "n = [[0] * 2] * 2\nn[0][1] = 5\nn[1][1]",
    "X = np.zeros((5, 3))\nfor i, row in enumerate(X):\n    row[0] = i\nX.sum()",
    "x = np.arange(3.0)\nc = x[:, None]\nc[1, 0] = 8\nx.sum()",
    "l = [3, 1, 2]\nm = l\nl.sort()\nm[0]",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.array(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "X = np.arange(6.0).reshape(2, 3).copy()\nY = X.T\nY[0] = 50\n(X * np.arange(6).reshape(2, 3)).sum()",
    "X = np.arange(6.0).reshape(2, 3).copy()\nY = X.T\nX[1, 0] = 50\nz = Y[0]\nz += 4\nY.sum() * 100 + X[0].sum()",
    "X = np.arange(6.0).reshape(2, 3).copy()\nY = X.T.copy()\nY[0] = 50\nY.sum() * 100 + X.sum()",
    "x = np.arange(6.0)\ny = x.T\nx[1] = 50\ny.sum() * 100 + x.sum()",
    "from patsy import dmatrix\nk = [1.0, 2.0]\n"
    "b = dmatrix('bs(x, knots=k, degree=3, include_intercept=False) - 1', {'x': np.linspace(0, 3, 9)})\n"
    "np.asarray(b).sum(axis=0)",
    "np.linalg.det(np.eye(5)[[1, 0, 2, 3, 4]]) * 10 + np.linalg.det(np.eye(5)[[1, 2, 0, 3, 4]])",
    "A = np.random.default_rng(3).normal(size=(40, 40))\nsign, size = np.linalg.slogdet(A)\nsign * 100 + size",
    "A = np.random.default_rng(4).normal(size=(60, 60))\nnp.linalg.inv(A)[::7, 3]",
    "A = np.random.default_rng(5).normal(size=(7, 7))\nnp.linalg.solve(A, np.arange(14.0).reshape(7, 2)).ravel()",
    "from scipy import sparse\na = sparse.csc_matrix(np.diag([1.0, 2, 3]))\nb = a - sparse.identity(3)\n"
    "b.nnz + (np.ones((3, 3)) - b).sum() * 10 + (b - np.ones((3, 3))).sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.copy(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x.astype(float)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x * 1\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x + 0\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = +x\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.abs(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.clip(x, -99, 99)\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.where(x > -1, x, 0)\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.concatenate([x])\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.hstack([x])\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.repeat(x, 1)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.tile(x, 1)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.sort(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.round(x, 5)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.take(x, [0, 1, 2])\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.array(list(x))\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.maximum(x, -5)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.stack([x])[0]\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.roll(x, 0)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x[[0, 1, 2]]\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x[x > -5]\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.full(3, x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = sum([x])\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.diff(np.cumsum(np.append(0, x)))\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.nan_to_num(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x / 1\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = x ** 1\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.array(x, dtype=float)\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.array(x, copy=True)\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.broadcast_to(x, 3).copy()\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = np.squeeze(x[None]).copy()\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = copy.deepcopy(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.unique(x)\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = x.astype('float64')\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\nx = np.array([1.0, 2.0, 3.0])\ny = np.eye(3) @ x\ny[0] = 50\nx.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = x.copy() if True else x\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "import copy\n"
    "x = np.array([1.0, 2.0, 3.0])\n"
    "y = (lambda a: a.copy())(x)\n"
    "y[0] = 50\n"
    "x.sum() * 100 + y.sum()",
    "l = [1, 2, 3]\nm = l[:]\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = list(l)\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = sorted(l)\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = l.copy()\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nimport copy\nm = copy.deepcopy(l)\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nimport copy\nm = copy.copy(l)\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = [*l]\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = l + []\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = l * 1\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = [x for x in l]\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = list(l) if True else l\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = list(reversed(l))\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = list(filter(lambda x: True, l))\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = list(tuple(l))\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "l = [1, 2, 3]\nm = list({'a': l}.values())[0][:]\nm.append(5)\nm[0] = 9\nsum(l) * 100 + sum(m)",
    "d = {'a': 1, 'b': 2}\nm = d.copy()\nm['z'] = 5\nm['a'] = 7\nsum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\nm = dict(d)\nm['z'] = 5\nm['a'] = 7\nsum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\nm = {**d}\nm['z'] = 5\nm['a'] = 7\nsum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\n"
    "import copy\n"
    "m = copy.deepcopy(d)\n"
    "m['z'] = 5\n"
    "m['a'] = 7\n"
    "sum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\nm = d | {}\nm['z'] = 5\nm['a'] = 7\nsum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\n"
    "m = {k: v for k, v in d.items()}\n"
    "m['z'] = 5\n"
    "m['a'] = 7\n"
    "sum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\n"
    "m = {}\n"
    "m.update(d)\n"
    "m['z'] = 5\n"
    "m['a'] = 7\n"
    "sum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\n"
    "m = dict(d, b=2)\n"
    "m['z'] = 5\n"
    "m['a'] = 7\n"
    "sum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\n"
    "m = dict(d.items())\n"
    "m['z'] = 5\n"
    "m['a'] = 7\n"
    "sum(d.values()) * 100 + sum(m.values())",
    "d = {'a': 1, 'b': 2}\n"
    "m = dict(zip(d.keys(), d.values()))\n"
    "m['z'] = 5\n"
    "m['a'] = 7\n"
    "sum(d.values()) * 100 + sum(m.values())",
    "import copy\nl = [[1], [2]]\nm = copy.deepcopy(l)\nm[0].append(3)\nlen(l[0]) * 10 + len(m[0])",
    "import copy\nl = {'a': [1]}\nm = copy.deepcopy(l)\nm['a'].append(3)\nlen(l['a']) * 10 + len(m['a'])",
    "l = [[1], [2]]\nm = list(l)\nm[0].append(3)\nlen(l[0]) * 10 + len(m[0])",
    "l = [1]\nm = l\nm.append(3)\nl += [4]\nl[0] = 8\nsum(l) * 100 + sum(m)",
    "def add(l, x):\n"
    "    l.append(x)\n"
    "    l += [x]\n"
    "    l[0] = 7\n"
    "kept = [1]\n"
    "add(kept, 2)\n"
    "add(kept, 3)\n"
    "sum(kept) + 100 * len(kept)",
    "def add(d, k):\n"
    "    d[k] = len(d)\n"
    "    d.update(z=9)\n"
    "kept = {}\n"
    "add(kept, 'a')\n"
    "add(kept, 'b')\n"
    "sum(kept.values()) + 100 * len(kept)",
    "def add(d, k):\n"
    "    d['l'].append(k)\n"
    "    d['l'][0] += 1\n"
    "kept = {'l': [0]}\n"
    "add(kept, 4)\n"
    "add(kept, 5)\n"
    "sum(kept['l']) + 100 * len(kept['l'])",
    "class A:\n"
    "    def __init__(self):\n"
    "        self.l = []\n"
    "        self.d = {}\n"
    "def add(l, d):\n"
    "    l.append(3)\n"
    "    d['a'] = 4\n"
    "a = A()\n"
    "add(a.l, a.d)\n"
    "sum(a.l) * 10 + sum(a.d.values())",
    "def add(x, l=[]):\n    l.append(x)\n    return len(l)\nadd(1) * 100 + add(2) * 10 + add(3)",
    "df = pd.DataFrame({'x': [1.0, 2.0]})\n"
    "def prep(d):\n"
    "    d['z'] = d['x'] * 2\n"
    "    d.loc[0, 'x'] = 7\n"
    "    return d\n"
    "df = prep(df)\n"
    "df['z'].sum() * 10 + df['x'].sum()",
    "df = pd.DataFrame({'x': [1.0, 2.0]})\n"
    "def prep(d):\n"
    "    d['z'] = d['x'] * 2\n"
    "prep(df)\n"
    "df['z'].sum() * 10 + df['x'].sum()",
    "a = b = c = [1]\nb.append(2)\nc.append(3)\nsum(a) + 10 * len(a)",
    "a = [1, 2, 3]\nb = a\nx = b.pop()\nx * 100 + len(a) * 10 + len(b)",
    "s = {1, 2}\nt = s\nt.add(3)\ns |= {9}\nlen(s) * 10 + len(t)",
    "x = [1]\nl = [x, x]\nx.append(2)\nl[0].append(5)\nlen(l[0]) * 100 + len(l[1]) * 10 + len(x)",
    "l = [[0] * 2] * 2\nl[0][1] = 5\nl[1][1]",
    "l = [1, 2, 3]\nfor x in l:\n    if x == 1:\n        l.append(9)\nsum(l)",
    "d = {'a': {}}\ne = d['a']\ne['k'] = 3\nd['a']['k']",
    "g = {}\n"
    "for k, v in [('a', 1), ('b', 2), ('a', 3)]:\n"
    "    if k not in g:\n"
    "        g[k] = []\n"
    "    cur = g[k]\n"
    "    cur.append(v)\n"
    "sum(g['a']) * 10 + len(g['b'])",
    "stack = [[1, [2, 3]], 4]\n"
    "out = 0\n"
    "while stack:\n"
    "    x = stack.pop()\n"
    "    if isinstance(x, list):\n"
    "        stack.extend(x)\n"
    "    else:\n"
    "        out += x\n"
    "out",
    "def walk(n, acc):\n"
    "    if n == 0:\n"
    "        return acc\n"
    "    acc.append(n)\n"
    "    return walk(n - 1, acc)\n"
    "acc = []\n"
    "r = walk(3, acc)\n"
    "sum(r) * 10 + len(acc)",
    "def make():\n"
    "    l = []\n"
    "    def add(x):\n"
    "        l.append(x)\n"
    "        return l\n"
    "    return add\n"
    "add = make()\n"
    "a = add(1)\n"
    "b = add(2)\n"
    "len(a) * 10 + len(b)",
    "a, b = [1], [2, 3]\na, b = b, a\na.append(4)\nlen(a) * 10 + len(b)",
    "df = pd.DataFrame({'x': [1.0, 2.0]})\n"
    "d = df.dropna()\n"
    "d['z'] = 1\n"
    "e = df[:]\n"
    "f = df.reset_index(drop=True)\n"
    "f['y'] = 2\n"
    "g = df.sort_index()\n"
    "g['q'] = 1\n"
    "df.shape[1] * 100 + d.shape[1] * 10 + f.shape[1]",
    "d = {'n': 0}\ne = d\ne['n'] += 5\nd['n'] += 1\ne['n']",
    "d = {'n': 0, 'm': 1}\ne = d\ndel e['n']\nlen(d)",
    "l = []\n"
    "f = lambda x: l.append(x)\n"
    "[f(k) for k in range(3)]\n"
    "m = l\n"
    "[m.append(k) for k in range(2)]\n"
    "len(l)",
    "class A:\n"
    "    def __init__(self, items):\n"
    "        self.items = items\n"
    "    def add(self, x):\n"
    "        self.items.append(x)\n"
    "items = [1]\n"
    "a = A(items)\n"
    "a.add(2)\n"
    "items.append(3)\n"
    "sum(a.items) * 10 + len(items)",
    "import copy\n"
    "a = [1]\n"
    "l = [a, a]\n"
    "m = copy.deepcopy(l)\n"
    "m[0].append(3)\n"
    "len(l[0]) * 100 + len(m[0]) * 10 + len(m[1])",
    "import copy\n"
    "d = {'t': pd.DataFrame({'x': [1.0]})}\n"
    "e = copy.deepcopy(d)\n"
    "e['t']['y'] = 2\n"
    "d['t'].shape[1] * 10 + e['t'].shape[1]",
    "df = pd.DataFrame({'x': [1.0]})\n"
    "all = [df, df.copy()]\n"
    "for d in all:\n"
    "    d['z'] = d['x'] * 2\n"
    "df.shape[1] * 10 + all[1].shape[1]",
    "dfs = {'a': pd.DataFrame({'x': [1.0]}), 'b': pd.DataFrame({'x': [3.0]})}\n"
    "for k, d in dfs.items():\n"
    "    d['z'] = d['x'] * 2\n"
    "dfs['a']['z'].sum() * 10 + dfs['b']['z'].sum()",
    "g = {'a': [1], 'b': [2]}\nfor v in g.values():\n    v.append(7)\nsum(g['a']) + sum(g['b']) * 10",
    "rows = [[1, 2], [3, 4]]\nfor r in rows:\n    r.append(sum(r))\nsum(rows[0]) * 100 + sum(rows[1])",
    "rows = [[1, 2], [3, 4]]\n"
    "for i, r in enumerate(rows):\n"
    "    r[0] = i\n"
    "for a, b in zip(rows, rows):\n"
    "    a.append(9)\n"
    "sum(rows[0]) * 100 + sum(rows[1])",
    "def f(**kw):\n    kw['z'] = 3\n    return len(kw)\nd = {'a': 1}\nf(**d) * 10 + len(d)",
    "def f(*a):\n    a = list(a)\n    a.append(3)\n    return len(a)\nd = [1, 2]\nf(*d) * 10 + len(d)",
    "def make():\n"
    "    kept = []\n"
    "    def add(x):\n"
    "        kept.append(x)\n"
    "        return len(kept)\n"
    "    return add\n"
    "f = make()\n"
    "g = make()\n"
    "f(1); f(2); g(1)\n"
    "f(3) * 10 + g(2)",
    "def g(l):\n"
    "    for k in range(3):\n"
    "        l.append(k)\n"
    "        yield k\n"
    "l = []\n"
    "sum(g(l)) * 10 + len(l)",
    "from collections import defaultdict\n"
    "d = defaultdict(list)\n"
    "for k, v in [('a', 1), ('b', 2), ('a', 3)]:\n"
    "    d[k].append(v)\n"
    "e = d\n"
    "e['a'].append(4)\n"
    "sum(d['a']) * 10 + len(d)",
    "l = [[3, 1], [2, 5]]\nm = sorted(l)\nm[0].append(7)\nlen(l[1]) * 10 + len(l[0])",
    "kept = []\ndef f():\n    global kept\n    kept = kept + [1]\nf(); f()\nlen(kept)",
    "class A:\n"
    "    reg = {}\n"
    "    def __init__(self, n):\n"
    "        self.reg[n] = self\n"
    "        self.n = n\n"
    "a = A('x')\n"
    "b = A('y')\n"
    "len(A.reg) * 10 + (a.reg is b.reg)",
    "def extend(terms, k):\n"
    "    terms['t%d' % k] = k\n"
    "    return terms\n"
    "terms = {}\n"
    "for k in range(3):\n"
    "    terms = extend(terms, k)\n"
    "sum(terms.values()) * 10 + len(terms)",
    "a, *b = [[1], [2], [3]]\nb[0].append(5)\nsum(b[0])",
    "x = [1]\ny = x if len(x) else None\ny += [2]\ny.extend([3])\nlen(x)",
    "class A:\n"
    "    def __init__(self):\n"
    "        self.l = [1]\n"
    "a = A()\n"
    "l = a.l\n"
    "a.l += [2]\n"
    "len(l) * 10 + len(a.l)",
    "l = [3, 1]\nm = l\nm.sort()\nm.reverse()\nm.insert(0, 8)\nm.remove(1)\nl[0] * 10 + l[1]",
    "l = [3, 1]\nm = l\nm.clear()\nd = {'a': 1}\ne = d\ne.clear()\nlen(l) + len(d) + 1",
    "df = pd.DataFrame({'x': [1.0, 2], 'y': [1.0, 2]})\n"
    "d = df\n"
    "d.drop(columns='y', inplace=True)\n"
    "d.rename(columns={'x': 'w'}, inplace=True)\n"
    "d.columns = ['v']\n"
    "d.index.name = 'i'\n"
    "df['v'].sum() + df.shape[1] * 10",
    "df = pd.DataFrame({'x': [1.0, 2], 'y': [1.0, 2]})\n"
    "d = df\n"
    "y = d.pop('y')\n"
    "d.insert(0, 'k', 3)\n"
    "d.loc[0, 'x'] = 5\n"
    "d.iloc[1, 0] = 8\n"
    "df.sum().sum() + y.sum() * 100",
    "d = {'a': 1.0, 'b': 3.0}\nt = sum(d.values())\nfor k in d:\n    d[k] = d[k] / t\nd['b']",
    "d = {'a': [1.0], 'b': [3.0]}\n"
    "for k, v in d.items():\n"
    "    v.append(2)\n"
    "    d[k] = len(v)\n"
    "d['b'] + d['a']",
    "df = pd.DataFrame({'x': [1.0, 2], 'y': [1.0, 4]})\n"
    "for c in df:\n"
    "    df[c] = df[c] - df[c].mean()\n"
    "for c in df.columns:\n"
    "    df[c] = df[c] * 2\n"
    "df['y'].max() + df['x'].max()",
    "l = [1, 2, 3]\nout = 0\nfor x in l:\n    l = [9, 9]\n    out += x\nout + len(l)",
    "l = [1, 2, 3]\nfor i, x in enumerate(l):\n    if i + 1 < len(l):\n        l[i + 1] += x\nl[2]",
    "l = [1, 2, 3, 4]\nout = 0\nfor x in l:\n    l[3] = 10\n    out += x\nout",
    "l = [1, 2, 3]\nout = 0\nfor x in l[:]:\n    l.remove(x)\n    out += x\nout + len(l)",
    "l = [1, 2, 3]\nfor x in l:\n    l.remove(x)\nlen(l)",
    "rows = [[1, 2], [3]]\n"
    "out = 0\n"
    "for r in rows:\n"
    "    for x in r:\n"
    "        if x == 2:\n"
    "            r.append(7)\n"
    "        out += x\n"
    "out",
    "def f(l):\n"
    "    for i, x in enumerate(l):\n"
    "        if x > 1:\n"
    "            return i\n"
    "f([1, 2]) * 10 + f([5])",
    "a = pd.DataFrame({'x': [1.0]})\n"
    "b = pd.DataFrame({'x': [2.0]})\n"
    "for d, k in zip([a, b], [10, 20]):\n"
    "    d['z'] = d['x'] * k\n"
    "a['z'].sum() + b['z'].sum()",
    "dfs = [pd.DataFrame({'x': [float(k)]}) for k in range(3)]\n"
    "for i in range(3):\n"
    "    dfs[i]['y'] = i\n"
    "total = pd.concat(dfs)\n"
    "total['y'].sum() * 10 + total['x'].sum()",
    "class N:\n"
    "    def __init__(self, v):\n"
    "        self.v = v\n"
    "        self.next = []\n"
    "a = N(1); b = N(2)\n"
    "a.next.append(b)\n"
    "a.next[0].v = 9\n"
    "b.v",
    "from enum import Enum\n"
    "class C(Enum):\n"
    "    B = 5\n"
    "    A = 1\n"
    "x = C['A']\n"
    "a = [1]\n"
    "b = a\n"
    "c = [1]\n"
    "(x is C.A) * 100 + (x is C.B) * 50 + (a is b) * 10 + (a is not c)",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.copy()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.dropna()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.fillna(0)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.reset_index(drop=True)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.reset_index()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.sort_index()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.sort_values('x')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.drop_duplicates()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.rename(columns={})\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.rename(columns={'q': 'r'})\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.drop(columns=[])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.drop([])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.astype(float)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.astype({'x': float})\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.head()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.head(5)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.tail(5)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.query('x > 0')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df[:]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df[df.x > 0]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df[['x', 'y']]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.loc[:]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.loc[:, :]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.iloc[:]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.loc[df.x > 0]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.loc[:, ['x', 'y']]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.assign()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.assign(x=1)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.pipe(lambda d: d.copy())\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.filter(['x', 'y'])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.set_index('x').reset_index()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.replace({})\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.replace(9, 8)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.clip(-100, 100)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.round(2)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.abs()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.apply(lambda c: c)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.map(lambda c: c)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.reindex(df.index)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.reindex(columns=['x', 'y'])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.add_prefix('')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.merge(df, on=['x', 'y'])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.concat([df])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.concat([df, df])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.DataFrame(df)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.nlargest(2, 'x')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.select_dtypes('number')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.ffill()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.bfill()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.eval('x = x')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.sample(frac=1, random_state=1)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.join(pd.DataFrame({'w': [1, 2]}))\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.groupby('x').get_group(1.0)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = [p for _, p in df.groupby('x')][0]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.groupby('x').head(3)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = list(df.groupby('x'))[0][1]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.sort_values(['x', 'y'])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.set_index('x')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.drop(columns='x')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.loc[[0, 1]]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.iloc[[0, 1]]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.iloc[0:2, 0:2]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df + 0\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df * 1\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.shift(0)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.cumsum()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.isna()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.pop('y').to_frame()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.get_dummies(df)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.melt()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.melt(id_vars=['x'])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.stack().unstack()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.set_index('x', drop=False)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.reindex([0, 1])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.rename({'x': 'x'}, axis=1)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.rename(str.lower, axis=1)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.rank()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.DataFrame(df.to_dict('list'))\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.DataFrame(df.values, columns=df.columns)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.DataFrame({'x': df['x'], 'y': df['y']})\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = pd.DataFrame(dict(df))\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.dropna(subset=['x'])\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.dropna(axis=1)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.drop_duplicates(subset='x')\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.loc[:, df.columns]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df[df.columns]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df[list(df)]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df[[c for c in df]]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.iloc[:, :]\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.tail()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.reset_index(drop=True).copy()\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = df.sort_values('x').reset_index(drop=True)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "import copy\n"
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = copy.deepcopy(df)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
    "import copy\n"
    "df = pd.DataFrame({'x': [1.0, 2.0], 'y': [3.0, 4.0]})\n"
    "d = copy.copy(df)\n"
    "d['z'] = 1\n"
    "d['x'] = 7\n"
    "df.shape[1] * 1000 + df['x'].sum() * 10 + d.shape[1]",
]


# Densities of draws at values of several of them at once.
CONDITIONAL = [
    "from pymc.logprob.basic import conditional_logp\n"
    "s2 = pm.InverseGamma.dist(3.0, 2.0)\n"
    "y = pm.Normal.dist(0, pt.sqrt(s2), shape=3)\n"
    "terms = conditional_logp({y: pt.as_tensor(np.array([.1, -1., 2.])), s2: pt.as_tensor(np.array(1.3))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "a = pm.Normal.dist(0, 1)\n"
    "b = pm.Normal.dist(2 * a + 1, 2)\n"
    "c = pm.Poisson.dist(pt.exp(a))\n"
    "av, bv, cv = pt.as_tensor(np.array(.4)), pt.as_tensor(np.array(-1.)), pt.as_tensor(np.array(3))\n"
    "terms = conditional_logp({a: av, b: bv, c: cv})\n"
    "terms = {k: terms[k] for k in (av, bv, cv)}\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "x = pm.Normal.dist(1, 2)\n"
    "y = x + pm.Normal.dist(0, .5)\n"
    "terms = conditional_logp({x: pt.as_tensor(np.array(.3)), y: pt.as_tensor(np.array(.7))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "x = pm.Exponential.dist(1.5, shape=2)\n"
    "y = pm.Gamma.dist(2, x) * 3\n"
    "z = pt.log(y)\n"
    "terms = conditional_logp({x: pt.as_tensor(np.array([.3, 2.])), z: pt.as_tensor(np.array([.7, -1.]))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "w = pm.Dirichlet.dist(np.ones(2))\n"
    "i = pm.Categorical.dist(w, shape=4)\n"
    "mu = pm.Normal.dist(np.array([-1., 1.]), 1.)\n"
    "y = pm.Normal.dist(mu[i], .5)\n"
    "terms = conditional_logp({w: pt.as_tensor(np.array([.3, .7])), i: pt.as_tensor(np.array([0, 1, 1, 0])),\n"
    "    mu: pt.as_tensor(np.array([-.5, .8])), y: pt.as_tensor(np.array([.1, .2, .3, -4.]))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "b = pm.Bernoulli.dist(.3)\n"
    "y = pm.Normal.dist(pt.switch(b, 1., -1.), 1.)\n"
    "terms = conditional_logp({b: pt.as_tensor(np.array(1)), y: pt.as_tensor(np.array(.3))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "x = pm.Normal.dist(np.array([0., 1., 2.]), 1.)\n"
    "y = pm.Normal.dist(x[1], 1.)\n"
    "z = pm.Normal.dist(x[::2].sum(), x.max() * 0 + 1)\n"
    "terms = conditional_logp({x: pt.as_tensor(np.array([.1, .2, .4])), y: pt.as_tensor(np.array(.3)), z: pt.as_tensor(np.array(2.))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "x = pm.Normal.dist(0, 1)\n"
    "xs = [x]\n"
    "for t in range(4):\n"
    "    xs.append(pm.Normal.dist(.9 * xs[-1], .5))\n"
    "vs = [pt.as_tensor(np.array(float(t))) for t in range(5)]\n"
    "terms = conditional_logp(dict(zip(xs, vs)))\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "L = pm.MvNormal.dist(np.zeros(2), np.eye(2))\n"
    "y = pm.MvNormal.dist(L, np.array([[2., .5], [.5, 1.]]))\n"
    "z = pm.Censored.dist(pm.Normal.dist(y[0], 1.), -1., 1.)\n"
    "terms = conditional_logp({L: pt.as_tensor(np.array([.1, .2])), y: pt.as_tensor(np.array([.5, .2])), z: pt.as_tensor(np.array(1.))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "p = pm.Beta.dist(2, 3)\n"
    "n = pm.Poisson.dist(8)\n"
    "k = pm.Binomial.dist(n, p)\n"
    "terms = conditional_logp({p: pt.as_tensor(np.array(.4)), n: pt.as_tensor(np.array(9)), k: pt.as_tensor(np.array(3))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "s = pm.HalfNormal.dist(2.)\n"
    "def f(mu, size):\n"
    "    return pm.Normal.dist(mu, 1., size=size) * 2\n"
    "y = pm.CustomDist.dist(s, dist=f)\n"
    "terms = conditional_logp({s: pt.as_tensor(np.array(.4)), y: pt.as_tensor(np.array(.9))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "m = pm.Normal.dist(0, 1)\n"
    "y = pm.Normal.dist(0, 1) > m\n"
    "terms = conditional_logp({m: pt.as_tensor(np.array(.4)), y: pt.as_tensor(np.array(True))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
    "from pymc.logprob.basic import conditional_logp\n"
    "m = pm.Normal.dist(0, 1)\n"
    "y = -m + pm.Normal.dist(0, 1)\n"
    "z = pm.math.sigmoid(pm.Normal.dist(y.T, pm.math.exp(-m)))\n"
    "terms = conditional_logp({m: pt.as_tensor(np.array(.4)), y: pt.as_tensor(np.array(1.2)), z: pt.as_tensor(np.array(.2))})\n"
    "sum(term.sum() for term in terms.values()).eval()",
]


def read(value):
    if isinstance(value, dict):
        return pd.DataFrame(value)
    if isinstance(value, list):
        return np.array([np.nan if v is None else v for v in value])
    return value


def evaluate(text):
    names = {name: read(value) for name, value in DATA.items()}
    names |= {"scipy": scipy, "interpolate": interpolate, "copy": copy, "math": math, "functools": functools}
    names |= {"itertools": itertools, "datetime": datetime, "calendar": calendar, "collections": collections}
    names |= {"np": np, "pd": pd, "pm": pm, "pt": pt, "special": special, "stats": stats, "integrate": integrate}
    names |= {"distance": distance, "dmatrix": dmatrix}
    *before, last = text.split("\n")
    exec("\n".join(before), names)  # the expressions above, nothing else
    value = np.asarray(eval(last, names))
    assert value.dtype.kind in "biuf", (text, value.dtype)
    assert np.all(np.isfinite(value)), (text, value)
    kind = "i" if value.dtype.kind == "u" else value.dtype.kind
    return {"expression": text, "shape": list(value.shape), "kind": kind, "values": value.ravel().tolist()}


def main():
    texts = EXPRESSIONS.strip().split("\n") + BLOCKS + RANDOM + ARRAYS + TABLES + LIBRARIES + NUMERICS + DIMS + SETS
    texts += CHANGES + NAMED_THINGS + SYMMETRIC
    results = [evaluate(text) for text in texts]
    # Constants are of double precision, not of the least that holds them: logarithms of them are computed in that.
    with pytensor.config.change_flags(cast_policy="numpy+floatX"):
        results += [evaluate(text) for text in CONDITIONAL]
    lines = ",\n".join(json.dumps(result, allow_nan=False) for result in results)
    versions = json.dumps({"numpy": np.__version__, "pandas": pd.__version__, "pymc": pm.__version__})
    TARGET.write_text(f'{{"versions": {versions},\n"data": {json.dumps(DATA)},\n"expressions": [\n{lines}\n]}}\n')
    print(f"{len(results)} expressions")


if __name__ == "__main__":
    main()
