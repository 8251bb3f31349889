//! Time series.

use chainfire_models::distributions::{
    Ar, Beta, Exponential, Garch11, HalfNormal, Normal, RandomWalk, StudentT, Uniform,
};
use chainfire_models::{ModelError, Site, Turn, Value};

use super::{column, same};

#[test]
fn autoregression_with_a_constant() {
    same(
        "
with pm.Model():
    rho = pm.Normal('rho', 0, 0.5, shape=3)
    sigma = pm.Exponential('sigma', 1)
    pm.AR('y', rho=rho, sigma=sigma, init_dist=pm.Normal.dist(0, 5), constant=True, observed=y)
",
        |m| {
            let rho = m.sample("rho", Site::from(Normal::new(0.0, 0.5)).shape([3]))?;
            let sigma = m.sample("sigma", Exponential::new(1.0))?;
            let series = Ar::new(rho, sigma, Normal::new(0.0, 5.0)).constant();
            m.observe("y", series, column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn stochastic_volatility() {
    same(
        "
with pm.Model(coords={'time': range(12)}):
    step = pm.Exponential('step', 10)
    start = pm.Normal.dist(0, 1)
    volatility = pm.GaussianRandomWalk('volatility', sigma=step, init_dist=start, dims='time')
    nu = pm.Exponential('nu', 0.1)
    pm.StudentT('y', nu=nu, sigma=pm.math.exp(volatility), observed=y, dims='time')
",
        |m| {
            m.coordinate("time", (0..12).collect::<Vec<i64>>())?;
            let step = m.sample("step", Exponential::new(10.0))?;
            let walk = RandomWalk::gaussian(0.0, step, Normal::new(0.0, 1.0));
            let volatility = m.sample("volatility", Site::from(walk).dims(["time"]))?;
            let nu = m.sample("nu", Exponential::new(0.1))?;
            let returns = Site::from(StudentT::new(nu, 0.0, volatility.exp())).dims(["time"]);
            m.observe("y", returns, column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn garch() {
    same(
        "
with pm.Model():
    omega = pm.HalfNormal('omega', 1)
    alpha = pm.Beta('alpha', 2, 8)
    beta = pm.Uniform('beta', 0.0, 1 - alpha)
    pm.GARCH11('y', omega=omega, alpha_1=alpha, beta_1=beta, initial_vol=0.5, observed=y)
",
        |m| {
            let omega = m.sample("omega", HalfNormal::new(1.0))?;
            let alpha = m.sample("alpha", Beta::new(2.0, 8.0))?;
            let beta = m.sample("beta", Uniform::new(0.0, 1.0 - &alpha))?;
            m.observe("y", Garch11::new(omega, alpha, beta, 0.5), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn a_recurrence_by_scan() {
    same(
        "
def turn(u, before, rho, scale):
    return rho * before + scale * u

with pm.Model():
    rho = pm.Uniform('rho', -1.0, 1.0)
    scale = pm.HalfNormal('scale', 1)
    start = pm.Normal('start', 0, 1)
    level, _ = pytensor.scan(turn, sequences=[z], outputs_info=[start], non_sequences=[rho, scale])
    pm.Normal('y', level, 0.5, observed=y)
",
        |m| {
            let rho = m.sample("rho", Uniform::new(-1.0, 1.0))?;
            let scale = m.sample("scale", HalfNormal::new(1.0))?;
            let start = m.sample("start", Normal::new(0.0, 1.0))?;
            let scanned = Value::scan(&[start], &[column("z")], 12, |before, rows| {
                let next = &rho * &before[0] + &scale * &rows[0];
                Ok::<_, ModelError>(Turn { next: vec![next], emitted: vec![] })
            })?;
            m.observe("y", Normal::new(&scanned.states[0], 0.5), column("y"))?;
            Ok(())
        },
    );
}
