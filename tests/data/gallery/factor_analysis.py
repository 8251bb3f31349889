# Two factors with a triangular matrix of loadings; data: tables.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

n, d = Y.shape
k = 2

def expand_block_triangular(d, k, packed):
    """Loadings with zeros above the diagonal."""
    out = pt.zeros((d, k))
    rows, columns = np.tril_indices(d, m=k)
    return pt.set_subtensor(out[rows, columns], packed)

coords = {"latent_columns": np.arange(k), "rows": np.arange(n), "observed_columns": np.arange(d)}

with pm.Model(coords=coords) as PPCA_identified:
    packed = pm.Normal("packed_W", mu=0, sigma=1, shape=d * k - k * (k - 1) // 2, initval=np.linspace(-0.5, 0.6, 9))
    W = pm.Deterministic("W", expand_block_triangular(d, k, packed), dims=("observed_columns", "latent_columns"))
    F = pm.Normal("F", dims=("latent_columns", "rows"))
    sigma = pm.HalfNormal("sigma", 1.0)
    X = pm.Normal("X", mu=W @ F, sigma=sigma, observed=Y.T, dims=("observed_columns", "rows"))
