//! `collections`: dictionaries that know what a missing entry is, and tuples whose items have names.

use std::rc::Rc;

use chainfire_engine::program::Kind;
use ruff_python_ast::Operator;
use ruff_text_size::TextRange;

use super::{CF, CO, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Sequence};

/// Functions of `collections`.
pub(super) const ROWS: &[Row] = &[
    ("OrderedDict", CF, Run::Call(super::dictionary)),
    ("Counter", CO, Run::Call(counter)),
    ("defaultdict", CO, Run::Call(with_default)),
    ("namedtuple", CO, Run::Call(named_tuple)),
];

/// `Counter(items)`: how often each of them is there; 0 for others.
fn counter(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [items] = call.bind(["iterable"])?;
    let mut counts = Dict::default();
    counts.missing = Some(Item::integer(0));
    let Some(items) = items else { return Ok(Item::Dict(counts.into())) };
    if let Item::Dict(known) = &items.item {
        for (key, count) in known.entries() {
            counts.insert(key.clone(), count.clone(), items.range)?;
        }
        return Ok(Item::Dict(counts.into()));
    }
    for item in e.iterate(&items.item, items.range)? {
        let key = e.key(&item, items.range)?;
        let before = counts.get(&key).cloned().unwrap_or_else(|| Item::integer(0));
        let count = e.operation(Operator::Add, &before, &Item::integer(1), items.range)?;
        counts.insert(key, count, items.range)?;
    }
    Ok(Item::Dict(counts.into()))
}

/// `counter.most_common(n)`: entries with the largest counts first.
pub(super) fn most_common(e: &mut Evaluator<'_>, counts: &Dict, call: &Call) -> Outcome<Item> {
    let [n] = call.bind(["n"])?;
    let mut entries = Vec::with_capacity(counts.entries().len());
    for (key, count) in counts.entries() {
        entries.push((e.float(count, "a count", call.range)?, key.item(), count.clone()));
    }
    entries.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let kept = match n.filter(|n| !matches!(n.item, Item::None)) {
        Some(n) => e.integer(&n.item, "a number of entries", n.range)?.max(0) as usize,
        None => entries.len(),
    };
    let pair = |(_, key, count)| Ok(Item::Tuple(Sequence::new(vec![key, count], call.range)?));
    let pairs = entries.into_iter().take(kept).map(pair).collect::<Outcome<_>>()?;
    Ok(Item::List(Sequence::new(pairs, call.range)?))
}

/// `counter.total()`: the sum of the counts; `counter.elements()`: each item as often as it counts.
pub(super) fn counted(e: &mut Evaluator<'_>, counts: &Dict, name: &str, call: &Call) -> Outcome<Item> {
    let [] = call.bind([])?;
    let (mut total, mut items) = (0, Vec::new());
    for (key, count) in counts.entries() {
        let count = e.integer(count, "a count", call.range)?;
        total += count;
        if name == "elements" {
            let count = count.max(0) as usize;
            e.budget.steps(count, call.range)?;
            items.extend(std::iter::repeat_n(key.item(), count));
        }
    }
    match name {
        "total" => Ok(Item::integer(total)),
        _ => Ok(Item::List(Sequence::new(items, call.range)?)),
    }
}

/// `counter + counter`, `counter - counter`: the counts of both, of which those above 0 are kept.
pub(in crate::language) fn combined(
    e: &mut Evaluator<'_>,
    op: Operator,
    left: &Dict,
    right: &Dict,
    range: TextRange,
) -> Outcome<Item> {
    let mut counts = Dict::default();
    counts.missing = Some(Item::integer(0));
    for (key, _) in left.entries().iter().chain(right.entries()) {
        let count = |side: &Dict| side.get(key).cloned().unwrap_or_else(|| Item::integer(0));
        let whole = e.operation(op, &count(left), &count(right), range)?;
        if e.float(&whole, "a count", range)? > 0.0 {
            counts.insert(key.clone(), whole, range)?;
        }
    }
    Ok(Item::Dict(counts.into()))
}

/// `defaultdict(list)`: what the function gives stands for a missing entry.
fn with_default(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let Some((factory, rest)) = call.positional.split_first() else {
        return fault(call.range, "`defaultdict` takes a function first, such as `list`");
    };
    let others = Call { positional: rest.to_vec(), ..call.clone() };
    let Item::Dict(mut dict) = super::dictionary(e, &others)? else {
        return fault(call.range, "`defaultdict` takes the entries of a dictionary after its function");
    };
    let missing = match &factory.item {
        Item::None => None,
        Item::Type(kind) if *kind != Kind::Float => Some(Item::integer(0)),
        Item::Type(_) => Some(Item::Number(0.0.into())),
        Item::TextType => Some(Item::text("")),
        function => Some(e.called_with(function, Vec::new(), factory.range)?),
    };
    Rc::make_mut(&mut dict).missing = missing;
    Ok(Item::Dict(dict))
}

/// `namedtuple("Point", ["x", "y"])`: the function that makes tuples with these names.
fn named_tuple(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [_, fields, defaults] = call.bind(["typename", "field_names", "defaults"])?;
    if let Some(defaults) = defaults {
        return fault(defaults.range, "`namedtuple` has no `defaults` here: give every value");
    }
    let fields = call.required(fields, "field_names")?;
    let names: Vec<String> = match &fields.item {
        Item::Text(text) => text.replace(',', " ").split_whitespace().map(str::to_owned).collect(),
        _ => e.texts(fields, "names")?,
    };
    Ok(Item::Fields(names.iter().map(|name| name.as_str().into()).collect()))
}

/// A tuple with names, of the arguments of a call.
pub(in crate::language) fn fill(names: &Rc<[Rc<str>]>, call: &Call) -> Outcome<Item> {
    let known: Vec<&str> = names.iter().map(|name| &**name).collect();
    let given = call.bind_all(&known)?;
    let item = |(argument, name): (Option<&Argument>, &&str)| Ok(call.required(argument, name)?.item.clone());
    let items = given.into_iter().zip(&known).map(item).collect::<Outcome<_>>()?;
    Ok(Item::Tuple(Rc::new(Sequence::of(items, call.range)?.with_names(names.clone()))))
}
