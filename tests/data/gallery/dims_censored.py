# A censored regression with several outcomes, whose coefficients are correlated over named axes
import numpy as np
import pymc as pm
import pymc.dims as pmd
from pymc.dims import math as pmath

row, outcome = np.arange(6)[:, None], np.arange(4)
measured = np.clip(np.sin(1.7 * row + 2.3 * outcome) * 1.4, -0.8, 1.0)
weights = np.column_stack([np.ones(6), np.cos(np.arange(6))])
coords = {"row": np.arange(6), "outcome": ["a", "b", "c", "d"], "term": ["constant", "cosine"]}

with pm.Model(coords=coords) as censored:
    scale = pmd.LogNormal("scale", 0, 0.5, dims="term")
    r = pmd.Beta("r", 2, 3)
    same = pmd.as_xtensor(np.eye(2), dims=("term", "term_"))
    cov = scale * scale.rename(term="term_") * (same + (1 - same) * r)
    zero = pmd.as_xtensor(np.zeros(2), dims=("term",))
    each = pmd.MvNormal("each", mu=zero, cov=cov, core_dims=("term", "term_"), dims=("outcome", "term"))
    factor = pmd.as_xtensor(np.array([[1.0, 0.0], [0.5, 2.0]]), dims=("term", "term_"))
    common = pmd.MvNormal("common", mu=each.mean("outcome"), chol=factor, core_dims=("term", "term_"))
    shift = pmd.Uniform("shift", -1, 2, dims="outcome")
    noise = pmd.TruncatedNormal("noise", 0, 1, lower=0.1)
    design = pmd.Data("design", weights, dims=("row", "term"))
    expected = pmd.Deterministic("expected", design.dot(each + common) + shift, dims=(..., "outcome"))
    latent = pmd.Normal.dist(expected, pmath.exp(-noise))
    observed = pmd.as_xtensor(measured, dims=("row", "outcome"))
    pmd.Censored("measured", latent, lower=-0.8, upper=1.0, observed=observed)
