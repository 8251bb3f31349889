//! Tune a sampler to its target during warm-up: step size and metric.
//!
//! - `dual_averaging`: the step size.
//! - `moments`: running variances.
//! - `metric`: the metric.
//! - `warmup`: what is tuned when, for one chain.

mod dual_averaging;
mod metric;
mod moments;
mod warmup;

pub use metric::Metric;
pub(crate) use warmup::{Next, Observation, Warmup};
