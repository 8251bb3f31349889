//! Methods of the columns of a data frame beyond those of arrays: `shift`, `between`, `rank`, arithmetic by name.

use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::{CmpOp, Operator};

use super::aligned;
use super::table_columns::{COMPARISONS, OPERATORS};
use super::table_methods::pairwise;
use super::unique::{Labels, order};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// `column.name(...)`
pub(super) fn method(e: &mut Evaluator<'_>, value: &Value, name: &str, call: &Call) -> Outcome<Item> {
    let range = call.range;
    let (Some(numbers), 1) = (value.as_data(), value.rank()) else {
        return fault(range, format!("`.{name}` is a method of columns of data"));
    };
    let count = numbers.len();
    let floats = |numbers: Vec<f64>| Item::Series(Value::from(numbers));
    let column = Item::Series(value.clone());
    if let Some(item) = operator(e, &column, name, call)? {
        return Ok(item);
    }
    match name {
        "shift" | "pct_change" | "diff" => {
            let [periods, fill] = call.bind(["periods", "fill_value"])?;
            let periods = periods.map_or(Ok(1), |n| e.integer(&n.item, "a number of rows", n.range))?;
            let fill =
                fill.map_or(Ok(f64::NAN), |fill| e.float(&fill.item, "what is filled in", fill.range))?;
            let before = |k: usize| {
                let k = usize::try_from(k as i64 - periods).ok();
                k.and_then(|k| numbers.get(k)).copied().unwrap_or(fill)
            };
            Ok(floats(match name {
                "shift" => (0..count).map(before).collect(),
                "diff" => (0..count).map(|k| numbers[k] - before(k)).collect(),
                _ => (0..count).map(|k| numbers[k] / before(k) - 1.0).collect(),
            }))
        }
        "between" => {
            let [low, high, inclusive] = call.bind(["left", "right", "inclusive"])?;
            let (low, high) = (call.required(low, "left")?, call.required(high, "right")?);
            let inclusive = inclusive.map_or(Ok("both".into()), |x| e.text(x, "`inclusive`"))?;
            let ops = match &*inclusive {
                "both" => (CmpOp::GtE, CmpOp::LtE),
                "neither" => (CmpOp::Gt, CmpOp::Lt),
                "left" => (CmpOp::GtE, CmpOp::Lt),
                "right" => (CmpOp::Gt, CmpOp::LtE),
                other => {
                    return fault(
                        range,
                        format!("`inclusive` is both, neither, left or right, not \"{other}\""),
                    );
                }
            };
            let above = e.compare(ops.0, &column, &low.item, range)?;
            let below = e.compare(ops.1, &column, &high.item, range)?;
            e.operation(Operator::BitAnd, &above, &below, range)
        }
        "rank" => {
            let [method, ascending, part] = call.bind(["method", "ascending", "pct"])?;
            let part = part.map_or(Ok(false), |part| e.truth(&part.item, part.range))?;
            let present = numbers.iter().filter(|x| !x.is_nan()).count() as f64;
            let method = method.map_or(Ok("average".into()), |method| e.text(method, "`method`"))?;
            let ascending = ascending.map_or(Ok(true), |x| e.truth(&x.item, x.range))?;
            let numbers: Vec<f64> = numbers.iter().map(|x| if ascending { *x } else { -x }).collect();
            let ranks = ranks(e, Value::from(numbers), &method, call)?.with_kind(Kind::Float);
            let most = match &*method {
                "dense" => ranks.as_data().map_or(0.0, |ranks| ranks.iter().copied().fold(0.0, f64::max)),
                _ => present,
            };
            Ok(Item::Series(if part { e.finish_value(ranks / most, range)? } else { ranks }))
        }
        "idxmax" | "idxmin" => {
            let [] = call.bind([])?;
            let sign = if name == "idxmax" { 1.0 } else { -1.0 };
            let best = (0..count)
                .filter(|&k| !numbers[k].is_nan())
                .reduce(|best, k| if sign * numbers[k] > sign * numbers[best] { k } else { best });
            best.map_or_else(
                || fault(range, "there is no largest of no numbers"),
                |best| Ok(Item::integer(best as i64)),
            )
        }
        "ffill" | "bfill" => {
            let [] = call.bind([])?;
            let mut filled = numbers.to_vec();
            let mut last = f64::NAN;
            let order: Vec<usize> =
                if name == "ffill" { (0..count).collect() } else { (0..count).rev().collect() };
            for k in order {
                if filled[k].is_nan() { filled[k] = last } else { last = filled[k] }
            }
            Ok(Item::Series(Value::data(filled, vec![count], value.kind())))
        }
        "where" | "mask" => {
            let [condition, other] = call.bind(["cond", "other"])?;
            let condition = e.known_value(call.required(condition, "cond")?, "a condition")?;
            let other = other.map_or(Ok(Value::from(f64::NAN)), |other| e.value(other))?;
            let chosen = if name == "where" {
                condition.select(value, &other)
            } else {
                condition.select(&other, value)
            };
            Ok(Item::numbers(e.finish_value(chosen, range)?, true))
        }
        "cummax" | "cummin" => {
            let [] = call.bind([])?;
            let better = if name == "cummax" { f64::max } else { f64::min };
            let mut best = f64::NAN;
            let running = numbers.iter().map(|x| {
                best = better(best, *x);
                best
            });
            Ok(Item::Series(Value::data(running.collect::<Vec<_>>(), vec![count], value.kind())))
        }
        _ => fault(range, format!("columns have no method `{name}` here")),
    }
}

