//! Variables: distributions with a name, as `pm.Normal("x", 0, 1)` declares them.

use std::rc::Rc;

use chainfire_engine::program::{Value, value::shape};
use ruff_text_size::TextRange;

use super::foreign;
use super::linear::charge_factor;
use super::pymc::{variable_name, whole};
use super::transforms;
use crate::distributions::{self, DistributionError, Entry};
use crate::finding::{Rule, Severity};
use crate::language::error::{Fault, Outcome, fault, hint};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};
use crate::language::limits::{DECLARATION, DENSITY};
use crate::{Distribution, ModelError, Site};

/// Arguments that every distribution takes.
const COMMON: &[&str] = &[
    "name",
    "dims",
    "shape",
    "size",
    "observed",
    "initval",
    "transform",
    "default_transform",
    "rng",
    "total_size",
];

/// How a variable uses its distribution.
#[derive(Debug, Default)]
pub(super) struct Usage<'c> {
    dims: Option<&'c Argument>,
    shape: Option<&'c Argument>,
    size: Option<&'c Argument>,
    pub(super) observed: Option<&'c Argument>,
    initial: Option<&'c Argument>,
    transform: Option<&'c Argument>,
    default_transform: Option<&'c Argument>,
    total_size: Option<&'c Argument>,
}

/// The arguments of a call that are not of [`COMMON`], and how the variable is used.
pub(super) fn split<'c>(
    keywords: &'c [(String, Argument)],
) -> Outcome<(Vec<(&'c str, &'c Argument)>, Usage<'c>)> {
    let mut usage = Usage::default();
    let mut own = Vec::new();
    for (keyword, argument) in keywords {
        let place = match keyword.as_str() {
            "dims" => &mut usage.dims,
            "shape" => &mut usage.shape,
            "size" => &mut usage.size,
            "observed" => &mut usage.observed,
            "initval" => &mut usage.initial,
            "transform" => &mut usage.transform,
            "default_transform" => &mut usage.default_transform,
            "total_size" => &mut usage.total_size,
            "name" | "rng" => continue,
            keyword => {
                own.push((keyword, argument));
                continue;
            }
        };
        // No transform says something, the others say the same as nothing.
        if matches!(keyword.as_str(), "transform" | "default_transform")
            || !matches!(argument.item, Item::None)
        {
            *place = Some(argument);
        }
    }
    Ok((own, usage))
}

/// The name of a variable and the positional arguments after it.
pub(super) fn named<'c>(e: &mut Evaluator<'_>, call: &'c Call) -> Outcome<(Rc<str>, &'c [Argument])> {
    e.budget.steps(DECLARATION, call.range)?;
    let keyword = call.keywords.iter().find(|(name, _)| name == "name").map(|(_, argument)| argument);
    match (keyword, call.positional.split_first()) {
        (Some(name), _) => Ok((variable_name(e, call, Some(name))?, &call.positional)),
        (None, Some((first, rest))) => Ok((variable_name(e, call, Some(first))?, rest)),
        (None, None) => Ok((variable_name(e, call, None)?, &[])),
    }
}

/// `pm.Normal("name", ...)`: a free variable, or an observed one.
pub(in crate::language) fn declare(
    e: &mut Evaluator<'_>,
    entry: &'static Entry,
    call: &Call,
) -> Outcome<Item> {
    let (name, positional) = named(e, call)?;
    let (keywords, usage) = split(&call.keywords)?;
    check_length(entry, call, &keywords, &usage)?;
    let distribution = make(e, entry, call, Some(&name), positional, &keywords)?;
    let value = place(e, call, &name, distribution.clone(), &usage)?;
    let is_on = |option: &str, default: bool| match keywords.iter().find(|(name, _)| *name == option) {
        Some((_, argument)) => e.truth(&argument.item, argument.range),
        None => Ok(default),
    };
    let (stored, seen) = match entry.name {
        "LKJCholeskyCov" => (is_on("store_in_trace", true)?, is_on("compute_corr", true)?),
        "LKJCorr" => (false, is_on("return_matrix", false)?),
        "OrderedLogistic" | "OrderedProbit" | "OrderedMultinomial" => (is_on("compute_p", true)?, false),
        _ => (false, false),
    };
    let derived = if stored || seen { distribution.derived(&value) } else { Vec::new() };
    let mut items = Vec::new();
    for (suffix, value) in derived {
        // The factor is the variable itself, unpacked.
        if stored && suffix != "chol" {
            let result = e.open_scope(&call.name, call.range)?.deterministic(
                &format!("{name}_{suffix}"),
                value.clone(),
                &[],
            );
            result.map_err(|error| e.refused(call.range, error))?;
        }
        items.push(Item::Number(value));
    }
    match items.len() {
        _ if !seen => Ok(Item::Number(value)),
        1 => Ok(items.remove(0)),
        _ => Ok(Item::Tuple(Sequence::new(items, call.range)?)),
    }
}

