"""Runs chainfire and its peers on the same models in one sitting and prints what a user waits for and gets.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    cargo build --release
    .venv/bin/python side_by_side.py                       # every case, chainfire, nutpie and NumPyro
    .venv/bin/python side_by_side.py --cases radon_mn-64 --engines chainfire numpyro-f64 --repetitions 1

NumPyro advances its chains in lockstep, so that 64 chains of radon take it minutes for each repetition.

Each run is a process of its own; engines take turns within a repetition, so that a slow minute of the machine hits
all. Medians over repetitions (seeds 1, 2, ...) of

    total_s        from the start of the process to the result: chainfire's with its file written, the peers' with the
                   draws in memory; imports, building, compiling, warm-up and draws are all in it
    run_s          warm-up and draws alone
    min_ess        smallest rank-normalised bulk ESS over the entries of every parameter
    ess/s          min_ess / run_s
    ess/gradient   min_ess / gradients of all chains after warm-up

and the ratios of chainfire to each peer, in which more than 1 is better for chainfire. All engines warm up for 500
steps, then draw 500, at their default settings, in double precision but for `numpyro` (float32, its default).
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import arviz as az
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
BINARY = HERE.parents[1] / "target" / "release" / "chainfire"
ENGINES = ("chainfire", "nutpie", "numpyro", "numpyro-f64")
TUNE = DRAWS = 500
EIGHT_SCHOOLS = ("mu", "tau", "z")
RADON = ("sigma_alpha", "sigma_y", "mu_alpha", "beta", "alpha_raw")
CASES = {"eight_schools-4": ("eight_schools", 4, EIGHT_SCHOOLS), "radon_mn-4": ("radon_mn", 4, RADON),
         "radon_mn-64": ("radon_mn", 64, RADON)}
COLUMNS = ("total_s", "run_s", "min_ess", "ess/s", "ess/gradient")


def smallest_ess(draws):
    """The smallest bulk ESS over all entries of `draws`, arrays `[chain, draw, ...]` by name."""
    ess = az.ess(az.convert_to_dataset(draws), method="bulk")
    return min(float(ess[name].min()) for name in ess.data_vars)


def run_chainfire(binary, model, chains, seed, parameters, folder):
    out = folder / "draws.nc"
    files = [HERE / "models" / f"{model}.py", "--data", HERE / "models" / f"{model}.json"]
    sizes = ["--chains", chains, "--tune", TUNE, "--draws", DRAWS, "--seed", seed]
    command = [binary, "sample", *files, *sizes, "--json", "--quiet", "-o", out]
    start = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    total = time.perf_counter() - start
    result = az.from_netcdf(out)
    draws = {name: result.posterior[name].values for name in parameters}
    return total, float(result.posterior.attrs["sampling_time"]), draws, int(result.sample_stats["n_steps"].sum())


def run_peer(engine, model, chains, seed, parameters, folder):
    out = folder / "draws.npz"
    words = [sys.executable, "-W", "ignore", HERE / "one_run.py", engine, model, chains, TUNE, DRAWS, seed, out]
    start = time.time()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    result = np.load(out)
    draws = {name: result[name] for name in parameters}
    return float(result["_ready"]) - start, float(result["_run"]), draws, int(result["_gradients"])


def measure(engine, binary, model, chains, seed, parameters):
    """One run of one engine: a number for each of `COLUMNS`."""
    with tempfile.TemporaryDirectory() as name:
        if engine == "chainfire":
            outcome = run_chainfire(binary, model, chains, seed, parameters, pathlib.Path(name))
        else:
            outcome = run_peer(engine, model, chains, seed, parameters, pathlib.Path(name))
    total, run, draws, gradients = outcome
    for name, values in draws.items():
        assert values.shape[:2] == (chains, DRAWS), f"{engine}: {name} has the shape {values.shape}"
    ess = smallest_ess(draws)
    return dict(zip(COLUMNS, (total, run, ess, ess / run, ess / gradients)))


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    print(flush=True)


def report(model, chains, medians):
    print(f"{model}, {chains} chains x ({TUNE} + {DRAWS})")
    table([("engine", *COLUMNS)] + [(engine, *(f"{row[column]:.4g}" for column in COLUMNS))
                                    for engine, row in medians.items()])
    if "chainfire" not in medians or len(medians) == 1:
        return
    ours = medians["chainfire"]

    def times_better(theirs, column):
        ratio = ours[column] / theirs[column]
        return f"{1 / ratio if column.endswith('_s') else ratio:.3g}x"

    table([("chainfire against", *COLUMNS)] + [(engine, *(times_better(row, column) for column in COLUMNS))
                                               for engine, row in medians.items() if engine != "chainfire"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=BINARY, help="chainfire's binary (default: target/release/chainfire)")
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=CASES)
    parser.add_argument("--engines", nargs="+", default=ENGINES[:3], choices=ENGINES)
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    for model, chains, parameters in (CASES[case] for case in arguments.cases):
        runs = {engine: [] for engine in arguments.engines}
        for seed in range(1, arguments.repetitions + 1):
            for engine in runs:
                runs[engine].append(measure(engine, arguments.binary, model, chains, seed, parameters))
                print(f"{model} {chains} {engine} seed {seed}: {runs[engine][-1]}", file=sys.stderr, flush=True)
        report(model, chains, {engine: {column: statistics.median(run[column] for run in taken) for column in COLUMNS}
                               for engine, taken in runs.items()})


if __name__ == "__main__":
    main()
