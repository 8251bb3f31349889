# Answers by age and district: zero-sum effects over named axes, and a softmax over one of them
import numpy as np
import pymc as pm
import pymc.dims as pmd

district = np.tile([0, 1, 2, 3, 4], 8)
age = np.repeat([0, 1, 2, 1], 10)
answer = np.array([0, 2, 1, 1, 0, 2, 2, 1, 0, 1, 1, 1, 0, 2, 0, 1, 2, 2, 1, 0] * 2)
coords = {
    "person": np.arange(40),
    "district": np.arange(5),
    "age": ["young", "middle", "old"],
    "answer": ["no", "maybe", "yes"],
}

with pm.Model(coords=coords) as answers:
    prior = pmd.as_xtensor([2.0, 1.0, 3.0], dims=("answer",))
    share = pmd.Dirichlet("share", prior, core_dims="answer", dims=("age", "answer"))
    spread = pmd.Gamma("spread", 2, 1, dims="answer")
    by_district = pmd.ZeroSumNormal("by_district", sigma=spread, core_dims="district")
    by_age = pmd.ZeroSumNormal("by_age", core_dims=("age", "answer"))
    district_of = pmd.as_xtensor(district, dims=("person",))
    age_of = pmd.as_xtensor(age, dims=("person",))
    score = (pmd.math.log(share) + by_age).isel(age=age_of) + by_district.isel(district=district_of)
    p = pmd.math.softmax(score, dim="answer")
    said = pmd.as_xtensor(answer, dims=("person",))
    pmd.Categorical("said", p=p, core_dims="answer", observed=said)