/// Methods that are operators of two columns, which meet by label, and `corr`; `None` for others.
pub(super) fn operator(
    e: &mut Evaluator<'_>,
    column: &Item,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    let range = call.range;
    if let Some((_, op)) = OPERATORS.iter().find(|(known, _)| *known == name) {
        let [other, fill] = call.bind(["other", "fill_value"])?;
        let other = &call.required(other, "other")?.item;
        let Some(fill) = fill else {
            return e.operation(*op, column, other, range).map(Some);
        };
        let (a, b) = aligned(e, column, other, range)?.unwrap_or_else(|| (column.clone(), other.clone()));
        let filled =
            |e: &mut Evaluator<'_>, x: &Item| super::method(e, x, "fillna", call.alone(fill.item.clone()));
        let (a, b) = (filled(e, &a)?, if b.is_series() { filled(e, &b)? } else { b });
        return e.operation(*op, &a, &b, range).map(Some);
    }
    if let Some((_, op)) = COMPARISONS.iter().find(|(known, _)| *known == name) {
        let [other] = call.bind(["other"])?;
        let other = &call.required(other, "other")?.item;
        let (a, b) = aligned(e, column, other, range)?.unwrap_or_else(|| (column.clone(), other.clone()));
        return e.compare(*op, &a, &b, range).map(Some);
    }
    if !matches!(name, "corr" | "cov") {
        return Ok(None);
    }
    let [other, method] = call.bind(["other", "method"])?;
    let other = &call.required(other, "other")?.item;
    let by_rank = is_by_rank(e, method.filter(|_| name == "corr"))?;
    let (a, b) = aligned(e, column, other, range)?.unwrap_or_else(|| (column.clone(), other.clone()));
    let (a, b) = (e.item_value(&a, range)?, e.item_value(&b, range)?);
    if a.rank() != 1 || a.shape() != b.shape() {
        return fault(range, "a correlation is of two columns of as many rows");
    }
    let pair = Item::Number(e.finish_value(Value::stack(&[a, b], 0), range)?);
    let matrix = pairwise(e, &pair, name == "corr", by_rank, call)?;
    Ok(Some(Item::Number(e.finish_value(matrix.reshape(&[4]).take(vec![1], vec![]), range)?)))
}

/// Whether the `method` of a correlation is that of the ranks.
pub(super) fn is_by_rank(e: &Evaluator<'_>, method: Option<&Argument>) -> Outcome<bool> {
    let Some(method) = method else { return Ok(false) };
    match &*e.text(method, "`method`")? {
        "pearson" => Ok(false),
        "spearman" => Ok(true),
        other => fault(method.range, format!("`method` is pearson or spearman here, not \"{other}\"")),
    }
}

/// The ranks of numbers from 1 on; equal ones share theirs as `method` says.
pub(super) fn ranks(e: &mut Evaluator<'_>, value: Value, method: &str, call: &Call) -> Outcome<Value> {
    let range = call.range;
    let labels = Labels::new(e, &Argument { item: Item::Number(value), range })?;
    e.budget.work(labels.len().saturating_mul(8), range)?;
    let order = order(&labels);
    let mut ranks = vec![0.0; order.len()];
    let (mut start, mut dense) = (0, 0);
    while start < order.len() {
        let is_equal = |k: &&usize| labels.compare(**k, order[start]).is_eq();
        let end = start + order[start..].iter().take_while(is_equal).count();
        dense += 1;
        for (k, place) in order[start..end].iter().enumerate() {
            ranks[*place] = match method {
                "average" => (start + end + 1) as f64 / 2.0,
                "min" => (start + 1) as f64,
                "max" => end as f64,
                "dense" => f64::from(dense),
                "first" | "ordinal" => (start + k + 1) as f64,
                other => {
                    return fault(
                        range,
                        format!("`method` is average, min, max, dense or first, not \"{other}\""),
                    );
                }
            };
        }
        start = end;
    }
    let kind = if method == "average" { Kind::Float } else { Kind::Int };
    let count = ranks.len();
    Ok(Value::data(ranks, vec![count], kind))
}
