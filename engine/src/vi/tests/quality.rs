//! What a fit says about itself, and what it is good for.

use super::run;
use super::targets::{Logistic, Series, funnel};
use crate::vi::{FitProgress, FitSettings, Method, fit};

const WITH_DENSITY: [Method; 5] =
    [Method::Dadvi, Method::Advi, Method::FullRankAdvi, Method::Pathfinder, Method::Laplace];

#[test]
fn k_hat_tells_a_funnel_from_a_logistic_regression() {
    let data = Logistic::new(200, 4);
    for method in WITH_DENSITY {
        let good = run(&data.target(), method).unwrap();
        assert!(good.is_trusted(), "{method}: {}", good.verdict());
        assert!(good.verdict().contains("close to the posterior"), "{}", good.verdict());
        let poor = run(&funnel(), method).unwrap();
        assert!(!poor.is_trusted() && poor.k_hat.unwrap() > 0.7, "{method}: {}", poor.verdict());
        assert!(poor.verdict().contains("NUTS"), "{}", poor.verdict());
    }
}

/// The Hessian of a logistic regression is known: `X' diag(p (1 - p)) X + I`.
#[test]
fn laplace_has_the_curvature_of_a_logistic_regression() {
    let data = Logistic::new(200, 3);
    let fit = run(&data.target(), Method::Laplace).unwrap();
    let covariance = fit.covariance.as_ref().unwrap();
    let mut product = [[0.0; 3]; 3];
    for x in data.x.chunks_exact(3) {
        let chance = 1.0 / (1.0 + (-x.iter().zip(&fit.mean).map(|(x, b)| x * b).sum::<f64>()).exp());
        for i in 0..3 {
            for j in 0..3 {
                product[i][j] += x[i] * x[j] * chance * (1.0 - chance);
            }
        }
    }
    for (i, row) in product.iter_mut().enumerate() {
        row[i] += 1.0;
        for k in 0..3 {
            let identity: f64 = (0..3).map(|j| row[j] * covariance[j * 3 + k]).sum();
            assert!((identity - f64::from(u8::from(i == k))).abs() < 1e-6, "{i} {k}: {identity}");
        }
    }
}

/// Twice the draws of one objective, other draws: the optimum moves by less than a tenth of a standard deviation.
#[test]
fn fixed_draws_hardly_matter_to_dadvi() {
    let data = Logistic::new(200, 4);
    let seen = [(1, 64), (2, 128)].map(|(seed, batch)| {
        let settings = FitSettings { seed, batch: Some(batch), ..FitSettings::new(Method::Dadvi) };
        fit(&data.target(), &[0.0; 4], &settings, &FitProgress::new()).unwrap()
    });
    for i in 0..4 {
        assert!((seen[0].mean[i] - seen[1].mean[i]).abs() < 0.1 * seen[0].deviation[i]);
        assert!((seen[0].deviation[i] / seen[1].deviation[i] - 1.0).abs() < 0.1);
    }
}

#[test]
fn the_same_seed_gives_the_same_fit_whatever_the_threads() {
    let data = Logistic::new(100, 5);
    for method in Method::ALL {
        let with = |threads, seed| {
            let usual = FitSettings::new(method);
            let settings = FitSettings { threads, seed, draws: 2000, iterations: 200, ..usual };
            fit(&data.target(), &[0.0; 5], &settings, &FitProgress::new()).unwrap()
        };
        let (one, three) = (with(1, 1), with(3, 1));
        assert_eq!(one.positions, three.positions, "{method}");
        assert_eq!((one.objective, one.gradients), (three.objective, three.gradients), "{method}");
        assert_ne!(one.positions, with(1, 2).positions, "{method}");
    }
}

#[test]
fn chains_start_from_different_draws_of_high_density() {
    let exact = Series { mean: vec![3.0, -1.0], deviation: vec![1.0, 3.0], correlation: 0.5 };
    let fit = run(&exact.target(), Method::Dadvi).unwrap();
    let starts = fit.starts(100, 1);
    assert_eq!(starts.len(), 200);
    let mut firsts: Vec<f64> = starts.iter().copied().step_by(2).collect();
    firsts.sort_by(f64::total_cmp);
    assert!(firsts.windows(2).all(|pair| pair[0] < pair[1]), "every start is another draw");
    let mean = firsts.iter().sum::<f64>() / 100.0;
    assert!((mean - 3.0).abs() < 4.0 / 10.0, "{mean}");
    assert_eq!(fit.starts(2500, 1).len(), 5000);
    let mode = run(&exact.target(), Method::Map).unwrap();
    assert_eq!(mode.starts(3, 1), mode.mean.repeat(3));
}

#[test]
fn one_path_of_pathfinder_gives_the_draws_of_its_normal() {
    let data = Logistic::new(200, 4);
    let settings = FitSettings { starts: 1, seed: 3, ..FitSettings::new(Method::Pathfinder) };
    let one = fit(&data.target(), &[0.0; 4], &settings, &FitProgress::new()).unwrap();
    assert!(one.is_trusted(), "{}", one.verdict());
    assert_eq!((one.draws(), one.log_q.len()), (1000, 1000));
    // The best iterate's estimate of the negative ELBO, against that of all draws.
    let best = one.objective.iter().copied().fold(f64::INFINITY, f64::min);
    let ratios = one.log_q.iter().zip(&one.log_density).map(|(q, p)| q - p);
    assert!((ratios.sum::<f64>() / 1000.0 - best).abs() < 0.2);
}
