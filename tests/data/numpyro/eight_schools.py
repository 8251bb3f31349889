# Eight schools, with plates, run by a sampler
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS
from numpyro.infer.reparam import LocScaleReparam

effect = jnp.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
error = jnp.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def schools(error, effect=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    slope = numpyro.sample("slope", dist.StudentT(4, mu, 2.0))
    with numpyro.plate("school", error.shape[0]):
        theta = numpyro.sample("theta", dist.Normal(mu + slope, tau))
        numpyro.sample("seen", dist.Normal(theta, error), obs=effect)


config = {"slope": LocScaleReparam(0, shape_params=["df"]), "theta": LocScaleReparam(centered=0.5)}
schools = numpyro.handlers.reparam(schools, config=config)
sampler = MCMC(NUTS(schools, target_accept_prob=0.9), num_warmup=500, num_samples=1000, num_chains=4)
sampler.run(random.PRNGKey(0), error, effect=effect)
sampler.print_summary()
