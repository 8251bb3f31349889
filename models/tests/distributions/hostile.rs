//! Arguments that nobody should give end in errors.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use chainfire_kernels::random::Key;
use chainfire_models::distributions::{Argument, Exponential, Normal, REGISTRY, Stream};
use chainfire_models::{Distribution, Kind, Transform, Value};

fn arguments() -> Vec<Argument> {
    let array = |values: &[f64], shape: &[usize]| Argument::Value(Value::data(values, shape, Kind::Float));
    let normal: Rc<dyn Distribution> = Rc::new(Normal::new([0.0, 1.0], 1.0));
    let exponential: Rc<dyn Distribution> = Rc::new(Exponential::new(2.0));
    vec![
        array(&[2.0], &[]),
        array(&[-1.5], &[]),
        array(&[f64::NAN], &[]),
        array(&[f64::INFINITY], &[]),
        array(&[], &[0]),
        array(&[0.5], &[1]),
        array(&[0.2, 0.3, 0.5], &[3]),
        array(&[1.0, 0.0, 0.0, 1.0], &[2, 2]),
        array(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3]),
        array(&[1.0; 8], &[2, 2, 2]),
        Argument::Value(Value::at_point([0.5], [])),
        Argument::Value(Value::at_point([0.5, -1.0], [2])),
        Argument::Values(vec![]),
        Argument::Values(vec![Value::from(1.0)]),
        Argument::Distribution(normal.clone()),
        Argument::Distributions(vec![]),
        Argument::Distributions(vec![normal, exponential]),
    ]
}

/// Uses all of a distribution; what it gives does not matter here.
fn use_all(distribution: &dyn Distribution) {
    let natural = distribution.shape();
    let _ = (distribution.parameters().len(), distribution.conditions().len(), distribution.support_point());
    let transform = Transform::of(&distribution.support());
    let mut shapes = vec![vec![], vec![1], vec![3], vec![2, 3], vec![0]];
    shapes.extend(natural.ok());
    for shape in shapes {
        let len: usize = shape.iter().product();
        if len > 1000 {
            continue;
        }
        let x = Value::data(vec![0.25; len], shape.clone(), Kind::Float);
        let _ = (distribution.log_density(&x), distribution.log_cdf(&x), distribution.log_survival(&x));
        let random = Value::at_point(vec![0.25; len], shape.clone());
        let _ = distribution.log_density(&random);
        let _ = distribution.support().refusal(0.25, len);
        if let Some(transform) = &transform
            && len > 0
        {
            let free = transform.unconstrained_shape(&shape);
            let y = Value::at_point(vec![0.1; free.iter().product()], free);
            let _ = (transform.constrain(&y), transform.log_jacobian(&y), transform.unconstrain(&x));
        }
    }
}

/// Every argument alone and in all places, and every pair of neighbours.
#[test]
fn hostile_arguments_end_in_errors_and_not_in_panics() {
    let mut failed = Vec::new();
    for entry in REGISTRY {
        let names: Vec<&str> = entry.names().collect();
        for first in 0..arguments().len() {
            for second in 0..arguments().len() {
                let given = |keep: &dyn Fn(usize) -> bool| {
                    let value = |place: usize| if place.is_multiple_of(2) { first } else { second };
                    let kept = names.iter().enumerate().filter(|(place, _)| keep(*place));
                    kept.map(|(place, name)| (name.to_string(), arguments().swap_remove(value(place))))
                        .collect()
                };
                let some: [Vec<(String, Argument)>; 3] =
                    [given(&|_| true), given(&|place| place < 2), given(&|place| place < 3)];
                for keywords in some {
                    let shown = format!("{} {keywords:?}", entry.name);
                    let run = || {
                        if let Ok(distribution) = entry.make(vec![], keywords) {
                            use_all(&*distribution);
                        }
                    };
                    if catch_unwind(AssertUnwindSafe(run)).is_err() {
                        failed.push(shown);
                    }
                }
            }
        }
    }
    assert!(failed.is_empty(), "{} panics, such as {}", failed.len(), failed[0]);
}

#[test]
fn hostile_shapes_of_draws_end_in_errors_and_not_in_panics() {
    let mut failed = Vec::new();
    for entry in REGISTRY {
        for argument in 0..arguments().len() {
            let keywords: Vec<(String, Argument)> = entry
                .names()
                .filter(|name| *name != "tau")
                .map(|name| (name.to_string(), arguments().swap_remove(argument)))
                .take(3)
                .collect();
            let run = || {
                let Ok(distribution) = entry.make(vec![], keywords) else { return };
                for shape in [vec![], vec![1], vec![3], vec![2, 2], vec![0]] {
                    let _ = distribution.draw(&shape, &mut Stream::new(Key::new(1, 2, 3, 4)));
                }
            };
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                failed.push(entry.name);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