/// The distribution of an entry, made of the arguments of a call.
pub(super) fn make(
    e: &mut Evaluator<'_>,
    entry: &'static Entry,
    call: &Call,
    name: Option<&str>,
    positional: &[Argument],
    keywords: &[(&str, &Argument)],
) -> Outcome<Rc<dyn Distribution>> {
    let mut arguments = Vec::with_capacity(positional.len() + keywords.len());
    let mut failed = None;
    if let ("HalfNormal" | "HalfCauchy", [zero, scale]) = (entry.name, positional) {
        let parameter = entry.positional[0];
        let (zero, scale) = (e.text_at(zero.range), e.text_at(scale.range));
        let message = format!("pm.{} starts at 0: it takes {parameter} alone, and no mean", entry.name);
        let fault = Fault::new(call.range, message).rule(Rule::TooManyArguments).fatal();
        let fix = format!("leave out the first number: write `{parameter}={scale}`");
        return Err(fault
            .about(name.unwrap_or(entry.name))
            .seen(format!("{zero}, {scale}"), entry.signature)
            .fix(fix));
    }
    if let Some(extra) = positional.get(entry.positional.len()) {
        let (seen, most) = (positional.len(), entry.positional.len());
        let error = DistributionError::TooManyArguments {
            distribution: entry.name,
            seen,
            most,
            signature: entry.signature,
        };
        return Err(refused(name, extra.range, error));
    }
    for (parameter, argument) in entry.positional.iter().zip(positional) {
        if !matches!(argument.item, Item::None) {
            arguments.push(((*parameter).to_owned(), parameter_of(e, parameter, argument)?));
        }
    }
    for (keyword, argument) in keywords {
        let mut parameter = *keyword;
        if parameter == "method" && entry.name == "MvNormal" {
            way_of_drawing(e, argument)?;
            continue;
        }
        if !entry.names().any(|known| known == parameter) {
            let written = e.text_at(argument.range);
            e.tell(*unknown_keyword(entry, keyword, argument.range, written));
            // A name of another package is understood, so that what follows from it can be checked.
            match foreign_name(entry, keyword).and_then(foreign::renamed) {
                Some(new) if entry.names().any(|known| known == new) => parameter = new,
                _ => {
                    failed = Some(Fault::told(argument.range));
                    continue;
                }
            }
        }
        if !matches!(argument.item, Item::None) {
            arguments.push((parameter.to_owned(), parameter_of(e, parameter, argument)?));
        }
    }
    if let Some(failed) = failed {
        return Err(failed);
    }
    if let Some(sum) = unnormalised(entry, &arguments) {
        let message = format!("these probabilities of pm.{} sum to {sum}, not to 1", entry.name);
        let fault = Fault::new(call.range, message).rule(Rule::Unnormalised);
        e.tell(*fault.about(name.unwrap_or(entry.name)).fix("divide them by their sum"));
    }
    for (parameter, argument) in &arguments {
        if let distributions::Argument::Value(value) = argument
            && matches!(&**parameter, "cov" | "tau" | "scale" | "rowcov" | "colcov")
        {
            charge_factor(e, value, call.range)?;
        }
    }
    let made = entry.make(Vec::new(), arguments).map_err(|error| refused(name, call.range, error))?;
    Ok(made.into())
}

