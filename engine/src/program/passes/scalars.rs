//! Writes a tape over short columns as one over single numbers: the body of a recurrence.
//!
//! ```text
//! elementwise(v, w) -> one operation a row          sum, dot, segment_sum, products with matrices -> chains of additions
//! gather, slice, concat -> names of numbers
//! ```

use chainfire_kernels::tape::{Binary, Op, Tape, ValueId};

use super::Interner;
use crate::program::ProgramError;

/// The most operations on single numbers that a tape may become.
pub const MOST_OPERATIONS: usize = 20_000;

/// Adds a tape whose position is `inputs` to `out`; gives every row of its output vector.
///
/// # Errors
/// [`ProgramError::Unsupported`] for an operation that is no arithmetic on numbers, and for too many of them.
pub fn add_scalars(
    tape: &Tape,
    inputs: &[ValueId],
    out: &mut Interner,
) -> Result<Vec<ValueId>, ProgramError> {
    let mut rows: Vec<Vec<ValueId>> = Vec::with_capacity(tape.nodes.len());
    let before = out.nodes();
    for node in &tape.nodes {
        let arg = |k: usize, i: usize| {
            let column = &rows[node.args[k].index()];
            if column.len() == 1 { column[0] } else { column[i] }
        };
        let length = |k: usize| rows[node.args[k].index()].len();
        let column: Vec<ValueId> = match &node.op {
            Op::Input { offset } => inputs[*offset..offset + node.rows].to_vec(),
            Op::Constant(data) => data.iter().map(|&x| out.number(x)).collect(),
            op if op.is_elementwise() => {
                let mut column = Vec::with_capacity(node.rows);
                for i in 0..node.rows {
                    if out.nodes() - before > MOST_OPERATIONS {
                        return Err(too_many());
                    }
                    let args = (0..node.args.len()).map(|k| arg(k, i)).collect();
                    column.push(operation(op, args, out));
                }
                column
            }
            Op::Sum => vec![sum((0..length(0)).map(|i| arg(0, i)).collect(), out)],
            Op::Dot => {
                let terms = (0..length(0)).map(|i| (arg(0, i), arg(1, i))).collect();
                vec![products(terms, out)]
            }
            Op::Gather(index) => index.iter().map(|&i| arg(0, i as usize)).collect(),
            Op::SegmentSum(index) => {
                let mut groups: Vec<Vec<ValueId>> = vec![Vec::new(); node.rows];
                index.iter().enumerate().for_each(|(i, &group)| groups[group as usize].push(arg(0, i)));
                groups.into_iter().map(|terms| sum(terms, out)).collect()
            }
            Op::Slice { start } => (*start..start + node.rows).map(|i| arg(0, i)).collect(),
            Op::Concat => node.args.iter().flat_map(|a| rows[a.index()].clone()).collect(),
            Op::MatVec { columns } => (0..node.rows)
                .map(|i| {
                    let term = |j: usize| (arg(0, i * columns + j), arg(1, j));
                    products((0..*columns).map(term).collect(), out)
                })
                .collect(),
            Op::MatTVec { columns } => (0..*columns)
                .map(|j| {
                    let term = |i: usize| (arg(0, i * columns + j), arg(1, i));
                    products((0..length(1)).map(term).collect(), out)
                })
                .collect(),
            op => {
                let operation = format!("{op:?}").split(['(', ' ']).next().unwrap_or_default().to_owned();
                let reason = "the body of a scan is arithmetic on single numbers".into();
                return Err(ProgramError::Unsupported { operation, reason });
            }
        };
        if out.nodes() - before > MOST_OPERATIONS {
            return Err(too_many());
        }
        rows.push(column);
    }
    let zero = out.number(0.0);
    let mut outputs = vec![zero; tape.output_rows];
    for output in &tape.outputs {
        let column = &rows[output.value.index()];
        outputs[output.offset..output.offset + column.len()].copy_from_slice(column);
    }
    Ok(outputs)
}

fn too_many() -> ProgramError {
    ProgramError::Unsupported {
        operation: "scan".into(),
        reason: format!("its body becomes more than {MOST_OPERATIONS} operations on single numbers"),
    }
}

/// An operation on single numbers, unless a factor of zero or one, or a term of zero, says what it gives.
fn operation(op: &Op, args: Vec<ValueId>, out: &mut Interner) -> ValueId {
    if let (Op::Binary(binary), &[a, b]) = (op, &args[..]) {
        for (known, other) in [(a, b), (b, a)] {
            let number = out.data(known).map(|data| data[0]);
            match binary {
                Binary::Mul if number == Some(0.0) => return known,
                Binary::Mul if number == Some(1.0) => return other,
                Binary::Add if number == Some(0.0) => return other,
                _ => {}
            }
        }
    }
    out.emit(op.clone(), args, 1)
}

fn add(a: ValueId, b: ValueId, out: &mut Interner) -> ValueId {
    operation(&Op::Binary(Binary::Add), vec![a, b], out)
}

fn sum(terms: Vec<ValueId>, out: &mut Interner) -> ValueId {
    let total = terms.into_iter().reduce(|a, b| add(a, b, out));
    total.unwrap_or_else(|| out.number(0.0))
}

fn products(pairs: Vec<(ValueId, ValueId)>, out: &mut Interner) -> ValueId {
    let product = |(a, b)| operation(&Op::Binary(Binary::Mul), vec![a, b], out);
    let terms = pairs.into_iter().map(product).collect();
    sum(terms, out)
}
