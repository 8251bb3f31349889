# Distributions of constrained values that PyMC has not, free and observed: densities written in the library, improper
# ones, transformed ones, correlation matrices
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.distributions import constraints, transforms
from numpyro.infer import MCMC, NUTS

y = jnp.array([0.5, -0.3, 1.2, 0.8, -0.1])
x = jnp.linspace(-1, 1, 5)
size = jnp.abs(y)
grade = jnp.array([0, 1, 2, 3, 1])
triples = jnp.stack([y, x, y * x], axis=-1)
matrix = jnp.array([[1.0, 0.3], [0.3, 2.0]])


def model():
    a = numpyro.sample("a", dist.LogUniform(0.5, 3.0))
    b = numpyro.sample("b", dist.Gompertz(1.5, 0.7))
    numpyro.sample("levy", dist.Levy(0.5, a))
    numpyro.sample("lower_power", dist.LowerTruncatedPowerLaw(-2.5, 0.7))
    numpyro.sample("power", dist.DoublyTruncatedPowerLaw(-1.7, 0.7, 3.0))
    numpyro.sample("dagum", dist.Dagum(1.5, 2.0, a).expand([3]))
    numpyro.sample("soft", dist.SoftLaplace(0.3, b))
    numpyro.sample("quantile", dist.AsymmetricLaplaceQuantile(0.3, b, 0.2))
    numpyro.sample("relaxed", dist.RelaxedBernoulli(jnp.array(0.7), jnp.array(0.3)))
    numpyro.sample("folded", dist.FoldedDistribution(dist.Normal(0.4, b)))
    numpyro.sample("moving", dist.LogUniform(a, 5.0))
    numpyro.sample("loguniform_obs", dist.LogUniform(0.01, 5.0 + a), obs=size)
    numpyro.sample("left_obs", dist.LeftCensoredDistribution(dist.Normal(a, b), y > 0), obs=y)
    numpyro.sample("right_obs", dist.RightCensoredDistribution(dist.Exponential(a), y > 0), obs=size)
    numpyro.sample("folded_obs", dist.FoldedDistribution(dist.StudentT(3.0, a, b)), obs=size)
    numpyro.sample("gompertz_obs", dist.Gompertz(a, b), obs=size)
    numpyro.sample("power_obs", dist.DoublyTruncatedPowerLaw(-a, 0.05, 3.0), obs=size)
    numpyro.sample("soft_obs", dist.SoftLaplace(a, b).expand([5]).to_event(1), obs=y)
    real = numpyro.sample("real", dist.ImproperUniform(constraints.real, (), ()))
    positive = numpyro.sample("positive", dist.ImproperUniform(constraints.positive, (), (3,)))
    interval = numpyro.sample("interval", dist.ImproperUniform(constraints.interval(-1.0, 2.0), (2,), ()))
    unit = numpyro.sample("unit", dist.ImproperUniform(constraints.unit_interval, (), ()))
    above = numpyro.sample("above", dist.ImproperUniform(constraints.greater_than(1.5), (), ()))
    below = numpyro.sample("below", dist.ImproperUniform(constraints.less_than(1.5), (), ()))
    ordered = numpyro.sample("ordered", dist.ImproperUniform(constraints.ordered_vector, (), event_shape=(3,)))
    vector = numpyro.sample("vector", dist.ImproperUniform(constraints.real_vector, (), (2,)))
    total = real + positive.sum() + interval.sum() + unit + above + below + vector.sum()
    numpyro.sample("y", dist.Normal(total, 1), obs=y)
    numpyro.sample("grade", dist.OrderedLogistic(real * x, ordered), obs=grade)
    cuts = dist.TransformedDistribution(dist.Normal(0, 1).expand([3]), transforms.OrderedTransform())
    numpyro.sample("other_grade", dist.OrderedLogistic(a * x, numpyro.sample("cuts", cuts)), obs=grade)
    induced = dist.TransformedDistribution(
        dist.Dirichlet(jnp.array([1.0, 2.0, 3.0, 1.5])), transforms.SimplexToOrderedTransform()
    )
    numpyro.factor("induced", induced.log_prob(ordered))
    scaled = [transforms.AffineTransform(0.5, 2.0), transforms.ExpTransform()]
    numpyro.sample("scaled", dist.TransformedDistribution(dist.Normal(0.2, a), scaled))
    factor = numpyro.sample("factor", dist.LKJCholesky(3, 1.0 + a))
    correlations = numpyro.sample("correlations", dist.LKJ(4, concentration=1.5).expand([2]))
    spread = numpyro.sample("spread", dist.HalfNormal(1).expand([3]))
    numpyro.sample("by_factor", dist.MultivariateNormal(jnp.zeros(3), scale_tril=spread[:, None] * factor), obs=triples)
    numpyro.sample("by_matrix", dist.MultivariateNormal(jnp.zeros(3), correlations[1, :3, :3]), obs=triples)
    lower = jnp.array([[1.0, 0, 0], [0.6, 0.8, 0], [0.0, 0.6, 0.8]])
    numpyro.sample("factor_obs", dist.LKJCholesky(3, 1.0 + a), obs=lower)
    numpyro.sample("correlation_obs", dist.LKJ(2, 1.0 + a), obs=jnp.array([[1.0, 0.3], [0.3, 1.0]]))
    root = numpyro.sample("root", dist.WishartCholesky(4.5, matrix))
    numpyro.sample("covariance", dist.Wishart(3.0 + b, rate_matrix=matrix))
    numpyro.sample("wishart_obs", dist.Wishart(3.0 + a, scale_tril=root), obs=matrix)


mcmc = MCMC(NUTS(model), num_warmup=10, num_samples=10)
mcmc.run(jax.random.PRNGKey(0))
