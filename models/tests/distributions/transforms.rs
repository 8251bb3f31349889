//! Transforms against their definitions.

use std::sync::Arc;

use chainfire_engine::program::{ProgramError, function_tape};
use chainfire_kernels::tape::CpuProgram;
use chainfire_models::distributions::Support;
use chainfire_models::{CustomTransform, Kind, Transform, Value};

use super::{assert_close, numbers};

/// The square of positive numbers, on the log scale.
#[derive(Debug)]
struct Root;

impl CustomTransform for Root {
    fn name(&self) -> &'static str {
        "root"
    }

    fn constrain(&self, y: &Value) -> Value {
        (y * 0.5).exp()
    }

    fn unconstrain(&self, x: &Value) -> Value {
        x.log() * 2.0
    }

    fn log_jacobian(&self, y: &Value) -> Option<Value> {
        Some(y * 0.5 - 2f64.ln())
    }
}

fn transforms() -> Vec<(Transform, Vec<f64>)> {
    let interval = Support::Interval { lower: Value::from(-3.0), upper: Value::from(5.0) };
    let of = |support: &Support| Transform::of(support).unwrap();
    vec![
        (of(&Support::Real), vec![-1e9, -2.5, 0.0, 7.0]),
        (of(&Support::Positive), vec![1e-300, 0.3, 1.0, 1e200]),
        (of(&Support::UnitInterval), vec![1e-12, 0.3, 0.5, 0.999]),
        (of(&interval), vec![-2.999, -1.0, 0.0, 4.9]),
        (Transform::LogExpM1, vec![1e-300, 0.3, 1.0, 1e200]),
        (Transform::Custom(Arc::new(Root)), vec![1e-300, 0.3, 1.0, 1e150]),
    ]
}

#[test]
fn transforms_are_undone_by_their_inverse() {
    for (transform, points) in transforms() {
        let there_and_back = transform.constrain(&transform.unconstrain(&Value::from(points.clone())));
        for (seen, x) in numbers(&there_and_back).into_iter().zip(points) {
            // x = e^y is as exact as y is: |y| roundings.
            let tolerance = 4.0 * f64::EPSILON * x.abs().max(1e-3) * (1.0 + x.abs().ln().abs());
            assert_close(seen, x, tolerance, || format!("{transform:?}"));
        }
    }
}

#[test]
fn jacobians_match_finite_differences() {
    let y = [-20.0, -3.0, -0.4, 0.0, 0.7, 2.0, 15.0];
    let step = 1e-4;
    for (transform, _) in transforms() {
        let at = |shift: f64| numbers(&transform.constrain(&Value::from(y.map(|y| y + shift))));
        let (above, below) = (at(step), at(-step));
        let seen = transform.log_jacobian(&Value::from(y)).map_or(vec![0.0; y.len()], |j| numbers(&j));
        for i in 0..y.len() {
            let difference = above[i] - below[i];
            // Truncation (relative step^2 / 6) and rounding of the difference.
            let tolerance = step * step + 4.0 * f64::EPSILON * above[i].abs().max(1.0) / difference;
            assert_close(seen[i], (difference / (2.0 * step)).ln(), tolerance, || {
                format!("{transform:?} at {}", y[i])
            });
        }
    }
}

#[test]
fn jacobians_stay_exact_far_out() {
    let logodds = Transform::of(&Support::UnitInterval).unwrap();
    let seen = numbers(&logodds.log_jacobian(&Value::from([-800.0, -40.0, 40.0, 800.0])).unwrap());
    for (seen, expected) in seen.into_iter().zip([-800.0, -40.0, -40.0, -800.0]) {
        assert_close(seen, expected, 1e-14 * 800.0, || "logodds".into());
    }
}

#[test]
fn value_names_have_the_suffix_of_pymc() {
    let names: Vec<String> = transforms().iter().map(|(t, _)| t.value_name("tau")).collect();
    assert_eq!(
        names,
        ["tau", "tau_log__", "tau_logodds__", "tau_interval__", "tau_log_exp_m1__", "tau_root__"]
    );
    assert!(Transform::of(&Support::Binary).is_none());
}

/// Transforms that take the elements of an array together, each with an array.
fn joint_transforms() -> Vec<(Transform, Value)> {
    let array = |values: &[f64], shape: &[usize]| Value::data(values, shape, Kind::Float);
    let open = |x: f64| Value::from([x, 0.0, x]);
    let mixed =
        Transform::Interval { lower: open(f64::NEG_INFINITY), upper: Value::from([3.0, 1.0, f64::INFINITY]) };
    vec![
        (Transform::Simplex, array(&[0.2, 0.5, 0.1, 0.2], &[4])),
        (Transform::Simplex, array(&[0.2, 0.5, 0.3, 0.9, 0.05, 0.05], &[2, 3])),
        (Transform::ordered(), array(&[-3.0, -1.0, 0.5, 20.0], &[4])),
        (Transform::ordered(), array(&[-3.0, -1.0, 0.5, 20.0], &[2, 2])),
        (Transform::Ordered { positive: true, ascending: true }, array(&[0.1, 1.0, 1.5, 20.0], &[4])),
        (Transform::Ordered { positive: true, ascending: false }, array(&[20.0, 1.5, 1.0, 0.1], &[2, 2])),
        (Transform::Ordered { positive: false, ascending: false }, array(&[20.0, 1.5, -1.0], &[3])),
        (Transform::SumTo1, array(&[0.2, 0.5, 0.1, 0.2], &[4])),
        (Transform::ZeroSum { axes: 1 }, array(&[1.0, -3.0, 2.0], &[3])),
        (Transform::ZeroSum { axes: 1 }, array(&[1.0, -3.0, 2.0, 0.5, 0.25, -0.75], &[2, 3])),
        (Transform::ZeroSum { axes: 2 }, array(&[1.0, -3.0, 2.0, -1.0, 3.0, -2.0], &[2, 3])),
        (Transform::CholeskyPacked { size: 3 }, array(&[1.0, 0.3, 0.8, -0.4, 0.2, 1.5], &[6])),
        (Transform::Circular, array(&[-3.0, 0.0, 1.0], &[3])),
        (mixed, array(&[-100.0, 0.3, 50.0], &[3])),
    ]
}

