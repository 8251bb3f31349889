# Variables in the turns of a `scan`: states and observations, conditioned and masked ones, plates, vectors
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import TransformReparam

y = jnp.array([0.5, -0.3, 1.2, 0.8, -0.1])
x = jnp.linspace(-1, 1, 5)


def model():
    phi = numpyro.sample("phi", dist.Uniform(-1, 1))
    s = numpyro.sample("s", dist.HalfNormal(1))

    def state(carry, seen):
        before, t = carry
        z = numpyro.sample("z", dist.Normal(phi * before + 0.1 * t, s))
        numpyro.deterministic("double", z * 2)
        numpyro.sample("noisy", dist.Normal(z, 0.5), obs=seen)
        return (z, t + 1), z

    (last, _), states = scan(state, (0.3, 0), y)
    numpyro.factor("end", -(states.sum() ** 2) + last)

    def autoregression(carry, _):
        one, two = carry
        mean = phi * one + s * two
        value = numpyro.sample("value", dist.Normal(mean, s))
        return (value, one), mean

    with handlers.condition(data={"value": y[2:]}):
        _, means = scan(autoregression, (y[1], y[0]), jnp.arange(3))
    numpyro.deterministic("means", means)

    def groups(level, t):
        with numpyro.plate("n", 3):
            with handlers.reparam(config={"level": TransformReparam()}):
                moved = dist.transforms.AffineTransform(level, s)
                level = numpyro.sample("level", dist.TransformedDistribution(dist.Normal(0, 1), moved))
            rate = numpyro.sample("rate", dist.Gamma(2.0, jnp.exp(level)))
            with handlers.mask(mask=t < 3):
                numpyro.sample("counted", dist.Normal(level, rate), obs=y[:3] * t)
        return level, None

    scan(groups, jnp.zeros(3), jnp.arange(5))

    def vectors(before, row):
        now = numpyro.sample("vector", dist.MultivariateNormal(before, s * jnp.eye(2)))
        numpyro.sample("vector_obs", dist.Normal(now, 1).to_event(1), obs=row["pair"])
        return now, {"all": now, "parts": (now[0], now[1])}

    rows = {"place": x, "pair": jnp.stack([y, x], axis=-1)}
    _, out = scan(vectors, jnp.zeros(2), rows)
    numpyro.factor("weighted", (out["parts"][0] * x).sum() + out["all"][:, 1] @ y)
    total, sums = jax.lax.scan(lambda sum, value: (sum * phi + value, sum), 0.0, x, reverse=True)
    numpyro.sample("y", dist.Normal(sums + total, 1), obs=y)


mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0))
