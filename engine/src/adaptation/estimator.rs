//! Gather draws and make a metric from them.
//!
//! Each kind of metric keeps of the draws what it needs: moments, a covariance, or the draws and gradients themselves.

use serde::{Deserialize, Serialize};

use super::covariance::Covariance;
use super::low_rank::{Rows, write_low_rank};
use super::metric::{Metric, write_fisher_scale, write_variance_scale};
use super::moments::Moments;
use super::whitening::Whitening;

/// What is kept of the draws that a metric is made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Estimator {
    Unit,
    Variance(Moments),
    Fisher { position: Moments, gradient: Moments },
    Dense(Covariance),
    LowRank(Rows),
}

impl Estimator {
    pub(super) fn new(metric: Metric, dim: usize) -> Self {
        let moments = || Moments::new(dim);
        match metric {
            Metric::Unit => Self::Unit,
            Metric::VarianceDiagonal => Self::Variance(moments()),
            Metric::FisherDiagonal => Self::Fisher { position: moments(), gradient: moments() },
            Metric::Dense => Self::Dense(Covariance::new(dim)),
            Metric::LowRank => Self::LowRank(Rows::new(dim)),
        }
    }

    /// # Shapes
    /// - `position`, `gradient`: `[dim]`
    pub(super) fn add(&mut self, position: &[f64], gradient: &[f64]) {
        match self {
            Self::Unit => {}
            Self::Variance(moments) => moments.add(position),
            Self::Fisher { position: positions, gradient: gradients } => {
                positions.add(position);
                gradients.add(gradient);
            }
            Self::Dense(covariance) => covariance.add(position),
            Self::LowRank(rows) => rows.add(position, gradient),
        }
    }

    /// Whether it wants to know no more than moments.
    pub(super) fn takes_moments(&self) -> bool {
        matches!(self, Self::Unit | Self::Variance(_) | Self::Fisher { .. })
    }

    /// Adds draws of which only moments are known; see [`Estimator::takes_moments`].
    pub(super) fn merge(&mut self, position: &Moments, gradient: &Moments) {
        match self {
            Self::Variance(moments) => moments.merge(position),
            Self::Fisher { position: positions, gradient: gradients } => {
                positions.merge(position);
                gradients.merge(gradient);
            }
            Self::Unit | Self::Dense(_) | Self::LowRank(_) => {}
        }
    }

    /// Draws gathered so far.
    pub(super) fn count(&self) -> f64 {
        match self {
            Self::Unit => 0.0,
            Self::Variance(moments) | Self::Fisher { position: moments, .. } => moments.count,
            Self::Dense(covariance) => covariance.count(),
            Self::LowRank(rows) => rows.count(),
        }
    }

    /// Whether there are so many draws, of `dim` elements, that the metric of a whole ensemble is made from them.
    pub(super) fn is_enough(&self, dim: usize) -> bool {
        let least = match self {
            Self::Unit => f64::INFINITY,
            Self::Variance(_) | Self::Fisher { .. } => 4.0,
            Self::Dense(_) => 2.0 * dim as f64,
            Self::LowRank(_) => (2.0 * dim as f64).min(100.0),
        };
        self.count() >= least
    }

    /// Makes the metric; keeps the old one where the draws do not make one.
    pub(super) fn write(&self, whitening: &mut Whitening) {
        match self {
            Self::Unit => {}
            Self::Variance(moments) => {
                write_variance_scale(moments, whitening.diagonal_mut(moments.mean.len()));
            }
            Self::Fisher { position, gradient } => {
                write_fisher_scale(position, gradient, whitening.diagonal_mut(position.mean.len()));
            }
            Self::Dense(covariance) => covariance.write(whitening),
            Self::LowRank(rows) => write_low_rank(rows, whitening),
        }
    }
}
