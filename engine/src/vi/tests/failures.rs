//! Targets without an optimum or a density, wrong options, stops.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::run;
use super::targets::{Series, funnel};
use crate::by_hand::Target;
use crate::density::LogDensity;
use crate::vi::{FitError, FitProgress, FitSettings, Method, Outcome, fit};

const SEEKING: [Method; 5] =
    [Method::Dadvi, Method::Advi, Method::FullRankAdvi, Method::Laplace, Method::Map];

#[track_caller]
fn assert_no_optimum(target: &dyn LogDensity, methods: &[Method], expected: usize) {
    for &method in methods {
        match run(target, method) {
            Err(error @ (FitError::NoOptimum { element, .. } | FitError::NotDefinite { element })) => {
                assert_eq!(element, expected, "{method}");
                assert!(error.to_string().contains("prior"), "{error}");
            }
            other => panic!("{method}: {:?}", other.map(|fit| fit.outcome)),
        }
    }
}

/// The second element has no prior and no data.
#[test]
fn a_flat_direction_is_an_error_that_names_the_element() {
    let flat = Target {
        dim: 2,
        log_density: |q: &[f64], g: &mut [f64]| {
            (g[0], g[1]) = (-q[0], 0.0);
            -0.5 * q[0] * q[0]
        },
    };
    assert_no_optimum(&flat, &SEEKING, 1);
    assert_no_optimum(&flat, &[Method::Pathfinder], 1);
}

#[test]
fn a_density_that_grows_for_ever_is_an_error_that_names_the_element() {
    let growing = Target {
        dim: 2,
        log_density: |q: &[f64], g: &mut [f64]| {
            (g[0], g[1]) = (-q[0], 1.0);
            -0.5 * q[0] * q[0] + q[1]
        },
    };
    assert_no_optimum(&growing, &SEEKING, 1);
    assert_no_optimum(&growing, &[Method::Pathfinder], 1);
}

/// Data that are separated: the likelihood rises to a plateau.
#[test]
fn a_plateau_is_no_mode() {
    let plateau = Target {
        dim: 2,
        log_density: |q: &[f64], g: &mut [f64]| {
            (g[0], g[1]) = (-q[0], 1.0 / (1.0 + q[1].exp()));
            -0.5 * q[0] * q[0] - (-q[1]).exp().ln_1p()
        },
    };
    assert_no_optimum(&plateau, &[Method::Laplace, Method::Map], 1);
    for method in [Method::Dadvi, Method::Advi, Method::FullRankAdvi] {
        match run(&plateau, method) {
            Err(FitError::NoOptimum { element: 1, .. }) => {}
            Ok(fit) => assert!(fit.outcome != Outcome::Converged || !fit.is_trusted(), "{method}"),
            Err(other) => panic!("{method}: {other}"),
        }
    }
}

/// Only the sum of two elements matters.
#[test]
fn a_ridge_has_no_laplace_approximation() {
    let ridge = Target {
        dim: 2,
        log_density: |q: &[f64], g: &mut [f64]| {
            g.fill(3.0 - q[0] - q[1]);
            -0.5 * (3.0 - q[0] - q[1]).powi(2)
        },
    };
    assert_no_optimum(&ridge, &[Method::Laplace], 0);
}

/// The density of a group's scale has no bound where the scale goes to zero with all its members.
#[test]
fn a_centred_scale_has_no_mode() {
    let centred = Target {
        dim: 3,
        log_density: |q: &[f64], g: &mut [f64]| {
            let precision = (-2.0 * q[1]).exp();
            let squares = q[0] * q[0] + q[2] * q[2];
            (g[0], g[2]) = (-q[0] * precision, -q[2] * precision);
            g[1] = -2.0 + squares * precision;
            -2.0 * q[1] - 0.5 * squares * precision
        },
    };
    for method in [Method::Laplace, Method::Map] {
        match run(&centred, method) {
            Ok(fit) => assert!(fit.notes[0].contains("or there is none"), "{method}: {:?}", fit.notes),
            Err(FitError::NoOptimum { .. } | FitError::NotDefinite { .. }) => {}
            Err(other) => panic!("{method}: {other}"),
        }
    }
}

#[test]
fn a_density_that_is_never_defined_is_told_with_the_place() {
    for bad in [f64::NAN, f64::NEG_INFINITY] {
        let target = Target { dim: 2, log_density: move |_: &[f64], _: &mut [f64]| bad };
        for method in Method::ALL {
            match run(&target, method) {
                Err(FitError::Start { attempts: 100, position, .. }) => assert_eq!(position.len(), 2),
                other => panic!("{method}: {:?}", other.map(|fit| fit.outcome)),
            }
        }
    }
}