#[test]
fn joint_transforms_are_undone_by_their_inverse() {
    for (transform, x) in joint_transforms() {
        let y = transform.unconstrain(&x);
        assert_eq!(y.shape(), transform.unconstrained_shape(x.shape()), "{transform:?}");
        let back = transform.constrain(&y);
        assert_eq!(back.shape(), x.shape(), "{transform:?}");
        for (seen, x) in numbers(&back).into_iter().zip(numbers(&x)) {
            assert_close(seen, x, 1e-13 * (1.0 + x.abs()), || format!("{transform:?}"));
        }
    }
}

#[test]
fn constrained_arrays_fulfil_their_constraint() {
    let sum = |x: &[f64]| x.iter().sum::<f64>();
    for scale in [0.1, 3.0, 400.0] {
        let y = Value::from([1.3 * scale, -0.4 * scale, 0.7 * scale]);
        let simplex = numbers(&Transform::Simplex.constrain(&y));
        assert!((sum(&simplex) - 1.0).abs() < 1e-15 && simplex.iter().all(|x| *x >= 0.0));
        let zero = numbers(&Transform::ZeroSum { axes: 1 }.constrain(&y));
        assert!(sum(&zero).abs() < 1e-15 * 10.0 * scale);
        let length = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
        assert_close(length(&zero), length(&numbers(&y)), 1e-13 * length(&zero), || {
            "zero sum keeps lengths".into()
        });
    }
    let ordered = numbers(&Transform::ordered().constrain(&Value::from([5.0, -40.0, 0.0, 3.0])));
    assert!(ordered.windows(2).all(|pair| pair[0] <= pair[1]));
    let angles = numbers(&Transform::Circular.constrain(&Value::from([4.0, -10.0, 3.0])));
    assert!(angles.iter().all(|x| x.abs() <= std::f64::consts::PI));
}

/// Natural logarithm of the absolute determinant, by elimination with pivots.
fn log_det(mut a: Vec<Vec<f64>>) -> f64 {
    let n = a.len();
    let mut total = 0.0;
    for k in 0..n {
        let best = (k..n).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs())).unwrap();
        a.swap(k, best);
        total += a[k][k].abs().ln();
        let pivot = a[k].clone();
        for row in a.iter_mut().skip(k + 1) {
            let factor = row[k] / pivot[k];
            row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
        }
    }
    total
}

/// The determinant of differences of all outputs by all inputs; where there are more outputs than inputs, of the
/// first outputs: those that the others follow from (simplex), or by the root of J'J (isometric zero sum).
#[test]
fn joint_jacobians_match_finite_differences() {
    let step = 1e-5;
    for (transform, x) in joint_transforms().into_iter().filter(|(_, x)| x.rank() == 1) {
        let y = numbers(&transform.unconstrain(&x));
        let n = y.len();
        let at = |k: usize, shift: f64| {
            let mut moved = y.clone();
            moved[k] += shift;
            numbers(&transform.constrain(&Value::from(moved)))
        };
        let slopes: Vec<Vec<f64>> = (0..n)
            .map(|k| at(k, step).iter().zip(at(k, -step)).map(|(a, b)| (a - b) / (2.0 * step)).collect())
            .collect();
        let expected = match transform {
            Transform::ZeroSum { .. } => {
                let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
                log_det(slopes.iter().map(|a| slopes.iter().map(|b| dot(a, b)).collect()).collect()) / 2.0
            }
            _ => log_det(slopes.iter().map(|row| row[..n].to_vec()).collect()),
        };
        let seen = transform.log_jacobian(&Value::from(y)).map_or(0.0, |j| numbers(&j).iter().sum());
        assert_close(seen, expected, 1e-8 * (1.0 + expected.abs()), || format!("{transform:?}"));
    }
}

/// What is captured is what is computed at a point.
#[test]
fn captured_transforms_compute_the_same() {
    for (transform, x) in joint_transforms() {
        let y = transform.unconstrain(&x);
        let tape = function_tape(y.len(), |tensor| {
            let value = transform.constrain(&Value::tensor(tensor.clone(), y.shape()));
            Ok::<_, ProgramError>(vec![value.as_tensor(&tensor)])
        });
        let program = CpuProgram::new(&tape.unwrap());
        let mut out = vec![0.0; x.len()];
        program.run(&mut program.workspace(), &numbers(&y), &mut out);
        for (seen, expected) in out.into_iter().zip(numbers(&transform.constrain(&y))) {
            assert_close(seen, expected, 1e-13 * (1.0 + expected.abs()), || format!("{transform:?}"));
        }
    }
}
