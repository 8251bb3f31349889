"""Runs one model once on one peer, in a process of its own, and saves what `side_by_side.py` compares.

    python one_run.py nutpie|numpyro|numpyro-f64 MODEL CHAINS TUNE DRAWS SEED OUT.npz

OUT.npz holds the draws `[chain, draw, ...]` by parameter, and three scalars whose names start with an underscore:
`_ready` (time.time() when the draws were in memory), `_run` (seconds of warm-up and draws, compiling left out) and
`_gradients` (leapfrog steps of all chains after warm-up). nutpie runs the model file itself; NumPyro has no such
front door, so its models are written out below.
"""

import json
import pathlib
import sys
import tempfile
import time

import numpy as np

MODELS = pathlib.Path(__file__).resolve().parent / "models"


def data_of(model):
    data = json.loads((MODELS / f"{model}.json").read_text())
    return {name: np.array(value) if isinstance(value, list) else value for name, value in data.items()}


def nutpie_run(model, chains, tune, draws, seed):
    import nutpie

    names = data_of(model)
    exec((MODELS / f"{model}.py").read_text(), names)  # a file of this folder
    compiled = nutpie.compile_pymc_model(names["model"])
    start = time.perf_counter()
    trace = nutpie.sample(compiled, draws=draws, tune=tune, chains=chains, seed=seed, progress_bar=False)
    run, ready = time.perf_counter() - start, time.time()
    parameters = [variable.name for variable in names["model"].free_RVs]
    return {name: trace.posterior[name].values for name in parameters} | {
        "_ready": ready, "_run": run, "_gradients": int(trace.sample_stats.n_steps.sum())}


def numpyro_model(model, data):
    import jax.numpy as jnp
    import numpyro
    from numpyro.distributions import HalfCauchy, HalfNormal, Normal

    sample = numpyro.sample
    data = {name: jnp.asarray(value) if isinstance(value, np.ndarray) else value for name, value in data.items()}

    def eight_schools():
        mu = sample("mu", Normal(0, 5))
        tau = sample("tau", HalfCauchy(5))
        z = sample("z", Normal(0, 1).expand([8]))
        sample("obs", Normal(mu + tau * z, data["s"]), obs=data["y"])

    def radon_mn():
        sigma_alpha = sample("sigma_alpha", HalfNormal(1))
        sigma_y = sample("sigma_y", HalfNormal(1))
        mu_alpha = sample("mu_alpha", Normal(0, 10))
        beta = sample("beta", Normal(0, 10).expand([2]))
        alpha = mu_alpha + sigma_alpha * sample("alpha_raw", Normal(0, 1).expand([data["J"]]))
        mu = alpha[data["county_idx"] - 1] + data["log_uppm"] * beta[0] + data["floor_measure"] * beta[1]
        sample("obs", Normal(mu, sigma_y), obs=data["log_radon"])

    return {"eight_schools": eight_schools, "radon_mn": radon_mn}[model]


def numpyro_run(model, chains, tune, draws, seed, double):
    import jax

    jax.config.update("jax_enable_x64", double)
    # NumPyro compiles anew at every run: the second run takes the programs of the first from this cache.
    jax.config.update("jax_compilation_cache_dir", tempfile.mkdtemp())
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    from numpyro.infer import MCMC, NUTS

    mcmc = MCMC(NUTS(numpyro_model(model, data_of(model))), num_warmup=tune, num_samples=draws, num_chains=chains,
                chain_method="vectorized", progress_bar=False)

    def run(key):
        mcmc.run(jax.random.PRNGKey(key), extra_fields=("num_steps",))
        return jax.block_until_ready(mcmc.get_samples(group_by_chain=True))

    posterior, ready = run(seed), time.time()
    gradients = int(mcmc.get_extra_fields()["num_steps"].sum())
    start = time.perf_counter()
    run(seed)
    return {name: np.asarray(value) for name, value in posterior.items()} | {
        "_ready": ready, "_run": time.perf_counter() - start, "_gradients": gradients}


def main(engine, model, *numbers):
    *sizes, out = numbers
    arguments = (model, *map(int, sizes))
    result = nutpie_run(*arguments) if engine == "nutpie" else numpyro_run(*arguments, double=engine == "numpyro-f64")
    np.savez(out, **result)


if __name__ == "__main__":
    main(*sys.argv[1:])
