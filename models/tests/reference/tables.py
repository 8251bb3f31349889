"""Writes what pandas gives for preparations of tables that model files must evaluate alike.

    python -m venv .venv && .venv/bin/pip install numpy pandas
    .venv/bin/python tables.py

The result is `../data/tables.json`, laid out as `numpy_expressions.json`: three tables (plots with missing
measurements and a missing site, sales by date and store, weeks side by side) and, for every program below, the value
of its last line.
"""

import json
import pathlib

import numpy as np
import pandas as pd

TARGET = pathlib.Path(__file__).resolve().parents[1] / "data" / "tables.json"

DATA = {
    "plots": {
        "site": ["east", "north", "north", "north", "north", None, "east", "south", "north", "north", "north", "south", "south", "south", "north", "north", "east", "east", "north", "north", "south", "south", "east", "south", "south", "south", "south", "south", "north", "east"],
        "year": [2020, 2020, 2019, 2019, 2020, 2020, 2020, 2021, 2021, 2019, 2020, 2020, 2019, 2019, 2020, 2021, 2019, 2021, 2020, 2019, 2020, 2021, 2021, 2020, 2019, 2021, 2019, 2021, 2021, 2020],
        "x": [0.491, -1.639, 0.061, None, 0.757, -2.034, -0.914, 0.71, 1.156, -2.158, -0.498, 0.328, -0.609, 1.591, -1.191, 0.355, -1.048, None, -0.022, -0.372, -1.718, 1.682, 0.753, 0.754, 1.138, 0.349, -0.639, -0.8, -0.8, 1.37],
        "y": [6.09, 7.06, 7.6, 10.13, 11.92, 16.14, 9.41, 12.3, 10.47, 15.28, 12.23, 14.11, 6.77, 9.42, 7.56, 14.51, 11.97, 9.08, 8.64, 11.45, 7.9, 7.21, 11.44, 17.39, 9.26, 8.33, 6.49, 5.99, 11.57, 12.55],
        "n": [0, 7, 3, 5, 1, 8, 4, 0, 3, 3, 2, 6, 8, 6, 1, 5, 4, 5, 7, 7, 7, 6, 4, 4, 1, 5, 4, 5, 4, 2],
    },
    "sales": {
        "date": ["2021-01-04", "2021-01-07", "2021-01-10", "2021-01-13", "2021-01-16", "2021-01-19", "2021-01-22", "2021-01-25", "2021-01-28", "2021-01-31", "2021-02-03", "2021-02-06", "2021-02-09", "2021-02-12", "2021-02-15", "2021-02-18", "2021-02-21", "2021-02-24", "2021-02-27", "2021-03-02", "2021-03-05", "2021-03-08", "2021-03-11", "2021-03-14", "2021-03-17", "2021-03-20", "2021-03-23", "2021-03-26", "2021-03-29", "2021-04-01", "2021-04-04", "2021-04-07", "2021-04-10", "2021-04-13", "2021-04-16", "2021-04-19", "2021-04-22", "2021-04-25", "2021-04-28", "2021-05-01"],
        "store": ["A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D", "A", "B", "C", "D"],
        "sales": [198.5, 61.4, 74.1, 109.4, 94.8, 94.8, 96.7, 197.9, 23.2, 98.6, 145.3, 27.9, 97.3, 44.8, 162.3, 69.2, 73.8, 120.9, 63.0, 337.9, 115.2, 104.1, 75.6, 117.5, 46.8, 98.9, 56.5, 147.9, 163.8, 160.5, 171.2, 100.2, 214.6, 85.1, 285.2, 100.7, 208.2, 132.4, 61.9, 145.6],
        "promo": [0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0],
    },
    "wide": {
        "id": ["a", "b", "c", "d", "e", "f", "g"],
        "wk1": [5.54, 2.96, 5.58, 5.08, 3.89, 3.23, 4.2],
        "wk2": [5.78, 5.71, 4.46, 5.2, 4.41, 5.55, 4.56],
        "wk3": [4.22, 5.98, 4.86, 6.04, 5.09, 3.42, 5.47],
        "wk4": [6.5, 4.66, 6.02, 3.95, 5.48, 3.73, 4.95],
        "wk5": [5.23, 5.45, 6.28, 3.67, 3.93, 5.64, 4.97],
        "wk6": [7.02, 5.75, 5.1, 5.12, 5.8, 4.59, 6.05],
        "arm": ["t", "c", "t", "c", "t", "c", "t"],
    },
}