/// `method=` of `MvNormal`: how NumPy would draw it, which says nothing of its density.
fn way_of_drawing(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<()> {
    match &*e.text(argument, "`method`")? {
        "cholesky" | "svd" | "eigh" => Ok(()),
        other => {
            fault(argument.range, format!("`method` is \"cholesky\", \"svd\" or \"eigh\", not \"{other}\""))
        }
    }
}

/// The sum of known probabilities, where it is not 1.
fn unnormalised(entry: &Entry, arguments: &[(String, distributions::Argument)]) -> Option<f64> {
    let weights = match entry.name {
        "Categorical" | "Multinomial" => "p",
        "Mixture" | "NormalMixture" => "w",
        _ => return None,
    };
    let (_, argument) = arguments.iter().find(|(name, _)| name == weights)?;
    let distributions::Argument::Value(value) = argument else { return None };
    let parts = value.as_data()?.chunks((*value.shape().last()?).max(1));
    parts.map(|part| part.iter().sum::<f64>()).find(|sum| (sum - 1.0).abs() > 1e-6)
}

/// Refuses variables whose length nothing gives.
fn check_length(entry: &Entry, call: &Call, own: &[(&str, &Argument)], usage: &Usage<'_>) -> Outcome<()> {
    let is_given = usage.dims.or(usage.shape).or(usage.size).or(usage.observed).is_some();
    let has = |name: &str| own.iter().any(|(known, _)| *known == name);
    let (rule, reason) = match entry.name {
        _ if is_given => return Ok(()),
        "AR"
        | "DiscreteMarkovChain"
        | "GARCH11"
        | "GaussianRandomWalk"
        | "MvGaussianRandomWalk"
        | "MvStudentTRandomWalk"
        | "RandomWalk"
            if !has("steps") =>
        {
            (Rule::LengthNeeded, "Must specify steps or shape parameter")
        }
        "ZeroSumNormal" if !has("support_shape") => {
            (Rule::ZeroSum, "You must specify dims, shape or support_shape parameter")
        }
        _ => return Ok(()),
    };
    Err(Fault::new(call.range, format!("{}: {reason}", entry.name))
        .rule(rule)
        .fix("shape=..., or dims=...")
        .fatal())
}

/// Declares a variable of a distribution; gives its value.
pub(super) fn place(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    distribution: Rc<dyn Distribution>,
    usage: &Usage<'_>,
) -> Outcome<Value> {
    let shape = usage.shape_of(e, &*distribution)?;
    let mut site = Site::new(distribution);
    if let Some(dims) = usage.dims {
        site = site.dims(e.texts(dims, "dims")?);
    }
    if let Some(shape) = shape {
        site = site.shape(shape);
    }
    let start = if usage.observed.is_none() { e.start_of(name) } else { None };
    site = match usage.initial.map(|initial| (&initial.item, initial)) {
        _ if start.is_some() => site,
        Some((Item::Text(text), _)) if &**text == "prior" => site.initial_from_prior(),
        Some((Item::Text(text), _)) if matches!(&**text, "support_point" | "moment") => site,
        Some((Item::Text(text), initial)) => {
            let message =
                format!("`initval` is a number, an array, \"prior\" or \"support_point\", not \"{text}\"");
            return fault(initial.range, message);
        }
        Some((_, initial)) => site.initial(e.known_value(initial, "a starting value")?),
        None => site,
    };
    if let Some(start) = start {
        site = site.initial(start);
    }
    let observed = match usage.observed {
        Some(observed) => Some(observations(e, name, observed)?),
        None => None,
    };
    site = transforms::given(e, call, name, site, usage.default_transform, usage.transform)?;
    if let Some(total) = usage.total_size {
        let rank = observed.as_ref().map_or(0, Value::rank);
        site = site.total_sizes(total_sizes(e, total, rank)?);
    }
    let given = observed.as_ref().map_or(0, Value::len);
    let joint = site.distribution().shape().map_or(0, |joint| shape::elements(&joint));
    e.budget.work(DENSITY.saturating_mul(given.max(joint)), call.range)?;
    let scope = e.open_scope(&call.name, call.range)?;
    let missing = observed
        .as_ref()
        .and_then(Value::as_data)
        .map_or(0, |data| data.iter().filter(|x| x.is_nan()).count());
    let result = match observed {
        Some(observed) => scope.observe(name, site, observed),
        None => scope.sample(name, site),
    };
    let range = usage.observed.map_or(call.range, |observed| observed.range);
    let value = result.map_err(|error| match error {
        ModelError::DiscreteFree { distribution, .. } if missing > 0 => {
            let message = format!(
                "{missing} missing values in the data of `{name}` would become discrete {distribution} parameters, which \
                 are not sampled: leave these rows out"
            );
            let fault = Fault::new(range, message).rule(Rule::MissingObserved).severity(Severity::Error);
            fault.about(name).fix("leave these rows out").fatal()
        }
        error => e.refused_call(call, error),
    })?;
    if missing > 0 {
        let message = format!(
            "{missing} missing values in the data of `{name}` become parameters, `{name}_unobserved`; leave these rows \
             out if that is not meant"
        );
        e.tell(*Fault::new(range, message).rule(Rule::MissingObserved).about(name));
    }
    Ok(value)
}

/// `total_size=`: of the rows, or of each axis of the data, `None` for a whole one and `...` for several.
fn total_sizes(e: &mut Evaluator<'_>, total: &Argument, rank: usize) -> Outcome<Vec<Option<usize>>> {
    if !matches!(total.item, Item::List(_) | Item::Tuple(_)) {
        return Ok(vec![Some(whole(e, total, "total_size")?)]);
    }
    let items = e.iterate(&total.item, total.range)?;
    let mut sizes = Vec::new();
    for item in &items {
        match item {
            Item::None => sizes.push(None),
            Item::Ellipsis => sizes.resize(sizes.len() + (rank + 1).saturating_sub(items.len()), None),
            item => {
                let item = Argument { item: item.clone(), range: total.range };
                sizes.push(Some(whole(e, &item, "total_size")?));
            }
        }
    }
    Ok(sizes)
}

impl Usage<'_> {
    /// The shape that is said of a variable before its distribution is known, and how many of its axes, of the `axes` of
    /// one draw, it holds; `None` where nothing is said.
    pub(super) fn shape_before(
        &self,
        e: &mut Evaluator<'_>,
        axes: usize,
    ) -> Outcome<Option<(Vec<usize>, usize)>> {
        if let Some(shape) = self.shape {
            return Ok(Some((e.shape(shape)?, axes)));
        }
        if let Some(size) = self.size {
            return Ok(Some((e.shape(size)?, 0)));
        }
        if let Some(observed) = self.observed {
            return Ok(Some((e.value(observed)?.shape().to_vec(), axes)));
        }
        let Some(dims) = self.dims else { return Ok(None) };
        let lengths = e.texts(dims, "dims")?.into_iter().map(|dim| e.scope().dim_length(&dim));
        let lengths: Option<Vec<usize>> = lengths.collect();
        Ok(lengths.map(|lengths| (lengths, axes)))
    }

    /// The shape that `shape=` or `size=` gives a variable or component; `size` leaves out the axes of one draw.
    pub(super) fn shape_of(
        &self,
        e: &mut Evaluator<'_>,
        distribution: &dyn Distribution,
    ) -> Outcome<Option<Vec<usize>>> {
        match (self.shape, self.size) {
            (Some(shape), _) => e.shape(shape).map(Some),
            (None, None) => Ok(None),
            (None, Some(size)) => {
                let batch = e.shape(size)?;
                let whole = distribution.shape().or_else(|error| fault(size.range, error.to_string()))?;
                let event = &whole[whole.len().saturating_sub(distribution.event_rank())..];
                Ok(Some([&batch, event].concat()))
            }
        }
    }
}

