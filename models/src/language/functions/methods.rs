//! Attributes and methods of arrays, dictionaries and texts, and where those of other items are found.

use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_engine::program::value::Subscript;
use chainfire_kernels::tape::Unary;
use ruff_text_size::TextRange;

use super::{
    Module, RG, RL, Run, categories, columns, components,
    conditional::{self, Step},
    custom, derived, frames, groups, indexed, label_methods, labelled_methods, model_object, pandas,
    rearrange, reduce, set_methods, table_columns, table_methods, tables, texts, times, unique, written,
};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault, hint};
use crate::language::evaluate::{Argument, Call, Evaluator, Library, unknown_member};
use crate::language::item::{Dict, Item, Key, Labelled, Locator, Sequence};

const ATTRIBUTES: &[&str] =
    &["T", "shape", "size", "ndim", "values", "index", "columns", "codes", "categories", "cat"];

/// Methods that are a function of NumPy under the same name.
const AS_NUMPY: &[&str] = &[
    "sum",
    "mean",
    "prod",
    "max",
    "min",
    "any",
    "all",
    "argmax",
    "argmin",
    "median",
    "cumsum",
    "cumprod",
    "round",
    "clip",
    "repeat",
    "squeeze",
    "transpose",
    "swapaxes",
    "dot",
    "reshape",
    "ravel",
    "argsort",
    "quantile",
    "diff",
    "nonzero",
    "searchsorted",
    "ptp",
    "trace",
    "diagonal",
    "take",
    "compress",
    "sort",
    "norm",
    "cov",
];

/// Summaries of a column, which pass over what is missing.
const SKIPPING: &[&str] = &[
    "count", "mean", "std", "var", "sum", "prod", "min", "max", "median", "quantile", "any", "all", "sem",
    "skew", "kurt", "kurtosis", "mode", "nunique",
];

/// Other methods that only columns have.
const OF_COLUMNS: &[&str] = &[
    "shift",
    "pct_change",
    "between",
    "rank",
    "idxmax",
    "idxmin",
    "ffill",
    "bfill",
    "where",
    "mask",
    "corr",
    "cummax",
    "cummin",
];

/// Other methods of arrays and columns.
const OWN: &[&str] = &[
    "std",
    "var",
    "flatten",
    "dimshuffle",
    "astype",
    "copy",
    "to_numpy",
    "tolist",
    "to_list",
    "item",
    "unique",
    "nunique",
    "isin",
    "map",
    "factorize",
    "abs",
    "isna",
    "isnull",
    "notna",
    "fillna",
    "eval",
    "sqrt",
    "exp",
    "log",
    "append",
    "extend",
    "keys",
    "items",
    "get",
    "index",
    "count",
    "format",
    "add_coord",
    "add_coords",
    "value_counts",
    "dropna",
    "reset_index",
];

/// Whether arrays or columns have a method of this name.
fn is_of_arrays(name: &str) -> bool {
    [AS_NUMPY, OF_COLUMNS, OWN].iter().any(|names| names.contains(&name)) || table_columns::is_operator(name)
}

/// Methods of tables that are those of dictionaries, whose entries may differ in length.
const OF_DICTIONARIES: &[&str] = &["keys", "items", "values", "get", "copy", "pop", "update", "setdefault"];

/// Whether arrays have a method of a name.
pub(in crate::language) fn is_method(owner: &Item, name: &str) -> bool {
    owner.is_array() && is_of_arrays(name)
}

