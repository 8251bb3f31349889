//! Python's own functions.

use chainfire_engine::program::{Kind, Value};

use super::{Function, Module, Row, Run, reduce, unique};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Sequence};

const ROWS: &[Row] = &[
    ("len", 0, Run::Call(len)),
    ("range", 0, Run::Call(range)),
    ("enumerate", 0, Run::Call(enumerate)),
    ("zip", 0, Run::Call(zip)),
    ("list", 0, Run::Call(|e, call| Ok(Item::List(Sequence::new(items(e, call)?, call.range)?)))),
    ("tuple", 0, Run::Call(|e, call| Ok(Item::Tuple(Sequence::new(items(e, call)?, call.range)?)))),
    ("dict", 0, Run::Call(dictionary)),
    ("sum", 0, Run::Call(sum)),
    ("min", 0, Run::Call(|e, call| extreme(e, call, Value::minimum))),
    ("max", 0, Run::Call(|e, call| extreme(e, call, Value::maximum))),
    ("abs", 0, Run::Unary(Value::abs)),
    ("round", 0, Run::Call(round)),
    ("sorted", 0, Run::Call(sorted)),
    ("set", 0, Run::Call(distinct)),
    ("frozenset", 0, Run::Call(distinct)),
    ("map", 0, Run::Call(mapped)),
    ("filter", 0, Run::Call(filtered)),
    ("pow", 0, Run::Binary(crate::language::evaluate::power)),
    ("ord", 0, Run::Call(code)),
    ("divmod", 0, Run::Call(quotient)),
    ("slice", 0, Run::Call(slice)),
    ("isinstance", 0, Run::Call(is_instance)),
    (
        "getattr",
        0,
        Run::Call(|e, call| {
            member(e, call)
                .and_then(|found| found.map_or_else(|| fault(call.range, "there is no such attribute"), Ok))
        }),
    ),
    ("hasattr", 0, Run::Call(|e, call| Ok(Item::truth(member(e, call)?.is_some())))),
    ("repr", 0, Run::Call(written)),
    ("chr", 0, Run::Call(character)),
    (
        "callable",
        0,
        Run::Call(|_, call| {
            let [x] = call.bind(["object"])?;
            Ok(Item::truth(call.required(x, "object")?.item.is_callable()))
        }),
    ),
    (
        "iter",
        0,
        Run::Call(|e, call| {
            let items = items(e, call)?;
            e.iterator(items, call.range)
        }),
    ),
    ("next", 0, Run::Call(next)),
    (
        "reversed",
        0,
        Run::Call(|e, call| {
            let mut items = items(e, call)?;
            items.reverse();
            Ok(Item::List(Sequence::new(items, call.range)?))
        }),
    ),
    ("any", 0, Run::Call(|e, call| some(e, call, true))),
    ("all", 0, Run::Call(|e, call| some(e, call, false))),
];

/// `next(iterator, default)`
fn next(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let Some((iterator, default)) = call.positional.split_first() else {
        return fault(call.range, "`next` needs an iterator");
    };
    let default: Vec<Item> = default.iter().map(|argument| argument.item.clone()).collect();
    if let Some(item) = e.special(&iterator.item, "__next__", default.clone(), call.range)? {
        return Ok(item);
    }
    let items = e.iterate(&iterator.item, iterator.range)?;
    match items.into_iter().chain(default).next() {
        Some(item) => Ok(item),
        None => fault(call.range, "there is no first element"),
    }
}

/// The meaning that Python gives to a name.
pub(in crate::language) fn builtin(name: &str) -> Option<Item> {
    match name {
        "int" => Some(Item::Type(Kind::Int)),
        "float" => Some(Item::Type(Kind::Float)),
        "bool" => Some(Item::Type(Kind::Bool)),
        "str" => Some(Item::TextType),
        _ => {
            let row = ROWS.iter().find(|row| row.0 == name)?;
            Some(Item::Function(Function { module: Module::Python, row }))
        }
    }
}

