# Grades by graders, with spaced cutpoints as in hibayes, nested plates and a correlation of two effects
import jax
import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS

grader = jnp.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
item = jnp.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
grade = jnp.array([0, 1, 3, 2, 2, 1, 3, 0, 2, 1, 1, 2])


def constrained(name, levels, scale):
    free = numpyro.sample(f"{name}_free", dist.Normal(0, scale).expand([levels - 1]).to_event(1))
    return numpyro.deterministic(f"{name}_effects", jnp.concatenate([free, -jnp.sum(free, keepdims=True)]))


def grades(grader, item, grade=None):
    share = numpyro.sample("share", dist.Beta(2.0, 3.0))
    ease = numpyro.sample("ease", dist.Uniform(-1.0, 2.0))
    effects = constrained("grader", 3, 0.5)
    with numpyro.plate("graders", 3, dim=-1), numpyro.plate("items", 4, dim=-2):
        both = numpyro.sample("both", dist.Normal(0.0, share))
        wide = numpyro.sample("wide", dist.Normal(jnp.zeros(2), 1.0).to_event(1))
    with numpyro.plate_stack("cell", [2, 3]):
        cells = numpyro.sample("cells", dist.Laplace(0.0, 1.0))
    total = jnp.zeros(4).at[jnp.array([1, 3])].set(ease).at[jnp.array([1, 1])].add(share)
    slopes = jax.vmap(lambda row: jnp.sum(row**2))(cells)
    eta = effects[grader] + both[item, grader] + wide[item, grader, 0] + total[item]
    first = numpyro.sample("first_cutpoint", dist.Normal(-4, 0.2))
    diffs = numpyro.sample("cutpoint_diffs", dist.LogNormal(-0.5, 0.3), sample_shape=(2,))
    cutpoints = jnp.concatenate([jnp.array([first]), first + jnp.cumsum(diffs + 0.3)])
    numpyro.factor("bound", -0.1 * slopes.sum())
    with numpyro.plate("data", len(grader)) as row:
        numpyro.sample("grade", dist.OrderedLogistic(eta[row], cutpoints), obs=grade)


if __name__ == "__main__":
    mcmc = MCMC(NUTS(grades), num_warmup=10, num_samples=10)
    mcmc.run(jax.random.PRNGKey(1), grader, item, grade=grade)
    samples = mcmc.get_samples()
