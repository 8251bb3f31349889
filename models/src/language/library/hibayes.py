# What models of hibayes take from it, written in the language of model files.

import jax.numpy as jnp
import numpyro


def model(builder):
    # A function that makes a model of its settings.
    return builder


def check_features(features, required):
    missing = [name for name in required if name not in features]
    if len(missing) > 0:
        raise ValueError(f"Missing required features: {', '.join(missing)}. Add a data processor to extract these features. Current features: {list(features.keys())}")


def create_interaction_effects(name1, name2, features, prior):
    # The effects of pairs of levels, whose rows and columns add up to nothing.
    rows, columns = features[f"num_{name1}"], features[f"num_{name2}"]
    if rows == 1 or columns == 1:
        return jnp.zeros((rows, columns))
    free = numpyro.sample(f"{name1}_{name2}_effects_constrained", prior.expand([(rows - 1) * (columns - 1)]))
    free = free.reshape((rows - 1, columns - 1))
    free = jnp.concatenate([free, -free.sum(axis=0, keepdims=True)], axis=0)
    effects = jnp.concatenate([free, -free.sum(axis=1, keepdims=True)], axis=1)
    return numpyro.deterministic(f"{name1}_{name2}_effects", effects)
