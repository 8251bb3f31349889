"""Make the reference values that diagnostics, files of draws and summary tables are tested against.

Run `python arviz_reference.py` in an environment with requirements.txt; it writes engine/tests/data/arviz/.
"""

import json
import pathlib
import shutil
import warnings

import arviz as az
import numpy as np

TARGET = pathlib.Path(__file__).resolve().parents[2] / "engine" / "tests" / "data" / "arviz"
DATA_SETS = ["centered_eight", "non_centered_eight"]
COLUMNS = ["mean", "sd", "hdi_3%", "hdi_97%", "mcse_mean", "mcse_sd", "ess_bulk", "ess_tail", "r_hat"]


def number(value):
    """A JSON number; NaN and infinities, which JSON lacks, as strings."""
    value = float(value)
    return value if np.isfinite(value) else repr(value)


def autoregressive(rng, chains, draws, persistence):
    innovations = rng.normal(size=(chains, draws)) * np.sqrt(1 - persistence**2)
    values = np.empty((chains, draws))
    values[:, 0] = rng.normal(size=chains)
    for draw in range(1, draws):
        values[:, draw] = persistence * values[:, draw - 1] + innovations[:, draw]
    return values


def edge_cases():
    rng = np.random.default_rng(20240229)
    with_nan = rng.normal(size=(4, 20))
    with_nan[2, 7] = np.nan
    with_infinity = rng.normal(size=(4, 20))
    with_infinity[1, 3] = np.inf
    shifted = rng.normal(size=(4, 60))
    shifted[3] += 2
    scaled = rng.normal(size=(4, 60))
    scaled[0] *= 5
    return {
        "one_chain": autoregressive(rng, 1, 50, 0.5),
        "odd_draws": autoregressive(rng, 4, 51, 0.6),
        "odd_draws_with_ties": rng.integers(0, 4, size=(3, 25)).astype(float),
        "one_draw": rng.normal(size=(4, 1)),
        "three_draws": rng.normal(size=(4, 3)),
        "four_draws": rng.normal(size=(4, 4)),
        "five_draws": rng.normal(size=(2, 5)),
        "six_draws": rng.normal(size=(3, 6)),
        "few_draws": rng.normal(size=(2, 10)),
        "constant": np.full((4, 20), 1.0),
        "constant_chains": np.repeat([[1.0], [2.0], [3.0], [4.0]], 20, axis=1),
        "nan": with_nan,
        "infinity": with_infinity,
        "ties": rng.poisson(2.0, size=(4, 40)).astype(float),
        "two_values": rng.integers(0, 2, size=(4, 40)).astype(float),
        "signed_zeros": rng.choice([-0.0, 0.0, 1.0, -1.0], size=(2, 30)),
        "antithetic": autoregressive(rng, 4, 100, -0.9),
        "alternating": np.tile([1.0, -1.0], (2, 12)) + 1e-3 * rng.normal(size=(2, 24)),
        "sticky": autoregressive(rng, 4, 200, 0.99),
        "shifted_chain": shifted,
        "scaled_chain": scaled,
        "heavy_tails": rng.standard_cauchy(size=(4, 80)),
        "large_offset": 1e3 + rng.normal(size=(4, 50)),
        "many_chains": rng.normal(size=(64, 10)),
    }


def diagnostics(draws):
    idata = az.from_dict({"x": draws})
    row = az.summary(idata, round_to="none").loc["x"]
    enough = draws.shape[1] >= 4
    extra = {
        "ess_mean": az.ess(draws, method="mean"),
        "ess_sd": az.ess(draws, method="sd"),
        "ess_median": az.ess(draws, method="median") if enough else np.nan,
        "ess_quantile_10": az.ess(draws, method="quantile", prob=0.1) if enough else np.nan,
        "mcse_quantile_10": az.mcse(draws, method="quantile", prob=0.1) if enough else np.nan,
        "mcse_median": az.mcse(draws, method="median") if enough else np.nan,
        "hdi_50": list(az.hdi(draws.ravel(), hdi_prob=0.5)),
        "e_bfmi": list(az.bfmi(draws)),
    }
    result = {column: number(row[column]) for column in COLUMNS}
    for name, value in extra.items():
        result[name] = [number(item) for item in value] if isinstance(value, list) else number(value)
    return result


