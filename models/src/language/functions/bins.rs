//! Rows in bins of time: `table.resample("W").sum()`, `column.resample("MS").mean()`.
//!
//! Every bin from the first row's to the last row's is a group, whether it has rows or not. A bin of weeks, or of the
//! ends of months, has the label of its last day; all others that of their start.

use std::rc::Rc;

use jiff::civil::DateTime;

use super::groups::choose;
use super::tables::row_labels;
use crate::dates::{self, Step};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Grouped, Item, Key, RowLabels, Sequence};

/// Most bins.
const BINS: usize = 1_000_000;

/// `table.resample(rule, on=...)`
pub(super) fn resample(e: &mut Evaluator<'_>, table: &Rc<Dict>, call: &Call) -> Outcome<Item> {
    let [rule, on] = call.bind(["rule", "on"])?;
    let rule = call.required(rule, "rule")?;
    let mut columns = (**table).clone();
    let (name, labels) = match on {
        Some(on) => {
            let name = e.text(on, "the name of a column")?;
            let labels = e.column(table, &name, on.range)?;
            columns.remove(&Key::Text(name.clone()));
            (name, labels)
        }
        None => {
            let name = table.labels.as_ref().and_then(|rows| rows.names.first().cloned());
            (name.unwrap_or_else(|| "index".into()), row_labels(table))
        }
    };
    let (codes, labels) = bins(e, &Argument { item: labels, range: call.range }, rule)?;
    let labels = Item::Texts(labels.into_iter().map(dates::text).collect());
    let rows = Rc::new(RowLabels::new(vec![name], labels));
    Ok(Item::Grouped(Rc::new(Grouped {
        columns: Rc::new(columns),
        whole: table.clone(),
        single: false,
        codes,
        rows,
        flat: false,
        all: None,
        listed: false,
    })))
}

/// `pd.Grouper(key="date", freq="MS")`: what `.groupby` makes bins of.
pub(super) fn grouper(_: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [key, _level, freq] = call.bind(["key", "level", "freq"])?;
    let freq = call.required(freq, "freq")?.item.clone();
    let parts = Sequence::of(vec![key.map_or(Item::None, |key| key.item.clone()), freq], call.range)?;
    Ok(Item::Tuple(Rc::new(parts.with_names(["Grouper key".into(), "Grouper freq".into()].into()))))
}

/// The column, or none for the index, and the bins that a `pd.Grouper` names.
pub(super) fn of_grouper(item: &Item) -> Option<(&Item, &Item)> {
    match item {
        Item::Tuple(parts) => Some((parts.named("Grouper key")?, parts.named("Grouper freq")?)),
        _ => None,
    }
}

/// `table.groupby(pd.Grouper(...))`
pub(super) fn grouped(
    e: &mut Evaluator<'_>,
    table: &Rc<Dict>,
    (key, freq): (&Item, &Item),
    call: &Call,
) -> Outcome<Item> {
    let mut inner = call.alone(freq.clone());
    if !matches!(key, Item::None) {
        inner.keywords.push(("on".to_owned(), Argument { item: key.clone(), range: call.range }));
    }
    resample(e, table, &inner)
}

/// The label of every row's bin, for a `pd.Grouper` among other keys, and its name.
pub(super) fn labelled_rows(
    e: &mut Evaluator<'_>,
    table: &Rc<Dict>,
    grouper: (&Item, &Item),
    call: &Call,
) -> Outcome<(Rc<str>, Item)> {
    match grouped(e, table, grouper, call)? {
        Item::Grouped(grouped) => {
            let column = super::tables::take(e, &grouped.rows.labels, &grouped.codes, call.range)?;
            Ok((grouped.rows.names.first().cloned().unwrap_or_else(|| "index".into()), column))
        }
        _ => fault(call.range, "`pd.Grouper` makes no groups here"),
    }
}

/// `column.resample(rule)`
pub(super) fn resample_column(e: &mut Evaluator<'_>, column: &Item, call: &Call) -> Outcome<Item> {
    let Item::Labelled(labelled) = column else {
        return fault(
            call.range,
            "`.resample` is of a column whose index has dates: `set_index` gives it one",
        );
    };
    let mut table = Dict::with_labels(Some(labelled.rows.clone()));
    table.insert(Key::Text(labelled.name.clone()), Item::Series(labelled.values.clone()), call.range)?;
    match &resample(e, &Rc::new(table), call)? {
        Item::Grouped(groups) => choose(e, groups, &Item::Text(labelled.name.clone()), call.range),
        other => Ok(other.clone()),
    }
}

/// The bin of each date, and the labels of the bins.
fn bins(e: &mut Evaluator<'_>, given: &Argument, rule: &Argument) -> Outcome<(Vec<usize>, Vec<DateTime>)> {
    let name = e.text(rule, "a rule")?;
    let texts = match &given.item {
        Item::Texts(texts) => texts.clone(),
        other => {
            let seen = other.describe();
            return fault(
                given.range,
                format!("`.resample` needs dates as the index of the rows, not {seen}"),
            );
        }
    };
    e.budget.texts(texts.len(), given.range)?;
    let times: Option<Vec<DateTime>> = texts.iter().map(|text| dates::parse(text, None, false)).collect();
    let (Some(times), Some(step)) = (times, dates::step(&name)) else {
        return fault(
            rule.range,
            "`.resample` takes dates and one of D, W, MS, ME, QS, QE, YS, YE, h and min",
        );
    };
    let labels = labels(&times, step);
    let Some(labels) = labels.filter(|labels| labels.len() <= BINS) else {
        return fault(rule.range, format!("these dates have no bins of \"{name}\", or too many"));
    };
    let is_right = names_its_end(step);
    let place = |time: &DateTime| match is_right {
        true => labels.partition_point(|label| *label < midnight(*time)),
        false => labels.partition_point(|label| *label <= *time).saturating_sub(1),
    };
    Ok((times.iter().map(place).collect(), labels))
}

fn midnight(time: DateTime) -> DateTime {
    time.date().at(0, 0, 0, 0)
}

fn names_its_end(step: Step) -> bool {
    matches!(step, Step::Weeks(..) | Step::Months { at_end: true, .. })
}

/// The labels of the bins from the first date to the last one.
fn labels(times: &[DateTime], step: Step) -> Option<Vec<DateTime>> {
    let (first, last) = (midnight(*times.iter().min()?), *times.iter().max()?);
    let is_right = names_its_end(step);
    let start = match step {
        Step::Workdays(_) => return None,
        Step::Seconds(_) => first,
        _ => step.from(first, is_right)?,
    };
    let mut labels = vec![start];
    for k in 1..=BINS as i64 {
        let next = step.after(start, k)?;
        let is_last = if is_right { labels[labels.len() - 1] >= midnight(last) } else { next > last };
        if is_last {
            return Some(labels);
        }
        labels.push(next);
    }
    None
}
