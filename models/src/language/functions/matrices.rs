//! Functions of a matrix over arrays of matrices: one after the other, as NumPy goes through the axes in front.

use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_engine::program::value::{Subscript, shape};

use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

type Function = fn(&mut Evaluator<'_>, &Call) -> Outcome<Item>;

/// A call of a function of one matrix, or of each matrix of an array. Of the right sides of equations each has its own.
pub(super) fn run(e: &mut Evaluator<'_>, call: &Call, function: Function) -> Outcome<Item> {
    let Some(first) = call.positional.first().and_then(|argument| argument.item.as_value()) else {
        return function(e, call);
    };
    let Some(axes) = first.rank().checked_sub(2).filter(|axes| *axes > 0) else { return function(e, call) };
    let mut batch = first.shape()[..axes].to_vec();
    let second = call.positional.get(1).and_then(|argument| argument.item.as_value());
    let second = second.filter(|second| second.rank() > 2);
    if let Some(second) = second {
        let front = &second.shape()[..second.rank() - 2];
        let Some(joint) = shape::broadcast(&batch, front) else {
            let (a, b) = (shape::display(first.shape()), shape::display(second.shape()));
            return fault(
                call.range,
                format!("arrays of matrices of shapes {a} and {b} do not fit together"),
            );
        };
        batch = joint;
    }
    let count = shape::elements(&batch);
    e.budget.steps(count, call.range)?;
    if count == 0 {
        return fault(call.range, format!("`{}` of no matrices", call.name));
    }
    let rows = |value: &Value| {
        let matrix = &value.shape()[value.rank() - 2..];
        value.broadcast_to(&[&batch[..], matrix].concat()).reshape(&[&[count], matrix].concat())
    };
    let (first, second) = (rows(first), second.map(rows));
    let mut made = Vec::with_capacity(count);
    for k in 0..count {
        let mut one = call.nothing();
        one.positional = call.positional.clone();
        one.keywords = call.keywords.clone();
        let row = |value: &Value, range| Argument {
            item: Item::Number(value.index(&[Subscript::At(k as i64)])),
            range,
        };
        one.positional[0] = row(&first, call.positional[0].range);
        if let Some(second) = &second {
            one.positional[1] = row(second, call.positional[1].range);
        }
        made.push(function(e, &one)?);
    }
    stacked(e, call, &made, &batch)
}

/// The results of all matrices: arrays, or tuples of them.
fn stacked(e: &mut Evaluator<'_>, call: &Call, made: &[Item], batch: &[usize]) -> Outcome<Item> {
    if let Some(Item::Tuple(first)) = made.first() {
        let mut parts = Vec::with_capacity(first.items().len());
        for k in 0..first.items().len() {
            let of = |item: &Item| match item {
                Item::Tuple(items) => items.items().get(k).cloned().unwrap_or(Item::None),
                other => other.clone(),
            };
            let all: Vec<Item> = made.iter().map(of).collect();
            parts.push(stacked(e, call, &all, batch)?);
        }
        return Ok(Item::Tuple(Rc::new(Sequence::of(parts, call.range)?.named_as(first))));
    }
    let mut values = Vec::with_capacity(made.len());
    for item in made {
        values.push(e.item_value(item, call.range)?);
    }
    let whole = e.finish_value(Value::stack(&values, 0), call.range)?;
    Ok(Item::Number(whole.reshape(&[batch, &whole.shape()[1..]].concat())))
}
