//! Dates and times, and the spans between them, as pandas, NumPy and Python's `datetime` make them.
//!
//! A date is a text, `2020-03-01` or `2020-03-01 12:30:00`, which sorts as the date does; a span is a number of seconds
//! under a type of its own.

use std::sync::Arc;

use chainfire_engine::program::{Kind, Value};
use jiff::civil::{DateTime, date};
use ruff_python_ast::Operator;
use ruff_text_size::TextRange;

use super::text_columns::spread;
use super::{DT, NP, PD, Row, Run};
use crate::data::MISSING_TEXT;
use crate::dates;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Functions of dates and spans.
pub(super) const ROWS: &[Row] = &[
    ("to_datetime", PD, Run::Call(from_texts)),
    ("DatetimeIndex", PD, Run::Call(from_texts)),
    ("date_range", PD, Run::Call(|e, call| range(e, call, "D"))),
    ("bdate_range", PD, Run::Call(|e, call| range(e, call, "B"))),
    // Periods are their first days.
    ("period_range", PD, Run::Call(|e, call| range(e, call, "D"))),
    ("period_range", PD, Run::Call(|e, call| range(e, call, "D"))),
    ("Timestamp", PD, Run::Call(single)),
    ("datetime", DT, Run::Call(single)),
    ("date", DT, Run::Call(single)),
    ("datetime64", NP, Run::Call(single)),
    ("Timedelta", PD, Run::Call(span)),
    ("to_timedelta", PD, Run::Call(span)),
    ("DateOffset", PD, Run::Call(span)),
    ("timedelta64", NP, Run::Call(span)),
    ("timedelta", DT, Run::Call(span)),
];

/// Most dates of a range.
const DATES: usize = 1_000_000;

/// Seconds of units, by the names that they have.
fn unit(name: &str) -> Option<f64> {
    Some(match name {
        "W" | "weeks" | "week" => 604_800.0,
        "D" | "d" | "days" | "day" => 86_400.0,
        "h" | "H" | "hours" | "hour" => 3_600.0,
        "m" | "min" | "T" | "minutes" | "minute" => 60.0,
        "s" | "S" | "seconds" | "second" => 1.0,
        "ms" | "milliseconds" => 1e-3,
        "us" | "microseconds" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    })
}

/// `calendar.month_name` and the like: January is at 1, Monday at 0.
pub(super) fn names(name: &str, range: TextRange) -> Outcome<Option<Item>> {
    let (first, count, format): (_, i8, _) = match name {
        "month_name" => (None, 12, "%B"),
        "month_abbr" => (None, 12, "%b"),
        "day_name" => (Some(()), 7, "%A"),
        "day_abbr" => (Some(()), 7, "%a"),
        _ => return Ok(None),
    };
    // The first of January 2024 was a Monday.
    let day = |k: i8| if first.is_some() { date(2024, 1, 1 + k) } else { date(2024, 1 + k, 1) };
    let written = (0..count).map(|k| Item::text(day(k).strftime(format).to_string()));
    let empty = first.is_none().then(|| Item::text(""));
    Ok(Some(Item::List(Sequence::new(empty.into_iter().chain(written).collect(), range)?)))
}

/// The dates of an item: one, or a column of them; `None` where it is no text.
fn times(item: &Item) -> Option<Result<Vec<DateTime>, String>> {
    let read = |text: &String| dates::parse(text, None, false).ok_or_else(|| text.clone());
    match item {
        Item::Text(text) => {
            Some(dates::parse(text, None, false).map(|time| vec![time]).ok_or_else(|| text.to_string()))
        }
        Item::Texts(texts) => Some(texts.iter().map(read).collect()),
        _ => None,
    }
}

fn monday(time: DateTime) -> String {
    let days = i64::from(time.date().weekday().to_monday_zero_offset());
    dates::written(dates::seconds(time).div_euclid(86_400.0) * 86_400.0 - days as f64 * 86_400.0)
}

fn unread(range: TextRange, text: &str) -> Outcome<Item> {
    fault(
        range,
        format!("\"{text}\" is not a date that is known: write dates as 2020-03-01, or give their `format`"),
    )
}

