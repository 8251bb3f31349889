# Rugby: the matches stand in the file; attack and defence of teams
import io
import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt

df_all = pd.read_csv(io.StringIO("""home_team,away_team,home_score,away_score,year
Wales,Italy,23,15,2014
France,England,26,24,2014
Ireland,Scotland,28,6,2014
Ireland,Wales,26,3,2014
Scotland,England,0,20,2014
France,Italy,30,10,2014
Wales,France,27,6,2014
Italy,Scotland,20,21,2014
England,Ireland,13,10,2014
"""))
home_idx, teams = pd.factorize(df_all["home_team"], sort=True)
away_idx, _ = pd.factorize(df_all["away_team"], sort=True)
coords = {"team": teams}
with pm.Model(coords=coords) as model:
    home_team = pm.Data("home_team", home_idx, dims="match")
    away_team = pm.Data("away_team", away_idx, dims="match")
    home = pm.Normal("home", mu=0, sigma=1)
    sd_att = pm.HalfNormal("sd_att", sigma=2)
    sd_def = pm.HalfNormal("sd_def", sigma=2)
    intercept = pm.Normal("intercept", mu=3, sigma=1)
    atts_star = pm.Normal("atts_star", mu=0, sigma=sd_att, dims="team")
    defs_star = pm.Normal("defs_star", mu=0, sigma=sd_def, dims="team")
    atts = pm.Deterministic("atts", atts_star - pt.mean(atts_star), dims="team")
    defs = pm.Deterministic("defs", defs_star - pt.mean(defs_star), dims="team")
    home_theta = pt.exp(intercept + home + atts[home_idx] + defs[away_idx])
    away_theta = pt.exp(intercept + atts[away_idx] + defs[home_idx])
    home_points = pm.Poisson("home_points", mu=home_theta, observed=df_all["home_score"], dims="match")
    away_points = pm.Poisson("away_points", mu=away_theta, observed=df_all["away_score"], dims="match")
