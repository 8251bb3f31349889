//! Texts that are expressions of a table's columns: `table.query("age > 30 and city == @home")`.

use std::collections::HashMap;

use ruff_python_ast::Expr;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_text_size::TextRange;

use super::Evaluator;
use crate::language::error::{Outcome, fault};
use crate::language::functions;
use crate::language::item::{Dict, Item};
use crate::language::limits::{Budget, check_source};
use crate::language::syntax::Syntax;

impl Evaluator<'_> {
    /// The value of a text as an expression of columns; `@name` is a name of the file, and where `is_formula` a plain name
    /// that no column has is one too. Faults are told at `range`, where the text stands.
    pub(in crate::language) fn evaluate_text(
        &mut self,
        text: &str,
        table: &Dict,
        is_formula: bool,
        range: TextRange,
    ) -> Outcome<Item> {
        let (plain, outer) = outer_names(text);
        let mut globals = HashMap::new();
        for name in table.names() {
            let column = match is_formula {
                true => self.column(table, name, range)?,
                false => self.labelled_column(table, name, range)?,
            };
            globals.insert(name, column);
        }
        for (name, inner) in &outer {
            match self
                .named(name, range)?
                .filter(|item| !matches!(item, Item::Unusable(_)) && !item.is_of_file())
            {
                Some(item) => globals.insert(inner, item),
                None => return fault(range, format!("`@{name}` is not a name of the file")),
            };
        }
        for name in ["bs", "I"] {
            if let Ok(function) = functions::Module::Patsy.member(name, range) {
                globals.entry(name).or_insert(function);
            }
        }
        globals.entry("np").or_insert(Item::Module(functions::Module::NumPy));
        let told = |message: &str| format!("in \"{text}\": {message}");
        check_source(&plain).map_err(|f| super::Fault::new(range, told(&f.message)))?;
        let parsed = match ruff_python_parser::parse_expression(plain.trim()) {
            Ok(parsed) => parsed,
            Err(error) => return fault(range, told(&error.error.to_string())),
        };
        let mut written = Names::default();
        written.visit_expr(parsed.expr());
        for name in written.0.into_iter().filter(|_| is_formula) {
            if globals.contains_key(name) {
                continue;
            }
            if let Ok(Some(item)) = self.named(name, range)
                && (!item.is_of_file() && !matches!(item, Item::Unusable(_)))
            {
                globals.insert(name, item);
            }
        }
        let syntax = Syntax::default();
        let mut inner =
            Evaluator::new(self.file, &plain, &syntax, self.data, self.scope, None, super::Choice::default());
        inner.globals = globals;
        inner.columnwise = true;
        std::mem::swap(&mut inner.budget, &mut self.budget);
        std::mem::swap(&mut inner.made, &mut self.made);
        let result = inner.expression(parsed.expr());
        let (spent, made) =
            (std::mem::replace(&mut inner.budget, Budget::new(0)), std::mem::take(&mut inner.made));
        drop(inner);
        (self.budget, self.made) = (spent, made);
        result.map_err(|inner| super::Fault::new(range, told(&inner.message)))
    }
}

/// The names in an expression.
#[derive(Default)]
struct Names<'n>(Vec<&'n str>);

impl<'n> Visitor<'n> for Names<'n> {
    fn visit_expr(&mut self, expression: &'n Expr) {
        if let Expr::Name(name) = expression {
            self.0.push(name.id.as_str());
        }
        walk_expr(self, expression);
    }
}

/// The text with `@name` written as a plain name, and these names with what they became.
fn outer_names(text: &str) -> (String, Vec<(String, String)>) {
    let mut plain = String::new();
    let mut names = Vec::new();
    let mut parts = text.split('@');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
        let inner = format!("outer_{}", &part[..end]);
        plain.push_str(&inner);
        plain.push_str(&part[end..]);
        names.push((part[..end].to_owned(), inner));
    }
    (plain, names)
}
