//! The Rice distribution: the length of a normal vector in the plane around a point at distance `nu`.
//!
//! ```text
//! log p(x) = log(x / sigma^2) - (x - nu)^2 / (2 sigma^2) + log(I0(z) e^-z)      z = x nu / sigma^2,  x > 0
//! from the ratio:  nu = b sigma
//! ```
//!
//! # References
//! - Rice (1945), Mathematical analysis of random noise, part III. doi:10.1002/j.1538-7305.1945.tb00453.x

use std::f64::consts::FRAC_PI_2;

use chainfire_engine::program::Value;

use super::bessel::{Descent, log_scaled_bessel_i0};
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Rice with distance `nu` and scale `sigma`.
#[derive(Clone, Debug)]
pub struct Rice {
    nu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Rice",
    aliases: &[],
    positional: &["nu", "sigma", "b"],
    keyword_only: &[],
    signature: "nu, sigma=1 | b, sigma=1",
    summary: "Distance of a normal variable in the plane from the origin",
    support: "numbers above 0",
    parameters: &[
        ("nu", "distance of its mean from the origin, from 0 on"),
        ("sigma", "standard deviation on each axis, above 0"),
        ("b", "nu / sigma, in place of nu"),
    ],
    example: r#"pm.Rice("x", nu=2, sigma=1)"#,
    build: |arguments: &Arguments| {
        let sigma = arguments.get_or("sigma", 1.0);
        let nu = match (arguments.get("nu"), arguments.get("b")) {
            (Some(nu), None) => nu,
            (None, Some(b)) => b * &sigma,
            _ => return Err(arguments.error("Rice distribution must specify either nu or b.")),
        };
        Ok(Box::new(Rice::new(nu, sigma)))
    },
};

impl Rice {
    /// Rice with distance `nu` and scale `sigma`.
    pub fn new(nu: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { nu: nu.into(), sigma: sigma.into() }
    }
}

impl Distribution for Rice {
    fn name(&self) -> &'static str {
        "Rice"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let precision = self.sigma.square().recip();
        let bessel = log_scaled_bessel_i0(&(x * (&self.nu * &precision)));
        (x * &precision).log() - (x - &self.nu).square() * (precision * 0.5) + bessel
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![
            Condition::positive("sigma > 0", &self.sigma),
            Condition { rule: "nu >= 0", holds: self.nu.greater_equal(&Value::from(0.0)) },
        ]
    }

    /// `sigma sqrt(pi / 2) ((1 + 2 h) I0(h) + 2 h I1(h)) e^-h` with `h = (b / (2 sigma))^2`, as in PyMC; with `nu` in
    /// place of `b` it would be the mean.
    fn support_point(&self) -> Value {
        let h = (&self.nu / self.sigma.square()).square() * 0.25;
        let ratio = Descent::new(&Value::from(0.0), &(h.square() * 0.25)).ratio;
        &self.sigma * FRAC_PI_2.sqrt() * log_scaled_bessel_i0(&h).exp() * (h * 2.0 + 1.0 + ratio * 4.0)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.nu, &self.sigma], shape, stream, |[nu, sigma], stream| {
            (nu + sigma * stream.normal()).hypot(sigma * stream.normal())
        })
    }
}