fn items(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Vec<Item>> {
    let [x] = call.bind(["iterable"])?;
    x.map_or(Ok(Vec::new()), |x| e.iterate(&x.item, x.range))
}

fn len(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["object"])?;
    let x = call.required(x, "object")?;
    let count = match &x.item {
        Item::Number(value) | Item::Series(value) if value.rank() > 0 => value.shape()[0],
        Item::Table(table) => super::rows(table),
        Item::Range { count, .. } => *count,
        Item::Labelled(labelled) => labelled.values.len(),
        Item::Grouped(grouped) => grouped.rows.labels.size(),
        item @ (Item::Text(_)
        | Item::Texts(_)
        | Item::List(_)
        | Item::Tuple(_)
        | Item::Dict(_)
        | Item::Categorical(_)) => match item {
            Item::Text(text) => text.chars().count(),
            other => other.size(),
        },
        other => match e.object_length(other, x.range)? {
            Some(length) => length,
            None => return fault(x.range, format!("{} has no length", other.describe())),
        },
    };
    e.budget.steps(1, call.range)?;
    Ok(Item::integer(count as i64))
}

fn range(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, c] = call.bind(["start", "stop", "step"])?;
    let mut bounds = Vec::new();
    for argument in [a, b, c].into_iter().flatten() {
        bounds.push(e.integer(&argument.item, "the bound of a range", argument.range)?);
    }
    let (start, stop, step) = match *bounds {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        _ => return fault(call.range, "`range` needs at least its end"),
    };
    if step == 0 {
        return fault(call.range, "the step of a range must not be 0");
    }
    let distance = if step > 0 { stop - start } else { start - stop };
    let count = (distance.max(0) as u64).div_ceil(step.unsigned_abs()) as usize;
    Ok(Item::Range { start, step, count })
}

fn slice(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, c] = call.bind(["start", "stop", "step"])?;
    let bound = |argument: Option<&Argument>| match argument {
        None | Some(Argument { item: Item::None, .. }) => Ok(None),
        Some(argument) => e.integer(&argument.item, "the bound of a slice", argument.range).map(Some),
    };
    let (start, stop, step) = match (a, b) {
        (Some(stop), None) => (None, bound(Some(stop))?, 1),
        _ => (bound(a)?, bound(b)?, bound(c)?.unwrap_or(1)),
    };
    match step {
        0 => fault(call.range, "the step of a slice must not be 0"),
        step => Ok(Item::Slice { start, stop, step }),
    }
}

fn enumerate(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, start] = call.bind(["iterable", "start"])?;
    let x = call.required(x, "iterable")?;
    let start = start.map_or(Ok(0), |start| e.integer(&start.item, "the start", start.range))?;
    let items = e.iterate(&x.item, x.range)?;
    let pairs: Outcome<Vec<Item>> = items
        .into_iter()
        .zip(start..)
        .map(|(item, k)| Ok(Item::Tuple(Sequence::new(vec![Item::integer(k), item], call.range)?)))
        .collect();
    Ok(Item::List(Sequence::new(pairs?, call.range)?))
}

fn zip(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut is_strict = false;
    for (name, argument) in &call.keywords {
        match &**name {
            "strict" => is_strict = e.truth(&argument.item, argument.range)?,
            name => return fault(argument.range, format!("`zip` has no argument `{name}`")),
        }
    }
    let mut columns = Vec::new();
    for argument in &call.positional {
        columns.push(e.iterate(&argument.item, argument.range)?.into_iter());
    }
    if let (true, [first, others @ ..]) = (is_strict, &*columns)
        && let Some(other) = others.iter().find(|other| other.len() != first.len())
    {
        let (first, other) = (first.len(), other.len());
        return fault(call.range, format!("`zip` is strict, and meets {first} items and {other} items"));
    }
    let mut rows = Vec::new();
    while !columns.is_empty() {
        let row: Option<Vec<Item>> = columns.iter_mut().map(Iterator::next).collect();
        match row {
            Some(row) => rows.push(Item::Tuple(Sequence::new(row, call.range)?)),
            None => break,
        }
    }
    Ok(Item::List(Sequence::new(rows, call.range)?))
}

pub(in crate::language) fn dictionary(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut out = Dict::default();
    for argument in &call.positional {
        match &argument.item {
            Item::Dict(dict) | Item::Table(dict) => {
                for (key, item) in dict.entries() {
                    out.insert(key.clone(), item.clone(), argument.range)?;
                }
            }
            other => {
                for pair in e.iterate(other, argument.range)? {
                    let [key, item] = &*e.iterate(&pair, argument.range)? else {
                        return fault(argument.range, "`dict` needs pairs of keys and values");
                    };
                    out.insert(e.key(key, argument.range)?, item.clone(), argument.range)?;
                }
            }
        }
    }
    for (name, argument) in &call.keywords {
        out.insert(
            crate::language::item::Key::Text(name.as_str().into()),
            argument.item.clone(),
            argument.range,
        )?;
    }
    Ok(Item::Dict(out.into()))
}

