//! Model files: parsed once, evaluated as often as a model's function is run.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use ruff_python_ast::Stmt;
use ruff_source_file::LineIndex;
use ruff_text_size::TextRange;

use super::error::{Fault, LanguageError};
use super::evaluate::{Evaluator, Reading};
use super::limits;
use super::syntax::Syntax;
use crate::Scope;
use crate::data::Dataset;
use crate::finding::{Finding, Severity};
use crate::model::Source;

/// A parsed model file.
#[derive(Debug)]
pub struct ModelFile {
    name: String,
    source: String,
    index: LineIndex,
    syntax: Syntax,
    /// How often the steps of its differential equations are halved, once they were solved.
    halvings: OnceLock<Vec<u32>>,
}

impl ModelFile {
    /// Reads and parses a model file.
    ///
    /// # Errors
    /// When the file cannot be read or is one of data, or as [`ModelFile::parse`].
    pub fn read(path: &Path) -> Result<Self, LanguageError> {
        let is_data =
            |e: &std::ffi::OsStr| ["csv", "json", "npz", "npy", "nc", "zarr"].iter().any(|known| e == *known);
        if path.extension().is_some_and(is_data) {
            return Err(LanguageError::NotAModel { path: path.to_owned() });
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let bytes = std::fs::read(path)
            .map_err(|source| LanguageError::Unreadable { path: path.to_owned(), source })?;
        let source =
            String::from_utf8(bytes).map_err(|_| LanguageError::Encoding { path: path.to_owned() })?;
        Self::parse(&source, &name)
    }

    /// Parses the source of a model file; `name` is for messages.
    ///
    /// # Errors
    /// When the source is too large, or nested too deeply. What is not Python is told when the model is read, with all
    /// else that is wrong.
    pub fn parse(source: &str, name: &str) -> Result<Self, LanguageError> {
        let index = LineIndex::from_source_text(source);
        limits::check_source(source)
            .map_err(|fault| LanguageError::Findings(vec![fault.locate(name, source, &index)]))?;
        let syntax = Syntax::parse(source);
        Ok(Self {
            name: name.to_owned(),
            source: source.to_owned(),
            index,
            syntax,
            halvings: OnceLock::new(),
        })
    }

    /// Name of the file, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of the file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Declares the variables of the file's model in `scope`, in order; `data` gives the names that the file does not
    /// define.
    ///
    /// # Errors
    /// Where the file uses what is unknown, unsupported or impossible, or where the scope refuses a declaration: every
    /// place where that does not follow from another one.
    pub fn run(&self, data: &Dataset, scope: &mut Scope) -> Result<(), LanguageError> {
        let faults = self.read_into(data, scope).faults;
        let errors: Vec<Finding> = faults
            .into_iter()
            .filter(|fault| fault.severity == Severity::Error)
            .map(|fault| self.locate(fault))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(LanguageError::Findings(errors)) }
    }

    /// Declares what can be declared, and gives everything that was found.
    pub(crate) fn read_into(&self, data: &Dataset, scope: &mut Scope) -> Reading {
        let read =
            |scope: &mut Scope| Evaluator::new(&self.name, &self.source, &self.syntax, data, scope).whole();
        // What changes a model stands after it, and has to be known from the start; how the steps of a differential
        // equation are chosen is found at the starting point, once.
        let calls = |name: &str| self.source.contains(name);
        let is_unsolved = calls("DifferentialEquation") && self.halvings.get().is_none();
        if is_unsolved || calls(".do(") || calls(".observe(") {
            let mut first = Scope::new(Source::Point(HashMap::new()));
            read(&mut first);
            scope.changes.append(&mut first.changes);
            if !first.halvings.is_empty() {
                self.halvings.get_or_init(|| first.halvings);
            }
        }
        scope.halvings = self.halvings.get().cloned().unwrap_or_default();
        read(scope)
    }

    /// A fault as a finding in this file.
    pub(crate) fn locate(&self, fault: Fault) -> Finding {
        fault.locate(&self.name, &self.source, &self.index)
    }

    /// The statements of the file.
    pub(crate) fn body(&self) -> &[Stmt] {
        &self.syntax.body
    }

    /// Whether a place is on a line that is not Python.
    pub(crate) fn is_broken(&self, range: TextRange) -> bool {
        self.syntax.touches(range)
    }
}
