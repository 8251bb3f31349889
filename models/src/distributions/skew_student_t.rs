//! The skewed Student's t distribution of Jones and Faddy.
//!
//! ```text
//! log p(x) = (a + 1/2) log(1 + z / r) + (b + 1/2) log(1 - z / r) - (a + b - 1) log(2) - log B(a, b) - log(a + b) / 2 - log(sigma)
//! z = (x - mu) / sigma,  r = sqrt(a + b + z^2);  the factor near zero is (a + b) / (r (r + |z|))
//! ```
//!
//! # References
//! - Jones, Faddy (2003), A skew extension of the t-distribution, with applications. doi:10.1111/1467-9868.00378

use std::f64::consts::LN_2;

use chainfire_engine::program::Value;

use super::registry::{Arguments, Entry};
use super::scale::sigma_or;
use super::special::{log_beta, rest_where};
use super::stream::{Stream, each};
use super::{Condition, Distribution, DistributionError, Support};

/// Skewed Student's t with shapes `a` and `b`, location `mu` and scale `sigma`.
#[derive(Clone, Debug)]
pub struct SkewStudentT {
    a: Value,
    b: Value,
    mu: Value,
    sigma: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "SkewStudentT",
    aliases: &[],
    positional: &["a", "b"],
    keyword_only: &["mu", "sigma", "lam"],
    signature: "a, b, mu=0, sigma=1 | lam",
    summary: "Skewed Student's t distribution of Jones and Faddy",
    support: "real numbers",
    parameters: &[
        ("a", "first shape, above 0"),
        ("b", "second shape, above 0; symmetric where it is a"),
        ("mu", "location"),
        ("sigma", "scale, above 0"),
        ("lam", "precision 1 / sigma^2, in place of sigma"),
    ],
    example: r#"pm.SkewStudentT("x", a=3, b=2, mu=0, sigma=1)"#,
    build: |arguments: &Arguments| {
        let (a, b) = (arguments.require("a")?, arguments.require("b")?);
        Ok(Box::new(SkewStudentT::new(a, b, arguments.get_or("mu", 0.0), sigma_or("lam", arguments)?)))
    },
};

impl SkewStudentT {
    /// Skewed Student's t with shapes `a` and `b`, location `mu` and scale `sigma`.
    pub fn new(
        a: impl Into<Value>,
        b: impl Into<Value>,
        mu: impl Into<Value>,
        sigma: impl Into<Value>,
    ) -> Self {
        Self { a: a.into(), b: b.into(), mu: mu.into(), sigma: sigma.into() }
    }
}

impl Distribution for SkewStudentT {
    fn name(&self) -> &'static str {
        "SkewStudentT"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("a", &self.a), ("b", &self.b), ("mu", &self.mu), ("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let z = (x - &self.mu) * self.sigma.recip();
        let total = &self.a + &self.b;
        let r = (z.square() + &total).sqrt();
        let right = z.greater(&Value::from(0.0));
        let size = right.select(&z, &-&z);
        let wide = size.clone() + &r;
        let (near, far) = (total.log() - (&wide * &r).log(), (wide * r.recip()).log());
        let (shape, other) = (&self.a + 0.5, &self.b + 0.5);
        let kernel = right.select(&(&shape * &far + &other * &near), &(shape * near + other * far));
        let normaliser =
            (&total - 1.0) * LN_2 + log_beta(&self.a, &self.b) + total.log() * 0.5 + self.sigma.log();
        kernel - normaliser
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "a > 0, b > 0, sigma > 0";
        vec![
            Condition::positive(rule, &self.a),
            Condition::positive(rule, &self.b),
            Condition::positive(rule, &self.sigma),
        ]
    }

    /// The mean of scale one, as in PyMC, and what its formula gives where there is none.
    fn support_point(&self) -> Value {
        let ratio = |shape: &Value| ((shape + 0.5).lgamma() - shape.lgamma()).exp() / (shape - 0.5);
        let (a, b) = (&self.a, &self.b);
        let mean = (a - b) * (a + b).sqrt() * ratio(a) * ratio(b) * 0.5;
        let is_finite = mean.abs().lower(&Value::from(f64::INFINITY));
        &self.mu + is_finite.select(&mean, &Value::from(0.0))
    }

    /// The regularised incomplete beta function of `a`, `b` at `(1 + z / r) / 2`, `r = sqrt(a + b + z^2)`; the odds of
    /// the smaller of that and its rest are `(a + b) / (r + |z|)^2`.
    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let z = (x - &self.mu) / &self.sigma;
        let total = &self.a + &self.b;
        let r = (z.square() + &total).sqrt();
        let odds = &total / (z.abs() + &r).square();
        let is_right = z.greater(&Value::from(0.0));
        let (first, second) = (is_right.select(&self.b, &self.a), is_right.select(&self.a, &self.b));
        Some(rest_where(&is_right, &odds.log_beta_cdf(&first, &second)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let (a, b) = (self.b.clone(), self.a.clone());
        Self { a, b, mu: -&self.mu, ..self.clone() }.log_cdf(&-x)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        each(
            self.name(),
            [&self.a, &self.b, &self.mu, &self.sigma],
            shape,
            stream,
            |[a, b, mu, sigma], stream| {
                let share = stream.beta(a, b);
                mu + sigma * (a + b).sqrt() * (2.0 * share - 1.0) / (2.0 * (share * (1.0 - share)).sqrt())
            },
        )
    }
}
