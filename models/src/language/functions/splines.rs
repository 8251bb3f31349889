//! `patsy.dmatrix`: columns of numbers, their products (`a:b`, `a * b`), and B-spline bases, with an intercept.
//!
//! ```text
//! knots:  degree + 1 times the least number, the inner knots, degree + 1 times the largest
//! B[i, 0](x) = 1 where knot[i] <= x < knot[i + 1]
//! B[i, d](x) = (x - knot[i]) / (knot[i + d] - knot[i]) B[i, d - 1](x)
//!            + (knot[i + d + 1] - x) / (knot[i + d + 1] - knot[i + 1]) B[i + 1, d - 1](x)
//! ```
//!
//! # References
//! - de Boor (1978), A Practical Guide to Splines, chapter IX; patsy 1.0, `patsy.splines.BS`.

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::{PY, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator, multiply};
use crate::language::item::{Dict, Item};

/// Functions of `patsy`.
pub(super) const ROWS: &[Row] =
    &[("dmatrix", PY, Run::Call(design)), ("bs", PY, Run::Call(basis)), ("I", PY, Run::Call(arithmetic))];

/// Most columns of a basis.
const COLUMNS: usize = 1_000;

/// `dmatrix("bs(x, knots=knots, degree=3) - 1", {"x": x, "knots": knots})`
fn design(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [formula, data, _kind] = call.bind(["formula_like", "data", "return_type"])?;
    let formula = call.required(formula, "formula_like")?;
    let text = e.text(formula, "a formula")?;
    let empty = Dict::default();
    let names = match data.map(|data| &data.item) {
        Some(Item::Dict(names) | Item::Table(names)) => names,
        None => &empty,
        Some(other) => {
            return fault(
                call.range,
                format!("the data of a formula are a dictionary or table, not {}", other.describe()),
            );
        }
    };
    let (mut columns, mut seen, mut intercept) = (Vec::new(), Vec::new(), true);
    for (adds, term) in terms(text.trim().trim_start_matches('~')) {
        match (adds, term) {
            (_, "") => {}
            (adds, "1") => intercept = adds,
            (adds, "0") => intercept = !adds,
            (true, term) => {
                for factors in interactions(term) {
                    let mut product: Option<Value> = None;
                    if factors.contains(&"") {
                        let cure = "a power in a formula is not one of numbers: write `I(x ** 2)`";
                        return fault(formula.range, cure);
                    }
                    for factor in &factors {
                        let item = e.evaluate_text(factor, names, true, formula.range)?;
                        let value = e.item_value(&item, formula.range)?;
                        let value = if value.rank() == 1 { value.insert_axis(1) } else { value };
                        product = Some(match product {
                            None => value,
                            Some(left) => products(e, &left, &value, formula.range)?,
                        });
                    }
                    if !seen.contains(&factors) {
                        columns.extend(product);
                        seen.push(factors);
                    }
                }
            }
            (false, term) => {
                return fault(formula.range, format!("the term `{term}` cannot be left out: only `- 1` can"));
            }
        }
    }
    let Some(rows) = columns.first().map(|column| column.shape()[0]) else {
        return fault(formula.range, "the formula has no term with data");
    };
    if intercept {
        columns.insert(0, Value::from(1.0).broadcast_to(&[rows, 1]));
    }
    Ok(Item::Number(e.finish_value(Value::concatenate(&columns, 1), call.range)?))
}

/// The terms of a formula, and whether they are added.
fn terms(text: &str) -> Vec<(bool, &str)> {
    let mut adds = true;
    let parts = split(text, &['+', '-']).into_iter();
    parts.map(|(part, end)| (std::mem::replace(&mut adds, end == Some('+')), part)).collect()
}

/// The parts of a text between some letters outside of brackets, with the letter at which each ends.
fn split<'t>(text: &'t str, at: &[char]) -> Vec<(&'t str, Option<char>)> {
    let (mut out, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            letter if depth == 0 && at.contains(&letter) => {
                out.push((text[start..place].trim(), Some(letter)));
                start = place + 1;
            }
            _ => {}
        }
    }
    out.push((text[start..].trim(), None));
    out
}

/// The products that a term stands for, each by its factors: `a * b` is `a`, `b` and `a:b`.
fn interactions(term: &str) -> Vec<Vec<&str>> {
    let mut all: Vec<Vec<&str>> = Vec::new();
    for (part, _) in split(term, &['*']) {
        let part: Vec<&str> = split(part, &[':']).into_iter().map(|(factor, _)| factor).collect();
        let with: Vec<Vec<&str>> = all.iter().map(|before| [&before[..], &part[..]].concat()).collect();
        all.push(part);
        all.extend(with);
    }
    all
}

