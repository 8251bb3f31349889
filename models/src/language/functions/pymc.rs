//! Declarations: the model, its data, its variables.

use chainfire_engine::program::{Kind, Value};

use super::{Module, PMC, Row, Run, components, constrained, custom, stochastic};
use crate::Coordinate;
use crate::finding::{Rule, Severity, nearest};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Sequence};

/// Elements that a label of a dimension counts as.
const LABEL: usize = 16;

/// Functions of `pm` other than the distributions.
pub(super) const ROWS: &[Row] = &[
    ("Model", PMC, Run::Call(model)),
    ("modelcontext", PMC, Run::Call(|e, _| Ok(Item::Model(e.present_model())))),
    ("Data", PMC, Run::Call(data)),
    ("Minibatch", PMC, Run::Call(minibatch)),
    ("ConstantData", PMC, Run::Call(data)),
    ("MutableData", PMC, Run::Call(data)),
    ("Deterministic", PMC, Run::Call(deterministic)),
    ("Potential", PMC, Run::Call(potential)),
    (
        "get_data",
        PMC,
        Run::Call(|e, call| {
            let [name] = call.bind(["filename"])?;
            Ok(Item::Text(e.text(call.required(name, "filename")?, "the name of a file")?))
        }),
    ),
    ("WishartBartlett", PMC, Run::Call(wishart)),
    ("CustomDist", PMC, Run::Call(custom::declare)),
    ("DensityDist", PMC, Run::Call(custom::declare)),
    ("EulerMaruyama", PMC, Run::Call(stochastic::declare)),
    ("logp", PMC, Run::Call(components::log_density)),
    ("logcdf", PMC, Run::Call(|e, call| components::log_probability(e, call, true))),
    ("logccdf", PMC, Run::Call(|e, call| components::log_probability(e, call, false))),
    ("icdf", PMC, Run::Call(components::quantile)),
    ("find_constrained_prior", PMC, Run::Call(constrained::find)),
    ("support_point", PMC, Run::Call(components::support_point)),
    ("collect_default_updates", PMC, Run::Call(|_, _| Ok(Item::Dict(Dict::default().into())))),
    ("check_parameters", PMC, Run::Call(components::check_parameters)),
    (
        "intX",
        PMC,
        Run::Call(|e, call| {
            let [x] = call.bind(["x"])?;
            let x = e.value(call.required(x, "x")?)?;
            Ok(Item::Number(e.cast(&x, Kind::Int, call.range)?))
        }),
    ),
    (
        "floatX",
        PMC,
        Run::Call(|e, call| {
            let [x] = call.bind(["x"])?;
            let x = e.value(call.required(x, "x")?)?;
            Ok(Item::Number(e.cast(&x, Kind::Float, call.range)?))
        }),
    ),
    ("invlogit", PMC, Run::Unary(Value::sigmoid)),
    ("logit", PMC, Run::Unary(|p| p.log() - (-p).log1p())),
];

/// Distributions of PyMC that are not in the registry yet.
const NOT_YET: &str = "Simulator";

/// Whether PyMC has a distribution of this name that is not in the registry yet.
pub(super) fn is_not_yet(name: &str) -> bool {
    NOT_YET.split_whitespace().any(|known| known == name)
}

/// Step methods of PyMC.
pub(crate) const STEPS: &[&str] = &[
    "NUTS",
    "HamiltonianMC",
    "Metropolis",
    "BinaryMetropolis",
    "BinaryGibbsMetropolis",
    "CategoricalGibbsMetropolis",
    "DEMetropolis",
    "DEMetropolisZ",
    "Slice",
    "CompoundStep",
];

/// Functions of PyMC3, and what they are called now.
pub(super) const OLD: &[(&str, &str)] = &[
    ("Bound", "write pm.Truncated(name, pm.Normal.dist(mu, sigma), lower=0)"),
    ("sample_ppc", "write pm.sample_posterior_predictive"),
    ("sample_ppc_w", "write pm.sample_posterior_predictive"),
    ("fast_sample_posterior_predictive", "write pm.sample_posterior_predictive"),
    ("sample_posterior_predictive_w", "write pm.sample_posterior_predictive"),
    ("traceplot", "write az.plot_trace"),
    ("forestplot", "write az.plot_forest"),
    ("autocorrplot", "write az.plot_autocorr"),
    ("compareplot", "write az.plot_compare"),
    ("densityplot", "write az.plot_density"),
    ("energyplot", "write az.plot_energy"),
    ("kdeplot", "write az.plot_kde"),
    ("pairplot", "write az.plot_pair"),
    ("gelman_rubin", "write az.rhat"),
    ("effective_n", "write az.ess"),
    ("trace_to_dataframe", "write idata.posterior.to_dataframe()"),
];

