# Overdispersed compositions of counts; data: clusters.json
import numpy as np
import pymc as pm

total = ages.sum(axis=1)

with pm.Model(coords={"species": ["a", "b", "c"], "plot": range(len(ages))}) as model_dm:
    frac = pm.Dirichlet("frac", a=np.ones(3), dims="species")
    conc = pm.LogNormal("conc", mu=1, sigma=1)
    counts = pm.DirichletMultinomial("counts", n=total, a=frac * conc, observed=ages, dims=("plot", "species"))
