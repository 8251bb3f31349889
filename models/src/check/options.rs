//! Options of PyMC's functions that run a model: calls of them are not evaluated, but what they say is looked at.
//!
//! PyMC passes options that it does not know on, and some are never looked at: `pm.sample(drawz=10)` draws 1,000.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{DictItem, Expr, ExprCall, ExprList, ExprTuple, Keyword, Number, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use super::Notes;
use super::script::{Constants, last_name, name_in_pymc};
use crate::finding::{Rule, nearest};
use crate::language::{Fault, STEPS};
use crate::model::Record;

/// Functions and their options, in the order of their parameters.
const FUNCTIONS: &[(&str, &[&str])] = &[
    (
        "sample",
        &[
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
            "start",
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
            "backend",
            "nuts",
            "hmc",
            "metropolis",
            "binary_metropolis",
            "binary_gibbs_metropolis",
            "categorical_gibbs_metropolis",
            "slice",
        ],
    ),
    (
        "fit",
        &[
            "n",
            "method",
            "model",
            "random_seed",
            "start",
            "start_sigma",
            "inf_kwargs",
            "score",
            "callbacks",
            "progressbar",
            "progressbar_theme",
            "obj_n_mc",
            "tf_n_mc",
            "obj_optimizer",
            "test_optimizer",
            "more_obj_params",
            "more_tf_params",
            "more_updates",
            "more_replacements",
            "total_grad_norm_constraint",
            "compile_kwargs",
            "fn_kwargs",
        ],
    ),
    (
        "sample_smc",
        &[
            "draws",
            "kernel",
            "start",
            "model",
            "random_seed",
            "chains",
            "cores",
            "blas_cores",
            "compute_convergence_checks",
            "return_inferencedata",
            "idata_kwargs",
            "progressbar",
            "progressbar_theme",
            "compile_kwargs",
            "mp_ctx",
            "threshold",
            "correlation_threshold",
        ],
    ),
    (
        "sample_prior_predictive",
        &[
            "draws",
            "model",
            "var_names",
            "random_seed",
            "return_inferencedata",
            "idata_kwargs",
            "compile_kwargs",
            "samples",
        ],
    ),
    (
        "sample_posterior_predictive",
        &[
            "trace",
            "model",
            "var_names",
            "sample_dims",
            "random_seed",
            "progressbar",
            "progressbar_theme",
            "return_inferencedata",
            "extend_inferencedata",
            "predictions",
            "idata_kwargs",
            "compile_kwargs",
        ],
    ),
    (
        "compute_log_likelihood",
        &[
            "idata",
            "var_names",
            "extend_inferencedata",
            "model",
            "sample_dims",
            "progressbar",
            "compile_kwargs",
        ],
    ),
    // What it does not know goes to SciPy's minimize.
    ("find_MAP", &["start", "vars", "method"]),
];

/// Options of the NUTS step, which `pm.sample` takes too.
const NUTS: &[&str] = &[
    "target_accept",
    "max_treedepth",
    "early_max_treedepth",
    "step_scale",
    "scaling",
    "is_cov",
    "potential",
    "Emax",
    "gamma",
    "k",
    "t0",
    "adapt_step_size",
    "step_rand",
    "path_length",
    "max_steps",
    "blocked",
    "dtype",
];

/// Dictionaries among the options, and their keys.
const KEYS: &[(&str, &[&str])] = &[
    ("nuts", NUTS),
    (
        "idata_kwargs",
        &[
            "prior",
            "posterior_predictive",
            "log_likelihood",
            "log_prior",
            "coords",
            "dims",
            "sample_dims",
            "model",
            "save_warmup",
            "include_transformed",
        ],
    ),
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
    ("inits", "initvals"),
    ("adapt_delta", "target_accept"),
    ("max_depth", "max_treedepth"),
    ("nuts_kwargs", "nuts"),
];

