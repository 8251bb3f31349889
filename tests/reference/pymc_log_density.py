"""Writes the log densities and gradients that PyMC gives for the model files of this project.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python pymc_log_density.py            # every model
    .venv/bin/python pymc_log_density.py radon beta # these alone

Each file of `examples/*.py` and of `*.py` in `models`, `gallery` and `posteriordb` of `tests/data` is executed as the
PyMC program it is, with the columns and scalars of its data file as global names, and `df` as the table of a CSV
file. The data file is the one named after `data:` in the comment on the first line. The result is
`tests/data/pymc/<model>.json`:

    model, file, data   name of the model; its file and data file (or null) relative to the repository
    pymc                version of PyMC that gave the numbers
    variables           free variables in order of definition, each
                          name         as written in the model
                          value_name   name of its unconstrained value (`tau_log__`; the same as `name` if unbounded)
                          shape, value_shape   of the variable and of its unconstrained value
    initial_point       one point (below): PyMC's initial point, with one more field
                          log_densities  by variable or potential, observed ones too: its share of `log_density`
    points              ten random points: initial point + 0.5 * standard normal, seeded by the name of the model

and a point is

    position      unconstrained values by value name
    log_density   log density of the model at `position`, Jacobians of the transforms included
    gradient      of `log_density` with respect to `position`, by value name
    constrained   values of the free variables and of the deterministics (up to 100 entries each) by name

Arrays are flat lists in C order, scalars lists of one number. Numbers are written with the digits that give back the
same double (at most 17). PyTensor's Python backend is used: NumPy and SciPy in double precision, no fast-math.

Five things of PyMC are kept out of the numbers:

    integer constants   are int8 to it: their logarithms have the seven digits of float32 and some densities overflow
                        (`Uniform("u", -100, 100)` and `HalfStudentT("s", 3, 20)` give NaN). `cast_policy` makes them
                        int64, as in NumPy.
    gradients           must agree with central differences of the log density, or the script stops. At a kink, such
                        as the initial point of a Laplace, the gradient is the mean of those on both sides.
    undefined slopes    `Bernoulli(logit_p=)` has the gradient NaN beyond logits of 37. A random point where a gradient
                        is not finite is drawn again.
    constants of CAR    which PyMC leaves out, (log det D - n log(2 pi)) / 2, are added: the density is normalised.
    constants of pymc_extras.statespace, whose filter counts log(2 pi) / 2 once a step, however many elements it has, and
                        takes missing elements of a step for numbers with the variance of its jitter, are added, too.
"""

import csv
import json
import pathlib
import sys
import zlib

import numpy as np
import pandas as pd
import pytensor

pytensor.config.cast_policy = "numpy+floatX"  # before anything makes a constant

import pymc as pm
import pytensor.tensor as pt
from pytensor.compile.mode import Mode

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "tests" / "data" / "pymc"
FOLDERS = ("examples", "tests/data/models", "tests/data/gallery", "tests/data/posteriordb")
MODE = Mode(linker="py", optimizer="fast_run").excluding("fusion")  # NumPy limits a fused op to 32 operands
POINTS = 10
SPREAD = 0.5
LARGEST_DETERMINISTIC = 100


def column(texts):
    """A column of a CSV file: integers if all are, else floats if all are, else text."""
    for kind in (int, float):
        try:
            return np.array([kind(text) for text in texts])
        except ValueError:
            continue
    return np.array(texts)


def read_data(path):
    """The names that a data file gives to its model."""
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        columns = {name: column([row[i] for row in rows]) for i, name in enumerate(header)}
        return {"df": pd.read_csv(path)} | columns
    return {name: np.array(value) if isinstance(value, list) else value
            for name, value in json.loads(path.read_text()).items()}


def data_path(path):
    """The data file named on the first line of a model file, if one is."""
    first = path.read_text().split("\n", 1)[0]
    return path.parent / first.rsplit("data:", 1)[1].strip() if "data:" in first else None


def build(path):
    """Runs a model file in PyMC and returns its model."""
    data = data_path(path)
    names = dict(read_data(data)) if data else {}
    exec(compile(path.read_text(), str(path), "exec"), names)  # the committed files of this repository, nothing else
    models = [names.get("model"), *names.values()]  # the one called `model`, or the first
    return next(value for value in models if isinstance(value, pm.Model))


def left_out_by_filter(series, fill=-9999.0, jitter=1e-8):
    """The constants that the filter of pymc_extras leaves out or adds, by steps of which some elements are seen."""
    seen = np.sum(series != fill, axis=1)
    missing = series.shape[1] - seen
    return float(np.sum(np.where(seen > 0, missing * np.log(jitter) - (seen - 1) * np.log(2 * np.pi), 0)) / 2)


