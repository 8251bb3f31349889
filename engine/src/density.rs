//! The seam between samplers and what is sampled: a dimension, and log density with gradient for a batch.
//!
//! A target may also be a sum over rows of data, some of which estimate it: [`RowDensity`].

/// A target: an unnormalised log density over unconstrained positions, shared by worker threads.
pub trait LogDensity: Send + Sync {
    /// Length of a position.
    fn dim(&self) -> usize;

    /// A worker's evaluator, with working memory of its own.
    fn evaluator(&self) -> Box<dyn Evaluator + '_>;
}

/// Evaluates a target for batches of positions.
pub trait Evaluator: Send {
    /// Computes log density and gradient of every position of a batch of any size.
    ///
    /// A position where the density is zero or not defined gets `-inf` or NaN; that is data, not an error. What a
    /// chain gets does not depend on the batch it stands in.
    ///
    /// # Shapes
    /// - `position`: `[chains, dim]`
    /// - `log_density`: `[chains]`
    /// - `gradient`: `[chains, dim]`
    ///
    /// # Panics
    /// When the lengths disagree.
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]);

    /// Chains that are computed for a batch of `chains`: more where some lanes of a block stay empty.
    fn lanes(&self, chains: usize) -> usize {
        chains
    }
}

/// A target that some rows of its data give an unbiased estimate of.
pub trait RowDensity: Send + Sync {
    /// Length of a position.
    fn dim(&self) -> usize;

    /// Number of all rows.
    fn rows(&self) -> usize;

    /// The log density estimated from these rows, one of which may be named more than once; all rows give the log
    /// density itself.
    ///
    /// # Panics
    /// When there are none, or one is not below [`RowDensity::rows`].
    fn estimate(&self, rows: &[u32]) -> Box<dyn LogDensity>;
}
