//! `pytensor.scan`: loops whose turns depend on the turns before.
//!
//! ```text
//! outputs, updates = pytensor.scan(fn, sequences, outputs_info, non_sequences, n_steps, go_backwards=False)
//! fn(rows of the sequences by taps, earlier outputs by taps, non_sequences) -> outputs of the turn
//! ```
//!
//! In the function of a `CustomDist` a turn may return a draw: the values that the loop makes of it are those of the
//! variable, and every turn has a log density.
//!
//! # References
//! - PyTensor 2.35, `pytensor/scan/basic.py` (the order of arguments, taps, lengths)

use chainfire_engine::program::value::{Subscript, shape};
use chainfire_engine::program::{Scanned, Turn, Value, ValueError};
use ruff_text_size::TextRange;

use super::{Row, Run, SH};
use crate::Distribution;
use crate::distributions::possible_density;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Turns};
use crate::language::item::{Dict, Item, Sequence};

/// Functions of `pytensor` itself.
pub(super) const ROWS: &[Row] = &[("scan", SH, Run::Call(scan))];

/// What the loop hands its body of one output: nothing, or its last values.
struct Output {
    /// The first values, oldest first; none for an output that no turn reads.
    initial: Vec<Value>,
    /// Places in `initial` of the values that the body is given.
    given: Vec<usize>,
}

/// The output that the turns draw, and its log density for every turn.
type Drawn = (usize, Value);

/// Why a turn could not be written down.
pub(super) enum Stop {
    Fault(Box<Fault>),
    Value(ValueError),
}

impl From<ValueError> for Stop {
    fn from(error: ValueError) -> Self {
        Stop::Value(error)
    }
}

impl From<Box<Fault>> for Stop {
    fn from(fault: Box<Fault>) -> Self {
        Stop::Fault(fault)
    }
}

pub(super) fn scan(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    // Arguments after `go_backwards` say how PyTensor compiles the loop, except `return_list` and `return_updates`.
    let [
        body,
        sequences,
        outputs,
        others,
        steps,
        gradient,
        backwards,
        _mode,
        _name,
        _profile,
        _gc,
        _strict,
        list,
        updates,
    ] = call.bind([
        "fn",
        "sequences",
        "outputs_info",
        "non_sequences",
        "n_steps",
        "truncate_gradient",
        "go_backwards",
        "mode",
        "name",
        "profile",
        "allow_gc",
        "strict",
        "return_list",
        "return_updates",
    ])?;
    let body = call.required(body, "fn")?;
    if let Some(gradient) = gradient
        && e.integer(&gradient.item, "`truncate_gradient`", gradient.range)? != -1
    {
        return fault(gradient.range, "gradients of a loop are not cut short: leave out `truncate_gradient`");
    }
    let is_backward = flag(e, backwards)?;
    let mut rows = Vec::new();
    for argument in several(e, sequences)? {
        rows.extend(sequence(e, &argument, is_backward)?);
    }
    let others = several(e, others)?;
    let outputs = several(e, outputs)?.iter().map(|o| output(e, o)).collect::<Outcome<Vec<_>>>()?;
    let shortest = rows.iter().map(|v| v.shape()[0]).min();
    let steps = match steps.filter(|steps| !matches!(steps.item, Item::None)) {
        Some(argument) => match usize::try_from(e.integer(&argument.item, "`n_steps`", argument.range)?) {
            Ok(steps) if steps > 0 => steps,
            _ => return fault(argument.range, "`n_steps` must be at least 1"),
        },
        None => match shortest {
            Some(steps) => steps,
            None => {
                return fault(call.range, "`pytensor.scan` needs `sequences`, or `n_steps`, for its length");
            }
        },
    };
    e.budget.elements(steps, call.range)?;
    let (scanned, drawn) = turns(e, body, &outputs, rows, &others, steps)?;
    let mut results = Vec::new();
    for value in scanned {
        results.push(Item::numbers(e.finish_value(value, call.range)?, false));
    }
    if let Some((output, density)) = drawn {
        results[output] = Item::Looped(e.finish_value(density, call.range)?);
    }
    let results = match (results.len(), flag(e, list)?) {
        (1, false) => results.remove(0),
        _ => Item::List(Sequence::new(results, call.range)?),
    };
    if updates.is_some_and(|updates| !e.truth(&updates.item, updates.range).unwrap_or(true)) {
        return Ok(results);
    }
    let pair = vec![results, Item::Dict(Dict::default().into())];
    Ok(Item::Tuple(Sequence::new(pair, call.range)?))
}

