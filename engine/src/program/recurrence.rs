//! Recurrences in a program that is being captured, with their derivative.
//!
//! ```text
//! states s:      s[0] = initial,  s[t + 1] = f(s[t], x[t])
//! cotangents l:  l[t] = g[t + 1] + m[t + 1],  m[t] = (df/ds)' l[t],  m[steps] = 0     g: cotangents of the states
//! ```
//!
//! The cotangents are a recurrence themselves, run backward, whose body is burn's derivative of the body. They belong
//! to `f(s, x)`, which is written once more, elementwise over all turns and with the states held fixed: from there
//! burn's own backward goes on to `x`. The initial carries have the cotangent `g[0] + m[0]`.
//!
//! # References
//! - Bradbury et al. (2018), JAX, `lax.scan` and its transposition rule; ours is the split between carries and rows

use std::sync::Arc;

use burn_autodiff::{
    Autodiff,
    checkpoint::{base::Checkpointer, strategy::NoCheckpointing},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use burn_backend::AutodiffBackend;
use burn_capture::CaptureBackend;
use burn_tensor::Tensor;
use chainfire_kernels::tape::{Binary, Op, Output, Scan, Tape, Ternary, ValueId};

use super::custom_ops::{Primitive, record_named};
use super::passes::{Interner, add_scalars, simplify_scalars};
use super::tensor_ops::constant;
use super::{ProgramError, Value, capture, lower};

type Tracked = Autodiff<CaptureBackend>;

/// A body that makes `carries` numbers from those and `others` more, over single numbers.
///
/// # Errors
/// [`ProgramError::Unsupported`] for what is no arithmetic on numbers.
pub(super) fn scalar_body(captured: &capture::Captured, dim: usize) -> Result<Tape, ProgramError> {
    let tape = lower::lower(captured, dim)?;
    let mut out = Interner::new(dim);
    let inputs: Vec<ValueId> = (0..dim).map(|offset| out.emit(Op::Input { offset }, vec![], 1)).collect();
    let rows = add_scalars(&tape, &inputs, &mut out)?;
    let outputs = rows.into_iter().enumerate().map(|(offset, value)| Output { offset, value }).collect();
    Ok(simplify_scalars(&out.finish(outputs, tape.output_rows)))
}

/// The rows `from .. to` of a body's results.
pub(super) fn part(body: &Tape, from: usize, to: usize) -> Tape {
    let outputs = body.outputs.iter().filter(|output| (from..to).contains(&output.offset));
    let outputs = outputs.map(|o| Output { offset: o.offset - from, value: o.value }).collect();
    simplify_scalars(&Tape { outputs, output_rows: to - from, ..body.clone() })
}

/// A body over values: one for every element of its position, of one element or of one for every turn.
pub(super) fn apply(body: &Tape, position: &[Value]) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::with_capacity(body.nodes.len());
    for node in &body.nodes {
        let arg = |k: usize| &values[node.args[k].index()];
        values.push(match &node.op {
            Op::Input { offset } => position[*offset].clone(),
            Op::Constant(data) => Value::from(data[0]),
            Op::Unary(op) => arg(0).unary(*op),
            Op::Binary(op) => arg(0).binary(*op, arg(1)),
            Op::Ternary(Ternary::MulAdd) => arg(0) * arg(1) + arg(2),
            Op::Ternary(op) => arg(0).ternary(*op, arg(1), arg(2)),
            op => unreachable!("{op:?} is not an operation on single numbers"),
        });
    }
    let mut rows = vec![Value::from(0.0); body.output_rows];
    body.outputs.iter().for_each(|o| rows[o.offset] = values[o.value.index()].clone());
    rows
}

/// The recurrence of the cotangents: its operands after the carries are the cotangents of the states, the states, and
/// the other operands of `scan`.
fn adjoint(scan: &Scan) -> Result<Scan, ProgramError> {
    let (carries, dim) = (scan.carries(), scan.body.dim);
    // Position: cotangents of the next carries, carries, other operands.
    let captured = capture::with_gradient(carries + dim, |position| {
        let element = |i: usize| Value::tensor(position.clone().narrow(0, i, 1), vec![]);
        let next = apply(&scan.body, &(carries..carries + dim).map(element).collect::<Vec<_>>());
        let terms = next.into_iter().enumerate().map(|(i, next)| element(i) * next);
        let total = terms.reduce(|a, b| a + b).unwrap_or(Value::from(0.0));
        Ok::<_, ProgramError>(total.as_tensor(&position))
    })?;
    let tape = lower::lower(&captured, carries + dim)?;
    let mut out = Interner::new(2 * carries + dim);
    let inputs: Vec<ValueId> =
        (0..2 * carries + dim).map(|offset| out.emit(Op::Input { offset }, vec![], 1)).collect();
    let mut position: Vec<ValueId> =
        (0..carries).map(|i| out.binary(Binary::Add, inputs[i], inputs[carries + i])).collect();
    position.extend(&inputs[2 * carries..]);
    let rows = add_scalars(&tape, &position, &mut out)?;
    // After the value, the derivatives by the cotangents; then those by the carries.
    let zero = out.number(0.0);
    let outputs = (0..carries)
        .map(|offset| Output { offset, value: rows.get(1 + carries + offset).copied().unwrap_or(zero) });
    let body = simplify_scalars(&out.finish(outputs.collect(), carries));
    Ok(Scan { body, steps: scan.steps, is_backward: !scan.is_backward })
}

