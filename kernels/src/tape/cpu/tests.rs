//! The executor against the plain interpreter, and against itself at other widths.

#[path = "../../../tests/gpu/random_tape.rs"]
mod random_tape;

use super::super::{Binary, Factor, Op, Tape, TapeBuilder, Ternary, Unary, ValueId, reference, verify};
use super::CpuProgram;
use crate::Isa;
use random_tape::{Source, random_tape};

fn run(tape: &Tape, isa: Isa, position: &[f64]) -> Vec<f64> {
    let program = CpuProgram::with_isa(tape, isa);
    let mut output = vec![f64::NAN; position.len() / tape.dim * tape.output_rows];
    let mut workspace = program.workspace();
    program.run(&mut workspace, position, &mut output);
    let mut again = vec![f64::NAN; output.len()];
    program.run(&mut workspace, position, &mut again);
    assert!(output.iter().zip(&again).all(|(a, b)| a.to_bits() == b.to_bits()), "a second run differs");
    output
}

fn sizes(source: &mut Source) -> Vec<usize> {
    let mut sizes =
        vec![1, source.pick(&[7, 8, 9]), source.pick(&[2, 31, 64, 65]), source.pick(&[130, 919, 1000])];
    sizes.dedup();
    sizes
}

#[test]
fn random_tapes_match_the_interpreter_on_every_instruction_set() {
    for seed in 0..12 {
        let mut source = Source(seed);
        let sizes = sizes(&mut source);
        let tape = random_tape(&mut source, &sizes, 50);
        let position = source.numbers(tape.dim * 65);
        let expected: Vec<Vec<f64>> =
            position.chunks(tape.dim).map(|position| reference::evaluate(&tape, position)).collect();
        for isa in Isa::available() {
            for chains in [0, 1, 3, 4, 16, 64, 65] {
                let output = run(&tape, isa, &position[..chains * tape.dim]);
                for (chain, values) in output.chunks(tape.output_rows).enumerate() {
                    for (row, (value, expected)) in values.iter().zip(&expected[chain]).enumerate() {
                        // Sums of a thousand terms of mixed sign lose some digits against their terms.
                        let error = (value - expected).abs() / (1.0 + expected.abs());
                        assert!(
                            error < 1e-12
                                || value.to_bits() == expected.to_bits()
                                || (value.is_nan() && expected.is_nan()),
                            "seed {seed}, {isa:?}, chain {chain} of {chains}, row {row}: {value}, expected {expected}; \
                             {:?}",
                            tape.outputs
                                .iter()
                                .rev()
                                .find(|o| o.offset <= row)
                                .map(|o| &tape.node(o.value).op),
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_chain_gets_the_same_bits_in_every_block() {
    for seed in 100..104 {
        let mut source = Source(seed);
        let sizes = sizes(&mut source);
        let tape = random_tape(&mut source, &sizes, 50);
        let position = source.numbers(tape.dim * 65);
        for isa in Isa::available() {
            let together = run(&tape, isa, &position);
            for chains in [1, 2, 3, 4, 5, 7, 8, 9, 11, 16, 20, 33, 64] {
                let output: Vec<f64> = position
                    .chunks(tape.dim * chains)
                    .flat_map(|position| run(&tape, isa, position))
                    .collect();
                let differs = output.iter().zip(&together).position(|(a, b)| a.to_bits() != b.to_bits());
                assert_eq!(differs, None, "seed {seed}, {isa:?}, {chains} chains at a time");
            }
        }
    }
}

#[test]
fn instruction_sets_with_fused_multiply_add_agree_to_the_bit() {
    let fused: Vec<Isa> = Isa::available().into_iter().filter(|&isa| isa != Isa::Portable).collect();
    let mut source = Source(7);
    let tape = random_tape(&mut source, &[1, 9, 65, 919], 80);
    let position = source.numbers(tape.dim * 5);
    for pair in fused.windows(2) {
        let [a, b] = [run(&tape, pair[0], &position), run(&tape, pair[1], &position)];
        assert!(a.iter().zip(&b).all(|(a, b)| a.to_bits() == b.to_bits()), "{pair:?}");
    }
}

#[test]
fn a_chain_of_nan_leaves_the_others_alone() {
    let mut source = Source(11);
    let tape = random_tape(&mut source, &[1, 8, 31, 919], 80);
    let position = source.numbers(tape.dim * 29);
    for isa in Isa::available() {
        let clean = run(&tape, isa, &position);
        for sick in [0, 5, 16, 28] {
            let mut position = position.clone();
            position[sick * tape.dim..(sick + 1) * tape.dim].fill(f64::NAN);
            let output = run(&tape, isa, &position);
            for chain in (0..29).filter(|&chain| chain != sick) {
                let rows = chain * tape.output_rows..(chain + 1) * tape.output_rows;
                let same =
                    output[rows.clone()].iter().zip(&clean[rows]).all(|(a, b)| a.to_bits() == b.to_bits());
                assert!(same, "{isa:?}: chain {chain} sees the NaN of chain {sick}");
            }
            assert!(
                output[sick * tape.output_rows..(sick + 1) * tape.output_rows].iter().any(|x| x.is_nan())
            );
        }
    }
}

#[test]
fn every_operation_takes_every_kind_of_operand() {
    for rows in [1, 7, 8, 9, 100] {
        let mut source = Source(rows as u64);
        let mut builder = TapeBuilder::new(rows + 1);
        let kinds = [
            builder.input(1, rows),
            builder.input(0, 1),
            builder.constant(source.numbers(rows)),
            builder.constant([0.75]),
            builder.constant([0.0]),
        ];
        let mut results = Vec::new();
        for &a in &kinds {
            results.extend(Unary::ALL.iter().map(|&op| builder.unary(op, a)));
            for &b in &kinds {
                results.extend(Binary::ALL.iter().map(|&op| builder.binary(op, a, b)));
                for &c in &kinds {
                    results.extend(Ternary::ALL.iter().map(|&op| builder.ternary(op, a, b, c)));
                }
            }
        }
        let mut row = 0;
        for v in results {
            builder.output(row, v);
            row += builder.rows(v);
        }
        let tape = builder.finish(row);
        verify(&tape).unwrap();
        let position = source.numbers(tape.dim * 31);
        for isa in Isa::available() {
            let output = run(&tape, isa, &position);
            for (position, output) in position.chunks(tape.dim).zip(output.chunks(tape.output_rows)) {
                for (row, (value, expected)) in
                    output.iter().zip(reference::evaluate(&tape, position)).enumerate()
                {
                    let close = (value - expected).abs() <= 1e-13 * (1.0 + expected.abs());
                    let same = *value == expected || (value.is_nan() && expected.is_nan());
                    let of = tape.outputs.iter().rev().find(|o| o.offset <= row).map(|o| tape.node(o.value));
                    assert!(close || same, "{isa:?}, {rows} rows: {value}, expected {expected}; {of:?}");
                }
            }
        }
    }
}

/// Responses minus predictors of `terms` terms, over rows of a gathered or plain base; `is_shared` reads a part of
/// each predictor once more, so that it cannot be joined.
fn predictors(source: &mut Source, rows: usize, terms: usize, is_gathered: bool, is_shared: bool) -> Tape {
    let mut builder = TapeBuilder::new(rows + 8);
    let mut sums = Vec::new();
    for _ in 0..2 {
        let base = builder.input(0, rows);
        let mut eta = if is_gathered {
            builder.gather(base, source.index(rows, rows))
        } else {
            builder.unary(Unary::Sin, base)
        };
        for k in 0..terms {
            if is_shared && k == terms / 2 {
                sums.push(builder.dot(eta, eta));
            }
            let (column, scale) = (builder.constant(source.numbers(rows)), builder.input(rows + k, 1));
            let (a, b) = if k % 2 == 0 { (column, scale) } else { (scale, column) };
            eta = builder.ternary(Ternary::MulAdd, a, b, eta);
        }
        let y = builder.constant(source.numbers(rows));
        let r = builder.binary(Binary::Sub, y, eta);
        sums.extend([builder.dot(r, r), builder.dot(y, r), builder.sum(r)]);
        let changed = builder.unary(Unary::Neg, r);
        sums.push(builder.dot(changed, r));
    }
    sums.iter().enumerate().for_each(|(row, &v)| builder.output(row, v));
    let tape = builder.finish(sums.len());
    verify(&tape).unwrap();
    tape
}

#[test]
fn joined_predictors_match_the_interpreter_and_each_other() {
    for rows in [2, 8, 67, 919] {
        for terms in 1..=7 {
            for [is_gathered, is_shared] in [[false, false], [false, true], [true, false], [true, true]] {
                let mut source = Source((rows * 10 + terms) as u64);
                let tape = predictors(&mut source, rows, terms, is_gathered, is_shared);
                let position = source.numbers(tape.dim * 29);
                for isa in Isa::available() {
                    let output = run(&tape, isa, &position);
                    let mut alone = Vec::new();
                    for (position, output) in position.chunks(tape.dim).zip(output.chunks(tape.output_rows)) {
                        alone.extend(run(&tape, isa, position));
                        for (value, expected) in output.iter().zip(reference::evaluate(&tape, position)) {
                            let close = (value - expected).abs() <= 1e-12 * (rows as f64 + expected.abs());
                            assert!(
                                close,
                                "{isa:?}, {rows} rows, {terms} terms: {value}, expected {expected}"
                            );
                        }
                    }
                    let same = output.iter().zip(&alone).all(|(a, b)| a.to_bits() == b.to_bits());
                    assert!(same, "{isa:?}, {rows} rows, {terms} terms: one chain differs from many");
                }
            }
        }
    }
}

#[test]
fn predictors_are_joined_up_to_their_first_shared_part() {
    let steps = |terms, is_gathered, is_shared| {
        let mut plan = super::plan::Plan::new(&predictors(&mut Source(1), 67, terms, is_gathered, is_shared));
        super::fuse::fuse(&mut plan);
        let actions =
            plan.groups.iter().flat_map(|group| &group.steps).map(|step| format!("{:?}", step.action));
        actions
            .filter(|action| {
                ["Linear", "Op(Tern", "Op(Gath", "Op(Binary(Sub"].iter().any(|a| action.starts_with(a))
            })
            .count()
    };
    assert_eq!(steps(3, true, false), 2, "each predictor is one step");
    assert_eq!(steps(3, false, false), 2, "each predictor is one step");
    assert_eq!(steps(6, true, false), 4, "four terms, then two with the residual");
    assert_eq!(steps(4, true, true), 4, "two terms before the shared part and two after it");
}

#[test]
fn special_operands_are_treated_as_the_table_says() {
    let specials =
        [0.0, -0.0, 1.0, -2.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, f64::MIN_POSITIVE];
    let mut builder = TapeBuilder::new(2);
    let (a, b) = (builder.input(0, 1), builder.input(1, 1));
    let mut results: Vec<ValueId> = Unary::ALL.iter().map(|&op| builder.unary(op, a)).collect();
    results.extend(Binary::ALL.iter().map(|&op| builder.binary(op, a, b)));
    results.push(builder.ternary(Ternary::Select, a, b, a));
    results.iter().enumerate().for_each(|(row, &v)| builder.output(row, v));
    let tape = builder.finish(results.len());
    let position: Vec<f64> =
        specials.iter().flat_map(|&a| specials.iter().flat_map(move |&b| [a, b])).collect();
    for isa in Isa::available() {
        for (position, output) in position.chunks(2).zip(run(&tape, isa, &position).chunks(results.len())) {
            for (row, (value, expected)) in
                output.iter().zip(reference::evaluate(&tape, position)).enumerate()
            {
                let same = *value == expected || (value.is_nan() && expected.is_nan());
                let close = (value - expected).abs() <= 1e-14 * expected.abs();
                let op = &tape.node(results[row]).op;
                assert!(same || close, "{op:?} of {position:?} on {isa:?}: {value}, expected {expected}");
            }
        }
    }
}

#[test]
#[should_panic(expected = "index 9 is outside")]
fn a_tape_that_reads_out_of_bounds_is_refused() {
    let mut builder = TapeBuilder::new(3);
    let x = builder.input(0, 3);
    let y = builder.gather(x, [0, 9]);
    builder.output(0, y);
    CpuProgram::new(&builder.finish(2));
}

/// The factor of a matrix that is positive definite for every position, its pullback, and systems with both; operands
/// are data or not.
fn factors(source: &mut Source, n: usize) -> Tape {
    let mut builder = TapeBuilder::new(n * n);
    let root = builder.input(0, n * n);
    let spread = builder.constant(vec![0.1 / n as f64; n * n]);
    let diagonal =
        builder.constant((0..n * n).map(|e| f64::from(u8::from(e % (n + 1) == 0))).collect::<Vec<_>>());
    let small = builder.binary(Binary::Mul, root, spread);
    let matrix = builder.binary(Binary::Add, small, diagonal);
    let (known, sides) =
        (builder.constant(source.numbers(3 * n)), builder.gather(root, source.index(5 * n, n * n)));
    let positive = Factor::Cholesky
        .eval(&[&(0..n * n).map(|e| f64::from(u8::from(e % (n + 1) == 0)) + 0.01).collect::<Vec<_>>()]);
    let fixed = builder.constant(positive);
    let mut results = Vec::new();
    let factor = builder.push(Op::Factor(Factor::Cholesky), vec![matrix], n * n);
    results.push(builder.push(Op::Factor(Factor::CholeskyPullback), vec![factor, root], n * n));
    results.push(builder.push(Op::Factor(Factor::CholeskyPullback), vec![fixed, root], n * n));
    for solve in [Factor::SolveLower, Factor::SolveTransposed] {
        results.push(builder.push(Op::Factor(solve), vec![factor, sides], 5 * n));
        results.push(builder.push(Op::Factor(solve), vec![factor, known], 3 * n));
        results.push(builder.push(Op::Factor(solve), vec![fixed, sides], 5 * n));
    }
    results.push(factor);
    let mut row = 0;
    for v in results {
        builder.output(row, v);
        row += builder.rows(v);
    }
    let tape = builder.finish(row);
    verify(&tape).unwrap();
    tape
}

#[test]
fn factors_match_the_interpreter_and_themselves_in_every_block() {
    for n in [1, 2, 3, 8, 13, 129, 150] {
        let mut source = Source(n as u64);
        let tape = factors(&mut source, n);
        let position = source.numbers(tape.dim * 21);
        let expected: Vec<f64> =
            position.chunks(tape.dim).flat_map(|position| reference::evaluate(&tape, position)).collect();
        for isa in Isa::available() {
            let together = run(&tape, isa, &position);
            for (value, expected) in together.iter().zip(&expected) {
                assert!((value - expected).abs() <= 1e-13 * (1.0 + expected.abs()), "{isa:?}, {n} rows");
            }
            for chains in [1, 4, 8, 11] {
                let blocks = position.chunks(tape.dim * chains);
                let apart: Vec<f64> = blocks.flat_map(|position| run(&tape, isa, position)).collect();
                assert!(
                    apart.iter().zip(&together).all(|(a, b)| a.to_bits() == b.to_bits()),
                    "{isa:?}, {n} rows"
                );
            }
        }
    }
}
