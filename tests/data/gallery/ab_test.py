# Two arms with beta priors, and the relative uplift; data: trials.json
import pymc as pm

with pm.Model(coords={"arm": ["control", "treated"], "study": range(len(n_control))}) as ab_model:
    theta = pm.Beta("theta", alpha=10, beta=90, dims="arm")
    pm.Binomial("control", n=n_control, p=theta[0], observed=events_control, dims="study")
    pm.Binomial("treated", n=n_treated, p=theta[1], observed=events_treated, dims="study")
    pm.Deterministic("reluplift", theta[1] / theta[0] - 1)
