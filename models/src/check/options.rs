//! Options of PyMC's functions that run a model: calls of them are not evaluated, but what they say is looked at.
//!
//! PyMC passes options that it does not know on, and some are never looked at: `pm.sample(drawz=10)` draws 1,000.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::Notes;
use super::script::{last_name, name_in_pymc};
use crate::finding::{Rule, nearest};
use crate::language::{Fault, STEPS};

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

/// Looks at a call of one of the functions.
pub(super) fn check(notes: &mut Notes<'_>, call: &ExprCall, function: &str) {
    let Some((_, known)) = FUNCTIONS.iter().find(|(name, _)| *name == function) else { return };
    let more = if function == "sample" { NUTS } else { &[] };
    let all: Vec<&str> = known.iter().chain(more).copied().collect();
    for keyword in &call.arguments.keywords {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else { continue };
        if function != "find_MAP" && !all.contains(&name) {
            unknown(notes, keyword.range, &format!("`pm.{function}`"), name, &all);
        }
        if let (Some((_, keys)), Expr::Dict(dict)) =
            (KEYS.iter().find(|(option, _)| *option == name), &keyword.value)
        {
            for key in dict.items.iter().filter_map(|item| item.key.as_ref()) {
                if let Expr::StringLiteral(text) = key
                    && !keys.contains(&text.value.to_str())
                {
                    unknown(
                        notes,
                        key.range(),
                        &format!("`{name}=` of `pm.{function}`"),
                        text.value.to_str(),
                        keys,
                    );
                }
            }
        }
    }
    for (_, option, values) in CHOICES.iter().filter(|(of, ..)| *of == function) {
        let place = known.iter().position(|name| name == option);
        let positional = place.and_then(|place| call.arguments.args.get(place));
        let is_it = |name: &str| name == *option;
        let keyword =
            call.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|name| is_it(name.as_str())));
        if let Some(value) = keyword.map(|keyword| &keyword.value).or(positional) {
            choice(notes, value, option, values);
        }
    }
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
