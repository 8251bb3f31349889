//! Iterators: what `iter` gives, and functions that give their results by `yield`.
//!
//! A function with `yield` is run to its end when it is called, and what it gave is handed out one by one: what it does
//! between two results is done before the first is used.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{Argument, Body, Evaluator, Library};
use crate::language::error::{Outcome, fault};
use crate::language::item::{Item, Sequence};

/// Steps that a result of `yield` counts as: all of them are kept.
const RESULT: usize = 64;

/// Whether a function gives its results by `yield`.
pub(super) fn yields(body: Body<'_>) -> bool {
    let mut search = Search(false);
    if let Body::Statements(body) = body {
        search.visit_body(body);
    }
    search.0
}

struct Search(bool);

impl<'a> Visitor<'a> for Search {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
            Expr::Lambda(_) => {}
            _ => walk_expr(self, expression),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// `yield x` and `yield from several`
    pub(super) fn give(&mut self, expression: &'a Expr) -> Outcome<Item> {
        let range = expression.range();
        let items = match expression {
            Expr::Yield(given) => match &given.value {
                Some(value) => vec![self.expression(value)?],
                None => vec![Item::None],
            },
            Expr::YieldFrom(given) => {
                let several = self.expression(&given.value)?;
                self.iterate(&several, range)?
            }
            _ => Vec::new(),
        };
        self.budget.steps(RESULT.saturating_mul(items.len()), range)?;
        let frame = self.frame.and_then(|frame| self.frames.get_mut(frame));
        match frame.and_then(|frame| frame.yielded.as_mut()) {
            Some(yielded) => {
                yielded.extend(items);
                Ok(Item::None)
            }
            None => fault(range, "`yield` stands outside of a function"),
        }
    }

    /// An iterator over items.
    pub(in crate::language) fn iterator(&mut self, items: Vec<Item>, range: TextRange) -> Outcome<Item> {
        let class = self.written(Library::Collections, "iterator", range)?;
        let items = Item::List(Sequence::new(items, range)?);
        self.call_item(&Argument { item: class, range }, vec![Argument { item: items, range }])
    }
}
