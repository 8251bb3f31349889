//! What a script says besides its model, and forms that are valid but lose digits: looked at as they are written.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Number, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::Notes;
use crate::Role;
use crate::finding::{Rule, nearest};
use crate::language::Fault;
use crate::model::Record;

/// Options of `pm.sample`.
const SAMPLE: &[&str] = &[
    "draws",
    "tune",
    "chains",
    "cores",
    "random_seed",
    "progressbar",
    "progressbar_theme",
    "quiet",
    "step",
    "var_names",
    "nuts_sampler",
    "initvals",
    "init",
    "jitter_max_retries",
    "n_init",
    "trace",
    "discard_tuned_samples",
    "compute_convergence_checks",
    "keep_warning_stat",
    "return_inferencedata",
    "idata_kwargs",
    "nuts_sampler_kwargs",
    "callback",
    "mp_ctx",
    "blas_cores",
    "model",
    "compile_kwargs",
    "target_accept",
    "max_treedepth",
    "nuts",
];
/// Values of `init=`.
const INITS: &[&str] = &[
    "auto",
    "adapt_diag",
    "jitter+adapt_diag",
    "jitter+adapt_diag_grad",
    "advi+adapt_diag",
    "advi",
    "advi_map",
    "map",
    "adapt_full",
    "jitter+adapt_full",
];
/// Values of `method=`.
const METHODS: &[&str] = &["advi", "fullrank_advi", "svgd", "asvgd"];

/// The calls and names of a file.
struct Walk<'a> {
    calls: Vec<&'a ExprCall>,
    logs: Vec<(&'a ExprCall, &'a Expr)>,
    read: HashSet<&'a str>,
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Call(call) => {
                self.calls.push(call);
                if let ("log", [argument]) = (last_name(&call.func), &*call.arguments.args) {
                    self.logs.push((call, argument));
                }
            }
            Expr::Name(name) if name.ctx.is_load() => drop(self.read.insert(name.id.as_str())),
            _ => {}
        }
        walk_expr(self, expression);
    }
}

/// Looks at the calls of a file.
pub(super) fn check(notes: &mut Notes<'_>, records: &[Record], is_readable: bool) {
    let file = notes.file;
    let mut walk = Walk { calls: Vec::new(), logs: Vec::new(), read: HashSet::new() };
    walk.visit_body(file.body());
    let containers: Vec<&str> = records
        .iter()
        .filter(|r| matches!(r.variable.role, Role::Data))
        .map(|r| r.variable.name.as_str())
        .collect();
    let has_potential = records.iter().any(|r| matches!(r.variable.role, Role::Potential));
    for call in &walk.calls {
        let Some(name) = name_in_pymc(&call.func) else { continue };
        match name {
            "sample" => {
                options(notes, call);
                choice(notes, call, "init", INITS);
            }
            "fit" => choice(notes, call, "method", METHODS),
            "set_data" if is_readable => set_data(notes, call, &containers),
            "sample_prior_predictive" | "sample_posterior_predictive" if has_potential => {
                let message = "the model has a potential, which predictions do not take into account";
                notes.at(Fault::new(call.range(), message).rule(Rule::PotentialIgnored));
            }
            "Bernoulli" | "Binomial" | "NegativeBinomial" => inverse_link(notes, call),
            _ => {}
        }
    }
    for (call, argument) in &walk.logs {
        fragile_log(notes, call.range(), argument);
    }
    if is_readable {
        unused_containers(notes, &walk.read);
    }
}

fn last_name(function: &Expr) -> &str {
    match function {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(name) => name.id.as_str(),
        _ => "",
    }
}

/// `sample` of `pm.sample`.
fn name_in_pymc(function: &Expr) -> Option<&str> {
    match function {
        Expr::Attribute(attribute) => match &*attribute.value {
            Expr::Name(module) if ["pm", "pymc"].contains(&module.id.as_str()) => {
                Some(attribute.attr.as_str())
            }
            _ => None,
        },
        _ => None,
    }
}

fn options(notes: &mut Notes<'_>, call: &ExprCall) {
    for keyword in &call.arguments.keywords {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else { continue };
        if !SAMPLE.contains(&name) {
            let near = nearest(name, SAMPLE.iter().copied());
            let hint = near.first().map_or(String::new(), |best| format!("; did you mean `{best}`?"));
            let message = format!("`pm.sample` has no option `{name}`{hint}");
            let fix = near.first().map_or("leave it out".into(), |best| format!("write `{best}=`"));
            let mut fault = Fault::new(keyword.range, message).rule(Rule::UnknownOption).about(name).fix(fix);
            fault.details.nearest = near;
            notes.at(fault);
        }
    }
}

