//! Tune a sampler to its target during warm-up: step size and metric.
//!
//! - `dual_averaging`: the step size.
//! - `whitening`: a square root of the metric, and steps in its coordinates.
//! - `moments`: running variances.
//! - `metric`: which metrics there are, and the diagonal ones.
//! - `covariance`: the dense metric.
//! - `low_rank`: the metric of low rank plus diagonal.
//! - `estimator`: one of them, made from draws as they come.
//! - `two_windows`: when a metric made from gradients changes.
//! - `stan_windows`: when a metric made from draws alone changes.
//! - `far_out`: which chains do not count.
//! - `stranded`: which chains are moved to others.
//! - `warmup`: step size and metric of one chain.
//! - `pooled`: step size and metric of many chains together.
//!
//! # Why each metric has a schedule of its own
//! The variance metric with Stan's windows is Stan's algorithm. The Fisher metric is good after a few draws, so it
//! gains from nutpie's schedule, which uses it at once. Bulk ESS of the worst element per 1000 gradients after warm-up,
//! and gradients per tuning draw; means of 40 seeds, four chains of 1000 + 1000 draws, standard errors below 4 %:
//!
//! ```text
//!                                     eight schools     radon, 90 elements   normal, condition 1e4
//! Fisher, nutpie's schedule           80     7.2        22     10.4          229     8.3
//! Fisher, Stan's windows              68     8.6        18     30.5          143    38.5
//! Fisher, Stan's, first metric 1/|g|  68     9.6        17     18.6          142    13.9
//! variance, Stan's windows            64     9.8        18     33.6          132    39.1
//! ```
//!
//! With 500 + 500 draws the first line is the best too. The price: acceptance is closer to its target than after Stan's
//! windows, so eight schools has more divergences, 3 in 4000 draws instead of 1.

mod covariance;
mod dual_averaging;
mod estimator;
mod far_out;
mod low_rank;
mod metric;
mod moments;
mod pooled;
mod stan_windows;
mod stranded;
mod two_windows;
mod warmup;
mod whitening;

pub(crate) use dual_averaging::DualAveraging;
pub(crate) use far_out::least_log_density;
pub use metric::Metric;
pub(crate) use metric::write_fisher_scale;
pub use moments::Moments;
pub(crate) use pooled::{Pooled, Round};
pub(crate) use stranded::Stranded;
pub(crate) use warmup::{Next, Observation, Warmup};
pub use whitening::{LowRank, Triangle, Whitening};