/// The products of all pairs of columns, those of one column of the right one after the other.
fn products(e: &mut Evaluator<'_>, left: &Value, right: &Value, range: TextRange) -> Outcome<Value> {
    let (&[rows, m], &[_, n]) = (left.shape(), right.shape()) else {
        return fault(range, "the factors of a product must be columns");
    };
    e.budget.shape(&[rows, m, n], range)?;
    let pairs = e.binary(multiply, &left.insert_axis(1), &right.insert_axis(2), range)?;
    Ok(pairs.reshape(&[rows, m * n]))
}

/// `I(x ** 2)`: arithmetic, not a formula.
fn arithmetic(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["x"])?;
    Ok(Item::Number(e.value(call.required(x, "x")?)?))
}

/// `bs(x, knots=..., degree=3, include_intercept=...)`, or with `df` instead of the knots.
pub(in crate::language) fn basis(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, df, knots, degree, intercept, lower, upper] =
        call.bind(["x", "df", "knots", "degree", "include_intercept", "lower_bound", "upper_bound"])?;
    let x = e.known_value(call.required(x, "x")?, "the predictor of a spline")?;
    e.complete(&x, call.range)?;
    let x = x.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let degree = degree.map_or(Ok(3), |degree| e.integer(&degree.item, "a degree", degree.range))?;
    let intercept = intercept.map_or(Ok(false), |i| e.truth(&i.item, i.range))?;
    let Some(degree) = usize::try_from(degree).ok().filter(|&degree| degree <= 10) else {
        return fault(call.range, "the degree of a spline is from 0 to 10");
    };
    let (low, high) =
        x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
    let low = lower.map_or(Ok(low), |bound| e.float(&bound.item, "a bound", bound.range))?;
    let high = upper.map_or(Ok(high), |bound| e.float(&bound.item, "a bound", bound.range))?;
    if x.is_empty() || x.iter().any(|x| !(low..=high).contains(x)) {
        return fault(call.range, "the predictor of a spline lies between its bounds");
    }
    let mut inner: Vec<f64> = match (knots, df) {
        (Some(knots), _) => {
            e.known_value(knots, "the knots")?.as_data().map(|k| k.to_vec()).unwrap_or_default()
        }
        (None, Some(df)) => {
            let df = e.integer(&df.item, "the number of columns", df.range)?;
            let count = df - degree as i64 - i64::from(intercept);
            if !(0..=COLUMNS as i64).contains(&count) {
                return fault(call.range, format!("`df` is at least {}", degree + usize::from(intercept)));
            }
            let mut sorted = x.clone();
            (1..=count)
                .map(|k| super::reduce::quantile_of(&mut sorted, k as f64 / (count + 1) as f64))
                .collect()
        }
        (None, None) => Vec::new(),
    };
    inner.sort_unstable_by(f64::total_cmp);
    if inner.iter().any(|knot| !(low..=high).contains(knot)) || inner.len() > COLUMNS {
        return fault(call.range, "the knots of a spline lie between the bounds of its predictor");
    }
    let all = [vec![low; degree + 1], inner, vec![high; degree + 1]].concat();
    let count = all.len() - degree - 1;
    let skipped = usize::from(!intercept);
    e.budget.shape(&[x.len(), count * (degree + 2)], call.range)?;
    let mut numbers = Vec::with_capacity(x.len() * count);
    for &x in &x {
        numbers.extend_from_slice(&row(&all, degree, x)[skipped..count]);
    }
    Ok(Item::Number(Value::data(numbers, vec![x.len(), count - skipped], Kind::Float)))
}

/// The functions of a basis at a point; the last interval takes its end too.
pub(super) fn row(knots: &[f64], degree: usize, x: f64) -> Vec<f64> {
    let last = knots.len() - degree - 2;
    let place = (knots.partition_point(|knot| *knot <= x).max(1) - 1).clamp(degree, last);
    let mut values = vec![0.0; knots.len() - 1];
    values[place] = 1.0;
    for d in 1..=degree {
        for i in place.saturating_sub(d)..=place {
            let part = |from: f64, to: f64, weight: f64, value: f64| match to - from {
                0.0 => 0.0,
                width => weight / width * value,
            };
            let rising = part(knots[i], knots[i + d], x - knots[i], values[i]);
            let falling = part(knots[i + 1], knots[i + d + 1], knots[i + d + 1] - x, values[i + 1]);
            values[i] = rising + falling;
        }
    }
    values
}
