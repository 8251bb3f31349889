//! Programs keep their meaning from burn code to the CPU executor: values, gradients, and independence of the batch.

use chainfire_engine::LogDensity;
use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{
    EagerDensity, Kind, ProgramError, ReplayDensity, Scanned, TapeDensity, Turn, Value, ValueError, capture,
    density_tape,
};
use chainfire_kernels::random::Key;
use chainfire_kernels::tape::{Op, Tape, Ternary};

type Density = fn(&Value) -> Value;

/// Elements `start .. stop` of a position.
fn part(position: &Value, start: usize, stop: usize) -> Value {
    position.index(&[Subscript::Range { start: Some(start as i64), stop: Some(stop as i64), step: 1 }])
}

fn element(position: &Value, at: usize) -> Value {
    position.index(&[Subscript::At(at as i64)])
}

fn column(seed: u64, rows: usize) -> Value {
    let mut data = vec![0.0; rows];
    data.iter_mut().enumerate().for_each(|(i, x)| *x = Key::new(seed, 0, 0, 0).normal(i as u32));
    Value::from(data)
}

fn index(seed: u64, rows: usize, groups: usize) -> Value {
    let data = (0..rows).map(|i| (Key::new(seed, 1, 0, 0).uniform(i as u32) * groups as f64).ceil() - 1.0);
    Value::data(data.collect::<Vec<_>>(), vec![rows], Kind::Int)
}

fn normal(x: &Value, mu: &Value, sigma: &Value) -> Value {
    ((x - mu) / sigma).square() * -0.5 - sigma.log()
}

fn eight_schools(q: &Value) -> Value {
    let y = Value::from([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]);
    let s = Value::from([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]);
    let (mu, log_tau, z) = (element(q, 0), element(q, 1), part(q, 2, 10));
    let tau = log_tau.exp();
    let theta = &mu + &tau * &z;
    normal(&mu, &0.0.into(), &5.0.into()) - (&tau / 5.0).square().log1p()
        + log_tau
        + (z.square() * -0.5).sum()
        + normal(&y, &theta, &s).sum()
}

fn radon(q: &Value) -> Value {
    let (y, u, floor, county) = (column(1, 919), column(2, 919), column(3, 919), index(4, 919, 85));
    let (sa, sy) = (element(q, 0).exp(), element(q, 1).exp());
    let (mu, beta, z) = (element(q, 2), part(q, 3, 5), part(q, 5, 90));
    let alpha = mu + &sa * &z;
    let eta = alpha.index(&[Subscript::Array(county)]) + u * element(&beta, 0) + floor * element(&beta, 1);
    (z.square() * -0.5).sum() + (beta.square() * -0.005).sum() + normal(&y, &eta, &sy).sum()
        - sa.square()
        - sy
}

fn logistic(q: &Value) -> Value {
    let x = Value::data(
        column(5, 200 * 7).as_data().map(|d| d.to_vec()).unwrap_or_default(),
        vec![200, 7],
        Kind::Float,
    );
    let y = column(6, 200).greater(&0.0.into());
    let eta = element(q, 0) + x.matmul(&part(q, 1, 8));
    (&y * &eta - eta.softplus()).sum() - (q.square() * 0.1).sum()
}

fn item_response(q: &Value) -> Value {
    let (a, b, theta) = (part(q, 0, 5).exp(), part(q, 5, 10), part(q, 10, 30));
    let all = Subscript::Range { start: None, stop: None, step: 1 };
    let column = |v: &Value| v.index(&[all.clone(), Subscript::NewAxis]);
    let eta = column(&a) * (theta.index(&[Subscript::NewAxis, all.clone()]) - column(&b));
    let y = Value::data(vec![1.0; 100], vec![5, 20], Kind::Int);
    let sums = (eta.clone() * y - eta.softplus()).sum_axis(1);
    (sums * 0.5).sum() - q.square().sum()
}

