//! Log densities with their gradients, written down by hand with a small reverse sweep.

use chainfire_kernels::tape::{Binary, Op, Tape, TapeBuilder, Ternary, Unary, ValueId};

use super::random_tape::Source;

/// Adds the gradient of `log_density` with respect to the position.
///
/// Knows the operations of the models below.
fn with_gradient(mut b: TapeBuilder, log_density: ValueId) -> Tape {
    let forward = b.tape().clone();
    let mut adjoint: Vec<Option<ValueId>> = vec![None; forward.nodes.len()];
    adjoint[log_density.index()] = Some(b.constant([1.0]));
    for (i, node) in forward.nodes.iter().enumerate().rev() {
        let Some(of_result) = adjoint[i] else { continue };
        let result = ValueId(i as u32);
        let args = &node.args;
        let mut terms: Vec<(usize, ValueId)> = Vec::new();
        match &node.op {
            Op::Input { .. } | Op::Constant(_) => {}
            Op::Unary(op) => {
                let derivative = match op {
                    Unary::Neg => b.constant([-1.0]),
                    Unary::Exp => result,
                    Unary::Log => b.unary(Unary::Recip, args[0]),
                    Unary::Softplus => b.unary(Unary::Sigmoid, args[0]),
                    Unary::Lgamma => b.unary(Unary::Digamma, args[0]),
                    other => panic!("no derivative of {other:?}"),
                };
                terms.push((0, b.binary(Binary::Mul, of_result, derivative)));
            }
            Op::Binary(Binary::Add) => terms.extend([(0, of_result), (1, of_result)]),
            Op::Binary(Binary::Sub) => terms.extend([(0, of_result), (1, b.unary(Unary::Neg, of_result))]),
            Op::Binary(Binary::Mul) => {
                terms.push((0, b.binary(Binary::Mul, of_result, args[1])));
                terms.push((1, b.binary(Binary::Mul, of_result, args[0])));
            }
            Op::Ternary(Ternary::MulAdd) => {
                terms.push((0, b.binary(Binary::Mul, of_result, args[1])));
                terms.push((1, b.binary(Binary::Mul, of_result, args[0])));
                terms.push((2, of_result));
            }
            Op::Sum => {
                let ones = b.constant(vec![1.0; b.rows(args[0])]);
                terms.push((0, b.binary(Binary::Mul, ones, of_result)));
            }
            Op::Dot => {
                terms.push((0, b.binary(Binary::Mul, args[1], of_result)));
                terms.push((1, b.binary(Binary::Mul, args[0], of_result)));
            }
            Op::Gather(index) => {
                let groups = b.rows(args[0]);
                terms.push((0, b.segment_sum(of_result, index.clone(), groups)));
            }
            Op::MatVec { columns } => {
                let op = Op::MatTVec { columns: *columns };
                terms.push((1, b.push(op, vec![args[0], of_result], *columns)));
            }
            other => panic!("no derivative of {other:?}"),
        }
        for (k, term) in terms.into_iter().filter(|&(k, _)| forward.constant(args[k]).is_none()) {
            let operand = args[k];
            let term = if b.rows(operand) == 1 && b.rows(term) > 1 { b.sum(term) } else { term };
            let slot = &mut adjoint[operand.index()];
            *slot = Some(slot.map_or(term, |sum| b.binary(Binary::Add, sum, term)));
        }
    }
    b.output(0, log_density);
    for (i, node) in forward.nodes.iter().enumerate() {
        if let (Op::Input { offset }, Some(adjoint)) = (&node.op, adjoint[i]) {
            let rows = b.rows(adjoint);
            assert_eq!(rows, node.rows);
            b.output(1 + offset, adjoint);
        }
    }
    let dim = forward.dim;
    b.finish(1 + dim)
}