fn column(times: impl IntoIterator<Item = DateTime>) -> Item {
    Item::Texts(times.into_iter().map(dates::text).collect())
}

/// `pd.to_datetime(x, format=..., dayfirst=...)`: of texts, or of numbers of a unit since 1970.
fn from_texts(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, format, day_first, kind, origin, errors] =
        call.bind(["arg", "format", "dayfirst", "unit", "origin", "errors"])?;
    let _ = (origin, errors);
    let x = call.required(x, "arg")?;
    let is_text = |format: &&Argument| matches!(&format.item, Item::Text(text) if &**text != "mixed" && &**text != "ISO8601");
    let format = format.filter(is_text).map(|format| e.text(format, "`format`")).transpose()?;
    let day_first = day_first.map_or(Ok(false), |x| e.truth(&x.item, x.range))?;
    e.budget.texts(x.item.size(), call.range)?;
    let read = |text: &str| dates::parse(text, format.as_deref(), day_first).ok_or_else(|| text.to_owned());
    let found: Result<Vec<DateTime>, String> = match &x.item {
        Item::Text(text) => {
            return match read(text) {
                Ok(time) => Ok(Item::text(dates::text(time))),
                Err(text) => unread(x.range, &text),
            };
        }
        Item::Texts(texts) => texts.iter().map(|text| read(text)).collect(),
        Item::List(items) | Item::Tuple(items)
            if items.items().iter().all(|item| matches!(item, Item::Text(_))) =>
        {
            e.texts(x, "dates")?.iter().map(|text| read(text)).collect()
        }
        Item::Table(table) => {
            let mut parts = Vec::new();
            for name in ["year", "month", "day"] {
                let part = e.column(table, name, x.range)?;
                parts.push(e.item_value(&part, x.range)?.as_data().map(|x| x.to_vec()).unwrap_or_default());
            }
            let day =
                |k: usize| jiff::civil::Date::new(parts[0][k] as i16, parts[1][k] as i8, parts[2][k] as i8);
            (0..parts[0].len())
                .map(|k| day(k).map(|day| day.at(0, 0, 0, 0)).map_err(|error| error.to_string()))
                .collect()
        }
        _ => {
            let numbers = e.known_value(x, "dates")?;
            let seconds = match (kind, &format) {
                (Some(kind), _) => {
                    let name = e.text(kind, "`unit`")?;
                    unit(&name)
                }
                // Years, or years, months and days, as numbers.
                (None, Some(format)) => {
                    let texts: Vec<String> = numbers
                        .as_data()
                        .map(|x| x.iter().map(|x| format!("{x:.0}")).collect())
                        .unwrap_or_default();
                    let found: Result<Vec<DateTime>, String> = texts
                        .iter()
                        .map(|text| dates::parse(text, Some(format), day_first).ok_or_else(|| text.clone()))
                        .collect();
                    return found.map(column).or_else(|text| unread(x.range, &text));
                }
                (None, None) => unit("ns"),
            };
            let Some(seconds) = seconds else {
                return fault(call.range, "the unit of dates is one of D, h, m, s, ms, us and ns");
            };
            let times = numbers
                .as_data()
                .map(|x| x.iter().map(|x| dates::at(x * seconds)).collect::<Option<Vec<_>>>());
            match times.flatten() {
                Some(times) => Ok(times),
                None => return fault(x.range, "these numbers are no dates"),
            }
        }
    };
    found.map(column).or_else(|text| unread(x.range, &text))
}

fn time(e: &Evaluator<'_>, argument: Option<&Argument>) -> Outcome<Option<DateTime>> {
    let Some(argument) = argument.filter(|argument| !matches!(argument.item, Item::None)) else {
        return Ok(None);
    };
    let text = e.text(argument, "a date")?;
    // A year alone is its first day.
    let year = || if text.len() == 4 { dates::parse(&format!("{text}-01-01"), None, false) } else { None };
    match dates::parse(&text, None, false).or_else(year) {
        Some(time) => Ok(Some(time)),
        None => unread(argument.range, &text).map(|_| None),
    }
}

