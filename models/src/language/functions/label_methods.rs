//! Methods of columns: of labels, texts or numbers.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};

use super::methods::unknown;
use super::{Module, pandas, patterns, table_methods, tables, texts, unique};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Sequence};

/// Methods of columns of labels, texts or numbers.
pub(super) fn method(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: Call) -> Outcome<Item> {
    let range = call.range;
    if let Item::Texts(texts) = owner {
        if let "value_counts" | "min" | "max" | "mode" | "dropna" = name
            && texts.iter().any(|text| text == MISSING_TEXT)
        {
            let present = texts.iter().filter(|text| *text != MISSING_TEXT).cloned();
            return method(e, &Item::Texts(present.collect()), name, call);
        }
        match name {
            "count" if call.positional.is_empty() => {
                let present = texts.iter().filter(|text| *text != MISSING_TEXT);
                return Ok(Item::integer(present.count() as i64));
            }
            "fillna" => {
                let [fill] = call.bind(["value"])?;
                let fill = e.text(call.required(fill, "value")?, "what fills a missing text")?;
                e.budget.texts(texts.len(), range)?;
                let filled = texts
                    .iter()
                    .map(|text| if text == MISSING_TEXT { fill.to_string() } else { text.clone() });
                return Ok(Item::Texts(filled.collect()));
            }
            _ => {}
        }
    }
    match name {
        "unique" => pandas::appearing(e, &call.with_receiver(owner.clone())),
        "nunique" => {
            let [] = call.bind([])?;
            let distinct = pandas::factorize(e, &call.alone(owner.clone()))?;
            match &distinct {
                Item::Tuple(pair) => Ok(Item::integer(pair.items()[1].size() as i64)),
                other => Ok(other.clone()),
            }
        }
        "factorize" => pandas::factorize(e, &call.with_receiver(owner.clone())),
        "isin" => unique::is_in(e, &call.with_receiver(owner.clone())),
        "tolist" | "to_list" => {
            let [] = call.bind([])?;
            let items = e.iterate(owner, range)?;
            Ok(Item::List(Sequence::new(items, range)?))
        }
        "astype" if matches!(call.positional.first().map(|a| &a.item), Some(Item::Text(text)) if &**text == "category") => {
            pandas::categorical(e, &call.alone(owner.clone()))
        }
        "astype" if matches!(call.positional.first().map(|a| &a.item), Some(Item::TextType)) => {
            Ok(owner.clone())
        }
        "astype" if matches!(owner, Item::Texts(_)) => {
            let [dtype, _copy] = call.bind(["dtype", "copy"])?;
            let kind = e.kind(call.required(dtype, "dtype")?)?;
            match Module::Pandas.member("to_numeric", range)? {
                Item::Function(read) => match read.run(e, &call.alone(owner.clone()))? {
                    Item::Series(value) => Ok(Item::Series(e.cast(&value, kind, range)?)),
                    other => Ok(other),
                },
                _ => unknown(owner, name, &call),
            }
        }
        "copy" | "to_numpy" => {
            let [] = call.bind([])?;
            Ok(owner.clone())
        }
        "replace" if call.keywords.iter().any(|(name, _)| name == "regex") => {
            let texts = e.texts(&Argument { item: owner.clone(), range }, "a column")?;
            match patterns::of_column(e, &texts, name, &call)? {
                Some(item) => Ok(item),
                None => {
                    let keywords = call.keywords.into_iter().filter(|(name, _)| name != "regex").collect();
                    method(e, owner, name, Call { keywords, ..call })
                }
            }
        }
        "map" | "replace" => {
            let table = match (name, call.positional.as_slice()) {
                ("replace", [old, new]) => {
                    let mut dict = Dict::default();
                    dict.insert(e.key(&old.item, old.range)?, new.item.clone(), range)?;
                    Argument { item: Item::Dict(Rc::new(dict)), range }
                }
                _ => {
                    let [table] = call.bind([if name == "map" { "arg" } else { "to_replace" }])?;
                    call.required(table, "arg")?.clone()
                }
            };
            if table.item.is_callable() {
                return table_methods::apply(e, owner, &call);
            }
            let dict = match &table.item {
                Item::Dict(dict) => dict.clone(),
                Item::Labelled(labelled) => {
                    match table_methods::labelled_method(e, labelled, "to_dict", &call.nothing())? {
                        Some(Item::Dict(dict)) => dict,
                        _ => return unknown(owner, name, &call),
                    }
                }
                _ => {
                    return fault(
                        table.range,
                        format!("`.{name}` is supported with a dictionary or a function"),
                    );
                }
            };
            let is_of_numbers = dict.entries().iter().all(|(_, item)| matches!(item, Item::Number(_)));
            let mut mapped = Vec::new();
            for item in e.iterate(owner, range)? {
                let key = e.key(&item, range)?;
                mapped.push(match (dict.get(&key), name) {
                    (Some(found), _) => found.clone(),
                    (None, "replace") => item,
                    (None, _)
                        if matches!(&item, Item::Text(text) if &**text == MISSING_TEXT) && !is_of_numbers =>
                    {
                        item
                    }
                    (None, _) if is_of_numbers => Item::Number(Value::from(f64::NAN)),
                    (None, _) => {
                        return fault(
                            table.range,
                            format!("the dictionary has no entry for {}", key.display()),
                        );
                    }
                });
            }
            let count = mapped.len();
            let column = tables::column(e, Item::List(Sequence::new(mapped, range)?), count, range)?;
            Ok(match column {
                Item::Series(value) => {
                    Item::numbers(value, owner.is_series() || matches!(owner, Item::Texts(_)))
                }
                other => other,
            })
        }
        "apply" => table_methods::apply(e, owner, &call),
        "value_counts" => table_methods::value_counts(e, owner, &call),
        "min" | "max" if matches!(owner, Item::Texts(_)) => {
            let [] = call.bind([])?;
            let labels = unique::Labels::new(e, &Argument { item: owner.clone(), range })?;
            let order = unique::order(&labels);
            let place = if name == "min" { order.first() } else { order.last() };
            match (owner, place) {
                (Item::Texts(texts), Some(place)) => Ok(Item::text(&texts[*place])),
                _ => fault(range, format!("the `{name}` of no texts is not defined")),
            }
        }
        "astype" if matches!(call.positional.first().map(|a| &a.item), Some(Item::Text(text)) if text.starts_with("datetime64")) => {
            match Module::Pandas.member("to_datetime", range)? {
                Item::Function(read) => read.run(e, &call.alone(owner.clone())),
                _ => unknown(owner, name, &call),
            }
        }
        "isna" | "isnull" | "notna" | "notnull" if matches!(owner, Item::Texts(_) | Item::Categorical(_)) => {
            let [] = call.bind([])?;
            let is_missing: Vec<bool> = match owner {
                Item::Texts(texts) => texts.iter().map(|text| text == MISSING_TEXT).collect(),
                Item::Categorical(categorical) => {
                    categorical.codes.as_data().map_or(Vec::new(), |x| x.iter().map(|x| *x < 0.0).collect())
                }
                _ => Vec::new(),
            };
            let wanted = name.starts_with("is");
            let truths: Vec<f64> = is_missing.iter().map(|is| f64::from(*is == wanted)).collect();
            let shape = vec![truths.len()];
            Ok(Item::Series(Value::data(truths, shape, Kind::Bool)))
        }
        "head" | "tail" | "sort_values" | "drop_duplicates" | "dropna" | "reset_index" | "sample" => {
            rows(e, owner, name, &call)
        }
        "cat" if matches!(owner, Item::Texts(_)) => {
            let [others, separator] = call.bind(["others", "sep"])?;
            let others = e.texts(call.required(others, "others")?, "what is put behind")?;
            let separator = separator.map_or(Ok("".into()), |s| e.text(s, "what parts the texts"))?;
            let own = e.texts(&Argument { item: owner.clone(), range }, "a column")?;
            if own.len() != others.len() {
                return fault(range, format!("{} texts behind {}", others.len(), own.len()));
            }
            e.budget.elements(own.iter().chain(&others).map(String::len).sum(), range)?;
            let both = own.iter().zip(&others).map(|(a, b)| format!("{a}{separator}{b}"));
            Ok(Item::Texts(both.collect()))
        }
        "split" if matches!(owner, Item::Texts(_)) => split(e, owner, &call),
        _ if matches!(owner, Item::Texts(_)) => {
            if let Item::Texts(texts) = owner {
                e.complete_texts(texts, range)?;
            }
            if let Item::Texts(texts) = owner
                && let Some(item) = patterns::of_column(e, texts, name, &call)?
            {
                return Ok(item);
            }
            let mut results = Vec::new();
            for item in e.iterate(owner, range)? {
                let Item::Text(text) = &item else {
                    return unknown(owner, name, &call);
                };
                match texts::method(e, text, name, &call)? {
                    Some(result) => results.push(result),
                    None => return unknown(owner, name, &call),
                }
            }
            let count = results.len();
            tables::column(e, Item::List(Sequence::new(results, range)?), count, range)
        }
        _ => unknown(owner, name, &call),
    }
}

