# The model `two_level_group_binomial` of hibayes, as its builders write it
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def check_features(features, required):
    missing = [key for key in required if key not in features]
    if missing:
        raise ValueError(f"Missing required features: {', '.join(missing)}. There are: {list(features.keys())}")


def two_level_group_binomial(
    prior_mu_overall_loc: float = 0.0,
    prior_mu_overall_scale: float = 1.0,
    prior_sigma_overall_scale: float = 0.5,
    prior_sigma_group_scale: float = 0.1,
):
    def model(features) -> None:
        check_features(features, ["obs", "num_group", "group_index", "n_total"])
        mu_overall = numpyro.sample("mu_overall", dist.Normal(prior_mu_overall_loc, prior_mu_overall_scale))
        sigma_overall = numpyro.sample("sigma_overall", dist.HalfNormal(prior_sigma_overall_scale))
        z_overall = numpyro.sample("z_overall", dist.Normal(0, 1))
        overall_mean = mu_overall + sigma_overall * z_overall
        numpyro.deterministic("overall_mean", overall_mean)
        sigma_group = numpyro.sample("sigma_group", dist.HalfNormal(prior_sigma_group_scale))
        z_group = numpyro.sample("z_group", dist.Normal(0, 1).expand([features["num_group"]]))
        group_effects = overall_mean + sigma_group * z_group
        numpyro.deterministic("group_effects", group_effects)
        logit_p = group_effects[features["group_index"]]
        numpyro.sample(
            "obs",
            dist.Binomial(total_count=features["n_total"], probs=jax.nn.sigmoid(logit_p)),
            obs=features["obs"],
        )

    return model


features = {
    "obs": jnp.array([2, 3, 6, 8, 4, 6, 10, 13, 6, 9, 14, 18]),
    "n_total": jnp.array([10, 15, 20, 25] * 3),
    "num_group": 3,
    "group_index": jnp.repeat(jnp.arange(3), 4),
    "num_subgroup": 2,
    "subgroup_index": jnp.tile(jnp.repeat(jnp.arange(2), 2), 3),
    "num_subsubgroup": 2,
    "subsubgroup_index": jnp.tile(jnp.arange(2), 6),
}
model = two_level_group_binomial()

mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0), features)
