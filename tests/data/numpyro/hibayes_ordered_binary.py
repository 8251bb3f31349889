# The model `ordered_logistic_model` of hibayes for two classes, without effect coding
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


def ordered_logistic_model(
    main_effects: Optional[List[str]] = None,
    continuous_effects: Optional[List[str]] = None,
    interactions: Optional[List[tuple]] = None,
    num_classes: int = 11,
    effect_coding_for_main_effects: bool = True,
    prior_intercept_loc: float = 0.0,
    prior_intercept_scale: float = 1.0,
    prior_main_effects_loc: float = 0.0,
    prior_main_effects_scale: float = 1.0,
    prior_continuous_loc: float = 0.0,
    prior_continuous_scale: float = 1.0,
    prior_interaction_loc: float = 0.0,
    prior_interaction_scale: float = 1.0,
    prior_first_cutpoint_loc: float = -4.0,
    prior_first_cutpoint_scale: float = 0.2,
    prior_cutpoint_diffs_loc: float = -0.5,
    prior_cutpoint_diffs_scale: float = 0.3,
    min_cutpoint_spacing: float = 0.3,
):
    if main_effects and continuous_effects:
        overlap = set(main_effects) & set(continuous_effects)
        if overlap:
            raise ValueError(f"Variables cannot be in both main_effects and continuous_effects: {overlap}")

    def model(features) -> None:
        required = ["obs"]
        if main_effects:
            for effect in main_effects:
                required.extend([f"{effect}_index", f"num_{effect}"])
        if continuous_effects:
            for effect in continuous_effects:
                required.append(effect)
        if interactions:
            for pair in interactions:
                for var in pair:
                    if not (continuous_effects and var in continuous_effects):
                        required.extend([f"{var}_index", f"num_{var}"])
                    else:
                        required.append(var)
        check_features(features, required)
        prior_main = dist.Normal(prior_main_effects_loc, prior_main_effects_scale)
        prior_continuous = dist.Normal(prior_continuous_loc, prior_continuous_scale)
        prior_interaction = dist.Normal(prior_interaction_loc, prior_interaction_scale)
        eta = numpyro.sample("intercept", dist.Normal(prior_intercept_loc, prior_intercept_scale))
        if main_effects:
            for effect in main_effects:
                eta += main_effect(features, effect, prior_main, effect_coding_for_main_effects)
        if continuous_effects:
            for effect in continuous_effects:
                coef = numpyro.sample(f"{effect}_coef", prior_continuous)
                eta += coef * features[effect]
        if interactions:
            for var1, var2 in interactions:
                is_var1_continuous = continuous_effects and var1 in continuous_effects
                is_var2_continuous = continuous_effects and var2 in continuous_effects
                name = f"{var1}_{var2}_effects"
                if is_var1_continuous and is_var2_continuous:
                    coef = numpyro.sample(name, prior_interaction)
                    eta += coef * features[var1] * features[var2]
                elif is_var1_continuous and not is_var2_continuous:
                    slopes = numpyro.sample(name, prior_interaction.expand([features[f"num_{var2}"]]))
                    eta += slopes[features[f"{var2}_index"]] * features[var1]
                elif not is_var1_continuous and is_var2_continuous:
                    slopes = numpyro.sample(name, prior_interaction.expand([features[f"num_{var1}"]]))
                    eta += slopes[features[f"{var1}_index"]] * features[var2]
                else:
                    both = create_interaction_effects(var1, var2, features, prior_interaction)
                    eta += both[features[f"{var1}_index"], features[f"{var2}_index"]]
        cutpoints = cutpoints_of(
            num_classes,
            dist.Normal(prior_first_cutpoint_loc, prior_first_cutpoint_scale),
            dist.LogNormal(prior_cutpoint_diffs_loc, prior_cutpoint_diffs_scale),
            min_cutpoint_spacing,
        )
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
features["obs"] = jnp.array([0, 1, 1] * 8)
model = ordered_logistic_model(
    main_effects=["grader", "LLM"],
    continuous_effects=["length_diff"],
    interactions=[["grader", "LLM"], ["length_diff", "grader"]],
    num_classes=2,
    effect_coding_for_main_effects=False,
)

mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0), features)