/// `owner.name`
pub(in crate::language) fn attribute(
    e: &mut Evaluator<'_>,
    owner: &Item,
    name: &str,
    range: TextRange,
) -> Outcome<Item> {
    let axes = |shape: &[usize]| {
        let sizes = shape.iter().map(|&n| Item::integer(n as i64)).collect();
        Ok(Item::Tuple(Sequence::new(sizes, range)?))
    };
    if let Item::Indexed(column) = owner {
        return indexed::of_column(e, owner, column, name, range);
    }
    if let Some(item) = times::member(e, owner, name, None, range)? {
        return Ok(item);
    }
    match (owner, name) {
        (Item::Table(table), "files") if table.get_text(name).is_none() => {
            return Ok(Item::List(Sequence::new(table.names().map(Item::text).collect(), range)?));
        }
        (Item::Number(value) | Item::Series(value), _) => match name {
            "mT" if value.rank() > 1 => {
                let order: Vec<usize> =
                    (0..value.rank() - 2).chain([value.rank() - 1, value.rank() - 2]).collect();
                return Ok(Item::Number(rearrange::permuted(e, value, &order, range)?));
            }
            "T" => return Ok(Item::numbers(e.finish_value(value.transpose(), range)?, owner.is_series())),
            "shape" => return axes(value.shape()),
            "size" => return Ok(Item::integer(value.len() as i64)),
            "ndim" => return Ok(Item::integer(value.rank() as i64)),
            "values" | "array" | "real" => return Ok(Item::Number(value.clone())),
            "dtype" | "type" => return Ok(Item::Type(value.kind())),
            "flat" => return Ok(Item::Number(value.reshape(&[value.len()]))),
            "loc" | "iloc" | "at" | "iat" if owner.is_series() => {
                let by_label = matches!(name, "loc" | "at");
                return Ok(Item::Locator(Rc::new(Locator { owner: owner.clone(), by_label })));
            }
            // JAX's `x.at[k].set(y)`
            "at" => return Ok(owner.clone()),
            "name" if !owner.is_series() => {
                return Ok(e.scope().name_of(value).map_or(Item::None, Item::text));
            }
            "mask" if !owner.is_series() => return Ok(Item::Number(value.unary(Unary::IsNan))),
            "index" if owner.is_series() => return Ok(Item::Range { start: 0, step: 1, count: value.len() }),
            _ => {}
        },
        (Item::Labelled(labelled), "index") => return Ok(labelled.rows.labels.clone()),
        (Item::Labelled(labelled), "values") => return Ok(Item::Number(labelled.values.clone())),
        (Item::Labelled(labelled), "name") if labelled.name.is_empty() => return Ok(Item::None),
        (Item::Labelled(labelled), "name") => return Ok(Item::Text(labelled.name.clone())),
        // The cell of a row, by the name of its column.
        (Item::Labelled(labelled), _)
            if let Item::Texts(names) = &labelled.rows.labels
                && !is_of_arrays(name)
                && let Some(place) = names.iter().position(|known| known == name) =>
        {
            return Ok(Item::Number(labelled.values.index(&[Subscript::At(place as i64)])));
        }
        (Item::Labelled(labelled), _) if matches!(name, "shape" | "size" | "ndim" | "T") => {
            return attribute(e, &Item::Series(labelled.values.clone()), name, range);
        }
        (Item::Table(_) | Item::Labelled(_) | Item::Texts(_), "loc" | "iloc" | "at" | "iat") => {
            let by_label = matches!(name, "loc" | "at");
            return Ok(Item::Locator(Rc::new(Locator { owner: owner.clone(), by_label })));
        }
        (Item::Tuple(items), _) if items.named(name).is_some() => {
            return Ok(items.named(name).cloned().unwrap_or(Item::None));
        }
        (Item::Grouped(grouped), "indices" | "groups") => return groups::places(e, grouped, range),
        (Item::Grouped(grouped), "ngroups") => return Ok(Item::integer(grouped.rows.labels.size() as i64)),
        (Item::Grouped(grouped), _) if grouped.columns.get_text(name).is_some() => {
            return groups::choose(e, grouped, &Item::text(name), range);
        }
        (Item::Texts(_) | Item::List(_), "str") => return Ok(owner.clone()),
        (Item::Texts(_), "cat") => {
            let argument = Argument { item: owner.clone(), range };
            let call = Call { name: "cat".into(), range, positional: vec![argument], keywords: Vec::new() };
            return pandas::categorical(e, &call);
        }
        // Labels are kept as lists, too.
        (Item::List(labels), "values") if labels.numbers().is_none() => {
            return pandas::label_item(e, owner.clone(), range);
        }
        (Item::Texts(texts), "shape") => return axes(&[texts.len()]),
        (Item::Texts(texts), "size") => return Ok(Item::integer(texts.len() as i64)),
        (Item::Texts(_), "ndim") => return Ok(Item::integer(1)),
        (Item::Texts(_), "values" | "T") => return Ok(owner.clone()),
        (Item::Texts(texts), "index") => return Ok(Item::Range { start: 0, step: 1, count: texts.len() }),
        (Item::Table(table), "columns") => {
            if table.names().count() == table.entries().len() {
                return Ok(Item::Texts(table.names().map(str::to_owned).collect()));
            }
            let names = table.entries().iter().map(|(key, _)| key.item()).collect();
            return Ok(Item::List(Sequence::new(names, range)?));
        }
        (Item::Table(table), "index") => return Ok(tables::row_labels(table)),
        (Item::Table(table), "shape") => return axes(&[tables::rows(table), table.entries().len()]),
        (Item::Table(table), "size") => {
            return Ok(Item::integer((tables::rows(table) * table.entries().len()) as i64));
        }
        (Item::Table(table), "empty") => return Ok(Item::truth(tables::rows(table) == 0)),
        (Item::Table(table), "height") if table.get_text(name).is_none() => {
            return Ok(Item::integer(tables::rows(table) as i64));
        }
        (Item::Table(table), "T") => return table_columns::transposed(e, table, range),
        // Texts have no array of two axes: the table itself stands for its values.
        (Item::Table(table), "values")
            if !table.entries().is_empty()
                && table.entries().iter().all(|(_, column)| matches!(column, Item::Texts(_))) =>
        {
            return Ok(owner.clone());
        }
        (Item::Table(_), "values") => return Ok(Item::Number(e.item_value(owner, range)?)),
        (Item::Categorical(categorical), "codes") => return Ok(Item::Number(categorical.codes.clone())),
        (Item::Categorical(categorical), "categories") => return Ok(categorical.categories.clone()),
        (Item::Categorical(_), "cat" | "values") => return Ok(owner.clone()),
        (Item::Range { .. }, "values" | "shape" | "size" | "ndim") => {
            let numbers = Item::Number(e.item_value(owner, range)?);
            return attribute(e, &numbers, name, range);
        }
        // The name of a function and of the modules that hold it.
        (Item::Function(function), "basic" | "utils" | "views" | "until")
            if function.name() == "pytensor.scan" =>
        {
            return match name {
                "until" => Module::PyTensor.member(name, range),
                _ => Ok(Item::Module(Module::PyTensor)),
            };
        }
        (Item::Component(_) | Item::Conditional(_), _) => {
            let operands = || conditional::operands([owner], range);
            let item = conditional::derived(e, Step::Attribute(name.into()), operands, |e| {
                Ok(derived::attribute(e, owner, name, range)?.unwrap_or(Item::None))
            })?;
            if !matches!(item, Item::None) {
                return Ok(item);
            }
        }
        (Item::Gaussian(part), _) => {
            if let Some(item) = part.attribute(e, name) {
                return Ok(item);
            }
        }
        (Item::TextType, "upper" | "lower" | "strip" | "title") => {
            return e.written(Library::Pandas, &format!("text_{name}"), range);
        }
        (Item::Model(which), _) => {
            if let Some(item) = e.of_model(which.number, |e| model_object::attribute(e, name, range))? {
                return Ok(item);
            }
        }
        (Item::Span(span), _) => {
            if let Some(item) = times::of_span(e, span, name, range)? {
                return Ok(item);
            }
        }
        (Item::Differential(part), _) => {
            if let Some(item) = part.attribute(name) {
                return Ok(item);
            }
        }
        // The environment of a script says how it runs, and is empty here.
        (Item::Foreign(module), "environ") if &**module == "os" => {
            return Ok(Item::Dict(Dict::default().into()));
        }
        (Item::Foreign(module), _) => return Err(unknown_member(module, name, range)),
        _ => {}
    }
    if let Item::Table(table) = owner {
        let hint = hint(name, table.names());
        let message = format!("the table has no column `{name}`{hint}");
        return Err(Fault::new(range, message).rule(Rule::UndefinedName).about(name));
    }
    if let (Item::Dict(_), "get" | "pop" | "setdefault")
    | (Item::List(_) | Item::Tuple(_), "index" | "count")
    | (
        Item::Text(_),
        "format" | "join" | "upper" | "lower" | "strip" | "replace" | "startswith" | "endswith" | "split",
    ) = (owner, name)
    {
        return Ok(Item::Method(Rc::new((owner.clone(), name.into()))));
    }
    let seen = owner.describe();
    if is_of_arrays(name) {
        return fault(range, format!("`.{name}` is a method: write `.{name}()`"));
    }
    fault(
        range,
        format!(
            "{seen} has no attribute `{name}`, or it is not supported yet{}",
            hint(name, ATTRIBUTES.iter().copied())
        ),
    )
}

