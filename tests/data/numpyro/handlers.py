# Handlers of NumPyro as decorators, around functions and in `with`
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

y = jnp.array([0.5, -0.3, 1.2, 0.8, -0.1])
x = jnp.linspace(-1, 1, 5)


def group():
    with numpyro.plate("rows", 5):
        return numpyro.sample("effect", dist.Normal(0, 1))


@handlers.reparam(config={"slope": LocScaleReparam(0)})
def slopes(scale):
    return numpyro.sample("slope", dist.Normal(0.5, scale).expand([5]))


@handlers.condition(data={"inner.known": jnp.array(0.3)})
@handlers.scope(prefix="inner", divider=".")
def inner():
    return numpyro.sample("known", dist.Normal(0, 2))


def twice(function):
    def doubled(*args):
        return 2 * function(*args)

    return doubled


@twice
@jax.jit
def shifted(value):
    return value + 1


@handlers.substitute(data={"mean": jnp.array(0.3)})
def model():
    mean = numpyro.sample("mean", dist.Normal(0, 1))
    scale = numpyro.sample("scale", dist.HalfNormal(1))
    first = handlers.scope(group, prefix="first")()
    with handlers.scope(prefix="second", divider="."):
        both = numpyro.deterministic("both", first + group())
    with handlers.block(hide=["hidden", "unseen"]):
        hidden = numpyro.deterministic("hidden", mean * 2)
        numpyro.sample("unseen", dist.Normal(mean, 1), obs=y)
        numpyro.sample("seen", dist.Normal(mean, 1), obs=y)
    with handlers.do(data={"cause": jnp.array(0.7)}):
        cause = numpyro.sample("cause", dist.Normal(mean, 1))
    with handlers.scale(scale=2.5):
        numpyro.sample("spread", dist.Gamma(2.0, scale))
        numpyro.sample("tempered", dist.Normal(mean, scale), obs=y)
    with numpyro.plate("counted", 5):
        numpyro.factor("bound", -0.1 * mean**2)
    mu = both + slopes(scale) * x + hidden + cause + inner() + shifted(mean)
    numpyro.sample("y", dist.Normal(mu, 1), obs=y)


mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0))
