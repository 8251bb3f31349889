//! The meaning of a tape: a plain interpreter for one chain, one operation at a time.
//!
//! Passes fold shared operations with it; the executors are tested against it.

use super::ir::Tape;
use super::ops::Op;

/// The output vector of a verified tape at `position`.
///
/// # Panics
/// When `position` is shorter than the tape says.
pub fn evaluate(tape: &Tape, position: &[f64]) -> Vec<f64> {
    let mut values: Vec<Vec<f64>> = Vec::with_capacity(tape.nodes.len());
    for node in &tape.nodes {
        let value = match &node.op {
            Op::Input { offset } => position[*offset..offset + node.rows].to_vec(),
            op => {
                let args: Vec<&[f64]> = node.args.iter().map(|a| values[a.index()].as_slice()).collect();
                fold(op, &args, node.rows)
            }
        };
        values.push(value);
    }
    let mut out = vec![0.0; tape.output_rows];
    for output in &tape.outputs {
        let value = &values[output.value.index()];
        out[output.offset..output.offset + value.len()].copy_from_slice(value);
    }
    out
}

/// The column of `rows` rows that `op` makes of `args`.
///
/// # Panics
/// For [`Op::Input`], which has no value without a position, and for operands that [`super::verify`] would refuse.
pub fn fold(op: &Op, args: &[&[f64]], rows: usize) -> Vec<f64> {
    let at = |k: usize, i: usize| if args[k].len() == 1 { args[k][0] } else { args[k][i] };
    let column = |f: &dyn Fn(usize) -> f64| (0..rows).map(f).collect::<Vec<f64>>();
    match op {
        Op::Input { .. } => panic!("an input has no value without a position"),
        Op::Constant(data) => data.to_vec(),
        Op::Unary(op) => column(&|i| op.eval(at(0, i))),
        Op::Binary(op) => column(&|i| op.eval(at(0, i), at(1, i))),
        Op::Ternary(op) => column(&|i| op.eval(at(0, i), at(1, i), at(2, i))),
        Op::Sum => vec![args[0].iter().sum()],
        Op::Dot => vec![args[0].iter().zip(args[1]).map(|(a, b)| a * b).sum()],
        Op::Gather(index) => index.iter().map(|&i| args[0][i as usize]).collect(),
        Op::SegmentSum(index) => {
            let mut sums = vec![0.0; rows];
            index.iter().zip(args[0]).for_each(|(&group, x)| sums[group as usize] += x);
            sums
        }
        Op::Slice { start } => args[0][*start..start + rows].to_vec(),
        Op::Concat => args.concat(),
        Op::Factor(op) => op.eval(args),
        Op::MatVec { columns } => {
            let row = |row: &[f64]| row.iter().zip(args[1]).map(|(m, v)| m * v).sum();
            args[0].chunks_exact(*columns).map(row).collect()
        }
        Op::MatTVec { columns } => {
            let mut sums = vec![0.0; *columns];
            for (row, v) in args[0].chunks_exact(*columns).zip(args[1]) {
                sums.iter_mut().zip(row).for_each(|(sum, m)| *sum += m * v);
            }
            sums
        }
        Op::Scan(scan) => scan.fold(args),
    }
}