/// `owner.name(...)`
pub(in crate::language) fn method(
    e: &mut Evaluator<'_>,
    owner: &Item,
    name: &str,
    call: Call,
) -> Outcome<Item> {
    if let Item::Indexed(column) = owner {
        return indexed::method_of(e, owner, column, name, call);
    }
    if let Some(item) = times::member(e, owner, name, Some(&call), call.range)? {
        return Ok(item);
    }
    let call = indexed::meeting(e, owner, name, call)?;
    if let Item::Table(table) = owner
        && !OF_DICTIONARIES.contains(&name)
    {
        tables::check_rows(table, call.range)?;
    }
    if let ("astype", Some(Argument { item: Item::Categorical(wanted), range })) =
        (name, call.positional.first())
        && !matches!(owner, Item::Table(_))
    {
        let mut inner = call.alone(owner.clone());
        inner.positional.push(Argument { item: wanted.categories.clone(), range: *range });
        return pandas::categorical(e, &inner);
    }
    match owner {
        Item::Function(function)
            if (&*function.name(), name) == ("scipy.interpolate.BSpline", "design_matrix") =>
        {
            let callee = e.written(Library::SciPySparse, name, call.range)?;
            e.apply(&callee, call)
        }
        Item::Span(span) => match times::of_span(e, span, name, call.range)? {
            Some(item) => Ok(item),
            None => match numbers(e, &Item::Number(span.clone()), name, call)? {
                Item::Number(span) => Ok(Item::Span(span)),
                other => Ok(other),
            },
        },
        Item::Series(_) | Item::Labelled(_) | Item::Texts(_) if name == "groupby" => {
            groups::group_column(e, owner, &call)
        }
        _ if written::is_method(owner, name) => {
            let callee = e.written(Library::Pandas, name, call.range)?;
            e.apply(&callee, call.with_receiver(owner.clone()))
        }
        Item::Series(_) | Item::Labelled(_) if name == "resample" => {
            super::bins::resample_column(e, owner, &call)
        }
        Item::Labelled(labelled) if name == "unstack" => tables::unstacked(e, labelled, &call),
        Item::Number(_) => numbers(e, owner, name, call),
        Item::Series(_) => {
            let result = numbers(e, owner, name, call)?;
            Ok(indexed::of_rows(owner, name, result))
        }
        Item::List(items) | Item::Tuple(items) if name == "count" && !items.is_set() => {
            let [wanted] = call.bind(["value"])?;
            let wanted = call.required(wanted, "value")?;
            let mut count = 0;
            for item in e.iterate(owner, call.range)? {
                count += i64::from(e.equal(&item, &wanted.item, call.range)?);
            }
            Ok(Item::integer(count))
        }
        Item::Range { .. } if name != "index" => {
            let numbers = Item::Number(e.item_value(owner, call.range)?);
            method(e, &numbers, name, call)
        }
        Item::Labelled(labelled) if name == "alias" => {
            let [name] = call.bind(["name"])?;
            let name = e.text(call.required(name, "name")?, "a name")?;
            let (rows, values) = (labelled.rows.clone(), labelled.values.clone());
            Ok(Item::Labelled(Rc::new(Labelled { rows, name, values })))
        }
        Item::Labelled(labelled) => match columns::operator(e, owner, name, &call)?
            .map_or_else(|| labelled_methods::method(e, labelled, name, &call), |item| Ok(Some(item)))?
        {
            Some(item) => Ok(item),
            None => {
                let result = numbers(e, &Item::Series(labelled.values.clone()), name, call)?;
                Ok(indexed::of_rows(owner, name, result))
            }
        },
        Item::Grouped(grouped) => match groups::method(e, grouped, name, &call)? {
            Some(item) => Ok(item),
            None => unknown(owner, name, &call),
        },
        Item::Table(table) => match table_methods::method(e, table, name, &call)? {
            Some(item) => Ok(item),
            None => entries(e, owner, name, &call),
        },
        Item::Categorical(categorical) => categories::method(e, owner, categorical, name, call),
        Item::Text(text) => match texts::method(e, text, name, &call)? {
            Some(item) => Ok(item),
            None => unknown(owner, name, &call),
        },
        // Texts without labels are an array, or an index: what comes of them is one, too.
        Item::Texts(_) => match label_methods::method(e, owner, name, call)? {
            Item::Series(values) => Ok(Item::Number(values)),
            other => Ok(other),
        },
        Item::Dict(_) if name == "to_dict" => Ok(owner.clone()),
        Item::Dict(_) => entries(e, owner, name, &call),
        Item::List(set)
            if set.is_set()
                && let Some(item) = set_methods::method(e, set, name, &call)? =>
        {
            Ok(item)
        }
        Item::List(items) | Item::Tuple(items) => match name {
            "get" => label_methods::parts(e, owner, &call),
            "to_list" | "tolist" | "copy" => {
                Ok(Item::List(Sequence::new(items.items().to_vec(), call.range)?))
            }
            "index" => {
                let [wanted] = call.bind(["value"])?;
                let wanted = call.required(wanted, "value")?;
                for (k, item) in items.items().iter().enumerate() {
                    if e.equal(item, &wanted.item, call.range)? {
                        return Ok(Item::integer(k as i64));
                    }
                }
                fault(call.range, format!("{} is not in the list", wanted.item.describe()))
            }
            _ => unknown(owner, name, &call),
        },
        Item::Model(which) => {
            match e.of_model(which.number, |e| model_object::method(e, *which, name, &call))? {
                Some(item) => Ok(item),
                None => unknown(owner, name, &call),
            }
        }
        Item::Joint(joint) => joint.method(e, name, &call),
        Item::Function(function) if function.name() == "scipy.stats.multivariate_normal" => {
            super::joint::unfixed(e, name, &call)
        }
        Item::Gaussian(part) => part.method(e, name, &call),
        Item::Family(family) => family.method(e, name, &call),
        Item::Frozen(frozen) => frozen.method(e, name, &call),
        Item::Generator(stream) => {
            let set = if e.generator(*stream, call.range)?.is_legacy() { RL } else { RG };
            match super::random::rows().find(|row| row.0 == name && row.1 & set != 0) {
                Some((_, _, Run::Draw(draw))) => draw.run(e, &call, *stream),
                _ => {
                    let names = super::random::rows().filter(|row| row.1 & set != 0).map(|row| row.0);
                    fault(call.range, format!("generators have no `{name}` here{}", hint(name, names)))
                }
            }
        }
        Item::Function(function)
            if matches!(name, "from_dict" | "from_records") && function.name() == "pd.DataFrame" =>
        {
            match name {
                "from_dict" => frames::from_dict(e, &call),
                _ => function.run(e, &call),
            }
        }
        Item::Function(function) if name == "outer" => function.outer(e, &call),
        Item::Function(function) if name == "accumulate" => function.folded(e, &call, true),
        Item::Function(function) if name == "reduce" => function.folded(e, &call, false),
        Item::Function(function) if name == "from_iterable" && function.name() == "itertools.chain" => {
            let [items] = call.bind(["iterable"])?;
            let items = call.required(items, "iterable")?;
            let mut inner = call.nothing();
            for item in e.iterate(&items.item, items.range)? {
                inner.positional.push(Argument { item, range: items.range });
            }
            function.run(e, &inner)
        }
        Item::Function(function) if matches!(name, "today" | "now") && function.name() != "np.datetime64" => {
            fault(call.range, "the present day differs every time: write the date")
        }
        Item::Function(function)
            if matches!(name, "strptime" | "fromisoformat" | "fromordinal")
                && function.name().starts_with("datetime") =>
        {
            match Module::Pandas.member("to_datetime", call.range)? {
                Item::Function(read) if name != "fromordinal" => {
                    let mut inner = call.nothing();
                    inner.positional = call.positional.clone();
                    read.run(e, &inner)
                }
                _ => unknown(owner, name, &call),
            }
        }
        Item::Component(_) | Item::Conditional(_) => {
            let operands = || call.clone().with_receiver(owner.clone());
            conditional::derived(e, Step::Method(name.into()), operands, |e| {
                derived::method(e, owner, name, call.clone())
            })
        }
        Item::Distribution(entry) if name == "dist" => {
            if let Some(first) = call.positional.first().filter(|first| matches!(first.item, Item::Text(_))) {
                let message = "`.dist()` makes no variable of the model, and takes no name: leave it out";
                return Err(Fault::new(first.range, message)
                    .rule(Rule::NameNeeded)
                    .fix("leave the name out"));
            }
            let operands = || call.clone().with_receiver(owner.clone());
            conditional::derived(e, Step::Method(name.into()), operands, |e| {
                components::component(e, entry, &call)
            })
        }
        Item::Function(function) if name == "dist" && function.makes_distributions() => {
            let operands = || call.clone().with_receiver(owner.clone());
            conditional::derived(e, Step::Method(name.into()), operands, |e| custom::component(e, &call))
        }
        _ => unknown(owner, name, &call),
    }
}