fn sum(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, start] = call.bind(["iterable", "start"])?;
    let x = call.required(x, "iterable")?;
    if let (Some(value), None) = (x.item.as_value().filter(|v| v.rank() == 1), start) {
        return Ok(Item::Number(reduce::along(e, value, 0, "sum", 0.0, call.range)?));
    }
    let mut total = start.map_or(Item::integer(0), |start| start.item.clone());
    for item in e.iterate(&x.item, x.range)? {
        total = e.operation(ruff_python_ast::Operator::Add, &total, &item, call.range)?;
    }
    Ok(total)
}

fn extreme(e: &mut Evaluator<'_>, call: &Call, run: fn(&Value, &Value) -> Value) -> Outcome<Item> {
    let items = match call.positional.as_slice() {
        [x] => e.iterate(&x.item, x.range)?,
        several => several.iter().map(|argument| argument.item.clone()).collect(),
    };
    let (mut key, mut default) = (None, None);
    for (name, argument) in &call.keywords {
        match name.as_str() {
            "key" => key = Some(argument),
            "default" => default = Some(argument),
            _ => return fault(argument.range, format!("`{}` has no argument `{name}` here", call.name)),
        }
    }
    if let (true, Some(default)) = (items.is_empty(), default) {
        return Ok(default.item.clone());
    }
    if let Some(key) = key.filter(|key| !matches!(key.item, Item::None)) {
        return extreme_by(e, items, key, call, run);
    }
    // Texts and tuples have the order that they are sorted in.
    if items.iter().any(|item| matches!(item, Item::Text(_) | Item::Tuple(_))) {
        let reverse = run(&Value::from(0.0), &Value::from(1.0)).as_data().is_some_and(|x| x[0] == 1.0);
        let mut inner = call.alone(Item::List(Sequence::new(items, call.range)?));
        let argument = Argument { item: Item::truth(reverse), range: call.range };
        inner.keywords.push(("reverse".to_owned(), argument));
        let sorted = sorted(e, &inner)?;
        return e.iterate(&sorted, call.range)?.into_iter().next().map_or_else(
            || fault(call.range, format!("the `{}` of no elements is not defined", call.name)),
            Ok,
        );
    }
    let mut best: Option<Value> = None;
    for item in &items {
        let value = e.item_value(item, call.range)?;
        if value.rank() > 0 || value.is_random() {
            let cure = format!("use `np.{0}` for data, and `pm.math.{0}imum` for parameters", call.name);
            let message = format!("`{}` compares plain numbers; {cure}", call.name);
            let rule = if value.is_random() { Rule::RandomCondition } else { Rule::Unsupported };
            return Err(Fault::new(call.range, message).rule(rule).fix(cure));
        }
        best = Some(match best {
            Some(best) if best.as_data() == run(&best, &value).as_data() => best,
            _ => value,
        });
    }
    best.map_or_else(
        || fault(call.range, format!("the `{}` of no elements is not defined", call.name)),
        |v| Ok(Item::Number(v)),
    )
}

/// The first item for which a function gives the least or the largest number.
fn extreme_by(
    e: &mut Evaluator<'_>,
    items: Vec<Item>,
    key: &Argument,
    call: &Call,
    run: fn(&Value, &Value) -> Value,
) -> Outcome<Item> {
    let mut best: Option<(f64, Item)> = None;
    for item in items {
        let number = e.called(&key.item, item.clone(), key.range)?;
        let number = e.float(&number, "what items are compared by", key.range)?;
        let is_better = |known: f64| {
            number != known
                && run(&Value::from(known), &Value::from(number)).as_data().is_some_and(|x| x[0] == number)
        };
        if best.as_ref().is_none_or(|(known, _)| is_better(*known)) {
            best = Some((number, item));
        }
    }
    match best {
        Some((_, item)) => Ok(item),
        None => fault(call.range, format!("the `{}` of no elements is not defined", call.name)),
    }
}

fn round(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, digits] = call.bind(["number", "ndigits"])?;
    let x = call.required(x, "number")?;
    let number = e.float(&x.item, "what is rounded", x.range)?;
    match digits {
        None => Ok(Item::Number(e.cast(&Value::from(number.round_ties_even()), Kind::Int, call.range)?)),
        Some(digits) => {
            let digits = e.integer(&digits.item, "the number of digits", digits.range)?.clamp(-300, 300);
            // The digits of the number as it is, which decimal places are seldom.
            let rounded = match usize::try_from(digits) {
                Ok(digits) if number.is_finite() => format!("{number:.digits$}").parse().unwrap_or(number),
                Ok(_) => number,
                Err(_) => {
                    let scale = 10_f64.powi(-digits as i32);
                    (number / scale).round_ties_even() * scale
                }
            };
            let kind = x.item.as_value().map_or(Kind::Float, Value::kind).max(Kind::Int);
            Ok(Item::Number(e.cast(&Value::from(rounded), kind, call.range)?))
        }
    }
}

