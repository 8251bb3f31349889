//! Functions and classes of known packages that are written in the language itself, in `library.py`.
//!
//! ```text
//! rows with Run::Written --> a name of library.py --> called as if the file had defined it
//! ```
//!
//! The library is parsed once, behind the last place that a model file can have: a place says which of the two it is
//! of. What goes wrong inside is told at the call in the file.

use std::sync::OnceLock;

use ruff_text_size::{TextRange, TextSize};

use super::{Evaluator, Frame};
use crate::language::error::{Outcome, fault};
use crate::language::item::Item;
use crate::language::limits::SOURCE;
use crate::language::syntax::Syntax;

static LIBRARY: OnceLock<Syntax> = OnceLock::new();

/// Whether a place is one of the library.
pub(super) fn is_of_library(range: TextRange) -> bool {
    range.start() > TextSize::new(SOURCE as u32)
}

impl Evaluator<'_> {
    /// What the library defines under a name.
    pub(in crate::language) fn written(&mut self, name: &str, range: TextRange) -> Outcome<Item> {
        let library = match self.library {
            Some(library) => library,
            None => self.read_library()?,
        };
        match self.frames.get(library).and_then(|frame| frame.names.get(name)) {
            Some(item) => Ok(item.clone()),
            None => fault(range, format!("`{name}` is not written yet")),
        }
    }

    /// Goes through the library, whose names are those of a call that never ends.
    fn read_library(&mut self) -> Outcome<usize> {
        let syntax = LIBRARY.get_or_init(|| {
            let before = "\n".repeat(SOURCE + 1);
            Syntax::parse(&(before + include_str!("../library.py")))
        });
        let library = self.frames.len();
        self.frames.push(Frame::default());
        let caller = self.frame.replace(library);
        let outcome = self.block(&syntax.body);
        self.frame = caller;
        outcome?;
        self.library = Some(library);
        Ok(library)
    }
}
