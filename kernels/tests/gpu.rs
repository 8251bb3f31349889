//! The GPU executor against the f64 CPU executor, on the software rasteriser (Mesa's lavapipe).

#![cfg(feature = "gpu")]

#[path = "gpu/models.rs"]
mod models;
#[path = "gpu/random_tape.rs"]
mod random_tape;

use chainfire_kernels::tape::{
    AdapterKind, Binary, CpuProgram, DeviceChoice, Factor, GpuDevice, GpuError, GpuProgram, Op, Part,
    Planning, Shape, Tape, TapeBuilder, Ternary, Unary, ValueId,
};
use random_tape::{Source, random_tape};

fn device() -> GpuDevice {
    GpuDevice::open(DeviceChoice::Software)
        .expect("these tests need a software Vulkan device: mesa-vulkan-drivers")
}

const SHAPES: &[Shape] = &[Shape::ThreadPerChain, Shape::CubePerChain(32), Shape::CubePerChain(128)];

/// Outputs in double precision, `[chains, output_rows]`.
fn exact(tape: &Tape, position: &[f64]) -> Vec<f64> {
    let program = CpuProgram::new(tape);
    let mut output = vec![0.0; position.len() / tape.dim * tape.output_rows];
    program.run(&mut program.workspace(), position, &mut output);
    output
}

/// What an error is relative to, beside one.
#[derive(Clone, Copy, PartialEq)]
enum Relative {
    /// To the number itself.
    ToElement,
    /// To the largest number of the chain: gradients whose terms cancel lose digits against their terms.
    ToLargest,
}

/// Checks every output but the log density, and gives the largest error of those relative to `1 + |expected|`.
fn errors(
    tape: &Tape,
    program: &mut GpuProgram,
    position: &[f64],
    expected: &[f64],
    relative: Relative,
) -> f64 {
    let (log_density, gradient) = program.run(position).expect("the device runs the program");
    let chains = position.len() / tape.dim;
    assert_eq!((log_density.len(), gradient.len()), (chains, chains * (tape.output_rows - 1)));
    let error = |seen: f64, expected: f64, scale: f64| match (seen.is_nan(), expected.is_nan()) {
        (true, true) => 0.0,
        _ if seen == expected => 0.0,
        (false, false) => (seen - expected).abs() / (1.0 + scale),
        _ => f64::INFINITY,
    };
    let mut of_log_density = 0.0f64;
    for (chain, expected) in expected.chunks(tape.output_rows).enumerate().take(chains) {
        of_log_density = of_log_density.max(error(log_density[chain], expected[0], expected[0].abs()));
        let largest = expected[1..].iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
        for (row, &expected) in expected.iter().enumerate().skip(1) {
            let seen = gradient[chain * (tape.output_rows - 1) + row - 1];
            let scale = if relative == Relative::ToLargest { largest } else { expected.abs() };
            let error = error(seen, expected, scale);
            if error > 2e-5 {
                let output = tape
                    .outputs
                    .iter()
                    .find(|o| (o.offset..o.offset + tape.node(o.value).rows).contains(&row));
                let node = output.map(|o| tape.node(o.value));
                let op = node
                    .map(|n| if let Op::Constant(_) = n.op { "data".into() } else { format!("{:?}", n.op) });
                let position = &position[chain * tape.dim..][..tape.dim.min(4)];
                panic!("chain {chain}, row {row} of {op:?}: {seen}, expected {expected}, at {position:?}");
            }
        }
    }
    of_log_density
}

fn matches_the_cpu(name: &str, tape: &Tape, bound: f64) {
    matches_the_cpu_in(SHAPES, name, tape, bound);
}

fn matches_the_cpu_in(shapes: &[Shape], name: &str, tape: &Tape, bound: f64) {
    matches_the_cpu_on(&device(), shapes, name, tape, bound);
}

