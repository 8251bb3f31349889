"""Makes the data of the models whose data are generated; those of the others are in the folder `models`.

    python make_data.py            # writes models/{hier_binomial,logistic,logistic_100k,mvn_100}.json
"""

import json
import pathlib

import numpy as np

MODELS = pathlib.Path(__file__).resolve().parent / "models"


def regression(rng, rows, columns, spread):
    predictors = rng.standard_normal((rows, columns)).round(6)
    slopes = rng.standard_normal(columns) * spread
    return {"X": predictors, "y": rng.binomial(1, 1 / (1 + np.exp(-(0.3 + predictors @ slopes))))}


def correlated(rng, size):
    rotation, _ = np.linalg.qr(rng.standard_normal((size, size)))
    return {"P": (rotation * np.logspace(0, 3, size)) @ rotation.T}


def grouped(rng, groups, rows):
    group = np.repeat(np.arange(groups), rows)
    effect = 0.3 + 0.8 * rng.standard_normal(groups)
    trials = rng.integers(10, 60, group.size)
    return {"G": groups, "g": group, "n": trials, "y": rng.binomial(trials, 1 / (1 + np.exp(-effect[group])))}


def main():
    made = {
        "hier_binomial": grouped(np.random.default_rng(1), 200, 5),
        "logistic": regression(np.random.default_rng(2), 1000, 25, 0.5),
        "logistic_100k": regression(np.random.default_rng(3), 100_000, 50, 0.3),
        "mvn_100": correlated(np.random.default_rng(4), 100),
    }
    for model, data in made.items():
        plain = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in data.items()}
        (MODELS / f"{model}.json").write_text(json.dumps(plain))


if __name__ == "__main__":
    main()