/// The states of a recurrence, `[carries * (steps + 1)]`: those of carry 0, then those of carry 1, ...
///
/// # Shapes
/// - `initial`: `[carries]`
/// - `operands`: numbers, or `[steps]`
///
/// # Errors
/// [`ProgramError`] when the body cannot be differentiated.
pub(super) fn states(scan: Scan, initial: Tensor<1>, operands: &[Value]) -> Result<Tensor<1>, ProgramError> {
    let mut inputs = vec![plain(initial.clone())?];
    for operand in operands {
        inputs.push(plain(operand.as_tensor(&initial))?);
    }
    let made = record_scan(&scan, inputs.clone());
    let Ok(initial) = initial.try_into_primitive::<Tracked>() else {
        return Ok(Tensor::from_primitive::<CaptureBackend>(made));
    };
    let adjoint = adjoint(&scan)?;
    let held = Tensor::<1>::from_primitive::<Tracked>(Tracked::from_inner(made.clone()));
    let state =
        |i: usize| Value::tensor(held.clone().narrow(0, i * scan.states(), scan.steps), vec![scan.steps]);
    let position: Vec<Value> = (0..scan.carries()).map(state).chain(operands.iter().cloned()).collect();
    let next: Vec<Value> =
        apply(&scan.body, &position).iter().map(|next| next.broadcast_to(&[scan.steps])).collect();
    let next = Value::concatenate(&next, 0).as_tensor(&held);
    let next = next.try_into_primitive::<Tracked>().map_err(|e| capture::foreign::<ProgramError>(&e))?;
    let prepared = Cotangents.prepare::<NoCheckpointing>([initial.node(), next.node()]);
    Ok(Tensor::from_primitive::<Tracked>(match prepared.compute_bound().stateful() {
        OpsKind::Tracked(prepared) => prepared.finish((adjoint, inputs, made.clone()), made),
        OpsKind::UnTracked(prepared) => prepared.finish(made),
    }))
}

/// The tensor without its derivative.
fn plain(tensor: Tensor<1>) -> Result<Primitive, ProgramError> {
    match tensor.clone().try_into_primitive::<Tracked>() {
        Ok(tracked) => Ok(tracked.into_primitive()),
        Err(_) => tensor.try_into_primitive::<CaptureBackend>().map_err(|e| capture::foreign(&e)),
    }
}

/// Records the recurrence; operands: the initial carries as one vector, then the others.
fn record_scan(scan: &Scan, operands: Vec<Primitive>) -> Primitive {
    let (rows, number) = (scan.rows(), capture::keep_scan(Arc::new(scan.clone())));
    record_named(format!("{SCAN}{number}"), &operands, rows)
}

/// What the name of a recurrence begins with among custom operations; its number among those captured follows.
pub(super) const SCAN: &str = "Scan ";

/// Turns the cotangents of the states into those of the initial carries and of the next carries of every turn.
#[derive(Debug)]
struct Cotangents;

impl Backward<CaptureBackend, 2> for Cotangents {
    /// The backward recurrence; operands and states of the forward one.
    type State = (Scan, Vec<Primitive>, Primitive);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        type B = CaptureBackend;
        let (adjoint, operands, made) = ops.state;
        let (carries, states, steps) = (adjoint.carries(), adjoint.states(), adjoint.steps);
        let tensor = |primitive: Primitive| Tensor::<1>::from_primitive::<B>(primitive);
        let (of_states, made) = (tensor(grads.consume::<B>(&ops.node)), tensor(made));
        let rows = |x: &Tensor<1>, i: usize, from: usize, count: usize| {
            x.clone().narrow(0, i * states + from, count)
        };
        let mut inputs = vec![constant(&vec![0.0; carries], &of_states)];
        inputs.extend((0..carries).map(|i| rows(&of_states, i, 1, steps)));
        inputs.extend((0..carries).map(|i| rows(&made, i, 0, steps)));
        let inputs = inputs.into_iter().filter_map(|input| plain(input).ok());
        let carried = tensor(record_scan(&adjoint, inputs.chain(operands.into_iter().skip(1)).collect()));
        for ((parent, from), count) in ops.parents.into_iter().zip([0, 1]).zip([1, steps]) {
            let Some(parent) = parent else { continue };
            let cotangent = |i: usize| rows(&of_states, i, from, count) + rows(&carried, i, from, count);
            if let Ok(cotangents) = plain(Tensor::cat((0..carries).map(cotangent).collect(), 0)) {
                grads.register::<B>(parent.id, cotangents);
            }
        }
    }
}