/// `column.str.split(separator)`: lists of the parts; a column for each part with `expand=True`.
fn split(e: &mut Evaluator<'_>, owner: &Item, call: &Call) -> Outcome<Item> {
    let [separator, expand] = call.bind(["pat", "expand"])?;
    let range = call.range;
    let expand = expand.map_or(Ok(false), |expand| e.truth(&expand.item, expand.range))?;
    let inner = Call { positional: separator.cloned().into_iter().collect(), ..call.nothing() };
    let mut rows = Vec::with_capacity(owner.size());
    for text in e.texts(&Argument { item: owner.clone(), range }, "a column")? {
        rows.extend(texts::method(e, &text, "split", &inner)?);
    }
    let rows = Item::List(Sequence::new(rows, range)?);
    if !expand {
        return Ok(rows);
    }
    match Module::Pandas.member("DataFrame", range)? {
        Item::Function(table) => table.run(e, &call.alone(rows)),
        other => Ok(other),
    }
}

/// `column.str.get(place)` of a column of lists.
pub(super) fn parts(e: &mut Evaluator<'_>, owner: &Item, call: &Call) -> Outcome<Item> {
    let [place] = call.bind(["i"])?;
    let place = call.required(place, "i")?;
    let place = e.integer(&place.item, "a place", place.range)? as f64;
    let mut results = Vec::with_capacity(owner.size());
    for item in e.iterate(owner, call.range)? {
        let parts = e.iterate(&item, call.range)?;
        match Sequence::of(parts, call.range)?.item_mut(place) {
            Some(part) => results.push(part.clone()),
            None => return fault(call.range, format!("a row has no part {place}")),
        }
    }
    let count = results.len();
    tables::column(e, Item::List(Sequence::new(results, call.range)?), count, call.range)
}