pub(super) fn unknown(owner: &Item, name: &str, call: &Call) -> Outcome<Item> {
    let cured = match (owner, name) {
        (Item::Number(_) | Item::Series(_), "shape" | "size" | "ndim" | "T" | "values") => Some((
            format!("`{name}` is no method: it is written without parentheses"),
            format!("write `.{name}`"),
        )),
        (Item::Component(_) | Item::Distribution(_), "logp" | "logcdf" | "icdf" | "log_prob") => {
            let function = if name == "log_prob" { "logp" } else { name };
            Some((
                format!("distributions have no method `{name}`: it is a function of PyMC"),
                format!(
                    "write `pm.{function}(distribution, value)`, with a distribution that `.dist(...)` makes"
                ),
            ))
        }
        (Item::Number(value), "logp" | "logcdf" | "log_prob") if value.is_random() => Some((
            format!("variables have no method `{name}`"),
            "write `pm.logp(distribution, value)`, with a distribution that `.dist(...)` makes".to_owned(),
        )),
        _ => None,
    };
    if let Some((message, fix)) = cured {
        return Err(Fault::new(call.range, message).fix(fix));
    }
    let names = AS_NUMPY.iter().chain(OF_COLUMNS).chain(OWN).copied();
    let hint = hint(name, names);
    fault(
        call.range,
        format!("{} has no method `{name}`, or it is not supported yet{hint}", owner.describe()),
    )
}

