//! Definitions that stand too late, or need each other: `a` is made from `b`, and `b` from `a`.

use std::collections::HashMap;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::language::functions;

/// The names that a definition reads.
struct Definitions<'a> {
    reads: HashMap<&'a str, Vec<&'a str>>,
    /// The names that the present statement defines, and whether it holds the place in question.
    present: Vec<&'a str>,
    place: TextRange,
    /// The names that the statement with the place defines.
    around: Vec<&'a str>,
}

impl<'a> Visitor<'a> for Definitions<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.present = match statement {
            Stmt::Assign(assign) => {
                assign.targets.iter().filter_map(|t| t.as_name_expr()).map(|name| name.id.as_str()).collect()
            }
            Stmt::AnnAssign(assign) => {
                assign.target.as_name_expr().map(|name| name.id.as_str()).into_iter().collect()
            }
            _ => Vec::new(),
        };
        if statement.range().contains_range(self.place) {
            self.around = self.present.clone();
        }
        walk_stmt(self, statement);
        self.present.clear();
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx.is_load()
        {
            for defined in &self.present {
                self.reads.entry(defined).or_default().push(name.id.as_str());
            }
        }
        walk_expr(self, expression);
    }
}

/// Whether a name is defined on a later line of the function that a place is in, or of the file where it is in none.
pub(super) fn is_defined_later(body: &[Stmt], name: &str, place: TextRange) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::FunctionDef(function) if function.range.contains_range(place) => {
            is_defined_later(&function.body, name, place)
        }
        // Blocks have the names of what is around them.
        Stmt::With(with) => is_defined_later(&with.body, name, place),
        Stmt::For(repeated) => is_defined_later(&repeated.body, name, place),
        Stmt::If(choice) => is_defined_later(&choice.body, name, place),
        Stmt::Assign(assign) => {
            let is_it = |target: &Expr| target.as_name_expr().is_some_and(|known| known.id.as_str() == name);
            assign.range.start() > place.start() && assign.targets.iter().any(is_it)
        }
        _ => false,
    })
}

/// The way from a name that is used at a place back to the name that is defined there, both included: `[a, b, a]` where
/// `a` is being defined from `b`, and `b` from `a`.
pub(super) fn cycle<'a>(body: &'a [Stmt], name: &str, place: TextRange) -> Option<Vec<&'a str>> {
    let mut all = Definitions { reads: HashMap::new(), present: Vec::new(), place, around: Vec::new() };
    all.visit_body(body);
    let goal = *all.around.first()?;
    let (&start, _) = all.reads.get_key_value(name)?;
    let mut ways = vec![vec![goal, start]];
    let mut seen = vec![start];
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == goal {
            return Some(way);
        }
        for &next in all.reads.get(last).into_iter().flatten() {
            if next == goal || !seen.contains(&next) {
                seen.push(next);
                ways.push(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}

/// Whether a place is the first argument of a call such as `pm.Normal(...)`, where the name of the variable stands.
pub(super) fn is_name_of_variable(body: &[Stmt], place: TextRange) -> bool {
    struct Calls(TextRange, bool);
    impl<'a> Visitor<'a> for Calls {
        fn visit_expr(&mut self, expression: &'a Expr) {
            if let Expr::Call(call) = expression
                && call.arguments.args.first().is_some_and(|first| first.range() == self.0)
                && let Expr::Attribute(function) = &*call.func
                && function.value.as_name_expr().is_some_and(|module| module.id.as_str() == "pm")
            {
                self.1 |= functions::foreign::is_distribution(function.attr.as_str());
            }
            walk_expr(self, expression);
        }
    }
    let mut calls = Calls(place, false);
    calls.visit_body(body);
    calls.1
}
