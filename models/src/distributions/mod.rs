//! Distributions: one file each, one line of the registry each.

mod ar;
mod asymmetric_laplace;
mod bernoulli;
mod bessel;
mod beta;
mod beta_binomial;
mod beta_negative_binomial;
mod binomial;
mod car;
mod categorical;
mod cauchy;
mod censored;
mod chi;
mod chi_squared;
mod counts;
mod covariance;
mod custom;
mod cutpoints;
pub(crate) mod derived;
mod dirac_delta;
mod dirichlet;
mod dirichlet_multinomial;
mod discrete_markov_chain;
mod discrete_uniform;
mod discrete_weibull;
mod eigen;
mod euler_maruyama;
mod ex_gaussian;
mod exponential;
mod flat;
mod gamma;
mod garch11;
mod gen_extreme;
mod gen_pareto;
mod generalized_poisson;
mod geometric;
mod graph;
mod gumbel;
mod half_cauchy;
mod half_flat;
mod half_normal;
mod half_student_t;
mod hurdle;
mod hyper_geometric;
mod icar;
mod interpolated;
mod inverse_gamma;
mod joint_part;
mod kronecker_normal;
mod kumaraswamy;
mod laplace;
pub(crate) mod last_axis;
mod linear_algebra;
mod lkj_cholesky_cov;
mod lkj_corr;
mod log_normal;
mod logistic;
mod logit_normal;
mod matrix_normal;
mod maxwell;
mod mixture;
mod moyal;
mod multinomial;
mod mv_normal;
mod mv_student_t;
mod negative_binomial;
mod normal;
mod normal_cdf;
mod normal_mixture;
mod ordered_logistic;
mod ordered_probit;
mod pareto;
mod part;
mod poisson;
mod polya_gamma;
mod quantile;
mod random_walk;
mod registry;
mod rice;
mod scale;
mod shaped;
mod skellam;
mod skew_normal;
mod skew_student_t;
mod special;
mod stick_breaking_weights;
mod stream;
mod student_t;
mod success;
mod support;
mod triangular;
mod truncated;
mod uniform;
mod von_mises;
mod wald;
mod weibull;
mod wishart;
mod zero_inflated;
mod zero_sum_normal;

pub use ar::Ar;
pub use asymmetric_laplace::AsymmetricLaplace;
pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub use beta_binomial::BetaBinomial;
pub use beta_negative_binomial::BetaNegativeBinomial;
pub use binomial::Binomial;
pub use car::Car;
pub use categorical::Categorical;
pub use cauchy::Cauchy;
pub use censored::Censored;
pub use chi::Chi;
pub use chi_squared::ChiSquared;
pub use custom::{CustomDist, DrawFunction, LogDensityFunction};
pub use derived::{
    Chosen, Compared, Comparison, Cumulated, Events, Extreme, Joined, Map, Mapped, Multiplied, Rounded,
    Rounding,
};
pub use dirac_delta::DiracDelta;
pub use dirichlet::Dirichlet;
pub use dirichlet_multinomial::DirichletMultinomial;
pub use discrete_markov_chain::DiscreteMarkovChain;
pub use discrete_uniform::DiscreteUniform;
pub use discrete_weibull::DiscreteWeibull;
pub use euler_maruyama::{Equation, EulerMaruyama};
pub use ex_gaussian::ExGaussian;
pub use exponential::Exponential;
pub use flat::Flat;
pub use gamma::Gamma;
pub use garch11::Garch11;
pub use gen_extreme::GenExtreme;
pub use gen_pareto::GenPareto;
pub use generalized_poisson::GeneralizedPoisson;
pub use geometric::Geometric;
pub use gumbel::Gumbel;
pub use half_cauchy::HalfCauchy;
pub use half_flat::HalfFlat;
pub use half_normal::HalfNormal;
pub use half_student_t::HalfStudentT;
pub use hurdle::Hurdle;
pub use hyper_geometric::HyperGeometric;
pub use icar::Icar;
pub use interpolated::Interpolated;
pub use inverse_gamma::InverseGamma;
pub(crate) use joint_part::{Missing, Present, Whole};
pub use kronecker_normal::KroneckerNormal;
pub use kumaraswamy::Kumaraswamy;
pub use laplace::Laplace;
pub use lkj_cholesky_cov::LkjCholeskyCov;
pub use lkj_corr::LkjCorr;
pub use log_normal::LogNormal;
pub use logistic::Logistic;
pub use logit_normal::LogitNormal;
pub use matrix_normal::MatrixNormal;
pub use maxwell::Maxwell;
pub use mixture::Mixture;
pub use moyal::Moyal;
pub use multinomial::Multinomial;
pub use mv_normal::MvNormal;
pub use mv_student_t::MvStudentT;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use ordered_logistic::OrderedLogistic;
pub use ordered_probit::OrderedProbit;
pub use pareto::Pareto;
pub(crate) use part::Part;
pub use poisson::Poisson;
pub use polya_gamma::PolyaGamma;
pub use quantile::quantiles;
pub use random_walk::RandomWalk;
pub(crate) use registry::LISTS;
pub use registry::{Argument, Arguments, Entry, REGISTRY, find, nearest};
pub use rice::Rice;
pub use shaped::Shaped;
pub use skellam::Skellam;
pub use skew_normal::SkewNormal;
pub use skew_student_t::SkewStudentT;
pub use stick_breaking_weights::StickBreakingWeights;
pub use stream::Stream;
pub use student_t::StudentT;
pub(crate) use support::density_anywhere;
pub use support::{Support, log_probability_anywhere, possible_density};
pub use triangular::Triangular;
pub use truncated::Truncated;
pub use uniform::Uniform;
pub use von_mises::VonMises;
pub use wald::Wald;
pub use weibull::Weibull;
pub use wishart::Wishart;
pub use zero_inflated::ZeroInflated;
pub use zero_sum_normal::ZeroSumNormal;

