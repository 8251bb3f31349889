# Volatility by a GARCH(1, 1) process; data: series.json
import pymc as pm

with pm.Model() as garch:
    omega = pm.HalfNormal("omega", 0.1)
    alpha_1 = pm.Beta("alpha_1", 2, 8)
    beta_1 = pm.Uniform("beta_1", 0, 1 - alpha_1)
    initial_vol = pm.HalfNormal("initial_vol", 0.2)
    pm.GARCH11("r", omega=omega, alpha_1=alpha_1, beta_1=beta_1, initial_vol=initial_vol, observed=returns)
