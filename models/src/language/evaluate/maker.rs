//! Files that make their model in a function which nothing calls, as a library of models does.
//!
//! ```python
//! def build_model():
//!     with pm.Model() as model:
//!         ...
//!     return model
//! ```
//!
//! The file is read as if it ended in `build_model()`.
//!
//! A file of NumPyro whose function `model` no sampler runs is read as if it ended in `MCMC(NUTS(model)).run(key, ...)`, with
//! what the file or its data call as the parameters are called.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Parameters, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::{Argument, Call, Evaluator, Library};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome};
use crate::language::functions::Module;
use crate::language::item::{Dict, Item, Key, Sequence};

/// Functions that are named, and whether `pm.Model` is called.
#[derive(Default)]
struct Mentions<'a> {
    names: HashSet<&'a str>,
    calls: Vec<&'a ExprCall>,
    makes_model: bool,
    /// The modules whose `sample` is called.
    samplers: HashSet<&'a str>,
}

impl<'a> Visitor<'a> for Mentions<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => drop(self.names.insert(name.id.as_str())),
            Expr::Call(call) => {
                self.calls.push(call);
                self.makes_model |= match &*call.func {
                    Expr::Name(name) => name.id.as_str() == "Model",
                    Expr::Attribute(attribute) => {
                        if let (Expr::Name(module), "sample") = (&*attribute.value, attribute.attr.as_str()) {
                            self.samplers.insert(module.id.as_str());
                        }
                        attribute.attr.as_str() == "Model"
                    }
                    _ => false,
                }
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

fn mentions<'a>(statement: &'a Stmt) -> Mentions<'a> {
    let mut mentions = Mentions::default();
    mentions.visit_stmt(statement);
    mentions
}

impl<'a> Evaluator<'a> {
    /// Calls the function that makes the file's model, where the file only defines it.
    pub(super) fn make(&mut self) -> Outcome<()> {
        let (mut functions, mut named, mut calls) = (Vec::new(), HashSet::new(), Vec::new());
        for statement in &self.syntax.body {
            match statement {
                Stmt::FunctionDef(definition) => functions.push((definition, mentions(statement))),
                other => {
                    let inside = mentions(other);
                    named.extend(inside.names);
                    calls.extend(inside.calls);
                }
            }
        }
        // A function that calls one that makes a model makes one too.
        let mut makers: HashSet<&str> = HashSet::new();
        loop {
            let more: Vec<&str> = functions
                .iter()
                .filter(|(_, inside)| inside.makes_model || !inside.names.is_disjoint(&makers))
                .map(|(definition, _)| definition.name.as_str())
                .filter(|name| !makers.contains(name))
                .collect();
            if more.is_empty() {
                break;
            }
            makers.extend(more);
        }
        // A call that was passed over says why the model is not made.
        let is_maker =
            |call: &&&ExprCall| matches!(&*call.func, Expr::Name(name) if makers.contains(name.id.as_str()));
        if let Some(call) = calls.iter().find(is_maker) {
            return self.call(call).map(drop);
        }
        if makers.is_empty() {
            return self.sampled(&functions);
        }
        functions.retain(|(definition, _)| makers.contains(definition.name.as_str()));
        let is_called = |name: &str| {
            functions.iter().any(|(other, inside)| other.name.as_str() != name && inside.names.contains(name))
        };
        let mut outer: Vec<&StmtFunctionDef> = functions
            .iter()
            .map(|(definition, _)| *definition)
            .filter(|definition| !is_called(definition.name.as_str()))
            .collect();
        if outer.len() > 1 && outer.iter().any(|definition| named.contains(definition.name.as_str())) {
            outer.retain(|definition| named.contains(definition.name.as_str()));
        }
        let fault = match outer.as_slice() {
            [] => return Ok(()),
            [definition] => match needed(definition) {
                None => return self.call_maker(definition),
                Some(parameter) => {
                    let name = definition.name.as_str();
                    let message = format!(
                        "the model is made in `{name}`, which the file never calls: call it below, with its argument \
                         `{parameter}`, as in `model = {name}(df)`"
                    );
                    Fault::new(definition.name.range(), message)
                }
            },
            [first, ..] => {
                let names: Vec<String> =
                    outer.iter().map(|definition| format!("`{}`", definition.name.as_str())).collect();
                let message = format!(
                    "several functions make a model, and the file calls none of them ({}): call one below, as in \
                     `model = {}()`",
                    names.join(", "),
                    first.name.as_str()
                );
                Fault::new(first.name.range(), message)
            }
        };
        Err(fault.rule(Rule::NoModel))
    }

