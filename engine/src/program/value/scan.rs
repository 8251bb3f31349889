//! Loops whose turns depend on the turns before: autoregressions, hidden Markov models, steps of a differential
//! equation.
//!
//! The body is captured once, for single numbers. What feeds its own next turn becomes a recurrence of the tape;
//! everything else, such as the log density of every turn, becomes elementwise operations over all turns.
//!
//! Values of the program that the body names, instead of being given them, are taken for its parameters.

use std::cell::RefCell;
use std::sync::Arc;

use burn_tensor::{Device, Tensor};
use chainfire_kernels::tape::{Op, Scan, Tape, reference::fold};

use super::{Kind, Repr, Value, ValueError, shape};
use crate::program::recurrence::{apply, part, scalar_body, states};
use crate::program::{ProgramError, capture, constant};

/// What a turn of [`Value::scan`] makes.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// What the next turn starts from, of the shapes of the initial values.
    pub next: Vec<Value>,
    /// What is kept besides.
    pub emitted: Vec<Value>,
}

/// What all turns of [`Value::scan`] have made; the leading axis is turns.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// What every turn started the next one from: `[steps, ..]` of every initial value.
    pub states: Vec<Value>,
    /// What every turn kept besides.
    pub emitted: Vec<Value>,
}

/// The body of a scan that is being captured on this thread.
struct Open {
    device: Device,
    /// Parts of the body's position that stand for values of the program, as far as they are known.
    places: std::vec::IntoIter<Tensor<1>>,
    /// Values of the program in the order in which the body named them.
    imported: Vec<Value>,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// Closes the body also when the program panics.
struct Closing;

impl Drop for Closing {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| *open = None);
    }
}

/// The operands with values of the program turned into parameters of the body that is being captured; nothing when
/// there is none, or the operands need no such change.
pub(super) fn imported(operands: &[&Value]) -> Option<Vec<Value>> {
    OPEN.with_borrow_mut(|open| {
        let open = open.as_mut()?;
        let is_inside = |v: &Value| matches!(&v.repr, Repr::Tensor(tensor) if tensor.device() == open.device);
        let is_outside = |v: &Value| v.is_random() && !is_inside(v);
        let like = operands.iter().find(|v| is_inside(v))?.as_inner()?;
        if !operands.iter().any(|v| is_outside(v)) {
            return None;
        }
        let mut changed = Vec::with_capacity(operands.len());
        for &operand in operands {
            changed.push(if is_outside(operand) {
                open.imported.push(operand.clone());
                let place = open.places.next();
                let place = place.unwrap_or_else(|| constant(&vec![0.0; operand.len()], &like));
                Value { repr: Repr::tensor(place), ..operand.clone() }
            } else {
                operand.clone()
            });
        }
        Some(changed)
    })
}

/// The body over single numbers, and what is known of it.
struct Traced {
    captured: capture::Captured,
    dim: usize,
    next: Vec<Vec<usize>>,
    emitted: Vec<Vec<usize>>,
    imported: Vec<Value>,
}

/// Why a body could not be captured.
enum Trouble<E> {
    Body(E),
    Program(ProgramError),
}

impl<E> From<ProgramError> for Trouble<E> {
    fn from(error: ProgramError) -> Self {
        Trouble::Program(error)
    }
}

fn trouble(error: ProgramError) -> ValueError {
    match error {
        ProgramError::Unsupported { operation, reason } => ValueError::Scan { operation, reason },
        other => ValueError::Scan { operation: "scan".into(), reason: other.to_string() },
    }
}