/// Options that name something: the function, the option, what there is.
const CHOICES: &[(&str, &str, &[&str])] = &[
    (
        "sample",
        "init",
        &[
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
        ],
    ),
    ("sample", "progressbar", &["combined", "split", "combined+stats", "split+stats", "stats"]),
    ("sample", "nuts_sampler", &["pymc", "nutpie", "numpyro", "blackjax"]),
    ("sample", "step", STEPS),
    ("fit", "method", &["advi", "fullrank_advi", "svgd", "asvgd"]),
    ("sample_smc", "kernel", &["IMH", "MH"]),
    (
        "find_MAP",
        "method",
        &[
            "nelder-mead",
            "powell",
            "cg",
            "bfgs",
            "newton-cg",
            "l-bfgs-b",
            "tnc",
            "cobyla",
            "cobyqa",
            "slsqp",
            "trust-constr",
            "dogleg",
            "trust-ncg",
            "trust-exact",
            "trust-krylov",
        ],
    ),
];

/// Options that take whole numbers, and the least of them.
const COUNTS: &[(&str, f64)] = &[
    ("draws", 1.0),
    ("tune", 0.0),
    ("chains", 1.0),
    ("cores", 1.0),
    ("n", 1.0),
    ("n_init", 1.0),
    ("jitter_max_retries", 0.0),
    ("max_treedepth", 1.0),
    ("early_max_treedepth", 1.0),
    ("random_seed", 0.0),
];

/// Options that take numbers between 0 and 1.
const SHARES: &[&str] = &["target_accept", "threshold", "correlation_threshold"];

/// Options that take True or False.
const TRUTHS: &[&str] = &[
    "quiet",
    "discard_tuned_samples",
    "compute_convergence_checks",
    "keep_warning_stat",
    "return_inferencedata",
    "adapt_step_size",
    "extend_inferencedata",
    "predictions",
    "log_likelihood",
    "log_prior",
    "save_warmup",
    "include_transformed",
];

/// Functions whose other parameters are given by name, and how many are not.
const POSITIONAL: &[(&str, usize)] = &[("sample", 1), ("sample_smc", 2)];

/// Functions that draw random numbers.
const RANDOM: &[&str] =
    &["sample", "sample_smc", "fit", "sample_prior_predictive", "sample_posterior_predictive"];

/// What is given to a function: the option, its place, its value as it is written or as its name says.
type Given<'c> = (&'c str, TextRange, &'c Expr);

/// Looks at a call of one of the functions; `constants` are the values of names that have one.
pub(super) fn check<'c>(
    notes: &mut Notes<'_>,
    call: &'c ExprCall,
    function: &str,
    constants: &Constants<'c>,
    records: &[Record],
) {
    let Some((_, known)) = FUNCTIONS.iter().find(|(name, _)| *name == function) else { return };
    let more = if function == "sample" { NUTS } else { &[] };
    let all: Vec<&str> = known.iter().chain(more).copied().collect();
    let positional =
        POSITIONAL.iter().find(|(name, _)| *name == function).map_or(known.len(), |(_, count)| *count);
    if let Some(extra) = call.arguments.args.get(positional).filter(|extra| !extra.is_starred_expr()) {
        let next = known.get(positional).map_or(String::new(), |name| format!(", such as `{name}=`"));
        let message = format!(
            "`pm.{function}` takes {positional} arguments without a name; give the others theirs{next}"
        );
        notes.at(Fault::new(extra.range(), message).rule(Rule::TooManyArguments));
    }
    let mut given: Vec<Given<'_>> =
        known.iter().zip(&call.arguments.args).map(|(name, value)| (*name, value.range(), value)).collect();
    let mut is_open = false;
    for keyword in &call.arguments.keywords {
        match &keyword.arg {
            Some(name) => given.push((name.as_str(), keyword.range, &keyword.value)),
            None => match entries(constants.of(&keyword.value)) {
                Some(entries) => given.extend(entries),
                None => is_open = true,
            },
        }
    }
    for &(name, place, value) in &given {
        let value = constants.of(value);
        if function != "find_MAP" && !all.contains(&name) {
            unknown(notes, place, &format!("`pm.{function}`"), name, &all);
        }
        look(notes, name, value);
        if let Some((_, keys)) = KEYS.iter().find(|(option, _)| *option == name) {
            for (key, place, value) in entries(value).into_iter().flatten() {
                match keys.contains(&key) {
                    true => look(notes, key, constants.of(value)),
                    false => unknown(notes, place, &format!("`{name}=` of `pm.{function}`"), key, keys),
                }
            }
        }
        for (_, option, values) in CHOICES.iter().filter(|(of, option, _)| *of == function && *option == name)
        {
            choice(notes, value, option, values);
        }
        variables(notes, name, value, records);
    }
    let has_seed =
        given.iter().any(|(name, _, value)| *name == "random_seed" && !value.is_none_literal_expr());
    if RANDOM.contains(&function)
        && !has_seed
        && !is_open
        && notes.found.iter().all(|f| f.rule != Rule::SeedMissing)
    {
        let message = format!("`pm.{function}` gives other numbers every time: it has no seed");
        notes.at(Fault::new(call.func.range(), message).rule(Rule::SeedMissing));
    }
}

