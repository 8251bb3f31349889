//! Methods of columns: of labels, texts or numbers.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::CmpOp;

use super::methods::unknown;
use super::{Module, alignment, pandas, patterns, table_methods, tables, text_columns, unique};
use crate::data::MISSING_TEXT;
use crate::dates;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, Sequence};

/// Methods of columns of labels, texts or numbers.
pub(super) fn method(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: Call) -> Outcome<Item> {
    let range = call.range;
    if let Item::Texts(texts) = owner {
        if let "value_counts" | "min" | "max" | "mode" = name
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
                    Item::Number(value) => Ok(Item::Number(e.cast(&value, kind, range)?)),
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
                Item::Labelled(_) | Item::Indexed(_) => {
                    match super::method(e, &table.item, "to_dict", call.nothing())? {
                        Item::Dict(dict) => dict,
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
        "eq" | "ne" => {
            let [other] = call.bind(["other"])?;
            let op = if name == "eq" { CmpOp::Eq } else { CmpOp::NotEq };
            e.compare(op, owner, &call.required(other, "other")?.item, range)
        }
        "diff" | "shift" if let Item::Texts(texts) = owner => moved(e, texts, name, &call),
        "duplicated" => {
            let mut table = Dict::with_labels(owner.rows().cloned());
            table.insert(Key::Text("x".into()), owner.unlabelled(), range)?;
            super::method(e, &Item::Table(Rc::new(table)), name, call)
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
        _ if matches!(owner, Item::Texts(_)) => text_columns::method(e, owner, name, call),
        _ => unknown(owner, name, &call),
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

/// `column.shift(periods)` of texts, and `column.diff(periods)` of dates.
fn moved(e: &mut Evaluator<'_>, texts: &[String], name: &str, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let [periods] = call.bind(["periods"])?;
    let periods = periods.map_or(Ok(1), |n| e.integer(&n.item, "a number of rows", n.range))?;
    e.budget.texts(texts.len(), range)?;
    let before = |k: usize| {
        let place = usize::try_from(k as i64 - periods).ok()?;
        texts.get(place).filter(|text| *text != MISSING_TEXT)
    };
    if name == "shift" {
        let text = |k| before(k).map_or(MISSING_TEXT, |text| text).to_owned();
        return Ok(Item::Texts((0..texts.len()).map(text).collect()));
    }
    let mut spans = Vec::with_capacity(texts.len());
    for (k, text) in texts.iter().enumerate() {
        spans.push(match before(k).filter(|_| text != MISSING_TEXT) {
            None => f64::NAN,
            Some(earlier) => match (dates::parse(text, None, false), dates::parse(earlier, None, false)) {
                (Some(now), Some(then)) => dates::seconds(now) - dates::seconds(then),
                _ => return fault(range, format!("\"{text}\" or \"{earlier}\" is no date")),
            },
        });
    }
    Ok(Item::Span(Value::from(spans)))
}

/// Some rows of a column.
pub(super) fn rows(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: &Call) -> Outcome<Item> {
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
            let labels = unique::Labels::in_order_of(e, owner, range)?;
            unique::missing_last(&labels, ascending)
        }
        "drop_duplicates" => {
            let [] = call.bind([])?;
            unique::Labels::new(e, &Argument { item: owner.clone(), range })?.factorize().first
        }
        "dropna" => match owner.bare() {
            Item::Texts(texts) => (0..count).filter(|&k| texts[k] != MISSING_TEXT).collect(),
            Item::Categorical(categorical) => {
                let codes = categorical.codes.as_data().map(|codes| codes.to_vec()).unwrap_or_default();
                (0..count).filter(|&k| codes[k] >= 0.0).collect()
            }
            _ => (0..count).collect(),
        },
        "reset_index" => {
            let [drop] = call.bind(["drop"])?;
            match drop.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))? {
                true => (0..count).collect(),
                false => return fault(range, "`.reset_index` of a column is supported with `drop=True`"),
            }
        }
        _ => return unknown(owner, name, call),
    };
    match name {
        "reset_index" => tables::take(e, owner, &places, range),
        _ => alignment::chosen(e, owner, &places, range),
    }
}
