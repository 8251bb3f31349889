//! The GARCH(1, 1) process: normals whose variance follows their squares.
//!
//! ```text
//! x[t] ~ N(0, s[t]),  s[0] = initial_vol,  s[t]^2 = omega + alpha_1 x[t-1]^2 + beta_1 s[t-1]^2
//! ```
//!
//! # References
//! - Bollerslev (1986), Generalized autoregressive conditional heteroskedasticity. doi:10.1016/0304-4076(86)90063-1

use chainfire_engine::program::{Turn, Value, ValueError, value::shape};

use super::last_axis::range;
use super::normal;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, joint_shape};

/// Normals around 0 whose variance follows their squares.
#[derive(Clone, Debug)]
pub struct Garch11 {
    omega: Value,
    alpha: Value,
    beta: Value,
    initial: Value,
    steps: Option<usize>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "GARCH11",
    aliases: &[],
    positional: &["omega", "alpha_1", "beta_1", "initial_vol"],
    keyword_only: &["steps"],
    signature: "omega, alpha_1, beta_1, initial_vol, steps=None",
    summary: "Series whose variance follows its own past",
    support: "real series",
    parameters: &[
        ("omega", "constant of the variance, above 0"),
        ("alpha_1", "weight of the last value squared"),
        ("beta_1", "weight of the last variance"),
        ("initial_vol", "standard deviation of the first value"),
        ("steps", "number of steps; the length of the series is one more"),
    ],
    example: r#"pm.GARCH11("y", omega=0.5, alpha_1=0.2, beta_1=0.3, initial_vol=1, observed=[0.1, -0.5, 0.8])"#,
    build: |arguments: &Arguments| {
        let [omega, alpha, beta, initial] =
            ["omega", "alpha_1", "beta_1", "initial_vol"].map(|name| arguments.require(name));
        let steps = arguments.steps()?;
        Ok(Box::new(Garch11 { steps, ..Garch11::new(omega?, alpha?, beta?, initial?) }))
    },
};

impl Garch11 {
    /// Normals around 0 of variance `omega + alpha x^2 + beta variance`, of the value before; the first has the standard
    /// deviation `initial`. The length is that of the variable.
    pub fn new(
        omega: impl Into<Value>,
        alpha: impl Into<Value>,
        beta: impl Into<Value>,
        initial: impl Into<Value>,
    ) -> Self {
        let (omega, alpha, beta) = (omega.into(), alpha.into(), beta.into());
        Self { omega, alpha, beta, initial: initial.into(), steps: None }
    }
}

impl Distribution for Garch11 {
    fn name(&self) -> &'static str {
        "GARCH11"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![
            ("omega", &self.omega),
            ("alpha_1", &self.alpha),
            ("beta_1", &self.beta),
            ("initial_vol", &self.initial),
        ]
    }

    fn log_density(&self, x: &Value) -> Value {
        let (length, axis) = (x.shape().last().copied().unwrap_or(0), x.rank().saturating_sub(1));
        let initial = self.initial.square().broadcast_to(&x.shape()[..axis]);
        let first = Value::stack(std::slice::from_ref(&initial), axis);
        let variances = if length > 1 {
            let squares = range(&x.square(), 0, length - 1).move_axis(axis, 0);
            let scanned = Value::scan(&[initial], &[squares], length - 1, |variance, squares| {
                let next = &self.omega + &self.alpha * &squares[0] + &self.beta * &variance[0];
                Ok::<_, ValueError>(Turn { next: vec![next], emitted: vec![] })
            });
            match scanned {
                Ok(scanned) => Value::concatenate(&[first, scanned.states[0].move_axis(0, axis)], axis),
                Err(error) => return Value::invalid(error),
            }
        } else {
            first
        };
        normal::log_density(x, &variances.sqrt()).sum_axis(axis)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let (rule, zero) = ("omega > 0, 0 <= alpha_1, 0 <= beta_1, alpha_1 + beta_1 < 1", Value::from(0.0));
        vec![
            Condition::positive(rule, &self.omega),
            Condition { rule, holds: self.alpha.greater_equal(&zero) },
            Condition { rule, holds: self.beta.greater_equal(&zero) },
            Condition { rule, holds: (&self.alpha + &self.beta).lower(&Value::from(1.0)) },
            Condition::positive("initial_vol > 0", &self.initial),
        ]
    }

    fn support_point(&self) -> Value {
        Value::from(0.0)
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        let batch = joint_shape(self.parameters().into_iter().map(|(_, value)| value))?;
        Ok([&batch[..], &[self.steps.map_or(1, |steps| steps + 1)]].concat())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let batch = &shape[..shape.len().saturating_sub(1)];
        let of = |parameter: &Value| numbers(self.name(), parameter, batch);
        let (omega, alpha) = (of(&self.omega)?, of(&self.alpha)?);
        let (beta, initial) = (of(&self.beta)?, of(&self.initial)?);
        let mut drawn = Vec::with_capacity(shape::elements(shape));
        for row in 0..shape::elements(batch) {
            let mut variance = initial[row] * initial[row];
            for _ in 0..shape.last().copied().unwrap_or(1) {
                let x = variance.sqrt() * stream.normal();
                drawn.push(x);
                variance = omega[row] + alpha[row] * x * x + beta[row] * variance;
            }
        }
        Ok(drawn)
    }
}