    /// Declares the model of the one function that holds variables of NumPyro and is not a part of another one.
    fn sampled(&mut self, functions: &[(&'a StmtFunctionDef, Mentions<'a>)]) -> Outcome<()> {
        let is_module = |name: &&str| matches!(self.visible(name), Some(Item::Module(Module::NumPyro)));
        let is_sampling = |inside: &Mentions<'_>| inside.samplers.iter().any(is_module);
        let sampling: Vec<_> = functions.iter().filter(|(_, inside)| is_sampling(inside)).collect();
        // A run of a sampler that was passed over says why there is no model.
        if !sampling.is_empty()
            && let Some(fault) = self.not_run.take()
        {
            return Err(fault);
        }
        let sampling = sampling.into_iter();
        let is_part = |name: &str| {
            functions.iter().any(|(other, inside)| other.name.as_str() != name && inside.names.contains(name))
        };
        let outer: Vec<&'a StmtFunctionDef> = sampling
            .map(|(definition, _)| *definition)
            .filter(|definition| !is_part(definition.name.as_str()))
            .collect();
        let [definition] = *outer else {
            let Some(first) = outer.first() else { return Ok(()) };
            let names: Vec<String> = outer.iter().map(|d| format!("`{}`", d.name.as_str())).collect();
            let message = format!(
                "several functions hold variables of NumPyro, and no sampler runs one of them ({}): run one below, as in \
                 `MCMC(NUTS({}), num_warmup=1000, num_samples=1000).run(random.PRNGKey(0), ...)`",
                names.join(", "),
                first.name.as_str()
            );
            return Err(Fault::new(first.name.range(), message).rule(Rule::NoModel));
        };
        let (name, range) = (definition.name.as_str(), definition.name.range());
        let Some(model) = self.visible(name).cloned() else { return Ok(()) };
        let nothing = Item::Tuple(Sequence::new(Vec::new(), range)?);
        let mut arguments = self.data_for(name, &definition.parameters, range)?;
        let mut model = model;
        // A function that only defines one makes a model of its settings, as those of hibayes do.
        let inner: Vec<&StmtFunctionDef> =
            definition.body.iter().filter_map(Stmt::as_function_def_stmt).collect();
        let own = definition.body.iter().filter(|statement| !statement.is_function_def_stmt());
        if !inner.is_empty() && own.map(mentions).all(|inside| inside.samplers.is_empty()) {
            let given = |wanted: &str| {
                let item = arguments.get_text(wanted)?.clone();
                Some((wanted.to_owned(), Argument { item, range }))
            };
            let parameters = definition.parameters.iter_non_variadic_params();
            let keywords = parameters.filter_map(|parameter| given(parameter.name().as_str())).collect();
            let call = Call { name: name.to_owned(), range, positional: Vec::new(), keywords };
            model = self.apply(&model, call)?;
            let Item::Defined(made) = model else { return Ok(()) };
            let Some(parameters) = self.functions[made].parameters else { return Ok(()) };
            arguments = self.data_for(name, parameters, range)?;
        }
        let declare = self.written(Library::NumPyro, "declare", range)?;
        self.called_with(&declare, vec![model, nothing, Item::Dict(arguments.into())], range).map(drop)
    }

    /// What the file and its data have under the names of a model's parameters.
    fn data_for(&mut self, model: &str, parameters: &'a Parameters, range: TextRange) -> Outcome<Dict> {
        let mut arguments = Dict::default();
        for parameter in parameters.iter_non_variadic_params() {
            let wanted = parameter.name().as_str();
            match self.named(wanted, parameter.name().range())? {
                Some(item) => arguments.insert(Key::Text(wanted.into()), item, range)?,
                None if parameter.default.is_some() => {}
                None if wanted == "features" => {
                    let data = self.data;
                    let mut features = Dict::default();
                    for (name, entry) in data.entries() {
                        let item = self.entry(entry, false, range)?;
                        features.insert(Key::Text(name.as_str().into()), item, range)?;
                    }
                    arguments.insert(Key::Text(wanted.into()), Item::Dict(features.into()), range)?;
                }
                None => {
                    let message = format!(
                        "no sampler runs the model `{model}`, and neither the file nor its data have its argument \
                         `{wanted}`: give the data that name, or run the sampler below, as in \
                         `MCMC(NUTS({model})).run(random.PRNGKey(0), ...)`"
                    );
                    return Err(Fault::new(parameter.name().range(), message).rule(Rule::NoModel));
                }
            }
        }
        Ok(arguments)
    }

    fn call_maker(&mut self, definition: &'a StmtFunctionDef) -> Outcome<()> {
        let name = definition.name.as_str();
        let (positional, keywords) = (Vec::new(), Vec::new());
        match self.visible(name).cloned() {
            Some(function @ Item::Defined(_)) => {
                let call =
                    Call { name: name.to_owned(), range: definition.name.range(), positional, keywords };
                self.apply(&function, call).map(drop)
            }
            Some(Item::Unusable(why)) => Err(Box::new((*why).clone())),
            _ => Ok(()),
        }
    }
}

/// A parameter that a call has to give.
fn needed(definition: &StmtFunctionDef) -> Option<&str> {
    let mut parameters = definition.parameters.iter_non_variadic_params();
    parameters.find(|parameter| parameter.default.is_none()).map(|parameter| parameter.name().as_str())
}
