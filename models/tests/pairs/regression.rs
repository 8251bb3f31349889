//! Regressions: a linear predictor, a link, a distribution of the outcome.

use chainfire_models::Site;
use chainfire_models::distributions::{
    Bernoulli, Exponential, Gamma, HalfNormal, NegativeBinomial, Normal, Poisson, StudentT,
};

use super::{column, same};

#[test]
fn linear_regression() {
    same(
        "
with pm.Model():
    alpha = pm.Normal('alpha', 0, 10)
    beta = pm.Normal('beta', 0, 2.5)
    sigma = pm.HalfNormal('sigma', 5)
    mu = pm.Deterministic('mu', alpha + beta * x)
    pm.Normal('y', mu, sigma, observed=y)
",
        |m| {
            let alpha = m.sample("alpha", Normal::new(0.0, 10.0))?;
            let beta = m.sample("beta", Normal::new(0.0, 2.5))?;
            let sigma = m.sample("sigma", HalfNormal::new(5.0))?;
            let mu = m.deterministic("mu", alpha + beta * column("x"), &[])?;
            m.observe("y", Normal::new(mu, sigma), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn logistic_regression() {
    same(
        "
with pm.Model(coords={'predictor': ['first', 'second']}):
    alpha = pm.Normal('alpha', 0, 1)
    beta = pm.Normal('beta', 0, 1, dims='predictor')
    pm.Bernoulli('hit', logit_p=alpha + X @ beta, observed=hit)
",
        |m| {
            m.coordinate("predictor", ["first", "second"])?;
            let alpha = m.sample("alpha", Normal::new(0.0, 1.0))?;
            let beta = m.sample("beta", Site::from(Normal::new(0.0, 1.0)).dims(["predictor"]))?;
            let eta = alpha + column("X").matmul(&beta);
            m.observe("hit", Bernoulli::logit(eta), column("hit"))?;
            Ok(())
        },
    );
}

#[test]
fn poisson_regression_with_exposure() {
    same(
        "
with pm.Model():
    alpha = pm.Normal('alpha', 0, 1)
    beta = pm.Normal('beta', 0, 1, shape=2)
    rate = pm.math.exp(alpha + beta[0] * x + beta[1] * z)
    pm.Poisson('count', exposure * rate, observed=count)
",
        |m| {
            let alpha = m.sample("alpha", Normal::new(0.0, 1.0))?;
            let beta = m.sample("beta", Site::from(Normal::new(0.0, 1.0)).shape([2]))?;
            let rate = (alpha + beta.at(0) * column("x") + beta.at(1) * column("z")).exp();
            m.observe("count", Poisson::new(column("exposure") * rate), column("count"))?;
            Ok(())
        },
    );
}

#[test]
fn negative_binomial_regression() {
    same(
        "
with pm.Model():
    alpha = pm.Normal('alpha', 0, 1)
    beta = pm.Normal('beta', 0, 1)
    dispersion = pm.Exponential('dispersion', 0.5)
    pm.NegativeBinomial('count', mu=pm.math.exp(alpha + beta * x), alpha=dispersion, observed=count)
",
        |m| {
            let alpha = m.sample("alpha", Normal::new(0.0, 1.0))?;
            let beta = m.sample("beta", Normal::new(0.0, 1.0))?;
            let dispersion = m.sample("dispersion", Exponential::new(0.5))?;
            let mu = (alpha + beta * column("x")).exp();
            m.observe("count", NegativeBinomial::new(mu, dispersion), column("count"))?;
            Ok(())
        },
    );
}

#[test]
fn robust_regression() {
    same(
        "
with pm.Model():
    beta = pm.Normal('beta', [0, 1], [1, 2])
    nu = pm.Gamma('nu', 2, 0.1)
    sigma = pm.HalfNormal('sigma', 1)
    pm.StudentT('y', nu=nu, mu=beta[0] + beta[1] * x, sigma=sigma, observed=y)
",
        |m| {
            let beta = m.sample("beta", Normal::new([0.0, 1.0], [1.0, 2.0]))?;
            let nu = m.sample("nu", Gamma::new(2.0, 0.1))?;
            let sigma = m.sample("sigma", HalfNormal::new(1.0))?;
            let mu = beta.at(0) + beta.at(1) * column("x");
            m.observe("y", StudentT::new(nu, mu, sigma), column("y"))?;
            Ok(())
        },
    );
}
