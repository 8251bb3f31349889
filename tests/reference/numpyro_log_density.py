"""Writes the log densities and gradients that NumPyro gives for the model files of `tests/data/numpyro`.

    python -m venv .venv && .venv/bin/pip install numpyro==0.22.0 jax==0.10.2
    .venv/bin/python numpyro_log_density.py

Each file is executed; the model is the function that the file's sampler runs, with its arguments, or the last function
of the file, with the file's names for its parameters. The result is `tests/data/numpyro/<model>.json` with the fields of
`pymc_log_density.py`: `file`, `data`, and ten `points` of unconstrained values (by the names of the variables), the
log density there, Jacobians included, and its gradient. NumPyro and PyMC share the transforms of real, positive, bounded
and ordered variables. Where chainfire has other coordinates, the values are those of its variables: of what is before
the transforms of a transformed distribution (`name_base`); of a triangular factor as one vector (`name_vector`); twice
NumPyro's of a correlation matrix (`name_partial`); those that were not observed of a variable with `obs_mask`.
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
from numpyro.distributions import constraints
from numpyro.infer import MCMC
from numpyro.infer.initialization import init_to_uniform
from numpyro.infer.reparam import TransformReparam
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


def trace_of(model, args, kwargs):
    """The statements of a model, at a place where all of them are defined."""
    started = handlers.substitute(handlers.seed(model, 0), substitute_fn=init_to_uniform())
    return handlers.trace(started).get_trace(*args, **kwargs)


def is_free(site):
    return site["type"] == "sample" and not site["is_observed"]


def coordinates(name, site):
    """The name of chainfire's variable, the slope of its values by NumPyro's, and which of them it has."""
    fn, everything = site["fn"], slice(None)
    name = name.replace("/", ".")
    if fn.support in (constraints.corr_matrix, constraints.corr_cholesky):
        return f"{name}_partial", 2.0, everything
    if fn.support in (constraints.lower_cholesky, constraints.positive_definite):
        return f"{name}_vector", 1.0, everything
    if name.endswith("_unobserved"):
        return name, 1.0, np.ravel(np.broadcast_to(fn._mask, site["value"].shape))
    return name, 1.0, everything


def reference(path):
    model, args, kwargs = build(path)
    transformed = {
        name: TransformReparam()
        for name, site in trace_of(model, args, kwargs).items()
        if is_free(site) and type(site["fn"]).__name__ in ("TransformedDistribution", "RelaxedBernoulliLogits")
    }
    model = handlers.reparam(model, config=transformed)
    free = {name: site for name, site in trace_of(model, args, kwargs).items() if is_free(site)}
    random = np.random.default_rng(zlib.crc32(path.stem.encode()))
    log_density = lambda position: -potential_energy(model, args, kwargs, position)
    both = jax.value_and_grad(log_density)
    points = []
    for _ in range(POINTS):
        position = {}
        for name, site in free.items():
            shape = distributions.biject_to(site["fn"].support).inverse_shape(site["value"].shape)
            position[name] = jnp.array(SPREAD * random.standard_normal(shape))
        value, slopes = both(position)
        point = {"position": {}, "log_density": float(value), "gradient": {}}
        for name, site in free.items():
            own, slope, which = coordinates(name, site)
            point["position"][own] = (slope * np.ravel(position[name]))[which].tolist()
            point["gradient"][own] = (np.ravel(slopes[name]) / slope)[which].tolist()
            point["log_density"] -= float(np.log(slope)) * position[name].size
        points.append(point)
    return {"model": path.stem, "file": str(path.relative_to(ROOT)), "data": None, "numpyro": numpyro.__version__, "points": points}


def main():
    numpyro.enable_x64()
    for path in sorted(MODELS.glob("*.py")):
        result = reference(path)
        path.with_suffix(".json").write_text(json.dumps(result, allow_nan=False, separators=(",", ":")) + "\n")
        print(f"{path.stem}: {len(result['points'][0]['position'])} variables", flush=True)


if __name__ == "__main__":
    main()