/// `pd.date_range(start, end, periods, freq)`
fn range(e: &mut Evaluator<'_>, call: &Call, usual: &str) -> Outcome<Item> {
    let [start, end, count, frequency, _name] = call.bind(["start", "end", "periods", "freq", "name"])?;
    let (first, last) = (time(e, start)?, time(e, end)?);
    let count = match count.filter(|count| !matches!(count.item, Item::None)) {
        Some(count) => Some(e.integer(&count.item, "the number of dates", count.range)?.max(0) as usize),
        None => None,
    };
    e.budget.texts(count.unwrap_or(0), call.range)?;
    if let (Some(first), Some(last), Some(count), None) = (first, last, count, frequency) {
        let (a, b) = (dates::seconds(first), dates::seconds(last));
        let place = |k: usize| a + (b - a) * k as f64 / (count.max(2) - 1) as f64;
        let times: Option<Vec<DateTime>> = (0..count).map(|k| dates::at(place(k))).collect();
        return times.map(column).map_or_else(|| fault(call.range, "these dates are too far away"), Ok);
    }
    let name = match frequency {
        Some(frequency) => e.text(frequency, "`freq`")?,
        None => usual.into(),
    };
    let step = match &*name {
        "Y" | "A" if call.name.ends_with("period_range") => dates::step("YS"),
        "Q" if call.name.ends_with("period_range") => dates::step("QS"),
        "M" if call.name.ends_with("period_range") => dates::step("MS"),
        name => dates::step(name),
    };
    let Some(step) = step else {
        return fault(
            call.range,
            format!("`freq` is one of D, B, W, MS, ME, QS, QE, YS, YE, h, min and s, not \"{name}\""),
        );
    };
    let Some(times) = dates::range(first, last, count, step, DATES) else {
        return fault(
            call.range,
            "a range of dates needs two of `start`, `end` and `periods`, and at most a million dates",
        );
    };
    e.budget.texts(times.len(), call.range)?;
    Ok(column(times))
}

/// `pd.Timestamp("2020-03-01")`, `datetime(2020, 3, 1)`
fn single(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    if let [Argument { item: Item::Text(text), range }, ..] = call.positional.as_slice() {
        return match dates::parse(text, None, false) {
            Some(time) => Ok(Item::text(dates::text(time))),
            None if text.len() == 4 => Ok(Item::text(format!("{text}-01-01"))),
            None => unread(*range, text),
        };
    }
    let names = ["year", "month", "day", "hour", "minute", "second"];
    let mut parts = [1970, 1, 1, 0, 0, 0];
    for (place, part) in parts.iter_mut().zip(call.bind(names)?) {
        if let Some(part) = part {
            *place = e.integer(&part.item, "a part of a date", part.range)?;
        }
    }
    let [year, month, day, hour, minute, second] = parts;
    let small = |x: i64| i8::try_from(x).unwrap_or(-1);
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    match DateTime::new(year, small(month), small(day), small(hour), small(minute), small(second), 0) {
        Ok(time) => Ok(Item::text(dates::text(time))),
        Err(error) => fault(call.range, format!("there is no such date: {error}")),
    }
}

/// `pd.Timedelta(days=1)`, `pd.Timedelta(1, "D")`, `np.timedelta64(1, "W")`, `timedelta(hours=2)`
fn span(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut total = Value::from(0.0);
    let mut positional = call.positional.iter();
    if let Some(first) = positional.next() {
        let name = match (positional.next(), call.keywords.iter().find(|(name, _)| name == "unit")) {
            (Some(name), _) | (None, Some((_, name))) => e.text(name, "the unit")?,
            (None, None) => match &first.item {
                Item::Text(text) => {
                    let count = text.trim().trim_end_matches(|c: char| c.is_alphabetic()).trim();
                    let name = text.trim()[count.len()..].trim();
                    return match (count.parse::<f64>().ok(), unit(name)) {
                        (Some(count), Some(seconds)) => Ok(Item::Span(Value::from(count * seconds))),
                        _ => {
                            fault(first.range, format!("\"{text}\" is not a span of time such as \"7 days\""))
                        }
                    };
                }
                _ => "days".into(),
            },
        };
        let Some(seconds) = unit(&name) else {
            return fault(
                first.range,
                format!("a span of time has the units W, D, h, m, s, ms, us and ns, not \"{name}\""),
            );
        };
        total = e.known_value(first, "a span of time")? * seconds;
    }
    for (name, argument) in call.keywords.iter().filter(|(name, _)| name != "unit") {
        let Some(seconds) = unit(name).filter(|_| name.ends_with('s')) else {
            let message = format!(
                "`{name}` is not known here: spans of time have weeks, days, hours, minutes and seconds"
            );
            return fault(argument.range, message);
        };
        total = total + e.known_value(argument, "a span of time")? * seconds;
    }
    Ok(Item::Span(e.finish_value(total, call.range)?))
}