fn special(q: &Value) -> Value {
    let x = q.exp();
    let both = x.lgamma() + x.log1p() * q.tanh() + q.sigmoid() - x.sqrt() / (x.square() + 1.0) + q.abs();
    let chosen = q.greater(&0.0.into()).select(&both, &(q.expm1() * 2.0));
    let larger = q.maximum(&Value::from(0.3)) + q.minimum(&(q * 0.5));
    let joined = Value::concatenate(&[part(&chosen, 1, 3), larger.clone(), element(q, 0).reshape(&[1])], 0);
    let stacked = Value::stack(&[q.clone(), larger], 1);
    (joined.square() + 0.5).log().sum() + stacked.transpose().matmul(q).square().sum().sqrt()
        - x.pow(&1.5.into()).mean()
        - q.pow(&2.0.into()).sum()
        + element(q, 1).pow(&Value::from([1.0, 2.0, 3.0])).sum()
        + (q * 0.3).pow(&Value::from([1.0, 3.0, 2.0, 1.0, 4.0, 3.0])).sum()
        + (element(q, 2).exp() + 1.0).pow(&element(q, 3))
        - 1.0 / (1.0 + q.square()).sum()
}

/// Variances follow the squares of the data; the body names its parameters.
fn garch(q: &Value, steps: usize) -> Value {
    let y = column(7, steps + 1);
    let [omega, alpha, beta, first] = [0, 1, 2, 3].map(|i| element(q, i).sigmoid());
    let scanned = Value::scan::<ValueError>(&[first], &[part(&y, 0, steps)], steps, |carried, rows| {
        let next = &omega + &alpha * rows[0].square() + &beta * &carried[0];
        let density = normal(&rows[0], &0.0.into(), &carried[0].sqrt());
        Ok(Turn { next: vec![next], emitted: vec![density] })
    });
    let scanned = scanned.expect("a recurrence");
    scanned.emitted[0].sum() + normal(&part(&y, 1, steps + 1), &0.1.into(), &scanned.states[0].sqrt()).sum()
        - q.square().sum()
}

/// Three hidden states: the logarithms of the forward probabilities.
fn hidden_markov(q: &Value) -> Value {
    let all = Subscript::Range { start: None, stop: None, step: 1 };
    let logits = q.index(&[Subscript::Range { start: Some(0), stop: Some(9), step: 1 }]).reshape(&[3, 3]);
    let log_sum = |v: &Value| v.exp().sum_axis(0).log();
    let transitions = &logits - logits.exp().sum_axis(1).log().reshape(&[3, 1]);
    let y = column(8, 40).index(&[all.clone(), Subscript::NewAxis]);
    let emissions = normal(&y, &part(q, 9, 12).index(&[Subscript::NewAxis, all.clone()]), &1.3.into());
    let first = emissions.index(&[Subscript::At(0)]) - Value::from(3.0).log();
    let rest = emissions.index(&[Subscript::Range { start: Some(1), stop: None, step: 1 }]);
    let scanned = Value::scan::<ValueError>(&[first], &[rest], 39, |carried, rows| {
        let from = carried[0].index(&[all.clone(), Subscript::NewAxis]);
        Ok(Turn { next: vec![log_sum(&(from + &transitions)) + &rows[0]], emitted: vec![] })
    });
    log_sum(&scanned.expect("a recurrence").states[0].index(&[Subscript::At(-1)])) - q.square().sum() * 0.5
}

