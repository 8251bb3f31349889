# The model `three_level_group_binomial_exponential` of hibayes, as its builders write it
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def check_features(features, required):
    missing = [key for key in required if key not in features]
    if missing:
        raise ValueError(f"Missing required features: {', '.join(missing)}. There are: {list(features.keys())}")


def three_level_group_binomial_exponential(
    prior_overall_mean_loc: float = 0.0,
    prior_overall_mean_scale: float = 1.0,
    prior_sigma_group_rate: float = 1.0,
    prior_sigma_subgroup_rate: float = 1.0,
    prior_sigma_subsubgroup_rate: float = 1.0,
):
    def model(features) -> None:
        levels = ["group", "subgroup", "subsubgroup"]
        check_features(features, ["obs", "n_total"] + [f"{e}_index" for e in levels] + [f"num_{e}" for e in levels])
        sizes = [features[f"num_{level}"] for level in levels]
        overall_mean = numpyro.sample("overall_mean", dist.Normal(prior_overall_mean_loc, prior_overall_mean_scale))
        sigma_group = numpyro.sample("sigma_group", dist.Exponential(rate=prior_sigma_group_rate))
        z_group = numpyro.sample("z_group", dist.Normal(0, 1).expand([sizes[0]]))
        group_effects = overall_mean + sigma_group * z_group
        numpyro.deterministic("group_effects", group_effects)
        sigma_subgroup = numpyro.sample("sigma_subgroup", dist.Exponential(rate=prior_sigma_subgroup_rate))
        z_subgroup = numpyro.sample("z_subgroup", dist.Normal(0, 1).expand(sizes[:2]))
        subgroup_effects = group_effects[:, None] + sigma_subgroup * z_subgroup
        numpyro.deterministic("subgroup_effects", subgroup_effects)
        sigma_subsubgroup = numpyro.sample("sigma_subsubgroup", dist.Exponential(rate=prior_sigma_subsubgroup_rate))
        z_subsubgroup = numpyro.sample("z_subsubgroup", dist.Normal(0, 1).expand(sizes))
        subsubgroup_effects = subgroup_effects[:, :, None] + sigma_subsubgroup * z_subsubgroup
        numpyro.deterministic("subsubgroup_effects", subsubgroup_effects)
        logit_p = subsubgroup_effects[
            features["group_index"], features["subgroup_index"], features["subsubgroup_index"]
        ]
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
model = three_level_group_binomial_exponential()

mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0), features)
