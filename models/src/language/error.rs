//! Errors with a place: what is wrong, where in the model file, and the cure.

use std::fmt;
use std::path::PathBuf;

use ruff_source_file::LineIndex;
use ruff_text_size::TextRange;

use crate::ModelError;

/// Why a model file cannot be read, or does not make a model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LanguageError {
    /// Something at a place of the model file.
    #[error("{0}")]
    Finding(Box<Finding>),
    /// The model file cannot be opened or read.
    #[error("cannot read the model file {}: {source}; check the path and the permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The model file is not text.
    #[error("the model file {} is not UTF-8; save it as UTF-8", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
    },
    /// Something about the model that has no place in the file.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl LanguageError {
    /// What was found at a place of the file, if it has one.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            LanguageError::Finding(finding) => Some(finding),
            _ => None,
        }
    }
}

/// A message about a place of a model file.
#[derive(Debug)]
pub struct Finding {
    /// Name of the model file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Characters of the line that are meant, at least 1.
    pub width: usize,
    /// The line.
    pub text: String,
    /// What is wrong, and the cure.
    pub message: String,
    /// The error of the model behind it, if the model refused a declaration.
    pub cause: Option<ModelError>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, width, text, message, .. } = self;
        writeln!(f, "{file}:{line}:{column}: {message}")?;
        let margin = " ".repeat(line.to_string().len());
        // Tabs stay tabs, so that the caret stands under its place whatever a tab's width.
        let indent: String =
            text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        write!(f, "  {line} | {text}\n  {margin} | {indent}{}", "^".repeat(*width))
    }
}

/// What goes wrong while a file is evaluated; it becomes a [`Finding`] where the file is known.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) range: TextRange,
    pub(super) message: String,
    pub(super) cause: Option<ModelError>,
    pub(super) weight: Weight,
}

/// Where a fault may be passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Everywhere: it says what to do with the model, such as sampling and pictures.
    AfterTheModel,
    /// In statements outside of the model, as long as the model does not use what they define.
    OutsideTheModel,
    /// Nowhere.
    Fatal,
}

/// Result of a step of evaluation.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

impl Fault {
    pub(super) fn new(range: TextRange, message: impl Into<String>) -> Box<Self> {
        Self::weighing(range, message, Weight::OutsideTheModel)
    }

    pub(super) fn weighing(range: TextRange, message: impl Into<String>, weight: Weight) -> Box<Self> {
        Box::new(Self { range, message: message.into(), cause: None, weight })
    }

    /// The fault as one that is never passed over.
    pub(super) fn fatal(mut self: Box<Self>) -> Box<Self> {
        self.weight = Weight::Fatal;
        self
    }

    pub(super) fn locate(self, file: &str, source: &str, index: &LineIndex) -> LanguageError {
        let end = ruff_text_size::TextSize::of(source);
        let start = self.range.start().min(end);
        let place = index.line_column(start, source);
        let line = index.line_range(place.line, source);
        let text = source[line].trim_end_matches(['\r', '\n']);
        let last = self.range.end().min(line.start() + ruff_text_size::TextSize::of(text)).max(start);
        let column = place.column.get();
        LanguageError::Finding(Box::new(Finding {
            file: file.to_owned(),
            line: place.line.get(),
            column,
            width: source[TextRange::new(start, last)].chars().count().max(1),
            text: text.trim_start_matches('\u{feff}').to_owned(),
            message: self.message,
            cause: self.cause,
        }))
    }
}

/// Shorthand for an error at a place.
pub(super) fn fault<T>(range: TextRange, message: impl Into<String>) -> Outcome<T> {
    Err(Fault::new(range, message))
}

/// `: did you mean ...?` for the nearest of the known names, or nothing when none is near.
pub(super) fn hint<'n>(seen: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let best = known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&seen.to_lowercase(), &name.to_lowercase()), name))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((likeness, name)) if likeness > 0.8 && name != seen => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}
