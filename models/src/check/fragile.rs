//! Forms that are right on paper and lose digits or overflow in numbers.
//!
//! A name stands for the expression that it gets, where it gets one only and all its uses are such forms or stores of its
//! value: what is needed otherwise is computed in any case.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprBinOp, ExprCall, Number, Operator, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use super::Notes;
use super::script::{Constants, last_name, name_in_pymc};
use crate::finding::Rule;
use crate::language::Fault;

/// Names of the logistic function.
const LOGISTIC: &[&str] = &["sigmoid", "invlogit", "expit"];
/// Distributions of one probability, and its place among the arguments.
const OF_LOGISTIC: &[(&str, usize)] = &[("Bernoulli", 1), ("Binomial", 2)];
/// Distributions of several probabilities.
const OF_SOFTMAX: &[(&str, usize)] = &[("Categorical", 1), ("Multinomial", 2)];

const DIGITS: &str = "this logarithm loses digits where its argument is near 0 or 1, or overflows";
const OVERFLOW: &str = "this overflows for large arguments, though its value does not";
const UNDERFLOW: &str = "the probabilities round to 0 far out, where their logarithms do not";

/// What stands where a form is fragile.
struct Found {
    range: TextRange,
    what: &'static str,
    fix: String,
    /// The name whose value makes it fragile, and the place of that value.
    name: Option<(String, TextRange)>,
}

/// The fragile forms of a file, as far as they are found.
struct Fragile<'a> {
    source: &'a str,
    of_parameters: &'a HashSet<TextRange>,
    constants: Constants<'a>,
    found: Vec<Found>,
    /// How often names are read.
    reads: HashMap<&'a str, usize>,
    /// How often only to be stored, or in a fragile form.
    spared: HashMap<&'a str, usize>,
}

/// Looks for fragile forms as they are written; `of_parameters` are the calls whose argument depends on parameters.
pub(super) fn check(notes: &mut Notes<'_>, of_parameters: &HashSet<TextRange>) {
    let file = notes.file;
    let mut fragile = Fragile {
        source: file.source(),
        constants: Constants::of_file(file),
        of_parameters,
        found: Vec::new(),
        reads: HashMap::new(),
        spared: HashMap::new(),
    };
    fragile.visit_body(file.body());
    let Fragile { mut found, reads, spared, .. } = fragile;
    let is_spared = |name: &str| reads.get(name) == spared.get(name);
    found.retain(|found| found.name.as_ref().is_none_or(|(name, _)| is_spared(name)));
    // The link is told once, where what it gives is used.
    let links: HashSet<TextRange> =
        found.iter().filter_map(|found| found.name.as_ref().map(|(_, place)| *place)).collect();
    for Found { range, what, fix, name } in found.into_iter().filter(|found| !links.contains(&found.range)) {
        let fault = Fault::new(range, what).rule(Rule::FragileForm).fix(fix);
        notes.at(match name {
            Some((name, _)) => fault.about(name),
            None => fault,
        });
    }
}

