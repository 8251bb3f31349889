# The model `hierarchical_ordered_logistic_model` of the examples of hibayes
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


def cutpoints_of(num_classes, prior_first, prior_diffs, min_spacing):
    first_cutpoint = numpyro.sample("first_cutpoint", prior_first)
    if num_classes > 2:
        cutpoint_diffs = numpyro.sample("cutpoint_diffs", prior_diffs, sample_shape=(num_classes - 2,))
        spaced = cutpoint_diffs + min_spacing
        cutpoints = jnp.concatenate([jnp.array([first_cutpoint]), first_cutpoint + jnp.cumsum(spaced)])
    else:
        cutpoints = jnp.array([first_cutpoint])
    numpyro.deterministic("cutpoints", cutpoints)
    return cutpoints


def hierarchical_ordered_logistic_model(
    main_effects: Optional[List[str]] = None,
    interactions: Optional[List[tuple]] = None,
    num_classes: int = 11,
    effect_coding_for_main_effects: bool = True,
    min_cutpoint_spacing: float = 0.3,
):
    def model(features) -> None:
        check_features(features, ["obs", "grader_index", "num_grader", "grader_type_index", "num_grader_type"])
        prior_main = dist.Normal(0.0, 1.0)
        prior_interaction = dist.Normal(0.0, 1.0)
        eta = numpyro.sample("intercept", dist.Normal(0.0, 1.0))
        other_effects = [e for e in (main_effects or []) if e != "grader"]
        n_types, n_graders = features["num_grader_type"], features["num_grader"]
        means = numpyro.sample("grader_type_effects", dist.Normal(0.0, 3.0).expand([n_types]))
        sigmas = numpyro.sample("grader_type_sigmas", dist.HalfCauchy(1.0).expand([n_types]))
        type_of_grader = jnp.zeros(n_graders, dtype=jnp.int32)
        type_of_grader = type_of_grader.at[features["grader_index"]].set(features["grader_type_index"])
        raw = numpyro.sample("grader_raw_effects", dist.Normal(0.0, 1.0).expand([n_graders]))
        grader_effects = means[type_of_grader] + sigmas[type_of_grader] * raw
        numpyro.deterministic("grader_effects", grader_effects)
        if n_types > 1:
            numpyro.deterministic("grader_type_differences", means[:, None] - means[None, :])
        eta += grader_effects[features["grader_index"]]
        if other_effects:
            for effect in other_effects:
                eta += main_effect(features, effect, prior_main, effect_coding_for_main_effects)
        if interactions:
            for var1, var2 in interactions:
                if (var1 == "grader" and var2 == "LLM") or (var1 == "LLM" and var2 == "grader"):
                    both = numpyro.sample("grader_LLM_effects", prior_interaction.expand([n_graders, features["num_LLM"]]))
                    eta += both[features["grader_index"], features["LLM_index"]]
                else:
                    both = create_interaction_effects(var1, var2, features, prior_interaction)
                    eta += both[features[f"{var1}_index"], features[f"{var2}_index"]]
        cutpoints = cutpoints_of(num_classes, dist.Normal(-4.0, 0.2), dist.LogNormal(-0.5, 0.3), min_cutpoint_spacing)
        numpyro.sample("obs", dist.OrderedLogistic(eta, cutpoints), obs=features["obs"])

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
model = hierarchical_ordered_logistic_model(["LLM", "grader"], [["grader", "LLM"]], num_classes=5)

mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0), features)
