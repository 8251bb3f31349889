# Functions of the file: defaults, rest arguments, lambda, f-string formats; data: columns.json
import math

import numpy as np
import pymc as pm


def prior(name, *args, **keywords):
    """A normal variable."""
    return pm.Normal(name, *args, **keywords)


def standardize(v: np.ndarray) -> np.ndarray:
    return (v - np.mean(v)) / np.std(v)


squared = lambda v, k=2: v**k

with pm.Model() as model:
    a = prior("a", 0, sigma=math.sqrt(2.0))
    b = prior("b", mu=math.log(3), sigma=squared(2))
    c = prior(name="c", tau=math.pi)
    for i, value in enumerate(y):
        pm.Normal(f"obs_{i:02d}", a + squared(b) * c * standardize(x)[i], 1, observed=value)