/// Whether a function of PyMC does something with a model.
pub(super) fn runs(name: &str) -> bool {
    RUNS.contains(&name) || STEPS.contains(&name) || name.starts_with("plot_")
}

/// Functions of PyMC that do something with a model; statements that call them are passed over.
const RUNS: &[&str] = &[
    "sample",
    "sample_prior_predictive",
    "sample_posterior_predictive",
    "sample_smc",
    "sampling",
    "find_MAP",
    "fit",
    "compute_log_likelihood",
    "compute_log_prior",
    "set_data",
    "model_to_graphviz",
    "model_to_mermaid",
    "summary",
    "ADVI",
    "FullRankADVI",
    "SVGD",
    "ASVGD",
    "KLqp",
    "Empirical",
    "MeanField",
    "FullRank",
    "NormalProposal",
    "CauchyProposal",
    "LaplaceProposal",
    "PoissonProposal",
    "MultivariateNormalProposal",
    "to_inference_data",
    "predictions_to_inference_data",
    "recover_marginals",
    "fit_pathfinder",
    "fit_laplace",
    "fit_dadvi",
    "sampling_jax",
    "smc",
    "inference",
    "variational",
    "callbacks",
    "sample_approx",
    "init_nuts",
    "find_hessian",
    "guess_scaling",
    "trace_cov",
    "compute_deterministics",
    "vectorize_over_posterior",
    "Point",
    "model_graph",
    "model_to_networkx",
    "backends",
    "plots",
    "stats",
    "autocorr",
    "autocov",
    "bayes_factor",
    "bfmi",
    "compare",
    "ess",
    "hdi",
    "kde",
    "loo",
    "loo_pit",
    "mcse",
    "psislw",
    "r2_score",
    "rhat",
    "smooth_data",
    "waic",
    "weight_predictions",
];

/// The functions that do something with a model, for messages.
pub(super) fn running() -> impl Iterator<Item = &'static str> {
    RUNS.iter().chain(STEPS).copied()
}

/// The function that does something with a model which is meant by a name that PyMC does not have.
pub(crate) fn misspelt(name: &str) -> Option<String> {
    // Step methods are looked at where they are given to a sampler.
    let is_known = name.starts_with(char::is_uppercase)
        || runs(name)
        || is_not_yet(name)
        || super::foreign::has(Module::PyMc, name)
        || OLD.iter().any(|(old, _)| *old == name)
        || Module::PyMc.member(name, ruff_text_size::TextRange::default()).is_ok();
    if is_known {
        return None;
    }
    nearest(name, running()).into_iter().next()
}

/// Methods of a model that do something with it.
pub(super) const MODEL_RUNS: &[&str] = &[
    "set_data",
    "debug",
    "profile",
    "initial_point",
    "rvs_to_initial_values",
    "check_start_vals",
    "point_logps",
    "eval_rv_shapes",
    "compile_logp",
    "compile_dlogp",
    "compile_d2logp",
    "compile_fn",
    "to_graphviz",
    "str_repr",
];

/// Why a name that exists in Python has no place in a model file, and what to do instead.
pub(super) fn replacement(module: Module, name: &str) -> Option<&'static str> {
    let is_file = |name: &str| name.starts_with("read_") || matches!(name, "open" | "fromfile" | "memmap");
    let old = OLD.iter().find(|(old, _)| module == Module::PyMc && *old == name);
    match (module, name) {
        _ if old.is_some() => old.map(|(_, new)| *new),
        (Module::NumPy | Module::Pandas, name) if is_file(name) => {
            Some("the columns of the data file are names already, and `df` is the whole table")
        }
        (Module::PyMc, name) if runs(name) => {
            Some("it says what the model is, not what to do with it; leave this line out")
        }
        _ => None,
    }
}