/// An argument of a distribution: numbers, a distribution, or a list of either.
fn parameter_of(
    e: &mut Evaluator<'_>,
    parameter: &str,
    argument: &Argument,
) -> Outcome<distributions::Argument> {
    match &argument.item {
        Item::List(items) | Item::Tuple(items) if distributions::LISTS.contains(&parameter) => {
            let mut values = Vec::new();
            for item in items.items() {
                match item {
                    Item::Tuple(pair) => {
                        for part in pair.items() {
                            values.push(e.item_value(part, argument.range)?);
                        }
                    }
                    item => values.push(e.item_value(item, argument.range)?),
                }
            }
            return Ok(values.into());
        }
        Item::Component(distribution) => return Ok(distribution.clone().into()),
        Item::List(items) | Item::Tuple(items)
            if items.items().iter().any(|item| matches!(item, Item::Component(_))) =>
        {
            let component = |item: &Item| match item {
                Item::Component(distribution) => Ok(distribution.clone()),
                other => {
                    let seen = other.describe();
                    let message = format!("a list of distributions, with {seen} among them");
                    Err(Fault::new(argument.range, message).rule(Rule::DistributionNeeded))
                }
            };
            let all: Outcome<Vec<Rc<dyn Distribution>>> = items.items().iter().map(component).collect();
            return Ok(all?.into());
        }
        _ => {}
    }
    Ok(self::parameter(e, argument)?.into())
}