/// Carries that move on, that are constant, that nothing reads, and matrices kept besides; turns that differ.
fn odd_turns(q: &Value) -> Value {
    let weights = Value::data(vec![0.5, -0.2, 0.1, 0.3], vec![2, 2], Kind::Float);
    let initial = [element(q, 0), element(q, 1), part(q, 2, 4), Value::from(0.5), element(q, 4)];
    let sequences = [
        Value::stack(&[part(q, 0, 6), q.index(&[Subscript::Range { start: None, stop: None, step: -1 }])], 1),
        column(3, 6),
    ];
    let scanned = Value::scan::<ValueError>(&initial, &sequences, 5, |carried, rows| {
        let [before, now, pair, half, unread] = carried else { panic!("five carries") };
        let is_high = rows[1].greater(&0.1.into());
        let next = is_high.select(&(now * 0.5 + before.tanh()), &(now - before * element(q, 5)));
        let turned = weights.matmul(pair) + &rows[0] * now;
        let emitted = vec![turned.reshape(&[2, 1]) * &rows[0], q.clone(), Value::from(2.0)];
        Ok(Turn { next: vec![now.clone(), next, turned, half * 1.0, unread.tanh()], emitted })
    });
    let Scanned { states, emitted } = scanned.expect("a recurrence");
    let used = states[..4].iter().map(|v| v.square().sum()).reduce(|a, b| a + b).expect("states");
    used + emitted[0].sum() * 0.3 + (&emitted[1] * &states[1].reshape(&[5, 1])).sum() + emitted[2].sum()
        - q.square().sum()
}

const MODELS: &[(&str, usize, Density)] = &[
    ("garch", 4, |q| garch(q, 50)),
    ("garch of one turn", 4, |q| garch(q, 1)),
    ("hidden Markov", 12, hidden_markov),
    ("odd turns", 6, odd_turns),
    ("eight schools", 10, eight_schools),
    ("radon", 90, radon),
    ("logistic", 8, logistic),
    ("item response", 30, item_response),
    ("special functions", 6, special),
];

fn tape(dim: usize, density: impl Fn(&Value) -> Value) -> Tape {
    density_tape::<ProgramError>(dim, |q| Ok(density(&Value::tensor(q.clone(), vec![dim])).as_tensor(&q)))
        .expect("the model can be lowered")
}

fn positions(chains: usize, dim: usize) -> Vec<f64> {
    (0..chains * dim).map(|i| 0.6 * Key::new(9, 2, 0, 0).normal(i as u32)).collect()
}

fn evaluate(target: &dyn LogDensity, position: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let chains = position.len() / target.dim();
    let (mut log_density, mut gradient) = (vec![0.0; chains], vec![0.0; position.len()]);
    target.evaluator().evaluate(position, &mut log_density, &mut gradient);
    (log_density, gradient)
}

fn assert_close(name: &str, what: &str, a: &[f64], b: &[f64], tolerance: f64) {
    let scale = b.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance * scale, "{name}, {what} {i}: {a} against {b}");
    }
}

#[test]
fn cpu_executor_agrees_with_burn_eager() {
    for &(name, dim, density) in MODELS {
        let tape = tape(dim, density);
        let (cpu, eager) = (TapeDensity::new(&tape), EagerDensity::new(tape.clone()));
        for chains in [1, 3, 4, 64] {
            let position = positions(chains, dim);
            let ((lp, g), (lp_eager, g_eager)) = (evaluate(&cpu, &position), evaluate(&eager, &position));
            assert_close(name, "log density", &lp, &lp_eager, 1e-12);
            assert_close(name, "gradient", &g, &g_eager, 1e-12);
        }
    }
}

#[test]
fn log_density_agrees_with_the_function_at_a_point() {
    for &(name, dim, density) in MODELS {
        let cpu = TapeDensity::new(&tape(dim, density));
        let position = positions(3, dim);
        let (lp, _) = evaluate(&cpu, &position);
        let direct: Vec<f64> = position
            .chunks(dim)
            .map(|q| density(&Value::at_point(q, vec![dim])).as_numbers().map_or(f64::NAN, |n| n[0]))
            .collect();
        assert_close(name, "log density", &lp, &direct, 1e-12);
    }
}

#[test]
fn gradients_agree_with_finite_differences() {
    for &(name, dim, density) in MODELS {
        let cpu = TapeDensity::new(&tape(dim, density));
        let position = positions(1, dim);
        let (_, gradient) = evaluate(&cpu, &position);
        let step = 1e-4;
        // Fourth-order central differences.
        let difference: Vec<f64> = (0..dim)
            .map(|i| {
                let at = |h: f64| {
                    let mut moved = position.clone();
                    moved[i] += h * step;
                    evaluate(&cpu, &moved).0[0]
                };
                (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * step)
            })
            .collect();
        assert_close(name, "derivative", &gradient, &difference, 1e-8);
    }
}