fn choice(notes: &mut Notes<'_>, call: &ExprCall, option: &str, known: &[&str]) {
    let keyword =
        call.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|name| name.as_str() == option));
    if let Some(keyword) = keyword
        && let Expr::StringLiteral(text) = &keyword.value
        && !known.contains(&text.value.to_str())
    {
        let value = text.value.to_str();
        let message = format!("`{option}=\"{value}\"` does not exist; there are {}", known.join(", "));
        let mut fault = Fault::new(keyword.range, message).rule(Rule::UnknownMethod).about(value);
        fault.details.nearest = nearest(value, known.iter().copied());
        notes.at(fault.seen(value, known.join(", ")));
    }
}

fn set_data(notes: &mut Notes<'_>, call: &ExprCall, containers: &[&str]) {
    let Some(Expr::Dict(dict)) = call.arguments.args.first() else { return };
    for key in dict.items.iter().filter_map(|item| item.key.as_ref()) {
        if let Expr::StringLiteral(text) = key
            && !containers.contains(&text.value.to_str())
        {
            let name = text.value.to_str();
            let known = if containers.is_empty() { "none".into() } else { containers.join(", ") };
            let message =
                format!("`pm.set_data` names `{name}`, which is no data container; those are: {known}");
            let mut fault = Fault::new(key.range(), message).rule(Rule::UnknownData).about(name);
            fault.details.nearest = nearest(name, containers.iter().copied());
            notes.at(fault.seen(name, known).fix("declare it with `pm.Data`"));
        }
    }
}

/// `pm.Bernoulli("y", p=pm.math.invlogit(eta))`
fn inverse_link(notes: &mut Notes<'_>, call: &ExprCall) {
    let keyword =
        call.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|name| name.as_str() == "p"));
    if let Some(keyword) = keyword
        && let Expr::Call(link) = &keyword.value
        && ["sigmoid", "invlogit", "expit"].contains(&last_name(&link.func))
    {
        let message =
            "the probability is computed only to have its logarithm taken, and rounds to 0 or 1 far out";
        notes.at(Fault::new(keyword.range, message).rule(Rule::FragileForm).fix("logit_p= without the link"));
    }
}

/// `log(sigmoid(x))`, `log(1 - p)`, `log(1 + exp(x))`
fn fragile_log(notes: &mut Notes<'_>, range: TextRange, argument: &Expr) {
    let is_one = |e: &Expr| matches!(e, Expr::NumberLiteral(n) if matches!(n.value, Number::Float(x) if x == 1.0) || matches!(&n.value, Number::Int(i) if i.as_i64() == Some(1)));
    let fix = match argument {
        Expr::Call(inner) if ["sigmoid", "invlogit", "expit"].contains(&last_name(&inner.func)) => {
            "-pm.math.log1pexp(-x)"
        }
        Expr::BinOp(sum) if is_one(&sum.left) => match (sum.op, &*sum.right) {
            (Operator::Sub, _) => "pm.math.log1p(-x)",
            (Operator::Add, Expr::Call(inner)) if last_name(&inner.func) == "exp" => "pm.math.log1pexp(x)",
            _ => return,
        },
        _ => return,
    };
    let message = "this logarithm loses digits where its argument is near 0 or 1, or overflows";
    notes.at(Fault::new(range, message).rule(Rule::FragileForm).fix(fix));
}

/// Data containers that have a name in the file which nothing reads.
fn unused_containers(notes: &mut Notes<'_>, read: &HashSet<&str>) {
    let mut unused = Vec::new();
    let mut blocks: Vec<&[Stmt]> = vec![notes.file.body()];
    while let Some(block) = blocks.pop() {
        for statement in block {
            match statement {
                Stmt::With(with) => blocks.push(&with.body),
                Stmt::FunctionDef(function) => blocks.push(&function.body),
                Stmt::Assign(assign) => {
                    if let ([Expr::Name(name)], Expr::Call(call)) = (&assign.targets[..], &*assign.value)
                        && name_in_pymc(&call.func)
                            .is_some_and(|f| ["Data", "MutableData", "ConstantData"].contains(&f))
                        && !read.contains(name.id.as_str())
                    {
                        unused.push((name.id.as_str(), assign.range));
                    }
                }
                _ => {}
            }
        }
    }
    for (name, range) in unused {
        let message = format!("the data container `{name}` is declared and never used");
        notes
            .at(Fault::new(range, message).rule(Rule::UnusedData).about(name).fix("use it, or leave it out"));
    }
}
