//! Import lines: they only give names to the modules that model files know.

use std::rc::Rc;

use ruff_python_ast::{Alias, StmtImportFrom};
use ruff_text_size::TextRange;

use super::Evaluator;
use super::library::is_of_library;
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::functions::Module;
use crate::language::item::Item;
use crate::language::limits::FAULT;

impl<'a> Evaluator<'a> {
    /// `import numpy as np`
    pub(super) fn import(&mut self, alias: &'a Alias) -> Outcome<()> {
        let name = alias.name.as_str();
        refuse_old(name, alias.range)?;
        match &alias.asname {
            Some(short) => self.bind(short.as_str(), module(name)),
            None => {
                let first = name.split('.').next().unwrap_or(name);
                self.bind(first, module(first));
            }
        }
        Ok(())
    }

    /// `from pymc import Model, Normal`
    pub(super) fn import_from(&mut self, statement: &'a StmtImportFrom) -> Outcome<()> {
        let name = statement.module.as_ref().map_or("", |name| name.as_str());
        refuse_old(name, statement.range)?;
        for alias in &statement.names {
            refuse_old(alias.name.as_str(), alias.range)?;
            let member = alias.name.as_str();
            if member == "*" {
                return fault(alias.range, "`import *` is not supported: import the names, or the module");
            }
            let full = format!("{name}.{member}");
            let item = match (Module::find(&full), Module::find(name)) {
                (Some(module), _) => Item::Module(module),
                (None, Some(module)) if is_of_library(alias.range) => {
                    self.member_of_module(module, member, alias.range)?
                }
                // A name that is not known is told where it is used; the others of the line are known all the same.
                (None, Some(module)) => {
                    self.member_of_module(module, member, alias.range).unwrap_or_else(|fault| {
                        self.budget.spend(FAULT);
                        Item::Unusable(Rc::new(*fault))
                    })
                }
                // `pytensor.scan` is a function and a module.
                (None, None) if name == "pytensor.scan" => Module::PyTensor.member(member, alias.range)?,
                (None, None) => Item::Foreign(full.into()),
            };
            self.bind(alias.asname.as_ref().unwrap_or(&alias.name).as_str(), item);
        }
        Ok(())
    }
}

fn module(name: &str) -> Item {
    Module::find(name).map_or_else(|| Item::Foreign(name.into()), Item::Module)
}

fn refuse_old(name: &str, range: TextRange) -> Outcome<()> {
    let new = match name.split('.').next().unwrap_or(name) {
        "pymc3" => "import pymc as pm",
        "theano" | "aesara" => "import pytensor.tensor as pt",
        _ => return Ok(()),
    };
    let message = format!("`{name}` is the name of an older version; write `{new}`");
    Err(Fault::new(range, message).rule(Rule::OldName).about(name).fix(new).fatal())
}
