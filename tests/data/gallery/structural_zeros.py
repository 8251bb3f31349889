# Means and probabilities that are zero for cells without exposure, and counts that are zero there
import numpy as np
import pymc as pm

exposure = np.array([0.0, 1.0, 2.5, 0.0, 4.0, 1.5])
deaths = np.array([0, 1, 0, 0, 3, 2])
trials = np.array([0, 3, 5, 0, 6, 4])
open_cells = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
choices = np.array([[3, 2, 0], [4, 0, 1]])

with pm.Model() as structural_zeros:
    rate = pm.Gamma("rate", 2, 1, shape=6)
    pm.Poisson("deaths", exposure * rate, observed=deaths)
    share = pm.Beta("share", 2, 2)
    reached = exposure / (exposure + 1)
    pm.Binomial("successes", trials, reached * share, observed=deaths)
    weights = pm.Dirichlet("weights", [2, 3, 4])
    chances = open_cells * weights
    chances = chances / chances.sum(axis=1, keepdims=True)
    pm.Multinomial("choices", n=[5, 5], p=chances, observed=choices)
