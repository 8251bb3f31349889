//! Data that the model file never mentions: columns of the data file, and data containers.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::TextRange;

use super::Notes;
use super::script::name_in_pymc;
use crate::data::Dataset;
use crate::finding::{Rule, Severity};
use crate::language::Fault;

/// Attributes that take all columns of a table.
const WHOLE: &[&str] =
    &["values", "to_numpy", "iloc", "columns", "drop", "select_dtypes", "items", "keys", "T", "filter"];

/// What a file mentions.
#[derive(Default)]
struct Mentions<'a> {
    /// Names that are read, and attributes.
    names: HashSet<&'a str>,
    /// Texts other than the names of variables.
    texts: Vec<&'a str>,
    /// Whether columns may be taken that are not mentioned by name.
    takes_all: bool,
    /// Data containers: their name in the file, if they have one, their own name, and the place.
    containers: Vec<(Option<&'a str>, &'a str, TextRange)>,
}

impl<'a> Visitor<'a> for Mentions<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assign(assign) => {
                if let [Expr::Name(name)] = &assign.targets[..] {
                    self.container(Some(name.id.as_str()), &assign.value, assign.range);
                }
            }
            Stmt::Expr(expression) => self.container(None, &expression.value, expression.range),
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_load() => drop(self.names.insert(name.id.as_str())),
            Expr::Attribute(attribute) => {
                self.takes_all |= WHOLE.contains(&attribute.attr.as_str());
                self.names.insert(attribute.attr.as_str());
            }
            Expr::FString(_) => self.takes_all = true,
            Expr::StringLiteral(text) => self.texts.push(text.value.to_str()),
            Expr::Call(call) if name_in_pymc(&call.func).is_some() => {
                // The first argument is the name of a variable.
                let names_it = matches!(call.arguments.args.first(), Some(Expr::StringLiteral(_)));
                call.arguments.args.iter().skip(usize::from(names_it)).for_each(|a| self.visit_expr(a));
                call.arguments.keywords.iter().for_each(|k| self.visit_expr(&k.value));
                return;
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

impl<'a> Mentions<'a> {
    /// Notes `pm.Data("name", ...)`.
    fn container(&mut self, name: Option<&'a str>, value: &'a Expr, range: TextRange) {
        if let Expr::Call(ExprCall { func, arguments, .. }) = value
            && name_in_pymc(func).is_some_and(|f| ["Data", "MutableData", "ConstantData"].contains(&f))
            && let Some(Expr::StringLiteral(own)) = arguments.args.first()
        {
            self.containers.push((name, own.value.to_str(), range));
        }
    }

    fn holds(&self, name: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        self.names.contains(name)
            || self
                .texts
                .iter()
                .any(|text| *text == name || text.split(|c| !is_word(c)).any(|word| word == name))
    }
}

/// Looks for columns of the data file and data containers that nothing mentions.
pub(super) fn check(notes: &mut Notes<'_>, data: &Dataset) {
    let file = notes.file;
    let mut mentions = Mentions::default();
    mentions.visit_body(file.body());
    for (name, own, range) in &mentions.containers {
        let is_read = name.is_some_and(|name| mentions.names.contains(name)) || mentions.texts.contains(own);
        if !is_read {
            let message = format!("the data container `{own}` is declared and never used");
            notes.at(Fault::new(*range, message).rule(Rule::UnusedData).about(*own));
        }
    }
    if mentions.takes_all {
        return;
    }
    let unused: Vec<&str> = data
        .entries()
        .iter()
        .filter(|(name, entry)| entry.list_length().is_some() && !mentions.holds(name))
        .map(|(name, _)| name.as_str())
        .collect();
    if let Some(first) = unused.first() {
        let message =
            format!("{} has columns that the model does not use: {}", data.name(), unused.join(", "));
        notes.whole(Rule::UnusedData, message, "use them, or leave them out of the data file");
        if let Some(finding) = notes.found.last_mut() {
            finding.severity = Severity::Suggestion;
            finding.details.variable = Some((*first).to_owned());
            finding.details.seen = Some(unused.join(", "));
        }
    }
}
