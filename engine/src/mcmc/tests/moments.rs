//! Means and second moments of many chains against exact ones.

use super::targets::{BEND, WIDTH, banana_gumbel_log_gamma, far_normal, normal};
use crate::adaptation::Metric;
use crate::density::LogDensity;
use crate::mcmc::{Draws, Progress};
use crate::run::{Adaptation, Settings, sample};

const CHAINS: usize = 256;

fn draw(target: &dyn LogDensity, seed: u64, metric: Metric) -> Draws {
    let settings = Settings {
        chains: CHAINS,
        draws: 200,
        tune: 300,
        target_accept: 0.9,
        threads: 2,
        seed,
        metric,
        adaptation: Adaptation::PerChain,
        ..Settings::default()
    };
    sample(target, &vec![0.0; target.dim()], &settings, &Progress::new(CHAINS)).unwrap()
}

/// Largest |z| of the means of `q` and `q^2`; the standard errors come from the spread between chains.
pub(super) fn largest_z(draws: &Draws, expected: &[[f64; 2]]) -> f64 {
    let mut largest = 0.0f64;
    for (element, expected) in expected.iter().enumerate() {
        for (power, expected) in (1..).zip(expected) {
            let means: Vec<f64> = draws
                .positions
                .chunks_exact(draws.draws * draws.dim)
                .map(|chain| {
                    chain.iter().skip(element).step_by(draws.dim).map(|q| q.powi(power)).sum::<f64>()
                })
                .map(|sum| sum / draws.draws as f64)
                .collect();
            let count = means.len() as f64;
            let mean = means.iter().sum::<f64>() / count;
            let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (count - 1.0);
            largest = largest.max(((mean - expected) / (variance / count).sqrt()).abs());
        }
    }
    largest
}

/// Independent normals of condition 10,000: their precisions, and the means of `q` and `q^2`.
pub(super) fn exact_normal() -> (Vec<f64>, Vec<[f64; 2]>) {
    let precisions: Vec<f64> = (0..9).map(|i| 10f64.powf(f64::from(i) / 2.0)).collect();
    let moments = precisions.iter().map(|precision| [0.0, 1.0 / precision]).collect();
    (precisions, moments)
}

/// Means of `q` and `q^2` of the banana, the Gumbel and the logarithm of a gamma variable.
pub(super) fn exact_shapes() -> [[f64; 2]; 4] {
    let euler = 0.577_215_664_901_532_9;
    let sixth = std::f64::consts::PI.powi(2) / 6.0;
    [
        [0.0, 1.0],
        [0.0, WIDTH * WIDTH + 2.0 * BEND * BEND],
        [euler, euler * euler + sixth],
        [1.0 - euler, (1.0 - euler).powi(2) + sixth - 1.0],
    ]
}

#[test]
fn fisher_metric_recovers_a_normal_of_condition_ten_thousand() {
    let (precisions, moments) = exact_normal();
    for seed in [1, 2] {
        let draws = draw(&normal(precisions.clone()), seed, Metric::FisherDiagonal);
        let z = largest_z(&draws, &moments);
        assert!(z < 4.0, "seed {seed}: |z| {z}");
        for tuning in &draws.record.tuning {
            for (metric, precision) in tuning.metric.iter().zip(&precisions) {
                assert!(
                    (metric * precision - 1.0).abs() < 1e-6,
                    "the metric is exact for independent normals"
                );
            }
        }
    }
}

#[test]
fn variance_metric_recovers_a_normal_of_condition_ten_thousand() {
    let (precisions, moments) = exact_normal();
    let draws = draw(&normal(precisions.clone()), 3, Metric::VarianceDiagonal);
    let z = largest_z(&draws, &moments);
    assert!(z < 4.0, "|z| {z}");
    for (element, precision) in precisions.iter().enumerate() {
        let mean = draws.record.tuning.iter().map(|tuning| tuning.metric[element] * precision).sum::<f64>()
            / CHAINS as f64;
        assert!((0.5..2.0).contains(&mean), "element {element}: metric {mean} times the variance");
    }
}

#[test]
fn both_metrics_recover_a_banana_a_gumbel_and_a_log_gamma() {
    let moments = exact_shapes();
    for (seed, metric) in
        [(4, Metric::FisherDiagonal), (5, Metric::FisherDiagonal), (6, Metric::VarianceDiagonal)]
    {
        let z = largest_z(&draw(&banana_gumbel_log_gamma(), seed, metric), &moments);
        assert!(z < 4.0, "seed {seed}: |z| {z}");
    }
}

/// Leaves of the first trajectories are better than their start by thousands, so weights are rescaled.
#[test]
fn chains_that_start_far_away_come_home() {
    let draws = draw(&far_normal(3, 300.0), 8, Metric::FisherDiagonal);
    let z = largest_z(&draws, &[[300.0, 90_001.0]; 3]);
    assert!(z < 4.0, "|z| {z}");
}

/// The check itself can fail: a variance that is wrong by five percent is seen.
#[test]
fn moments_that_are_off_by_five_percent_are_seen() {
    let (precisions, mut moments) = exact_normal();
    moments[4][1] *= 1.05;
    let z = largest_z(&draw(&normal(precisions), 7, Metric::FisherDiagonal), &moments);
    assert!(z > 4.0, "|z| {z}");
}