/// Numbers without missing ones.
pub(super) fn parameter(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Value> {
    let value = e.value(argument)?;
    e.complete(&value, argument.range)?;
    Ok(value)
}

/// The data of an observed variable.
pub(super) fn observations(e: &mut Evaluator<'_>, name: &str, argument: &Argument) -> Outcome<Value> {
    let value = e.value(argument).map_err(|fault| fault.about(name))?;
    if value.is_random() {
        let message =
            format!("the observed data of `{name}` depend on the model's parameters; they must be data");
        return Err(Fault::new(argument.range, message).rule(Rule::RandomObserved).about(name));
    }
    Ok(value)
}

/// What is written for an argument under a name that its distribution does not have.
fn foreign_name(entry: &Entry, keyword: &str) -> Option<&'static str> {
    let known: Vec<&str> = entry.names().chain(COMMON.iter().copied()).collect();
    foreign::argument(entry.name, &known, keyword)
}

/// An argument that the distribution does not have, as it is written with its value.
fn unknown_keyword(entry: &Entry, keyword: &str, range: TextRange, written: &str) -> Box<Fault> {
    let known: Vec<&str> = entry.names().chain(COMMON.iter().copied()).collect();
    let fault = match foreign_name(entry, keyword).map(|new| (new, foreign::renamed(new))) {
        Some((_, Some(new))) => Fault::new(range, format!("`{keyword}` is called `{new}`"))
            .rule(Rule::RenamedArgument)
            .fix(format!("write `{new}=`"))
            .about(keyword),
        Some((new, None)) => {
            let value = written.split_once('=').map_or("...", |(_, value)| value.trim());
            let is_one = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
            let is_bare = is_one || !new.contains(['/', '-']);
            let value = if is_bare { value.to_owned() } else { format!("({value})") };
            let new = new.replace("{}", &value);
            let message = format!("`pm.{}` has no argument `{keyword}`: write `{new}`", entry.name);
            Fault::new(range, message)
                .rule(Rule::RenamedArgument)
                .fix(format!("write `{new}`"))
                .about(keyword)
        }
        None => {
            let hint = hint(keyword, known.iter().copied());
            let message = format!(
                "`pm.{}` has no argument `{keyword}`; it takes {}{hint}",
                entry.name, entry.signature
            );
            let fault = Fault::new(range, message).rule(Rule::UnknownArgument);
            match keyword {
                "lower" | "upper" | "bounds" | "truncation" => fault.about(keyword).fix(format!(
                    "write `pm.Truncated(\"name\", pm.{}.dist(...), lower=..., upper=...)`",
                    entry.name
                )),
                _ => fault.near(keyword, known.iter().copied()),
            }
        }
    };
    fault.seen(keyword, entry.signature)
}

/// A distribution's refusal of its arguments, for a variable or a component.
fn refused(name: Option<&str>, range: TextRange, source: DistributionError) -> Box<Fault> {
    let Some(name) = name else { return Fault::new(range, source.to_string()).rule(source.rule()).fatal() };
    Fault::refused(range, &ModelError::Distribution { name: name.to_owned(), source })
}