/// The entries of `{"key": value}` and `dict(key=value)`.
fn entries<'c>(value: &'c Expr) -> Option<Vec<Given<'c>>> {
    match value {
        Expr::Dict(dict) => {
            let text = |key: &'c Expr| key.as_string_literal_expr().map(|text| text.value.to_str());
            let entry = |item: &'c DictItem| {
                Some((text(item.key.as_ref()?)?, item.key.as_ref()?.range(), &item.value))
            };
            dict.items.iter().map(entry).collect()
        }
        Expr::Call(call) if last_name(&call.func) == "dict" && call.arguments.args.is_empty() => {
            let entry = |k: &'c Keyword| Some((k.arg.as_ref()?.as_str(), k.range, &k.value));
            call.arguments.keywords.iter().map(entry).collect()
        }
        _ => None,
    }
}

/// Looks at the value of an option that takes a number or a truth value.
fn look(notes: &mut Notes<'_>, option: &str, value: &Expr) {
    let expected = if let Some((_, least)) = COUNTS.iter().find(|(name, _)| *name == option) {
        let is_good = |x: Literal| matches!(x, Literal::Whole(x) if x >= *least);
        match literal(value) {
            Some(x) if !is_good(x) => format!("a whole number from {least}"),
            _ => return,
        }
    } else if SHARES.contains(&option) {
        match literal(value) {
            Some(Literal::Whole(_) | Literal::Text | Literal::Truth) => "a number between 0 and 1".into(),
            Some(Literal::Fraction(x)) if !(x > 0.0 && x < 1.0) => "a number between 0 and 1".into(),
            _ => return,
        }
    } else if TRUTHS.contains(&option) {
        match literal(value) {
            Some(Literal::Text | Literal::Fraction(_)) => "True or False".into(),
            Some(Literal::Whole(x)) if x != 0.0 && x != 1.0 => "True or False".into(),
            _ => return,
        }
    } else {
        return;
    };
    let written = &notes.file.source()[value.range()];
    let message = format!("`{option}` cannot be {written}: it takes {expected}");
    let fault = Fault::new(value.range(), message).rule(Rule::UnknownMethod).about(option);
    notes.at(fault.seen(written, &*expected).fix(expected));
}

/// A value as it is written.
#[derive(Clone, Copy, Debug)]
enum Literal {
    Whole(f64),
    Fraction(f64),
    Text,
    Truth,
}

fn literal(value: &Expr) -> Option<Literal> {
    match value {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(x) => Some(Literal::Whole(x.as_i64()? as f64)),
            Number::Float(x) => Some(Literal::Fraction(*x)),
            Number::Complex { .. } => None,
        },
        Expr::UnaryOp(minus) if minus.op == UnaryOp::USub => match literal(&minus.operand)? {
            Literal::Whole(x) => Some(Literal::Whole(-x)),
            Literal::Fraction(x) => Some(Literal::Fraction(-x)),
            other => Some(other),
        },
        Expr::StringLiteral(_) => Some(Literal::Text),
        Expr::BooleanLiteral(_) => Some(Literal::Truth),
        _ => None,
    }
}