fn flag(e: &Evaluator<'_>, argument: Option<&Argument>) -> Outcome<bool> {
    argument.map_or(Ok(false), |argument| e.truth(&argument.item, argument.range))
}

/// An argument that is one thing, or a list or tuple of them.
fn several(e: &mut Evaluator<'_>, argument: Option<&Argument>) -> Outcome<Vec<Argument>> {
    let Some(argument) = argument else { return Ok(Vec::new()) };
    let items = match &argument.item {
        Item::None => Vec::new(),
        item @ (Item::List(_) | Item::Tuple(_)) => e.iterate(item, argument.range)?,
        other => vec![other.clone()],
    };
    Ok(items.into_iter().map(|item| Argument { item, range: argument.range }).collect())
}

/// The entry of a dictionary, which holds no others than those of `known`.
fn entry(dict: &Dict, name: &str, known: &[&str], range: TextRange) -> Outcome<Option<Item>> {
    match dict.names().find(|seen| !known.contains(seen)) {
        Some(other) => {
            fault(range, format!("a dictionary of `pytensor.scan` has {}, not `{other}`", known.join(", ")))
        }
        None => Ok(dict.get_text(name).filter(|item| !matches!(item, Item::None)).cloned()),
    }
}

fn tap_list(e: &mut Evaluator<'_>, item: Option<Item>, default: i64, range: TextRange) -> Outcome<Vec<i64>> {
    let items = match item {
        None => return Ok(vec![default]),
        Some(item @ (Item::List(_) | Item::Tuple(_) | Item::Range { .. })) => e.iterate(&item, range)?,
        Some(Item::Number(value)) if value.rank() > 0 => e.iterate(&Item::Number(value), range)?,
        Some(item) => vec![item],
    };
    let taps = items.iter().map(|item| e.integer(item, "a tap", range)).collect::<Outcome<Vec<i64>>>()?;
    if taps.is_empty() || taps.iter().any(|tap| tap.abs() > 1000) {
        return fault(range, "taps are one or more whole numbers, of at most 1000");
    }
    Ok(taps)
}

fn rows_of(value: &Value, from: usize, to: usize) -> Value {
    value.index(&[Subscript::Range { start: Some(from as i64), stop: Some(to as i64), step: 1 }])
}

/// A sequence for each of its taps, of equal lengths.
fn sequence(e: &mut Evaluator<'_>, argument: &Argument, is_backward: bool) -> Outcome<Vec<Value>> {
    let range = argument.range;
    let (value, taps) = match &argument.item {
        Item::Dict(dict) => {
            let known = ["input", "taps"];
            let Some(input) = entry(dict, "input", &known, range)? else {
                return fault(range, "a dictionary of `sequences` needs `input`");
            };
            let taps = entry(dict, "taps", &known, range)?;
            (e.item_value(&input, range)?, tap_list(e, taps, 0, range)?)
        }
        _ => (e.value(argument)?, vec![0]),
    };
    let Some(&count) = value.shape().first() else {
        return fault(
            range,
            "a sequence needs an axis to go along; a plain number belongs in `non_sequences`",
        );
    };
    let lowest = taps.iter().copied().min().unwrap_or(0).min(0);
    let highest = taps.iter().copied().max().unwrap_or(0).max(0);
    let reach = (highest - lowest) as usize;
    if count <= reach {
        return fault(
            range,
            format!("a sequence of {count} rows is too short for taps from {lowest} to {highest}"),
        );
    }
    let tapped = taps.iter().map(|tap| {
        let start = (tap - lowest) as usize;
        let rows = rows_of(&value, start, start + count - reach);
        let backward = Subscript::Range { start: None, stop: None, step: -1 };
        if is_backward { rows.index(&[backward]) } else { rows }
    });
    Ok(tapped.collect())
}