/// `-sum(((x - mean) / scale)^2) / 2 - rows log scale`, scale given by its logarithm.
fn normal(b: &mut TapeBuilder, x: ValueId, mean: ValueId, log_scale: ValueId) -> ValueId {
    let r = b.binary(Binary::Sub, x, mean);
    let rows = b.rows(r) as f64;
    let minus_two = b.constant([-2.0]);
    let exponent = b.binary(Binary::Mul, log_scale, minus_two);
    let precision = b.unary(Unary::Exp, exponent);
    let squares = if b.rows(r) == 1 { b.binary(Binary::Mul, r, r) } else { b.dot(r, r) };
    let quadratic = b.binary(Binary::Mul, squares, precision);
    let minus_half = b.constant([-0.5]);
    let quadratic = b.binary(Binary::Mul, quadratic, minus_half);
    let count = b.constant([-rows]);
    let normaliser = b.binary(Binary::Mul, count, log_scale);
    let sum = b.binary(Binary::Add, quadratic, normaliser);
    let constant = b.constant([-0.5 * rows * std::f64::consts::TAU.ln()]);
    b.binary(Binary::Add, sum, constant)
}

fn standard_normal(b: &mut TapeBuilder, x: ValueId) -> ValueId {
    let zero = b.constant([0.0]);
    normal(b, x, zero, zero)
}

pub fn eight_schools() -> Tape {
    let mut b = TapeBuilder::new(10);
    let y = b.constant([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]);
    let weight =
        b.constant([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0f64].map(|s| f64::from((1.0 / s) as f32)));
    let (mu, log_tau, z) = (b.input(0, 1), b.input(1, 1), b.input(2, 8));
    let tau = b.unary(Unary::Exp, log_tau);
    let theta = b.ternary(Ternary::MulAdd, z, tau, mu);
    let r = b.binary(Binary::Sub, y, theta);
    let scaled = b.binary(Binary::Mul, r, weight);
    let of_y = standard_normal(&mut b, scaled);
    let of_z = standard_normal(&mut b, z);
    let of_mu = standard_normal(&mut b, mu);
    let of_tau = standard_normal(&mut b, log_tau);
    let sum = b.binary(Binary::Add, of_y, of_z);
    let sum = b.binary(Binary::Add, sum, of_mu);
    let sum = b.binary(Binary::Add, sum, of_tau);
    with_gradient(b, sum)
}

/// 919 houses in 85 counties, a floor effect and a county effect.
pub fn radon() -> Tape {
    let mut source = Source(919);
    let mut b = TapeBuilder::new(90);
    let (y, floor, uranium) =
        (b.constant(source.numbers(919)), b.constant(source.numbers(919)), b.constant(source.numbers(85)));
    let index: Vec<u32> = (0..919).map(|_| source.below(85) as u32).collect();
    let [mu, slope, floor_effect, log_tau, log_sigma] = [0, 1, 2, 3, 4].map(|i| b.input(i, 1));
    let z = b.input(5, 85);
    let tau = b.unary(Unary::Exp, log_tau);
    let level = b.ternary(Ternary::MulAdd, uranium, slope, mu);
    let alpha = b.ternary(Ternary::MulAdd, z, tau, level);
    let of_county = b.gather(alpha, index);
    let eta = b.ternary(Ternary::MulAdd, floor, floor_effect, of_county);
    let mut sum = normal(&mut b, y, eta, log_sigma);
    for parameter in [mu, slope, floor_effect, log_tau, log_sigma, z] {
        let of_parameter = standard_normal(&mut b, parameter);
        sum = b.binary(Binary::Add, sum, of_parameter);
    }
    with_gradient(b, sum)
}

pub fn logistic(rows: usize, columns: usize) -> Tape {
    let mut source = Source(7);
    let mut b = TapeBuilder::new(columns);
    let matrix = b.constant(source.numbers(rows * columns));
    let y = b.constant((0..rows).map(|_| source.below(2) as f64).collect::<Vec<f64>>());
    let beta = b.input(0, columns);
    let eta = b.push(Op::MatVec { columns }, vec![matrix, beta], rows);
    let hits = b.dot(y, eta);
    let softplus = b.unary(Unary::Softplus, eta);
    let total = b.sum(softplus);
    let likelihood = b.binary(Binary::Sub, hits, total);
    let prior = standard_normal(&mut b, beta);
    let sum = b.binary(Binary::Add, likelihood, prior);
    with_gradient(b, sum)
}