fn model(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [name, coords, _check_bounds] = call.bind(["name", "coords", "check_bounds"])?;
    let name = name.map(|name| e.text(name, "the name of a model")).transpose()?;
    let which = e.make_model(name.as_deref().unwrap_or_default(), call.range)?;
    if let Some(coords) = coords {
        // A model was begun: what is wrong with it is told, wherever its function is called.
        e.of_model(which.number, |e| coordinates(e, coords)).map_err(Fault::fatal)?;
    }
    Ok(Item::Model(which))
}

/// `coords={...}`
pub(super) fn coordinates(e: &mut Evaluator<'_>, coords: &Argument) -> Outcome<()> {
    let dict = match &coords.item {
        Item::None => return Ok(()),
        Item::Dict(dict) | Item::Table(dict) => dict,
        other => {
            return fault(
                coords.range,
                format!("`coords` must be a dictionary of labels, not {}", other.describe()),
            );
        }
    };
    for (key, labels) in dict.entries() {
        let Item::Text(dim) = key.item() else {
            return fault(
                coords.range,
                format!("the name of a dimension must be a text, not {}", key.display()),
            );
        };
        coordinate(e, &dim, &Argument { item: labels.clone(), range: coords.range })?;
    }
    Ok(())
}

/// `model.add_coord("dim", labels)`, or one entry of `coords`.
pub(super) fn coordinate(e: &mut Evaluator<'_>, dim: &str, labels: &Argument) -> Outcome<()> {
    let range = labels.range;
    let labels = &Argument { item: labels.item.bare().clone(), range };
    let is_text = match &labels.item {
        Item::Texts(_) => true,
        Item::List(items) | Item::Tuple(items) => matches!(items.items().first(), Some(Item::Text(_))),
        Item::None | Item::Text(_) => {
            let seen = labels.item.describe();
            return fault(range, format!("the labels of the dimension \"{dim}\" must be a list, not {seen}"));
        }
        _ => false,
    };
    let labels = if is_text {
        Coordinate::Text(e.texts(labels, "the labels of a dimension")?)
    } else {
        let value = e.known_value(labels, "the labels of a dimension")?;
        if value.rank() != 1 {
            return fault(range, format!("the labels of the dimension \"{dim}\" must be a list"));
        }
        e.budget.work(LABEL * value.len(), range)?;
        let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
        match value.kind() {
            Kind::Float => Coordinate::Float(numbers),
            Kind::Int => Coordinate::Int(numbers.iter().map(|x| *x as i64).collect()),
            Kind::Bool => Coordinate::Text(
                numbers.iter().map(|x| if *x != 0.0 { "True" } else { "False" }.into()).collect(),
            ),
        }
    };
    if let Some((label, distinct)) = first_repeated(&labels) {
        let message = format!(
            "the dimension \"{dim}\" has the label {label} twice: results cannot be told apart by it"
        );
        let fault = Fault::new(range, message).rule(Rule::DuplicateLabels).about(dim);
        // Labels of groups, one for each row of the data, are no slip.
        let severity = if 2 * distinct > labels.len() { Severity::Warning } else { Severity::Suggestion };
        e.tell(*fault.severity(severity));
    }
    e.made.declared.entry(dim.to_owned()).or_insert(range);
    e.scope().coordinate(dim, labels).map_err(|error| e.refused(range, error))
}

/// `model.coords`: the labels of every dimension.
pub(super) fn coords(e: &mut Evaluator<'_>, range: ruff_text_size::TextRange) -> Outcome<Item> {
    let known = e.scope().coordinates.clone();
    let mut dict = Dict::default();
    for (dim, labels) in known {
        e.budget.work(LABEL * labels.len(), range)?;
        let items = match labels {
            Coordinate::Text(labels) => labels.iter().map(Item::text).collect(),
            Coordinate::Int(labels) => labels.into_iter().map(Item::integer).collect(),
            Coordinate::Float(labels) => labels.into_iter().map(|x| Item::Number(Value::from(x))).collect(),
        };
        dict.insert(
            crate::language::item::Key::Text(dim.into()),
            Item::Tuple(Sequence::new(items, range)?),
            range,
        )?;
    }
    Ok(Item::Dict(dict.into()))
}

