"""Runs chainfire and its peers on the same models in one sitting and prints what a user waits for and gets.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    cargo build --release
    .venv/bin/python side_by_side.py                       # every case, chainfire, nutpie and NumPyro
    .venv/bin/python side_by_side.py --cases radon_mn-64 --engines chainfire numpyro-f64 --repetitions 1
    .venv/bin/python make_data.py                          # for the other models
    .venv/bin/pip install jax[cuda12]                      # to have JAX on the same card
    .venv/bin/python side_by_side.py --device gpu --engines chainfire numpyro blackjax

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
steps, then draw 500 (`--draws`), at their default settings, in double
precision but for `numpyro` (float32, its default).
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
# chainfire-METRIC samples with another metric than the default.
ENGINES = ("chainfire", "nutpie", "numpyro", "numpyro-f64", "blackjax", "chainfire-low_rank", "chainfire-dense")
PARAMETERS = {
    "eight_schools": ("mu", "tau", "z"),
    "radon_mn": ("sigma_alpha", "sigma_y", "mu_alpha", "beta", "alpha_raw"),
    "hier_binomial": ("overall_mean", "sigma_group", "z_group"),
    "irt_2pl": ("sigma_theta", "theta_raw", "sigma_a", "a_raw", "mu_b", "sigma_b", "b_raw"),
    "election88": (*(f"sigma_{k}" for k in "abcde"), *(f"z_{k}" for k in "abcde"), "beta"),
    "logistic": ("alpha", "beta"),
    "logistic_100k": ("alpha", "beta"),
    "mvn_100": ("x",),
}
# The cases that run without a name, and those of `--device gpu`: thousands of chains on one card.
CPU_CASES = ("eight_schools-4", "radon_mn-4", "radon_mn-64")
GPU_CASES = ("eight_schools-1024", "eight_schools-4096", "radon_mn-1024", "hier_binomial-1024", "election88-256",
             "logistic_100k-256")
COLUMNS = ("total_s", "run_s", "min_ess", "ess/s", "ess/gradient")


def smallest_ess(draws):
    """The smallest bulk ESS over all entries of `draws`, arrays `[chain, draw, ...]` by name."""
    ess = az.ess(az.convert_to_dataset(draws), method="bulk")
    return min(float(ess[name].min()) for name in ess.data_vars)


def run_chainfire(binary, engine, device, model, chains, draws, seed, parameters, folder):
    out = folder / "draws.nc"
    files = [HERE / "models" / f"{model}.py", "--data", HERE / "models" / f"{model}.json"]
    metric = engine.removeprefix("chainfire").removeprefix("-") or "fisher"
    sizes = ["--chains", chains, "--tune", draws, "--draws", draws, "--seed", seed]
    command = [binary, "sample", *files, *sizes, "--device", device, "--metric", metric, "--json", "--quiet", "-o", out]
    start = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    total = time.perf_counter() - start
    result = az.from_netcdf(out)
    draws = {name: result.posterior[name].values for name in parameters}
    return total, float(result.posterior.attrs["sampling_time"]), draws, int(result.sample_stats["n_steps"].sum())


def run_peer(engine, model, chains, draws, seed, parameters, folder):
    out = folder / "draws.npz"
    words = [sys.executable, "-W", "ignore", HERE / "one_run.py", engine, model, chains, draws, draws, seed, out]
    start = time.time()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    result = np.load(out)
    draws = {name: result[name] for name in parameters}
    return float(result["_ready"]) - start, float(result["_run"]), draws, int(result["_gradients"])


def measure(engine, binary, device, model, chains, length, seed):
    """One run of one engine: a number for each of `COLUMNS`."""
    parameters = PARAMETERS[model]
    with tempfile.TemporaryDirectory() as name:
        if engine.startswith("chainfire"):
            outcome = run_chainfire(binary, engine, device, model, chains, length, seed, parameters, pathlib.Path(name))
        else:
            outcome = run_peer(engine, model, chains, length, seed, parameters, pathlib.Path(name))
    total, run, draws, gradients = outcome
    for name, values in draws.items():
        assert values.shape[:2] == (chains, length), f"{engine}: {name} has the shape {values.shape}"
    ess = smallest_ess(draws)
    return dict(zip(COLUMNS, (total, run, ess, ess / run, ess / gradients)))


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    print(flush=True)


def report(model, chains, length, medians):
    print(f"{model}, {chains} chains x ({length} + {length})")
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
    parser.add_argument("--device", default="cpu", help="chainfire's device: cpu, gpu or gpu:N (default: cpu)")
    parser.add_argument("--cases", nargs="+", metavar="MODEL-CHAINS", help="such as radon_mn-64")
    parser.add_argument("--engines", nargs="+", default=ENGINES[:3], choices=ENGINES)
    parser.add_argument("--draws", type=int, default=500, help="draws, and steps of warm-up before (default: 500)")
    parser.add_argument("--repetitions", type=int, default=5)
    arguments = parser.parse_args()
    cases = arguments.cases or (CPU_CASES if arguments.device == "cpu" else GPU_CASES)
    for model, chains in (case.rsplit("-", 1) for case in cases):
        chains = int(chains)
        runs = {engine: [] for engine in arguments.engines}
        for seed in range(1, arguments.repetitions + 1):
            for engine in runs:
                run = measure(engine, arguments.binary, arguments.device, model, chains, arguments.draws, seed)
                runs[engine].append(run)
                print(f"{model} {chains} {engine} seed {seed}: {runs[engine][-1]}", file=sys.stderr, flush=True)
        medians = {engine: {column: statistics.median(run[column] for run in taken) for column in COLUMNS}
                   for engine, taken in runs.items()}
        report(model, chains, arguments.draws, medians)


if __name__ == "__main__":
    main()
