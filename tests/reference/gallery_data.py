"""Writes the simulated data of the model files in `tests/data/gallery`.

    .venv/bin/python gallery_data.py

Every data set is drawn from its own generator, seeded by its name, so that adding one changes no other.
"""

import csv
import json
import pathlib
import zlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data" / "gallery"


def generator(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def listed(value):
    """Numbers with at most six digits after the point."""
    value = np.asarray(value)
    return value.round(6).tolist() if value.dtype.kind == "f" else value.tolist()


def write_json(name, **columns):
    (FOLDER / f"{name}.json").write_text(json.dumps({k: listed(v) for k, v in columns.items()}) + "\n")


def write_csv(name, **columns):
    with (FOLDER / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(listed(column) for column in columns.values())))


def logistic(x):
    return 1 / (1 + np.exp(-x))


def lines():
    """One response of every kind on the same two predictors."""
    rng = generator("lines")
    n = 40
    x, z = rng.normal(size=n), rng.normal(size=n)
    line = 0.4 + 0.8 * x - 0.5 * z
    write_csv(
        "lines",
        x=x,
        z=z,
        treated=rng.integers(0, 2, n),
        y=line + 0.7 * rng.standard_t(3, n),
        unit=np.clip(rng.beta(8 * logistic(line), 8 * (1 - logistic(line))), 0.01, 0.99),
        positive=rng.gamma(3, np.exp(line) / 3),
        binary=(rng.uniform(size=n) < logistic(line)).astype(int),
        trials=rng.integers(3, 12, n),
        counts=rng.negative_binomial(2, 2 / (2 + np.exp(line))),
        many_zeros=rng.poisson(np.exp(line)) * rng.integers(0, 2, n),
        rating=np.digitize(line + rng.logistic(size=n), [-1.5, 0.0, 1.2]),
        species=np.array(["Adelie", "Chinstrap", "Gentoo"])[np.digitize(line + rng.normal(size=n), [-0.3, 0.8])],
        exposure=rng.uniform(0.5, 3, n),
    )


def groups():
    rng = generator("groups")
    n, cafes, items, people = 60, 8, 5, 9
    cafe = np.arange(n) % cafes
    effects = rng.multivariate_normal([3.5, -1.0], [[1.0, -0.35], [-0.35, 0.25]], cafes)
    afternoon = rng.integers(0, 2, n)
    district = np.array(["north", "south", "west"])[np.arange(cafes) % 3]
    person, item = rng.integers(0, people, n), rng.integers(0, items, n)
    ability, difficulty = rng.normal(size=people), rng.normal(size=items)
    write_csv(
        "groups",
        cafe=cafe,
        district=district[cafe],
        afternoon=afternoon,
        wait=effects[cafe, 0] + effects[cafe, 1] * afternoon + 0.5 * rng.normal(size=n),
        person=person,
        item=item,
        score=5 + ability[person] - difficulty[item] + 0.6 * rng.normal(size=n),
        correct=(rng.uniform(size=n) < logistic(ability[person] - difficulty[item])).astype(int),
    )


def matches():
    rng = generator("matches")
    teams = ["Ash", "Birch", "Cedar", "Elm", "Fir"]
    pairs = [(h, a) for h in range(5) for a in range(5) if h != a]
    attack, defence = rng.normal(0, 0.3, 5), rng.normal(0, 0.3, 5)
    home, away = np.array(pairs).T
    write_json(
        "matches",
        home_team=np.array(teams)[home],
        away_team=np.array(teams)[away],
        home_score=rng.poisson(np.exp(2.6 + 0.2 + attack[home] - defence[away])),
        away_score=rng.poisson(np.exp(2.6 + attack[away] - defence[home])),
        first=home,
        second=away,
        first_won=(rng.uniform(size=20) < logistic(2 * (attack[home] - attack[away]))).astype(int),
    )


def trials():
    rng = generator("trials")
    n = np.array([120, 45, 300, 80, 60, 210, 33])
    base = logistic(-1.5 + 0.4 * rng.normal(size=7))
    dose = np.array([0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0])
    write_json(
        "trials",
        n_control=n,
        n_treated=n + 5,
        events_control=rng.binomial(n, base),
        events_treated=rng.binomial(n + 5, base * 0.7),
        effect=rng.normal(0.3, 0.25, 7),
        effect_se=rng.uniform(0.05, 0.3, 7),
        dose=dose,
        response=10 + 80 / (1 + (4 / dose) ** 1.3) + 3 * rng.normal(size=7),
        distance=np.arange(2, 9),
        putts=n,
        holed=rng.binomial(n, np.linspace(0.95, 0.4, 7)),
    )


def clusters():
    rng = generator("clusters")
    label = rng.choice(3, 50, p=[0.3, 0.5, 0.2])
    write_json(
        "clusters",
        y=np.array([-2.0, 0.5, 3.0])[label] + 0.6 * rng.normal(size=50),
        counts=rng.poisson(np.array([1.0, 6.0, 15.0])[label]),
        ages=rng.multinomial(20, [0.5, 0.3, 0.2], 6),
        x=np.linspace(-1, 1, 50),
        waiting=np.where(label == 0, rng.normal(54, 6, 50), rng.normal(80, 6, 50)),
        bites=np.where(rng.uniform(size=50) < 0.1, 7.0, 0.4) * rng.normal(size=50) + 1.5,
    )


