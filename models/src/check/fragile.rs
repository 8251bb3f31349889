//! Forms that are right on paper and lose digits or overflow in numbers.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprBinOp, ExprCall, Number, Operator, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use super::Notes;
use super::script::{last_name, name_in_pymc};
use crate::finding::Rule;
use crate::language::Fault;

/// Names of the logistic function.
const LOGISTIC: &[&str] = &["sigmoid", "invlogit", "expit"];

/// The fragile forms of a file: place, what happens, what to write.
struct Fragile {
    found: Vec<(TextRange, &'static str, &'static str)>,
}

impl<'a> Visitor<'a> for Fragile {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Call(call) => self.found.extend(fragile_log(call).or_else(|| inverse_link(call))),
            Expr::BinOp(quotient) => self.found.extend(logistic(quotient)),
            _ => {}
        }
        walk_expr(self, expression);
    }
}

/// Looks for fragile forms as they are written.
pub(super) fn check(notes: &mut Notes<'_>) {
    let mut fragile = Fragile { found: Vec::new() };
    fragile.visit_body(notes.file.body());
    for (range, what, fix) in fragile.found {
        notes.at(Fault::new(range, what).rule(Rule::FragileForm).fix(fix));
    }
}

fn is_one(expression: &Expr) -> bool {
    match expression {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Float(x) => *x == 1.0,
            Number::Int(i) => i.as_i64() == Some(1),
            Number::Complex { .. } => false,
        },
        _ => false,
    }
}

/// The only argument of a call of a function of some name.
fn argument<'a>(expression: &'a Expr, names: &[&str]) -> Option<&'a Expr> {
    match expression {
        Expr::Call(call) if names.contains(&last_name(&call.func)) => call.arguments.args.first(),
        _ => None,
    }
}

/// `pm.Bernoulli("y", p=pm.math.invlogit(eta))`
fn inverse_link(call: &ExprCall) -> Option<(TextRange, &'static str, &'static str)> {
    let takes_logit = ["Bernoulli", "Binomial"].contains(&name_in_pymc(&call.func)?);
    let keyword = call.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|name| name == "p"))?;
    (takes_logit && argument(&keyword.value, LOGISTIC).is_some()).then_some((
        keyword.range,
        "the probability is computed only to have its logarithm taken, and rounds to 0 or 1 far out",
        "logit_p= without the link",
    ))
}

/// `log(sigmoid(x))`, `log(1 - p)`, `log(1 + exp(x))`, `log(sum(exp(x)))`, `log(exp(x) + exp(y))`
fn fragile_log(call: &ExprCall) -> Option<(TextRange, &'static str, &'static str)> {
    let [inner] = &*call.arguments.args else { return None };
    if last_name(&call.func) != "log" {
        return None;
    }
    let is_exp = |expression: &Expr| argument(expression, &["exp"]).is_some();
    const DIGITS: &str = "this logarithm loses digits where its argument is near 0 or 1, or overflows";
    const OVERFLOW: &str = "this overflows for large arguments, though its value does not";
    let (what, fix) = match inner {
        _ if argument(inner, LOGISTIC).is_some() => (DIGITS, "-pm.math.log1pexp(-x)"),
        _ if argument(inner, &["sum"]).is_some_and(is_exp) => (OVERFLOW, "pm.math.logsumexp(x)"),
        Expr::BinOp(sum) if is_one(&sum.left) => match sum.op {
            Operator::Sub => (DIGITS, "pt.log1p(-x)"),
            Operator::Add if is_exp(&sum.right) => (DIGITS, "pm.math.log1pexp(x)"),
            _ => return None,
        },
        Expr::BinOp(sum) if sum.op == Operator::Add && is_exp(&sum.left) && is_exp(&sum.right) => {
            (OVERFLOW, "pm.math.logaddexp(x, y)")
        }
        _ => return None,
    };
    Some((call.range(), what, fix))
}

/// `exp(x) / (1 + exp(x))` and `1 / (1 + exp(-x))`
fn logistic(quotient: &ExprBinOp) -> Option<(TextRange, &'static str, &'static str)> {
    let Expr::BinOp(sum) = &*quotient.right else { return None };
    if quotient.op != Operator::Div || sum.op != Operator::Add {
        return None;
    }
    let exponent = match (is_one(&sum.left), is_one(&sum.right)) {
        (true, _) => argument(&sum.right, &["exp"])?,
        (_, true) => argument(&sum.left, &["exp"])?,
        _ => return None,
    };
    let is_negative = matches!(exponent, Expr::UnaryOp(unary) if unary.op == UnaryOp::USub);
    let is_logistic = argument(&quotient.left, &["exp"]).is_some() || (is_one(&quotient.left) && is_negative);
    is_logistic.then_some((
        quotient.range(),
        "this quotient overflows for large arguments, though its value does not",
        "pm.math.invlogit(x)",
    ))
}
