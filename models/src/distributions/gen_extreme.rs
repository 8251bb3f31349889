//! The generalised extreme value distribution, of `pymc_extras`.
//!
//! ```text
//! log p(x) = -(1 + xi) t - e^-t - log(sigma)      t = log(1 + xi z) / xi,  z where xi = 0;  z = (x - mu) / sigma
//! log F(x) = -e^-t
//! ```
//!
//! and no density where `1 + xi z` is not positive. Where `xi z` is small, `t` is summed as
//! `z (1 - xi z / 2 + (xi z)^2 / 3 - ...)`, whose derivative in `xi` keeps its digits.
//!
//! # Differences from `pymc_extras`
//! Its derivative in `xi` is zero where `xi` is within 1e-8 of 0, and its `logcdf` is minus infinity above the upper
//! end that there is for negative `xi`.
//!
//! # References
//! - Coles (2001), An Introduction to Statistical Modeling of Extreme Values, section 3.1.3.

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::special::polynomial;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Where the series is exact in double precision.
const SMALL: f64 = 1e-3;

/// Generalised extreme values with location `mu`, scale `sigma` and shape `xi`.
#[derive(Clone, Debug)]
pub struct GenExtreme {
    mu: Value,
    sigma: Value,
    xi: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "GenExtreme",
    aliases: &[],
    positional: &["mu", "sigma", "xi", "scipy"],
    keyword_only: &[],
    signature: "mu=0, sigma=1, xi=0, scipy=False",
    summary: "Largest of many, of all three types (pymc_extras)",
    support: "real numbers, bounded where xi is not 0",
    parameters: &[
        ("mu", "location"),
        ("sigma", "scale, above 0"),
        ("xi", "shape, between -1 and 1: above 0 for heavy tails"),
        ("scipy", "whether xi has SciPy's sign"),
    ],
    example: r#"pm.GenExtreme("x", mu=0, sigma=1, xi=0.1)"#,
    build: |arguments: &Arguments| {
        let get = |name: &str, default: f64| arguments.get(name).unwrap_or(Value::from(default));
        let xi = get("xi", 0.0);
        let is_scipy =
            arguments.get("scipy").is_some_and(|flag| flag.as_data().is_some_and(|x| x.contains(&1.0)));
        let xi = if is_scipy { -xi } else { xi };
        Ok(Box::new(GenExtreme::new(get("mu", 0.0), get("sigma", 1.0), xi)))
    },
};

impl GenExtreme {
    /// Location `mu`, scale `sigma`, shape `xi`.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>, xi: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into(), xi: xi.into() }
    }
}

/// Whether `x` is inside of the support, and `t` there.
pub(super) fn reduced(x: &Value, mu: &Value, sigma: &Value, xi: &Value) -> (Value, Value) {
    let z = (x - mu) * sigma.recip();
    let step = xi * &z;
    let inside = step.greater(&Value::from(-1.0));
    let is_small = step.abs().lower(&Value::from(SMALL));
    // Each branch is computed where it is taken; elsewhere it has to be a number.
    let zero = Value::from(0.0);
    let small = is_small.select(&step, &zero);
    let series = [1.0, -1.0 / 2.0, 1.0 / 3.0, -1.0 / 4.0, 1.0 / 5.0, -1.0 / 6.0];
    let near = &z * polynomial(&series, &small);
    let far = inside.and(&is_small.equal(&zero));
    let one = Value::from(1.0);
    let plain = far.select(&step, &one).log1p() * far.select(xi, &one).recip();
    (inside, is_small.select(&near, &plain))
}

impl Distribution for GenExtreme {
    fn name(&self) -> &'static str {
        "GenExtreme"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("sigma", &self.sigma), ("xi", &self.xi)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let (inside, t) = reduced(x, &self.mu, &self.sigma, &self.xi);
        let density = -((&self.xi + 1.0) * &t) - (-&t).exp() - self.sigma.log();
        inside.select(&density, &Value::from(f64::NEG_INFINITY))
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "-1 < xi < 1";
        vec![
            Condition::positive("sigma > 0", &self.sigma),
            Condition { rule, holds: self.xi.greater(&Value::from(-1.0)) },
            Condition { rule, holds: self.xi.lower(&Value::from(1.0)) },
        ]
    }

    /// The mode.
    fn support_point(&self) -> Value {
        let is_zero = self.xi.abs().lower(&Value::from(1e-8));
        let xi = is_zero.select(&Value::from(1.0), &self.xi);
        let power = (-&xi * xi.log1p()).expm1() * xi.recip();
        &self.mu + &self.sigma * is_zero.select(&Value::from(0.0), &power)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (inside, t) = reduced(x, &self.mu, &self.sigma, &self.xi);
        let zero = Value::from(0.0);
        let outside = self.xi.lower(&zero).select(&zero, &Value::from(f64::NEG_INFINITY));
        Some(inside.select(&-(-t).exp(), &outside))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(self.name(), [&self.mu, &self.sigma, &self.xi], shape, stream, |[mu, sigma, xi], stream| {
            let t = -stream.exponential().ln();
            mu + sigma * if xi == 0.0 { t } else { (xi * t).exp_m1() / xi }
        })
    }
}
