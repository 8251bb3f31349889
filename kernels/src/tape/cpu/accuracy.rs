//! The vectorised elementary functions over their whole range, on every instruction set and in both layouts.
//!
//! The reference values were made with 60 digits by `tests/data/elementary.py`.

use super::super::{TapeBuilder, Unary};
use super::CpuProgram;
use crate::Isa;

const FUNCTIONS: &[(Unary, f64)] = &[
    (Unary::Exp, 1.5),
    (Unary::Log, 1.5),
    (Unary::Log1p, 2.0),
    (Unary::Expm1, 2.5),
    (Unary::Tanh, 3.0),
    (Unary::Sigmoid, 3.0),
    (Unary::Softplus, 2.5),
];

/// `op` at every argument: once as rows of one chain, once as chains of one row.
fn values(op: Unary, isa: Isa, arguments: &[f64]) -> [Vec<f64>; 2] {
    [arguments.len(), 1].map(|rows| {
        let mut builder = TapeBuilder::new(rows);
        let x = builder.input(0, rows);
        let y = builder.unary(op, x);
        builder.output(0, y);
        let program = CpuProgram::with_isa(&builder.finish(rows), isa);
        let mut output = vec![0.0; arguments.len()];
        program.run(&mut program.workspace(), arguments, &mut output);
        output
    })
}

fn ulp(x: f64) -> f64 {
    let x = x.abs().max(f64::MIN_POSITIVE);
    f64::from_bits(x.to_bits() + 1) - x
}

fn is_close(value: f64, expected: f64, tolerance: f64) -> bool {
    if expected == 0.0 || !expected.is_finite() {
        return value.to_bits() == expected.to_bits() || (value.is_nan() && expected.is_nan());
    }
    (value - expected).abs() <= tolerance * ulp(expected)
}

fn check(op: Unary, arguments: &[f64], expected: &[f64], tolerance: f64) {
    for isa in Isa::available() {
        for values in values(op, isa, arguments) {
            for ((x, value), expected) in arguments.iter().zip(&values).zip(expected) {
                assert!(
                    is_close(*value, *expected, tolerance),
                    "{op:?}({x:e}) = {value:e} on {isa:?}, expected {expected:e}"
                );
            }
        }
    }
}

#[test]
fn elementary_functions_are_within_their_error_of_the_reference() {
    for &(op, tolerance) in FUNCTIONS {
        let name = format!("{op:?}");
        let table: Vec<(f64, f64)> = include_str!("../../../tests/data/elementary.csv")
            .lines()
            .filter_map(|line| line.strip_prefix(&name)?.strip_prefix(',')?.split_once(','))
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect();
        assert!(table.len() > 100, "{name} has {} reference values", table.len());
        let (arguments, expected): (Vec<f64>, Vec<f64>) = table.into_iter().unzip();
        check(op, &arguments, &expected, tolerance);
    }
}

#[test]
fn special_operands_come_out_as_in_the_standard_library() {
    let specials = [
        0.0,
        -0.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        -f64::NAN,
        f64::MAX,
        f64::MIN,
        -1.0,
        1.0,
        -1.5,
        -1e-320,
        1e-320,
        709.782712893385,
        710.5,
        -745.2,
        -746.0,
        -1e9,
        1e9,
    ];
    for &(op, tolerance) in FUNCTIONS {
        check(op, &specials, &specials.map(|x| op.eval(x)), tolerance);
    }
}

#[test]
fn elementary_functions_agree_with_the_scalar_ones_on_a_dense_grid() {
    let grid: Vec<f64> = (0..40_000).map(|i| (f64::from(i) - 20_000.0) * 0.0375).collect();
    let fine: Vec<f64> = grid.iter().map(|x| x / 300.0).collect();
    for &(op, tolerance) in FUNCTIONS {
        for arguments in [&grid, &fine] {
            let expected: Vec<f64> = arguments.iter().map(|&x| op.eval(x)).collect();
            // The scalar functions err too.
            check(op, arguments, &expected, tolerance + 1.5);
        }
    }
}
