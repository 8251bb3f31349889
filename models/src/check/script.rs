//! What a script says besides its model: calls that are not evaluated, looked at as they are written.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::Notes;
use crate::finding::{Rule, nearest};
use crate::language::Fault;
use crate::model::Record;
use crate::{Role, Variable};

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
/// Options as other versions and packages call them.
const RENAMED: &[(&str, &str)] = &[
    ("njobs", "cores"),
    ("n_jobs", "cores"),
    ("num_chains", "chains"),
    ("n_chains", "chains"),
    ("samples", "draws"),
    ("num_samples", "draws"),
    ("burn", "tune"),
    ("warmup", "tune"),
    ("num_warmup", "tune"),
    ("seed", "random_seed"),
    ("start", "initvals"),
    ("inits", "initvals"),
    ("adapt_delta", "target_accept"),
    ("max_depth", "max_treedepth"),
    ("nuts_kwargs", "nuts"),
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

/// The calls of a file.
struct Walk<'a> {
    calls: Vec<&'a ExprCall>,
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            self.calls.push(call);
        }
        walk_expr(self, expression);
    }
}

/// Looks at the calls of a file.
pub(super) fn check(notes: &mut Notes<'_>, records: &[Record], is_readable: bool) {
    let file = notes.file;
    let mut walk = Walk { calls: Vec::new() };
    walk.visit_body(file.body());
    let is_container = |r: &&Record| matches!(r.variable.role, Role::Data);
    let containers: Vec<&Variable> = records.iter().filter(is_container).map(|r| &r.variable).collect();
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
            _ => {}
        }
    }
}

pub(super) fn last_name(function: &Expr) -> &str {
    match function {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(name) => name.id.as_str(),
        _ => "",
    }
}

/// `sample` of `pm.sample`.
pub(super) fn name_in_pymc(function: &Expr) -> Option<&str> {
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
            let renamed = RENAMED.iter().find(|(old, _)| *old == name).map(|(_, new)| *new);
            let best = renamed.or(near.first().map(String::as_str));
            let hint = best.map_or(String::new(), |best| format!("; did you mean `{best}`?"));
            let message = format!("`pm.sample` has no option `{name}`{hint}");
            let fix = best.map_or("leave it out".into(), |best| format!("write `{best}=`"));
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

fn set_data(notes: &mut Notes<'_>, call: &ExprCall, containers: &[&Variable]) {
    let Some(Expr::Dict(dict)) = call.arguments.args.first() else { return };
    let has_coords =
        call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_some_and(|name| name.as_str() == "coords"));
    for item in &dict.items {
        let Some(key @ Expr::StringLiteral(text)) = &item.key else { continue };
        let name = text.value.to_str();
        match (containers.iter().find(|container| container.name == name), &item.value) {
            (Some(container), Expr::List(list)) if !has_coords => {
                new_length(notes, list.range, container, list.elts.len());
            }
            (Some(_), _) => {}
            (None, _) => {
                let names: Vec<&str> = containers.iter().map(|container| container.name.as_str()).collect();
                let known = if names.is_empty() { "none".into() } else { names.join(", ") };
                let message =
                    format!("`pm.set_data` names `{name}`, which is no data container; those are: {known}");
                let mut fault = Fault::new(key.range(), message).rule(Rule::UnknownData).about(name);
                fault.details.nearest = nearest(name, names.iter().copied());
                notes.at(fault.seen(name, known));
            }
        }
    }
}

/// Data of another length need new labels for their dimension.
fn new_length(notes: &mut Notes<'_>, range: TextRange, container: &Variable, rows: usize) {
    let (Some(dim), Some(&length)) = (container.dims.first(), container.shape.first()) else { return };
    if rows != length {
        let name = &container.name;
        let message = format!(
            "`{name}` gets {rows} rows, but its dimension `{dim}` has {length} labels: give it new ones too"
        );
        let fault = Fault::new(range, message).rule(Rule::UnknownData).about(name.as_str());
        let fix = format!("coords={{\"{dim}\": [...]}} after the data");
        notes.at(fault.seen(format!("{rows} rows"), format!("{length} rows")).fix(fix));
    }
}
