# A sigmoid of the logarithm of the dose with four parameters; data: trials.json
import numpy as np
import pymc as pm

log_dose = np.log10(dose)

def hill(x, bottom, top, log_ec50, slope):
    return bottom + (top - bottom) / (1 + 10 ** ((log_ec50 - x) * slope))

with pm.Model() as four_parameters:
    bottom = pm.Normal("bottom", 10, 10)
    top = pm.Normal("top", 90, 20)
    log_ec50 = pm.Normal("log_ec50", 0.5, 1)
    slope = pm.LogNormal("slope", 0, 0.5)
    sigma = pm.HalfNormal("sigma", 10)
    pm.Normal("response", mu=hill(log_dose, bottom, top, log_ec50, slope), sigma=sigma, observed=response)
    pm.Deterministic("ec50", 10**log_ec50)
