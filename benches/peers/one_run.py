"""Runs one model once on one peer, in a process of its own, and saves what `side_by_side.py` compares.

    python one_run.py nutpie|numpyro|numpyro-f64|blackjax MODEL CHAINS TUNE DRAWS SEED OUT.npz

OUT.npz holds the draws `[chain, draw, ...]` by parameter, and three scalars whose names start with an underscore:
`_ready` (time.time() when the draws were in memory), `_run` (seconds of warm-up and draws, compiling left out) and
`_gradients` (leapfrog steps of all chains after warm-up). nutpie runs the model file itself; NumPyro has no such
front door, so its models are written out below; BlackJAX samples the same densities, its chains mapped by `vmap`.
JAX computes on its default device: a GPU where `jax[cuda12]` is installed and there is one.
"""

import functools
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
    from numpyro.distributions import Bernoulli, Binomial, HalfCauchy, HalfNormal, ImproperUniform, Normal, constraints

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

    def hier_binomial():
        mean = sample("overall_mean", Normal(0, 1))
        spread = sample("sigma_group", HalfNormal(1))
        logit = mean + spread * sample("z_group", Normal(0, 1).expand([data["G"]]))
        sample("obs", Binomial(data["n"], logits=logit[data["g"]]), obs=data["y"])

    def irt_2pl():
        theta = sample("sigma_theta", HalfCauchy(2)) * sample("theta_raw", Normal(0, 1).expand([data["J"]]))
        a = jnp.exp(sample("sigma_a", HalfCauchy(2)) * sample("a_raw", Normal(0, 1).expand([data["I"]])))
        centre = sample("mu_b", Normal(0, 5))
        b = centre + sample("sigma_b", HalfCauchy(2)) * sample("b_raw", Normal(0, 1).expand([data["I"]]))
        sample("obs", Bernoulli(logits=a[:, None] * (theta[None, :] - b[:, None])), obs=data["y"])

    def election88():
        factors = {"a": "age", "b": "edu", "c": "age_edu", "d": "state", "e": "region_full"}
        scales = {k: sample(f"sigma_{k}", HalfNormal(1)) for k in factors}
        size = {k: data[f"n_{name}"] for k, name in factors.items()}
        effects = {k: scales[k] * sample(f"z_{k}", Normal(0, 1).expand([size[k]])) for k in factors}
        beta = sample("beta", Normal(0, 5).expand([5]))
        black, female = data["black"], data["female"]
        logit = beta[0] + beta[1] * black + beta[2] * female + beta[4] * female * black + beta[3] * data["v_prev_full"]
        logit = logit + sum(effects[k][data[name] - 1] for k, name in factors.items())
        sample("obs", Bernoulli(logits=logit), obs=data["y"])

    def logistic():
        alpha = sample("alpha", Normal(0, 2))
        beta = sample("beta", Normal(0, 2).expand([data["X"].shape[1]]))
        sample("obs", Bernoulli(logits=alpha + data["X"] @ beta), obs=data["y"])

    def mvn_100():
        x = sample("x", ImproperUniform(constraints.real_vector, (), (data["P"].shape[0],)))
        numpyro.factor("density", -0.5 * x @ data["P"] @ x)

    models = (eight_schools, radon_mn, hier_binomial, irt_2pl, election88, logistic, mvn_100)
    return {function.__name__: function for function in models}[model.removesuffix("_100k")]


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


def blackjax_run(model, chains, tune, draws, seed):
    """NUTS by `vmap` over chains, each after a window adaptation of its own."""
    import blackjax
    import jax
    from numpyro.infer.util import constrain_fn, initialize_model

    function = numpyro_model(model, data_of(model))
    start = initialize_model(jax.random.split(jax.random.PRNGKey(seed), chains), function)
    log_density = lambda position: -start.potential_fn(position)  # noqa: E731

    def one_chain(key, position):
        tuning, sampling = jax.random.split(key)
        adaptation = blackjax.window_adaptation(blackjax.nuts, log_density)
        (state, tuned), _ = adaptation.run(tuning, position, tune)
        step = blackjax.nuts(log_density, **tuned).step

        def draw(state, key):
            state, info = step(key, state)
            return state, (state.position, info.num_integration_steps)

        return jax.lax.scan(draw, state, jax.random.split(sampling, draws))[1]

    run = jax.jit(jax.vmap(one_chain))

    def runs(number):
        return jax.block_until_ready(run(jax.random.split(jax.random.PRNGKey(number), chains), start.param_info.z))

    (positions, steps), ready = runs(seed), time.time()
    begun = time.perf_counter()
    runs(seed)
    seconds = time.perf_counter() - begun
    constrain = jax.jit(jax.vmap(jax.vmap(lambda position: constrain_fn(function, (), {}, position))))
    return {name: np.asarray(value) for name, value in constrain(positions).items()} | {
        "_ready": ready, "_run": seconds, "_gradients": int(steps.sum())}


def main(engine, model, *numbers):
    *sizes, out = numbers
    runs = {"nutpie": nutpie_run, "blackjax": blackjax_run, "numpyro": functools.partial(numpyro_run, double=False),
            "numpyro-f64": functools.partial(numpyro_run, double=True)}
    np.savez(out, **runs[engine](model, *map(int, sizes)))


if __name__ == "__main__":
    main(*sys.argv[1:])
