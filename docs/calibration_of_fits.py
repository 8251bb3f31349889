"""Simulation-based calibration of `chainfire fit`: writes calibration_of_fits.svg and prints its numbers.

    cargo build --release
    python docs/calibration_of_fits.py                   # needs numpy, scipy, matplotlib, h5py; some minutes

Parameters are drawn from the prior and data from them, 500 times; each time the posterior is approximated and 99 draws
of it are compared with the parameter. With the exact posterior every rank from 0 to 99 is as likely (Talts, Betancourt,
Simpson, Vehtari, Gelman 2018, arXiv:1804.06788, algorithm 1).
"""

import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import tempfile

import h5py
import matplotlib
import numpy as np
from scipy import stats

matplotlib.use("svg")
import matplotlib.pyplot as plt

HERE = pathlib.Path(__file__).resolve().parent
BINARY = HERE.parent / "target" / "release" / "chainfire"
METHODS = ("advi", "dadvi")
DRAWS, BINS = 99, 20

MODELS = {
    "eight schools, non-centred": """
import pymc as pm

with pm.Model():
    mu = pm.Normal("mu", 0, 5)
    tau = pm.HalfCauchy("tau", 5)
    z = pm.Normal("z", 0, 1, shape=8)
    pm.Normal("effect", mu + tau * z, sigma, observed=y)
""",
    "hierarchical binomial": """
import pymc as pm

with pm.Model():
    mean = pm.Normal("mean", 0, 1)
    spread = pm.HalfNormal("spread", 1)
    z = pm.Normal("z", 0, 1, shape=12)
    pm.Binomial("y", n=trials, logit_p=mean + spread * z, observed=y)
""",
}


def eight_schools(random):
    sigma = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    mu, tau, z = random.normal(0, 5), abs(5 * random.standard_cauchy()), random.standard_normal(8)
    return {"mu": mu, "tau": tau, "z": z[0]}, {"sigma": sigma, "y": random.normal(mu + tau * z, sigma)}


def hierarchical_binomial(random):
    mean, spread, z = random.standard_normal(), abs(random.standard_normal()), random.standard_normal(12)
    trials = 5 + 3 * np.arange(12)
    y = random.binomial(trials, 1 / (1 + np.exp(-(mean + spread * z))))
    return {"mean": mean, "spread": spread, "z": z[0]}, {"trials": trials, "y": y}


def rank(binary, model, data, truth, method, seed, folder):
    """How many of the draws of each parameter are below the true one; nothing where the fit fails."""
    (folder / "model.py").write_text(MODELS[model])
    (folder / "data.json").write_text(json.dumps({name: np.asarray(x).tolist() for name, x in data.items()}))
    words = [binary, "fit", folder / "model.py", "--data", folder / "data.json", "--method", method, "--draws", DRAWS]
    words += ["--seed", seed, "--threads", 1, "--quiet", "-o", folder / "fit.nc"]
    done = subprocess.run([str(word) for word in words], stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        return {}
    with h5py.File(folder / "fit.nc") as file:
        draws = {name: file["posterior"][name][0].reshape(DRAWS, -1)[:, 0] for name in truth}
    return {name: int((draws[name] < truth[name]).sum()) for name in truth}


def replicate(binary, model, simulate, replication):
    """The ranks of one replication by parameter and method."""
    truth, data = simulate(np.random.default_rng([1, replication]))
    with tempfile.TemporaryDirectory() as folder:
        return {(model, parameter, method): found.get(parameter) for method in METHODS
                for found in [rank(binary, model, data, truth, method, replication, pathlib.Path(folder))]
                for parameter in truth}


def measure(binary, replications, workers):
    ranks = {}
    simulators = dict(zip(MODELS, (eight_schools, hierarchical_binomial)))
    work = [(binary, model, simulate, k) for model, simulate in simulators.items() for k in range(replications)]
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for found in pool.map(lambda arguments: replicate(*arguments), work):
            for key, seen in found.items():
                ranks.setdefault(key, []).append(seen)
    return ranks


def judge(seen):
    """Chi-square of 20 bins; bias, the mean rank less one half in standard errors; and the variance of the ranks over
    that of uniform ones: above 1, the approximation is too narrow."""
    places = (np.array(seen) + 0.5) / (DRAWS + 1)
    counts = np.histogram(places, BINS, (0, 1))[0]
    chi_square = ((counts - len(seen) / BINS) ** 2).sum() / (len(seen) / BINS)
    bias = (places.mean() - 0.5) / np.sqrt(1 / 12 / len(seen))
    return counts, chi_square, bias, 12 * places.var()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=BINARY)
    parser.add_argument("--replications", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    ranks = measure(arguments.binary, arguments.replications, arguments.workers)
    places = list(dict.fromkeys((model, parameter) for model, parameter, _ in ranks))
    figure, axes = plt.subplots(len(METHODS), len(places), figsize=(2.3 * len(places), 2.1 * len(METHODS)),
                                sharex=True, sharey=True, layout="constrained")
    print(f"{'model':28} {'parameter':10} {'method':14} {'failed':>6} {'chi-square':>10} {'p':>8} {'bias':>6} {'spread':>6}")
    for (model, parameter, method), found in ranks.items():
        seen = [r for r in found if r is not None]
        counts, chi_square, bias, spread = judge(seen)
        tail = stats.chi2.sf(chi_square, BINS - 1)
        print(f"{model:28} {parameter:10} {method:14} {len(found) - len(seen):6} {chi_square:10.1f} {tail:8.1g} "
              f"{bias:6.1f} {spread:6.2f}")
        axis = axes[METHODS.index(method), places.index((model, parameter))]
        axis.bar((np.arange(BINS) + 0.5) / BINS, counts, 1 / BINS, color="#2a6f97" if tail > 1e-4 else "#c1440e")
        low, high = stats.binom.interval(0.99, len(seen), 1 / BINS)
        axis.axhspan(low, high, color="0.6", alpha=0.45, linewidth=0)
        axis.set_title(f"{parameter}: $\\chi^2$ {chi_square:.0f}, spread {spread:.2f}", fontsize=8)
        axis.set_xticks([0, 0.5, 1])
        axis.tick_params(labelsize=7)
    for row, method in enumerate(METHODS):
        axes[row, 0].set_ylabel(method, fontsize=9)
    for column, (model, _) in enumerate(places):
        axes[-1, column].set_xlabel(model, fontsize=8)
    figure.suptitle(f"Ranks of the true parameter among {DRAWS} draws, {arguments.replications} replications; "
                    "grey: 99 % of uniform ranks; red: uniform is refuted (p < 1e-4)", fontsize=9)
    figure.savefig(HERE / "calibration_of_fits.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
