//! A distribution that the user writes: a log density as an expression of a value and parameters.
//!
//! ```text
//! log p(x) = f(x, parameters)
//! log P(x) = F(x, parameters), where it is given
//! ```
//!
//! # References
//! - PyMC 5.28, `CustomDist` (the form with `logp=`).

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, ValueError};

use super::quantile::quantiles;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, joint_shape};

/// Log density of a value under parameters.
pub type LogDensityFunction = Rc<dyn Fn(&Value, &[Value]) -> Value>;

/// Numbers of a shape from the numbers of the parameters.
pub type DrawFunction = Rc<dyn Fn(&[usize], &[Value], &mut Stream) -> Result<Vec<f64>, DistributionError>>;

/// A distribution with a log density of the user's.
#[derive(Clone)]
pub struct CustomDist {
    parameters: Vec<Value>,
    log_density: LogDensityFunction,
    log_cdf: Option<LogDensityFunction>,
    draw: Option<DrawFunction>,
    support: Support,
    point: Value,
    /// Its shape, where it is not that of the parameters, and the axes of one draw.
    shape: Option<Vec<usize>>,
    event_rank: usize,
}

impl CustomDist {
    /// A distribution on all real numbers that starts at 0.
    pub fn new(parameters: Vec<Value>, log_density: impl Fn(&Value, &[Value]) -> Value + 'static) -> Self {
        Self {
            parameters,
            log_density: Rc::new(log_density),
            log_cdf: None,
            draw: None,
            support: Support::Real,
            point: Value::from(0.0),
            shape: None,
            event_rank: 0,
        }
    }

    /// Sets where the mass is, and a typical value there.
    pub fn support(mut self, support: Support, point: impl Into<Value>) -> Self {
        self.support = support;
        self.point = point.into();
        self
    }

    /// Sets the log of the probability of values up to one.
    pub fn log_cdf(mut self, log_cdf: impl Fn(&Value, &[Value]) -> Value + 'static) -> Self {
        self.log_cdf = Some(Rc::new(log_cdf));
        self
    }

    /// Sets the shape, whose last `event_rank` axes are those of one draw.
    pub fn shape(mut self, shape: Vec<usize>, event_rank: usize) -> Self {
        (self.shape, self.event_rank) = (Some(shape), event_rank);
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

    fn event_rank(&self) -> usize {
        self.event_rank
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        self.shape.clone().map_or_else(|| joint_shape(&self.parameters), Ok)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        self.log_cdf.as_ref().map(|log_cdf| log_cdf(x, &self.parameters))
    }

    /// By the function that draws; else quantiles of uniform numbers.
    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        if let Some(draw) = &self.draw {
            return draw(shape, &self.parameters, stream);
        }
        let shares: Vec<f64> = (0..shape.iter().product()).map(|_| stream.inside()).collect();
        match quantiles(self, &Value::data(shares, shape, Kind::Float), shape) {
            Some(drawn) => numbers(self.name(), &drawn, shape),
            None => Err(DistributionError::CannotDraw {
                distribution: self.name(),
                reason: "its log density was given without a function that draws".into(),
            }),
        }
    }
}
