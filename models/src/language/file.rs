//! Model files: parsed once, evaluated as often as a model's function is run.

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

use ruff_python_ast::Stmt;
use ruff_source_file::LineIndex;
use ruff_text_size::TextRange;

use super::error::{Fault, LanguageError};
use super::evaluate::{Choice, Evaluator, Known, Reading};
use super::limits;
use super::syntax::Syntax;
use crate::Scope;
use crate::data::Dataset;
use crate::finding::{Finding, Severity};
use crate::model::{Change, Source};

/// A parsed model file.
#[derive(Debug)]
pub struct ModelFile {
    name: String,
    source: String,
    index: LineIndex,
    syntax: Syntax,
    /// The name of the model that is meant, of several.
    model: Option<String>,
    first: OnceLock<First>,
}

/// What the first reading of a file leaves for the later ones.
#[derive(Debug)]
struct First {
    /// The data it was read with.
    data: u64,
    known: Known,
    /// How often the steps of its differential equations are halved.
    halvings: Vec<u32>,
    /// What becomes of variables by `.do(...)` and `.observe(...)`, which stand after the model.
    changes: Vec<(String, Change)>,
    /// The number of the model, where the file makes several.
    model: Option<usize>,
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
            model: None,
            first: OnceLock::new(),
        })
    }

    /// The same file, of whose models the one is meant that has this name at its end.
    ///
    /// Without a name it is the one that is called `model`, or else the last that the file makes.
    pub fn with_model(self, name: &str) -> Self {
        Self { model: Some(name.to_owned()), first: OnceLock::new(), ..self }
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
        if let Some(first) = self.first.get().filter(|first| first.data == data.id()) {
            return self.read_again(data, scope, first);
        }
        // What changes a model stands after it, and has to be known from the start; how the steps of a differential
        // equation are chosen is found at the starting point.
        let is_twofold = [
            "DifferentialEquation",
            "odeint(",
            "solve_ivp(",
            "do(",
            "observe(",
            "set_initval(",
            "set_data(",
            "set_value(",
            "_value_transforms(",
        ]
        .iter()
        .any(|call| self.source.contains(call));
        let mut blank = Scope::preliminary();
        let start = if is_twofold { &mut blank } else { &mut *scope };
        let (mut reading, mut known) = self.evaluator(data, start, None).whole();
        known.drop_unread(&self.syntax.body);
        let mut first = First {
            data: data.id(),
            known,
            halvings: std::mem::take(&mut start.halvings),
            changes: std::mem::take(&mut start.changes),
            model: reading.model,
        };
        if is_twofold && !is_right(&reading) {
            // What took it all its steps is known now.
            let mut blank = Scope::preliminary();
            self.read_again(data, &mut blank, &first);
            (first.halvings, first.changes) = (blank.halvings, blank.changes);
        }
        if !is_twofold && first.model.is_some() {
            *scope = Scope::new(std::mem::replace(&mut scope.source, Source::Point(HashMap::new())));
        }
        if is_twofold || first.model.is_some() {
            reading = self.read_again(data, scope, &first);
        } else {
            reading.work -= first.known.work().min(reading.work);
        }
        if is_right(&reading) {
            self.first.get_or_init(|| first);
        }
        reading
    }

    fn read_again(&self, data: &Dataset, scope: &mut Scope, first: &First) -> Reading {
        scope.changes.extend_from_slice(&first.changes);
        scope.halvings.clone_from(&first.halvings);
        self.evaluator(data, scope, Some(first)).whole().0
    }

    fn evaluator<'a>(
        &'a self,
        data: &'a Dataset,
        scope: &'a mut Scope,
        first: Option<&'a First>,
    ) -> Evaluator<'a> {
        let choice = Choice { name: self.model.as_deref(), number: first.and_then(|first| first.model) };
        let known = first.map(|first| &first.known);
        Evaluator::new(&self.name, &self.source, &self.syntax, data, scope, known, choice)
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

fn is_right(reading: &Reading) -> bool {
    reading.faults.iter().all(|fault| fault.severity != Severity::Error)
}