/// `sorted(items, key=..., reverse=...)`
pub(in crate::language) fn sorted(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, key, reverse] = call.bind(["iterable", "key", "reverse"])?;
    let x = call.required(x, "iterable")?;
    let reverse = reverse.map_or(Ok(false), |reverse| e.truth(&reverse.item, reverse.range))?;
    let items = e.iterate(&x.item, x.range)?;
    let mut keys = items.clone();
    if let Some(key) = key.filter(|key| !matches!(key.item, Item::None)) {
        for place in &mut keys {
            *place = e.called(&key.item, place.clone(), key.range)?;
        }
    }
    e.budget.work(items.len().saturating_mul(8), call.range)?;
    // Tuples are compared part by part: sorted by the last part first, for sorting keeps the order of equal ones.
    let parts = keys.first().map_or(1, |key| if let Item::Tuple(key) = key { key.items().len() } else { 1 });
    let mut order: Vec<usize> = (0..items.len()).collect();
    for part in (0..parts).rev() {
        let mut column = Vec::with_capacity(keys.len());
        for key in &keys {
            column.push(match key {
                Item::Tuple(key) if key.items().len() == parts => key.items()[part].clone(),
                Item::Tuple(_) => return fault(x.range, "tuples of different lengths are not sorted"),
                other => other.clone(),
            });
        }
        let column = Item::List(Sequence::new(column, x.range)?);
        let labels = unique::Labels::new(e, &Argument { item: column, range: x.range })?;
        match reverse {
            false => order.sort_by(|&a, &b| labels.compare(a, b)),
            true => order.sort_by(|&a, &b| labels.compare(b, a)),
        }
    }
    let sorted = order.into_iter().map(|k| items[k].clone()).collect();
    Ok(Item::List(Sequence::new(sorted, call.range)?))
}

fn distinct(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let items = items(e, call)?;
    e.distinct(items, call.range)
}

/// `ord(c)`, of which seeds are made as in `sum(map(ord, "a title"))`.
fn code(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [c] = call.bind(["c"])?;
    let c = call.required(c, "c")?;
    let text = e.text(c, "a character")?;
    match (text.chars().next(), text.chars().count()) {
        (Some(c), 1) => Ok(Item::integer(i64::from(u32::from(c)))),
        (_, count) => fault(c.range, format!("`ord` takes one character, not {count}")),
    }
}

/// `map(function, items, ...)`
fn mapped(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let mut results = Vec::new();
    if let [run, several @ ..] = call.positional.as_slice()
        && several.len() > 1
    {
        let rows = zip(e, &Call { positional: several.to_vec(), keywords: Vec::new(), ..call.clone() })?;
        for row in e.iterate(&rows, call.range)? {
            let row = e.iterate(&row, call.range)?;
            let arguments = row.into_iter().map(|item| Argument { item, range: call.range }).collect();
            results.push(e.call_item(run, arguments)?);
        }
        return Ok(Item::List(Sequence::new(results, call.range)?));
    }
    let [run, x] = call.bind(["function", "iterable"])?;
    let (run, x) = (call.required(run, "function")?, call.required(x, "iterable")?);
    for item in e.iterate(&x.item, x.range)? {
        results.push(e.called(&run.item, item, run.range)?);
    }
    Ok(Item::List(Sequence::new(results, call.range)?))
}

/// `filter(function, items)`
fn filtered(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [run, x] = call.bind(["function", "iterable"])?;
    let (run, x) = (call.required(run, "function")?, call.required(x, "iterable")?);
    let mut kept = Vec::new();
    for item in e.iterate(&x.item, x.range)? {
        let holds = match run.item {
            Item::None => item.clone(),
            ref function => e.called(function, item.clone(), run.range)?,
        };
        if e.truth(&holds, run.range)? {
            kept.push(item);
        }
    }
    Ok(Item::List(Sequence::new(kept, call.range)?))
}