fn output(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Output> {
    let range = argument.range;
    let none = Output { initial: vec![], given: vec![] };
    let (initial, taps) = match &argument.item {
        Item::None => return Ok(none),
        Item::Dict(dict) => {
            let known = ["initial", "taps"];
            let Some(initial) = entry(dict, "initial", &known, range)? else { return Ok(none) };
            let taps = entry(dict, "taps", &known, range)?;
            (e.item_value(&initial, range)?, tap_list(e, taps, -1, range)?)
        }
        _ => (e.value(argument)?, vec![-1]),
    };
    if taps.iter().any(|&tap| tap >= 0) {
        return fault(range, "taps of outputs name earlier turns: they are negative");
    }
    if taps == [-1] {
        return Ok(Output { initial: vec![initial], given: vec![0] });
    }
    let reach = taps.iter().map(|tap| tap.unsigned_abs() as usize).max().unwrap_or(1);
    let rows = initial.shape().first().copied().unwrap_or(0);
    if rows < reach {
        return fault(
            range,
            format!("`initial` needs a row for each of the {reach} turns that the taps reach back"),
        );
    }
    let row = |k: usize| initial.index(&[Subscript::At(k as i64)]);
    let given = taps.iter().map(|tap| reach - tap.unsigned_abs() as usize).collect();
    Ok(Output { initial: (0..reach).map(row).collect(), given })
}

/// Runs the loop: for every output of the body its values over turns; and the output that turns draw, with its log
/// density, where that is asked for.
fn turns(
    e: &mut Evaluator<'_>,
    body: &Argument,
    outputs: &[Output],
    mut sequences: Vec<Value>,
    others: &[Argument],
    steps: usize,
) -> Outcome<(Vec<Value>, Option<Drawn>)> {
    let range = body.range;
    let mut drawn = None;
    let given = sequences.len();
    if let Turns::Given(values) = &e.turns {
        if values.shape().first() != Some(&steps) {
            let shape = shape::display(values.shape());
            return fault(
                range,
                format!("the loop has {steps} turns, and the values that it draws have shape {shape}"),
            );
        }
        sequences.push(values.clone());
    }
    let declared = e.scope().declared();
    let initial: Vec<Value> = outputs.iter().flat_map(|o| o.initial.iter().cloned()).collect();
    // An output of which nothing is carried needs a loop all the same: of a number that nobody reads.
    let idle = if initial.is_empty() { vec![Value::from(0.0)] } else { vec![] };
    let mut count = 0;
    let is_inner = e.is_in_scan;
    let turn = |carried: &[Value], rows: &[Value]| {
        let mut arguments: Vec<Value> = rows[..given].to_vec();
        let mut first = 0;
        for output in outputs {
            arguments.extend(output.given.iter().map(|&k| carried[first + k].clone()));
            first += output.initial.len();
        }
        let arguments = arguments.into_iter().map(|value| Item::numbers(value, false));
        let arguments = arguments.map(|item| Argument { item, range }).chain(others.iter().cloned());
        let around = std::mem::replace(&mut e.is_in_scan, true);
        let item = e.call_item(body, arguments.collect());
        e.is_in_scan = around;
        let item = item?;
        if e.scope().declared() != declared {
            let text =
                "variables cannot be declared in the body of a loop: declare them before it, with a shape";
            return Err(Stop::Fault(Fault::new(range, text)));
        }
        let mut density = None;
        let mut results = Vec::new();
        for (k, item) in items(e, &item, range)?.iter().enumerate() {
            results.push(match item {
                Item::Component(_) if density.is_some() => {
                    return Err(Stop::Fault(Fault::new(range, "a turn can return one draw")));
                }
                Item::Component(draw) => {
                    let (value, log_density) = turn_of(e, &**draw, rows.get(given), range)?;
                    drawn = Some(k);
                    density = log_density;
                    value
                }
                item => e.item_value(item, range)?,
            });
        }
        if !outputs.is_empty() && results.len() != outputs.len() {
            let (seen, expected) = (results.len(), outputs.len());
            let text = format!("the function returns {seen} outputs, and `outputs_info` has {expected}");
            return Err(Stop::Fault(Fault::new(range, text)));
        }
        count = results.len();
        let mut turn = Turn { next: vec![], emitted: vec![] };
        let mut first = 0;
        for (k, result) in results.into_iter().enumerate() {
            match outputs.get(k).map_or(0, |o| o.initial.len()) {
                0 => turn.emitted.push(result),
                length => {
                    turn.next.extend(carried[first + 1..first + length].iter().cloned());
                    turn.next.push(result);
                    first += length;
                }
            }
        }
        turn.next.extend(carried[initial.len()..].iter().cloned());
        turn.emitted.extend(density);
        Ok(turn)
    };
    let first = [&initial[..], &idle].concat();
    let scanned = match is_inner {
        true => unrolled(first, &sequences, steps, turn),
        false => Value::scan(&first, &sequences, steps, turn),
    };
    let Scanned { states, emitted } = match scanned {
        Ok(scanned) => scanned,
        Err(Stop::Fault(fault)) => return Err(fault),
        Err(Stop::Value(error)) => {
            return e.finish_value(Value::invalid(error), range).map(|value| (vec![value], None));
        }
    };
    let density = drawn.filter(|_| sequences.len() > given).zip(emitted.last().cloned());
    let (mut last, mut emitted) = (0, emitted.into_iter());
    let values = (0..count).filter_map(|k| match outputs.get(k).map_or(0, |o| o.initial.len()) {
        0 => emitted.next(),
        length => {
            last += length;
            Some(states[last - 1].clone())
        }
    });
    Ok((values.collect(), density))
}

/// A loop in the body of another one: its turns one after the other.
fn unrolled(
    mut state: Vec<Value>,
    sequences: &[Value],
    steps: usize,
    mut turn: impl FnMut(&[Value], &[Value]) -> Result<Turn, Stop>,
) -> Result<Scanned, Stop> {
    let (mut states, mut emitted) = (vec![Vec::new(); state.len()], Vec::new());
    for step in 0..steps {
        let rows: Vec<Value> =
            sequences.iter().map(|rows| rows.index(&[Subscript::At(step as i64)])).collect();
        let made = turn(&state, &rows)?;
        emitted.resize(made.emitted.len(), Vec::new());
        states.iter_mut().zip(&made.next).for_each(|(all, value)| all.push(value.clone()));
        emitted.iter_mut().zip(made.emitted).for_each(|(all, value): (&mut Vec<Value>, _)| all.push(value));
        state = made.next;
    }
    let stacked = |all: Vec<Vec<Value>>| all.iter().map(|values| Value::stack(values, 0)).collect();
    Ok(Scanned { states: stacked(states), emitted: stacked(emitted) })
}

/// What stands for a turn's draw, and its log density where its value is given.
fn turn_of(
    e: &mut Evaluator<'_>,
    draw: &dyn Distribution,
    row: Option<&Value>,
    range: TextRange,
) -> Outcome<(Value, Option<Value>)> {
    match (&mut e.turns, row) {
        (Turns::Given(_), Some(row)) => Ok((row.clone(), Some(possible_density(draw, row)))),
        (Turns::Typical(seen), _) => {
            *seen = true;
            let whole = draw.shape().or_else(|error| fault(range, error.to_string()))?;
            Ok((draw.typical(&whole).broadcast_to(&whole), None))
        }
        _ => fault(
            range,
            "turns of a loop can draw in the function of `pm.CustomDist(..., dist=function)` alone",
        ),
    }
}

/// The outputs of one turn; a dictionary of updates beside them is passed over.
fn items(e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<Vec<Item>> {
    let items = match item {
        Item::List(_) | Item::Tuple(_) => e.iterate(item, range)?,
        other => vec![other.clone()],
    };
    Ok(match &items[..] {
        [outputs @ (Item::List(_) | Item::Tuple(_)), Item::Dict(_)] => e.iterate(outputs, range)?,
        [outputs @ .., Item::Dict(_)] => outputs.to_vec(),
        _ => items,
    })
}
