//! Terms of the log density that no distribution has.

use chainfire_models::Site;
use chainfire_models::distributions::{CustomDist, Flat, HalfNormal, Normal};

use super::{column, same};

#[test]
fn potentials() {
    same(
        "
with pm.Model():
    beta = pm.Flat('beta', shape=3)
    pm.Potential('smooth', -0.5 * (beta[1:] - beta[:-1]) ** 2)
    pm.Potential('centred', -0.5 * (pm.math.sum(beta) / 0.1) ** 2)
    pm.Normal('y', beta[group], 1, observed=y)
",
        |m| {
            let beta = m.sample("beta", Site::from(Flat).shape([3]))?;
            m.potential("smooth", -0.5 * (beta.at(1..) - beta.at(..-1)).square())?;
            m.potential("centred", -0.5 * (beta.sum() / 0.1).square())?;
            m.observe("y", Normal::new(beta.at(&column("group")), 1.0), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn densities_of_ones_own() {
    same(
        "
def gumbel(value, mu, sigma):
    z = (value - mu) / sigma
    return -z - pm.math.exp(-z) - pm.math.log(sigma)

with pm.Model():
    mu = pm.Normal('mu', 0, 5)
    sigma = pm.HalfNormal('sigma', 2)
    pm.CustomDist('y', mu, sigma, logp=gumbel, observed=y)
",
        |m| {
            let mu = m.sample("mu", Normal::new(0.0, 5.0))?;
            let sigma = m.sample("sigma", HalfNormal::new(2.0))?;
            let gumbel = CustomDist::new(vec![mu, sigma], |x, parameters| {
                let z = (x - &parameters[0]) / &parameters[1];
                -&z - (-&z).exp() - parameters[1].log()
            });
            m.observe("y", gumbel, column("y"))?;
            Ok(())
        },
    );
}