impl Value {
    /// Runs `body` for `steps` turns: each gets what the turn before made `next`, first `initial`, and its rows of
    /// `sequences`.
    ///
    /// # Shapes
    /// - `initial`: any
    /// - `sequences`: `[steps or more, ..]`; turn `t` gets row `t`
    /// - `body`: values of the shapes of `initial`, and rows of `sequences`
    ///
    /// # Errors
    /// What `body` returns, and a [`ValueError`] when shapes do not agree or the body is no arithmetic on numbers.
    pub fn scan<E: From<ValueError>>(
        initial: &[Value],
        sequences: &[Value],
        steps: usize,
        mut body: impl FnMut(&[Value], &[Value]) -> Result<Turn, E>,
    ) -> Result<Scanned, E> {
        check(initial, sequences, steps)?;
        // What is carried may begin as a whole number and go on as another.
        let shapes: Vec<(Vec<usize>, Kind)> = initial
            .iter()
            .map(|v| (v.shape.clone(), Kind::Float))
            .chain(sequences.iter().map(|v| (v.shape[1..].to_vec(), v.kind)))
            .collect();
        let traced = arithmetic(&shapes, initial.len(), &mut body)?;
        for (initial, next) in initial.iter().zip(&traced.next) {
            if initial.shape != *next {
                return Err(mismatch(&initial.shape, next).into());
            }
        }
        let body = &traced.body;
        let carries: usize = initial.iter().map(Value::len).sum();
        let flat: Vec<Value> = initial.iter().map(|v| v.reshape(&[v.len()])).collect();
        let flat = Value::concatenate(&flat, 0);
        let columns = sequences.iter().flat_map(|v| columns(v, steps));
        let numbers =
            traced.imported.iter().flat_map(|v| (0..v.len()).map(|i| v.take(vec![i as u32], vec![])));
        let operands: Vec<Value> = columns.chain(numbers).collect();
        let scan = Scan { body: part(body, 0, carries), steps, is_backward: false };
        let all = run(scan, &flat, &operands).map_err(trouble)?;
        let rows = steps + 1;
        let state =
            |i: usize| all.take((i * rows..i * rows + steps).map(|row| row as u32).collect(), vec![steps]);
        let position: Vec<Value> = (0..carries).map(state).chain(operands).collect();
        let emitted = apply(&part(body, carries, body.output_rows), &position);
        let (mut first, mut states) = (0, Vec::new());
        for value in initial {
            let (start, len) = (first, value.len());
            let index = (1..rows).flat_map(|row| (0..len).map(move |j| ((start + j) * rows + row) as u32));
            states.push(all.take(index.collect(), [&[steps], &value.shape[..]].concat()));
            first += len;
        }
        let mut emitted = emitted.into_iter();
        let emitted = traced.emitted.iter().map(|shape| {
            let columns: Vec<Value> =
                emitted.by_ref().take(shape::elements(shape)).map(|v| v.broadcast_to(&[steps])).collect();
            Value::stack(&columns, 1).reshape(&[&[steps], &shape[..]].concat())
        });
        Ok(Scanned { states, emitted: emitted.collect() })
    }

    fn as_inner(&self) -> Option<Tensor<1>> {
        if let Repr::Tensor(tensor) = &self.repr { Some((**tensor).clone()) } else { None }
    }
}

fn check(initial: &[Value], sequences: &[Value], steps: usize) -> Result<(), ValueError> {
    if let Some(error) = initial.iter().chain(sequences).find_map(Value::error) {
        return Err(error.clone());
    }
    let shape = |value: &Value, expected: String| {
        Err(ValueError::Shape { operation: "scan".into(), shape: value.shape.clone(), expected })
    };
    if let Some(short) = sequences.iter().find(|v| v.shape.first().is_none_or(|&rows| rows < steps)) {
        return shape(short, format!("a sequence needs a row for each of the {steps} turns"));
    }
    if let Some(empty) = initial.iter().find(|v| v.is_empty()) {
        return shape(empty, "the loop must start from some number".into());
    }
    if steps == 0 || initial.is_empty() {
        let reason =
            format!("it has {} carried values and {steps} turns, and needs some of both", initial.len());
        return Err(ValueError::Scan { operation: "scan".into(), reason });
    }
    Ok(())
}

fn mismatch(initial: &[usize], next: &[usize]) -> ValueError {
    ValueError::Shape {
        operation: "scan".into(),
        shape: next.to_vec(),
        expected: format!(
            "what a turn makes must have the shape it starts from, {}",
            shape::display(initial)
        ),
    }
}

/// The elements of a row, one column over turns each.
fn columns(sequence: &Value, steps: usize) -> Vec<Value> {
    let width: usize = sequence.shape[1..].iter().product();
    let column = |j: usize| sequence.take((0..steps).map(|t| (t * width + j) as u32).collect(), vec![steps]);
    (0..width).map(column).collect()
}

/// A body as arithmetic on the single numbers of its arguments.
pub(super) struct Arithmetic {
    pub(super) body: Tape,
    /// Shapes of what the next turn starts from, and of what is kept besides.
    next: Vec<Vec<usize>>,
    pub(super) emitted: Vec<Vec<usize>>,
    /// Values of the program that the body names: parameters behind the others.
    pub(super) imported: Vec<Value>,
}