/// The density is defined at the start and nowhere else.
#[test]
fn an_objective_that_is_never_a_number_is_told_with_the_element() {
    let target = Target {
        dim: 2,
        log_density: |q: &[f64], g: &mut [f64]| {
            g.fill(0.0);
            if q[1] == 0.1 {
                return 0.0;
            }
            g[1] = f64::NAN;
            f64::NAN
        },
    };
    for method in [Method::Dadvi, Method::Advi, Method::FullRankAdvi] {
        match run(&target, method) {
            Err(FitError::NotFinite { element: 1, value, .. }) => assert!((value - 0.1).abs() < 1.0),
            other => panic!("{method}: {:?}", other.map(|fit| fit.outcome)),
        }
    }
    for method in [Method::Pathfinder, Method::Laplace, Method::Map] {
        assert!(run(&target, method).is_err(), "{method}");
    }
}

/// A support that ends where the density is largest, in the way of every step.
#[test]
fn a_wall_is_no_panic() {
    let wall = Target {
        dim: 2,
        log_density: |q: &[f64], g: &mut [f64]| {
            (g[0], g[1]) = (1.0, -q[1]);
            if q[0] < 1.0 { q[0] - 0.5 * q[1] * q[1] } else { f64::NAN }
        },
    };
    for method in Method::ALL {
        match run(&wall, method) {
            Ok(fit) => assert!(fit.mean[0] < 1.0, "{method}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Asks for a stop in the middle of the run.
#[test]
fn a_stop_keeps_the_best_so_far() {
    let exact = Series { mean: vec![3.0; 5], deviation: vec![1.0; 5], correlation: 0.9 };
    for method in Method::ALL {
        for calls in [0, 5, 2000] {
            let (progress, seen) = (FitProgress::new(), AtomicUsize::new(0));
            let inner = exact.target();
            let stopping = Target {
                dim: 5,
                log_density: |q: &[f64], g: &mut [f64]| {
                    if seen.fetch_add(1, Relaxed) >= calls {
                        progress.stop();
                    }
                    let mut log_density = [0.0];
                    inner.evaluator().evaluate(q, &mut log_density, g);
                    log_density[0]
                },
            };
            let settings = FitSettings { threads: 1, draws: 10, ..FitSettings::new(method) };
            match fit(&stopping, &[0.0; 5], &settings, &progress) {
                Ok(fit) => {
                    assert!(calls > 100 || fit.outcome == Outcome::Stopped, "{method}, {calls}");
                    assert!(fit.positions.iter().all(|q| q.is_finite()), "{method}, {calls}");
                    assert_eq!(fit.positions.len(), 5 * fit.draws());
                }
                Err(error) => panic!("{method}, {calls}: {error}"),
            }
        }
    }
}

#[test]
fn iterations_that_run_out_are_told() {
    for method in Method::ALL {
        let settings = FitSettings { iterations: 3, ..FitSettings::new(method) };
        let fit = fit(&funnel(), &[0.1; 10], &settings, &FitProgress::new());
        match fit {
            Ok(fit) => assert!(fit.outcome.to_string().contains("allow more"), "{method}: {}", fit.outcome),
            // Where three iterations lead is no mode.
            Err(error) => assert!(matches!(error, FitError::NoOptimum { .. }), "{method}: {error}"),
        }
    }
}

#[test]
fn options_out_of_range_are_told_with_what_they_may_be() {
    let exact = Series { mean: vec![0.0], deviation: vec![1.0], correlation: 0.0 };
    let usual = FitSettings::new(Method::Dadvi);
    for (option, settings) in [
        ("draws", FitSettings { draws: 0, ..usual.clone() }),
        ("batch", FitSettings { batch: Some(3), ..usual.clone() }),
        ("starts", FitSettings { starts: 0, ..usual.clone() }),
        ("iterations", FitSettings { iterations: 0, ..usual.clone() }),
        ("threads", FitSettings { threads: 0, ..usual.clone() }),
    ] {
        let error = fit(&exact.target(), &[0.0], &settings, &FitProgress::new()).unwrap_err();
        assert!(error.to_string().starts_with(&format!("option `{option}` is ")), "{error}");
    }
    let error = fit(&exact.target(), &[0.0; 2], &usual, &FitProgress::new()).unwrap_err();
    assert_eq!(error.to_string(), "the initial position has 2 elements; the target has 1");
    assert!("vi".parse::<Method>().unwrap_err().to_string().contains("dadvi, advi, fullrank_advi"));
    for method in Method::ALL {
        assert_eq!(method.name().parse::<Method>().unwrap(), method);
    }
}