/// Attributes and methods of a date, or of a column of dates; `None` for others.
pub(super) fn member(
    e: &mut Evaluator<'_>,
    owner: &Item,
    name: &str,
    call: Option<&Call>,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let is_part = |name: &str| dates::part(date(2000, 1, 1).at(0, 0, 0, 0), name).is_some();
    let known = match call {
        None => is_part(name) || matches!(name, "dt" | "date" | "start_time"),
        Some(_) => matches!(
            name,
            "isocalendar"
                | "strftime"
                | "day_name"
                | "month_name"
                | "toordinal"
                | "timestamp"
                | "normalize"
                | "weekday"
                | "to_pydatetime"
                | "to_period"
                | "to_timestamp"
                | "date"
                | "tz_localize"
                | "tz_convert"
                | "isoformat"
                | "floor"
        ),
    };
    if !known {
        return Ok(None);
    }
    e.budget.texts(owner.size(), range)?;
    if let Item::Texts(texts) = owner
        && texts.iter().any(|text| text == MISSING_TEXT)
    {
        let places: Vec<usize> = (0..texts.len()).filter(|&k| texts[k] != MISSING_TEXT).collect();
        let present = Item::Texts(places.iter().map(|&k| texts[k].clone()).collect());
        return match member(e, &present, name, call, range)? {
            Some(found) => spread(e, found, &places, texts.len(), false, range).map(Some),
            None => Ok(None),
        };
    }
    let times = match times(owner) {
        Some(Ok(times)) => times,
        Some(Err(text)) => return unread(range, &text).map(Some),
        None => return Ok(None),
    };
    let is_single = matches!(owner, Item::Text(_));
    let numbers = |numbers: Vec<f64>, kind: Kind| match is_single {
        true => Item::Number(Value::data(numbers, vec![], kind)),
        false => {
            let count = numbers.len();
            Item::Number(Value::data(numbers, vec![count], kind))
        }
    };
    let texts = |texts: Vec<String>| match (is_single, texts.first()) {
        (true, Some(text)) => Item::text(text),
        _ => Item::Texts(texts.into()),
    };
    let by_format =
        |format: &str| texts(times.iter().map(|time| time.strftime(format).to_string()).collect());
    Ok(Some(match name {
        "dt" | "to_pydatetime" | "to_timestamp" | "tz_localize" | "tz_convert" => {
            texts(times.iter().copied().map(dates::text).collect())
        }
        "date" | "normalize" | "start_time" => by_format("%Y-%m-%d"),
        "isoformat" => by_format("%Y-%m-%dT%H:%M:%S"),
        "isocalendar" => {
            let of = |part: fn(DateTime) -> f64| {
                numbers(times.iter().map(|time| part(*time)).collect(), Kind::Int)
            };
            let columns = [
                ("year", of(|time| f64::from(time.date().iso_week_date().year()))),
                ("week", of(|time| f64::from(time.date().iso_week_date().week()))),
                ("day", of(|time| f64::from(time.date().iso_week_date().weekday().to_monday_one_offset()))),
            ];
            let mut table = crate::language::item::Dict::default();
            for (name, column) in columns {
                table.insert(crate::language::item::Key::Text(name.into()), column, range)?;
            }
            Item::Table(table.into())
        }
        "strftime" => {
            let format = call.and_then(|call| call.positional.first());
            match format {
                Some(format) => by_format(&e.text(format, "a format")?.clone()),
                None => return fault(range, "`strftime` needs a format, such as \"%Y-%m\""),
            }
        }
        "to_period" => {
            match call.and_then(|call| call.positional.first()).map(|step| e.text(step, "a period")) {
                Some(step) => match &*step? {
                    "M" => by_format("%Y-%m"),
                    "Y" | "A" => by_format("%Y"),
                    "D" => by_format("%Y-%m-%d"),
                    // A week is named by its Monday.
                    "W" | "W-SUN" => texts(times.iter().map(|time| monday(*time)).collect()),
                    other => {
                        return fault(range, format!("periods are D, W, M and Y here, not \"{other}\""));
                    }
                },
                None => return fault(range, "`to_period` needs its period, such as \"M\""),
            }
        }
        "floor" => match call.and_then(|call| call.positional.first()).map(|step| e.text(step, "a step")) {
            Some(step) => match &*step? {
                "D" | "d" => by_format("%Y-%m-%d"),
                "h" | "H" => by_format("%Y-%m-%dT%H:00:00"),
                other => return fault(range, format!("times are cut to D or h here, not \"{other}\"")),
            },
            None => return fault(range, "`floor` needs its step, such as \"D\""),
        },
        "day_name" => by_format("%A"),
        "month_name" => by_format("%B"),
        // Days since the first one of the year 1.
        "toordinal" => numbers(
            times.iter().map(|time| (dates::seconds(*time) / 86_400.0).floor() + 719_163.0).collect(),
            Kind::Int,
        ),
        "timestamp" => numbers(times.iter().copied().map(dates::seconds).collect(), Kind::Float),
        _ => {
            let found: Vec<(f64, bool)> = times.iter().filter_map(|time| dates::part(*time, name)).collect();
            let kind = if found.iter().any(|(_, is_truth)| *is_truth) { Kind::Bool } else { Kind::Int };
            numbers(found.into_iter().map(|(x, _)| x).collect(), kind)
        }
    }))
}

