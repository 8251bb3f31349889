//! Distributions that are cut, and values that are seen only as beyond a limit.

use std::rc::Rc;

use chainfire_models::Value;
use chainfire_models::distributions::{Censored, Gamma, HalfNormal, Normal, Poisson, Truncated, Weibull};

use super::{column, same};

#[test]
fn censored_survival_times() {
    same(
        "
with pm.Model():
    b = pm.Normal('b', 0, 1, shape=2)
    k = pm.Gamma('k', 4, 3)
    time = pm.Weibull.dist(alpha=k, beta=pm.math.exp(b[0] + b[1] * x))
    pm.Censored('waiting', time, lower=None, upper=limit, observed=waiting)
",
        |m| {
            use chainfire_models::Site;
            let b = m.sample("b", Site::from(Normal::new(0.0, 1.0)).shape([2]))?;
            let k = m.sample("k", Gamma::new(4.0, 3.0))?;
            let time = Weibull::new(k, (b.at(0) + b.at(1) * column("x")).exp());
            let seen = Censored::new(Rc::new(time), f64::NEG_INFINITY, column("limit"));
            m.observe("waiting", seen, column("waiting"))?;
            Ok(())
        },
    );
}

#[test]
fn truncated_priors_and_outcomes() {
    same(
        "
with pm.Model():
    mu = pm.TruncatedNormal('mu', 0, 2, lower=-1.0, upper=3.0)
    rate = pm.Truncated('rate', pm.Gamma.dist(2, 1), upper=8.0)
    sigma = pm.HalfNormal('sigma', 1)
    pm.TruncatedNormal('y', mu, sigma, lower=-3, observed=y)
    pm.Truncated('cases', pm.Poisson.dist(rate), lower=1, observed=cases)
",
        |m| {
            let mu = m.sample("mu", Truncated::normal(0.0, 2.0, Some((-1.0).into()), Some(3.0.into())))?;
            let rate = Truncated::new(Rc::new(Gamma::new(2.0, 1.0)), None, Some(8.0.into()));
            let rate = m.sample("rate", rate)?;
            let sigma = m.sample("sigma", HalfNormal::new(1.0))?;
            m.observe("y", Truncated::normal(mu, sigma, Some((-3.0).into()), None), column("y"))?;
            let counts = Truncated::new(Rc::new(Poisson::new(rate)), Some(Value::from(1.0)), None);
            m.observe("cases", counts, column("cases"))?;
            Ok(())
        },
    );
}
