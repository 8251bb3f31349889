# The grouped binomial model of hibayes, `simplified_group_binomial_exponential`, whose arguments the file's names are
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax.nn import sigmoid

n_total = jnp.array([10, 15, 20, 25] * 3)
obs = jnp.array([2, 3, 6, 8, 4, 6, 10, 13, 6, 9, 14, 18])
group_index = jnp.repeat(jnp.arange(3), 4)
num_group = 3


def group_binomial(obs, num_group, group_index, n_total, prior_sigma_group_rate=1):
    overall_mean = numpyro.sample("overall_mean", dist.Normal(0, 1))
    sigma_group = numpyro.sample("sigma_group", dist.Exponential(prior_sigma_group_rate))
    z_group = numpyro.sample("z_group", dist.Normal(0, 1).expand([num_group]))
    group_effects = numpyro.deterministic("group_effects", overall_mean + sigma_group * z_group)
    logits = group_effects[group_index]
    numpyro.sample("obs", dist.Binomial(total_count=n_total, probs=sigmoid(logits)), obs=obs)