def left_out(variable, model):
    """The constant that PyMC leaves out of the log density of a variable."""
    if type(variable.owner.op).__name__ == "KalmanFilterRV":
        return left_out_by_filter(model.rvs_to_values[variable].eval())
    if getattr(variable.owner.op, "name", None) != "car":
        return 0.0
    degrees = variable.owner.op.dist_params(variable.owner)[1].eval().sum(axis=0)
    return 0.5 * float(np.sum(np.log(degrees)) - len(degrees) * np.log(2 * np.pi))


def plain(variable):
    """A tensor without the names of its dims, which those of `pymc.dims` have."""
    return variable.values if hasattr(variable, "dims") else variable


def flat(value):
    return np.asarray(value, dtype=float).ravel().tolist()


def central_differences(log_density, position, step=1e-5):
    """The gradient of `log_density` at `position`, by differences of fourth order, and the size of their rounding."""
    slopes = []
    for name, value in position.items():
        for i in range(value.size):
            def moved(distance):
                shift = np.zeros(value.size)
                shift[i] = distance
                return float(log_density(position | {name: value + shift.reshape(value.shape)}))
            slopes.append((8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step))
    rounding = 4e-16 * abs(float(log_density(position))) / step
    return np.array(slopes), rounding


def reference(path):
    """PyMC's numbers for one model file."""
    model = build(path)
    values = model.value_vars
    terms = [*model.free_RVs, *model.observed_RVs, *model.potentials]
    densities = [pt.sum(plain(density)) for density in model.logp(vars=terms, jacobian=True, sum=False)]
    constants = {variable.name: left_out(variable, model) for variable in model.basic_RVs}
    visible = [*model.free_RVs, *model.deterministics]
    constrained = [plain(variable) for variable in model.replace_rvs_by_values(visible)]
    evaluate = model.compile_fn([*densities, *constrained], inputs=values, mode=MODE)
    log_density = model.compile_logp(jacobian=True, mode=MODE)
    gradient = model.compile_dlogp(jacobian=True, mode=MODE)

    initial = {value.name: np.asarray(model.initial_point()[value.name], dtype=float) for value in values}

    def point(position, with_terms=False):
        results = evaluate(position)
        slopes = gradient(position)
        expected, rounding = central_differences(log_density, position)
        assert np.allclose(slopes, expected, rtol=1e-6, atol=1e-6 + 10 * rounding), (path, slopes, expected)
        slopes = np.split(slopes, np.cumsum([position[value.name].size for value in values])[:-1])
        total = float(log_density(position)) + sum(constants.values())
        shares = {term.name: float(share) + constants.get(term.name, 0.0) for term, share in zip(terms, results)}
        assert np.isclose(sum(shares.values()), total, rtol=1e-12, atol=1e-9), (path, shares, total)
        answer = {
            "position": {value.name: flat(position[value.name]) for value in values},
            "log_density": flat(total)[0],
            "gradient": {value.name: flat(slope) for value, slope in zip(values, slopes)},
            "constrained": {variable.name: flat(result) for variable, result in zip(visible, results[len(terms):])
                            if np.size(result) <= LARGEST_DETERMINISTIC or variable in model.free_RVs},
        }
        return answer | {"log_densities": shares} if with_terms else answer

    def random_point():
        position = {name: value + SPREAD * random.standard_normal(value.shape) for name, value in initial.items()}
        return point(position) if np.all(np.isfinite(gradient(position))) else random_point()

    random = np.random.default_rng(zlib.crc32(path.stem.encode()))
    data = data_path(path)
    first = point(initial, with_terms=True)
    shapes = [list(np.shape(result)) for result in evaluate(initial)[len(terms):]]
    return {
        "model": path.stem,
        "file": str(path.relative_to(ROOT)),
        "data": str(data.relative_to(ROOT)) if data else None,
        "pymc": pm.__version__,
        "variables": [{"name": variable.name, "value_name": model.rvs_to_values[variable].name,
                       "shape": shape, "value_shape": list(initial[model.rvs_to_values[variable].name].shape)}
                      for variable, shape in zip(model.free_RVs, shapes)],
        "initial_point": first,
        "points": [random_point() for _ in range(POINTS)],
    }


def main(wanted):
    RESULTS.mkdir(exist_ok=True)
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]
    for path in paths:
        if not wanted or path.stem in wanted:
            result = reference(path)
            target = RESULTS / f"{path.stem}.json"
            target.write_text(json.dumps(result, allow_nan=False, separators=(",", ":")) + "\n")
            print(f"{path.stem}: {len(result['variables'])} variables, {target.stat().st_size} bytes", flush=True)


if __name__ == "__main__":
    main(set(sys.argv[1:]))
