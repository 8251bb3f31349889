//! Which products belong to one sum, such as a linear predictor that is written on several lines.
//!
//! ```text
//! mu = a + b * x;  mu = mu + c * z        one sum of a, b * x and c * z
//! ```

use std::collections::HashMap;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::script::name_in_pymc;

/// Most terms of one sum.
const TERMS: usize = 200;

/// The sums of a file as the places of their terms, in the order of the file.
pub(super) fn of(body: &[Stmt]) -> Vec<Vec<TextRange>> {
    let mut sums = Sums::default();
    sums.visit_body(body);
    sums.found
}

#[derive(Default)]
struct Sums<'a> {
    /// The terms that names stand for.
    names: HashMap<&'a str, Vec<TextRange>>,
    found: Vec<Vec<TextRange>>,
}

impl<'a> Visitor<'a> for Sums<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        walk_stmt(self, statement);
        match statement {
            Stmt::Assign(assign) => {
                if let [Expr::Name(name)] = &assign.targets[..] {
                    let mut terms = Vec::new();
                    self.terms(&assign.value, &mut terms);
                    self.names.insert(name.id.as_str(), terms);
                }
            }
            Stmt::AugAssign(assign) if is_sum(assign.op) => {
                if let Expr::Name(name) = &*assign.target {
                    let mut terms = self.names.remove(name.id.as_str()).unwrap_or_default();
                    self.terms(&assign.value, &mut terms);
                    self.found.push(terms.clone());
                    self.names.insert(name.id.as_str(), terms);
                }
            }
            _ => {}
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::BinOp(operation) = expression
            && is_sum(operation.op)
        {
            let mut terms = Vec::new();
            self.terms(expression, &mut terms);
            self.found.push(terms);
            self.visit_inside(expression);
        } else {
            walk_expr(self, expression);
        }
    }
}

impl<'a> Sums<'a> {
    /// Goes through what the terms of a sum are made of.
    fn visit_inside(&mut self, expression: &'a Expr) {
        match expression {
            Expr::BinOp(operation) if is_sum(operation.op) => {
                self.visit_inside(&operation.left);
                self.visit_inside(&operation.right);
            }
            other => self.visit_expr(other),
        }
    }

    /// Adds the terms of an expression.
    fn terms(&self, expression: &'a Expr, into: &mut Vec<TextRange>) {
        match expression {
            _ if into.len() >= TERMS => {}
            Expr::BinOp(operation) if is_sum(operation.op) => {
                self.terms(&operation.left, into);
                self.terms(&operation.right, into);
            }
            Expr::Name(name) if self.names.contains_key(name.id.as_str()) => {
                into.extend_from_slice(&self.names[name.id.as_str()]);
            }
            Expr::Call(call) if name_in_pymc(&call.func) == Some("Deterministic") => {
                if let Some(value) = call.arguments.args.get(1) {
                    self.terms(value, into);
                }
            }
            other => into.push(other.range()),
        }
    }
}

fn is_sum(op: Operator) -> bool {
    matches!(op, Operator::Add | Operator::Sub)
}
