//! `np.ma`: arrays with masked elements, which are missing numbers here.

use chainfire_engine::program::{Kind, Value};

use super::{MA, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::Item;

/// Functions of `np.ma`.
pub(super) const ROWS: &[Row] = &[
    ("masked_array", MA, Run::Call(masked)),
    ("array", MA, Run::Call(masked)),
    ("MaskedArray", MA, Run::Call(masked)),
    ("masked_invalid", MA, Run::Call(|e, call| marked(e, call, |x, _| !x.is_finite()))),
    ("masked_values", MA, Run::Call(|e, call| marked(e, call, |x, y| x == y))),
    ("masked_equal", MA, Run::Call(|e, call| marked(e, call, |x, y| x == y))),
];

/// `np.ma.masked_array(x, mask=...)`
fn masked(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, mask] = call.bind(["data", "mask"])?;
    let x = e.known_value(call.required(x, "data")?, "what is masked")?.with_kind(Kind::Float);
    let Some(mask) = mask else {
        return Ok(Item::Number(x));
    };
    let mask = e.known_value(mask, "a mask")?;
    let missing =
        e.finish_value(mask.with_kind(Kind::Bool).select(&Value::from(f64::NAN), &x), call.range)?;
    if missing.shape() != x.shape() {
        return fault(call.range, "the mask must have the shape of the data");
    }
    Ok(Item::Number(missing))
}

/// Data whose elements that `is_missing` holds for, beside the call's second argument, are masked.
fn marked(e: &mut Evaluator<'_>, call: &Call, is_missing: fn(f64, f64) -> bool) -> Outcome<Item> {
    let [x, value, _copy] = call.bind(["x", "value", "copy"])?;
    let x = e.known_value(call.required(x, "x")?, "what is masked")?;
    let value =
        value.map_or(Ok(f64::NAN), |value| e.float(&value.item, "what counts as masked", value.range))?;
    let numbers = x.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let numbers: Vec<f64> =
        numbers.into_iter().map(|x| if is_missing(x, value) { f64::NAN } else { x }).collect();
    Ok(Item::Number(Value::data(numbers, x.shape(), Kind::Float)))
}