/// Writes down a body for arguments of these shapes and kinds, of which `carried` come from the turn before.
///
/// # Errors
/// What `body` returns, and a [`ValueError`] when it is no arithmetic on numbers.
pub(super) fn arithmetic<E: From<ValueError>>(
    shapes: &[(Vec<usize>, Kind)],
    carried: usize,
    body: &mut impl FnMut(&[Value], &[Value]) -> Result<Turn, E>,
) -> Result<Arithmetic, E> {
    if OPEN.with_borrow(Option::is_some) {
        let reason = "one scan cannot stand inside of another".into();
        return Err(ValueError::Scan { operation: "scan".into(), reason }.into());
    }
    let mut traced = trace(shapes, carried, &[], body)?;
    if !traced.imported.is_empty() {
        // Once more, with the values that the body names as parameters.
        let known = std::mem::take(&mut traced.imported);
        traced = trace(shapes, carried, &known, body)?;
    }
    let Traced { captured, dim, next, emitted, imported } = traced;
    Ok(Arithmetic { body: scalar_body(&captured, dim).map_err(trouble)?, next, emitted, imported })
}

/// Captures the body: its position holds values of these shapes and kinds, `carried` of them, then those of `known`.
fn trace<E: From<ValueError>>(
    shapes: &[(Vec<usize>, Kind)],
    carried: usize,
    known: &[Value],
    body: &mut impl FnMut(&[Value], &[Value]) -> Result<Turn, E>,
) -> Result<Traced, E> {
    if shapes.iter().any(|(shape, _)| shape.contains(&0)) || known.iter().any(Value::is_empty) {
        let reason = "what it is given must have at least one element".into();
        return Err(ValueError::Scan { operation: "scan".into(), reason }.into());
    }
    let sizes = shapes.iter().map(|(shape, _)| shape::elements(shape)).chain(known.iter().map(Value::len));
    let dim = sizes.clone().sum();
    let mut made = None;
    let captured = capture::plain(dim, |position| {
        let mut start = 0;
        let mut parts: Vec<Tensor<1>> = sizes
            .map(|size| {
                start += size;
                position.clone().narrow(0, start - size, size)
            })
            .collect();
        let places = parts.split_off(shapes.len());
        let values: Vec<Value> = parts
            .into_iter()
            .zip(shapes)
            .map(|(part, (shape, kind))| Value { kind: *kind, ..Value::tensor(part, shape.clone()) })
            .collect();
        let open = Open { device: position.device(), places: places.into_iter(), imported: Vec::new() };
        OPEN.with_borrow_mut(|slot| *slot = Some(open));
        let closing = Closing;
        let turn = body(&values[..carried], &values[carried..]).map_err(Trouble::Body)?;
        let all: Vec<Value> = turn.next.iter().chain(&turn.emitted).cloned().collect();
        if let Some(error) = all.iter().find_map(Value::error) {
            return Err(Trouble::Body(error.clone().into()));
        }
        // A value of the program that the body gives back as it is has to be imported, too.
        let tensors = all.iter().map(|value| {
            let inside = imported(&[&values[0], value]).and_then(|mut pair| pair.pop());
            inside.as_ref().unwrap_or(value).as_tensor(&position)
        });
        let tensors: Vec<Tensor<1>> = tensors.collect();
        let named = OPEN.with_borrow_mut(Option::take).map_or(Vec::new(), |open| open.imported);
        drop(closing);
        let shape = |values: &[Value]| values.iter().map(|v| v.shape.clone()).collect::<Vec<_>>();
        made = Some((shape(&turn.next), shape(&turn.emitted), named));
        Ok(tensors)
    });
    let captured = match captured {
        Ok(captured) => captured,
        Err(Trouble::Body(error)) => return Err(error),
        Err(Trouble::Program(error)) => return Err(trouble(error).into()),
    };
    let (next, emitted, imported) = made.unwrap_or_default();
    Ok(Traced { captured, dim, next, emitted, imported })
}

/// All states of a recurrence.
fn run(scan: Scan, initial: &Value, operands: &[Value]) -> Result<Value, ProgramError> {
    let rows = scan.rows();
    let tensor = std::iter::once(initial).chain(operands).find_map(Value::as_inner);
    if let Some(like) = tensor {
        return Ok(Value::tensor(states(scan, initial.as_tensor(&like), operands)?, vec![rows]));
    }
    let first: Vec<Vec<f64>> =
        initial.as_numbers().map_or(&[][..], |numbers| numbers).iter().map(|&x| vec![x]).collect();
    let others = operands.iter().filter_map(|v| v.as_numbers());
    let args: Vec<&[f64]> =
        first.iter().map(Vec::as_slice).chain(others.map(|numbers| &numbers[..])).collect();
    let numbers = fold(&Op::Scan(Arc::new(scan)), &args, rows);
    let is_random = initial.is_random() || operands.iter().any(Value::is_random);
    Ok(if is_random {
        Value::at_point(numbers, vec![rows])
    } else {
        Value::data(numbers, vec![rows], Kind::Float)
    })
}
