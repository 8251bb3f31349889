//! Findings: what a check says about a model, with its place, its rule and the cure.

mod rule;

use std::fmt;

pub use rule::Rule;

/// What a finding means for the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The model runs and could be better.
    Suggestion,
    /// The model runs and is probably not what was meant.
    Warning,
    /// The model does not run.
    Error,
}

impl Severity {
    /// Name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Suggestion => "suggestion",
        }
    }
}

/// Where in a model file something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
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
}

impl Place {
    /// What stands there.
    pub fn written(&self) -> &str {
        let end = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
        let rest = &self.text[end(&self.text, self.column - 1)..];
        &rest[..end(rest, self.width)]
    }
}

/// What a check says about a model.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// What that means for the model.
    pub severity: Severity,
    /// Where; what concerns the model as a whole has no place.
    pub place: Option<Place>,
    /// What is wrong, and the cure, in a sentence.
    pub message: String,
    /// The parts of the sentence: see [`Finding::seen`], [`Finding::expected`] and [`Finding::fix`].
    pub details: Details,
}

/// The parts of a finding's sentence, where they are more precise than what the rule says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The variable of the model, the name or the column it is about.
    pub variable: Option<String>,
    /// What is there.
    pub seen: Option<String>,
    /// What should be there.
    pub expected: Option<String>,
    /// What to write or do instead.
    pub fix: Option<String>,
    /// Valid names, the most similar first.
    pub nearest: Vec<String>,
}

impl Finding {
    /// What is there: in words, or as it stands in the file.
    pub fn seen(&self) -> Option<&str> {
        self.details.seen.as_deref().or_else(|| Some(self.place.as_ref()?.written()))
    }

    /// What should be there.
    pub fn expected(&self) -> &str {
        self.details.expected.as_deref().unwrap_or(self.rule.expected())
    }

    /// What to write or do instead.
    pub fn fix(&self) -> &str {
        self.details.fix.as_deref().unwrap_or(self.rule.cure())
    }
}

/// Words that what to do begins with.
const DO: &[&str] = &[
    "call", "choose", "give", "import", "index", "leave", "make", "move", "put", "read", "say", "take",
    "use", "write",
];

/// What a message says to do.
pub(crate) fn cure_in(message: &str, rule: Rule) -> Option<String> {
    let meant = message.split_once("did you mean `").and_then(|(_, rest)| rest.split_once('`'));
    if let Some((meant, _)) = meant {
        return Some(format!("write `{meant}`"));
    }
    if rule != Rule::Unsupported {
        return None;
    }
    let mut ends = message.rmatch_indices([';', ':']).map(|(at, _)| message[at + 1..].trim());
    let said = ends.find(|end| end.split(' ').next().is_some_and(|word| DO.contains(&word)));
    let is_of_kinds = [" must be ", " needed", " takes "].iter().any(|word| message.contains(word));
    said.map(ToOwned::to_owned).or_else(|| is_of_kinds.then(|| "give what is needed there".to_owned()))
}

/// Most characters of a line that are shown.
const SHOWN: usize = 240;
/// Characters in front of a place that are shown where the line is longer.
const BEFORE: usize = 60;

/// What is shown of a line.
struct Part {
    text: String,
    /// Characters in front of the place.
    before: usize,
    /// Characters of the place.
    width: usize,
}

impl Part {
    /// All of a line, or what is around a place of a long one.
    fn of(line: &str, before: usize, width: usize) -> Self {
        let count = line.chars().count();
        if count <= SHOWN {
            return Self { text: line.to_owned(), before, width };
        }
        let start = before.saturating_sub(BEFORE);
        let end = (start + SHOWN).min(count);
        let (left, right) = (if start > 0 { "..." } else { "" }, if end < count { "..." } else { "" });
        let middle: String = line.chars().skip(start).take(end - start).collect();
        let before = before - start + left.len();
        let width = width.min((end - start + left.len()).saturating_sub(before)).max(1);
        Self { text: format!("{left}{middle}{right}"), before, width }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, place, message, .. } = self;
        let severity = severity.name();
        let code = rule.code();
        if let Some(Place { file, line, column, width, text }) = place {
            let margin = " ".repeat(line.to_string().len());
            let Part { text, before, width } = Part::of(text, column - 1, *width);
            // Tabs stay tabs, so that the caret stands under its place whatever a tab's width.
            let indent: String =
                text.chars().take(before).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            writeln!(f, "{file}:{line}:{column}: {severity}[{code}]: {message}")?;
            write!(f, "  {line} | {text}\n  {margin} | {indent}{}", "^".repeat(width))?;
        } else {
            write!(f, "{severity}[{code}]: {message}")?;
        }
        match self.fix() {
            fix if message.contains(fix) => Ok(()),
            fix => write!(f, "\n  fix: {fix}"),
        }
    }
}

pub(crate) use chainfire_engine::spelling::nearest;
