//! Statements.

use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::{
    Expr, Parameters, Stmt, StmtFor, StmtFunctionDef, StmtMatch, StmtTry, StmtWhile, StmtWith,
};
use ruff_text_size::{Ranged, TextRange};

use super::iterators;
use super::library::is_of_library;
use super::place::SHARED;
use super::{Body, Defined, Evaluator, Flow, Stage};
use crate::language::error::{Fault, Outcome, Weight, fault};
use crate::language::item::{Item, Sequence};
use crate::language::limits::FAULT;

/// Contexts that change what is told, and no value.
const FOR_SHOW: &[&str] = &["errstate", "printoptions", "option_context", "catch_warnings", "rc_context"];

impl<'a> Evaluator<'a> {
    /// Statements one after the other.
    pub(in crate::language) fn block(&mut self, body: &'a [Stmt]) -> Outcome<Flow> {
        for statement in body {
            match self.statement(statement)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &'a Stmt) -> Outcome<Flow> {
        match statement {
            // Only a fault of syntax leaves nothing inside; what follows was meant to be there.
            Stmt::With(with) if with.body.is_empty() => return Err(Fault::told(with.range).last()),
            // The head of a model may be wrong: its variables are looked at all the same.
            Stmt::With(_) => {}
            _ if self.syntax.is_broken(statement) => {
                return self.recover(statement, Fault::told(statement.range()));
            }
            _ => {}
        }
        let mut outcome = self.statement_inside(statement);
        if !self.moved.is_empty() {
            outcome = self.reunite(statement.range()).and(outcome);
        }
        // What goes wrong in the library is wrong at the call in the file.
        if self.attempts > 0 || outcome.is_ok() || is_of_library(statement.range()) {
            return outcome;
        }
        self.budget.spend(FAULT);
        outcome
            .or_else(|fault| self.pass_over(statement, fault))
            .or_else(|fault| self.recover(statement, fault))
    }

    fn statement_inside(&mut self, statement: &'a Stmt) -> Outcome<Flow> {
        let range = statement.range();
        self.budget.steps(1, range)?;
        match statement {
            Stmt::Import(import) => import.names.iter().try_for_each(|alias| self.import(alias))?,
            Stmt::ImportFrom(import) => self.import_from(import)?,
            Stmt::Expr(expression) => drop(self.expression(&expression.value)?),
            Stmt::Assign(assign) => {
                let item = self.assigned(assign)?;
                let item = self.with_own_array(&assign.value, item)?;
                for target in &assign.targets {
                    self.assign(target, item.clone())?;
                }
                drop(item);
                self.note_view(assign)?;
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let item = self.expression(value)?;
                    self.assign(&assign.target, item)?;
                }
            }
            Stmt::AugAssign(assign) => {
                let draws = self.draws;
                let lasting = std::mem::replace(&mut self.lasting, self.generators.len());
                let before = self.expression(&assign.target);
                self.lasting = lasting;
                let mut before = before?;
                if draws != self.draws {
                    return fault(range, "give the place that is drawn here a name first");
                }
                match &before {
                    Item::List(set) if set.is_set() && Rc::strong_count(set) > 2 => {
                        drop(before);
                        self.place(&assign.target, 0)?;
                        before = self.expression(&assign.target)?;
                        if matches!(&before, Item::List(set) if Rc::strong_count(set) > 2) {
                            return fault(range, SHARED);
                        }
                    }
                    Item::List(list) if !list.is_set() => {
                        drop(before);
                        return self.extend(assign).map(|()| Flow::Next);
                    }
                    _ => {}
                }
                let after = self.expression(&assign.value)?;
                let is_shared = |item: &Item| {
                    let array =
                        item.as_value().filter(|value| value.rank() > 0).and_then(|value| value.as_data());
                    array.is_some_and(|array| Arc::strong_count(array) > 2)
                };
                // With parameters it becomes another array.
                if is_shared(&before) && !after.as_value().is_some_and(|value| value.is_random()) {
                    drop(before);
                    self.place(&assign.target, 0)?;
                    before = self.expression(&assign.target)?;
                    if is_shared(&before) {
                        return fault(range, SHARED);
                    }
                }
                let item = self.operation(assign.op, &before, &after, range)?;
                let is_viewed = matches!((&before, &*assign.target), (Item::Number(array), Expr::Name(name))
                    if array.rank() > 0 && self.is_viewed(name.id.as_str()));
                drop(before);
                match is_viewed {
                    true => self.put(&assign.target, item)?,
                    false => self.assign(&assign.target, item)?,
                }
            }
            Stmt::With(with) => return self.with(with),
            Stmt::For(statement) => return self.for_loop(statement),
            Stmt::If(statement) => {
                if self.condition(&statement.test)? {
                    return self.nested(range, |e| e.block(&statement.body));
                }
                for clause in &statement.elif_else_clauses {
                    let taken = match &clause.test {
                        Some(test) => self.condition(test)?,
                        None => true,
                    };
                    if taken {
                        return self.nested(range, |e| e.block(&clause.body));
                    }
                }
            }
            Stmt::Assert(statement) => {
                if !self.condition(&statement.test)? {
                    let said = self.said(statement.msg.as_deref());
                    let said = said.map_or_else(String::new, |said| format!(": {said}"));
                    let message = format!("this assertion does not hold for the data{said}");
                    return Err(Fault::new(range, message).fatal());
                }
            }
            Stmt::FunctionDef(definition) => self.define(definition)?,
            Stmt::ClassDef(definition) => self.define_class(definition)?,
            Stmt::Return(_) if self.frame.is_none() => {
                return Err(Fault::new(range, "`return` stands outside of a function").fatal());
            }
            Stmt::Break(_) | Stmt::Continue(_) if self.loops == 0 => {
                return Err(Fault::new(range, "this stands outside of a loop").fatal());
            }
            Stmt::Return(statement) => {
                return Ok(Flow::Return(match statement.value.as_deref() {
                    Some(Expr::Tuple(tuple)) if !tuple.elts.iter().any(Expr::is_starred_expr) => {
                        let items =
                            tuple.elts.iter().map(|item| self.result(item)).collect::<Outcome<_>>()?;
                        Item::Tuple(Sequence::new(items, range)?)
                    }
                    Some(value) => self.result(value)?,
                    None => Item::None,
                }));
            }
            Stmt::Pass(_) => {}
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::While(statement) => return self.while_loop(statement),
            Stmt::Try(statement) => return self.attempt(statement),
            Stmt::Match(statement) => return self.match_cases(statement),
            Stmt::Delete(statement) => {
                for target in &statement.targets {
                    self.delete(target)?;
                }
            }
            Stmt::Raise(statement) => {
                let said = self.said(statement.exc.as_deref());
                let raised =
                    statement.exc.as_deref().map_or("an error", |raised| self.text_at(raised.range()));
                return fault(range, said.unwrap_or_else(|| format!("the file raises {raised} here")));
            }
            Stmt::Global(statement) => {
                statement.names.iter().try_for_each(|name| self.place_elsewhere(name, true))?;
            }
            Stmt::Nonlocal(statement) => {
                statement.names.iter().try_for_each(|name| self.place_elsewhere(name, false))?;
            }
            other => {
                return fault(range, format!("{} is not supported in model files", statement_name(other)));
            }
        }
        Ok(Flow::Next)
    }

