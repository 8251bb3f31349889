//! Statements that are passed over, so that whole scripts can be pasted.
//!
//! A file says what the model is; what a script does before and after (reading files, pictures, sampling, tables) is
//! not needed. So a statement outside of the model that cannot be evaluated is passed over, and what it would have
//! defined or changed becomes unusable: its fault is told when the model needs it. A statement that may end the
//! function or the loop around it is not. Inside the model, only statements that do something with the model are
//! passed over, such as `idata = pm.sample()`.

use std::rc::Rc;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Identifier, Stmt, StmtAssign, StmtWith};
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
    "appendleft",
    "extendleft",
    "fill",
    "itemset",
    "partition",
    "popitem",
    "popleft",
    "put",
    "resize",
    "set_value",
    "rotate",
    "subtract",
];

/// Functions that change their first argument, whatever they belong to.
const CHANGING_THE_FIRST: &[&str] = &[
    "at",
    "copyto",
    "fill_diagonal",
    "heapify",
    "heappop",
    "heappush",
    "insort",
    "insort_left",
    "insort_right",
    "place",
    "put",
    "put_along_axis",
    "putmask",
    "setattr",
    "shuffle",
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
            (Weight::Fatal | Weight::OfAStatement, _) | (_, Stmt::Return(_) | Stmt::Raise(_)) => false,
            (Weight::AfterTheModel, Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AnnAssign(_)) => true,
            (_, Stmt::With(with)) if self.stage != Stage::Made || !self.is_foreign(with) => false,
            _ => self.stage != Stage::Open && !may_leave(statement, self.frame.is_some(), false),
        };
        if allowed { self.leave_out(statement, fault) } else { Err(fault) }
    }

    /// Goes on after a statement that is left out.
    pub(super) fn leave_out(&mut self, statement: &'a Stmt, fault: Box<Fault>) -> Outcome<Flow> {
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
        let is_model = |expression: &Expr| matches!(expression, Expr::Name(name) if matches!(self.visible(name.id.as_str()), Some(Item::Model(_))));
        functions::REMAKING.contains(&name) && call.arguments.args.iter().chain(owner).any(is_model)
    }

    /// Makes unusable what a statement would have defined or changed.
    pub(super) fn forget(&mut self, statement: &'a Stmt, why: &Fault) {
        let mut given = Vec::new();
        given_names(statement, &mut given);
        let why = Rc::new(why.clone());
        for Given { name, change } in given {
            let unusable = Item::Unusable(why.clone());
            match (self.visible(name).cloned(), change) {
                (Some(Item::Class(class)), Change::Attribute(name)) => self.set_member(class, name, unusable),
                (Some(Item::Object(object)), Change::Attribute(name)) => {
                    match self.attribute(object, name) {
                        Some(Item::Object(held)) => self.lose(held, statement.range()),
                        Some(item) => self.lose_everywhere(&item, &why),
                        None => {}
                    }
                    self.set_attribute(object, name, unusable);
                }
                (Some(Item::Object(object)), Change::Inside) => self.lose(object, statement.range()),
                (Some(Item::Module(_) | Item::Model(_)), Change::Attribute(_) | Change::Inside) => {}
                (Some(item), Change::Attribute(_) | Change::Inside) => {
                    self.lose_everywhere(&item, &why);
                    for name in self.viewed_with(name).into_iter().chain([name]) {
                        if let Some(own) = self.variable_mut(name) {
                            *own = unusable.clone();
                        }
                    }
                }
                _ if matches!(self.variable(name), Some(Item::Module(_) | Item::Model(_))) => {}
                _ => self.bind(name, unusable),
            }
        }
    }

    /// Whether a `with` has to do with files or modules other than PyMC: `with open(...)`, `with plt.rc_context()`.
    fn is_foreign(&self, with: &'a StmtWith) -> bool {
        with.items.iter().all(|item| match &item.context_expr {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => name.id.as_str() == "open",
                Expr::Attribute(attribute) => {
                    let mut given = Vec::new();
                    roots(&attribute.value, Change::Defined, &mut given);
                    given.iter().all(|given| !matches!(self.variable(given.name), Some(Item::Module(_))))
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

/// A name that a statement defines, or that of something that it changes.
struct Given<'a> {
    name: &'a str,
    change: Change<'a>,
}

/// What becomes of the thing that a name stands for.
#[derive(Clone, Copy)]
enum Change<'a> {
    /// The name stands for another thing afterwards.
    Defined,
    /// An attribute of it becomes another thing, or is changed.
    Attribute(&'a str),
    /// Something inside of it is changed.
    Inside,
}

/// The names that a statement defines or changes.
fn given_names<'a>(statement: &'a Stmt, given: &mut Vec<Given<'a>>) {
    let defined = |name| Given { name, change: Change::Defined };
    changed_by_calls(statement, given);
    match statement {
        Stmt::Assign(assign) => {
            assign.targets.iter().for_each(|target| roots(target, Change::Defined, given))
        }
        Stmt::AnnAssign(assign) => roots(&assign.target, Change::Defined, given),
        Stmt::AugAssign(assign) => roots(&assign.target, Change::Inside, given),
        Stmt::Delete(delete) => {
            delete.targets.iter().for_each(|target| roots(target, Change::Defined, given))
        }
        Stmt::FunctionDef(definition) => given.push(defined(definition.name.as_str())),
        Stmt::ClassDef(definition) => given.push(defined(definition.name.as_str())),
        Stmt::Import(import) => given.extend(import.names.iter().map(|alias| {
            let first = alias.name.as_str().split('.').next().unwrap_or_default();
            defined(alias.asname.as_ref().map_or(first, |name| name.as_str()))
        })),
        Stmt::ImportFrom(import) => given.extend(
            import.names.iter().map(|alias| defined(alias.asname.as_ref().unwrap_or(&alias.name).as_str())),
        ),
        Stmt::For(statement) => roots(&statement.target, Change::Defined, given),
        Stmt::With(with) => {
            with.items
                .iter()
                .filter_map(|item| item.optional_vars.as_deref())
                .for_each(|v| roots(v, Change::Defined, given));
        }
        _ => {}
    }
    blocks(statement).into_iter().flatten().for_each(|inner| given_names(inner, given));
}

/// What the calls in a statement change, but for those in the statements inside of it.
fn changed_by_calls<'a>(statement: &'a Stmt, given: &mut Vec<Given<'a>>) {
    let mut calls = Calls(Vec::new());
    match statement {
        Stmt::Expr(statement) => calls.visit_expr(&statement.value),
        Stmt::Assign(statement) => calls.visit_expr(&statement.value),
        Stmt::AugAssign(statement) => calls.visit_expr(&statement.value),
        Stmt::AnnAssign(statement) => statement.value.iter().for_each(|value| calls.visit_expr(value)),
        _ => {}
    }
    for call in calls.0 {
        let (owner, name) = match &*call.func {
            Expr::Attribute(method) => (Some(&*method.value), method.attr.as_str()),
            Expr::Name(name) => (None, name.id.as_str()),
            _ => (None, ""),
        };
        let owner = owner.filter(|_| CHANGING.contains(&name) || is_in_place(call));
        let first = call.arguments.args.first().filter(|_| CHANGING_THE_FIRST.contains(&name));
        let is_out = |name: &Identifier| name.as_str() == "out";
        let out = call.arguments.keywords.iter().filter(|k| k.arg.as_ref().is_some_and(is_out));
        // `map(list.append, ...)`
        let given_on = call.arguments.args.iter().filter_map(|argument| match argument {
            Expr::Attribute(method) if CHANGING.contains(&method.attr.as_str()) => Some(&*method.value),
            _ => None,
        });
        let changed = owner.into_iter().chain(first).chain(out.map(|keyword| &keyword.value)).chain(given_on);
        changed.for_each(|target| roots(target, Change::Inside, given));
    }
}

/// The calls in an expression.
struct Calls<'a>(Vec<&'a ExprCall>);

impl<'a> Visitor<'a> for Calls<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            self.0.push(call);
        }
        walk_expr(self, expression);
    }
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
fn roots<'a>(target: &'a Expr, change: Change<'a>, given: &mut Vec<Given<'a>>) {
    match target {
        Expr::Name(name) => given.push(Given { name: name.id.as_str(), change }),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| roots(target, change, given)),
        Expr::List(list) => list.elts.iter().for_each(|target| roots(target, change, given)),
        Expr::Starred(starred) => roots(&starred.value, change, given),
        Expr::Subscript(subscript) => roots(&subscript.value, Change::Inside, given),
        Expr::Attribute(attribute) => {
            roots(&attribute.value, Change::Attribute(attribute.attr.as_str()), given);
        }
        Expr::Call(call) => match &*call.func {
            Expr::Attribute(method) => roots(&method.value, Change::Inside, given),
            function => roots(function, Change::Inside, given),
        },
        _ => {}
    }
}
