# Crossed effects of people and items around zero-sum means; data: groups.csv
import numpy as np
import pandas as pd
import pymc as pm

person_idx, people = pd.factorize(person, sort=True)
item_idx, items = pd.factorize(item, sort=True)

with pm.Model(coords={"person": people, "item": items}) as model:
    intercept = pm.Normal("intercept", 5, 2)
    sigma_person = pm.HalfNormal("sigma_person", 1)
    sigma_item = pm.HalfNormal("sigma_item", 1)
    person_effect = pm.ZeroSumNormal("person_effect", sigma=sigma_person, dims="person")
    item_effect = pm.ZeroSumNormal("item_effect", sigma=sigma_item, dims="item")
    sigma = pm.HalfNormal("sigma", 1)
    mu = intercept + person_effect[person_idx] + item_effect[item_idx]
    pm.Normal("score", mu, sigma, observed=score)