pub(crate) use normal_cdf::{log_normal_cdf, log_scaled_normal_cdf};

use chainfire_engine::program::{Value, ValueError, value::shape};

use crate::finding::Rule;

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

/// The shape that values broadcast to together.
///
/// # Errors
/// When they do not.
fn joint_shape<'a>(values: impl IntoIterator<Item = &'a Value>) -> Result<Vec<usize>, ValueError> {
    let mut joint = Vec::new();
    for value in values {
        if let Some(error) = value.error() {
            return Err(error.clone());
        }
        joint = shape::broadcast(&joint, value.shape()).ok_or_else(|| ValueError::Broadcast {
            operation: "parameters of a distribution".into(),
            left: joint.clone(),
            right: value.shape().to_vec(),
        })?;
    }
    Ok(joint)
}

/// The shape of vectors of a size, one for each of the vectors along the last axis of `location`.
///
/// # Errors
/// When the location has another size.
fn vector_shape(location: &Value, size: usize) -> Result<Vec<usize>, ValueError> {
    joint_shape([location, &Value::from(0.0).broadcast_to(&[size])])
}

/// The shape of vectors of counts, from the number of trials and weights along their last axis.
///
/// # Errors
/// When they do not broadcast.
fn counted_shape(trials: &Value, weights: &Value) -> Result<Vec<usize>, ValueError> {
    let wide = trials.reshape(&[trials.shape(), &[1]].concat());
    joint_shape([&wide, weights])
}

/// A distribution with parameters that broadcast together, but for the axes of one draw.
pub trait Distribution: std::fmt::Debug {
    /// Name as in PyMC.
    fn name(&self) -> &'static str;

    /// Parameters under their names, in order.
    fn parameters(&self) -> Vec<(&'static str, &Value)>;

    /// Log density (or log probability) of every element of `x`, normalised; `x` lies in the support.
    fn log_density(&self, x: &Value) -> Value;

    /// The lower triangular factor of the covariance of normal vectors around `mu`, where that is what this is.
    fn normal_factor(&self) -> Option<&Value> {
        None
    }

    /// Where the mass is.
    fn support(&self) -> Support;

    /// Rules on the parameters.
    fn conditions(&self) -> Vec<Condition>;

    /// A typical value (PyMC's `support_point`).
    fn support_point(&self) -> Value;

    /// Typical values of a variable of a shape, which they broadcast to: where sampling starts.
    fn typical(&self, _shape: &[usize]) -> Value {
        self.support_point()
    }

    /// Axes of one draw: 0 for numbers, 1 for vectors, 2 for matrices. `log_density` has these axes no longer.
    fn event_rank(&self) -> usize {
        0
    }

    /// The shape that the parameters give a variable.
    ///
    /// # Errors
    /// When the parameters do not fit together.
    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        joint_shape(self.parameters().into_iter().map(|(_, value)| value))
    }

    /// Log of the probability of values up to `x`, which lies in the support; `None` where it is not known.
    fn log_cdf(&self, _x: &Value) -> Option<Value> {
        None
    }

    /// Log of the probability of values above `x`, which lies in the support; `None` where it is not known.
    fn log_survival(&self, x: &Value) -> Option<Value> {
        self.log_cdf(x).map(|below| special::log1m_exp(&below))
    }

    /// The number that a share of the probability lies at or below; `None` where that has no closed form.
    fn quantile(&self, _share: &Value) -> Option<Value> {
        None
    }

    /// Quantities that PyMC makes of a value of the distribution: what is put behind the variable's name, and the
    /// quantity.
    fn derived(&self, _x: &Value) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// The distributions of the draws that a draw of it is made of.
    fn made_of(&self) -> Vec<&dyn Distribution> {
        Vec::new()
    }

    /// A draw of a variable of `shape`, in C order, with the next numbers of a stream.
    ///
    /// # Errors
    /// When the distribution has no draws (it is improper), or its parameters are not numbers.
    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError>;
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
        /// The rule that the arguments break.
        rule: Rule,
        /// Arguments there are.
        signature: &'static str,
    },
    /// A distribution that cannot be drawn from.
    #[error("{distribution} cannot be drawn from: {reason}")]
    CannotDraw {
        /// Distribution.
        distribution: &'static str,
        /// Why.
        reason: String,
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

impl DistributionError {
    /// The rule that the arguments break.
    pub fn rule(&self) -> Rule {
        match self {
            DistributionError::UnknownArgument { .. } => Rule::UnknownArgument,
            DistributionError::TooManyArguments { .. } => Rule::TooManyArguments,
            DistributionError::Parameterisation { rule, .. } => *rule,
            DistributionError::CannotDraw { .. } => Rule::Unsupported,
            DistributionError::Condition { rule, .. } if rule.contains("posdef") => Rule::NotPositiveDefinite,
            DistributionError::Condition { .. } => Rule::ImpossibleParameter,
        }
    }
}
