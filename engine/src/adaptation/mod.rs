//! Tune a sampler to its target during warm-up: step size and metric.
//!
//! - `dual_averaging`: the step size.
//! - `moments`: running variances.
//! - `metric`: the metric.
//! - `two_windows`: when the Fisher metric changes.
//! - `stan_windows`: when the variance metric changes.
//! - `warmup`: step size and metric of one chain.
//!
//! # Why each metric has a schedule of its own
//! The variance metric with Stan's windows is Stan's algorithm. The Fisher metric is good after a few draws, so it gains
//! from nutpie's schedule, which uses it at once. Bulk ESS of the worst element per 1000 gradients after warm-up, and
//! gradients per tuning draw; means of 40 seeds, four chains of 1000 + 1000 draws, standard errors below 4 %:
//!
//! ```text
//!                                     eight schools     radon, 90 elements   normal, condition 1e4
//! Fisher, nutpie's schedule           80     7.2        22     10.4          229     8.3
//! Fisher, Stan's windows              68     8.6        18     30.5          143    38.5
//! Fisher, Stan's, first metric 1/|g|  68     9.6        17     18.6          142    13.9
//! variance, Stan's windows            64     9.8        18     33.6          132    39.1
//! ```
//!
//! With 500 + 500 draws the first line is the best too. The price: acceptance is closer to its target than after Stan's windows,
//! so eight schools has more divergences, 3 in 4000 draws instead of 1.

mod dual_averaging;
mod metric;
mod moments;
mod stan_windows;
mod two_windows;
mod warmup;

pub use metric::Metric;
pub(crate) use warmup::{Next, Observation, Warmup};