fn numpy(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: Call) -> Outcome<Item> {
    match Module::NumPy.member(name, call.range)? {
        Item::Function(function) => function.run(e, &call.with_receiver(owner.clone())),
        _ => unknown(owner, name, &call),
    }
}

/// `skipna=True`, which is taken out of the call.
fn skips_missing(e: &mut Evaluator<'_>, call: &mut Call) -> Outcome<bool> {
    let Some(place) = call.keywords.iter().position(|(keyword, _)| keyword == "skipna") else {
        return Ok(true);
    };
    let (_, skips) = call.keywords.remove(place);
    e.truth(&skips.item, skips.range)
}

fn numbers(e: &mut Evaluator<'_>, owner: &Item, name: &str, mut call: Call) -> Outcome<Item> {
    let series = owner.is_series();
    let Some(value) = owner.as_value().cloned() else {
        return unknown(owner, name, &call);
    };
    let range = call.range;
    e.budget.work(value.len(), range)?;
    let is_summary = series && SKIPPING.contains(&name);
    let (owner, value) = match reduce::without_missing(owner).filter(|_| is_summary) {
        Some(present) if skips_missing(e, &mut call)? => (&Item::Series(present.clone()), present),
        Some(_) => (&Item::Number(value.clone()), value),
        None => (owner, value),
    };
    match name {
        "count" if series => Ok(Item::integer(value.len() as i64)),
        "diff" | "cov" if series => super::columns::method(e, &value, name, &call),
        "median" | "quantile" | "diff" | "cov" if !series => unknown(owner, name, &call),
        name if AS_NUMPY.contains(&name) && name != "norm" => numpy(e, owner, name, call),
        "std" | "var" => {
            // pandas divides by n - 1, NumPy by n.
            if series && !call.keywords.iter().any(|(keyword, _)| keyword == "ddof") {
                call.keywords.push(("ddof".into(), Argument { item: Item::integer(1), range }));
            }
            reduce::reduce(e, &call.with_receiver(owner.clone()), name)
        }
        "rename" | "alias" if series => {
            let [name] = call.bind(["index"])?;
            let name = e.text(call.required(name, "index")?, "the name of a column")?;
            let labels = tables::index_of(owner);
            let names = if let Item::Labelled(known) = owner { known.rows.names.clone() } else { Vec::new() };
            Ok(tables::labelled(names, labels, name, value))
        }
        "dimshuffle" => rearrange::shuffle(e, &value, &call),
        "flatten" => match rearrange::flatten(e, &call.with_receiver(owner.clone()))? {
            Item::Number(flat) => Ok(Item::Number(own(e, &flat, range)?)),
            other => Ok(other),
        },
        "norm" if !series => {
            let norm = super::Module::Linear.member("norm", range)?;
            e.apply(&norm, call.with_receiver(owner.clone()))
        }
        "zeros_like" | "ones_like" => numpy(e, owner, name, call),
        "set_value" => {
            let [new, _borrow] = call.bind(["new_value", "borrow"])?;
            let new = e.value(call.required(new, "new_value")?)?;
            let Some(name) = e.scope().name_of(&value).map(ToOwned::to_owned) else {
                return fault(
                    range,
                    "give what is shared its value where it is made, with `pytensor.shared(value)`",
                );
            };
            e.note_next_data(e.present_model().number, &name, new);
            Ok(Item::None)
        }
        "copy" | "eval" | "get_value" | "type" | "tolist" | "to_list" => {
            let [] = call.bind([])?;
            match name {
                "copy" => Ok(Item::numbers(own(e, &value, range)?, series)),
                // `x.type()` is a tensor of the type of `x`.
                "eval" | "get_value" | "type" => Ok(Item::Number(value)),
                _ => as_list(e, &Item::Number(value), range),
            }
        }
        "astype" | "to_numpy" => {
            let [dtype, _copy] = call.bind(["dtype", "copy"])?;
            if let Some(dtype) = dtype {
                if matches!(&dtype.item, Item::Text(text) if &**text == "category") {
                    return pandas::categorical(e, &call.alone(owner.clone()));
                }
                if matches!(&dtype.item, Item::TextType) {
                    let mut texts = Vec::with_capacity(value.len());
                    for item in e.iterate(owner, range)? {
                        texts.push(e.display(&item, range)?);
                    }
                    return Ok(Item::Texts(texts.into()));
                }
                let kind = e.kind(dtype)?;
                let value = e.cast(&value, kind, range)?;
                return Ok(Item::numbers(own(e, &value, range)?, series && name == "astype"));
            }
            Ok(Item::Number(value))
        }
        _ if series && (OF_COLUMNS.contains(&name) || table_columns::is_operator(name)) => {
            super::columns::method(e, &value, name, &call)
        }
        "item" if !call.positional.is_empty() => {
            let places: Vec<Item> = call.positional.iter().map(|place| place.item.clone()).collect();
            let flat = if places.len() == 1 { value.reshape(&[value.len()]) } else { value.clone() };
            let mut subscripts = Vec::new();
            for place in &places {
                subscripts.push(e.subscript_of(place, range)?);
            }
            Ok(Item::Number(e.index(&flat, subscripts, range)?))
        }
        "item" => {
            let [] = call.bind([])?;
            match value.len() {
                1 => Ok(Item::Number(value.reshape(&[]))),
                n => fault(range, format!("`.item()` takes the element of an array with one; this has {n}")),
            }
        }
        "abs" | "sqrt" | "exp" | "log" => {
            let op = match name {
                "abs" => Unary::Abs,
                "sqrt" => Unary::Sqrt,
                "exp" => Unary::Exp,
                _ => Unary::Log,
            };
            let [] = call.bind([])?;
            Ok(Item::numbers(e.finish_value(value.unary(op), range)?, series))
        }
        "isna" | "isnull" | "notna" | "notnull" => {
            let [] = call.bind([])?;
            let missing = value.unary(Unary::IsNan);
            Ok(Item::numbers(
                if name.starts_with("not") { missing.unary(Unary::Not) } else { missing },
                series,
            ))
        }
        "fillna" => {
            let [fill] = call.bind(["value"])?;
            let fill = e.value(call.required(fill, "value")?)?;
            Ok(Item::numbers(e.finish_value(value.unary(Unary::IsNan).select(&fill, &value), range)?, series))
        }
        "dropna" => {
            let Some(numbers) = value.as_data() else {
                return unknown(owner, name, &call);
            };
            let places: Vec<usize> = (0..numbers.len()).filter(|&k| !numbers[k].is_nan()).collect();
            super::chosen(e, owner, &places, range)
        }
        _ => label_methods::method(e, owner, name, call),
    }
}

