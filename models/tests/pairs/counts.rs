//! Counts with more or fewer zeros than their distribution has.

use chainfire_models::distributions::{
    Beta, Exponential, Hurdle, NegativeBinomial, Normal, Poisson, ZeroInflated,
};

use super::{column, same};

#[test]
fn zero_inflated_poisson() {
    same(
        "
with pm.Model():
    psi = pm.Beta('psi', 1, 1)
    alpha = pm.Normal('alpha', 0, 1)
    beta = pm.Normal('beta', 0, 1)
    pm.ZeroInflatedPoisson('count', psi, pm.math.exp(alpha + beta * x), observed=count)
",
        |m| {
            let psi = m.sample("psi", Beta::new(1.0, 1.0))?;
            let alpha = m.sample("alpha", Normal::new(0.0, 1.0))?;
            let beta = m.sample("beta", Normal::new(0.0, 1.0))?;
            let mu = (alpha + beta * column("x")).exp();
            m.observe("count", ZeroInflated::new(psi, Poisson::new(mu)), column("count"))?;
            Ok(())
        },
    );
}

#[test]
fn negative_binomial_behind_a_hurdle() {
    same(
        "
with pm.Model():
    alpha = pm.Normal('alpha', 0, 1)
    beta = pm.Normal('beta', 0, 1)
    dispersion = pm.Exponential('dispersion', 1)
    psi = pm.math.sigmoid(alpha + beta * z)
    pm.HurdleNegativeBinomial('count', psi=psi, mu=3, alpha=dispersion, observed=count)
",
        |m| {
            let alpha = m.sample("alpha", Normal::new(0.0, 1.0))?;
            let beta = m.sample("beta", Normal::new(0.0, 1.0))?;
            let dispersion = m.sample("dispersion", Exponential::new(1.0))?;
            let psi = (alpha + beta * column("z")).sigmoid();
            m.observe("count", Hurdle::new(psi, NegativeBinomial::new(3.0, dispersion)), column("count"))?;
            Ok(())
        },
    );
}