fn matches_the_cpu_on(device: &GpuDevice, shapes: &[Shape], name: &str, tape: &Tape, bound: f64) {
    let mut source = Source(1);
    let position = source.numbers(tape.dim * 256);
    let expected = exact(tape, &position);
    for &shape in shapes {
        let mut program = GpuProgram::new(tape, device).and_then(|p| p.with_shape(shape)).expect("it fits");
        assert_eq!(program.kernels(), 1, "{name} is one kernel");
        for chains in [1, 3, 64, 256] {
            let position = &position[..chains * tape.dim];
            let of_log_density = errors(tape, &mut program, position, &expected, Relative::ToLargest);
            assert!(
                of_log_density < bound,
                "{name}, {shape:?}, {chains} chains: log density off by {of_log_density:e}"
            );
        }
    }
}

#[test]
fn eight_schools_matches_the_cpu() {
    matches_the_cpu("eight_schools", &models::eight_schools(), 1e-7);
}

#[test]
fn radon_matches_the_cpu() {
    matches_the_cpu("radon", &models::radon(), 5e-7);
}

#[test]
fn logistic_regression_of_few_columns_matches_the_cpu() {
    matches_the_cpu("logistic 200 x 7", &models::logistic(200, 7), 1e-7);
}

#[test]
fn logistic_regression_of_many_columns_matches_the_cpu() {
    matches_the_cpu("logistic 150 x 40", &models::logistic(150, 40), 1e-7);
}

#[test]
fn item_response_matches_the_cpu() {
    matches_the_cpu("item response", &models::item_response(), 1e-7);
}

#[test]
fn sums_of_long_segments_match_the_cpu() {
    matches_the_cpu_in(&SHAPES[1..], "election88", &models::election88(), 1e-7);
}

#[test]
fn counts_with_lgamma_match_the_cpu() {
    // Sums of `lgamma` of some 5,000 cancel to a few units.
    matches_the_cpu("negative binomial", &models::counts(), 2e-5);
}

#[test]
fn sums_through_planes_and_through_barriers_match_the_cpu() {
    let device = device();
    let plane = device.limits().plane;
    assert!(plane > 1, "{} has planes", device.name());
    // Less than a plane, one, several, many.
    let cubes = [plane / 2, plane, 4 * plane, 512].map(Shape::CubePerChain);
    for (name, tape) in [("radon", models::radon()), ("logistic 150 x 40", models::logistic(150, 40))] {
        matches_the_cpu_on(&device, &cubes, name, &tape, 5e-7);
        matches_the_cpu_on(&device.clone().without_planes(), &cubes, name, &tape, 5e-7);
    }
    assert_eq!(device.clone().without_planes().limits().plane, 1);
}

/// Plans with tiles for every matrix that can have them.
const TILED: Planning = Planning { kernel_steps: 500, tiled_elements: 1 };

#[test]
fn products_in_tiles_match_the_cpu() {
    let device = device();
    let models = [
        ("logistic 2000 x 25", models::logistic(2000, 25)),
        ("logistic 3001 x 50", models::logistic(3001, 50)),
        ("logistic 500 x 130", models::logistic(500, 130)),
        ("logistic 700 x 10", models::logistic(700, 10)),
        ("logistic 300 x 401", models::logistic(300, 401)),
        ("poisson 1500 x 60", models::poisson(1500, 60)),
        ("grouped regression 400 x 20", models::grouped_regression(400, 20)),
    ];
    for (name, tape) in models {
        let position = Source(2).numbers(tape.dim * 257);
        let expected = exact(&tape, &position);
        for shape in [Shape::ThreadPerChain, Shape::CubePerChain(64)] {
            let program = GpuProgram::with_planning(&tape, &device, TILED).and_then(|p| p.with_shape(shape));
            let mut program = program.expect("it fits");
            assert!(program.has_tiles(), "{name}");
            for chains in [1, 3, 64, 257] {
                let position = &position[..chains * tape.dim];
                let of_log_density = errors(&tape, &mut program, position, &expected, Relative::ToLargest);
                assert!(of_log_density < 2e-7, "{name}, {shape:?}, {chains} chains: {of_log_density:e}");
            }
        }
    }
}