def nested_r_hat(draws, chains_per_start):
    """The formula of R's posterior::rhat_nested, for chains that stand next to each other when they share a start."""
    chains, length = draws.shape
    means = draws.mean(axis=1).reshape(-1, chains_per_start)
    between_chains = means.var(axis=1, ddof=1) if chains_per_start > 1 else 0.0
    variances = draws.var(axis=1, ddof=1).reshape(means.shape) if length > 1 else np.zeros(means.shape)
    within = np.mean(variances.mean(axis=1) + between_chains)
    return np.sqrt(1 + means.mean(axis=1).var(ddof=1) / within)


def many_chains():
    rng = np.random.default_rng(20240301)
    starts = np.repeat(2 * rng.normal(size=16), 8)[:, None]
    return {
        "one_draw": (rng.normal(size=(128, 1)), 8),
        "one_draw_remembers": (starts + rng.normal(size=(128, 1)), 8),
        "short": (rng.normal(size=(128, 5)), 8),
        "short_remembers": (0.6 * starts + rng.normal(size=(128, 5)), 8),
        "own_starts": (autoregressive(rng, 64, 20, 0.7), 1),
        "two_superchains": (rng.normal(size=(6, 3)), 3),
    }


def main():
    warnings.simplefilter("ignore")
    # Numba's variance is E[x^2] - E[x]^2, which loses digits; NumPy's is the definition.
    az.Numba.disable_numba()
    np.seterr(all="ignore")
    TARGET.mkdir(parents=True, exist_ok=True)
    shipped = pathlib.Path(az.__file__).parent / "data" / "example_data" / "data"
    summaries = {}
    for name in DATA_SETS:
        shutil.copyfile(shipped / f"{name}.nc", TARGET / f"{name}.nc")
        idata = az.from_netcdf(TARGET / f"{name}.nc").load()
        exact = az.summary(idata, round_to="none")
        summaries[name] = {
            "rows": {label: [number(value) for value in row] for label, row in zip(exact.index, exact.to_numpy())},
            "e_bfmi": [number(value) for value in az.bfmi(idata)],
            "divergences": int(idata.sample_stats.diverging.sum()),
        }
        # The table as a terminal that is wide and high enough shows it.
        (TARGET / f"{name}_summary.txt").write_text(az.summary(idata).to_string() + "\n")
    cases = {
        name: {"draws": [[number(value) for value in chain] for chain in draws], "expected": diagnostics(draws)}
        for name, draws in edge_cases().items()
    }
    nested = {
        name: {
            "draws": draws.tolist(),
            "chains_per_start": chains_per_start,
            "r_hat_nested": nested_r_hat(draws, chains_per_start),
            "mcse_across": np.std(draws.mean(axis=1), ddof=1) / np.sqrt(len(draws)),
        }
        for name, (draws, chains_per_start) in many_chains().items()
    }
    tables = {
        "wide": {"tiny": 2e-9 * np.ones((4, 20)) * np.arange(20), "huge": 1e9 * np.arange(80.0).reshape(4, 20)},
        "large": {"a": 1e5 * np.sin(np.arange(80.0)).reshape(4, 20), "count": np.arange(80).reshape(4, 20)},
        "one_chain": {"b": np.cos(np.arange(20.0)).reshape(1, 20), "flag": np.arange(20).reshape(1, 20) % 3 == 0},
        "constant": {"c": np.ones((4, 20)), "d": np.sin(np.arange(160.0)).reshape(4, 20, 2)},
    }
    written = {}
    for name, variables in tables.items():
        idata = az.from_dict(variables)
        written[name] = {
            "variables": {
                variable: {"shape": list(np.shape(values)), "values": [float(value) for value in np.ravel(values)]}
                for variable, values in variables.items()
            },
            "table": az.summary(idata).to_string(),
        }
    files = {"summaries": summaries, "edge_cases": cases, "many_chains": nested, "tables": written}
    for file, content in files.items():
        (TARGET / f"{file}.json").write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