/// Some rows of a column.
fn rows(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let count = owner.size();
    let places: Vec<usize> = match name {
        "head" | "tail" => {
            let [n] = call.bind(["n"])?;
            let n = n.map_or(Ok(5), |n| e.integer(&n.item, "a number of rows", n.range))?.max(0) as usize;
            let kept = n.min(count);
            if name == "head" { (0..kept).collect() } else { (count - kept..count).collect() }
        }
        "sort_values" => {
            let [ascending] = call.bind(["ascending"])?;
            let ascending = ascending.map_or(Ok(true), |a| e.truth(&a.item, a.range))?;
            let labels = unique::Labels::new(e, &Argument { item: owner.clone(), range })?;
            unique::missing_last(&labels, ascending)
        }
        "drop_duplicates" => {
            let [] = call.bind([])?;
            unique::Labels::new(e, &Argument { item: owner.clone(), range })?.factorize().first
        }
        "dropna" => (0..count).collect(),
        "reset_index" => {
            let [drop] = call.bind(["drop"])?;
            match drop.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))? {
                true => (0..count).collect(),
                false => return fault(range, "`.reset_index` of a column is supported with `drop=True`"),
            }
        }
        _ => return unknown(owner, name, call),
    };
    tables::take(e, owner, &places, range)
}