/// Counts with a log-linear mean of many predictors.
pub fn poisson(rows: usize, columns: usize) -> Tape {
    let mut source = Source(60);
    let mut b = TapeBuilder::new(columns);
    let data =
        source.numbers(rows * columns).iter().map(|x| f64::from((x / 16.0) as f32)).collect::<Vec<f64>>();
    let matrix = b.constant(data);
    let y = b.constant((0..rows).map(|_| source.below(6) as f64).collect::<Vec<f64>>());
    let beta = b.input(0, columns);
    let eta = b.push(Op::MatVec { columns }, vec![matrix, beta], rows);
    let hits = b.dot(y, eta);
    let mean = b.unary(Unary::Exp, eta);
    let total = b.sum(mean);
    let likelihood = b.binary(Binary::Sub, hits, total);
    let prior = standard_normal(&mut b, beta);
    let sum = b.binary(Binary::Add, likelihood, prior);
    with_gradient(b, sum)
}

/// A regression with an effect of 30 groups beside many predictors, and a second regression of the same rows whose
/// predictors are not computed in tiles.
pub fn grouped_regression(rows: usize, columns: usize) -> Tape {
    let groups = 30;
    let mut source = Source(31);
    let mut b = TapeBuilder::new(2 * columns + groups + 2);
    let matrix = b.constant(source.numbers(rows * columns));
    let other = b.constant(source.numbers(rows * columns));
    let y = b.constant(source.numbers(rows));
    let (beta, gamma) = (b.input(0, columns), b.input(columns, columns));
    let (effect, log_tau, log_sigma) = (
        b.input(2 * columns, groups),
        b.input(2 * columns + groups, 1),
        b.input(2 * columns + groups + 1, 1),
    );
    let tau = b.unary(Unary::Exp, log_tau);
    let scaled = b.binary(Binary::Mul, effect, tau);
    let index: Vec<u32> = (0..rows).map(|_| source.below(groups) as u32).collect();
    let of_row = b.gather(scaled, index);
    let fitted = b.push(Op::MatVec { columns }, vec![matrix, beta], rows);
    let eta = b.binary(Binary::Add, fitted, of_row);
    let fitted = b.push(Op::MatVec { columns }, vec![other, gamma], rows);
    let eta = b.binary(Binary::Add, eta, fitted);
    let mut sum = normal(&mut b, y, eta, log_sigma);
    for parameter in [beta, gamma, effect, log_tau, log_sigma] {
        let prior = standard_normal(&mut b, parameter);
        sum = b.binary(Binary::Add, sum, prior);
    }
    with_gradient(b, sum)
}

/// Two-parameter logistic: 20 items, 100 persons, all answers.
pub fn item_response() -> Tape {
    let (items, persons) = (20usize, 100usize);
    let mut source = Source(20);
    let mut b = TapeBuilder::new(2 * items + persons);
    let item: Vec<u32> = (0..items * persons).map(|i| (i % items) as u32).collect();
    let person: Vec<u32> = (0..items * persons).map(|i| (i / items) as u32).collect();
    let y = b.constant((0..items * persons).map(|_| source.below(2) as f64).collect::<Vec<f64>>());
    let (log_slope, difficulty, ability) =
        (b.input(0, items), b.input(items, items), b.input(2 * items, persons));
    let slope = b.unary(Unary::Exp, log_slope);
    let (slope, of_item, of_person) =
        (b.gather(slope, item.clone()), b.gather(difficulty, item), b.gather(ability, person));
    let distance = b.binary(Binary::Sub, of_person, of_item);
    let eta = b.binary(Binary::Mul, slope, distance);
    let hits = b.dot(y, eta);
    let softplus = b.unary(Unary::Softplus, eta);
    let total = b.sum(softplus);
    let mut sum = b.binary(Binary::Sub, hits, total);
    for parameter in [log_slope, difficulty, ability] {
        let of_parameter = standard_normal(&mut b, parameter);
        sum = b.binary(Binary::Add, sum, of_parameter);
    }
    with_gradient(b, sum)
}