/// The first label that is there twice, as it is written, and the number of different labels.
fn first_repeated(labels: &Coordinate) -> Option<(String, usize)> {
    match labels {
        Coordinate::Text(labels) => repeated(labels.iter(), |label| format!("\"{label}\"")),
        Coordinate::Int(labels) => repeated(labels.iter(), ToString::to_string),
        Coordinate::Float(labels) => {
            repeated(labels.iter().map(|label| label.to_bits()), |bits| f64::from_bits(*bits).to_string())
        }
    }
}

fn repeated<T: Copy + Eq + std::hash::Hash>(
    labels: impl Iterator<Item = T>,
    written: impl Fn(&T) -> String,
) -> Option<(String, usize)> {
    let (mut seen, mut first) = (std::collections::HashSet::new(), None);
    for label in labels {
        if !seen.insert(label) {
            first.get_or_insert(label);
        }
    }
    first.map(|label| (written(&label), seen.len()))
}

fn data(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    if let Some(old) = ["MutableData", "ConstantData"].into_iter().find(|old| call.name.ends_with(old)) {
        let message = format!("`{old}` is a name of earlier versions: write `pm.Data`");
        let fault = Fault::new(call.range, message).rule(Rule::OldName).severity(Severity::Warning);
        e.tell(*fault.about(old).fix("write `pm.Data`"));
    }
    let [name, value, dims, coords, infer, _mutable] =
        call.bind(["name", "value", "dims", "coords", "infer_dims_and_coords", "mutable"])?;
    let name = variable_name(e, call, name)?;
    let argument = call.required(value, "value")?;
    let value = e.known_value(argument, "the value of `pm.Data`")?;
    e.complete(&value, argument.range)?;
    if let Some(coords) = coords {
        coordinates(e, coords)?;
    }
    let dims = dims_of(e, &name, dims, value.shape())?;
    if let Some(infer) = infer
        && e.truth(&infer.item, infer.range)?
    {
        own_labels(e, argument, &dims, value.shape())?;
    }
    let result = e.open_scope(&call.name, call.range)?.data(&name, value, &texts(&dims));
    result.map(Item::Number).map_err(|error| e.refused_call(call, error))
}

/// Gives dims that the model does not have the labels of the rows and columns of a container.
fn own_labels(e: &mut Evaluator<'_>, data: &Argument, dims: &[String], shape: &[usize]) -> Outcome<()> {
    let mut labels = Vec::new();
    for attribute in ["index", "columns"].iter().take(shape.len()) {
        if matches!(data.item, Item::Table(_) | Item::Labelled(_) | Item::Series(_)) {
            labels.push(super::methods::attribute(e, &data.item, attribute, data.range)?);
        }
    }
    for (k, (dim, count)) in dims.iter().zip(shape).enumerate() {
        if e.scope().dim_length(dim).is_some() {
            continue;
        }
        let item = labels.get(k).cloned().unwrap_or(Item::Range { start: 0, step: 1, count: *count });
        coordinate(e, dim, &Argument { item, range: data.range })?;
    }
    Ok(())
}

/// `x, y = pm.Minibatch(x, y, batch_size=500)`: the data themselves, of which fits may take some rows at a time.
fn minibatch(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut size = None;
    for (keyword, argument) in &call.keywords {
        match keyword.as_str() {
            "batch_size" => size = Some(whole(e, argument, "batch_size")?),
            _ => return fault(argument.range, format!("`pm.Minibatch` has no argument `{keyword}`")),
        }
    }
    let (Some(size), Some(_)) = (size, call.positional.first()) else {
        return fault(
            call.range,
            "`pm.Minibatch` takes data and their size, as in `pm.Minibatch(x, y, batch_size=500)`",
        );
    };
    let mut data = Vec::with_capacity(call.positional.len());
    for argument in &call.positional {
        let value = e.known_value(argument, "the data of `pm.Minibatch`")?;
        e.complete(&value, argument.range)?;
        data.push(value);
    }
    let columns: Vec<&Value> = data.iter().collect();
    e.scope().minibatch(&columns, size).map_err(|error| e.refused(call.range, error))?;
    let mut items: Vec<Item> = data.into_iter().map(Item::Number).collect();
    Ok(match items.len() {
        1 => items.remove(0),
        _ => Item::Tuple(Sequence::new(items, call.range)?),
    })
}

