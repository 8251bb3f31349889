//! `column.str`: methods of the texts of a column. A missing text has no length, contains nothing and stays missing.

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::methods::unknown;
use super::{Module, indexed, patterns, tables, texts};
use crate::data::MISSING_TEXT;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Sequence};

/// `column.str.name(...)`
pub(in crate::language) fn method(
    e: &mut Evaluator<'_>,
    owner: &Item,
    name: &str,
    mut call: Call,
) -> Outcome<Item> {
    let range = call.range;
    if let Item::Indexed(column) = owner {
        return indexed::text_method_of(e, owner, column, name, call);
    }
    let column = match owner {
        Item::Texts(texts) => texts.clone(),
        Item::Categorical(_) => e.texts(&Argument { item: owner.clone(), range }, "a column")?.into(),
        _ => return super::method(e, owner, name, call),
    };
    if let "split" | "cat" | "findall" = name {
        e.complete_texts(&column, range)?;
    }
    match name {
        "split" => return split(e, owner, &call),
        "cat" => return joined(e, owner, &call),
        _ => {}
    }
    let is_test = ["contains", "match", "fullmatch", "startswith", "endswith"].contains(&name);
    let missing = match call.keywords.iter().position(|(keyword, _)| keyword == "na" && is_test) {
        Some(place) => {
            let (_, na) = call.keywords.remove(place);
            e.truth(&na.item, na.range)?
        }
        None => false,
    };
    let places: Vec<usize> = (0..column.len()).filter(|&k| column[k] != MISSING_TEXT).collect();
    let present: Vec<String> = places.iter().map(|&k| column[k].clone()).collect();
    e.budget.texts(present.len(), range)?;
    let found = match patterns::of_column(e, &present, name, &call)? {
        Some(item) => item,
        None => {
            let mut results = Vec::with_capacity(present.len());
            for text in &present {
                match texts::method(e, text, name, &call)? {
                    Some(result) => results.push(result),
                    None => return unknown(owner, name, &call),
                }
            }
            let count = results.len();
            tables::column(e, Item::List(Sequence::new(results, range)?), count, range)?
        }
    };
    Ok(match spread(e, found, &places, column.len(), missing, range)? {
        Item::Series(values) => Item::Number(values),
        other => other,
    })
}

/// What was found for the rows that are not missing, for all rows: texts stay missing, numbers are NaN.
pub(super) fn spread(
    e: &mut Evaluator<'_>,
    found: Item,
    places: &[usize],
    count: usize,
    missing: bool,
    range: TextRange,
) -> Outcome<Item> {
    if places.len() == count {
        return Ok(found);
    }
    e.budget.texts(count, range)?;
    match found {
        Item::Texts(texts) => {
            let mut all = vec![MISSING_TEXT.to_owned(); count];
            places.iter().zip(texts.iter()).for_each(|(&place, text)| all[place].clone_from(text));
            Ok(Item::Texts(all.into()))
        }
        Item::Series(values) | Item::Number(values) if values.rank() == 1 => {
            let is_truth = values.kind() == Kind::Bool;
            let mut all = vec![if is_truth { f64::from(missing) } else { f64::NAN }; count];
            let numbers = values.as_data().map(|numbers| numbers.to_vec()).unwrap_or_default();
            places.iter().zip(numbers).for_each(|(&place, x)| all[place] = x);
            let kind = if is_truth { Kind::Bool } else { Kind::Float };
            Ok(Item::Series(Value::data(all, vec![count], kind)))
        }
        Item::Table(table) => {
            let mut out = Dict::default();
            for (key, column) in table.entries() {
                out.insert(key.clone(), spread(e, column.clone(), places, count, missing, range)?, range)?;
            }
            Ok(Item::Table(out.into()))
        }
        _ => fault(range, "a column of texts has a missing one; fill it, or leave out the row"),
    }
}

/// `column.str.cat(others, sep)`: the texts of two columns, one behind the other.
fn joined(e: &mut Evaluator<'_>, owner: &Item, call: &Call) -> Outcome<Item> {
    let range = call.range;
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
