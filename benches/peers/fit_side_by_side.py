"""How long a user waits for a converged mean-field fit: chainfire against PyMC's ADVI and NumPyro's AutoNormal.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    cargo build --release
    .venv/bin/python make_data.py
    .venv/bin/python fit_side_by_side.py                 # logistic, radon_mn and election88, one after the other

Time counts from the start of a process to the moment when its means are converged; imports and compiling are in it. The
judge is the same for all: with the standard deviations of the mean-field optimum, the means lose less than `--nats` of
the ELBO of the optimum (1 by default; half the sum of squared errors in standard deviations, about). The optimum is
found by this script with L-BFGS on fixed draws of NumPyro's log density in double precision. chainfire stops by its own
test, and is judged then; PyMC and NumPyro have none, so their means are looked at every 250 and 500 steps, and the first
look counts after which they stay within the limit for the rest of the run: what a user would wait who knew it. PyMC and
NumPyro run at their defaults (adagrad_window; Adam at 0.01, one draw of the gradient), for `--seconds` at most.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
BINARY = HERE.parents[1] / "target" / "release" / "chainfire"
ENGINES = ("chainfire-dadvi", "chainfire-advi", "pymc", "numpyro")
CASES = ("logistic", "radon_mn", "election88")
JUDGES = 256


def plain(name):
    """The name of the variable whose unconstrained value has this name."""
    return name.removesuffix("_log__")


def run_chainfire(binary, method, case, seed):
    files = [HERE / "models" / f"{case}.py", "--data", HERE / "models" / f"{case}.json"]
    command = [binary, "fit", *files, "--method", method, "--seed", seed, "--json", "--quiet"]
    start = time.perf_counter()
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    means = {plain(name): np.array(value["mean"]) for name, value in json.loads(done.stdout)["unconstrained"].items()}
    return [(seconds, means)]


def run_peer(engine, case, seed, seconds, folder):
    out = folder / "looks.npz"
    words = [sys.executable, "-W", "ignore", __file__, "--worker", engine, case, seed, seconds, out]
    start = time.time()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    looks = np.load(out)
    names = [name for name in looks.files if name != "_time"]
    return [(at - start, {name: looks[name][k] for name in names}) for k, at in enumerate(looks["_time"])]


def worker(engine, case, seed, seconds, out):
    """Fits in this process; saves the means of every look with the time."""
    looks = {"pymc": look_at_pymc, "numpyro": look_at_numpyro}[engine](case, seed, time.time() + seconds)
    times, means = zip(*looks)
    np.savez(out, _time=np.array(times), **{name: np.array([mean[name] for mean in means]) for name in means[0]})


def ordered(group):
    """Name, place, shape and type of the values of PyMC's group."""
    return [(name, *rest) for name, (_, *rest) in group.ordering.items()]


def look_at_pymc(case, seed, deadline):
    import pymc as pm
    from one_run import data_of

    names = data_of(case)
    exec((HERE / "models" / f"{case}.py").read_text(), names)  # a file of this folder
    looks = []

    def look(approximation, _, step):
        if step % 250 == 0:
            group = approximation.groups[0]
            mean = group.params_dict["mu"].get_value()
            means = {plain(name): mean[part].reshape(shape) for name, part, shape, _ in ordered(group)}
            looks.append((time.time(), means))
            if time.time() > deadline:
                raise StopIteration

    with names["model"]:
        pm.fit(10_000_000, method="advi", random_seed=seed, callbacks=[look], progressbar=False)
    return looks


def look_at_numpyro(case, seed, deadline):
    import jax
    from numpyro.infer import SVI, Trace_ELBO
    from numpyro.infer.autoguide import AutoNormal
    from numpyro.optim import Adam
    from one_run import data_of, numpyro_model

    model = numpyro_model(case, data_of(case))
    svi = SVI(model, AutoNormal(model), Adam(0.01), Trace_ELBO())
    state = svi.init(jax.random.PRNGKey(seed))
    steps = jax.jit(lambda state: jax.lax.fori_loop(0, 500, lambda _, state: svi.update(state)[0], state))
    looks = []
    while time.time() < deadline:
        state = steps(state)
        means = svi.get_params(state)
        means = {name.removesuffix("_auto_loc"): np.array(x) for name, x in means.items() if name.endswith("_auto_loc")}
        looks.append((time.time(), means))
    return looks


