//! What is only stored, and differences of all pairs: places where a finding about predictors or shapes is none.
//!
//! ```text
//! pm.Deterministic("contrasts", pm.math.dot(pairs, alpha))     no likelihood has these as predictors
//! x[:, None] - x                                               the matrix is meant
//! ```

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::script::name_in_pymc;
use crate::language::ModelFile;

/// Places in a file.
#[derive(Default)]
pub(super) struct Stored<'a> {
    /// Stored values, and the name that they get, if any.
    stored: Vec<(TextRange, Option<&'a str>)>,
    read: HashSet<&'a str>,
    pairs: HashSet<TextRange>,
}

impl<'a> Stored<'a> {
    pub(super) fn of(file: &'a ModelFile) -> Self {
        let mut places = Self::default();
        places.visit_body(file.body());
        let Self { stored, read, .. } = &mut places;
        stored.retain(|(_, name)| name.is_none_or(|name| !read.contains(name)));
        places
    }

    /// Whether a place is in a value that is stored, and that nothing else uses.
    pub(super) fn holds(&self, place: TextRange) -> bool {
        self.stored.iter().any(|(stored, _)| stored.contains_range(place))
    }

    /// Whether an operation is between a column and a row of one name.
    pub(super) fn is_of_pairs(&self, place: TextRange) -> bool {
        self.pairs.contains(&place)
    }
}

fn is_stored(value: &Expr) -> bool {
    matches!(value, Expr::Call(call) if name_in_pymc(&call.func) == Some("Deterministic"))
}

/// The name that a subscript is of.
fn base(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Subscript(subscript) => Some(subscript.value.as_name_expr()?.id.as_str()),
        _ => None,
    }
}

impl<'a> Visitor<'a> for Stored<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Expr(expression) if is_stored(&expression.value) => {
                self.stored.push((expression.value.range(), None));
            }
            Stmt::Assign(assign) if is_stored(&assign.value) => {
                if let [Expr::Name(name)] = &assign.targets[..] {
                    self.stored.push((assign.value.range(), Some(name.id.as_str())));
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_load() => drop(self.read.insert(name.id.as_str())),
            Expr::BinOp(operation)
                if base(&operation.left).is_some_and(|name| base(&operation.right) == Some(name)) =>
            {
                self.pairs.insert(operation.range);
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}
