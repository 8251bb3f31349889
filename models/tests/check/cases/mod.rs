//! Wrong models, each with the code, the place and some words of its finding, and with a right model beside it.

mod build;
mod evaluate;
mod files;
mod parse;
mod styles;

pub use build::BUILD;
pub use evaluate::EVALUATE;
pub use files::FILES;
pub use parse::PARSE;
pub use styles::STYLES;

/// A model that breaks one rule, and one that does not.
pub struct Case {
    /// Code of the rule.
    pub code: &'static str,
    /// Line and column of the finding; 0 for the model as a whole.
    pub at: (usize, usize),
    /// Part of the message.
    pub part: &'static str,
    /// The model that breaks the rule.
    pub wrong: &'static str,
    /// The model that does not.
    pub right: &'static str,
}