#[test]
fn a_chain_gets_the_same_bits_in_every_batch() {
    for &(name, dim, density) in MODELS {
        let cpu = TapeDensity::new(&tape(dim, density));
        let position = positions(64, dim);
        let (lp, gradient) = evaluate(&cpu, &position);
        for chains in [1, 3, 4, 9, 33] {
            for first in [0, 64 - chains] {
                let run = first * dim..(first + chains) * dim;
                let (lp_part, gradient_part) = evaluate(&cpu, &position[run.clone()]);
                assert_eq!(lp[first..first + chains], lp_part, "{name}, {chains} chains");
                assert_eq!(gradient[run], gradient_part, "{name}, {chains} chains");
            }
        }
    }
}

#[test]
fn a_constant_density_has_a_gradient_of_zeros() {
    let cpu = TapeDensity::new(&tape(3, |_| Value::from(-1.5)));
    assert_eq!(evaluate(&cpu, &[1.0; 6]), (vec![-1.5; 2], vec![0.0; 6]));
}

#[test]
fn a_part_without_elements_adds_nothing() {
    let tape = tape(3, |q| (q.square() * -0.5).sum() + part(q, 1, 1).exp().sum());
    let (value, gradient) = evaluate(&TapeDensity::new(&tape), &[0.5, -1.0, 2.0]);
    assert_eq!((value, gradient), (vec![-2.625], vec![-0.5, 1.0, -2.0]));
}

/// The variances of [`garch`], turn by turn.
fn garch_written_out(q: &Value, steps: usize) -> Value {
    let y = column(7, steps + 1);
    let [omega, alpha, beta, first] = [0, 1, 2, 3].map(|i| element(q, i).sigmoid());
    let mut variances = vec![first];
    for t in 0..steps {
        variances.push(&omega + &alpha * element(&y, t).square() + &beta * &variances[t]);
    }
    let variances = Value::stack(&variances, 0);
    normal(&part(&y, 0, steps), &0.0.into(), &part(&variances, 0, steps).sqrt()).sum()
        + normal(&part(&y, 1, steps + 1), &0.1.into(), &part(&variances, 1, steps + 1).sqrt()).sum()
        - q.square().sum()
}

#[test]
fn a_scan_equals_its_turns_written_out() {
    let looped = tape(4, |q| garch(q, 50));
    let written = tape(4, |q| garch_written_out(q, 50));
    let position = positions(7, 4);
    let (a, b) = (TapeDensity::new(&looped), TapeDensity::new(&written));
    let ((lp, g), (lp_written, g_written)) = (evaluate(&a, &position), evaluate(&b, &position));
    assert_close("garch", "log density", &lp, &lp_written, 1e-12);
    assert_close("garch", "gradient", &g, &g_written, 1e-12);
}

#[test]
fn a_recurrence_keeps_only_what_feeds_its_own_next_turn() {
    let bodies = |tape: &Tape| -> Vec<usize> {
        let scans =
            tape.nodes.iter().filter_map(|n| if let Op::Scan(scan) = &n.op { Some(scan) } else { None });
        scans.map(|scan| scan.body.nodes.iter().filter(|n| n.op.is_elementwise()).count()).collect()
    };
    // beta * h + (omega + alpha * y^2), and (m + g) * beta.
    assert_eq!(bodies(&tape(4, |q| garch(q, 50))), [1, 2]);
}

#[test]
fn a_program_is_no_longer_for_more_turns() {
    let operations = |steps: fn(&Value) -> Value| tape(4, steps).nodes.len();
    assert_eq!(operations(|q| garch(q, 20)), operations(|q| garch(q, 2000)));
}

