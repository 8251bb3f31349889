# A drug that goes from the gut to blood and tissue, and back, by exponentials of a matrix of rates; the rates of exchange
# are sorted, so that the faster one is the way out. Three people, told apart by an Enum and a registry of models of noise.
import functools
from enum import Enum

import numpy as np
import pymc as pm
import pytensor.tensor as pt


class Noise(Enum):
    NORMAL = "normal"
    ROBUST = "robust"


LIKELIHOODS = {}


def register(kind):
    def keep(function):
        @functools.wraps(function)
        def checked(*args, **kwargs):
            assert kwargs["observed"].ndim == 1
            return function(*args, **kwargs)

        LIKELIHOODS[kind] = checked
        return checked

    return keep


@register(Noise.NORMAL)
def normal(name, mu, sigma, **kwargs):
    return pm.Normal(name, mu, sigma, **kwargs)


@register(Noise.ROBUST)
def robust(name, mu, sigma, **kwargs):
    return pm.StudentT(name, nu=5, mu=mu, sigma=sigma, **kwargs)


times = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
people = {"ann": Noise.NORMAL} | {"bob": Noise.ROBUST, "cat": Noise("normal")}
rng = np.random.default_rng(12)
seen = {name: 4 * np.exp(-0.4 * times) + rng.normal(0, 0.2, times.size) for name in people}

with pm.Model(coords={"person": list(people), "time": times}) as model:
    absorption = pm.LogNormal("absorption", 0.5, 0.3)
    elimination = pm.LogNormal("elimination", -1, 0.3)
    exchange = pt.sort(pm.LogNormal("exchange", [-1, -0.5], 0.5, shape=2))
    volume = pm.LogNormal("volume", 0, 0.3, dims="person")
    rates = pt.stacklists(
        [
            [-absorption, 0.0, 0.0],
            [absorption, -pt.add(elimination, exchange[1], 0.0), exchange[0]],
            [0.0, exchange[1], -exchange[0]],
        ]
    )
    amounts = pt.stack([pt.linalg.expm(rates * t) @ np.array([5.0, 0.0, 0.0]) for t in times])
    pm.Deterministic("amounts", amounts, dims=("time", None))
    pm.Deterministic("largest", pt.argmax(volume))
    sigma = pm.HalfNormal("sigma", 0.5)
    for k, (name, noise) in enumerate(people.items()):
        match noise:
            case Noise.NORMAL:
                scale = sigma
            case _:
                scale = sigma / 2
        LIKELIHOODS[noise](f"blood_{name}", amounts[:, 1] / volume[k], scale, observed=seen[name])
