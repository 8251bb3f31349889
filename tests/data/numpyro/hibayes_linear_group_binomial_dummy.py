# The model `linear_group_binomial` of hibayes, as its builders write it
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS


def check_features(features, required):
    missing = [key for key in required if key not in features]
    if missing:
        raise ValueError(f"Missing required features: {', '.join(missing)}. There are: {list(features.keys())}")


def main_effect(features, effect, prior, effect_coding):
    n_levels = features[f"num_{effect}"]
    if effect_coding and n_levels > 1:
        free = numpyro.sample(f"{effect}_effects_constrained", prior.expand([n_levels - 1]))
        coefs = jnp.concatenate([free, jnp.array([-jnp.sum(free)])])
    else:
        raw = numpyro.sample(f"{effect}_effects_raw", prior.expand([n_levels - 1]))
        coefs = jnp.concatenate([jnp.array([0.0]), raw])
    numpyro.deterministic(f"{effect}_effects", coefs)
    return coefs[features[f"{effect}_index"]]


def create_interaction_effects(name1, name2, features, prior):
    n1, n2 = features[f"num_{name1}"], features[f"num_{name2}"]
    if n1 == 1 or n2 == 1:
        return jnp.zeros((n1, n2))
    free = numpyro.sample(f"{name1}_{name2}_effects_constrained", prior.expand([(n1 - 1) * (n2 - 1)]))
    free = free.reshape((n1 - 1, n2 - 1))
    full = jnp.zeros((n1, n2))
    full = full.at[: n1 - 1, : n2 - 1].set(free)
    full = full.at[n1 - 1, : n2 - 1].set(-jnp.sum(full[: n1 - 1, : n2 - 1], axis=0))
    full = full.at[:, n2 - 1].set(-jnp.sum(full[:, : n2 - 1], axis=1))
    numpyro.deterministic(f"{name1}_{name2}_effects", full)
    return full


def linear_group_binomial(
    main_effects=None,
    interactions=None,
    effect_coding_for_main_effects: bool = True,
    prior_intercept_loc: float = 0.0,
    prior_intercept_scale: float = 1.0,
    prior_main_effects_loc: float = 0.0,
    prior_main_effects_scale: float = 0.5,
    prior_interaction_loc: float = 0.0,
    prior_interaction_scale: float = 0.3,
):
    def model(features) -> None:
        required = ["obs", "n_total"]
        if main_effects:
            for effect in main_effects:
                required.extend([f"{effect}_index", f"num_{effect}"])
        if interactions:
            for pair in interactions:
                for effect in pair:
                    required.extend([f"{effect}_index", f"num_{effect}"])
        check_features(features, required)
        prior_main = dist.Normal(prior_main_effects_loc, prior_main_effects_scale)
        prior_interaction = dist.Normal(prior_interaction_loc, prior_interaction_scale)
        logit_p = numpyro.sample("intercept", dist.Normal(prior_intercept_loc, prior_intercept_scale))
        if main_effects:
            for effect in main_effects:
                logit_p += main_effect(features, effect, prior_main, effect_coding_for_main_effects)
        if interactions:
            for var1, var2 in interactions:
                both = create_interaction_effects(var1, var2, features, prior_interaction)
                logit_p += both[features[f"{var1}_index"], features[f"{var2}_index"]]
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
model = linear_group_binomial(main_effects=["group"], effect_coding_for_main_effects=False)

mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0), features)
