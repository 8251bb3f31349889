"""Make the reference values that Pareto-smoothed importance weights are tested against.

Run `python psis_reference.py` in an environment with requirements-arviz.txt; it writes
engine/tests/data/arviz/psis.json.
"""

import json
import pathlib

import arviz as az
import numpy as np

TARGET = pathlib.Path(__file__).resolve().parents[2] / "engine" / "tests" / "data" / "arviz" / "psis.json"


def number(value):
    """A JSON number; infinities, which JSON lacks, as strings."""
    value = float(value)
    return value if np.isfinite(value) else repr(value)


def cases():
    rng = np.random.default_rng(20240711)
    wide = rng.normal(size=300)
    return {
        "normal": (rng.normal(size=400), 1.0),
        "heavy": (rng.exponential(size=400) * 0.9, 1.0),
        "hopeless": (rng.exponential(size=200) * 3.0, 1.0),
        "bounded": (-0.1 * wide**2, 1.0),
        "narrower_than_target": (0.4 * wide**2, 1.0),
        "dependent_draws": (rng.normal(size=300), 0.3),
        "large_offsets": (rng.normal(size=150) - 1e4, 1.0),
        "few": (rng.normal(size=30), 1.0),
        "too_few": (rng.normal(size=12), 1.0),
        "ties": (np.round(rng.normal(size=200), 1), 1.0),
        "without_density": (np.where(rng.uniform(size=100) < 0.2, -np.inf, rng.normal(size=100)), 1.0),
    }


def main():
    values = {}
    for name, (log_ratios, relative_efficiency) in cases().items():
        log_weights, k_hat = az.psislw(log_ratios.copy(), reff=relative_efficiency)
        values[name] = {
            "log_ratios": [number(x) for x in log_ratios],
            "relative_efficiency": relative_efficiency,
            "log_weights": [number(x) for x in log_weights],
            "k_hat": number(k_hat),
        }
    TARGET.write_text(json.dumps(values, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