fn quotient(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b] = call.bind(["a", "b"])?;
    let (a, b) = (call.required(a, "a")?, call.required(b, "b")?);
    let whole = e.operation(ruff_python_ast::Operator::FloorDiv, &a.item, &b.item, call.range)?;
    let rest = e.operation(ruff_python_ast::Operator::Mod, &a.item, &b.item, call.range)?;
    Ok(Item::Tuple(Sequence::new(vec![whole, rest], call.range)?))
}

/// `isinstance(x, int)` for Python's own types and classes of the file.
fn is_instance(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, wanted] = call.bind(["object", "classinfo"])?;
    let (x, wanted) = (&call.required(x, "object")?.item, call.required(wanted, "classinfo")?);
    let one = |wanted: &Item| match (wanted, x) {
        (Item::TextType, x) => Some(matches!(x, Item::Text(_))),
        (Item::Class(class), Item::Object(object)) => Some(e.is_instance(*object, *class)),
        (Item::Class(_), _) => Some(false),
        (Item::Type(kind), Item::Number(value)) => Some(
            value.rank() == 0
                && (value.kind() == *kind || (*kind == Kind::Int && value.kind() == Kind::Bool)),
        ),
        (Item::Type(_), _) => Some(false),
        (Item::Function(function), x) => match &*function.name() {
            "list" => Some(matches!(x, Item::List(_))),
            "tuple" => Some(matches!(x, Item::Tuple(_))),
            "dict" => Some(matches!(x, Item::Dict(_))),
            "np.ndarray" => {
                Some(x.as_value().is_some_and(|value| value.rank() > 0 && value.as_data().is_some()))
            }
            "slice" => Some(matches!(x, Item::Slice { .. })),
            "pd.DataFrame" => Some(matches!(x, Item::Table(_))),
            "pd.Series" => Some(matches!(x, Item::Series(_) | Item::Labelled(_))),
            _ => None,
        },
        _ => None,
    };
    let found = match &wanted.item {
        Item::Tuple(several) => several.items().iter().map(one).reduce(|a, b| Some(a? || b?)).flatten(),
        single => one(single),
    };
    found.map_or_else(
        || fault(wanted.range, "`isinstance` is supported for int, float, bool, str, list, tuple, dict, np.ndarray, pd.DataFrame, pd.Series and classes of the file"),
        |found| Ok(Item::truth(found)),
    )
}

/// `getattr(object, "name", default)`; `None` where there is neither the attribute nor a default.
fn member(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Option<Item>> {
    let [owner, name, default] = call.bind(["object", "name", "default"])?;
    let (owner, name) = (call.required(owner, "object")?, call.required(name, "name")?);
    let text = e.text(name, "the name of an attribute")?;
    let found = match &owner.item {
        Item::Module(module) => e.member_of_module(*module, &text, name.range),
        Item::Table(table) if table.get_text(&text).is_some() => e.column(table, &text, name.range),
        Item::Object(_) | Item::Class(_) => e.attribute_of_object(&owner.item, &text, name.range),
        other => super::attribute(e, other, &text, name.range),
    };
    match (found, default) {
        (Ok(item), _) => Ok(Some(item)),
        (Err(_), Some(default)) => Ok(Some(default.item.clone())),
        (Err(_), None) if call.name.ends_with("getattr") && super::is_method(&owner.item, &text) => {
            Ok(Some(Item::Method(std::rc::Rc::new((owner.item.clone(), text)))))
        }
        (Err(fault), None) if call.name.ends_with("getattr") => Err(fault),
        // A method is there, and cannot be taken on its own.
        (Err(_), None) if super::is_method(&owner.item, &text) => Ok(Some(Item::truth(true))),
        (Err(_), None) => Ok(None),
    }
}

fn written(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x] = call.bind(["object"])?;
    let x = call.required(x, "object")?;
    Ok(Item::text(match &x.item {
        Item::Text(text) => format!("'{text}'"),
        other => e.display(other, x.range)?,
    }))
}

fn character(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [code] = call.bind(["i"])?;
    let code = call.required(code, "i")?;
    let number = e.integer(&code.item, "a code", code.range)?;
    match u32::try_from(number).ok().and_then(char::from_u32) {
        Some(letter) => Ok(Item::text(letter.to_string())),
        None => fault(code.range, format!("no character has the code {number}")),
    }
}

fn some(e: &mut Evaluator<'_>, call: &Call, wanted: bool) -> Outcome<Item> {
    for item in items(e, call)? {
        if e.truth(&item, call.range)? == wanted {
            return Ok(Item::truth(wanted));
        }
    }
    Ok(Item::truth(!wanted))
}
