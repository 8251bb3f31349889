# HalfStudentT by sigma and by lam, prior and observed; data: columns.json
import pymc as pm

with pm.Model() as model:
    nu = pm.Exponential("nu", 0.2)
    positional = pm.HalfStudentT("positional", 3, 2.5)
    by_sigma = pm.HalfStudentT("by_sigma", nu=4, sigma=1.5, shape=3)
    by_lam = pm.HalfStudentT("by_lam", nu=5, lam=0.6)
    rv_sigma = pm.HalfStudentT("rv_sigma", nu=nu, sigma=by_sigma, shape=3)

    pm.HalfStudentT("by_sigma_obs", nu=nu, sigma=rv_sigma[group], observed=positive)
    pm.HalfStudentT("by_lam_obs", nu=3, lam=by_lam + positional, observed=positive)
