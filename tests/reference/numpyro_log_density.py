"""Writes the log densities and gradients that NumPyro gives for the model files of `tests/data/numpyro`.

    python -m venv .venv && .venv/bin/pip install numpyro==0.22.0 jax==0.10.2
    .venv/bin/python numpyro_log_density.py

Each file is executed; the model is the function that the file's sampler runs, with its arguments, or the last function
of the file, with the file's names for its parameters. The result is `tests/data/numpyro/<model>.json` with the fields of
`pymc_log_density.py`: `file`, `data`, and ten `points` of unconstrained values (by the names that PyMC gives them), the
log density there, Jacobians included, and its gradient. NumPyro and PyMC share the transforms of real, positive and
bounded variables, and the models hold no others.
"""

import json
import pathlib
import types
import zlib

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro import distributions, handlers
from numpyro.infer import MCMC
from numpyro.infer.util import potential_energy

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = ROOT / "tests" / "data" / "numpyro"
POINTS = 10
SPREAD = 0.5


def build(path):
    """The model of a file, and its arguments."""
    runs = []
    MCMC.run = lambda self, key, *args, **kwargs: runs.append((self.sampler.model, args, kwargs))
    MCMC.print_summary = lambda self: None
    MCMC.get_samples = lambda self: {}
    names = {"__name__": "__main__"}
    exec(compile(path.read_text(), str(path), "exec"), names)  # the committed files of this repository, nothing else
    if runs:
        return runs[0]
    model = [value for value in names.values() if isinstance(value, types.FunctionType)][-1]
    parameters = model.__code__.co_varnames[: model.__code__.co_argcount]
    return model, (), {name: names[name] for name in parameters if name in names}


def suffix(fn):
    """What PyMC puts behind the name of an unconstrained value."""
    base = fn
    while hasattr(base, "base_dist"):
        base = base.base_dist
    if isinstance(base, distributions.Uniform):
        return "_interval__"
    support = str(type(fn.support).__name__) + str(getattr(fn.support, "base_constraint", ""))
    return "_log__" if "Positive" in support or "GreaterThan" in support else "_logodds__" if "Interval" in support else ""


def reference(path):
    model, args, kwargs = build(path)
    trace = handlers.trace(handlers.seed(model, 0)).get_trace(*args, **kwargs)
    free = {name: site for name, site in trace.items() if site["type"] == "sample" and not site["is_observed"]}
    random = np.random.default_rng(zlib.crc32(path.stem.encode()))
    log_density = lambda position: -potential_energy(model, args, kwargs, position)
    both = jax.value_and_grad(log_density)
    points = []
    for _ in range(POINTS):
        position = {name: jnp.array(SPREAD * random.standard_normal(site["value"].shape)) for name, site in free.items()}
        value, slopes = both(position)
        named = {name: name + suffix(site["fn"]) for name, site in free.items()}
        points.append({
            "position": {named[name]: np.ravel(x).tolist() for name, x in position.items()},
            "log_density": float(value),
            "gradient": {named[name]: np.ravel(x).tolist() for name, x in slopes.items()},
        })
    return {"model": path.stem, "file": str(path.relative_to(ROOT)), "data": None, "numpyro": numpyro.__version__, "points": points}


def main():
    numpyro.enable_x64()
    for path in sorted(MODELS.glob("*.py")):
        result = reference(path)
        path.with_suffix(".json").write_text(json.dumps(result, allow_nan=False, separators=(",", ":")) + "\n")
        print(f"{path.stem}: {len(result['points'][0]['position'])} variables", flush=True)


if __name__ == "__main__":
    main()