#[test]
fn large_matrices_are_computed_in_tiles() {
    let device = device();
    let has_tiles = |rows, columns| {
        GpuProgram::new(&models::logistic(rows, columns), &device).expect("it fits").has_tiles()
    };
    assert!(!has_tiles(500, 7) && !has_tiles(500, 50), "small ones stay in one kernel");
    assert!(has_tiles(3001, 50) && has_tiles(10_000, 10));
    assert!(!has_tiles(20_000, 4), "few columns are written out");
    assert!(has_tiles(5000, 300), "in blocks of columns");
    assert!(!has_tiles(100, 1000), "the blocks are small");
}

#[test]
fn random_tapes_match_the_cpu_in_every_shape() {
    let device = device();
    let mut tiled = 0;
    for seed in 0..6 {
        let mut source = Source(seed);
        let sizes = [1, 8, 31, 130];
        let tape = random_tape(&mut source, &sizes, 40);
        let position = source.numbers(tape.dim * 64);
        let expected = exact(&tape, &position);
        for &shape in SHAPES {
            for planning in [Planning::default(), TILED] {
                let program = GpuProgram::with_planning(&tape, &device, planning);
                let mut program = program.and_then(|p| p.with_shape(shape)).expect("it fits");
                tiled += usize::from(program.has_tiles());
                for chains in [1, 3, 64] {
                    let position = &position[..chains * tape.dim];
                    errors(&tape, &mut program, position, &expected, Relative::ToElement);
                }
            }
        }
    }
    assert!(tiled > SHAPES.len(), "{tiled} programs with tiles");
}

#[test]
fn a_program_cut_into_many_kernels_gives_the_same() {
    let device = device();
    let mut source = Source(77);
    let random = random_tape(&mut source, &[1, 9, 65], 40);
    let logistic = models::logistic(300, 30);
    let grouped = models::grouped_regression(100, 20);
    let cuts =
        [(models::radon(), 20), (models::item_response(), 7), (random, 10), (logistic, 1), (grouped, 4)];
    for (tape, steps) in cuts {
        let position = Source(3).numbers(tape.dim * 5);
        let expected = exact(&tape, &position);
        for &shape in SHAPES {
            let whole = GpuProgram::new(&tape, &device).and_then(|p| p.with_shape(shape));
            let planning = Planning { kernel_steps: steps, ..TILED };
            let cut = GpuProgram::with_planning(&tape, &device, planning).and_then(|p| p.with_shape(shape));
            let (mut whole, mut cut) = (whole.expect("it fits"), cut.expect("it fits"));
            assert!(cut.kernels() > 2, "{} kernels", cut.kernels());
            let of_log_density = errors(&tape, &mut cut, &position, &expected, Relative::ToLargest);
            let of_whole = errors(&tape, &mut whole, &position, &expected, Relative::ToLargest);
            assert!(
                of_log_density <= 2.0 * of_whole + 1e-9,
                "{of_log_density:e}, in one kernel {of_whole:e}"
            );
        }
    }
}

