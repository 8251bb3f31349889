# Masks of free and observed variables, by handlers and by distributions, and variables that were observed in part
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.infer import MCMC, NUTS

y = jnp.array([0.5, -0.3, 1.2, 0.8, -0.1])
x = jnp.linspace(-1, 1, 5)
pairs = jnp.stack([y, x], axis=-1)


def model():
    a = numpyro.sample("a", dist.Normal(0, 1))
    s = numpyro.sample("s", dist.HalfNormal(1))
    with numpyro.plate("n", 5), handlers.mask(mask=x > -0.2):
        real = numpyro.sample("real", dist.Normal(a, s))
        positive = numpyro.sample("positive", dist.Gamma(2.0, 1 + s))
        between = numpyro.sample("between", dist.Uniform(-1.0, 2.0))
        numpyro.sample("share", dist.Beta(2.0, 3.0))
        numpyro.sample("both", dist.Normal(real + positive + between, 1).mask(x < 0.8), obs=y)
        numpyro.factor("factor", a * 0.3)
    event = numpyro.sample("event", dist.Normal(a, 1).expand([5]).mask(x > 0).to_event(1))
    numpyro.sample("skewed", dist.Gamma(2.0, 1.0).expand([5]).mask(x > 0))
    kept = jnp.array([True, False, True])
    numpyro.sample("vectors", dist.MultivariateNormal(jnp.zeros(2), jnp.eye(2)).expand([3]).mask(kept))
    imputed = numpyro.sample("imputed", dist.Normal(a, s).expand([5]).mask(False))
    numpyro.sample("imputed_obs", dist.Normal(a, s), obs=imputed)
    numpyro.sample("rows", dist.MultivariateNormal(jnp.stack([a, s]), jnp.eye(2)).expand([5]).mask(x > 0), obs=pairs)
    numpyro.sample("whole", dist.Normal(a + event, 1).to_event(1).mask(True), obs=y)
    numpyro.sample("by_variable", dist.Normal(imputed, s).mask(s > 0.1), obs=y)
    mixture = dist.MixtureSameFamily(dist.Categorical(jnp.array([0.4, 0.6])), dist.Normal(jnp.stack([a, s]), 1))
    numpyro.sample("mixture", mixture.mask(x > 0), obs=y)
    with numpyro.plate("m", 5):
        seen = jnp.where(x > 0.4, jnp.nan, y)
        partly = numpyro.sample("partly", dist.Normal(a * x, 1.5), obs=seen, obs_mask=x < 0.4)
    numpyro.sample("after", dist.Normal(partly, 1), obs=y)


mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0))
