//! Statements that are passed over, so that whole scripts can be pasted.
//!
//! A file says what the model is; what a script does before and after (reading files, pictures, sampling, tables) is
//! not needed. So a statement outside of the model that cannot be evaluated is passed over, and what it would have
//! defined or changed becomes unusable: its fault is told when the model needs it. A statement that may end the
//! function or the loop around it is not. Inside the model, only statements that do something with the model are
//! passed over, such as `idata = pm.sample()`.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtAssign, StmtWith};
use ruff_text_size::{Ranged, TextRange};

use super::library::is_of_library;
use super::{Evaluator, Flow, Stage};
use crate::language::error::{Fault, Outcome, Weight};
use crate::language::functions;
use crate::language::item::Item;

/// Methods that change what they belong to.
const CHANGING: &[&str] = &[
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "add",
    "discard",
    "difference_update",
    "intersection_update",
    "symmetric_difference_update",
    "add_coord",
    "add_coords",
];

/// Most statements that are remembered.
const PASSED: usize = 64;

/// A statement that was passed over.
#[derive(Debug)]
pub(super) struct Passed {
    fault: Box<Fault>,
    statement: TextRange,
    /// Whether it gives nothing a name: an expression alone, such as a call for its effect, or an attribute.
    is_expression: bool,
}

/// Whether a text has one of some names.
fn mentions(text: &str, names: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| names.contains(&word))
}

impl<'a> Evaluator<'a> {
    /// Goes on after a statement that ended in `fault`, where that is allowed.
    pub(super) fn pass_over(&mut self, statement: &'a Stmt, fault: Box<Fault>) -> Outcome<Flow> {
        let allowed = match (fault.weight, statement) {
            _ if fault.is_told || self.makes_a_model(statement) => false,
            _ if is_of_library(statement.range()) => false,
            (Weight::Fatal, _) | (_, Stmt::Return(_) | Stmt::Raise(_)) => false,
            (Weight::AfterTheModel, Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AnnAssign(_)) => true,
            (_, Stmt::With(with)) if self.stage != Stage::Made || !self.is_foreign(with) => false,
            _ => self.stage != Stage::Open && !may_leave(statement, self.frame.is_some(), false),
        };
        if !allowed {
            return Err(fault);
        }
        if runs_something(statement) {
            self.not_run.get_or_insert_with(|| fault.clone());
        }
        self.forget_draws(statement);
        self.note_new_data(statement);
        self.forget(statement, &fault);
        if self.passed_over.len() < PASSED {
            let is_attribute = |assign: &StmtAssign| assign.targets.iter().all(Expr::is_attribute_expr);
            let is_expression =
                matches!(statement, Stmt::Expr(_)) || matches!(statement, Stmt::Assign(a) if is_attribute(a));
            self.passed_over.push(Passed { fault, statement: statement.range(), is_expression });
        }
        Ok(Flow::Next)
    }

    /// What went wrong in a statement that was passed over and would have made the model; if there is none, in another
    /// one: rather in a definition than in a call for its effect, and in none that only shows something.
    pub(super) fn why_no_model(&mut self) -> Option<Box<Fault>> {
        let passed = std::mem::take(&mut self.passed_over);
        let makers = self.makers();
        let makes = |passed: &Passed| mentions(self.text_at(passed.statement), &makers);
        let of_model = passed.iter().position(|passed| makes(passed) && !passed.is_expression);
        let of_model = of_model.or_else(|| passed.iter().position(makes));
        let is_for_show = |passed: &Passed| passed.fault.weight == Weight::AfterTheModel;
        let chosen = of_model
            .or_else(|| passed.iter().position(|passed| !passed.is_expression && !is_for_show(passed)))
            .or_else(|| passed.iter().position(|passed| !is_for_show(passed)))
            .or(passed.first().map(|_| 0));
        chosen.and_then(|k| passed.into_iter().nth(k)).map(|passed| passed.fault)
    }

    /// `Model`, and the functions and classes of the file that mention it, or one another that does.
    fn makers(&self) -> Vec<&'a str> {
        let mut makers = vec!["Model"];
        loop {
            let known = makers.len();
            for statement in &self.syntax.body {
                let name = match statement {
                    Stmt::FunctionDef(definition) => definition.name.as_str(),
                    Stmt::ClassDef(definition) => definition.name.as_str(),
                    _ => continue,
                };
                if !makers.contains(&name) && mentions(self.text_at(statement.range()), &makers) {
                    makers.push(name);
                }
            }
            if makers.len() == known {
                return makers;
            }
        }
    }

    /// Whether a statement makes another model of the model, which must not go unseen.
    fn makes_a_model(&self, statement: &'a Stmt) -> bool {
        let value = match statement {
            Stmt::Assign(assign) => &assign.value,
            Stmt::Expr(expression) => &expression.value,
            _ => return false,
        };
        let Expr::Call(call) = &**value else { return false };
        let (name, owner) = match &*call.func {
            Expr::Name(name) => (name.id.as_str(), None),
            Expr::Attribute(attribute) => (attribute.attr.as_str(), Some(&*attribute.value)),
            _ => return false,
        };
        let is_model = |expression: &Expr| matches!(expression, Expr::Name(name) if matches!(self.visible(name.id.as_str()), Some(Item::Model)));
        functions::REMAKING.contains(&name) && call.arguments.args.iter().chain(owner).any(is_model)
    }

    /// Makes unusable what a statement would have defined or changed.
    pub(super) fn forget(&mut self, statement: &'a Stmt, why: &Fault) {
        let mut names = Vec::new();
        let why = Rc::new(why.clone());
        if let Stmt::Assign(assign) = statement
            && let [Expr::Attribute(target)] = &*assign.targets
            && let Expr::Name(owner) = &*target.value
            && let Some(&Item::Class(class)) = self.visible(owner.id.as_str())
        {
            return self.set_member(class, target.attr.as_str(), Item::Unusable(why));
        }
        given_names(statement, &mut names);
        for name in names {
            if !matches!(self.variable(name), Some(Item::Module(_) | Item::Model)) {
                self.bind(name, Item::Unusable(why.clone()));
            }
        }
    }

    /// Whether a `with` has to do with files or modules other than PyMC: `with open(...)`, `with plt.rc_context()`.
    fn is_foreign(&self, with: &'a StmtWith) -> bool {
        with.items.iter().all(|item| match &item.context_expr {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => name.id.as_str() == "open",
                Expr::Attribute(attribute) => {
                    let mut names = Vec::new();
                    roots(&attribute.value, &mut names);
                    names.iter().all(|name| !matches!(self.variable(name), Some(Item::Module(_))))
                }
                _ => false,
            },
            _ => false,
        })
    }
}

