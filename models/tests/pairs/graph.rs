//! Autoregressions on a graph of neighbours.

use chainfire_models::Site;
use chainfire_models::distributions::{Beta, Car, Gamma, HalfNormal, Icar, Normal, Poisson};

use super::{column, same};

#[test]
fn conditional_autoregression() {
    same(
        "
with pm.Model(coords={'area': range(4)}):
    level = pm.Normal('level', 0, 1)
    alpha = pm.Beta('alpha', 1, 1)
    tau = pm.Gamma('tau', 2, 1)
    phi = pm.CAR('phi', mu=np.zeros(4), W=W, alpha=alpha, tau=tau, dims='area')
    pm.Poisson('cases', pm.math.exp(level + phi), observed=cases)
",
        |m| {
            m.coordinate("area", (0..4).collect::<Vec<i64>>())?;
            let level = m.sample("level", Normal::new(0.0, 1.0))?;
            let alpha = m.sample("alpha", Beta::new(1.0, 1.0))?;
            let tau = m.sample("tau", Gamma::new(2.0, 1.0))?;
            let phi = Site::from(Car::new([0.0; 4], column("W"), alpha, tau)).dims(["area"]);
            let phi = m.sample("phi", phi)?;
            m.observe("cases", Poisson::new((level + phi).exp()), column("cases"))?;
            Ok(())
        },
    );
}

#[test]
fn intrinsic_autoregression() {
    same(
        "
with pm.Model():
    level = pm.Normal('level', 0, 1)
    sigma = pm.HalfNormal('sigma', 1)
    phi = pm.ICAR('phi', W=W)
    pm.Poisson('cases', pm.math.exp(level + sigma * phi), observed=cases)
",
        |m| {
            let level = m.sample("level", Normal::new(0.0, 1.0))?;
            let sigma = m.sample("sigma", HalfNormal::new(1.0))?;
            let phi = m.sample("phi", Icar::new(column("W"), 1.0))?;
            m.observe("cases", Poisson::new((level + sigma * phi).exp()), column("cases"))?;
            Ok(())
        },
    );
}
