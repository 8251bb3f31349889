# The model `pairwise_logistic_model` of the examples of hibayes
from typing import List, Optional, Tuple

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


def pairwise_logistic_model(
    main_effects: Optional[List[str]] = None,
    interactions: Optional[List[Tuple[str, str]]] = None,
    effect_coding_for_main_effects: bool = True,
):
    def model(features) -> None:
        effects = list(main_effects or [])
        uses_length_diff = "length_diff" in effects
        if uses_length_diff:
            effects = [e for e in effects if e != "length_diff"]
        prior_main, prior_interaction = dist.Normal(0.0, 1.0), dist.Normal(0.0, 1.0)
        eta = numpyro.sample("intercept", dist.Normal(0.0, 1.0))
        if uses_length_diff:
            length_slope_mean = numpyro.sample("length_slope_mean", dist.Normal(0.0, 0.5))
            length_slope_sigma = numpyro.sample("length_slope_sigma", dist.HalfNormal(1.0))
            slopes = numpyro.sample(
                "grader_length_diff_effects",
                dist.Normal(length_slope_mean, length_slope_sigma).expand([features["num_grader"]]).to_event(1),
            )
            eta = eta + slopes[features["grader_index"]] * features["length_diff"]
        for effect in effects:
            eta = eta + main_effect(features, effect, prior_main, effect_coding_for_main_effects)
        if interactions:
            for var1, var2 in interactions:
                if var1 == "length_diff" and var2 != "length_diff":
                    by_level = numpyro.sample(f"length_diff_{var2}", prior_interaction.expand([features[f"num_{var2}"]]))
                    eta = eta + by_level[features[f"{var2}_index"]] * features["length_diff"]
                elif var2 == "length_diff" and var1 != "length_diff":
                    by_level = numpyro.sample(f"{var1}_length_diff", prior_interaction.expand([features[f"num_{var1}"]]))
                    eta = eta + by_level[features[f"{var1}_index"]] * features["length_diff"]
                elif var1 != "length_diff" and var2 != "length_diff":
                    both = create_interaction_effects(var1, var2, features, prior_interaction)
                    eta = eta + both[features[f"{var1}_index"], features[f"{var2}_index"]]
                else:
                    raise ValueError("Cannot have length_diff x length_diff interaction")
        numpyro.sample("obs", dist.Bernoulli(logits=eta), obs=features["obs"])

    return model


grader = jnp.array([0, 1, 2] * 8)
features = {
    "obs": jnp.array([0, 1, 3, 2, 2, 1, 4, 0, 2, 1, 3, 2, 1, 1, 2, 0, 4, 3, 2, 2, 1, 3, 0, 1]),
    "num_grader": 3,
    "grader_index": grader,
    "num_grader_type": 2,
    "grader_type_index": jnp.array([0, 1, 1])[grader],
    "num_LLM": 2,
    "LLM_index": jnp.repeat(jnp.arange(2), 12),
    "length_diff": jnp.sin(jnp.arange(24.0)),
    "num_llm_pair": 3,
    "llm_pair_index": jnp.repeat(jnp.arange(3), 8),
}
features["obs"] = jnp.array([0, 1, 1] * 8)
model = pairwise_logistic_model(["llm_pair", "grader", "length_diff"], [["length_diff", "llm_pair"]])

mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0), features)
