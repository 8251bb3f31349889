# Party identification in the election study of 1980 (Gelman and Hill 2007), posteriordb; data: nes1980-nes.data.json
import numpy as np
import pymc as pm

ages = [age_discrete == 2, age_discrete == 3, age_discrete == 4]
X = np.column_stack([np.ones(N), real_ideo, race_adj, *ages, educ1, gender, income])

with pm.Model() as model:
    beta = pm.Flat("beta", shape=9)
    sigma = pm.HalfFlat("sigma")
    pm.Normal("party", mu=X @ beta, sigma=sigma, observed=partyid7)
