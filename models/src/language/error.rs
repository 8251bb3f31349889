//! Errors with a place: what is wrong, where in the model file, and the cure.

use std::path::PathBuf;

use ruff_source_file::LineIndex;
use ruff_text_size::TextRange;

use crate::ModelError;
use crate::finding::{Details, Finding, Place, Rule, Severity, cure_in, nearest};

/// Why a model file cannot be read, or does not make a model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LanguageError {
    /// What is wrong in the model file, every independent fault of it.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Findings(Vec<Finding>),
    /// The model file cannot be opened or read.
    #[error("cannot read the model file {}: {source}; check the path and the permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A data file, or a file of draws, stands where the model file belongs.
    #[error(
        "{} is no model file but one of data: give the model file (.py) first, and the data with `--data`",
        path.display()
    )]
    NotAModel {
        /// The file.
        path: PathBuf,
    },
    /// The model file is not text.
    #[error("the model file {} is not UTF-8; save it as UTF-8", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
    },
}

impl LanguageError {
    /// What was found in the file.
    pub fn findings(&self) -> &[Finding] {
        match self {
            LanguageError::Findings(findings) => findings,
            _ => &[],
        }
    }
}

/// Most names that are told as what was expected.
const NAMES: usize = 40;

/// What goes wrong while a file is evaluated; it becomes a [`Finding`] where the file is known.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) range: TextRange,
    pub(crate) rule: Rule,
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) details: Details,
    pub(super) weight: Weight,
    /// Whether the evaluation ends here.
    pub(super) is_final: bool,
    /// Whether this follows from a fault that has been told.
    pub(super) is_told: bool,
}

/// Where a fault may be passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Everywhere: it says what to do with the model, such as sampling and pictures.
    AfterTheModel,
    /// In statements outside of the model, as long as the model does not use what they define.
    OutsideTheModel,
    /// There, and in starting values, which may be any.
    InStarts,
    /// In a statement of the file itself, and in none inside of one.
    OfAStatement,
    /// Nowhere.
    Fatal,
}

/// Result of a step of evaluation.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

impl Fault {
    pub(crate) fn new(range: TextRange, message: impl Into<String>) -> Box<Self> {
        Self::weighing(range, message, Weight::OutsideTheModel)
    }

    pub(super) fn weighing(range: TextRange, message: impl Into<String>, weight: Weight) -> Box<Self> {
        Box::new(Self {
            range,
            rule: Rule::Unsupported,
            severity: Severity::Error,
            message: message.into(),
            details: Details::default(),
            weight,
            is_final: false,
            is_told: false,
        })
    }

    /// What the model refuses, at the place that asks for it.
    pub(super) fn refused(range: TextRange, error: &ModelError) -> Box<Self> {
        // A rule that data may break with a warning elsewhere is an error where the model refuses them.
        let mut fault =
            Self::new(range, error.to_string()).rule(error.rule()).severity(Severity::Error).fatal();
        fault.details = error.details();
        fault
    }

    /// The fault as one against a rule.
    pub(crate) fn rule(mut self: Box<Self>, rule: Rule) -> Box<Self> {
        (self.rule, self.severity) = (rule, rule.severity());
        self
    }

    /// The fault as one that the model runs with, or does not.
    pub(crate) fn severity(mut self: Box<Self>, severity: Severity) -> Box<Self> {
        self.severity = severity;
        self
    }

    /// The fault with the variable or name that it is about.
    pub(crate) fn about(mut self: Box<Self>, variable: impl Into<String>) -> Box<Self> {
        self.details.variable = Some(variable.into());
        self
    }

    /// The fault with what is there and what should be.
    pub(crate) fn seen(
        mut self: Box<Self>,
        seen: impl Into<String>,
        expected: impl Into<String>,
    ) -> Box<Self> {
        self.details.seen = Some(seen.into());
        self.details.expected = Some(expected.into());
        self
    }

    /// The fault with what to write or do instead.
    pub(crate) fn fix(mut self: Box<Self>, fix: impl Into<String>) -> Box<Self> {
        self.details.fix = Some(fix.into());
        self
    }

    /// The fault of an unknown name, with the valid names that are most like it.
    pub(super) fn near<'n>(
        mut self: Box<Self>,
        seen: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Box<Self> {
        let known: Vec<&str> = known.into_iter().collect();
        self.details.nearest = nearest(seen, known.iter().copied());
        self.details.seen = Some(seen.to_owned());
        if (1..=NAMES).contains(&known.len()) {
            self.details.expected = Some(format!("one of {}", known.join(", ")));
        }
        self.details.fix = self.details.nearest.first().map(|best| format!("write `{best}`"));
        self.about(seen)
    }

    /// The fault with the valid name that is meant, before those that are alike.
    pub(super) fn nearest_is(mut self: Box<Self>, name: &str) -> Box<Self> {
        self.details.nearest.retain(|known| known != name);
        self.details.nearest.insert(0, name.to_owned());
        self
    }

    /// The fault as one that is never passed over.
    pub(super) fn fatal(mut self: Box<Self>) -> Box<Self> {
        self.weight = Weight::Fatal;
        self
    }

    /// The fault as one that ends the evaluation, though a statement outside of the model may be passed over.
    pub(super) fn last(mut self: Box<Self>) -> Box<Self> {
        self.is_final = true;
        self
    }

    /// What follows from a fault that has been told.
    pub(super) fn told(range: TextRange) -> Box<Self> {
        let mut fault = Self::new(range, "this depends on something that is wrong elsewhere");
        fault.is_told = true;
        fault
    }

    pub(crate) fn locate(mut self, file: &str, source: &str, index: &LineIndex) -> Finding {
        if self.details.fix.is_none() {
            self.details.fix = cure_in(&self.message, self.rule);
        }
        let end = ruff_text_size::TextSize::of(source);
        let start = self.range.start().min(end);
        let place = index.line_column(start, source);
        let line = index.line_range(place.line, source);
        let text = source[line].trim_end_matches(['\r', '\n']);
        let last = self.range.end().min(line.start() + ruff_text_size::TextSize::of(text)).max(start);
        let place = Place {
            file: file.to_owned(),
            line: place.line.get(),
            column: place.column.get(),
            width: source[TextRange::new(start, last)].chars().count().max(1),
            text: text.trim_start_matches('\u{feff}').to_owned(),
        };
        Finding {
            rule: self.rule,
            severity: self.severity,
            place: Some(place),
            message: self.message,
            details: self.details,
        }
    }
}

pub(super) use chainfire_engine::spelling::hint;

/// Shorthand for an error at a place.
pub(super) fn fault<T>(range: TextRange, message: impl Into<String>) -> Outcome<T> {
    Err(Fault::new(range, message))
}
