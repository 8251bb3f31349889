//! Python's sets: lists of different items, numbers in ascending order, with methods and operators of their own.

use std::collections::HashSet;
use std::rc::Rc;

use ruff_python_ast::{CmpOp, Operator};
use ruff_text_size::TextRange;

use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::{Item, Key, Sequence};

/// Methods that change a set.
pub(in crate::language) const CHANGING: &[&str] = &[
    "add",
    "update",
    "discard",
    "remove",
    "pop",
    "clear",
    "difference_update",
    "intersection_update",
    "symmetric_difference_update",
];

type Set = Rc<Sequence>;

/// A set of items.
fn set(e: &mut Evaluator<'_>, items: Vec<Item>, range: TextRange) -> Outcome<Set> {
    match e.distinct(items, range)? {
        Item::List(set) => Ok(set),
        other => fault(range, format!("{} is no set", other.describe())),
    }
}

fn keys(e: &mut Evaluator<'_>, set: &Sequence, range: TextRange) -> Outcome<Vec<Key>> {
    e.budget.work(set.items().len(), range)?;
    set.items().iter().map(|item| e.key(item, range)).collect()
}

/// The items of both sets that `wanted` says, told whether the first and the second have them.
fn chosen(
    e: &mut Evaluator<'_>,
    a: &Sequence,
    b: &Sequence,
    wanted: fn(bool, bool) -> bool,
    range: TextRange,
) -> Outcome<Set> {
    let (first, second) = (keys(e, a, range)?, keys(e, b, range)?);
    let (in_first, in_second) = (first.iter().collect::<HashSet<_>>(), second.iter().collect::<HashSet<_>>());
    let own = a.items().iter().zip(&first).filter(|(_, key)| wanted(true, in_second.contains(key)));
    let others =
        b.items().iter().zip(&second).filter(|(_, key)| !in_first.contains(key) && wanted(false, true));
    let items = own.chain(others).map(|(item, _)| item.clone()).collect();
    set(e, items, range)
}

/// Which items an operator or a method of that meaning keeps.
fn kept(name: &str) -> Option<fn(bool, bool) -> bool> {
    Some(match name {
        "union" | "update" => |_, _| true,
        "intersection" | "intersection_update" => |a, b| a && b,
        "difference" | "difference_update" => |a, b| a && !b,
        "symmetric_difference" | "symmetric_difference_update" => |a, b| a != b,
        _ => return None,
    })
}

/// `a | b`, `a & b`, `a - b`, `a ^ b`; `None` for other operators.
pub(in crate::language) fn operation(
    e: &mut Evaluator<'_>,
    op: Operator,
    a: &Sequence,
    b: &Sequence,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let name = match op {
        Operator::BitOr => "union",
        Operator::BitAnd => "intersection",
        Operator::Sub => "difference",
        Operator::BitXor => "symmetric_difference",
        _ => return Ok(None),
    };
    kept(name).map(|wanted| chosen(e, a, b, wanted, range).map(Item::List)).transpose()
}

/// `a == b`, `a <= b` and the like; `None` for other comparisons.
pub(in crate::language) fn comparison(
    e: &mut Evaluator<'_>,
    op: CmpOp,
    a: &Sequence,
    b: &Sequence,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let (first, second) = (keys(e, a, range)?, keys(e, b, range)?);
    let (sizes, other) = ((first.len(), second.len()), second.iter().collect::<HashSet<_>>());
    let common = first.iter().filter(|key| other.contains(key)).count();
    let (within, around) = (common == sizes.0, common == sizes.1);
    Ok(Some(Item::truth(match op {
        CmpOp::Eq => within && around,
        CmpOp::NotEq => !(within && around),
        CmpOp::LtE => within,
        CmpOp::GtE => around,
        CmpOp::Lt => within && !around,
        CmpOp::Gt => around && !within,
        _ => return Ok(None),
    })))
}

/// `a.union(b, c)` and the others that change nothing; `None` for what is no method of sets.
pub(super) fn method(e: &mut Evaluator<'_>, a: &Set, name: &str, call: &Call) -> Outcome<Option<Item>> {
    let op = match name {
        "copy" => return Ok(Some(Item::List(Rc::new((**a).clone())))),
        "issubset" => CmpOp::LtE,
        "issuperset" => CmpOp::GtE,
        "isdisjoint" => CmpOp::NotIn,
        _ => {
            let Some(wanted) = kept(name) else { return Ok(None) };
            return combined(e, a.clone(), wanted, call).map(|set| Some(Item::List(set)));
        }
    };
    let [other] = call.bind(["other"])?;
    let other = call.required(other, "other")?;
    let items = e.iterate(&other.item, other.range)?;
    let b = set(e, items, other.range)?;
    match op {
        CmpOp::NotIn => {
            Ok(Some(Item::truth(chosen(e, a, &b, |a, b| a && b, call.range)?.items().is_empty())))
        }
        op => comparison(e, op, a, &b, call.range),
    }
}

/// A set and what a call gives, one after the other.
fn combined(
    e: &mut Evaluator<'_>,
    mut whole: Set,
    wanted: fn(bool, bool) -> bool,
    call: &Call,
) -> Outcome<Set> {
    for other in &call.positional {
        let items = e.iterate(&other.item, other.range)?;
        let other = set(e, items, other.range)?;
        whole = chosen(e, &whole, &other, wanted, call.range)?;
    }
    Ok(whole)
}

/// What a method that changes a set makes of it, and what it gives.
pub(in crate::language) fn changed(
    e: &mut Evaluator<'_>,
    a: &Set,
    name: &str,
    call: &Call,
) -> Outcome<(Set, Item)> {
    let range = call.range;
    if let Some(wanted) = kept(name) {
        return Ok((combined(e, a.clone(), wanted, call)?, Item::None));
    }
    if name == "clear" {
        return Ok((set(e, Vec::new(), range)?, Item::None));
    }
    if name == "pop" {
        return match a.items().split_first() {
            Some((first, others)) => Ok((set(e, others.to_vec(), range)?, first.clone())),
            None => fault(range, "there is nothing in this set"),
        };
    }
    let [item] = call.bind(["elem"])?;
    let item = call.required(item, "elem")?;
    let one = set(e, vec![item.item.clone()], item.range)?;
    let wanted: fn(bool, bool) -> bool = if name == "add" { |_, _| true } else { |a, b| a && !b };
    let result = chosen(e, a, &one, wanted, range)?;
    if name == "remove" && result.items().len() == a.items().len() {
        return fault(item.range, format!("{} is not in the set", item.item.describe()));
    }
    Ok((result, Item::None))
}
