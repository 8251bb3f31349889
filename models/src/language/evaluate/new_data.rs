//! New values of data containers: what `pm.set_data` puts in must fit, and counts if the model is sampled after that.
//!
//! What is put in after the last run is for predictions, and is passed over.

use chainfire_engine::program::Value;
use ruff_python_ast::{Arguments, Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::Evaluator;
use crate::language::item::Item;
use crate::model::Change;

/// An argument by its name or its place.
pub(crate) fn argument<'a>(arguments: &'a Arguments, name: &str, place: usize) -> Option<&'a Expr> {
    let keyword =
        arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|known| known.as_str() == name));
    keyword.map(|keyword| &keyword.value).or_else(|| arguments.args.get(place))
}

/// The names and values of `pm.set_data({name: value})` and `model.set_data(name, value)`; `meaning` says what a name
/// stands for.
pub(crate) fn new_values<'a>(
    call: &'a ExprCall,
    meaning: impl Fn(&'a Expr) -> &'a Expr,
) -> Vec<(&'a Expr, &'a Expr)> {
    let Expr::Attribute(function) = &*call.func else { return Vec::new() };
    if function.attr.as_str() != "set_data" {
        return Vec::new();
    }
    match argument(&call.arguments, "new_data", 0).map(meaning) {
        Some(Expr::Dict(dict)) => {
            dict.items.iter().filter_map(|item| Some((item.key.as_ref()?, &item.value))).collect()
        }
        _ => argument(&call.arguments, "name", 0)
            .zip(argument(&call.arguments, "values", 1))
            .into_iter()
            .collect(),
    }
}

/// Functions and methods that run a model as it is then.
const RUNS: &[&str] = &[
    "sample",
    "sample_smc",
    "sample_numpyro_nuts",
    "sample_blackjax_nuts",
    "find_MAP",
    "fit",
    "fit_laplace",
    "fit_pathfinder",
    "fit_dadvi",
];

impl<'a> Evaluator<'a> {
    /// Notes the new data of a statement that is passed over, as far as they are known, and whether it runs a model.
    pub(super) fn note_new_data(&mut self, statement: &'a Stmt) {
        let call = match statement {
            Stmt::Expr(expression) => &expression.value,
            Stmt::Assign(assign) => &assign.value,
            _ => return,
        };
        let Expr::Call(call) = &**call else { return };
        let model = self.model_of(call);
        for (name, value) in new_values(call, |value| value) {
            let range = value.range();
            let Ok(value) = self.expression(value).and_then(|item| self.item_value(&item, range)) else {
                continue;
            };
            self.made.new_data.insert(range, value.shape().to_vec());
            if let Ok(Item::Text(name)) = self.expression(name) {
                self.note_next_data(model, &name, value);
            }
        }
        let name = match &*call.func {
            Expr::Attribute(function) => function.attr.as_str(),
            Expr::Name(function) => function.id.as_str(),
            _ => return,
        };
        if RUNS.contains(&name) {
            self.of_model(model, |e| {
                for (name, value) in std::mem::take(&mut e.made.next_data) {
                    e.scope.change(&name, Change::Fixed(value));
                }
            });
        }
    }

    /// Notes what a data container of a model holds from the next run on.
    pub(in crate::language) fn note_next_data(&mut self, model: usize, name: &str, value: Value) {
        if value.as_data().is_some() {
            self.of_model(model, |e| e.made.next_data.push((name.to_owned(), value)));
        }
    }

    /// The number of the model that a call is about: `model.set_data(...)`, `pm.sample(model=model)`, or the present one.
    fn model_of(&mut self, call: &'a ExprCall) -> usize {
        let owner = match &*call.func {
            Expr::Attribute(function) if function.value.is_name_expr() => Some(&*function.value),
            _ => None,
        };
        let given = call.arguments.find_keyword("model").map(|keyword| &keyword.value);
        for expression in owner.into_iter().chain(given) {
            let which = self.expression(expression).ok().and_then(|item| self.model_behind(&item));
            if let Some(which) = which {
                return which.number;
            }
        }
        self.present_model().number
    }
}