impl<'a> Visitor<'a> for Fragile<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_load() => {
                *self.reads.entry(name.id.as_str()).or_default() += 1;
            }
            Expr::Call(call) => {
                if name_in_pymc(&call.func) == Some("Deterministic") {
                    call.arguments.args.iter().skip(1).for_each(|value| self.spare(value));
                }
                self.link(call);
                self.logarithm(call);
            }
            Expr::BinOp(quotient)
                if self.is_of_parameters(&quotient.right) && logistic_quotient(quotient).is_some() =>
            {
                self.found.push(Found {
                    range: quotient.range(),
                    what: "this quotient overflows for large arguments, though its value does not",
                    fix: "pm.math.invlogit(x)".into(),
                    name: None,
                });
            }
            Expr::BinOp(quotient) if self.softmax_quotient(quotient).is_some() => {
                let fix = "pm.math.softmax(x), which takes axis= as well".into();
                self.found.push(Found { range: quotient.range(), what: OVERFLOW, fix, name: None });
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

impl<'a> Fragile<'a> {
    /// Whether a sum has an exponential of parameters: data are computed once, and looked at where they are used.
    fn is_of_parameters(&self, sum: &Expr) -> bool {
        match sum {
            Expr::BinOp(sum) => {
                [&sum.left, &sum.right].iter().any(|term| self.of_parameters.contains(&term.range()))
            }
            _ => false,
        }
    }

    /// A name is read without need for its value.
    fn spare(&mut self, value: &'a Expr) {
        if let Expr::Name(name) = value {
            *self.spared.entry(name.id.as_str()).or_default() += 1;
        }
    }

    /// What a name stands for, without the call that stores it.
    fn meant(&self, value: &'a Expr) -> &'a Expr {
        match self.constants.of(value) {
            Expr::Call(call) if name_in_pymc(&call.func) == Some("Deterministic") => {
                call.arguments.args.get(1).unwrap_or(value)
            }
            other => other,
        }
    }

    fn add(&mut self, range: TextRange, what: &'static str, fix: String, value: &'a Expr) {
        self.spare(value);
        let name = value.as_name_expr().map(|name| (name.id.to_string(), self.meant(value).range()));
        self.found.push(Found { range, what, fix, name });
    }

    /// `pm.Bernoulli("y", p=pm.math.invlogit(eta))`
    fn link(&mut self, call: &'a ExprCall) {
        let Some(distribution) = name_in_pymc(&call.func) else { return };
        let place =
            |list: &[(&str, usize)]| list.iter().find(|(name, _)| *name == distribution).map(|(_, at)| *at);
        let (logistic, softmax) = (place(OF_LOGISTIC), place(OF_SOFTMAX));
        let Some(place) = logistic.or(softmax) else { return };
        let keyword = call.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|name| name == "p"));
        let (range, value) = match (keyword, call.arguments.args.get(place)) {
            (Some(keyword), _) => (keyword.range, &keyword.value),
            (None, Some(value)) => (value.range(), value),
            (None, None) => return,
        };
        let meant = self.meant(value);
        if logistic.is_some()
            && let Some(x) = logistic_argument(meant)
        {
            const ROUNDS: &str =
                "the probability is computed only to have its logarithm taken, and rounds to 0 or 1 far out";
            // Written in its place as a quotient, it is told as that.
            if value.is_bin_op_expr() {
                return;
            }
            let fix = format!("logit_p={} without the link", self.written(x));
            self.add(range, ROUNDS, fix, value);
        } else if softmax.is_some()
            && let Some(x) = self.softmax_argument(meant)
        {
            let x = self.written(x);
            let fix = match distribution {
                "Categorical" => format!("logit_p={x} without the softmax"),
                _ => format!("pm.Potential with (counts * pm.math.log_softmax({x}, axis=-1)).sum()"),
            };
            self.add(range, UNDERFLOW, fix, value);
        }
    }

    /// `log(sigmoid(x))`, `log(softmax(x))`, `log(1 - p)`, `log(1 + exp(x))`, `log(sum(exp(x)))`, `log(exp(x) + exp(y))`
    fn logarithm(&mut self, call: &'a ExprCall) {
        let [inner] = &*call.arguments.args else { return };
        if last_name(&call.func) != "log" || !self.of_parameters.contains(&call.range()) {
            return;
        }
        let range = call.range();
        let is_exp = |expression: &Expr| argument(expression, &["exp"]).is_some();
        let meant = self.meant(inner);
        if let Some(x) = logistic_argument(meant) {
            let fix = format!("-pm.math.log1pexp(-{})", self.factor(x));
            return self.add(range, DIGITS, fix, inner);
        }
        if let Some(x) = self.softmax_argument(meant) {
            let fix = format!("pm.math.log_softmax({})", self.written(x));
            return self.add(range, UNDERFLOW, fix, inner);
        }
        let (what, fix) = match inner {
            _ if argument(inner, &["sum"]).is_some_and(is_exp) => {
                (OVERFLOW, "pm.math.logsumexp(x)".to_owned())
            }
            Expr::BinOp(sum) if is_one(&sum.left) => match sum.op {
                Operator::Sub => {
                    if let Some(x) = logistic_argument(self.meant(&sum.right)) {
                        let fix = format!("-pm.math.log1pexp({})", self.written(x));
                        return self.add(range, DIGITS, fix, &sum.right);
                    }
                    (DIGITS, format!("pt.log1p(-{})", self.factor(&sum.right)))
                }
                Operator::Add if is_exp(&sum.right) => (DIGITS, "pm.math.log1pexp(x)".into()),
                _ => return,
            },
            Expr::BinOp(sum) if sum.op == Operator::Add && is_exp(&sum.left) && is_exp(&sum.right) => {
                (OVERFLOW, "pm.math.logaddexp(x, y)".into())
            }
            _ => return,
        };
        self.found.push(Found { range, what, fix, name: None });
    }

    /// What the softmax is taken of.
    fn softmax_argument(&self, expression: &'a Expr) -> Option<&'a Expr> {
        match expression {
            Expr::BinOp(quotient) => self.softmax_quotient(quotient),
            _ => argument(expression, &["softmax"]),
        }
    }

    /// `x` of `exp(x) / exp(x).sum()` and `exp(x) / sum(exp(x))`
    fn softmax_quotient(&self, quotient: &'a ExprBinOp) -> Option<&'a Expr> {
        let (Expr::Call(sum), Operator::Div) = (&*quotient.right, quotient.op) else { return None };
        let Expr::Attribute(function) = &*sum.func else { return None };
        if function.attr.as_str() != "sum" {
            return None;
        }
        let exponential = |value: &'a Expr| {
            let call = self.meant(value);
            argument(call, &["exp"]).filter(|_| self.of_parameters.contains(&call.range()))
        };
        let above = exponential(&quotient.left)?;
        let below = exponential(&function.value).or_else(|| exponential(sum.arguments.args.first()?))?;
        (self.source[above.range()] == self.source[below.range()]).then_some(above)
    }

    /// An expression as it stands in the file, where that is short.
    fn written(&self, expression: &Expr) -> &'a str {
        let text = &self.source[expression.range()];
        if text.len() <= 60 && !text.contains('\n') { text } else { "..." }
    }

    /// The same, in brackets where it is no single name, number or call.
    fn factor(&self, expression: &Expr) -> String {
        let text = self.written(expression);
        match expression {
            Expr::BinOp(_) | Expr::UnaryOp(_) | Expr::Compare(_) | Expr::If(_) if text != "..." => {
                format!("({text})")
            }
            _ => text.to_owned(),
        }
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

/// The first argument of a call of a function of some name.
fn argument<'a>(expression: &'a Expr, names: &[&str]) -> Option<&'a Expr> {
    match expression {
        Expr::Call(call) if names.contains(&last_name(&call.func)) => call.arguments.args.first(),
        _ => None,
    }
}

/// What the logistic function is taken of.
fn logistic_argument(expression: &Expr) -> Option<&Expr> {
    match expression {
        Expr::BinOp(quotient) => logistic_quotient(quotient),
        _ => argument(expression, LOGISTIC),
    }
}

/// `x` of `exp(x) / (1 + exp(x))` and `1 / (1 + exp(-x))`
fn logistic_quotient(quotient: &ExprBinOp) -> Option<&Expr> {
    let Expr::BinOp(sum) = &*quotient.right else { return None };
    if quotient.op != Operator::Div || sum.op != Operator::Add {
        return None;
    }
    let exponent = match (is_one(&sum.left), is_one(&sum.right)) {
        (true, _) => argument(&sum.right, &["exp"])?,
        (_, true) => argument(&sum.left, &["exp"])?,
        _ => return None,
    };
    if argument(&quotient.left, &["exp"]).is_some() {
        return Some(exponent);
    }
    match exponent {
        Expr::UnaryOp(unary) if is_one(&quotient.left) && unary.op == UnaryOp::USub => Some(&unary.operand),
        _ => None,
    }
}