#[test]
fn a_replayed_scan_agrees_with_the_tape() {
    let captured = capture::with_gradient(4, |q| {
        Ok::<_, ProgramError>(garch(&Value::tensor(q.clone(), vec![4]), 20).as_tensor(&q))
    });
    let replayed = ReplayDensity::new(captured.expect("captured"), 4).expect("replayed");
    let cpu = TapeDensity::new(&tape(4, |q| garch(q, 20)));
    let position = positions(3, 4);
    let ((lp, g), (lp_cpu, g_cpu)) = (evaluate(&replayed, &position), evaluate(&cpu, &position));
    assert_close("garch", "log density", &lp, &lp_cpu, 1e-12);
    assert_close("garch", "gradient", &g, &g_cpu, 1e-12);
}

#[test]
fn a_scan_that_cannot_be_says_why() {
    let step = |carried: &[Value], _: &[Value]| {
        Ok::<_, ValueError>(Turn { next: carried.to_vec(), emitted: vec![] })
    };
    let says = |initial: Value, sequence: Value, steps: usize, text: &str| {
        let error = Value::scan(&[initial], &[sequence], steps, step).expect_err("no recurrence");
        assert!(error.to_string().contains(text), "{error}");
    };
    says(1.0.into(), vec![1.0; 3].into(), 4, "a sequence needs a row for each of the 4 turns");
    says(1.0.into(), vec![1.0; 3].into(), 0, "1 carried values and 0 turns");
    let grows = Value::scan(&[Value::from(1.0)], &[], 3, |carried, _| {
        Ok::<_, ValueError>(Turn { next: vec![carried[0].broadcast_to(&[2])], emitted: vec![] })
    });
    assert!(grows.expect_err("shapes differ").to_string().contains("must have the shape it starts from, ()"));
    let nested = Value::scan(&[Value::from(1.0)], &[], 3, |carried, _| {
        let inner = Value::scan(carried, &[], 2, step)?;
        Ok::<_, ValueError>(Turn { next: vec![inner.states[0].sum()], emitted: vec![] })
    });
    assert!(nested.expect_err("a loop in a loop").to_string().contains("inside of another"));
}

/// A chosen carry that is read twice by one operation (`a * b + a`), beside others that need registers.
fn growth(q: &Value) -> Value {
    let (rate, other) = (element(q, 0).sigmoid(), element(q, 1));
    let side = Value::data([1.0, 0.0, 0.0, 1.0, 1.0], [5], Kind::Int);
    let initial = [Value::from(0.5), other.exp()];
    let scanned = Value::scan::<ValueError>(&initial, &[side], 5, |carried, rows| {
        let chosen = rows[0].select(&carried[0], &carried[1]);
        let grown = &chosen + &rate * &chosen;
        let next = vec![rows[0].select(&grown, &carried[0]), &carried[1] - &grown * 0.1];
        Ok(Turn { next, emitted: vec![] })
    });
    let scanned = scanned.expect("a recurrence");
    scanned.states[0].square().sum() + scanned.states[1].sum() * 3.0
}

#[test]
fn a_number_that_an_operation_of_a_turn_reads_twice_keeps_its_own_register() {
    let tape = tape(2, growth);
    let (cpu, eager) = (TapeDensity::new(&tape), EagerDensity::new(tape.clone()));
    let position = positions(1, 2);
    let ((lp, g), (lp_eager, g_eager)) = (evaluate(&cpu, &position), evaluate(&eager, &position));
    assert_close("growth", "log density", &lp, &lp_eager, 1e-12);
    assert_close("growth", "gradient", &g, &g_eager, 1e-12);
    let (step, at) = (1e-6, |moved: Vec<f64>| evaluate(&cpu, &moved).0[0]);
    for (k, seen) in g.iter().enumerate() {
        let moved =
            |by: f64| position.iter().enumerate().map(|(i, x)| if i == k { x + by } else { *x }).collect();
        let slope = (at(moved(step)) - at(moved(-step))) / (2.0 * step);
        assert!((slope - seen).abs() < 1e-7 * (1.0 + slope.abs()), "element {k}: {seen} against {slope}");
    }
}