/// Votes of 11,566 persons: two predictors, effects of four ages, four educations, both, five regions and 51 states.
pub fn election88() -> Tape {
    let rows = 11_566;
    let groups = [4usize, 4, 16, 5, 51];
    let mut source = Source(88);
    let effects: usize = groups.iter().sum();
    let mut b = TapeBuilder::new(3 + groups.len() + effects);
    let y = b.constant((0..rows).map(|_| source.below(2) as f64).collect::<Vec<f64>>());
    let [female, black] =
        [2, 10].map(|n| b.constant((0..rows).map(|_| f64::from(source.below(n) == 0)).collect::<Vec<f64>>()));
    let [intercept, of_female, of_black] = [0, 1, 2].map(|i| b.input(i, 1));
    let mut sum = standard_normal(&mut b, intercept);
    let mut eta = b.ternary(Ternary::MulAdd, female, of_female, intercept);
    eta = b.ternary(Ternary::MulAdd, black, of_black, eta);
    let mut first = 3 + groups.len();
    for (k, &count) in groups.iter().enumerate() {
        let (log_scale, effect) = (b.input(3 + k, 1), b.input(first, count));
        first += count;
        let zero = b.constant([0.0]);
        let prior = normal(&mut b, effect, zero, log_scale);
        let of_scale = standard_normal(&mut b, log_scale);
        sum = b.binary(Binary::Add, sum, prior);
        sum = b.binary(Binary::Add, sum, of_scale);
        // The states come in order, as in a file; the other groups do not.
        let index: Vec<u32> = match count {
            51 => (0..rows).map(|i| (i * count / rows) as u32).collect(),
            _ => (0..rows).map(|_| source.below(count) as u32).collect(),
        };
        let of_row = b.gather(effect, index);
        eta = b.binary(Binary::Add, eta, of_row);
    }
    let hits = b.dot(y, eta);
    let softplus = b.unary(Unary::Softplus, eta);
    let total = b.sum(softplus);
    let likelihood = b.binary(Binary::Sub, hits, total);
    sum = b.binary(Binary::Add, sum, likelihood);
    for input in [of_female, of_black] {
        let prior = standard_normal(&mut b, input);
        sum = b.binary(Binary::Add, sum, prior);
    }
    with_gradient(b, sum)
}

/// Negative binomial counts with a log-linear mean: `lgamma` of data and parameters.
pub fn counts() -> Tape {
    let rows = 300;
    let mut source = Source(300);
    let mut b = TapeBuilder::new(3);
    let x = b.constant(source.numbers(rows));
    let y = b.constant((0..rows).map(|_| source.below(12) as f64).collect::<Vec<f64>>());
    let (intercept, slope, log_size) = (b.input(0, 1), b.input(1, 1), b.input(2, 1));
    let eta = b.ternary(Ternary::MulAdd, x, slope, intercept);
    let size = b.unary(Unary::Exp, log_size);
    let both = b.binary(Binary::Add, y, size);
    let upper = b.unary(Unary::Lgamma, both);
    let upper = b.sum(upper);
    let lower = b.unary(Unary::Lgamma, size);
    let count = b.constant([-(rows as f64)]);
    let lower = b.binary(Binary::Mul, lower, count);
    let odds = b.binary(Binary::Sub, eta, log_size);
    let softplus = b.unary(Unary::Softplus, odds);
    let spread = b.dot(both, softplus);
    let hits = b.dot(y, odds);
    let sum = b.binary(Binary::Add, upper, lower);
    let sum = b.binary(Binary::Add, sum, hits);
    let sum = b.binary(Binary::Sub, sum, spread);
    with_gradient(b, sum)
}
