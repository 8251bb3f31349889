//! Say why there is no fit.

use super::Method;

/// What keeps a fit from being made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// An option is out of range.
    #[error("option `{option}` is {seen}; it must be {allowed}")]
    Setting {
        /// Name of the option.
        option: &'static str,
        /// Its value.
        seen: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// A name that is not that of a method.
    #[error("`{seen}` is not a method; use one of {}", Method::names())]
    UnknownMethod {
        /// The name.
        seen: String,
    },
    /// The target has nothing to fit.
    #[error("the target has no parameters to fit; add at least one that is not observed")]
    NoParameters,
    /// The initial position is not of the target's dimension.
    #[error("the initial position has {seen} elements; the target has {expected}")]
    InitialLength {
        /// Elements of the initial position.
        seen: usize,
        /// Elements of the target's positions.
        expected: usize,
    },
    /// A target of too many dimensions for a method that holds a matrix of them.
    #[error(
        "{method} holds matrices of {dim} x {dim} numbers and takes at most {most} dimensions; use dadvi, advi or \
         pathfinder"
    )]
    TooManyDimensions {
        /// The method.
        method: Method,
        /// Length of a position.
        dim: usize,
        /// What the method takes.
        most: usize,
    },
    /// No place to start from.
    #[error(
        "no start in {attempts} attempts around the initial position: the last had log density {log_density} and \
         {bad_gradient_elements} gradient elements that are not finite; give initial values inside the support, or \
         check the model for a parameter whose density is zero or not defined there"
    )]
    Start {
        /// Positions tried.
        attempts: usize,
        /// The last position tried, `[dim]`.
        position: Vec<f64>,
        /// Log density there.
        log_density: f64,
        /// How many elements of the gradient are not finite there.
        bad_gradient_elements: usize,
    },
    /// The objective stopped being a number.
    #[error(
        "the objective of {method} was not finite for {failures} iterations in a row, from iteration {iteration} on, \
         however narrow the approximation was made: log density or gradient is zero, infinite or not defined near \
         element {element} = {value:?} of the position; check the model there, or start nearer to the posterior"
    )]
    NotFinite {
        /// The method.
        method: Method,
        /// First iteration of the row.
        iteration: usize,
        /// How many.
        failures: usize,
        /// An element of the position whose gradient is not finite, or the first.
        element: usize,
        /// Its value.
        value: f64,
    },
    /// The log density has no maximum, or the approximation no best width.
    #[error(
        "{method} found no optimum: element {element} of the position went to {value:?} and the log density does not \
         fall beyond it, so the posterior is improper, or its density has no bound there (a scale that goes to zero \
         does that); give this parameter a proper prior, a prior that keeps scales away from zero, or a non-centred \
         form; where the posterior is proper, NUTS samples it without a mode"
    )]
    NoOptimum {
        /// The method.
        method: Method,
        /// Element of the position that is furthest out.
        element: usize,
        /// Where it is.
        value: f64,
    },
    /// The curvature at the mode is not that of a maximum.
    #[error(
        "the log density is not curved downwards in every direction at its mode: element {element} of the position \
         can change together with elements after it at no cost; remove what is redundant in the model, give priors to \
         what data do not determine, or use NUTS"
    )]
    NotDefinite {
        /// Element whose pivot is not positive.
        element: usize,
    },
    /// The approximation has no draws of finite density.
    #[error(
        "no path of pathfinder came to a place where a normal approximation has draws of finite density ({paths} \
         paths); give initial values nearer to the posterior, or use dadvi"
    )]
    NoApproximation {
        /// Paths tried.
        paths: usize,
    },
    /// Batches of rows for a method that needs all of them.
    #[error("{method} needs all rows at once; advi and fullrank_advi take batches of rows")]
    AllRows {
        /// The method.
        method: Method,
    },
    /// A batch that is empty or larger than the data.
    #[error("batches of {seen} rows were asked for, expected 1 to {rows}, the number of rows")]
    BatchSize {
        /// Rows asked for.
        seen: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// Stopped before there was anything to keep.
    #[error("the fit was stopped before there was anything to keep")]
    Stopped,
}
