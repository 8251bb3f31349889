# GARCH(1, 1) with its variances as a loop, posteriordb; data: garch-garch11.data.json
import pymc as pm
import pytensor
import pytensor.tensor as pt


def next_variance(before, variance, mu, alpha0, alpha1, beta1):
    return alpha0 + alpha1 * (before - mu) ** 2 + beta1 * variance


with pm.Model() as model:
    mu = pm.Flat("mu")
    alpha0 = pm.HalfFlat("alpha0")
    alpha1 = pm.Uniform("alpha1", lower=0, upper=1)
    share = pm.Uniform("share", lower=0, upper=1)
    beta1 = pm.Deterministic("beta1", share * (1 - alpha1))
    pm.Potential("beta1_is_flat", pt.log1p(-alpha1))
    variance, _ = pytensor.scan(
        fn=next_variance,
        sequences=[y[:-1]],
        outputs_info=[pt.as_tensor_variable(sigma1**2)],
        non_sequences=[mu, alpha0, alpha1, beta1],
    )
    pm.Normal("first", mu=mu, sigma=sigma1, observed=y[0])
    pm.Normal("series", mu=mu, sigma=pt.sqrt(variance), observed=y[1:])
