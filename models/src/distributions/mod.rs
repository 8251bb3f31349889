//! Distributions: one file each, one line of the registry each.

mod bernoulli;
mod beta;
mod binomial;
mod cauchy;
mod exponential;
mod flat;
mod gamma;
mod half_cauchy;
mod half_flat;
mod half_normal;
mod half_student_t;
mod inverse_gamma;
mod laplace;
mod log_normal;
mod negative_binomial;
mod normal;
mod poisson;
mod registry;
mod scale;
mod special;
mod student_t;
mod success;
mod uniform;

pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub use binomial::Binomial;
pub use cauchy::Cauchy;
pub use exponential::Exponential;
pub use flat::Flat;
pub use gamma::Gamma;
pub use half_cauchy::HalfCauchy;
pub use half_flat::HalfFlat;
pub use half_normal::HalfNormal;
pub use half_student_t::HalfStudentT;
pub use inverse_gamma::InverseGamma;
pub use laplace::Laplace;
pub use log_normal::LogNormal;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use poisson::Poisson;
pub use registry::{Arguments, Entry, REGISTRY, find};
pub use student_t::StudentT;
pub use uniform::Uniform;

use chainfire_engine::program::Value;

/// Where a distribution puts its mass; decides the default transform and what observed data may be.
#[derive(Clone, Debug)]
pub enum Support {
    /// All real numbers.
    Real,
    /// Real numbers above zero.
    Positive,
    /// Real numbers from zero on.
    NonNegative,
    /// Real numbers between 0 and 1.
    UnitInterval,
    /// Real numbers between two bounds, which may depend on parameters.
    Interval {
        /// Lower bound.
        lower: Value,
        /// Upper bound.
        upper: Value,
    },
    /// 0 or 1.
    Binary,
    /// 0, 1, 2, ...
    NonNegativeInteger,
    /// 0, 1, ..., n
    IntegerUpTo(Value),
}

/// A rule on a distribution's parameters.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The rule as PyMC prints it, such as `sigma > 0`.
    pub rule: &'static str,
    /// Truth value per element.
    pub holds: Value,
}

impl Condition {
    /// The condition that a parameter is above zero.
    fn positive(rule: &'static str, parameter: &Value) -> Self {
        Self { rule, holds: parameter.greater(&Value::from(0.0)) }
    }
}

/// A univariate distribution with parameters that broadcast together.
pub trait Distribution: std::fmt::Debug {
    /// Name as in PyMC.
    fn name(&self) -> &'static str;

    /// Parameters under their names, in order.
    fn parameters(&self) -> Vec<(&'static str, &Value)>;

    /// Log density (or log probability) of every element of `x`, normalised; `x` lies in the support.
    fn log_density(&self, x: &Value) -> Value;

    /// Where the mass is.
    fn support(&self) -> Support;

    /// Rules on the parameters.
    fn conditions(&self) -> Vec<Condition>;

    /// A typical value: where sampling starts (PyMC's `support_point`).
    fn support_point(&self) -> Value;
}

/// Why a distribution cannot be made from its arguments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// An argument that the distribution does not know.
    #[error("{distribution} has no argument `{argument}`; it takes {signature}{hint}")]
    UnknownArgument {
        /// Distribution.
        distribution: &'static str,
        /// Name given.
        argument: String,
        /// Arguments there are.
        signature: &'static str,
        /// `: did you mean ...?` or empty.
        hint: String,
    },
    /// More positional arguments than parameters.
    #[error(
        "{distribution} takes at most {most} positional arguments, {seen} were given; it takes {signature}"
    )]
    TooManyArguments {
        /// Distribution.
        distribution: &'static str,
        /// Number given.
        seen: usize,
        /// Number allowed.
        most: usize,
        /// Arguments there are.
        signature: &'static str,
    },
    /// A parameterisation that is incomplete or overdetermined; PyMC's words where it has some.
    #[error("{distribution}: {reason}; it takes {signature}")]
    Parameterisation {
        /// Distribution.
        distribution: &'static str,
        /// What is missing or too much.
        reason: String,
        /// Arguments there are.
        signature: &'static str,
    },
    /// A known parameter value that breaks a rule.
    #[error("{distribution} needs {rule}, but row {row} breaks it ({values})")]
    Condition {
        /// Distribution.
        distribution: &'static str,
        /// Rule broken.
        rule: &'static str,
        /// Flat index of the first element that breaks it.
        row: usize,
        /// Parameters there.
        values: String,
    },
}
