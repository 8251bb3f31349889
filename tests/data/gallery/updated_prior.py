# Yesterday's posterior as today's prior: interpolated densities; data: lines.csv
import numpy as np
import pymc as pm
from pymc.distributions import Interpolated

def from_grid(name, centre, width):
    grid = np.linspace(centre - 4 * width, centre + 4 * width, 40)
    return Interpolated(name, grid, np.exp(-0.5 * ((grid - centre) / width) ** 2))

with pm.Model() as model:
    alpha = from_grid("alpha", 0.4, 0.5)
    beta0 = from_grid("beta0", 0.8, 0.5)
    beta1 = from_grid("beta1", -0.4, 0.6)
    sigma = pm.HalfNormal("sigma", 1)
    Y_obs = pm.Normal("Y_obs", mu=alpha + beta0 * x + beta1 * z, sigma=sigma, observed=y)
