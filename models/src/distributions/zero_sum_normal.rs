//! A normal distribution on arrays that sum to zero.
//!
//! ```text
//! log p(x) = -(sum of (x / sigma)^2) / 2 - m (log(sigma) + log(2 pi) / 2)      m = product of (n[i] - 1)
//! ```
//!
//! # References
//! - PyMC 5.28, `ZeroSumNormal`; Stan Reference Manual, "Zero sum vector".

use chainfire_engine::program::{Value, ValueError};

use super::last_axis;
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, joint_shape};
use crate::finding::Rule;

/// Normals with scale `sigma` that sum to zero over each of the last `axes` axes.
#[derive(Clone, Debug)]
pub struct ZeroSumNormal {
    sigma: Value,
    axes: usize,
    event: Vec<usize>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "ZeroSumNormal",
    aliases: &[],
    positional: &["sigma", "n_zerosum_axes", "support_shape"],
    keyword_only: &[],
    signature: "sigma=1, n_zerosum_axes=1, support_shape",
    summary: "Normal variables whose sum is zero",
    support: "arrays whose sum over the last axes is 0",
    parameters: &[
        ("sigma", "scale, above 0"),
        ("n_zerosum_axes", "number of the last axes that sum to zero"),
        ("support_shape", "lengths of these axes, where `shape` or `dims` do not tell"),
    ],
    example: r#"pm.ZeroSumNormal("x", sigma=1, shape=3)"#,
    build: |arguments: &Arguments| {
        let axes = match arguments.get("n_zerosum_axes") {
            Some(_) => arguments.whole("n_zerosum_axes")?,
            None => 1,
        };
        let event = match arguments.get("support_shape") {
            Some(shape) => match shape.as_data() {
                Some(sizes) => sizes.iter().map(|&n| n as usize).collect(),
                None => return Err(arguments.error("`support_shape` must be known from the data")),
            },
            None => vec![1; axes],
        };
        if axes == 0 || event.len() != axes {
            return Err(arguments.error(format!(
                "`n_zerosum_axes` is {axes} and `support_shape` has {} numbers; they must agree, from 1 on",
                event.len()
            )));
        }
        let sigma = arguments.get_or("sigma", 1.0);
        let tail = &sigma.shape()[sigma.rank().saturating_sub(axes)..];
        if tail.iter().any(|&n| n != 1) {
            return Err(
                arguments.breach(Rule::ZeroSum, "sigma must have length one across the zero-sum axes")
            );
        }
        Ok(Box::new(ZeroSumNormal { sigma, axes, event }))
    },
};

impl ZeroSumNormal {
    /// Normals with scale `sigma` that sum to zero over each of the last `axes` axes.
    pub fn new(sigma: impl Into<Value>, axes: usize) -> Self {
        Self { sigma: sigma.into(), axes, event: vec![1; axes] }
    }
}

impl Distribution for ZeroSumNormal {
    fn name(&self) -> &'static str {
        "ZeroSumNormal"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("sigma", &self.sigma)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let event = &x.shape()[x.rank().saturating_sub(self.axes)..];
        let freedom = event.iter().map(|&n| n as f64 - 1.0).product::<f64>();
        let share = freedom / event.iter().map(|&n| n as f64).product::<f64>();
        let terms = (x * self.sigma.recip()).square() * -0.5 - (self.sigma.log() + HALF_LOG_TWO_PI) * share;
        last_axis::sum_of(&terms, self.axes)
    }

    fn support(&self) -> Support {
        Support::ZeroSum { axes: self.axes }
    }

    /// Of one scale for every array.
    fn conditions(&self) -> Vec<Condition> {
        let kept = self.sigma.rank().saturating_sub(self.axes);
        let sigma = self.sigma.reshape(&self.sigma.shape()[..kept]);
        vec![Condition::positive("sigma > 0", &sigma)]
    }

    fn support_point(&self) -> Value {
        Value::from(0.0)
    }

    fn event_rank(&self) -> usize {
        self.axes
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        joint_shape([&self.sigma, &Value::from(0.0).broadcast_to(&self.event)])
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let sigma = numbers(self.name(), &self.sigma, shape)?;
        let mut drawn: Vec<f64> = sigma.iter().map(|sigma| sigma * stream.normal()).collect();
        for axis in shape.len().saturating_sub(self.axes)..shape.len() {
            let (count, stride) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
            for first in (0..drawn.len()).filter(|i| i / stride % count == 0) {
                let places = || (0..count).map(|k| first + k * stride);
                let mean = places().map(|i| drawn[i]).sum::<f64>() / count as f64;
                places().for_each(|i| drawn[i] -= mean);
            }
        }
        Ok(drawn)
    }
}
