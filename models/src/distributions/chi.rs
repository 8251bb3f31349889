//! The chi distribution, of `pymc_extras`: the length of a standard normal vector.
//!
//! ```text
//! log p(x) = (nu - 1) log(x) - x^2 / 2 - (nu / 2 - 1) log(2) - log Gamma(nu / 2)      x > 0
//! x^2 ~ chi-squared(nu)
//! ```
//!
//! # References
//! - Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions, volume 1, section 18.3.

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::chi_squared::ChiSquared;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Chi with `nu` degrees of freedom.
#[derive(Clone, Debug)]
pub struct Chi {
    nu: Value,
    square: ChiSquared,
}

pub(super) const ENTRY: Entry = Entry {
    name: "Chi",
    aliases: &[],
    positional: &["nu"],
    keyword_only: &[],
    signature: "nu",
    summary: "Length of a standard normal vector (pymc_extras)",
    support: "numbers above 0",
    parameters: &[("nu", "degrees of freedom, above 0")],
    example: r#"pm.Chi("x", nu=3)"#,
    build: |arguments: &Arguments| Ok(Box::new(Chi::new(arguments.require("nu")?))),
};

impl Chi {
    /// Chi with `nu` degrees of freedom.
    pub fn new(nu: impl Into<Value>) -> Self {
        let nu = nu.into();
        Self { square: ChiSquared::new(nu.clone()), nu }
    }
}

impl Distribution for Chi {
    fn name(&self) -> &'static str {
        "Chi"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("nu", &self.nu)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let half = &self.nu * 0.5;
        (&self.nu - 1.0) * x.log() - x.square() * 0.5 - (&half - 1.0) * LN_2 - half.lgamma()
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("nu > 0", &self.nu)]
    }

    /// The root of the mean square.
    fn support_point(&self) -> Value {
        self.nu.sqrt()
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.square.log_cdf(&x.square())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        self.square.log_survival(&x.square())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.nu], shape, stream, |[nu], stream| (2.0 * stream.gamma(nu / 2.0)).sqrt())
    }
}
