"""Writes NumPy's files of arrays of every type that is read, and what they hold.

    .venv/bin/python arrays.py

The results are `../data/arrays.npz`, `../data/packed.npz` (the same, deflated), `../data/single.npy` and
`../data/arrays.json`.
"""

import json
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).resolve().parents[1] / "data"

ARRAYS = {
    "floats": np.array([1.5, np.nan, -2.25]),
    "singles": np.array([[0.5, 1.0], [2.0, -4.0]], dtype="f4"),
    "small": np.array([-3, 200, 7], dtype="i2"),
    "bytes_": np.array([0, 255], dtype="u1"),
    "big": np.array([1, -70000], dtype=">i4"),
    "truths": np.array([True, False, True]),
    "columns": np.asfortranarray(np.arange(12.0).reshape(2, 3, 2)),
    "number": np.array(2.5),
    "whole": np.array(3),
    "label": np.array("north"),
    "labels": np.array(["a", "Ørsted", "ccc"]),
    "plain": np.array([b"x", b"yz"]),
    "objects": np.array(["Oslo", None, "Bergen"], dtype=object),
    "mixed": np.array([1, 2.5, None, True], dtype=object),
    "scalars": np.array([np.float64(0.5), np.int64(-3)], dtype=object),
    "many": np.array([f"row {k}" for k in range(2500)], dtype=object),
    "days": np.array(["2020-02-29", "1969-12-31"], dtype="M8[D]"),
    "times": np.array(["2020-02-29T12:30:00", "2021-01-01T00:00:00"], dtype="M8[ns]"),
}


def plain(array):
    def one(x):
        if isinstance(x, list):
            return [one(item) for item in x]
        if isinstance(x, bytes):
            return x.decode()
        return None if isinstance(x, float) and np.isnan(x) else x

    if array.dtype.kind == "M":
        return [str(x).replace("T00:00:00", "").replace("T", " ") for x in array.astype("M8[s]")]
    if array.dtype.kind == "O":
        return [x.item() if isinstance(x, np.generic) else x for x in array]
    return one(array.tolist())


def main():
    np.savez(TARGET / "arrays.npz", **ARRAYS)
    np.savez_compressed(TARGET / "packed.npz", **ARRAYS)
    np.save(TARGET / "single.npy", ARRAYS["singles"])
    (TARGET / "arrays.json").write_text(json.dumps({name: plain(array) for name, array in ARRAYS.items()}) + "\n")


if __name__ == "__main__":
    main()