#[test]
fn every_function_matches_the_table_where_it_is_hard() {
    let hard = [
        0.0, 1e-9, -1e-9, 1e-4, -1e-4, 0.25, -0.3, 0.41, 0.5, 0.999, 1.0, 1.001, 1.4616, 1.5, 1.9999, 2.0,
        2.001, -0.9, 2.5, 3.0, -3.0, -2.5, 5.5, 7.9, 8.1, 12.0, -12.0, 30.25, 60.0, -60.0, 88.0, -88.0, 1e3,
        1e4, -1e4,
    ];
    let hard: Vec<f64> = hard.iter().map(|&x| f64::from(x as f32)).collect();
    let device = device();
    let mut builder = TapeBuilder::new(1);
    let x = builder.input(0, 1);
    let results: Vec<(Unary, ValueId)> = Unary::ALL.iter().map(|&op| (op, builder.unary(op, x))).collect();
    results.iter().enumerate().for_each(|(row, &(_, v))| builder.output(row + 1, v));
    let tape = builder.finish(results.len() + 1);
    let mut program = GpuProgram::new(&tape, &device).expect("it fits");
    let (_, seen) = program.run(&hard).expect("it runs");
    for (&x, seen) in hard.iter().zip(seen.chunks(results.len())) {
        for (&(op, _), &seen) in results.iter().zip(seen) {
            let expected = op.eval(x);
            let is_periodic = matches!(op, Unary::Sin | Unary::Cos | Unary::Tan);
            if (is_periodic && x.abs() > 1000.0) || (expected.is_finite() && expected.abs() > 1e37) {
                continue;
            }
            let is_gamma = matches!(op, Unary::Lgamma | Unary::Digamma | Unary::Trigamma);
            if is_gamma && x < 0.0 && x.fract().abs() < 1e-3 {
                continue;
            }
            // Relative, but devices may flush what is below the smallest normal number.
            let floor = if is_gamma || is_periodic { 1.0 } else { 0.0 };
            // Devices' own `e^-|x|` and the rounding of `x^2` inside of these lose digits as they vanish.
            let vanishes = matches!(op, Unary::Sigmoid | Unary::Softplus | Unary::Erfc);
            let relative = if vanishes { 2e-5 } else { 2e-6 };
            let bound = (relative * expected.abs().max(floor)).max(f64::from(f32::MIN_POSITIVE));
            let close = (seen - expected).abs() <= bound;
            assert!(
                close || seen == expected || (seen.is_nan() && expected.is_nan()),
                "{op:?} of {x}: {seen}, expected {expected}"
            );
        }
    }
}

#[test]
fn lgamma_on_the_way_to_the_log_density_beats_single_precision() {
    let arguments =
        [1e-6, 0.01, 0.3, 0.9, 1.0, 1.4616, 2.0, 2.5, 3.99, 4.0, 7.3, 8.0, 20.5, 333.25, 1e4, 1e7, 1e20];
    let arguments = arguments.map(|x| f64::from(x as f32));
    let mut builder = TapeBuilder::new(1);
    let x = builder.input(0, 1);
    let scalar = builder.unary(Unary::Lgamma, x);
    let column = builder.constant(vec![0.0; 100]);
    let rows = builder.binary(Binary::Add, column, x);
    let rows = builder.unary(Unary::Lgamma, rows);
    let sum = builder.sum(rows);
    let both = builder.binary(Binary::Add, scalar, sum);
    builder.output(0, both);
    let mut program = GpuProgram::new(&builder.finish(1), &device()).expect("it fits");
    let (seen, _) = program.run(&arguments).expect("it runs");
    for (x, seen) in arguments.iter().zip(seen) {
        let expected = 101.0 * Unary::Lgamma.eval(*x);
        let error = (seen - expected).abs() / (101.0 + expected.abs());
        assert!(error < 2e-8, "of {x}: {seen}, expected {expected}");
    }
}

