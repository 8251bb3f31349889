//! Normals of any scale and correlation have exact answers.

use super::run;
use super::targets::Series;
use crate::vi::{Fit, Method, Outcome};

/// Means up to 1000 deviations away, deviations from 0.001 to 1000, every correlation.
fn series() -> [Series; 4] {
    [-0.9, 0.0, 0.5, 0.99].map(|correlation| Series {
        mean: vec![0.5, -3.0, 20.0, 0.0, 1000.0],
        deviation: vec![0.01, 10.0, 1.0, 0.001, 1000.0],
        correlation,
    })
}

/// Largest error of a mean, in standard deviations.
fn mean_error(fit: &Fit, exact: &Series) -> f64 {
    let errors = (0..fit.dim).map(|i| (fit.mean[i] - exact.mean[i]).abs() / exact.deviation[i]);
    errors.fold(0.0, f64::max)
}

/// Largest error of a covariance, over the product of the standard deviations.
fn covariance_error(fit: &Fit, exact: &Series) -> f64 {
    let covariance = fit.covariance.as_ref().expect("a dense covariance");
    let error = |at: usize| {
        let (i, j) = (at / fit.dim, at % fit.dim);
        (covariance[at] - exact.covariance(i, j)).abs() / (exact.deviation[i] * exact.deviation[j])
    };
    (0..fit.dim * fit.dim).map(error).fold(0.0, f64::max)
}

/// The normal that is fitted is the posterior, so no draw weighs more than another.
#[track_caller]
fn assert_exact(method: Method, tolerance: f64) {
    for exact in series() {
        let fit = run(&exact.target(), method).unwrap();
        let (mean, covariance) = (mean_error(&fit, &exact), covariance_error(&fit, &exact));
        let seen = format!("{method}, correlation {}: {mean:e}, {covariance:e}", exact.correlation);
        assert_eq!(fit.outcome, Outcome::Converged, "{seen}");
        assert!(mean < tolerance && covariance < tolerance, "{seen}");
        assert!(fit.is_trusted(), "{seen}: {:?}", fit.k_hat);
    }
}

#[test]
fn full_rank_advi_finds_mean_and_covariance() {
    assert_exact(Method::FullRankAdvi, 1e-3);
}

#[test]
fn linear_response_of_dadvi_finds_the_true_covariance() {
    assert_exact(Method::Dadvi, 1e-5);
}

#[test]
fn laplace_finds_mean_and_covariance() {
    assert_exact(Method::Laplace, 1e-6);
}

#[test]
fn map_finds_the_mode() {
    for exact in series() {
        let fit = run(&exact.target(), Method::Map).unwrap();
        assert!(mean_error(&fit, &exact) < 1e-6, "{fit:?}");
        assert!((fit.log_density[0] + 123.4).abs() < 1e-9);
        assert!((fit.objective.last().unwrap() - 123.4).abs() < 1e-9);
    }
}

/// The mean-field optimum has the inverse of the precision's diagonal as variances. A stochastic fit ends within a few
/// hundredths of a standard deviation of the approximation.
#[test]
fn advi_finds_the_mean_field_optimum() {
    for mut exact in series().into_iter().take(3) {
        exact.correlation *= 0.9;
        let fit = run(&exact.target(), Method::Advi).unwrap();
        assert_eq!(fit.outcome, Outcome::Converged, "correlation {}", exact.correlation);
        for i in 0..fit.dim {
            let deviation = exact.precision(i, i).sqrt().recip();
            let error = (fit.mean[i] - exact.mean[i]).abs() / deviation;
            let ratio = fit.deviation[i] / deviation;
            assert!(
                error < 0.03 && (ratio - 1.0).abs() < 0.03,
                "{i}, {}: {error}, {ratio}",
                exact.correlation
            );
        }
    }
}

/// The ELBO at the optimum is the log of the normalising constant, minus the divergence of a mean-field normal.
#[test]
fn the_objective_ends_at_the_divergence_minus_the_evidence() {
    for exact in series() {
        let r2 = exact.correlation.powi(2);
        let log_determinant =
            4.0 * (1.0 - r2).ln() + 2.0 * exact.deviation.iter().map(|s| s.ln()).sum::<f64>();
        let evidence = -123.4 + 2.5 * std::f64::consts::TAU.ln() + 0.5 * log_determinant;
        let divergence =
            0.5 * (0..5).map(|i| exact.precision(i, i).ln()).sum::<f64>() + 0.5 * log_determinant;
        let end = |method| *run(&exact.target(), method).unwrap().objective.last().unwrap();
        let seen = [end(Method::Dadvi), end(Method::FullRankAdvi)];
        assert!((seen[0] - (divergence - evidence)).abs() < 1e-6, "{seen:?} {divergence} {evidence}");
        assert!((seen[1] + evidence).abs() < 1e-6, "{seen:?} {evidence}");
    }
}

#[test]
fn pathfinder_finds_a_normal_of_few_dimensions() {
    let exact = Series { mean: vec![3.0, -1.0, 0.5], deviation: vec![1.0, 3.0, 0.2], correlation: 0.7 };
    let fit = run(&exact.target(), Method::Pathfinder).unwrap();
    assert!(fit.k_hat.unwrap() < 0.7, "{:?}", fit.k_hat);
    // In standard errors of 1000 draws.
    assert!(mean_error(&fit, &exact) < 4.0 / 1000f64.sqrt());
    for i in 0..3 {
        assert!((fit.deviation[i] / exact.deviation[i] - 1.0).abs() < 4.0 / 2000f64.sqrt(), "{fit:?}");
    }
}

/// A hundred particles in three dimensions: close, with a spread that is a little small.
#[test]
fn svgd_comes_close_to_a_normal_of_few_dimensions() {
    let exact = Series { mean: vec![3.0, -1.0, 0.5], deviation: vec![1.0, 3.0, 0.2], correlation: 0.5 };
    let fit = run(&exact.target(), Method::Svgd).unwrap();
    assert_eq!(fit.outcome, Outcome::Converged);
    assert!(mean_error(&fit, &exact) < 0.05, "{}", mean_error(&fit, &exact));
    for i in 0..3 {
        let ratio = fit.deviation[i] / exact.deviation[i];
        assert!((0.85..1.05).contains(&ratio), "{ratio}");
    }
    assert!(fit.objective.last() < fit.objective.first());
}
