//! `pytensor.map`, `reduce`, `foldl` and `foldr`: loops by `pytensor.scan`.
//!
//! ```text
//! map(fn, sequences)            every turn's own results
//! reduce(fn, sequences, first)  those of the last turn; foldl is its other name, foldr begins at the end
//! ```
//!
//! # References
//! - PyTensor 2.35, `pytensor/scan/views.py`

use super::scan::scan;
use super::{Row, Run, SH};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Functions of `pytensor` itself.
pub(super) const ROWS: &[Row] = &[
    ("map", SH, Run::Call(map)),
    ("reduce", SH, Run::Call(|e, call| reduce(e, call, &REDUCE, false))),
    ("foldl", SH, Run::Call(|e, call| reduce(e, call, &FOLD, false))),
    ("foldr", SH, Run::Call(|e, call| reduce(e, call, &FOLD, true))),
    (
        "until",
        SH,
        Run::Call(|_, call| {
            let text = "how many turns a loop has must be known from the data: leave out `until`, give `n_steps`, and \
                        keep the values from there on with `pt.where`";
            fault(call.range, text)
        }),
    ),
];

const MAP: [&str; 8] = [
    "fn",
    "sequences",
    "non_sequences",
    "truncate_gradient",
    "go_backwards",
    "mode",
    "name",
    "return_updates",
];

const REDUCE: [&str; 8] =
    ["fn", "sequences", "outputs_info", "non_sequences", "go_backwards", "mode", "name", "return_updates"];

const FOLD: [&str; 7] =
    ["fn", "sequences", "outputs_info", "non_sequences", "mode", "name", "return_updates"];

/// The call of `pytensor.scan` with the arguments of these names.
fn as_scan(call: &Call, names: &[&str]) -> Outcome<Call> {
    let bound = call.bind_all(names)?;
    for k in 0..2 {
        call.required(bound[k], names[k])?;
    }
    let given = names.iter().zip(bound);
    let keywords = given.filter_map(|(name, argument)| Some(((*name).to_owned(), argument?.clone())));
    Ok(Call { name: call.name.clone(), range: call.range, positional: vec![], keywords: keywords.collect() })
}

fn map(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    scan(e, &as_scan(call, &MAP)?)
}

fn reduce(e: &mut Evaluator<'_>, call: &Call, names: &[&str], is_backward: bool) -> Outcome<Item> {
    let mut loop_call = as_scan(call, names)?;
    if is_backward {
        let item = Item::truth(true);
        loop_call.keywords.push(("go_backwards".into(), Argument { item, range: call.range }));
    }
    let range = call.range;
    match scan(e, &loop_call)? {
        Item::Tuple(pair) => {
            let mut items = pair.items().to_vec();
            items[0] = last(e, &items[0], call)?;
            Ok(Item::Tuple(Sequence::new(items, range)?))
        }
        results => last(e, &results, call),
    }
}

/// The results of the last turn.
fn last(e: &mut Evaluator<'_>, results: &Item, call: &Call) -> Outcome<Item> {
    if let Item::List(all) = results {
        let items = all.items().iter().map(|item| last(e, item, call)).collect::<Outcome<Vec<_>>>()?;
        return Ok(Item::List(Sequence::new(items, call.range)?));
    }
    let value = e.item_value(results, call.range)?;
    Ok(Item::Number(e.finish_value(value.at(-1), call.range)?))
}