#[test]
fn special_operands_are_treated_as_the_table_says() {
    let specials = [0.0, 1.0, -2.5, 3.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let device = device();
    let mut builder = TapeBuilder::new(2);
    let (a, b) = (builder.input(0, 1), builder.input(1, 1));
    let mut results: Vec<ValueId> = Binary::ALL.iter().map(|&op| builder.binary(op, a, b)).collect();
    results.push(builder.ternary(Ternary::Select, a, b, a));
    results.push(builder.unary(Unary::IsNan, a));
    results.push(builder.unary(Unary::Log, a));
    results.push(builder.unary(Unary::Softplus, a));
    results.iter().enumerate().for_each(|(row, &v)| builder.output(row + 1, v));
    let tape = builder.finish(results.len() + 1);
    let position: Vec<f64> =
        specials.iter().flat_map(|&a| specials.iter().flat_map(move |&b| [a, b])).collect();
    let expected = exact(&tape, &position);
    let mut program = GpuProgram::new(&tape, &device).expect("it fits");
    let (_, seen) = program.run(&position).expect("it runs");
    for (chain, ab) in position.chunks(2).enumerate() {
        for (row, &v) in results.iter().enumerate() {
            let (seen, expected) =
                (seen[chain * results.len() + row], expected[chain * (results.len() + 1) + row + 1]);
            let close = (seen - expected).abs() <= 2e-6 * expected.abs();
            let op = &tape.node(v).op;
            // A shape is above zero, and slopes are those at numbers.
            let is_unsaid = match op {
                Op::Binary(Binary::LogGammaP(part) | Binary::LogGammaQ(part)) => {
                    ab[0] <= 0.0 || (*part != Part::Value && ab.iter().any(|x| !x.is_finite()))
                }
                _ => false,
            };
            let is_infinite_power = *op == Op::Binary(Binary::Pow) && ab.iter().any(|x| x.is_infinite());
            assert!(
                close
                    || seen == expected
                    || (seen.is_nan() && expected.is_nan())
                    || is_infinite_power
                    || is_unsaid,
                "{op:?} of {ab:?}: {seen}, expected {expected}"
            );
        }
    }
}

/// Values are off by a few roundings of their largest part; derivatives in small shapes, and beside them in large
/// ones, lose digits.
#[test]
fn incomplete_functions_match_the_table() {
    let device = device();
    let mut builder = TapeBuilder::new(3);
    let (a, b, x) = (builder.input(0, 1), builder.input(1, 1), builder.input(2, 1));
    let is_incomplete = |op: &Binary| matches!(op, Binary::LogGammaP(_) | Binary::LogGammaQ(_));
    let of_two = Binary::ALL.iter().filter(|op| is_incomplete(op));
    let mut results: Vec<ValueId> = of_two.map(|&op| builder.binary(op, a, b)).collect();
    let of_three = Ternary::ALL.iter().filter(|op| matches!(op, Ternary::LogBetaCdf(_)));
    results.extend(of_three.map(|&op| builder.ternary(op, a, b, x)));
    results.iter().enumerate().for_each(|(row, &v)| builder.output(row + 1, v));
    let tape = builder.finish(results.len() + 1);
    let mut program = GpuProgram::new(&tape, &device).expect("it fits");
    let shapes = [0.0625, 0.5, 1.0, 2.75, 17.0, 300.0];
    let places = [1.0 / 1024.0, 0.25, 0.5, 0.75, 1.0 - 1.0 / 1024.0];
    let pairs = shapes.iter().flat_map(|&a| shapes.iter().map(move |&b| (a, b)));
    let position: Vec<f64> = pairs.flat_map(|(a, b)| places.iter().flat_map(move |&x| [a, b, x])).collect();
    let expected = exact(&tape, &position);
    let (_, seen) = program.run(&position).expect("it runs");
    for (chain, operands) in position.chunks(3).enumerate() {
        for (row, &v) in results.iter().enumerate() {
            let (seen, expected) =
                (seen[chain * results.len() + row], expected[chain * (results.len() + 1) + row + 1]);
            // Beyond the smallest number of single precision.
            if expected == 0.0 || (expected.abs() < 1e-36 && seen == 0.0) {
                continue;
            }
            let bound = 1e-4 * expected.abs() + 2e-6;
            assert!(
                (seen - expected).abs() <= bound,
                "{:?} of {operands:?}: {seen:e}, expected {expected:e}",
                tape.node(v).op
            );
        }
    }
}

#[test]
fn factors_of_matrices_match_the_cpu_in_every_shape() {
    let device = device();
    for n in [1, 2, 5, 33] {
        let elements = n * n;
        let mut builder = TapeBuilder::new(elements);
        let root = builder.input(0, elements);
        let small = builder.constant(vec![0.2 / n as f64; elements]);
        let diagonal: Vec<f64> = (0..elements).map(|e| f64::from(u8::from(e % (n + 1) == 0))).collect();
        let diagonal = builder.constant(diagonal);
        let matrix = builder.ternary(Ternary::MulAdd, root, small, diagonal);
        let factor = builder.push(Op::Factor(Factor::Cholesky), vec![matrix], elements);
        let sides = builder.gather(root, (0..2 * n as u32).map(|e| e % elements as u32).collect::<Vec<_>>());
        let mut results = vec![factor];
        results.push(builder.push(Op::Factor(Factor::CholeskyPullback), vec![factor, root], elements));
        for solve in [Factor::SolveLower, Factor::SolveTransposed] {
            results.push(builder.push(Op::Factor(solve), vec![factor, sides], 2 * n));
        }
        let total = builder.dot(factor, root);
        builder.output(0, total);
        let mut row = 1;
        for v in results {
            builder.output(row, v);
            row += builder.rows(v);
        }
        let tape = builder.finish(row);
        let position: Vec<f64> =
            Source(n as u64).numbers(elements * 5).iter().map(|x| x.clamp(-1.0, 1.0)).collect();
        let expected = exact(&tape, &position);
        for &shape in SHAPES {
            let mut program =
                GpuProgram::new(&tape, &device).and_then(|p| p.with_shape(shape)).expect("it fits");
            let off = errors(&tape, &mut program, &position, &expected, Relative::ToLargest);
            assert!(off < 2e-6, "{n} rows, {shape:?}: {off:e}");
        }
    }
}

#[test]
fn a_sum_that_single_precision_cannot_hold_keeps_its_digits() {
    let device = device();
    let rows = 20_000;
    let data: Vec<f64> = (0..rows).map(|i| f64::from(1.0f32 + 1.0 / (i + 3) as f32)).collect();
    let mut builder = TapeBuilder::new(1);
    let x = builder.input(0, 1);
    let column = builder.constant(data);
    let shifted = builder.binary(Binary::Mul, column, x);
    let sum = builder.sum(shifted);
    let offset = builder.constant([1e7 + 0.125]);
    let sum = builder.binary(Binary::Add, sum, offset);
    builder.output(0, sum);
    let tape = builder.finish(1);
    let position = [1.0, 2.0, 4.0];
    let expected = exact(&tape, &position);
    for &shape in SHAPES {
        let mut program = GpuProgram::new(&tape, &device).and_then(|p| p.with_shape(shape)).expect("it fits");
        let (seen, _) = program.run(&position).expect("it runs");
        for (seen, expected) in seen.iter().zip(&expected) {
            assert!((seen - expected).abs() < 1e-6, "{shape:?}: {seen}, expected {expected}");
        }
    }
}

#[test]
fn a_run_twice_gives_the_same_bits() {
    let device = device();
    for (tape, planning) in [(models::radon(), Planning::default()), (models::logistic(600, 20), TILED)] {
        let position = Source(9).numbers(tape.dim * 40);
        for &shape in SHAPES {
            let program = GpuProgram::with_planning(&tape, &device, planning);
            let mut program = program.and_then(|p| p.with_shape(shape)).expect("it fits");
            let first = program.run(&position).expect("it runs");
            assert_eq!(first, program.run(&position).expect("it runs"), "{shape:?}");
            let alone = program.run(&position[35 * tape.dim..36 * tape.dim]).expect("it runs");
            assert_eq!(alone.0[0].to_bits(), first.0[35].to_bits(), "{shape:?}: a chain alone");
            assert_eq!(alone.1, first.1[35 * tape.dim..36 * tape.dim], "{shape:?}: a chain alone");
        }
    }
}

#[test]
fn the_cost_model_spreads_long_rows_of_few_chains_over_cubes() {
    let device = device();
    let few_rows = GpuProgram::new(&models::eight_schools(), &device).expect("it fits");
    assert_eq!(few_rows.shape(4096), Shape::ThreadPerChain);
    let many_rows = GpuProgram::new(&models::logistic(5000, 7), &device).expect("it fits");
    assert!(matches!(many_rows.shape(1), Shape::CubePerChain(_)), "{:?}", many_rows.shape(1));
    let many_chains = 2 * device.limits().lanes;
    assert_eq!(many_rows.shape(many_chains), Shape::ThreadPerChain);
}

#[test]
fn faults_are_errors() {
    let device = device();
    let tape = models::eight_schools();
    let mut program = GpuProgram::new(&tape, &device).expect("it fits");
    assert!(matches!(program.run(&[0.5; 11]), Err(GpuError::Shape { seen: 11, dim: 10 })));
    assert_eq!(program.run(&[]).expect("no chains"), (vec![], vec![]));

    let too_wide = GpuProgram::new(&tape, &device).and_then(|p| p.with_shape(Shape::CubePerChain(1 << 20)));
    assert!(matches!(too_wide, Err(GpuError::Limit { .. })), "{too_wide:?}");

    let mut malformed = TapeBuilder::new(3);
    let x = malformed.input(0, 3);
    let y = malformed.gather(x, [0, 9]);
    malformed.output(0, y);
    assert!(matches!(GpuProgram::new(&malformed.finish(2), &device), Err(GpuError::Tape(_))));
}

#[test]
fn loops_that_the_software_rasteriser_would_leave_early_are_refused() {
    let device = device();
    assert_eq!(device.limits().turns, 65_535);
    let program = GpuProgram::new(&models::election88(), &device).expect("cubes share the rows");
    assert!(matches!(program.shape(4096), Shape::CubePerChain(_)));
    let alone = program.with_shape(Shape::ThreadPerChain).expect_err("too many turns for a thread");
    assert!(alone.to_string().contains("65535"), "{alone}");
    let plain = Planning { tiled_elements: usize::MAX, ..Planning::default() };
    let plain = GpuProgram::with_planning(&models::logistic(70_000, 17), &device, plain);
    assert!(matches!(plain, Err(GpuError::Limit { limit: 65_535, .. })));
}

#[test]
fn software_is_listed_and_only_opened_when_it_is_named() {
    let listed = GpuDevice::list();
    let software = device();
    let place = listed.iter().position(|adapter| adapter == software.adapter()).expect("it is listed");
    assert_eq!(listed[place].kind, AdapterKind::Software);
    assert!(listed.iter().enumerate().all(|(i, adapter)| adapter.index == i));
    assert!(listed.windows(2).all(|pair| pair[0].kind <= pair[1].kind), "best first: {listed:?}");
    let named = GpuDevice::open(DeviceChoice::Index(place)).expect("it is there");
    assert_eq!(named.name(), software.name());
    assert!(named.limits().buffer > 1 << 20 && named.limits().units >= 128);

    let absent = GpuDevice::open(DeviceChoice::Index(listed.len())).expect_err("it is not there");
    assert!(absent.to_string().contains(software.name()), "the error lists what there is: {absent}");
    match GpuDevice::open(DeviceChoice::Auto) {
        Ok(gpu) => assert_ne!(gpu.adapter().kind, AdapterKind::Software),
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("run on the CPU") && text.contains("software"), "{text}");
        }
    }
}

/// Says to a test that it runs in a process of its own, without drivers.
const ALONE: &str = "CHAINFIRE_TEST_WITHOUT_DRIVERS";

#[test]
fn no_driver_is_no_device() {
    if std::env::var_os(ALONE).is_none() {
        return a_machine_without_drivers_lists_nothing_and_does_not_panic();
    }
    assert_eq!(GpuDevice::list(), vec![]);
    for choice in [DeviceChoice::Auto, DeviceChoice::Index(0), DeviceChoice::Software] {
        let error = GpuDevice::open(choice).expect_err("there is no driver");
        assert!(matches!(&error, GpuError::NoDevice { found, .. } if found == "none"), "{error}");
    }
}

/// Runs the test above in a process without drivers.
fn a_machine_without_drivers_lists_nothing_and_does_not_panic() {
    let this = std::env::current_exe().expect("a test has a file");
    let child = std::process::Command::new(this)
        .args(["--exact", "no_driver_is_no_device"])
        .env(ALONE, "1")
        .env("VK_ICD_FILENAMES", "/dev/null")
        .env("VK_DRIVER_FILES", "/dev/null")
        .output()
        .expect("the test runs");
    let text = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && text.contains("1 passed"), "{text}");
}