/// Attributes and methods of spans.
pub(super) fn of_span(
    e: &mut Evaluator<'_>,
    span: &Value,
    name: &str,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let days = || span.with_kind(Kind::Float) / 86_400.0;
    // Whole numbers cannot be missing.
    let is_complete = span.as_data().is_none_or(|seconds| seconds.iter().all(|x| !x.is_nan()));
    let kind = if is_complete { Kind::Int } else { Kind::Float };
    let whole =
        |value: Value| Item::Number(value.unary(chainfire_kernels::tape::Unary::Floor).with_kind(kind));
    Ok(Some(match name {
        "dt" | "values" | "to_numpy" | "to_pytimedelta" => Item::Span(span.clone()),
        "days" => whole(days()),
        "seconds" => whole(span - (days().unary(chainfire_kernels::tape::Unary::Floor)) * 86_400.0),
        "total_seconds" => Item::Number(span.clone()),
        "shape" | "size" => return super::attribute(e, &Item::Number(span.clone()), name, range).map(Some),
        _ => return Ok(None),
    }))
}

/// `date - date`, `date + span`, `span / span`; `None` where neither side is a span, nor both are dates.
pub(in crate::language) fn operation(
    e: &mut Evaluator<'_>,
    op: Operator,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let text = |item: &Item| matches!(item, Item::Text(_) | Item::Texts(_));
    match (op, left, right) {
        (Operator::Sub, a, b) if text(a) && text(b) => {
            e.budget.texts(a.size().max(b.size()), range)?;
            match (times(a), times(b)) {
                (Some(Ok(a_times)), Some(Ok(b_times))) => {
                    let seconds = |item: &Item, times: Vec<DateTime>| {
                        let numbers: Vec<f64> = times.into_iter().map(dates::seconds).collect();
                        let shape = if matches!(item, Item::Text(_)) { vec![] } else { vec![numbers.len()] };
                        Value::data(numbers, shape, Kind::Float)
                    };
                    let between =
                        e.binary(|a, b| a - b, &seconds(a, a_times), &seconds(b, b_times), range)?;
                    Ok(Some(Item::Span(between)))
                }
                (Some(Err(text)), _) | (_, Some(Err(text))) => unread(range, &text).map(Some),
                _ => Ok(None),
            }
        }
        (Operator::Add | Operator::Sub, dates_item, Item::Span(span))
        | (Operator::Add, Item::Span(span), dates_item)
            if text(dates_item) =>
        {
            e.budget.texts(dates_item.size().max(span.len()), range)?;
            let found = match times(dates_item) {
                Some(Ok(found)) => found,
                Some(Err(text)) => return unread(range, &text).map(Some),
                None => return Ok(None),
            };
            let sign = if op == Operator::Sub { -1.0 } else { 1.0 };
            let moves = span.as_data().map(|x| x.to_vec()).unwrap_or_default();
            let is_single = matches!(dates_item, Item::Text(_)) && span.rank() == 0;
            let count = if moves.len() == 1 { found.len() } else { moves.len() };
            if found.len() != count && found.len() != 1 {
                return fault(range, format!("{} dates and {} spans", found.len(), moves.len()));
            }
            let moved = (0..count).map(|k| {
                let time = found[if found.len() == 1 { 0 } else { k }];
                dates::at(dates::seconds(time) + sign * moves[if moves.len() == 1 { 0 } else { k }])
            });
            match (moved.collect::<Option<Vec<_>>>(), is_single) {
                (Some(moved), true) => Ok(moved.first().map(|time| Item::text(dates::text(*time)))),
                (Some(moved), false) => Ok(Some(column(moved))),
                (None, _) => fault(range, "this is no date, or too far away"),
            }
        }
        (Operator::Div | Operator::FloorDiv, Item::Span(a), Item::Span(b)) => {
            let quotient = e.binary(|a, b| a / b, a, b, range)?;
            Ok(Some(Item::Number(if op == Operator::Div {
                quotient
            } else {
                quotient.unary(chainfire_kernels::tape::Unary::Floor)
            })))
        }
        (Operator::Add | Operator::Sub, Item::Span(a), Item::Span(b)) => {
            let run: fn(&Value, &Value) -> Value =
                if op == Operator::Add { |a, b| a + b } else { |a, b| a - b };
            Ok(Some(Item::Span(e.binary(run, a, b, range)?)))
        }
        (Operator::Mult | Operator::Div, Item::Span(span), number)
        | (Operator::Mult, number, Item::Span(span))
            if number.as_value().is_some_and(|number| !number.is_random()) =>
        {
            let number = e.item_value(number, range)?;
            let run: fn(&Value, &Value) -> Value =
                if op == Operator::Mult { |a, b| a * b } else { |a, b| a / b };
            Ok(Some(Item::Span(e.binary(run, span, &number, range)?)))
        }
        (_, Item::Span(_), other) | (_, other, Item::Span(_)) => {
            let cure = "`.days`, `.total_seconds()` or `/ np.timedelta64(1, \"D\")` make it numbers";
            fault(range, format!("a span of time and {} cannot be combined: {cure}", other.describe()))
        }
        _ => Ok(None),
    }
}

/// Two sides of a comparison as numbers, where they are spans, or a column of texts and a text: of dates where both are.
pub(in crate::language) fn compared(left: &Item, right: &Item) -> Option<(Item, Item)> {
    let ranks = |texts: &Arc<[String]>, text: &str| {
        let wanted = match texts.iter().all(|text| dates::is_date(text)) {
            true => dates::parse(text, None, false).map_or_else(|| text.to_owned(), dates::text),
            false => text.to_owned(),
        };
        let rank = |text: &String| match text.as_str().cmp(&wanted) {
            std::cmp::Ordering::Less => -1.0,
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => 1.0,
        };
        Item::Number(Value::from(texts.iter().map(rank).collect::<Vec<f64>>()))
    };
    match (left, right) {
        (Item::Span(a), Item::Span(b)) => Some((Item::Number(a.clone()), Item::Number(b.clone()))),
        (Item::Texts(texts), Item::Text(text)) => Some((ranks(texts, text), Item::Number(Value::from(0.0)))),
        (Item::Text(text), Item::Texts(texts)) => Some((Item::Number(Value::from(0.0)), ranks(texts, text))),
        _ => None,
    }
}