/// Whether a statement is a call of a method `run`, as that of a sampler of NumPyro.
fn runs_something(statement: &Stmt) -> bool {
    let value = match statement {
        Stmt::Assign(assign) => &assign.value,
        Stmt::Expr(expression) => &expression.value,
        _ => return false,
    };
    let Expr::Call(call) = &**value else { return false };
    matches!(&*call.func, Expr::Attribute(method) if method.attr.as_str() == "run")
}

/// Whether a statement may end the function that it stands in, if it does, or a loop around it.
fn may_leave(statement: &Stmt, in_function: bool, in_loop: bool) -> bool {
    let in_loop = match statement {
        Stmt::Return(_) => return in_function,
        Stmt::Break(_) | Stmt::Continue(_) => return !in_loop,
        _ => in_loop || matches!(statement, Stmt::For(_) | Stmt::While(_)),
    };
    blocks(statement).into_iter().flatten().any(|inner| may_leave(inner, in_function, in_loop))
}

/// The names that a statement defines or changes.
fn given_names<'a>(statement: &'a Stmt, names: &mut Vec<&'a str>) {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().for_each(|target| roots(target, names)),
        Stmt::AnnAssign(assign) => roots(&assign.target, names),
        Stmt::AugAssign(assign) => roots(&assign.target, names),
        Stmt::Delete(delete) => delete.targets.iter().for_each(|target| roots(target, names)),
        Stmt::Expr(expression) => {
            if let Expr::Call(call) = &*expression.value
                && let Expr::Attribute(method) = &*call.func
                && (CHANGING.contains(&method.attr.as_str()) || is_in_place(call))
            {
                roots(&method.value, names);
            }
        }
        Stmt::FunctionDef(definition) => names.push(definition.name.as_str()),
        Stmt::ClassDef(definition) => names.push(definition.name.as_str()),
        Stmt::Import(import) => import.names.iter().for_each(|alias| {
            let first = alias.name.as_str().split('.').next().unwrap_or_default();
            names.push(alias.asname.as_ref().map_or(first, |name| name.as_str()));
        }),
        Stmt::ImportFrom(import) => import.names.iter().for_each(|alias| {
            names.push(alias.asname.as_ref().unwrap_or(&alias.name).as_str());
        }),
        Stmt::For(statement) => roots(&statement.target, names),
        Stmt::With(with) => {
            with.items.iter().filter_map(|item| item.optional_vars.as_deref()).for_each(|v| roots(v, names));
        }
        _ => {}
    }
    blocks(statement).into_iter().flatten().for_each(|inner| given_names(inner, names));
}

/// The statements inside of a statement, but for those of a function that it defines.
fn blocks(statement: &Stmt) -> Vec<&[Stmt]> {
    match statement {
        Stmt::For(statement) => vec![&statement.body, &statement.orelse],
        Stmt::While(statement) => vec![&statement.body, &statement.orelse],
        Stmt::With(with) => vec![&with.body],
        Stmt::If(statement) => {
            let others = statement.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*statement.body).chain(others).collect()
        }
        Stmt::Match(statement) => statement.cases.iter().map(|case| &*case.body).collect(),
        Stmt::Try(statement) => {
            let handlers = statement.handlers.iter().filter_map(|handler| handler.as_except_handler());
            let own = [&*statement.body, &*statement.orelse, &*statement.finalbody];
            own.into_iter().chain(handlers.map(|handler| &*handler.body)).collect()
        }
        _ => Vec::new(),
    }
}

fn is_in_place(call: &ExprCall) -> bool {
    call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_some_and(|name| name.as_str() == "inplace"))
}

/// The names at the root of a target: `a` in `a`, `a[0]`, `a.b` and `(a, 1)`.
fn roots<'a>(target: &'a Expr, names: &mut Vec<&'a str>) {
    match target {
        Expr::Name(name) => names.push(name.id.as_str()),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| roots(target, names)),
        Expr::List(list) => list.elts.iter().for_each(|target| roots(target, names)),
        Expr::Starred(starred) => roots(&starred.value, names),
        Expr::Subscript(subscript) => roots(&subscript.value, names),
        Expr::Attribute(attribute) => roots(&attribute.value, names),
        Expr::Call(call) => roots(&call.func, names),
        _ => {}
    }
}