# Programs, an empty line between two of them.
PROGRAMS = r"""
df = plots.copy()
d = df[df.year == 2020]
d.index

df = plots.copy()
d = df[df.year == 2020]
[d.y.idxmax(), d["y"].idxmin()]

df = plots.copy()
d = df[df.year == 2020]
d.loc[d.y.idxmax(), "x"]

df = plots.copy()
y = df.y[df.year == 2020]
[y.index[0], y.idxmax(), y.loc[y.idxmax()], y.iloc[0]]

df = plots.copy().dropna()
df.index

df = plots.copy().dropna().reset_index(drop=True)
df.index

df = plots.copy()
a = df.y[df.year == 2020]
b = df.y[df.n > 3]
np.nan_to_num((a + b).values, nan=-1.0)

df = plots.copy()
d = df.dropna().copy()
d["z"] = df.y - df.y.mean()
d.z

df = plots.copy()
d = df[df.year > 2019]
df["z"] = d.y * 2
np.nan_to_num(df.z, nan=-1.0)

df = plots.copy().sort_values("y")
df.index

df = plots.copy()
y = df.y.sort_values()
[y.loc[0], y.iloc[0], y.index[3]]

df = plots.copy()
d = df.iloc[10:20]
[d.index[0], d.loc[12, "y"], d.y.loc[15]]

df = plots.copy()
d = df[df.site.notna()]
m = d.groupby("site").y.transform("mean")
(d.y - m).values

df = plots.copy().dropna()
i = df.groupby("site").y.idxmax()
df.loc[i, "n"]

df = plots.copy().query("year == 2021 and y > 9")
df.index.values

df = plots.copy()
d = df[df.year.isin([2019, 2021])]
d.index.to_numpy()

df = plots.copy()
d = df.drop(df[df.n == 0].index)
d.index

df = plots.copy()
d = df.drop(index=[0, 5])
list(d.index) + list(d.y)

df = plots.copy()
d = df.nlargest(5, "y")
list(d.index) + [d.y.iloc[0]]

df = plots.copy()
train = df.iloc[:40]
test = df.drop(train.index)
test.y

df = plots.copy()
a = df[df.n > 4]
df[~df.index.isin(a.index)].y

df = plots.copy()
d = df[df.year == 2020]
d[d.y > d.y.mean()].index

df = plots.copy()
d = pd.concat([df[df.year == 2020], df[df.year == 2019]])
d.index

df = plots.copy()
d = pd.concat([df[df.year == 2020], df[df.year == 2019]], ignore_index=True)
list(d.index) + list(d.y)

df = plots.copy().dropna()
z = df.apply(lambda row: row["y"] * row["n"], axis=1)
list(z) + list(z.index)

df = plots.copy().dropna()
codes, names = pd.factorize(df.site, sort=True)
df["code"] = codes
df.code

df = plots.copy()
df.loc[df.x.isna(), "x"] = df.x.mean()
df.x

df = plots.copy()
i = df.index[df.year == 2020]
df.loc[i, "y"]

df = plots.copy().dropna()
m = {s: k for k, s in enumerate(df.site.unique())}
df.site.map(m)

df = plots.copy().dropna()
t = df.groupby("site", as_index=False).agg(mean_y=("y", "mean"))
d = df.merge(t, on="site")
list(d.index) + list(d.mean_y)

df = plots.copy().dropna()
[i * row["n"] for i, row in df.iterrows()]

df = plots.copy().dropna()
[k + v for k, v in df.y.items()]

df = plots.copy().dropna()
d = df.y.to_dict()
[k * v for k, v in d.items()]

df = plots.copy().dropna()
df.groupby("site").cumcount()

df = plots.copy().dropna().sort_values(["site", "year", "y"])
last = df.groupby("site").tail(1).set_index("site")["y"]
list(last) + list(df.groupby("site").head(2).year) + list(df.groupby("site").nth(1).x)

df = plots.copy().dropna()
big = df.groupby("site").filter(lambda part: part["y"].mean() > 10 and part["site"].iloc[0] != "east")
list(big.index) + list(df.groupby("site")[["y"]].head(1).columns == "y") + list(big.n)

df = plots.copy().dropna()
d = -df[["x", "y"]]
m = ~(df[["x", "y"]] > 0)
list(d["x"]) + list(m["x"].astype(int)) + [d.shape[1]]

w = np.log(wide.set_index("id").drop(columns="arm")).diff(axis=1).dropna(axis=1)
w = w - w.mean()
list(w["wk3"]) + list(np.exp(w).sum()) + [w.shape[1]]

d = plots.copy().dropna()[["year", "x", "y"]].assign(one=1)
d = d.loc[:, (d != d.iloc[0]).any()]
[d.shape[1]] + list((d > 0).sum()) + list((d["year"] == 2020).astype(int)) + [((d > 1) & (d < 9)).sum().sum()]

w = wide.drop(columns=["id", "arm"])
low = w < 5
list(low.sum(axis=1)) + list(low.mean()) + list(np.where(low, 0, w).ravel()) + list(w[low.any(axis=1)]["wk1"])

w = wide.drop(columns=["id", "arm"])
r = w.rolling(3, min_periods=2).mean().dropna()
list(r["wk2"]) + list(r.index) + list(w.expanding().sum()["wk4"]) + list(w.rolling(2).std().bfill().iloc[0])

w = wide.drop(columns=["id", "arm"])
v = w.where(w > 4.5)
list(v.mean()) + list(w.mask(w > 5, 0)["wk1"]) + list(w.where(w < 5, w - 1)["wk2"]) + [v.isna().sum().sum()]

parts = {"east": plots.loc[:3, ["x", "y"]], "west": plots.loc[4:6, ["x", "y"]]}
d = pd.concat(parts, names=["side", "row"]).reset_index()
list(d["row"]) + list((d["side"] == "west").astype(int)) + list(d["y"])

parts = {"east": plots.loc[:3, ["x", "y"]], "west": plots.loc[4:6, ["x", "y"]]}
d = pd.concat(parts, names=["side", "row"])
e, f = d.reset_index(level="side"), d.reset_index(level=0, drop=True)
list((e["side"] == "west").astype(int)) + list(e.index) + [f.shape[1]] + list(f.index) + list(d.reset_index(level=["side", "row"])["row"])

d = plots.copy().dropna()
d.loc[d.sample(3, random_state=1).index, "y"] += 100
list(d["y"])

parts = [plots[["n"]].head(2), plots[["n"]].tail(2)]
d = pd.concat(parts, keys=["first", "last"])
list(d.loc["last"]["n"]) + list(d.index.get_level_values(0) == "first") + [d.groupby(level=0)["n"].sum()["first"]]

w = wide.drop(columns=["id", "arm"])
best = w.eq(w.max(axis=1), axis=0)
list(best.idxmax(axis=1).str[2:].astype(int)) + list((w == w.max().max()).to_numpy().nonzero()[0])

def prepare(d):
    d["z"] = (d["x"] - d["x"].mean()) / d["x"].std()
    d.loc[d["z"] > 1, "z"] = 1
    d.drop(columns="n", inplace=True)
df = plots.copy().dropna()
prepare(df)
list(df["z"]) + [df.shape[1]]

df = plots.copy().dropna()
parts = [part for _, part in df.groupby("year")]
for part in parts:
    part["c"] = part["y"] - part["y"].mean()
list(pd.concat(parts)["c"]) + [df.shape[1]]

a, b = plots.copy().dropna(), sales.copy()
for d, column in zip([a, b], ["y", "sales"]):
    d["scaled"] = d[column] / d[column].max()
list(a.scaled) + list(b.scaled)

df = plots.copy()
y = df["y"].to_numpy(copy=True)
y[y > 10] = 10
list(y) + list(df["y"])

df = plots.copy().dropna()
df["lag"] = df.groupby("site").y.shift(1)
df = df.dropna()
list(df.lag) + list(df.index)

df = plots.copy().sort_values(["year", "y"]).reset_index()
df["index"]

df = plots.copy().dropna()
[df.at[10, "y"], df.iat[10, 3], df["y"][10]]

df = plots.copy()
y = df.y[df.year == 2020]
y[y.index[2]]

df = plots.copy()
y = df.y[df.year == 2020]
np.concatenate([np.log(y), y.to_numpy()[::-1], y.index])

df = plots.copy().dropna()
c = df.site.value_counts()
list(c.values) + [c["north"]]

df = plots.copy().dropna().set_index("site")
list(df.loc["north", "y"]) + list(df.loc["east"].n)

df = plots.copy().sort_values("y")
df.y.diff().fillna(0)

df = plots.copy()
a = df[df.year == 2020]
[a.x.corr(a.y), a.x.corr(df.y)]

df = plots.copy().dropna().assign(z=lambda d: (d.x - d.x.mean()) / d.x.std())
df.z

df = plots.copy()
df[df.n > 5].index.tolist() + df.y[df.n > 5].index.tolist()

df = plots.copy()
d = df[df.y > 9]
e = d[d["n"] > 2]
d.loc[e.index, "y"]

df = plots.copy().dropna()
df.y.values[np.argsort(df.y)]

df = plots.copy().dropna()
r = df.y.rank()
list(r) + list(r.index)

s = sales.assign(date=pd.to_datetime(sales["date"]))
s["month"] = s["date"].dt.month
p = s.pivot_table(index="store", columns="month", values="sales", aggfunc="mean")
np.nan_to_num(p.values, nan=-1.0)

s = sales.assign(date=pd.to_datetime(sales["date"]))
t = (s.date - s.date.min()).dt.days
t / t.max()

s = sales.copy()
s["date"] = pd.to_datetime(s["date"])
t = ((s["date"] - s["date"].iloc[0]) / np.timedelta64(1, "D")).values
t

s = sales.assign(date=pd.to_datetime(sales["date"]))
X = pd.get_dummies(s.date.dt.dayofweek, prefix="dow", drop_first=True).astype(float)
X.to_numpy()

w = wide.copy()
m = w.melt(id_vars=["id", "arm"], var_name="week", value_name="v")
m["week"] = m["week"].str.replace("wk", "").astype(int)
m = m.sort_values(["id", "week"]).reset_index(drop=True)
list(m.v) + list(m.week)

w = wide.copy()
cols = [c for c in w.columns if c.startswith("wk")]
w[cols].to_numpy()[w.arm == "t"]

w = wide.copy()
w.filter(like="wk").mean(axis=1)

w = wide.copy()
w.filter(regex=r"^wk[1-3]$").values

w = wide.copy().set_index("id").drop(columns="arm")
st = w.stack()
st.values

s = sales.assign(date=pd.to_datetime(sales["date"]))
s["month"] = s.date.dt.to_period("M").astype(str)
u = s.groupby(["store", "month"]).sales.sum().unstack(fill_value=0)
u.values

s = sales.copy()
t = pd.DataFrame({"store": ["A", "B", "C"], "size": [10, 20, 30]})
m = s.merge(t, on="store", how="left")
m["size"].fillna(-1)

df = plots.copy().dropna()
g = df.groupby("site")["y"].agg(["mean", "std", "count"]).reset_index()
m = df.merge(g, how="inner", left_on="site", right_on="site")
(m.y - m["mean"]) / m["std"]

df = plots.copy()
df["m"] = df.groupby("site").y.transform("mean")
df.m.fillna(0)

df = plots.copy()
(df.y - df.groupby("site").y.transform("mean")).dropna()

df = plots.copy().dropna()
df["z"] = df.groupby("site")["y"].transform(lambda v: (v - v.mean()) / v.std())
df.z

df = plots.copy().dropna()
df.groupby("site").apply(lambda g: np.average(g.y, weights=g.n + 1))

df = plots.copy().dropna()
out = []
for name, g in df.groupby("site"):
    out.append(g.y.iloc[0] + g.index[0])
out

df = plots.copy()
b = pd.cut(df.y, [0, 8, 11, 40], labels=False)
b

df = plots.copy()
pd.qcut(df.y, 4).cat.codes

df = plots.copy().dropna()
c = pd.Categorical(df.site, categories=["south", "north", "east"], ordered=True)
c.codes

df = plots.copy().dropna()
df["site"] = df["site"].astype("category")
list(df.site.cat.codes) + [len(df.site.cat.categories)]

df = plots.copy().dropna()
site_idx, sites = df.site.factorize()
means = df.groupby("site").y.mean().loc[sites]
means

df = plots.copy().dropna()
m = df.groupby("site").y.mean()
df["dev"] = df.y - df.site.map(m)
df.dev

df = plots.copy()
df = df[df.site.notnull()]
m = df.groupby("site").y.mean()
(df.y - df.site.map(m)).values

df = plots.copy().dropna()
df["big"] = np.where(df.y > df.y.median(), 1, 0)
df[["big", "n"]].values

df = plots.copy().dropna()
d = df.replace({"north": 0, "south": 1, "east": 2})
d.site

df = plots.copy().dropna()
d = df.replace({"site": {"north": 0, "south": 1, "east": 2}, "year": {2019: 0}})
list(d.site) + list(d.year)

df = plots.copy()
df.site.str.startswith("n").fillna(False).astype(int)

df = plots.copy()
df.site.str.len().fillna(0)

df = plots.copy().dropna()
df.site.str.upper().str[0].map({"N": 1, "S": 2, "E": 3})

s = sales.copy()
a = s[s.store == "A"]
a.sales.expanding().mean()

s = sales.copy()
s["lag1"] = s.groupby("store")["sales"].shift(1)
s = s.dropna(subset=["lag1"])
X = s[["lag1", "promo"]]
X = (X - X.mean()) / X.std()
X.values

df = plots.copy().dropna()
num = df.select_dtypes("number")
Z = (num - num.mean()) / num.std(ddof=0)
Z.to_numpy()

df = plots.copy().dropna()
g = df.groupby(["site", "year"]).agg(k=("n", "sum"), N=("n", "size")).reset_index()
list(g.k) + list(g.N)

df = plots.copy().dropna()
g = df.groupby(["site", "year"]).y.mean()
[g.loc[("north", 2020)], g["south"].iloc[0], g.xs(2019, level="year").iloc[0]]

df = plots.copy().dropna()
pd.crosstab(df.site, df.year).values

df = plots.copy().dropna()
d = df.sample(frac=0.5, random_state=1)
list(d.index) + list(d.y)

df = plots.copy().dropna()
tr = df.sample(frac=0.8, random_state=3)
te = df.drop(tr.index)
te.y

w = wide.copy().set_index("id").drop(columns="arm")
w.max(axis=1) - w.min(axis=1)

w = wide.copy().set_index("id").drop(columns="arm")
w.diff(axis=1).iloc[:, 1:].values

w = wide.copy().set_index("id").drop(columns="arm")
w.T["a"].values

w = wide.copy()
w.iloc[:, 1:4].values

w = wide.copy()
w.loc[w.arm == "c", "wk2":"wk4"].values

df = plots.copy().dropna()
df.iloc[0, 3] = 99.0
df.y

df = plots.copy()
y = df["y"].copy()
y[y > 12] = 12
y

df = plots.copy().dropna()
y = df["y"].copy()
y[y > 12] = 12
y.iloc[0] = 1.5
y.loc[2] = 7
y

df = plots.copy().dropna()
df["y"] = df.y.clip(5, 12)
df.y

df = plots.copy().dropna()
df["w"] = df.apply(lambda r: r.y / (1 + r.n), axis=1)
df.w

df = plots.copy().dropna()
df = df.eval("z = y * 2 + n")
df.z

df = plots.copy().dropna()
[r.y for r in df.itertuples()]

df = plots.copy().dropna()
[r["y"] for r in df.to_dict("records")]

df = plots.copy().dropna()
df.year.value_counts().sort_index()

df = plots.copy().dropna()
df.groupby("site").year.nunique()

df = plots.copy().dropna()
g = df.sort_values("y").groupby("site")
list(g.y.first()) + list(g.n.last()) + list(g.head(1).index)

df = plots.copy().dropna()
g = df.groupby(["site", "year"]).y.mean()
[v for (a, b), v in g.items()]

df = plots.copy().dropna()
df["g"] = df.groupby(["site", "year"]).ngroup()
df.g

df = plots.copy().dropna()
d = df[~df.duplicated(["site", "year"])]
list(d.index) + list(d.y)

df = plots.copy().dropna()
d = df.drop_duplicates(subset="site", keep="last")
list(d.index) + list(d.y)

df = plots.copy().dropna()
d = pd.concat([df[["y"]], pd.get_dummies(df.site, dtype=float)], axis=1)
d.values

df = plots.copy().dropna()
g = df.groupby("site").y.mean().rename("m")
d = df.join(g, on="site")
list(d.m) + list(d.index)

df = plots.copy()
df.x.combine_first(df.y)

df = plots.copy()
d = df[df.y.between(8, 12) & df.site.isin(["north", "east"])]
list(d.index) + list(d.y)

df = plots.copy()
d = df[~df["site"].isin(["north"])]
d.index

w = wide.copy()
[w[f"wk{k}"].mean() for k in range(1, 7)]

s = sales.copy()
s["cum"] = s.groupby("store")["sales"].cumsum()
s.cum

s = sales.copy()
a = s.loc[s.store == "B", "sales"].pct_change().dropna()
list(a) + list(a.index)

s = sales.copy()
a = s[s.store == "C"].sales
r = np.log(a).diff().dropna()
r

d = pd.date_range("2021-01-01", "2021-03-01", freq="W")
d.dayofyear

df = pd.DataFrame({"v": ["1", "x", "3.5"]})
pd.to_numeric(df.v, errors="coerce").fillna(-1)

df = plots.copy().dropna()
names = df.site.unique()
lookup = dict(zip(names, range(len(names))))
df["code"] = df.site.replace(lookup).values
df.code

df = plots.copy().dropna()
names = df["site"].sort_values().unique()
lookup = {n: i for i, n in enumerate(names)}
df["site"].map(lookup).to_numpy()

df = plots.copy().dropna()
df.columns = df.columns.str.upper()
df.Y

df = plots.copy().dropna()
df.columns = df.columns.map(str.strip)
df.y

df = plots.copy().dropna().rename(columns=str.upper)
df.X

df = plots.copy().dropna()
df.site = df.site.map(str.strip)
pd.Categorical(df.site).codes

df = plots.copy().dropna()
df["big"] = df.y.apply(lambda v: 1 if v > 10 else 0)
df.big

df = plots.copy().dropna()
t = df.groupby(["site", "year"], as_index=False)["n"].sum()
list(t.n) + list(t.year)

df = plots.copy().dropna()
t = df.groupby("site").agg({"y": "mean", "n": ["sum", "max"]})
t.values

df = plots.copy().dropna()
t = df.groupby("site")[["y", "n"]].agg(["mean", "std"])
t.values

df = plots.copy().dropna()
t = df.groupby("site").agg({"y": ["mean", "std"]})
t.columns = ["m", "s"]
t.m / t.s

df = plots.copy().dropna()
t = df.groupby("site")["y"].agg(lambda v: v.max() - v.min())
t

df = plots.copy().dropna()
t = df.groupby("site")["y"].agg([np.mean, np.std])
t.values

df = plots.copy().dropna()
t = df.groupby("site").size().reset_index(name="k")
t.k

df = plots.copy().dropna()
d = df.sort_values(["site", "y"], ascending=[True, False])
list(d.index) + list(d.n)

s = sales.assign(date=pd.to_datetime(sales["date"]))
s = s.sort_values(["store", "date"])
s["gap"] = s.groupby("store").date.diff().dt.days
s.gap.fillna(0)

s = sales.assign(date=pd.to_datetime(sales["date"]))
list(s.date.dt.month) + list(s.date.dt.day) + list(s.date.dt.isocalendar().week)

s = sales.assign(date=pd.to_datetime(sales["date"]))
d = s[s.date >= "2021-06-01"]
list(d.index) + list(d.sales)

s = sales.assign(date=pd.to_datetime(sales["date"]))
d = s[(s.date >= pd.Timestamp("2021-06-01")) & (s.date < pd.Timestamp(2021, 8, 1))]
d.sales

s = sales.assign(date=pd.to_datetime(sales["date"])).set_index("date")
d = s.loc["2021-06-01":]
d.sales

s = sales.assign(date=pd.to_datetime(sales["date"]))
s.date.map(lambda d: d.toordinal())

s = sales.assign(date=pd.to_datetime(sales["date"]))
s.date.dt.year + s.date.dt.dayofyear / 365.25

s = sales.assign(date=pd.to_datetime(sales["date"]))
t = s.date.dt.dayofyear.to_numpy() / 365.25
X = np.column_stack([f(2 * np.pi * k * t) for k in (1, 2) for f in (np.sin, np.cos)])
X

s = sales.assign(date=pd.to_datetime(sales["date"]))
t = s.date.dt.dayofyear / 365.25
F = pd.DataFrame({f"{n}_{k}": getattr(np, n)(2 * np.pi * k * t) for k in range(1, 3) for n in ("sin", "cos")})
F.values

s = sales.assign(date=pd.to_datetime(sales["date"]))
m = s.groupby(s.date.dt.to_period("M")).sales.sum()
m

s = sales.assign(date=pd.to_datetime(sales["date"]))
m = s.groupby([pd.Grouper(key="date", freq="MS"), "store"]).sales.sum().unstack()
m.fillna(0).values

s = sales.assign(date=pd.to_datetime(sales["date"]))
p = s.pivot(index="date", columns="store", values="sales")
p.fillna(-1).values

s = sales.assign(date=pd.to_datetime(sales["date"]))
p = s.pivot(index="date", columns="store", values="sales").ffill().bfill()
p.sum(axis=1)

df = plots.copy().dropna()
g = df.groupby("site").agg(m=("y", "mean"))
d = df.merge(g, left_on="site", right_index=True)
list(d.m) + list(d.index)

df = plots.copy().dropna()
g = df.groupby(["site", "year"])["n"].mean().rename("m").reset_index()
d = pd.merge(df, g, on=["site", "year"], how="left")
d.m

a = pd.DataFrame({"k": ["a", "b", "c"], "x": [1.0, 2, 3]})
b = pd.DataFrame({"k": ["b", "c", "d"], "y": [5.0, 6, 7]})
d = a.merge(b, on="k", how="outer")
d[["x", "y"]].fillna(0).values

a = pd.DataFrame({"k": ["a", "b"], "x": [1.0, 2]})
b = pd.DataFrame({"k": ["b", "a"], "x": [5.0, 6]})
d = a.merge(b, on="k", suffixes=("_l", "_r"))
d.x_l - d.x_r

df = plots.copy().dropna()
def zscore(c):
    return (c - c.mean()) / c.std()
df[["x", "y"]].apply(zscore).values

df = plots.copy().dropna()
df[["y", "n"]].apply(np.log1p).values

df = plots.copy().dropna()
df[["y", "n"]].map(lambda v: v**2).values

df = plots.copy().dropna()
df[["x", "y", "n"]].corr().values

w = wide.copy()
cols = [f"wk{k}" for k in range(1, 7)]
list(w[cols].std(axis=1)) + list(w[cols].mean(1)) + list(w[cols].median(axis="columns"))

w = wide.copy().drop(columns=["id", "arm"])
w.iloc[2, 3] = np.nan
list(w.mean(axis=1)) + list(w.sum(axis=1)) + list(w.count(axis=1)) + list(w.std())

w = wide.copy().drop(columns=["id", "arm"])
list(w.sem()) + list(w.var(ddof=0)) + list(w.quantile(0.3)) + list(w.skew())

w = wide.copy().set_index("id").drop(columns=["arm"])
[int(c[2:]) for c in w.idxmax(axis=1)]

w = wide.copy().set_index("id").drop(columns=["arm"])
w.cumsum(axis=1).values

w = wide.copy().set_index("id").drop(columns=["arm"])
w.sub(w.mean(axis=1), axis=0).values

w = wide.copy().set_index("id").drop(columns=["arm"])
w.div(w.sum(axis=1), axis="index").values

w = wide.copy().set_index("id").drop(columns=["arm"])
(w - w.mean()).values

w = wide.copy().set_index("id").drop(columns=["arm"])
w.sub(w["wk1"], axis=0).values

sales.sales.divide(sales.promo + 2).multiply(2).subtract(1, fill_value=0)

sales.sales.floordiv(7) + sales.sales.mod(7) * 100

w = wide.copy().set_index("id").drop(columns=["arm"])
w.divide(w.sum(axis=1), axis=0).multiply(2).floordiv(0.1).values

w = wide.copy().set_index("id").drop(columns=["arm"])
w.values.T.ravel()

w = wide.copy().set_index("id")
[w.index.get_loc("c"), w.loc["c", "wk2"], w.at["b", "wk1"]]

w = wide.copy().set_index("id")
t = w[w.arm.eq("t")].drop(columns="arm")
t.mean()

df = plots.copy().dropna()
g = df.groupby("site").filter(lambda d: len(d) > 18)
list(g.index)

df = plots.copy().dropna()
df.loc[lambda d: d.y > 10, "n"]

df = plots.copy().dropna()
[df.site.nunique(), len(df), df.shape[0], df.y.size]

df = plots.copy()
df.isna().sum()

df = plots.copy()
d = df[df.isna().any(axis=1)]
d.index

df = plots.copy()
d = df[df[["x", "y"]].notna().all(axis=1)]
d.index

df = plots.copy()
d = df.dropna(how="any", axis=0)
d.index

df = plots.copy()
d = df.dropna(axis=1)
d.values

df = plots.copy()
df = df[df.site.notna()]
df["x"] = df["x"].fillna(df.groupby("site")["x"].transform("mean"))
df.x

df = plots.copy()
df["x"] = df["x"].fillna(df["y"])
df.x

df = plots.copy()
df.x.interpolate()

df = plots.copy().dropna()
for c in ["x", "y"]:
    df[c + "_z"] = (df[c] - df[c].mean()) / df[c].std()
df.filter(like="_z").values

df = plots.copy().dropna()
parts = [g for _, g in df.groupby("site")]
d = pd.concat(parts).sort_index()
d.y

df = plots.copy().dropna()
d = {k: g["y"].to_numpy() for k, g in df.groupby("site")}
np.concatenate([d[k] for k in sorted(d)])

df = pd.DataFrame({"a": [1, 2], "n": [2, 3]})
r = df.loc[df.index.repeat(df.n)].reset_index(drop=True)
r.a

df = pd.DataFrame({"a": [1, 2], "n": [2, 3]})
df.a.repeat(df.n)

df = pd.DataFrame({"a": [1, 2], "n": [2, 3]})
np.repeat(df["a"].values, df["n"])

df = plots.copy().dropna()
o = np.lexsort((df.y, df.year))
df.y.values[o]

df = plots.copy().dropna()
np.searchsorted(np.sort(df.y), [8, 10, 12])

df = plots.copy().dropna()
np.digitize(df.y, bins=[8, 10, 12])

df = plots.copy().dropna()
c, e = np.histogram(df.y, bins=6)
list(c) + list(e)

df = plots.copy().dropna()
np.bincount(df.n, minlength=12)

df = plots.copy().dropna()
c = df.site.astype("category").cat.reorder_categories(["south", "east", "north"])
c.cat.codes

df = plots.copy().dropna()
df["site"] = pd.Categorical(df["site"], categories=["south", "east"])
df.site.cat.codes

df = plots.copy().dropna()
df["is_n"] = (df.site == "north").astype(int)
df.is_n

df = plots.copy().dropna()
[1 if s == "north" else 0 for s in df.site]

df = plots.copy().dropna()
idx = np.array([list(df.site.unique()).index(s) for s in df.site])
idx

df = plots.copy().dropna()
u = df[["site", "year"]].drop_duplicates().sort_values(["site", "year"]).reset_index(drop=True)
u["code"] = u.index
d = df.merge(u, on=["site", "year"])
d.code

df = plots.copy().dropna()
df["cell"] = df.site + "_" + df.year.astype(str)
pd.factorize(df.cell)[0]

df = plots.copy().dropna()
t = df.drop_duplicates("site").set_index("site").year
t.loc[["north", "east"]]

df = plots.copy().dropna()
np.select([df.y < 8, df.y < 11], [0, 1], default=2)

df = (plots.copy().dropna()
      .assign(ly=lambda d: np.log(d.y), s=lambda d: d.ly - d.ly.mean())
      .query("year > 2019").reset_index(drop=True))
df.s

s = sales.assign(date=pd.to_datetime(sales["date"]))
s.date.diff().dt.days.fillna(0)

df = plots.copy()
[(df.y > 10).sum(), (df.y > 10).mean(), df.x.isna().sum()]

df = plots.copy().dropna()
y = df.y
[y.mean(), y.std(), y.var(), y.min(), y.max(), y.sum(), y.prod(), y.median(), y.quantile(.9), len(y)]

df = plots.copy().dropna()
y = df.y
[np.mean(y), np.std(y), np.var(y, ddof=1), np.median(y), np.percentile(y, 30), np.max(y), np.argmax(y), np.sum(y > 10)]

df = plots.copy().dropna()
z = np.log(df.y)
list(z[z > 2.3].index)

df = plots.copy().dropna()
z = -df.y.abs() + 1
list(z.index) + list(z)

df = plots.copy().dropna()
df.index * 2 + 1

s = pd.Series({"a": 1.0, "b": 2.0, "c": 5.0})
t = pd.Series({"c": 1.0, "a": 3.0})
(s * t).fillna(-9)

s = pd.Series([1, 2, 3], index=[5, 6, 7], name="k")
[s[6], s.loc[7], s.iloc[0]]

s = pd.Series({"a": 1.0, "b": 2.0, "c": 5.0})
t = pd.Series({"c": 1.0, "a": 3.0})
s.add(t, fill_value=0)

df = plots.copy().dropna()
d = pd.DataFrame({"a": df.y, "b": df.n})
list(d.index) + list(d.a)

df = plots.copy().dropna()
d = pd.DataFrame({"a": df.y.values, "b": df.n.values})
list(d.index) + list(d.b)

a = pd.Series({"x": 1.0, "y": 2.0})
b = pd.Series({"y": 5.0, "x": 6.0})
pd.DataFrame({"a": a, "b": b}).sort_index().values

a = pd.Series({"x": 1.0, "y": 2.0})
b = pd.Series({"y": 5.0, "z": 6.0})
pd.DataFrame({"a": a, "b": b}).fillna(0).values

d = pd.DataFrame(np.arange(6).reshape(3, 2), columns=["a", "b"], index=["x", "y", "z"])
[d.loc["y", "b"], d.a.sum()]

d = pd.DataFrame([[1, 2.5], [3, 4.5]], columns=["a", "b"])
d.values

d = pd.DataFrame([{"a": 1, "b": 2}, {"a": 3, "b": 4}])
d.values

d = pd.DataFrame([{"a": 1, "b": 2}, {"a": 3}])
d.fillna(-1).values

df = plots.copy().dropna()
df.y.where(df.y > 10, 0)

df = plots.copy().dropna()
df.y.mask(df.y > 10, 0)

df = plots.copy().dropna()
df.y.clip(lower=8, upper=12)

df = plots.copy().dropna()
df.y.round(1)

df = plots.copy().dropna()
df.year.astype(str).str[-2:].astype(int)

d = pd.DataFrame({"k": ["a-1", "b-2"]})
p = d.k.str.split("-", expand=True)
p[1].astype(float)

d = pd.DataFrame({"k": ["a-1", "b-2"]})
d.k.str.split("-").str[1].astype(int)

d = pd.DataFrame({"k": ["1,000", "2,500"]})
d.k.str.replace(",", "").astype(float)

d = pd.DataFrame({"k": ["$10.5", "$3"]})
d.k.str.replace("$", "", regex=False).astype(float)

d = pd.DataFrame({"k": ["10%", "3%"]})
d.k.str.rstrip("%").astype(float) / 100

d = pd.DataFrame({"k": ["ab12", "c3"]})
d.k.str.extract(r"(\d+)")[0].astype(int)

d = pd.DataFrame({"k": ["ab12", "c"]})
d.k.str.extract(r"(\d+)", expand=False).fillna("0").astype(int)

d = pd.DataFrame({"k": ["Ab", "cd"]})
d.k.str.contains("a", case=False)

d = pd.DataFrame({"k": ["Ab", "cdz"]})
d.k.str.len()

d = pd.DataFrame({"k": [1, 22]})
d.k.astype(str).str.zfill(4).str[0:3].astype(int)

d = pd.DataFrame({"a": ["x", "y"], "b": ["u", "v"]})
pd.factorize(d.a.str.cat(d.b, sep="_"))[0]

s = sales.assign(date=pd.to_datetime(sales["date"]))
s.date.dt.day_name().map({"Monday": 0, "Tuesday": 1, "Wednesday": 2, "Thursday": 3, "Friday": 4, "Saturday": 5, "Sunday": 6})

s = sales.assign(date=pd.to_datetime(sales["date"]))
pd.Categorical(s.date.dt.month_name()).codes

s = sales.assign(date=pd.to_datetime(sales["date"]))
s["week"] = s.date.dt.to_period("W").dt.start_time
w = s.groupby("week").sales.sum()
w

s = sales.assign(date=pd.to_datetime(sales["date"]))
w = s.groupby(s.date.dt.floor("D")).sales.sum()
w

s = sales.assign(date=pd.to_datetime(sales["date"]))
(s.date - pd.Timestamp("2021-01-01")).dt.total_seconds() / 86400

s = sales.assign(date=pd.to_datetime(sales["date"]))
(s.date - s.date.min()) / pd.Timedelta(days=7)

s = sales.copy()
s.sales.cummax() - s.sales.cumsum() / 100

s = sales.copy()
s.sales.ewm(span=5).mean()

s = sales.copy()
s.sales.rolling(5, center=True, min_periods=1).mean()

s = sales.copy()
s.groupby("store").sales.transform(lambda v: v.rolling(3, min_periods=1).mean())

s = sales.copy()
np.average(s.sales, weights=s.promo + 1)

df = plots.copy().set_index("year")
df.loc[2020].y

df = plots.copy().set_index("year")
df.loc[[2019, 2021], "y"]

df = plots.copy().dropna().set_index(["site", "year"]).sort_index()
df.loc["north"].y

df = plots.copy().dropna().set_index(["site", "year"]).sort_index()
df.loc[("north", 2020), "y"]

df = plots.copy().dropna().set_index(["site", "year"]).sort_index()
pd.factorize(df.index.get_level_values("site"))[0]

df = plots.copy().dropna().set_index(["site", "year"])
df.groupby(level="year").y.mean()

df = plots.copy().dropna()
df["gm"] = df["site"].map(df.groupby("site")["x"].mean())
df.gm

df = plots.copy().dropna()
df["xc"] = df["x"] - df.groupby("site")["x"].transform("mean")
df["xb"] = df.groupby("site")["x"].transform("mean") - df["x"].mean()
df[["xc", "xb"]].values

df = plots.copy().dropna()
list(df.head(3).y) + list(df.tail(2).index)

df = plots.copy().dropna()
[df.y.iloc[-1], df.iloc[-1].y, df.index[-1]]

df = plots.copy().dropna()
y = df.pop("y")
list(y) + [df.shape[1]]

df = plots.copy().dropna()
df.insert(0, "one", 1.0)
df[["one", "y"]].values

df = plots.copy().dropna()
del df["site"]
df.values

df = plots.copy()
df.dropna(inplace=True)
df.reset_index(drop=True, inplace=True)
df.drop(columns=["site"], inplace=True)
df.values

df = plots.copy().dropna()
X = df.drop(["y", "site"], axis=1)
X.values

df = plots.copy().dropna()
X = df[df.columns.difference(["y", "site"])]
X.values

df = plots.copy().dropna()
X = pd.get_dummies(df, columns=["site"], drop_first=True, dtype=int)
X.values

df = plots.copy().dropna()
X = pd.concat([df[["x"]], pd.get_dummies(df["site"], prefix="s").astype(int)], axis=1)
X.values

df = plots.copy().dropna()
df["k"] = np.arange(len(df))
df.k

df = plots.copy().dropna()
df["r"] = df.y.sort_values().values
df["q"] = df.y.sort_values()
df[["r", "q"]].values

df = plots.copy().dropna()
df.y.rank() / len(df)

df = plots.copy().dropna()
f = lambda r: r["y"] + (1 if r["site"] == "north" else 0)
df.apply(f, axis=1)

df = plots.copy().dropna()
df.groupby("site").apply(len)

df = plots.copy().dropna()
df.groupby(["site", "year"]).y.mean().unstack().values

df = plots.copy().dropna()
df.groupby("site").size()

df = plots.copy().dropna()
df.groupby("site").nth(0).y

df = plots.copy().dropna()
df.groupby("site").y.quantile(0.25)

df = plots.copy().dropna()
df.groupby(pd.cut(df.y, [0, 8, 12, 40]), observed=False).n.mean()

df = plots.copy().dropna()
(df[["year", "n"]] == df[["n", "n"]].values).values.astype(int)

d = {"a": [1, 2], "b": [3, 4]}
df = pd.DataFrame.from_dict(d)
df.values

df = pd.DataFrame.from_dict({"r1": [1, 2], "r2": [3, 4]}, orient="index", columns=["a", "b"])
df.values

df = plots.copy()
df.groupby(by="year")["year"].agg("count")

df = plots.copy().dropna()
[part.site.iloc[0] == name for name, part in df.groupby("site")]

df = plots.copy().dropna()
df.groupby("site")[["site", "n"]].nunique().values

df = plots.copy()
d = df[3:20:4]
[d.n.sum(), d.index[2], len(df[:5]), df[-2:].year.iloc[0]]

top = sales.groupby("store")["sales"].sum().nlargest(3).reset_index()
top = top.reset_index().rename(columns={"index": "place"})
top[["place", "sales"]].values

df = plots[["n", "year"]].reset_index()
df.reset_index()[["level_0", "index", "n"]].values

df = plots[["n", "year"]].copy()
df = df.set_index(np.arange(len(df)) * 10)
[df.loc[30, "n"], df.index[-1], df.shape[1]]

df = plots.copy()
np.nan_to_num((df.y[1:] - df.y[:-1]).values, nan=-1.0)

df = plots.copy()
np.nan_to_num(df.y.head(5).sub(df.n.tail(28)).values, nan=-1.0)

df = plots.copy()
b = df.sort_values(["y", "n"])
b["d"] = df.n * 2
b.d

df = plots.copy()
b = df.sort_values(["y", "n"])
b["d"] = df.groupby("year").y.transform("mean")
b.d

df = plots.copy()
b = df.sort_values(["y", "n"])
b["d"] = pd.cut(df.y, 3, labels=False)
b.d

df = plots.copy()
b = df.sort_values(["y", "n"])
df["d"] = b.groupby("year").cumcount() + 1
df.d

df = plots.copy().dropna()
b = df.sort_values(["y", "n"])
df["d"] = b.site.map({"north": 1, "south": 2, "east": 3})
df["e"] = (b.site == "north").astype(int)
df["f"] = b.site.str.len()
df[["d", "e", "f"]]

df = plots.copy().dropna()
b = df.sort_values(["y", "n"])
df["d"] = b.site
df["d"] == df.site

df = plots.copy().dropna()
b = df.sort_values(["y", "n"])
b["d"] = b.site.map({"north": 1, "south": 2, "east": 3})
b["e"] = b.groupby("site").cumcount()
b["f"] = (b.y > 8) & (b.n > 2)
b["g"] = b.site.astype("category").cat.codes
b["h"] = b.site.isin(["north"])
b[["d", "e", "f", "g", "h"]].astype(float)

df = plots.copy()
b = df.sort_values(["y", "n"])
[(b.y - df.y).abs().sum(), b.y.corr(df.n), b.y.cov(df.n), b.y.dot(df.n), b.y @ df.n]

df = plots.copy()
b = df.sort_values(["y", "n"])
np.c_[b.y.where(df.n > 4, 0), b.y.mask(df.n > 4, 0), np.maximum(b.y, df.n)]

df = plots.copy()
b = df.sort_values(["y", "n"])
df[b.y > 8].n

df = plots.copy()
b = df.sort_values(["y", "n"])
df.loc[b.y > 8, "n"]

df = plots.copy()
b = df.sort_values(["y", "n"])
b.groupby(df.site).y.mean()

df = plots.copy()
b = df.sort_values(["y", "n"])
pd.crosstab(b.site, df.year)

df = plots.copy()
b = df.sort_values(["y", "n"])
pd.concat([b[["y"]], df[["n"]]], axis=1)

df = plots.copy()
b = df.sort_values(["y", "n"])
b[["y", "n"]].mul(df.year, axis=0)

df = plots.copy()
df.loc[df.n > 4, "y"] = df.sort_values(["y", "n"]).year
df.y

df = plots.copy()
df[["y", "n"]].apply(lambda r: r.sum() + r["n"] * r.max() - r.iloc[0] + (r > 5).sum() + np.mean(r), axis=1)

df = plots.copy()
[df.y.cov(df.n), df.y.corr(df.n, method="spearman")]

df = plots.copy()
df[["y", "n"]].corr(method="spearman")

df = plots.copy()
df.groupby("year")[["y", "n"]].var(ddof=0)

df = plots.copy()
df.groupby("year").y.std(ddof=0)

df = plots.copy()
df.pivot_table(index="year", values=["y", "n"], aggfunc={"y": "mean", "n": "max"})

df = plots.copy()
np.nan_to_num(df.groupby("site").ngroup(), nan=-1.0)

df = plots.copy()
np.nan_to_num(df.groupby("site").cumcount(), nan=-1.0)

df = plots.copy()
df.value_counts("site")

df = plots.copy()
[len(k) for k, g in df.groupby(["site"])]

df = plots.copy()
c = pd.cut(df.y, [0, 5, 10, 15, 20], labels=["none", "low", "mid", "high"])
[c.eq("low").sum(), (c >= "mid").sum(), c.isna().sum(), c.isin(["low", "none"]).sum(), len(pd.get_dummies(c).columns)]

df = plots.copy()
c = pd.cut(df.y, [0, 5, 10, 15, 20], labels=["none", "low", "mid", "high"])
c.value_counts(sort=False)

df = plots.copy()
pd.cut(df.y, np.arange(0, 25, 5), right=False, labels=np.arange(0, 20, 5)).astype(int)

df = plots.copy()
df["c"] = pd.cut(df.y, [0, 8, 12, 20], labels=["small", "middle", "large"])
df.sort_values(["c", "y", "n"]).y

df = plots.copy()
[len(df.query("site == site")), len(df[df.site == df.site]), df.x.isin([np.nan]).sum()]

df = plots.copy()
np.c_[df.n.rank(pct=True), df.n.rank(method="dense", pct=True)]

df = plots.copy().set_index(np.arange(30) * 7 % 30)
df.sort_index(ascending=False).y

df = plots.copy()
pd.Series(df.y, index=[3, 1, 2])

df = plots.copy()
pd.DataFrame({"a": df.y[df.n > 5], "b": df.n}).fillna(-1.0)

df = plots.copy()
np.c_[df.duplicated("site"), df.duplicated(["site", "year"], keep="last"), df.year.duplicated()]

df = plots.copy()
[df.n.mode()[0], (df.site.mode()[0] == "north") * 1]

df = plots.copy()
df[["x", "y"]].fillna(df[["x", "y"]].mean())

df = plots.copy()
df[["y", "n"]].transform(lambda c: (c - c.mean()) / c.std())

df = plots.copy()
df.groupby("year").cumcount(ascending=False)

df = plots.copy()
df.groupby("year").y.sem()

df = plots.copy()
df.groupby("year").agg(a=pd.NamedAgg(column="y", aggfunc="max"))

df = plots.copy()
df.groupby(["site", "year"]).y.mean().unstack(0)

df = plots.copy()
df.groupby(["site", "year"]).y.mean().unstack("site")

df = plots.copy()
df.groupby(["site", "year"]).y.mean().groupby("site").transform("sum")

df = plots.copy()
df.pivot_table(index="site", columns="year", aggfunc="size", fill_value=0)

df = plots.copy()
df.groupby("year")[["y"]].sum().squeeze()

df = plots.copy()
df.groupby("year").y.rank(pct=True)

df = plots.copy()
c = pd.Series(df.site).astype("category").cat.add_categories("none").fillna("none")
c.cat.codes
"""


def evaluate(text):
    names = {name: pd.DataFrame(columns) for name, columns in DATA.items()} | {"np": np, "pd": pd}
    *before, last = text.split("\n")
    exec("\n".join(before), names)  # the programs above, nothing else
    value = np.asarray(eval(last, names))
    if value.dtype.kind == "O":
        value = np.array(value.tolist())
    assert value.dtype.kind in "biuf", (text, value.dtype)
    kind = "i" if value.dtype.kind == "u" else value.dtype.kind
    assert np.all(np.isfinite(value)), (text, value)
    return {"expression": text, "shape": list(value.shape), "kind": kind, "values": value.ravel().tolist()}


def main():
    results = [evaluate(text) for text in PROGRAMS.strip().split("\n\n")]
    lines = ",\n".join(json.dumps(result, allow_nan=False) for result in results)
    versions = json.dumps({"numpy": np.__version__, "pandas": pd.__version__})
    TARGET.write_text(f'{{"versions": {versions},\n"data": {json.dumps(DATA)},\n"expressions": [\n{lines}\n]}}\n')
    print(f"{len(results)} programs")


if __name__ == "__main__":
    main()