    /// The text of an error of the file: of `raise ValueError("...")` or of `assert ..., "..."`.
    fn said(&mut self, error: Option<&'a Expr>) -> Option<String> {
        let text = match error {
            Some(Expr::Call(call)) => call.arguments.args.first(),
            other => other,
        };
        let text = text?;
        let item = self.expression(text).ok()?;
        self.display(&item, text.range()).ok()
    }

    fn with(&mut self, with: &'a StmtWith) -> Outcome<Flow> {
        let (mut is_model, mut opened) = (true, Vec::new());
        let mut which = self.present_model();
        for item in &with.items {
            let range = item.context_expr.range();
            match self.context(&item.context_expr)? {
                Item::Model(opened) => which = opened,
                object if let Some(opened) = self.model_behind(&object) => {
                    which = opened;
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, object)?;
                    }
                    continue;
                }
                // An open file, or what `np.load` made of one.
                file @ (Item::Table(_) | Item::Text(_) | Item::Foreign(_)) => {
                    is_model = false;
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, file)?;
                    }
                    continue;
                }
                object @ Item::Object(_) => {
                    let Some(entered) = self.special(&object, "__enter__", Vec::new(), range)? else {
                        return fault(range, "`with` needs a model, or an object that has `__enter__`");
                    };
                    is_model = false;
                    opened.push((object, range));
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, entered)?;
                    }
                    continue;
                }
                other => {
                    let seen = other.describe();
                    return fault(range, format!("`with` needs a model, `pm.Model(...)`; this is {seen}"));
                }
            }
            if let Some(target) = &item.optional_vars {
                self.assign(target, Item::Model(which))?;
            }
        }
        if !is_model {
            let flow = self.nested(with.range, |e| e.block(&with.body));
            for (object, range) in opened.into_iter().rev() {
                self.special(&object, "__exit__", vec![Item::None; 3], range)?;
            }
            return flow;
        }
        self.budget.lift();
        let present = self.model;
        self.enter(which.number);
        let before = std::mem::replace(&mut self.stage, Stage::Open);
        let inner = self.nested_prefix.take().unwrap_or_else(|| self.made.prefix.clone());
        let outer = std::mem::replace(&mut self.made.prefix, inner);
        let flow = self.nested(with.range, |e| e.block(&with.body)).map_err(Fault::fatal);
        self.made.prefix = outer;
        if before == Stage::Open {
            self.enter(present);
        } else {
            self.stage = Stage::Made;
        }
        flow
    }

    /// What a `with` opens; of a file its name, which `json.load(file)` and the like know what to do with.
    fn context(&mut self, expression: &'a Expr) -> Outcome<Item> {
        match expression {
            Expr::Call(call) if matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "open") => {
                let name = call.arguments.args.first().and_then(|path| self.expression(path).ok());
                Ok(name.filter(|name| matches!(name, Item::Text(_))).unwrap_or(Item::Foreign("file".into())))
            }
            // What sets options of pictures, warnings and prints has no part in a model; what stands below it may have.
            Expr::Call(call) if matches!(&*call.func, Expr::Attribute(name) if FOR_SHOW.contains(&name.attr.as_str())) => {
                Ok(Item::Foreign("context".into()))
            }
            Expr::Call(_) => match self.expression(expression) {
                Err(fault) if fault.weight == Weight::AfterTheModel && !fault.is_told => {
                    Ok(Item::Foreign("context".into()))
                }
                other => other,
            },
            _ => self.expression(expression),
        }
    }

    fn for_loop(&mut self, statement: &'a StmtFor) -> Outcome<Flow> {
        let over = self.expression(&statement.iter)?;
        let mut items = self.iterate(&over, statement.iter.range())?;
        items.reverse();
        let list = self.list_of_loop(&statement.iter, &over);
        // A list that has a name is seen as it is at each turn; another list, and an array, may not change.
        let is_kept = match &over {
            Item::List(own) => list.is_none() && Rc::strong_count(own) > 1,
            Item::Dict(_) | Item::Table(_) => false,
            _ => true,
        };
        let kept = is_kept.then_some(over);
        self.looping.push(items);
        self.looped.push(list);
        let flow = self.turns(statement);
        self.looping.pop();
        self.looped.pop();
        drop(kept);
        match flow? {
            Some(end) => Ok(end),
            None => self.block(&statement.orelse),
        }
    }

    /// The turns of the innermost loop; how it ends before the last.
    fn turns(&mut self, statement: &'a StmtFor) -> Outcome<Option<Flow>> {
        for row in 0.. {
            let left = self.looping.last_mut().and_then(Vec::pop);
            let now = self.item_of_loop(row, statement.iter.range());
            let Some(item) = now.unwrap_or(Ok(left))? else { break };
            self.budget.steps(1, statement.target.range())?;
            self.assign(&statement.target, item)?;
            self.note_row(statement, row);
            if let Some(end) = self.turn(&statement.body, statement.range)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    fn while_loop(&mut self, statement: &'a StmtWhile) -> Outcome<Flow> {
        while self.condition(&statement.test)? {
            self.budget.steps(1, statement.test.range())?;
            if let Some(end) = self.turn(&statement.body, statement.range)? {
                return Ok(end);
            }
        }
        self.block(&statement.orelse)
    }

    /// One turn of a loop; how the loop ends where this is its last one.
    fn turn(&mut self, body: &'a [Stmt], range: TextRange) -> Outcome<Option<Flow>> {
        self.loops += 1;
        let flow = self.nested(range, |e| e.block(body));
        self.loops -= 1;
        Ok(match flow? {
            Flow::Next | Flow::Continue => None,
            Flow::Break => Some(Flow::Next),
            Flow::Return(item) => Some(Flow::Return(item)),
        })
    }

    /// `try`: what cannot be evaluated counts as raised, whatever the handlers wait for, so the first one is run.
    fn attempt(&mut self, statement: &'a StmtTry) -> Outcome<Flow> {
        self.attempts += 1;
        let outcome = self.nested(statement.range, |e| e.block(&statement.body));
        self.attempts -= 1;
        let flow = match outcome {
            Ok(Flow::Next) => self.block(&statement.orelse)?,
            Ok(flow) => flow,
            Err(fault) if fault.weight == Weight::Fatal || fault.is_final => return Err(fault),
            Err(fault) => {
                statement.body.iter().for_each(|inner| self.forget(inner, &fault));
                match statement.handlers.first().and_then(|handler| handler.as_except_handler()) {
                    Some(handler) => self.nested(handler.range, |e| e.block(&handler.body))?,
                    None => Flow::Next,
                }
            }
        };
        match self.block(&statement.finalbody)? {
            Flow::Next => Ok(flow),
            other => Ok(other),
        }
    }

    fn match_cases(&mut self, statement: &'a StmtMatch) -> Outcome<Flow> {
        let subject = self.expression(&statement.subject)?;
        for case in &statement.cases {
            let is_met = self.is_met(&case.pattern, &subject)?;
            if is_met && case.guard.as_ref().map_or(Ok(true), |guard| self.condition(guard))? {
                return self.nested(case.range, |e| e.block(&case.body));
            }
        }
        Ok(Flow::Next)
    }

    /// Gives the names of a target their meaning.
    pub(super) fn assign(&mut self, target: &'a Expr, item: Item) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                self.bind(name.id.as_str(), item);
                Ok(())
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, &item, tuple.range),
            Expr::List(list) => self.unpack(&list.elts, &item, list.range),
            Expr::Subscript(subscript) => self.assign_subscript(subscript, item),
            Expr::Attribute(attribute) => self.assign_attribute(attribute, item),
            other => fault(
                other.range(),
                "only names, and entries of dictionaries, tables and lists, can be assigned to",
            ),
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], item: &Item, range: TextRange) -> Outcome<()> {
        let mut items = self.iterate(item, range)?;
        if let Some(k) = targets.iter().position(Expr::is_starred_expr)
            && let Expr::Starred(starred) = &targets[k]
            && items.len() + 1 >= targets.len()
        {
            let rest = items.len() + 1 - targets.len();
            let middle: Vec<Item> = items.splice(k..k + rest, [Item::None]).collect();
            items[k] = Item::List(Sequence::new(middle, range)?);
            let plain = targets.iter().enumerate().map(|(i, t)| if i == k { &*starred.value } else { t });
            return plain.zip(items).try_for_each(|(target, item)| self.assign(target, item));
        }
        if items.len() != targets.len() {
            return fault(
                range,
                format!("{} names for {} values ({})", targets.len(), items.len(), item.describe()),
            );
        }
        targets.iter().zip(items).try_for_each(|(target, item)| self.assign(target, item))
    }

    fn define(&mut self, definition: &'a StmtFunctionDef) -> Outcome<()> {
        if definition.is_async {
            return fault(definition.name.range, "functions are plain here, without `async`");
        }
        let decorators =
            definition.decorator_list.iter().filter(|decorator| !is_shortcut(&decorator.expression));
        let mut found = Vec::new();
        for decorator in decorators {
            found.push((self.decorator(definition, &decorator.expression)?, decorator.range));
        }
        let mut function = self.defined(definition)?;
        while let Some((decorator, range)) = found.pop() {
            function = self.called(&decorator, function, range)?;
        }
        self.bind(definition.name.as_str(), function);
        Ok(())
    }

    /// What is called with a function that it stands above.
    fn decorator(&mut self, definition: &'a StmtFunctionDef, decorator: &'a Expr) -> Outcome<Item> {
        if let Ok(item) = self.expression(decorator)
            && (item.is_callable() || matches!(item, Item::Object(_)))
        {
            return Ok(item);
        }
        fault(
            definition.name.range,
            "the function has a decorator that is not known here: leave it out, or define it in this file",
        )
    }

    /// A definition, whatever its decorators.
    pub(super) fn define_plain(&mut self, definition: &'a StmtFunctionDef) -> Outcome<()> {
        let function = self.defined(definition)?;
        self.bind(definition.name.as_str(), function);
        Ok(())
    }

    fn defined(&mut self, definition: &'a StmtFunctionDef) -> Outcome<Item> {
        let function = self.function(Some(&definition.parameters), Body::Statements(&definition.body))?;
        if let Some(known) = self.functions.last_mut() {
            known.name = definition.name.as_str();
        }
        Ok(function)
    }

    /// What a function returns. What it has done with the model, such as draws, is unusable, and not wrong.
    fn result(&mut self, value: &'a Expr) -> Outcome<Item> {
        self.expression(value).or_else(|fault| match fault.weight {
            Weight::AfterTheModel => Ok(Item::Unusable(Rc::new(*fault))),
            _ => Err(fault),
        })
    }

    /// A function as a value; it sees the names around it as they are when it is called.
    pub(super) fn function(&mut self, parameters: Option<&'a Parameters>, body: Body<'a>) -> Outcome<Item> {
        let mut defaults = Vec::new();
        for parameter in parameters.into_iter().flat_map(|p| p.iter_non_variadic_params()) {
            defaults.push(match &parameter.default {
                // One that is unknown matters where the function uses it.
                Some(default) => Some(self.expression(default).or_else(|fault| match fault.weight {
                    Weight::AfterTheModel | Weight::OutsideTheModel if !fault.is_final && !fault.is_told => {
                        Ok(Item::Unusable(Rc::new(*fault)))
                    }
                    _ => Err(fault),
                })?),
                None => None,
            });
        }
        let defaults = defaults.into();
        let yields = iterators::yields(body);
        let name = "<lambda>";
        self.functions.push(Defined {
            name,
            parameters,
            defaults,
            body,
            outer: self.frame,
            class: None,
            yields,
        });
        Ok(Item::Defined(self.functions.len() - 1))
    }

    /// Whether a condition holds; it must be known from the data.
    pub(super) fn condition(&mut self, test: &'a Expr) -> Outcome<bool> {
        let item = self.expression(test)?;
        self.truth(&item, test.range())
    }
}

/// Whether a decorator makes a function quicker, and does not change what it gives.
fn is_shortcut(decorator: &Expr) -> bool {
    match decorator {
        Expr::Call(call) if last_name(&call.func) == Some("partial") => {
            call.arguments.args.first().is_some_and(is_shortcut)
        }
        Expr::Call(call) => is_shortcut(&call.func),
        name => matches!(last_name(name), Some("lru_cache" | "cache" | "njit" | "jit" | "wraps")),
    }
}

/// `name` of `module.name`.
fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

fn statement_name(statement: &Stmt) -> &'static str {
    match statement {
        Stmt::TypeAlias(_) => "a type alias",
        _ => "this statement",
    }
}
