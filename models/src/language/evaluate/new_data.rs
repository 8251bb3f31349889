//! New values of data containers: `pm.set_data` is passed over, but what it would put in must fit.

use ruff_python_ast::{Arguments, Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::Evaluator;

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

impl<'a> Evaluator<'a> {
    /// Notes the shapes of new values, as far as they are known.
    pub(super) fn note_new_data(&mut self, statement: &'a Stmt) {
        let Stmt::Expr(expression) = statement else { return };
        let Expr::Call(call) = &*expression.value else { return };
        for (_, value) in new_values(call, |value| value) {
            let range = value.range();
            if let Ok(shape) =
                self.expression(value).and_then(|item| Ok(self.item_value(&item, range)?.shape().to_vec()))
            {
                self.made.new_data.insert(range, shape);
            }
        }
    }
}