#[test]
fn passes_bring_radon_to_a_few_row_operations() {
    let tape = tape(90, radon);
    let row_operations = tape.nodes.iter().filter(|n| n.rows == 919 && n.op.is_elementwise()).count();
    assert!(row_operations <= 4, "{row_operations} elementwise operations over 919 rows");
}

/// Poisson counts, some of them zero, whose means are guarded where the count is zero.
fn guarded_counts(q: &Value, mean: fn(&Value) -> Value) -> Value {
    let y = Value::data((0..60).map(|i| f64::from(i % 4)).collect::<Vec<_>>(), vec![60], Kind::Int);
    let mean = mean(&(element(q, 0) + column(9, 60) * element(q, 1)));
    let guarded = y.equal(&0.0.into()).select(&0.5.into(), &mean);
    (y * guarded.log() - mean).sum()
}

#[test]
fn guards_of_logarithms_cost_nothing_where_means_are_positive() {
    let selects = |mean: fn(&Value) -> Value| {
        let tape = tape(2, |q| guarded_counts(q, mean));
        tape.nodes.iter().filter(|n| n.op == Op::Ternary(Ternary::Select)).count()
    };
    assert_eq!(selects(|eta| eta.exp()), 0);
    assert!(selects(|eta| eta * &column(10, 60)) > 0);
}

#[test]
fn guards_stay_where_a_positive_mean_is_zero() {
    let offset = |eta: &Value| {
        let exposure = (0..60).map(|i| if i % 4 == 0 { f64::NEG_INFINITY } else { 0.5 });
        (eta + Value::data(exposure.collect::<Vec<_>>(), vec![60], Kind::Float)).exp()
    };
    let density = TapeDensity::new(&tape(2, |q| guarded_counts(q, offset)));
    let (value, gradient) = evaluate(&density, &[0.3, -0.2]);
    assert!(value[0].is_finite() && gradient.iter().all(|g| g.is_finite()), "{value:?} {gradient:?}");
}

#[test]
fn complements_of_complements_keep_the_digits_of_what_is_small() {
    // The log odds of a complementary log-log link: 1 - p is exp(-e^x).
    let density = |q: &Value| {
        let p = 1.0 - (-q.exp()).exp();
        ((-&p).log1p() + (1.0 - &p).log() * 2.0).sum()
    };
    let tape = tape(3, density);
    let x = [-0.5, 2.0, 4.5];
    let (log_density, gradient) = evaluate(&TapeDensity::new(&tape), &x);
    let expected: f64 = x.iter().map(|x| -3.0 * x.exp()).sum();
    assert_close("complement", "log density", &log_density, &[expected], 1e-15);
    assert_close("complement", "gradient", &gradient, &x.map(|x| -3.0 * x.exp()), 1e-14);
}

#[test]
fn branches_that_are_not_taken_have_no_derivative() {
    let dose = Value::from([0.0, 1.0, 3.0]);
    let none = Value::from(0.0);
    let density = move |q: &Value| {
        let (a, b) = (element(q, 0), element(q, 1));
        let logarithm = dose.greater(&none).select(&(&dose * &a).log(), &none);
        let root = q.greater(&none).select(&q.sqrt(), &none);
        let hill = dose.pow(&a);
        (logarithm + hill).sum() + root.sum() + b * 2.0
    };
    let (log_density, gradient) = evaluate(&TapeDensity::new(&tape(2, density)), &[0.5, -1.5]);
    let expected = (3.0 * 0.25_f64).ln() + 1.0 + 3.0_f64.sqrt() + 0.5_f64.sqrt() - 3.0;
    assert_close("branches", "log density", &log_density, &[expected], 1e-14);
    let slope = 4.0 + 3.0_f64.sqrt() * 3.0_f64.ln() + 0.5 / 0.5_f64.sqrt();
    assert_close("branches", "gradient", &gradient, &[slope, 2.0], 1e-14);
}
