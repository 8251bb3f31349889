//! Gaussian processes, by the factor of their covariance.

use chainfire_models::distributions::{HalfNormal, InverseGamma, MvNormal, Normal};
use chainfire_models::{Kind, Site, Value};

use super::{column, same};

#[test]
fn latent_process() {
    same(
        "
distance = (x[:, None] - x[None, :]) ** 2

with pm.Model():
    length = pm.InverseGamma('length', 5, 5)
    eta = pm.HalfNormal('eta', 1)
    K = eta**2 * pm.math.exp(-0.5 * distance / length**2) + 1e-6 * np.eye(12)
    z = pm.Normal('z', 0, 1, shape=12)
    f = pm.Deterministic('f', pt.linalg.cholesky(K) @ z)
    pm.Normal('y', f, 0.5, observed=y)
",
        |m| {
            let x = column("x");
            let distance = (x.insert_axis(1) - x.insert_axis(0)).square();
            let length = m.sample("length", InverseGamma::new(5.0, 5.0))?;
            let eta = m.sample("eta", HalfNormal::new(1.0))?;
            let jitter: Vec<f64> = (0..144).map(|k| if k % 13 == 0 { 1e-6 } else { 0.0 }).collect();
            let jitter = Value::data(jitter, [12, 12], Kind::Float);
            let covariance = eta.square() * (-0.5 * distance / length.square()).exp() + jitter;
            let z = m.sample("z", Site::from(Normal::new(0.0, 1.0)).shape([12]))?;
            let f = m.deterministic("f", covariance.cholesky().matmul(&z), &[])?;
            m.observe("y", Normal::new(f, 0.5), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn marginal_process() {
    same(
        "
distance = (x[:, None] - x[None, :]) ** 2

with pm.Model():
    length = pm.InverseGamma('length', 5, 5)
    sigma = pm.HalfNormal('sigma', 1)
    K = pm.math.exp(-0.5 * distance / length**2) + sigma**2 * np.eye(12)
    pm.MvNormal('y', mu=np.zeros(12), cov=K, observed=y)
",
        |m| {
            let x = column("x");
            let distance = (x.insert_axis(1) - x.insert_axis(0)).square();
            let length = m.sample("length", InverseGamma::new(5.0, 5.0))?;
            let sigma = m.sample("sigma", HalfNormal::new(1.0))?;
            let identity: Vec<f64> = (0..144).map(|k| if k % 13 == 0 { 1.0 } else { 0.0 }).collect();
            let noise = sigma.square() * Value::data(identity, [12, 12], Kind::Float);
            let covariance = (-0.5 * distance / length.square()).exp() + noise;
            m.observe("y", MvNormal::new([0.0; 12], covariance), column("y"))?;
            Ok(())
        },
    );
}
