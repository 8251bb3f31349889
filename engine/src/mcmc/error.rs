//! Say why a run did not start, or did not go on.

use super::sink::SinkError;
use crate::spelling::hint;

/// What stops a run.
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
    /// The value of an option is not one of its names.
    #[error("option `{option}` is `{seen}`; it must be one of {known}{}", hint(seen, known.split(", ")))]
    UnknownName {
        /// Name of the option.
        option: &'static str,
        /// Its value.
        seen: String,
        /// What it may be, with commas between.
        known: String,
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
         {log_density} and {} gradient elements that are not finite; give initial values inside \
         the support, or check the model for a parameter whose density is zero or not defined there",
        bad_gradient_elements.len()
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
        /// Which elements of the gradient are not finite there.
        bad_gradient_elements: Vec<usize>,
    },
    /// The positions to start from do not fit the run.
    #[error(
        "the positions to start from have {seen} elements; {chains} chains of {dim} parameters need {}: one position for \
         each chain, in order",
        chains * dim
    )]
    StartsLength {
        /// Elements given.
        seen: usize,
        /// Chains of the run.
        chains: usize,
        /// Elements of a position.
        dim: usize,
    },
    /// What the run should go on from is not of this run.
    #[error(
        "the run cannot go on from this state: {reason}; give the options, model and data that it was begun with"
    )]
    Snapshot {
        /// What does not fit.
        reason: &'static str,
    },
    /// Draws could not be stored.
    #[error("the draws could not be stored, and the run has stopped; those stored before are kept: {0}")]
    Sink(#[from] SinkError),
    /// The executor of an ensemble failed.
    #[error("the chains could not be moved, and the run has stopped: {0}")]
    Executor(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The value of that name, or an error that tells what there is.
pub(crate) fn named<T: Clone>(
    option: &'static str,
    name: &str,
    values: &[(&str, T)],
) -> Result<T, SampleError> {
    let found = values.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.clone()).ok_or_else(|| SampleError::UnknownName {
        option,
        seen: name.to_owned(),
        known: values.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", "),
    })
}