/// A whole number from 0 on.
pub(super) fn whole(e: &Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<usize> {
    let number = e.integer(&argument.item, what, argument.range)?;
    match usize::try_from(number) {
        Ok(number) => Ok(number),
        Err(_) => fault(argument.range, format!("`{what}` must not be negative, and is {number}")),
    }
}

/// The names of the axes of a value; an axis without one has the name that ArviZ gives it.
fn dims_of(
    e: &mut Evaluator<'_>,
    name: &str,
    dims: Option<&Argument>,
    shape: &[usize],
) -> Outcome<Vec<String>> {
    let Some(dims) = dims else { return Ok(Vec::new()) };
    let items = match &dims.item {
        Item::List(items) | Item::Tuple(items)
            if items.items().len() == shape.len()
                && items.items().iter().any(|item| matches!(item, Item::None)) =>
        {
            items.items()
        }
        _ => return e.texts(dims, "dims"),
    };
    let mut names = Vec::new();
    for (axis, (item, &count)) in items.iter().zip(shape).enumerate() {
        let labels = Argument { item: Item::Range { start: 0, step: 1, count }, range: dims.range };
        names.push(match item {
            Item::None => {
                let dim = format!("{name}_dim_{axis}");
                coordinate(e, &dim, &labels)?;
                dim
            }
            given => e.text(&Argument { item: given.clone(), range: dims.range }, "a dim")?.to_string(),
        });
    }
    Ok(names)
}

fn deterministic(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [name, value, dims] = call.bind(["name", "var", "dims"])?;
    let name = variable_name(e, call, name)?;
    let value = e.value(call.required(value, "var")?)?;
    let dims = dims_of(e, &name, dims, value.shape())?;
    let result = e.open_scope(&call.name, call.range)?.deterministic(&name, value, &texts(&dims));
    result.map(Item::Number).map_err(|error| e.refused_call(call, error))
}

fn potential(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [name, value, _dims] = call.bind(["name", "var", "dims"])?;
    let name = variable_name(e, call, name)?;
    let value = e.value(call.required(value, "var")?)?;
    e.open_scope(&call.name, call.range)?
        .potential(&name, value.clone())
        .map_err(|error| e.refused(call.range, error))?;
    Ok(Item::Number(value))
}

pub(super) fn variable_name(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: Option<&Argument>,
) -> Outcome<std::rc::Rc<str>> {
    e.open_scope(&call.name, call.range)?;
    let Some(name) = name else {
        let message = format!("`{}` needs a name as its first argument, such as \"mu\"", call.name);
        return Err(Fault::new(call.range, message).rule(Rule::NameNeeded));
    };
    let name = e.text(name, "the name of a variable").map_err(|fault| fault.rule(Rule::NameNeeded))?;
    let name = e.full_name(name);
    let place = e.place_in_file(call.range);
    e.made.declared.entry(name.to_string()).or_insert(place);
    Ok(name)
}

pub(super) fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// `pm.WishartBartlett("name", S, nu)`: a Wishart matrix, or its factor, of independent variables.
fn wishart(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [name, scale, nu, is_factor, returns_factor, start] =
        call.bind(["name", "S", "nu", "is_cholesky", "return_cholesky", "initval"])?;
    let name = variable_name(e, call, name)?;
    let scale_at = call.required(scale, "S")?;
    let scale = e.value(scale_at)?;
    let nu = e.value(call.required(nu, "nu")?)?;
    let is_on = |argument: Option<&Argument>| {
        argument.map_or(Ok(false), |argument| e.truth(&argument.item, argument.range))
    };
    let (is_factor, returns_factor) = (is_on(is_factor)?, is_on(returns_factor)?);
    let start = start.filter(|start| !matches!(start.item, Item::None));
    let start = start.map(|start| e.known_value(start, "a starting value")).transpose()?;
    e.budget.work(scale.len().saturating_mul(scale.len()), call.range)?;
    let scale = if is_factor { scale } else { scale.cholesky() };
    let start = start.map(|start| start.cholesky());
    let scope = e.open_scope(&call.name, call.range)?;
    let result = scope.wishart_factor(&name, nu, &scale, start.as_ref()).and_then(|factor| {
        let value = if returns_factor { factor } else { factor.matmul(&factor.transpose()) };
        scope.deterministic(&name, value, &[])
    });
    result.map(Item::Number).map_err(|error| e.refused(call.range, error))
}
