//! Statements that are passed over, so that whole scripts can be pasted.
//!
//! A file says what the model is; what a script does before and after (reading files, pictures, sampling, tables) is
//! not needed. So a statement outside of the model that cannot be evaluated is passed over, and what it would have
//! defined or changed becomes unusable: its fault is told when the model needs it. Inside the model, only statements
//! that do something with the model are passed over, such as `idata = pm.sample()`.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtWith};

use super::{Evaluator, Flow, Stage};
use crate::language::error::{Fault, Outcome, Weight};
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
    "add_coord",
    "add_coords",
];

impl<'a> Evaluator<'a> {
    /// Goes on after a statement that ended in `fault`, where that is allowed.
    pub(super) fn pass_over(&mut self, statement: &'a Stmt, fault: Box<Fault>) -> Outcome<Flow> {
        let allowed = match (fault.weight, statement) {
            _ if fault.is_told => false,
            (Weight::Fatal, _) | (_, Stmt::Return(_) | Stmt::Raise(_)) => false,
            (Weight::AfterTheModel, Stmt::Expr(_) | Stmt::Assign(_) | Stmt::AnnAssign(_)) => true,
            (_, Stmt::With(with)) if self.stage != Stage::Made || !self.is_foreign(with) => false,
            _ => self.stage != Stage::Open && self.frame.is_none(),
        };
        if !allowed {
            return Err(fault);
        }
        self.forget_draws(statement);
        self.note_new_data(statement);
        self.forget(statement, &fault);
        self.passed_over.get_or_insert(fault);
        Ok(Flow::Next)
    }

    /// Makes unusable what a statement would have defined or changed.
    pub(super) fn forget(&mut self, statement: &'a Stmt, why: &Fault) {
        let mut names = Vec::new();
        given_names(statement, &mut names);
        let why = Rc::new(why.clone());
        for name in names {
            if !matches!(self.variable(name), Some(Item::Module(_))) {
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

/// The names that a statement defines or changes.
fn given_names<'a>(statement: &'a Stmt, names: &mut Vec<&'a str>) {
    let mut blocks: Vec<&'a [Stmt]> = Vec::new();
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
        Stmt::For(statement) => {
            roots(&statement.target, names);
            blocks.extend([&*statement.body, &*statement.orelse]);
        }
        Stmt::While(statement) => blocks.extend([&*statement.body, &*statement.orelse]),
        Stmt::If(statement) => {
            blocks.push(&statement.body);
            blocks.extend(statement.elif_else_clauses.iter().map(|clause| &*clause.body));
        }
        Stmt::With(with) => {
            with.items.iter().filter_map(|item| item.optional_vars.as_deref()).for_each(|v| roots(v, names));
            blocks.push(&with.body);
        }
        Stmt::Try(statement) => {
            blocks.extend([&*statement.body, &*statement.orelse, &*statement.finalbody]);
            let handlers = statement.handlers.iter().filter_map(|handler| handler.as_except_handler());
            blocks.extend(handlers.map(|handler| &*handler.body));
        }
        _ => {}
    }
    blocks.into_iter().flatten().for_each(|inner| given_names(inner, names));
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
