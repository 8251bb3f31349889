//! Say why a run did not start.

/// What stops a run before its first draw.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// An option of the run is out of range.
    #[error("option `{option}` is {seen}; it must be {allowed}")]
    Setting {
        /// Name of the option.
        option: &'static str,
        /// Its value.
        seen: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// The run does not fit into memory.
    #[error(
        "{chains} chains of {draws} draws need about {needed:.1} GiB of memory and {available:.1} GiB are free; ask for \
         fewer chains or draws"
    )]
    Memory {
        /// Chains asked for.
        chains: usize,
        /// Draws asked for, of each chain.
        draws: usize,
        /// What they need, in GiB.
        needed: f64,
        /// What is free, in GiB.
        available: f64,
    },
    /// The target has nothing to sample.
    #[error("the target has no parameters to sample; add at least one that is not observed")]
    NoParameters,
    /// The initial position is not of the target's dimension.
    #[error("the initial position has {seen} elements; the target has {expected}")]
    InitialLength {
        /// Elements of the initial position.
        seen: usize,
        /// Elements of the target's positions.
        expected: usize,
    },
    /// The progress does not belong to this run.
    #[error(
        "the progress was made for {seen} chains; the run has {expected}: make it with `Progress::new({expected})`"
    )]
    ProgressLength {
        /// Chains of the progress.
        seen: usize,
        /// Chains of the run.
        expected: usize,
    },
    /// A chain found no place to start from.
    #[error(
        "chain {chain} found no start in {attempts} attempts around the initial position: the last had log density \
         {log_density} and {bad_gradient_elements} gradient elements that are not finite; give initial values inside \
         the support, or check the model for a parameter whose density is zero or not defined there"
    )]
    Start {
        /// The chain; the lowest when several failed.
        chain: usize,
        /// Positions tried.
        attempts: usize,
        /// The last position tried, `[dim]`.
        position: Vec<f64>,
        /// Log density there.
        log_density: f64,
        /// How many elements of the gradient are not finite there.
        bad_gradient_elements: usize,
    },
}
