//! What can be wrong with a model, in words that say where and what to do.

use chainfire_engine::program::{ProgramError, ValueError, value::shape};
use chainfire_engine::spelling::hint;

use crate::distributions::DistributionError;
use crate::finding::{Details, Finding, Rule, nearest};

/// Why a model cannot be built or evaluated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A value of the model cannot be computed.
    #[error("`{name}`: {source}")]
    Value {
        /// Variable being defined.
        name: String,
        /// What went wrong.
        source: ValueError,
    },
    /// A loop or a map of the model cannot be computed.
    #[error(transparent)]
    Expression(#[from] ValueError),
    /// A distribution was given parameters it cannot take.
    #[error("`{name}`: {source}")]
    Distribution {
        /// Variable being defined.
        name: String,
        /// What went wrong.
        source: DistributionError,
    },
    /// Two variables of one name.
    #[error(
        "`{name}` is defined twice; every variable, deterministic and data container needs a name of its own"
    )]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A name that results cannot hold.
    #[error("`{name}` cannot be a name: {reason}")]
    InvalidName {
        /// The name.
        name: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// A variable with the name of a dimension.
    #[error(
        "`{name}` is the name of a dimension too; variables and dimensions need different names: rename the variable"
    )]
    NameIsDim {
        /// The name.
        name: String,
    },
    /// An axis that is longer or shorter than its dimension.
    #[error("`{name}` has shape {seen}, but its dimension `{dim}` has {labels} labels")]
    DimLength {
        /// Variable being defined.
        name: String,
        /// Shape seen.
        seen: String,
        /// The dimension.
        dim: String,
        /// Its number of labels.
        labels: usize,
    },
    /// A dimension that no coordinate defines.
    #[error(
        "`{name}` uses the dimension `{dim}`, which is not among the model's coords ({known}): add it, as in \
         `pm.Model(coords={{\"{dim}\": [...]}})`"
    )]
    UnknownDim {
        /// Variable being defined.
        name: String,
        /// Dimension asked for.
        dim: String,
        /// Dimensions there are.
        known: String,
    },
    /// A shape that does not fit dims, shape or data.
    #[error("`{name}` has shape {seen}, but {expected}")]
    ShapeMismatch {
        /// Variable being defined.
        name: String,
        /// Shape seen.
        seen: String,
        /// What was expected and from where.
        expected: String,
    },
    /// Vectors or matrices whose sizes differ from each other, or from those of the data or of the variable.
    #[error("`{name}` has {seen}, but {expected}")]
    EventShape {
        /// Variable being defined.
        name: String,
        /// Sizes seen.
        seen: String,
        /// What was expected and from where.
        expected: String,
        /// What to change.
        fix: String,
    },
    /// Observed data outside the support of its distribution, or not a number.
    #[error("the observed data of `{name}` has {seen} at row {row} (counted from 0): {expected}")]
    ObservedData {
        /// Observed variable.
        name: String,
        /// Value seen.
        seen: String,
        /// Flat index.
        row: usize,
        /// What the distribution takes.
        expected: String,
        /// The rule that the data break.
        rule: Rule,
    },
    /// A free variable was given a value where its transform is not defined.
    #[error(
        "`{name}` cannot be {seen} (row {row}, counted from 0): that is outside the support of {distribution} or on its \
         edge; give it another value (`initval=` in the model, or the point)"
    )]
    OutsideSupport {
        /// Variable.
        name: String,
        /// Value given.
        seen: f64,
        /// Flat index.
        row: usize,
        /// Its distribution.
        distribution: &'static str,
        /// Whether its elements must increase.
        is_ordered: bool,
    },
    /// A variable that cannot be drawn from the prior.
    #[error(
        "`{name}` cannot be drawn from the prior: {reason}; give it a proper distribution, or start chains elsewhere \
         (`init`)"
    )]
    NoPriorDraw {
        /// The variable.
        name: String,
        /// Why.
        reason: String,
    },
    /// Log density or gradient at the starting point is not finite.
    #[error("no start can be made: {message}")]
    BadStart {
        /// Which variable, which row, and the cure.
        message: String,
    },
    /// A model with nothing to sample.
    #[error(
        "the model has no free variables: there is nothing to sample; leave out `observed=` of at least one variable"
    )]
    NoFreeVariables,
    /// A free variable that is discrete.
    #[error(
        "`{name}` is a discrete {distribution} without observed data; \
         only continuous variables are sampled and fitted: marginalise it or observe it"
    )]
    DiscreteFree {
        /// The variable.
        name: String,
        /// Its distribution.
        distribution: &'static str,
    },
    /// A point that names something the model does not have.
    #[error("the point gives `{name}`, which is not a free variable of the model; those are {known}")]
    UnknownVariable {
        /// Name given.
        name: String,
        /// Names there are.
        known: String,
    },
    /// A point that gives too many or too few numbers.
    #[error(
        "the point gives {seen} numbers for `{name}`, which takes {expected} (its shape is {})",
        shape::display(shape)
    )]
    PointLength {
        /// Name given.
        name: String,
        /// Numbers given.
        seen: usize,
        /// Numbers needed.
        expected: usize,
        /// Shape of the variable.
        shape: Vec<usize>,
    },
    /// A fault in a model file, with its place.
    #[error(transparent)]
    Language(#[from] Box<crate::language::LanguageError>),
    /// The sampler could not start.
    #[error(transparent)]
    Sample(#[from] chainfire_engine::mcmc::SampleError),
    /// No approximation could be fitted.
    #[error("{source}{place}")]
    Fit {
        /// What went wrong.
        source: chainfire_engine::vi::FitError,
        /// The variable where it did, as the end of the sentence.
        place: String,
    },
    /// The device asked for cannot be had.
    #[error(transparent)]
    Device(#[from] chainfire_engine::device::DeviceError),
    /// The results do not fit together: a bug of chainfire.
    #[error("internal error while collecting the results: {0}; please report this model")]
    Results(#[from] chainfire_engine::draws::DrawsError),
    /// A result was asked for that the model does not have.
    #[error("the model has no result `{name}` to keep; its results are {known}{}", hint(name, known.split(", ")))]
    NoSuchResult {
        /// Name given.
        name: String,
        /// Names there are.
        known: String,
    },
    /// The file of draws, or its checkpoint, cannot be written or gone on with.
    #[error(transparent)]
    Storage(chainfire_engine::draws::DrawsError),
    /// Batches of rows that cannot be had.
    #[error("the minibatch has {seen}, but {expected}")]
    Minibatch {
        /// What was given.
        seen: String,
        /// What was expected.
        expected: String,
    },
    /// Observed rows that stand for others, but are not said to.
    #[error(
        "`{name}` is observed in batches of its {rows} rows: say `total_size={rows}`, so that a batch stands for all of \
         them"
    )]
    NoTotalSize {
        /// Observed variable.
        name: String,
        /// Rows of its data.
        rows: usize,
    },
    /// A total size where nothing is observed, or of nothing.
    #[error("`{name}` has total_size={seen}, but {expected}")]
    TotalSize {
        /// Variable.
        name: String,
        /// Size given.
        seen: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// The program could not be made.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

impl ModelError {
    /// The rule that the model breaks.
    pub fn rule(&self) -> Rule {
        match self {
            ModelError::Value { source, .. } | ModelError::Expression(source) => value_rule(source),
            ModelError::Distribution { source, .. } => source.rule(),
            ModelError::DuplicateName { .. } => Rule::DuplicateName,
            ModelError::InvalidName { .. } => Rule::IllegalName,
            ModelError::NameIsDim { .. } => Rule::NameIsDim,
            ModelError::UnknownDim { .. } => Rule::UnknownDim,
            ModelError::DimLength { .. } => Rule::DimLength,
            ModelError::ShapeMismatch { .. } | ModelError::PointLength { .. } => Rule::ShapeMismatch,
            ModelError::EventShape { .. } => Rule::EventShape,
            ModelError::UnknownVariable { .. } => Rule::UndefinedName,
            ModelError::ObservedData { rule, .. } => *rule,
            ModelError::OutsideSupport { is_ordered: true, .. } => Rule::UnorderedStart,
            ModelError::OutsideSupport { .. } | ModelError::BadStart { .. } => Rule::BadStart,
            ModelError::NoFreeVariables => Rule::NoFreeVariables,
            ModelError::DiscreteFree { .. } => Rule::DiscreteFree,
            _ => Rule::Unsupported,
        }
    }

    /// What is wrong, as a finding about the model as a whole.
    pub fn finding(&self) -> Finding {
        let (rule, message) = (self.rule(), self.to_string());
        Finding { rule, severity: rule.severity(), place: None, message, details: self.details() }
    }

    /// The parts of the message.
    pub(crate) fn details(&self) -> Details {
        let mut details = Details::default();
        let mut say = |variable: &str, seen: String, expected: String| {
            details.variable = Some(variable.into());
            details.seen = Some(seen).filter(|text| !text.is_empty());
            details.expected = Some(expected).filter(|text| !text.is_empty());
        };
        match self {
            ModelError::Distribution { name, source } => match source {
                DistributionError::UnknownArgument { argument, signature, .. } => {
                    say(name, argument.clone(), (*signature).into());
                }
                DistributionError::TooManyArguments { seen, most, signature, .. } => {
                    let seen = format!("{seen} positional arguments");
                    say(name, seen, format!("at most {most}: {signature}"));
                }
                DistributionError::Parameterisation { signature, .. } => {
                    say(name, String::new(), (*signature).into());
                }
                DistributionError::Condition { rule, row, values, .. } => {
                    say(name, format!("{values} (row {row})"), (*rule).into());
                }
                DistributionError::CannotDraw { .. } => say(name, String::new(), String::new()),
            },
            ModelError::Value { name, .. }
            | ModelError::DuplicateName { name }
            | ModelError::NameIsDim { name }
            | ModelError::InvalidName { name, .. }
            | ModelError::DiscreteFree { name, .. } => say(name, String::new(), String::new()),
            ModelError::UnknownDim { name, dim, known } => {
                say(name, dim.clone(), known.clone());
                details.nearest = nearest(dim, known.split(", "));
                details.fix = Some(match details.nearest.first() {
                    Some(best) => format!("dims=\"{best}\""),
                    None => format!("pm.Model(coords={{\"{dim}\": [...]}})"),
                });
            }
            ModelError::DimLength { name, seen, dim, labels } => {
                say(name, format!("shape {seen}"), format!("{labels} elements along `{dim}`"));
            }
            ModelError::ShapeMismatch { name, seen, expected } => {
                say(name, format!("shape {seen}"), expected.clone());
                let rows = seen.strip_prefix('(').and_then(|seen| seen.strip_suffix(",)"));
                if rows.is_some_and(|rows| expected.contains(&format!("({rows}, 1)"))) {
                    details.fix = Some("make the column a row with `[:, 0]`".into());
                }
            }
            ModelError::EventShape { name, seen, expected, fix } => {
                say(name, seen.clone(), expected.clone());
                details.fix = Some(fix.clone());
            }
            ModelError::ObservedData { name, seen, row, expected, .. } => {
                say(name, format!("{seen} at row {row}"), expected.clone());
            }
            ModelError::UnknownVariable { name, known } => {
                say(name, name.clone(), format!("one of {known}"));
                let names = known.split(", ").filter_map(|known| known.split(' ').next());
                details.nearest = nearest(name, names);
                details.fix = details.nearest.first().map(|best| format!("write `{best}`"));
            }
            ModelError::PointLength { name, seen, expected, .. } => {
                say(name, format!("{seen} numbers"), format!("{expected} numbers"));
                details.fix = Some(format!("give {expected} numbers"));
            }
            ModelError::OutsideSupport { name, seen, distribution, is_ordered, .. } => {
                say(name, seen.to_string(), format!("a value inside the support of {distribution}"));
                if *is_ordered {
                    details.expected = Some("values that increase".into());
                    details.fix = Some("initval=np.linspace(-1, 1, n)".into());
                }
            }
            _ => {}
        }
        details
    }
}

/// The rule that a value breaks which cannot be computed.
pub(crate) fn value_rule(error: &ValueError) -> Rule {
    match error {
        ValueError::Index { .. } => Rule::IndexOutOfRange,
        ValueError::NotData { .. } => Rule::RandomCondition,
        ValueError::Scan { .. } => Rule::Unsupported,
        ValueError::Shape { operation, .. } if operation.starts_with("cholesky") => Rule::EventShape,
        ValueError::Broadcast { operation, .. } if operation == "parameters of a distribution" => {
            Rule::EventShape
        }
        ValueError::Shape { operation, .. } | ValueError::Broadcast { operation, .. }
            if operation.starts_with("matrix product") =>
        {
            Rule::MatrixProduct
        }
        _ => Rule::ShapeMismatch,
    }
}
