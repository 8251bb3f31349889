//! `itertools` and `functools`: tuples of the items of several iterables, and of one.

use super::{CF, IT, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// A function with some of its arguments.
#[derive(Debug)]
pub(in crate::language) struct Partial {
    pub(in crate::language) function: Item,
    pub(in crate::language) positional: Vec<Argument>,
    pub(in crate::language) keywords: Vec<(String, Argument)>,
}

/// Functions of `itertools`; what they give is a list at once.
pub(super) const ROWS: &[Row] = &[
    ("product", IT, Run::Call(product)),
    ("combinations", IT, Run::Call(combinations)),
    ("combinations_with_replacement", IT, Run::Call(repeating)),
    ("chain", IT, Run::Call(chain)),
    ("permutations", IT, Run::Call(permutations)),
    ("repeat", IT, Run::Call(repeated)),
    ("accumulate", IT, Run::Call(|e, call| folded(e, call, true))),
    ("partial", CF, Run::Call(partial)),
    ("reduce", CF, Run::Call(|e, call| folded(e, call, false))),
];

fn list(e: &mut Evaluator<'_>, call: &Call, tuples: Vec<Vec<Item>>) -> Outcome<Item> {
    e.budget.steps(tuples.len(), call.range)?;
    let mut items = Vec::with_capacity(tuples.len());
    for tuple in tuples {
        items.push(Item::Tuple(Sequence::new(tuple, call.range)?));
    }
    Ok(Item::List(Sequence::new(items, call.range)?))
}

/// `product(a, b, repeat=...)`: every tuple of an item of each, the last one changing first.
fn product(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut repeat = 1;
    for (name, argument) in &call.keywords {
        match &**name {
            "repeat" => repeat = e.integer(&argument.item, "`repeat`", argument.range)?,
            other => return fault(argument.range, format!("`product` has no argument `{other}`")),
        }
    }
    let mut pools = Vec::new();
    for _ in 0..repeat.clamp(0, 64) {
        for Argument { item, range } in &call.positional {
            pools.push(e.iterate(item, *range)?);
        }
    }
    let mut tuples = vec![Vec::new()];
    for pool in pools {
        e.budget.steps(tuples.len().saturating_mul(pool.len()), call.range)?;
        tuples = tuples
            .iter()
            .flat_map(|tuple: &Vec<Item>| {
                pool.iter().map(|item| [tuple.as_slice(), std::slice::from_ref(item)].concat())
            })
            .collect();
    }
    list(e, call, tuples)
}

/// `combinations(items, r)`: every choice of `r` items, in order.
fn combinations(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [items, size] = call.bind(["iterable", "r"])?;
    let (items, size) = (call.required(items, "iterable")?, call.required(size, "r")?);
    let pool = e.iterate(&items.item, items.range)?;
    let Ok(size) = usize::try_from(e.integer(&size.item, "`r`", size.range)?) else {
        return fault(size.range, "`r` must not be negative");
    };
    let mut places: Vec<usize> = (0..size).collect();
    let mut tuples = Vec::new();
    while size <= pool.len() {
        e.budget.steps(1 + size, call.range)?;
        tuples.push(places.iter().map(|&k| pool[k].clone()).collect());
        let Some(turn) = (0..size).rev().find(|&k| places[k] < pool.len() - size + k) else {
            break;
        };
        places[turn] += 1;
        (turn + 1..size).for_each(|k| places[k] = places[k - 1] + 1);
    }
    list(e, call, tuples)
}

/// `combinations_with_replacement(items, r)`: every choice of `r` items that may be the same, in order.
fn repeating(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [items, size] = call.bind(["iterable", "r"])?;
    let (items, size) = (call.required(items, "iterable")?, call.required(size, "r")?);
    let pool = e.iterate(&items.item, items.range)?;
    let size = e.integer(&size.item, "`r`", size.range)?;
    let mut places: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size.max(0) {
        e.budget.steps(places.len().saturating_mul(1 + pool.len()), call.range)?;
        let longer = |known: &Vec<usize>| {
            let first = known.last().copied().unwrap_or(0);
            (first..pool.len()).map(|k| [known.as_slice(), &[k]].concat()).collect::<Vec<_>>()
        };
        places = places.iter().flat_map(longer).collect();
    }
    let tuples = places.into_iter().map(|places| places.into_iter().map(|k| pool[k].clone()).collect());
    let tuples = tuples.collect();
    list(e, call, tuples)
}

/// `permutations(items, r)`: every ordered choice of `r` items.
fn permutations(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [items, size] = call.bind(["iterable", "r"])?;
    let items = call.required(items, "iterable")?;
    let pool = e.iterate(&items.item, items.range)?;
    let size = size.map_or(Ok(pool.len() as i64), |size| e.integer(&size.item, "`r`", size.range))?;
    let mut places: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size.clamp(0, pool.len() as i64 + 1) {
        e.budget.steps(places.len().saturating_mul(pool.len()), call.range)?;
        let longer = |known: &Vec<usize>| {
            let left = (0..pool.len()).filter(|k| !known.contains(k));
            left.map(|k| [known.as_slice(), &[k]].concat()).collect::<Vec<_>>()
        };
        places = places.iter().flat_map(longer).collect();
    }
    let tuples = places.into_iter().map(|places| places.into_iter().map(|k| pool[k].clone()).collect());
    let tuples = tuples.collect();
    list(e, call, tuples)
}

/// `partial(function, ...)`: the function with some of its arguments.
fn partial(_: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    match call.positional.split_first() {
        Some((function, rest))
            if function.item.is_callable() || matches!(function.item, Item::Distribution(_)) =>
        {
            Ok(Item::Partial(std::rc::Rc::new(Partial {
                function: function.item.clone(),
                positional: rest.to_vec(),
                keywords: call.keywords.clone(),
            })))
        }
        _ => fault(call.range, "`partial` takes a function, and arguments of it"),
    }
}

/// `repeat(item, times)`
fn repeated(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [item, times] = call.bind(["object", "times"])?;
    let item = call.required(item, "object")?;
    let Some(times) = times else {
        return fault(call.range, "`repeat` without a number of times never ends: give `times`");
    };
    let times = e.integer(&times.item, "`times`", times.range)?.max(0) as usize;
    e.budget.steps(times, call.range)?;
    Ok(Item::List(Sequence::new(vec![item.item.clone(); times], call.range)?))
}

/// `accumulate(items, function)`, a sum where none is given, and `reduce(function, items, first)`.
fn folded(e: &mut Evaluator<'_>, call: &Call, keeps: bool) -> Outcome<Item> {
    let (run, items, first) = match keeps {
        true => {
            let [items, run, first] = call.bind(["iterable", "func", "initial"])?;
            (run, items, first)
        }
        false => {
            let [run, items, first] = call.bind(["function", "iterable", "initial"])?;
            (Some(call.required(run, "function")?), items, first)
        }
    };
    let items = call.required(items, "iterable")?;
    let mut all: Vec<Item> = first.map(|first| first.item.clone()).into_iter().collect();
    for item in e.iterate(&items.item, items.range)? {
        let next = match (all.last().cloned(), run) {
            (None, _) => item,
            (Some(before), None) => {
                e.operation(ruff_python_ast::Operator::Add, &before, &item, call.range)?
            }
            (Some(before), Some(run)) => {
                let both = [before, item].map(|item| Argument { item, range: items.range });
                e.call_item(run, both.to_vec())?
            }
        };
        if !keeps {
            all.clear();
        }
        all.push(next);
    }
    match (keeps, all.pop()) {
        (false, Some(last)) => Ok(last),
        (false, None) => fault(call.range, "`reduce` of nothing needs a first value"),
        (true, last) => {
            all.extend(last);
            Ok(Item::List(Sequence::new(all, call.range)?))
        }
    }
}

/// `chain(a, b)`: the items of one iterable after those of another.
fn chain(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    if let Some((name, argument)) = call.keywords.first() {
        return fault(argument.range, format!("`chain` has no argument `{name}`"));
    }
    let mut items = Vec::new();
    for Argument { item, range } in &call.positional {
        items.extend(e.iterate(item, *range)?);
    }
    Ok(Item::List(Sequence::new(items, call.range)?))
}
