//! The von Mises distribution on the circle.
//!
//! ```text
//! log p(x) = -2 kappa sin^2((x - mu) / 2) - log(2 pi) - log(I0(kappa) e^-kappa)      -pi <= x <= pi
//! ```
//!
//! # References
//! - Mardia, Jupp (2000), Directional Statistics, section 3.5.4
//! - Best, Fisher (1979), Efficient simulation of the von Mises distribution. doi:10.2307/2346732

use std::f64::consts::{PI, TAU};

use chainfire_engine::program::Value;

use super::bessel::log_scaled_bessel_i0;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};
use chainfire_kernels::tape::Unary;

/// Von Mises around `mu` with concentration `kappa`.
#[derive(Clone, Debug)]
pub struct VonMises {
    mu: Value,
    kappa: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "VonMises",
    aliases: &[],
    positional: &["mu", "kappa"],
    keyword_only: &[],
    signature: "mu=0, kappa=1",
    summary: "Normal distribution on the circle",
    support: "angles between -pi and pi",
    parameters: &[("mu", "mean direction"), ("kappa", "concentration, above 0")],
    example: r#"pm.VonMises("x", mu=0, kappa=2)"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(VonMises::new(arguments.get_or("mu", 0.0), arguments.get_or("kappa", 1.0))))
    },
};

impl VonMises {
    /// Von Mises around `mu` with concentration `kappa`.
    pub fn new(mu: impl Into<Value>, kappa: impl Into<Value>) -> Self {
        Self { mu: mu.into(), kappa: kappa.into() }
    }
}

impl Distribution for VonMises {
    fn name(&self) -> &'static str {
        "VonMises"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("kappa", &self.kappa)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let sine = ((x - &self.mu) * 0.5).unary(Unary::Sin);
        sine.square() * (&self.kappa * -2.0) - (log_scaled_bessel_i0(&self.kappa) + TAU.ln())
    }

    fn support(&self) -> Support {
        Support::Circle
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("kappa > 0", &self.kappa)]
    }

    fn support_point(&self) -> Value {
        self.mu.clone()
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.kappa], shape, stream, |[mu, kappa], stream| {
            if !(kappa >= 0.0 && kappa.is_finite()) {
                return f64::NAN;
            }
            if kappa < 1e-8 {
                return TAU * (stream.uniform() - 0.5);
            }
            let tau = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
            let rho = 2.0 * kappa / (tau + (2.0 * tau).sqrt());
            let r = (1.0 + rho * rho) / (2.0 * rho);
            loop {
                let z = (PI * stream.uniform()).cos();
                let f = (1.0 + r * z) / (r + z);
                let c = kappa * (r - f);
                let u = stream.uniform();
                if c * (2.0 - c) > u || (c / u).ln() + 1.0 >= c {
                    let angle = mu + stream.sign(0.5) * f.clamp(-1.0, 1.0).acos();
                    return angle - TAU * (angle / TAU).round();
                }
            }
        })
    }
}