def series():
    rng = generator("series")
    n = 48
    t = np.arange(n)
    ar = np.zeros(n)
    for k in range(2, n):
        ar[k] = 0.4 + 0.5 * ar[k - 1] - 0.2 * ar[k - 2] + 0.5 * rng.normal()
    returns = np.exp(np.cumsum(0.15 * rng.normal(size=n)) - 3) * rng.normal(size=n)
    pair = np.zeros((n, 2))
    for k in range(1, n):
        pair[k] = np.array([[0.5, 0.2], [-0.1, 0.6]]) @ pair[k - 1] + 0.4 * rng.normal(size=2)
    write_json(
        "series",
        t=t,
        ar=ar,
        returns=returns,
        pair=pair,
        monthly=2 + 0.03 * t + 0.5 * np.sin(2 * np.pi * t / 12) + 0.2 * rng.normal(size=n),
        month=t % 12,
        deaths=rng.normal(100 + 0.1 * t + 10 * np.cos(2 * np.pi * t / 12), 3),
        temperature=rng.normal(10 - 8 * np.cos(2 * np.pi * t / 12), 1),
        spend=rng.gamma(2, 1, n),
        sales=rng.normal(6, 1, n),
        prices=np.cumsum(rng.normal(size=(n, 3)) @ np.linalg.cholesky([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]).T, 0),
        states=np.repeat([0, 1, 0, 1], 12),
        emission=np.repeat([0.0, 2.0, 0.0, 2.0], 12) + 0.5 * rng.normal(size=n),
        cases=np.round(500 / (1 + np.exp(-(t - 22) / 4)) + rng.normal(0, 6, n), 2),
        circle=np.mod(rng.vonmises(1, 2, n) + np.pi, 2 * np.pi) - np.pi,
    )


def lifetimes():
    rng = generator("lifetimes")
    n = 40
    x = rng.integers(0, 2, n)
    time = rng.weibull(1.4, n) * np.exp(1.5 + 0.5 * x)
    cut = rng.uniform(2, 10, n)
    write_csv(
        "lifetimes",
        time=np.minimum(time, cut),
        event=(time <= cut).astype(int),
        metastasized=x,
        score=rng.normal(100, 15, n).clip(85, 130),
        reading=rng.normal(1, 1.2, n).clip(0, None),
        speed=rng.normal(size=n) + 2,
        rt=0.2 + rng.wald(0.5, 2.0, n),
    )


def areas():
    rng = generator("areas")
    rows, columns = 4, 4
    n = rows * columns
    w = np.zeros((n, n), dtype=int)
    for i in range(n):
        for k in range(n):
            near = abs(i // columns - k // columns) + abs(i % columns - k % columns) == 1
            w[i, k] = int(near)
    expected = rng.uniform(3, 20, n)
    x = rng.normal(size=n)
    first, second = np.nonzero(np.triu(w))
    write_json(
        "areas",
        W=w,
        E=expected,
        x=x,
        observed=rng.poisson(expected * np.exp(0.1 + 0.3 * x + 0.2 * rng.normal(size=n))),
        node1=first,
        node2=second,
    )


def tables():
    """Matrices: several responses, choices, items."""
    rng = generator("tables")
    factors = rng.normal(size=(25, 2)) @ rng.normal(size=(2, 5))
    donors = 20 + np.cumsum(rng.normal(size=(24, 4)), 0)
    shares = rng.dirichlet([4, 3, 2], 20)
    cost, speed = rng.uniform(1, 4, (30, 3)), rng.uniform(0, 2, (30, 3))
    choice = np.argmax(-0.8 * cost + 1.1 * speed + rng.gumbel(size=(30, 3)), 1)
    histories = rng.binomial(1, 0.45, (24, 5)).sum(1)
    write_json(
        "tables",
        Y=factors + 0.3 * rng.normal(size=(25, 5)),
        pairs=rng.multivariate_normal([1, -1, 0.5], [[1, 0.6, 0.2], [0.6, 1, 0], [0.2, 0, 0.5]], 25),
        donors=donors,
        treated=donors @ np.array([0.5, 0.3, 0.2, 0.0]) + 0.3 * rng.normal(size=24),
        shares=shares,
        dose=np.linspace(-1, 1, 20),
        cost=cost,
        speed=speed,
        choice=choice,
        seen=histories,
        answers=rng.binomial(1, 0.6, (12, 6)),
        xy=rng.normal(size=(40, 2)),
        inside=rng.integers(0, 2, 40),
        measured=rng.normal(size=15) + 1,
        measured_se=rng.uniform(0.1, 0.5, 15),
        outcome=rng.normal(size=15),
        outcome_se=rng.uniform(0.1, 0.5, 15),
    )


def coal():
    """Disasters in British coal mines by year, 1851 to 1962 (Jarrett 1979, Biometrika 66)."""
    disasters = """
        4 5 4 0 1 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1 1 1 3 0 0 1 0 1 1 0 0
        3 1 0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1 1 1 1 2 4 2 0 0 1 4 0 0 0 1 0 0 0 0 0 1 0 0
        1 0 1 0"""
    counts = [int(count) for count in disasters.split()]
    write_json("coal", years=np.arange(1851, 1851 + len(counts)), disasters=counts)


if __name__ == "__main__":
    for write in (coal, lines, groups, matches, trials, clusters, series, lifetimes, areas, tables):
        write()