/// Lists of lists of numbers.
fn as_list(e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<Item> {
    match item.as_value() {
        Some(value) if value.rank() > 0 => {
            let mut items = Vec::new();
            for row in e.iterate(item, range)? {
                items.push(as_list(e, &row, range)?);
            }
            Ok(Item::List(Sequence::new(items, range)?))
        }
        _ => Ok(item.clone()),
    }
}

/// Numbers that no other name has.
fn own(e: &mut Evaluator<'_>, value: &Value, range: TextRange) -> Outcome<Value> {
    e.budget.elements(value.len(), range)?;
    Ok(match value.as_data() {
        Some(numbers) => Value::data(numbers.to_vec(), value.shape(), value.kind()),
        None => value.clone(),
    })
}

fn entries(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: &Call) -> Outcome<Item> {
    let (Item::Dict(dict) | Item::Table(dict)) = owner else {
        return unknown(owner, name, call);
    };
    let range = call.range;
    e.budget.steps(dict.entries().len(), range)?;
    let list = |items: Vec<Item>| Ok(Item::List(Sequence::new(items, range)?));
    match name {
        "keys" => list(dict.entries().iter().map(|(key, _)| key.item()).collect()),
        "values" => list(dict.entries().iter().map(|(_, item)| item.clone()).collect()),
        "items" => {
            let pair = |(key, item): &(Key, Item)| {
                Ok(Item::Tuple(Sequence::new(vec![key.item(), item.clone()], range)?))
            };
            list(dict.entries().iter().map(pair).collect::<Outcome<_>>()?)
        }
        "get" => {
            let [key, default] = call.bind(["key", "default"])?;
            let key = call.required(key, "key")?;
            let found = dict.get(&e.key(&key.item, key.range)?).cloned();
            Ok(found.unwrap_or_else(|| default.map_or(Item::None, |default| default.item.clone())))
        }
        "most_common" => super::collections::most_common(e, dict, call),
        "total" | "elements" if dict.missing.is_some() => super::collections::counted(e, dict, name, call),
        "copy" => Ok(match owner {
            Item::Table(_) => Item::Table(Rc::new((**dict).clone())),
            _ => Item::Dict(Rc::new((**dict).clone())),
        }),
        "ravel" | "flatten" if matches!(owner, Item::Table(_)) => {
            let labels = unique::Labels::new(e, &Argument { item: owner.clone(), range })?;
            Ok(labels.take(&(0..labels.len()).collect::<Vec<_>>()))
        }
        "to_numpy" => Ok(Item::Number(e.item_value(owner, range)?)),
        _ => unknown(owner, name, call),
    }
}