/// The variables that `var_names=` and `initvals=` name must be those of the model.
fn variables(notes: &mut Notes<'_>, option: &str, value: &Expr, records: &[Record]) {
    let named: Vec<(&str, TextRange)> = match (option, value) {
        ("var_names", Expr::List(ExprList { elts, .. }) | Expr::Tuple(ExprTuple { elts, .. })) => {
            let texts = elts.iter().filter_map(Expr::as_string_literal_expr);
            texts.map(|text| (text.value.to_str(), text.range)).collect()
        }
        ("initvals" | "start", value) => {
            entries(value).into_iter().flatten().map(|(name, place, _)| (name, place)).collect()
        }
        _ => return,
    };
    let mut known: Vec<String> = records.iter().map(|r| r.variable.name.clone()).collect();
    if known.is_empty() {
        return;
    }
    known.extend(records.iter().filter(|r| r.unconstrained.is_some()).map(|r| r.variable.value_name()));
    // Predictions at new places are variables of the script, though not of the model that is sampled.
    let body = notes.file.body();
    let is_unknown = |name: &str| known.iter().all(|other| other != name) && !is_named_by_a_call(body, name);
    for (name, place) in named.into_iter().filter(|(name, _)| is_unknown(name)) {
        let near = nearest(name, known.iter().map(String::as_str));
        let hint = near.first().map_or(String::new(), |best| format!("; did you mean `{best}`?"));
        let message = format!("`{option}` names `{name}`, which is no variable of the model{hint}");
        let mut fault = Fault::new(place, message).rule(Rule::UndefinedName).about(name);
        fault.details.nearest = near;
        notes.at(fault);
    }
}

/// Whether a call of the file has a text as its first argument, as a variable has its name.
fn is_named_by_a_call(body: &[Stmt], name: &str) -> bool {
    struct Calls<'a>(&'a str, bool);
    impl<'a> Visitor<'a> for Calls<'_> {
        fn visit_expr(&mut self, expression: &'a Expr) {
            if let Expr::Call(call) = expression {
                let first = call.arguments.args.first().and_then(Expr::as_string_literal_expr);
                self.1 |= first.is_some_and(|text| text.value.to_str() == self.0);
            }
            walk_expr(self, expression);
        }
    }
    let mut calls = Calls(name, false);
    calls.visit_body(body);
    calls.1
}

fn unknown(notes: &mut Notes<'_>, range: TextRange, owner: &str, name: &str, known: &[&str]) {
    let near = nearest(name, known.iter().copied());
    let renamed = RENAMED.iter().find(|(old, new)| *old == name && known.contains(new)).map(|(_, new)| *new);
    let best = renamed.or(near.first().map(String::as_str));
    let hint = best.map_or(String::new(), |best| format!("; did you mean `{best}`?"));
    let fix = best.map_or("leave it out".into(), |best| format!("write `{best}`"));
    let message = format!("{owner} has no option `{name}`{hint}");
    let mut fault = Fault::new(range, message).rule(Rule::UnknownOption).about(name).fix(fix);
    fault.details.nearest = near;
    notes.at(fault.seen(name, format!("one of {}", known.join(", "))));
}

/// A text, or a member of PyMC or a call of one, must be among the known values.
fn choice(notes: &mut Notes<'_>, value: &Expr, option: &str, known: &[&str]) {
    let seen = match value {
        Expr::StringLiteral(text) => text.value.to_str(),
        Expr::List(list) => return list.elts.iter().for_each(|one| choice(notes, one, option, known)),
        Expr::Call(call) if name_in_pymc(&call.func).is_some() => last_name(&call.func),
        Expr::Attribute(attribute) if name_in_pymc(&attribute.value) == Some("smc") => last_name(value),
        _ => return,
    };
    if !known.iter().any(|name| name.eq_ignore_ascii_case(seen)) {
        let message = format!("`{option}=` knows no `{seen}`; there are {}", known.join(", "));
        let mut fault = Fault::new(value.range(), message).rule(Rule::UnknownMethod).about(seen);
        fault.details.nearest = nearest(seen, known.iter().copied());
        notes.at(fault.seen(seen, format!("one of {}", known.join(", "))));
    }
}