class Judge:
    """The mean-field optimum, and what means lose against it."""

    def __init__(self, case):
        import jax

        jax.config.update("jax_enable_x64", True)
        import jax.numpy as jnp
        from jax.flatten_util import ravel_pytree
        from numpyro.infer.util import initialize_model
        from one_run import data_of, numpyro_model
        from scipy.optimize import minimize

        model = numpyro_model(case, data_of(case))
        found = initialize_model(jax.random.PRNGKey(0), model)
        start, self.unravel = ravel_pytree(found.param_info.z)
        self.ravel = lambda means: np.array(ravel_pytree({name: jnp.asarray(means[name]).reshape(x.shape)
                                                           for name, x in found.param_info.z.items()})[0])
        size = start.size
        density = lambda q: -found.potential_fn(self.unravel(q))
        noise = np.random.default_rng(7).standard_normal((JUDGES, size))
        noise = np.concatenate([noise, -noise])
        noise /= np.sqrt((noise**2).mean(0))

        def loss(eta):
            mean, rho = eta[:size], eta[size:]
            draws = mean + jnp.exp(rho) * noise
            return -jax.lax.map(jax.checkpoint(density), draws, batch_size=8).mean() - rho.sum()

        self.loss = jax.jit(loss)
        slope = jax.jit(jax.value_and_grad(loss))
        first = np.concatenate([np.zeros(size), np.full(size, -2.0)])
        best = minimize(lambda eta: [np.asarray(x, dtype=float) for x in slope(eta)], first, jac=True,
                        method="L-BFGS-B", options={"maxiter": 3000, "maxfun": 5000, "ftol": 1e-13, "gtol": 1e-4})
        self.best, self.deviations = best.fun, np.exp(best.x[size:])
        self.mean, self.size = best.x[:size], size

    def lost(self, means):
        """Nats of the ELBO, and the largest error in standard deviations."""
        mean = self.ravel(means)
        eta = np.concatenate([mean, np.log(self.deviations)])
        return float(self.loss(eta)) - self.best, float(np.max(np.abs(mean - self.mean) / self.deviations))


def converged(looks, judge, nats):
    """When the looks come within the limit for good, and what the last one loses."""
    lost = [judge.lost(means) for _, means in looks]
    first = len(looks)
    while first > 0 and lost[first - 1][0] < nats:
        first -= 1
    return (looks[first][0] if first < len(looks) else None), *lost[-1]


def main():
    if sys.argv[1:2] == ["--worker"]:
        engine, case, seed, seconds, out = sys.argv[2:]
        return worker(engine, case, int(seed), float(seconds), out)
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=BINARY)
    parser.add_argument("--cases", nargs="+", default=CASES)
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    parser.add_argument("--nats", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=120, help="most seconds of a peer's fit")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for case in arguments.cases:
        judge = Judge(case)
        print(f"{case}: {judge.size} parameters, ELBO of the mean-field optimum {-judge.best:.2f}", flush=True)
        for engine in arguments.engines:
            with tempfile.TemporaryDirectory() as folder:
                if engine.startswith("chainfire"):
                    method = engine.removeprefix("chainfire-")
                    looks = run_chainfire(arguments.binary, method, case, arguments.seed)
                else:
                    looks = run_peer(engine, case, arguments.seed, arguments.seconds, pathlib.Path(folder))
            seconds, nats, error = converged(looks, judge, arguments.nats)
            waited = f"not in {looks[-1][0]:.0f} s" if seconds is None else f"{seconds:.2f} s"
            print(f"  {engine:16} {waited:>14}   at the end {nats:.3f} nats lost, worst mean {error:.3f} sd off", flush=True)


if __name__ == "__main__":
    main()
