//! The generalised Pareto distribution, and its extension by a power, of `pymc_extras`.
//!
//! ```text
//! log g(x) = -(1 + xi) t - log(sigma)      t = log(1 + xi z) / xi,  z where xi = 0;  z = (x - mu) / sigma
//! log G(x) = log(1 - e^-t)
//! log p(x) = log(kappa) + log g(x) + (kappa - 1) log G(x)      kappa = 1: the generalised Pareto distribution
//! ```
//!
//! from `mu` on, and no density where `1 + xi z` is not positive.
//!
//! # References
//! - Coles (2001), An Introduction to Statistical Modeling of Extreme Values, section 4.2.
//! - Naveau, Huser, Ribereau, Hannart (2016), Modeling jointly low, moderate, and heavy rainfall intensities without a
//!   threshold selection. doi:10.1002/2015WR018552

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::gen_extreme::reduced;
use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Excesses over `mu` with scale `sigma` and shape `xi`, the distribution function to the power of `kappa`.
#[derive(Clone, Debug)]
pub struct GenPareto {
    mu: Value,
    sigma: Value,
    xi: Value,
    /// `None` for 1.
    kappa: Option<Value>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "GenPareto",
    aliases: &[],
    positional: &["mu", "sigma", "xi"],
    keyword_only: &[],
    signature: "mu=0, sigma=1, xi=0",
    summary: "Excesses over a threshold (pymc_extras)",
    support: "numbers from mu on, bounded above where xi is below 0",
    parameters: &[("mu", "threshold"), ("sigma", "scale, above 0"), ("xi", "shape: above 0 for heavy tails")],
    example: r#"pm.GenPareto("x", mu=0, sigma=1, xi=0.1)"#,
    build: |arguments: &Arguments| {
        let [mu, sigma, xi] = three(arguments);
        Ok(Box::new(GenPareto::new(mu, sigma, xi)))
    },
};

/// The extension by a power.
pub(super) const EXTENDED: Entry = Entry {
    name: "ExtGenPareto",
    aliases: &[],
    positional: &["mu", "sigma", "xi", "kappa"],
    keyword_only: &[],
    signature: "mu=0, sigma=1, xi=0, kappa=1",
    summary: "Amounts whose large ones are as excesses over a threshold (pymc_extras)",
    support: "numbers from mu on, bounded above where xi is below 0",
    parameters: &[
        ("mu", "least value"),
        ("sigma", "scale, above 0"),
        ("xi", "shape of the large values: above 0 for heavy tails"),
        ("kappa", "shape of the small values, above 0"),
    ],
    example: r#"pm.ExtGenPareto("x", mu=0, sigma=1, xi=0.1, kappa=2)"#,
    build: |arguments: &Arguments| {
        let [mu, sigma, xi] = three(arguments);
        Ok(Box::new(GenPareto::new(mu, sigma, xi).to_power(arguments.get_or("kappa", 1.0))))
    },
};

fn three(arguments: &Arguments) -> [Value; 3] {
    [("mu", 0.0), ("sigma", 1.0), ("xi", 0.0)].map(|(name, default)| arguments.get_or(name, default))
}

impl GenPareto {
    /// Excesses over `mu` with scale `sigma` and shape `xi`.
    pub fn new(mu: impl Into<Value>, sigma: impl Into<Value>, xi: impl Into<Value>) -> Self {
        Self { mu: mu.into(), sigma: sigma.into(), xi: xi.into(), kappa: None }
    }

    /// The distribution function to a power.
    pub fn to_power(mut self, kappa: impl Into<Value>) -> Self {
        self.kappa = Some(kappa.into());
        self
    }

    /// Whether `x` is inside of the support, and `t` there, which is above 0; the density to a power has no edge.
    fn reduced(&self, x: &Value) -> (Value, Value) {
        let (inside, t) = reduced(x, &self.mu, &self.sigma, &self.xi);
        let above = if self.kappa.is_some() { x.greater(&self.mu) } else { x.greater_equal(&self.mu) };
        let inside = inside.and(&above);
        let t = inside.select(&t, &Value::from(1.0));
        (inside, t)
    }
}

impl Distribution for GenPareto {
    fn name(&self) -> &'static str {
        if self.kappa.is_some() { "ExtGenPareto" } else { "GenPareto" }
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        let three = [("mu", &self.mu), ("sigma", &self.sigma), ("xi", &self.xi)];
        three.into_iter().chain(self.kappa.iter().map(|kappa| ("kappa", kappa))).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let (inside, t) = self.reduced(x);
        let mut density = -((&self.xi + 1.0) * &t) - self.sigma.log();
        if let Some(kappa) = &self.kappa {
            density = density + kappa.log() + (kappa - 1.0) * log1m_exp(&-t);
        }
        inside.select(&density, &Value::from(f64::NEG_INFINITY))
    }

    fn support(&self) -> Support {
        Support::Interval { lower: self.mu.clone(), upper: Value::from(f64::INFINITY) }
    }

    fn conditions(&self) -> Vec<Condition> {
        let mut conditions = vec![Condition::positive("sigma > 0", &self.sigma)];
        conditions.extend(self.kappa.iter().map(|kappa| Condition::positive("kappa > 0", kappa)));
        conditions
    }

    /// The median.
    fn support_point(&self) -> Value {
        // -log of the share above the median.
        let t = match &self.kappa {
            None => Value::from(LN_2),
            Some(kappa) => -log1m_exp(&(kappa.recip() * -LN_2)),
        };
        let is_zero = self.xi.abs().lower(&Value::from(1e-8));
        let xi = is_zero.select(&Value::from(1.0), &self.xi);
        let power = (&xi * &t).expm1() * xi.recip();
        &self.mu + &self.sigma * is_zero.select(&t, &power)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (inside, t) = self.reduced(x);
        let below = log1m_exp(&-t);
        let below = match &self.kappa {
            None => below,
            Some(kappa) => kappa * below,
        };
        Some(inside.select(&below, &Value::from(0.0)))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let one = Value::from(1.0);
        let parameters = [&self.mu, &self.sigma, &self.xi, self.kappa.as_ref().unwrap_or(&one)];
        each(self.name(), parameters, shape, stream, |[mu, sigma, xi, kappa], stream| {
            let t = -(-(stream.inside().ln() / kappa).exp_m1()).ln();
            mu + sigma * if xi == 0.0 { t } else { (xi * t).exp_m1() / xi }
        })
    }
}
