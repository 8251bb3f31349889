//! Starting values that `pm.sample(initvals={"name": ...})` gives to variables above it.

use std::collections::HashMap;

use chainfire_engine::program::Value;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::Evaluator;
use crate::finding::Severity;
use crate::language::error::Fault;

/// The values by the names of variables; the first call that gives one counts.
#[derive(Debug, Default)]
pub(super) struct Starts<'a> {
    values: HashMap<&'a str, &'a Expr>,
}

impl<'a> Starts<'a> {
    /// Those of the calls in a file.
    pub(super) fn of(body: &'a [Stmt]) -> Self {
        let mut starts = Self::default();
        starts.visit_body(body);
        starts
    }

    fn take(&mut self, call: &'a ExprCall) {
        let is_sample = match &*call.func {
            Expr::Attribute(function) => function.attr.as_str() == "sample",
            Expr::Name(function) => function.id.as_str() == "sample",
            _ => false,
        };
        let given = call.arguments.keywords.iter().filter(|keyword| {
            is_sample
                && keyword.arg.as_ref().is_some_and(|name| matches!(name.as_str(), "initvals" | "start"))
        });
        for item in given.filter_map(|keyword| keyword.value.as_dict_expr()).flat_map(|dict| &dict.items) {
            if let Some(Expr::StringLiteral(name)) = &item.key {
                self.values.entry(name.value.to_str()).or_insert(&item.value);
            }
        }
    }
}

impl<'a> Visitor<'a> for Starts<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            self.take(call);
        }
        walk_expr(self, expression);
    }
}

impl Evaluator<'_> {
    /// The value that a call of `pm.sample` starts a variable at; one that cannot be read where the variable is declared
    /// is told and left out.
    pub(in crate::language) fn start_of(&mut self, name: &str) -> Option<Value> {
        let value = *self.starts.values.get(name)?;
        let (draws, generators) = (self.draws, self.generators.clone());
        let read = self.expression(value).and_then(|item| self.item_value(&item, value.range()));
        let has_drawn = self.draws != draws;
        if has_drawn {
            // What is drawn below is drawn before it in the script.
            self.generators = generators;
        }
        let why = match read {
            Ok(_) if has_drawn => "it is drawn by a generator".to_owned(),
            Ok(value) if value.as_data().is_some() => return Some(value),
            Ok(_) => "it depends on the model's parameters".to_owned(),
            Err(fault) => fault.message,
        };
        let message = format!(
            "the start of `{name}` is left out, because it is not known where `{name}` is declared: {why}"
        );
        let fix = format!("write it as `initval=` of `{name}`");
        self.tell(*Fault::new(value.range(), message).severity(Severity::Warning).about(name).fix(fix));
        None
    }
}
