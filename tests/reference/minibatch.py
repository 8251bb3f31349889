"""Log densities of minibatch models at a fixed batch, by PyMC.

Runs every model file of tests/data/minibatch in PyMC with `pm.Minibatch` replaced by a function that takes the rows of
a fixed batch, and writes log density and gradient at one position to tests/data/minibatch/reference.json.

    python tests/reference/minibatch.py        (needs pymc, pandas)
"""

import json
import pathlib

import numpy as np
import pandas as pd
import pymc as pm

FOLDER = pathlib.Path(__file__).parent.parent / "data" / "minibatch"
ROWS = [2, 3, 3, 9, 14, 20, 23]


def make_data():
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "a": random.normal(1, 2, 24).round(3),
            "b": random.normal(0, 1, 24).round(3),
            "group": random.integers(0, 4, 24),
            "success": random.integers(0, 2, 24),
            "count": random.poisson(2, 24),
            "label": random.integers(0, 3, 24),
        }
    )
    table.to_csv(FOLDER / "rows.csv", index=False)
    return table


def reference(path, table):
    def some_rows(*data, batch_size):
        taken = tuple(np.asarray(x)[ROWS] for x in data)
        return taken if len(taken) > 1 else taken[0]

    original, pm.Minibatch = pm.Minibatch, some_rows
    try:
        names = {column: table[column].to_numpy() for column in table.columns}
        exec(compile(path.read_text(), path, "exec"), names)
    finally:
        pm.Minibatch = original
    model = names["model"]
    point = {v.name: np.full(model.initial_point()[v.name].shape, 0.3) for v in model.value_vars}
    for name in point:
        point[name] = point[name] + 0.1 * np.arange(point[name].size).reshape(point[name].shape)
    return {
        "file": path.name,
        "rows": ROWS,
        "position": np.concatenate([point[v.name].ravel() for v in model.value_vars]).tolist(),
        "log_density": float(model.compile_logp()(point)),
        "gradient": np.asarray(model.compile_dlogp()(point)).tolist(),
    }


if __name__ == "__main__":
    table = make_data()
    found = [reference(path, table) for path in sorted(FOLDER.glob("*.py"))]
    (FOLDER / "reference.json").write_text(json.dumps(found, indent=1) + "\n")
