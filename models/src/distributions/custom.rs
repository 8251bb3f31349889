//! A distribution that the user writes: a log density as an expression of a value and parameters.
//!
//! ```text
//! log p(x) = f(x, parameters)
//! ```
//!
//! # References
//! - PyMC 5.28, `CustomDist` (the form with `logp=`).

use std::rc::Rc;

use chainfire_engine::program::Value;

use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Log density of a value under parameters.
pub type LogDensityFunction = Rc<dyn Fn(&Value, &[Value]) -> Value>;

/// Numbers of a shape from the numbers of the parameters.
pub type DrawFunction = Rc<dyn Fn(&[usize], &[Value], &mut Stream) -> Result<Vec<f64>, DistributionError>>;

/// A univariate distribution with a log density of the user's.
#[derive(Clone)]
pub struct CustomDist {
    parameters: Vec<Value>,
    log_density: LogDensityFunction,
    draw: Option<DrawFunction>,
    support: Support,
    point: Value,
}

impl CustomDist {
    /// A distribution on all real numbers that starts at 0.
    pub fn new(parameters: Vec<Value>, log_density: impl Fn(&Value, &[Value]) -> Value + 'static) -> Self {
        Self {
            parameters,
            log_density: Rc::new(log_density),
            draw: None,
            support: Support::Real,
            point: Value::from(0.0),
        }
    }

    /// Sets where the mass is, and a typical value there.
    pub fn support(mut self, support: Support, point: impl Into<Value>) -> Self {
        self.support = support;
        self.point = point.into();
        self
    }

    /// Sets how draws are made.
    pub fn draws(mut self, draw: DrawFunction) -> Self {
        self.draw = Some(draw);
        self
    }
}

impl std::fmt::Debug for CustomDist {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CustomDist").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

impl Distribution for CustomDist {
    fn name(&self) -> &'static str {
        "CustomDist"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.parameters.iter().map(|value| ("parameter", value)).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        (self.log_density)(x, &self.parameters)
    }

    fn support(&self) -> Support {
        self.support.clone()
    }

    fn conditions(&self) -> Vec<Condition> {
        Vec::new()
    }

    fn support_point(&self) -> Value {
        self.point.clone()
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        match &self.draw {
            Some(draw) => draw(shape, &self.parameters, stream),
            None => Err(DistributionError::CannotDraw {
                distribution: self.name(),
                reason: "its log density was given without a function that draws".into(),
            }),
        }
    }
}
