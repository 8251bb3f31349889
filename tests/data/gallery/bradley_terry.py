# Strengths from wins: Bradley and Terry's model; data: matches.json
import pymc as pm

n_players = int(max(first.max(), second.max())) + 1

with pm.Model() as model:
    sigma = pm.HalfNormal("sigma", 1.0)
    skill = pm.Normal("skill", 0.0, sigma, shape=n_players)
    pm.Bernoulli("won", logit_p=skill[first] - skill[second], observed=first_won)
    best = pm.Deterministic("best", pm.math.max(skill))
