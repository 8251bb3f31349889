# Two-parameter item response on a matrix of answers; data: tables.json
import numpy as np
import pymc as pm

n_people, n_items = answers.shape

with pm.Model(coords={"person": range(n_people), "item": range(n_items)}) as two_parameters:
    theta = pm.Normal("theta", 0, 1, dims="person")
    discrimination = pm.LogNormal("discrimination", 0, 0.5, dims="item")
    difficulty = pm.Normal("difficulty", 0, 1, dims="item")
    p = pm.math.sigmoid(discrimination * (theta.dimshuffle(0, "x") - difficulty.dimshuffle("x", 0)))
    pm.Bernoulli("answers", p=p, observed=answers, dims=("person", "item"))
