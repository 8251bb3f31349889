//! Chains that are tuned together.

use super::moments::{exact_normal, exact_shapes, largest_z};
use super::targets::{banana_gumbel_log_gamma, far_normal, normal, two_modes};
use crate::adaptation::Metric;
use crate::density::LogDensity;
use crate::mcmc::{Draws, Init, Progress, SampleError};
use crate::run::{Adaptation, Settings, sample};

fn settings() -> Settings {
    Settings { chains: 128, draws: 100, tune: 1000, threads: 1, seed: 5, ..Settings::default() }
}

fn run(target: &dyn LogDensity, settings: &Settings) -> Draws {
    sample(target, &vec![0.0; target.dim()], settings, &Progress::new(settings.chains)).unwrap()
}

#[test]
fn draws_do_not_depend_on_threads() {
    let target = banana_gumbel_log_gamma();
    let one = run(&target, &settings());
    for threads in [2, 5] {
        let more = run(&target, &Settings { threads, ..settings() });
        assert!(one.positions.iter().map(|q| q.to_bits()).eq(more.positions.iter().map(|q| q.to_bits())));
        assert_eq!(one.tuning, more.tuning);
    }
}

#[test]
fn more_than_sixteen_chains_are_pooled_unless_told_otherwise() {
    let same = |draws: &Draws| draws.tuning.iter().all(|tuning| *tuning == draws.tuning[0]);
    for (chains, adaptation, pooled) in [
        (16, Adaptation::Auto, false),
        (17, Adaptation::Auto, true),
        (17, Adaptation::PerChain, false),
        (4, Adaptation::Pooled, true),
        (1, Adaptation::Pooled, true),
    ] {
        let settings = Settings { chains, adaptation, tune: 100, draws: 10, ..settings() };
        let draws = run(&normal(vec![1.0, 4.0]), &settings);
        assert_eq!(same(&draws), pooled, "{chains} chains, {adaptation:?}");
        assert_eq!(draws.finished, vec![10; chains]);
    }
}

#[test]
fn a_normal_of_condition_ten_thousand_is_tuned_with_a_fifth_of_the_gradients() {
    let (precisions, moments) = exact_normal();
    let target = normal(precisions.clone());
    let draws = run(&target, &settings());
    let z = largest_z(&draws, &moments);
    assert!(z < 4.0, "|z| {z}");
    for (metric, precision) in draws.tuning[0].metric.iter().zip(precisions) {
        assert!((metric * precision - 1.0).abs() < 1e-6, "the metric is exact for independent normals");
    }
    let alone = Settings { chains: 4, metric: Metric::VarianceDiagonal, ..settings() };
    let alone = run(&target, &alone).tuning.iter().map(|tuning| tuning.gradients).min().unwrap();
    let pooled = draws.tuning[0].gradients;
    assert!(5 * pooled < alone, "{pooled} gradients a chain, {alone} for Stan's warm-up");
}

#[test]
fn moments_of_a_banana_a_gumbel_and_a_log_gamma_are_right() {
    let moments = exact_shapes();
    for seed in [1, 2] {
        let draws = run(&banana_gumbel_log_gamma(), &Settings { seed, target_accept: 0.9, ..settings() });
        let z = largest_z(&draws, &moments);
        assert!(z < 4.0, "seed {seed}: |z| {z}");
        let acceptance = draws.statistics.acceptance_rate.iter().sum::<f64>() / 12_800.0;
        assert!((acceptance - 0.9).abs() < 0.03, "acceptance {acceptance}");
    }
}

#[test]
fn chains_that_start_far_away_come_home() {
    let draws = run(&far_normal(3, 300.0), &settings());
    let z = largest_z(&draws, &[[300.0, 90_001.0]; 3]);
    assert!(z < 4.0, "|z| {z}");
}

/// An eighth of the chains starts, and stays, in a mode whose weight is `exp(-120)`.
#[test]
fn chains_caught_in_a_minor_mode_do_not_widen_the_metric_of_all() {
    let dim = 10;
    let positions = (0..128).flat_map(|chain| {
        let centre = if chain % 8 == 0 { 12.0 } else { 0.0 };
        (0..dim).map(move |i| centre + (f64::from(chain) * 0.7 + f64::from(i)).sin())
    });
    let settings = Settings { init: Init::Given(positions.collect()), ..settings() };
    let draws = run(&two_modes(dim as usize, -120.0), &settings);
    assert!(draws.positions[0] > 6.0 && draws.positions[100 * 10] < 6.0, "both modes are visited");
    let metric = &draws.tuning[0].metric;
    assert!(metric.iter().all(|variance| (variance - 1.0).abs() < 0.01), "{metric:?}");
}

#[test]
fn warm_up_ends_at_the_draws_asked_for_when_nothing_has_settled() {
    for tune in [0, 1, 2, 5, 12, 30] {
        let settings = Settings { chains: 32, tune, draws: 5, keep_warmup: true, ..settings() };
        let progress = Progress::new(32);
        let draws = sample(&banana_gumbel_log_gamma(), &[0.0; 4], &settings, &progress).unwrap();
        assert!(draws.tuning[0].step_size > 0.0 && draws.tuning[0].step_size < 10.0);
        let warmup = progress.warmup().unwrap();
        assert!(warmup <= tune);
        assert_eq!(draws.warmup.map_or(0, |draws| draws.draws), warmup);
        assert_eq!(progress.chain(31).draws, warmup + 5);
    }
}

#[test]
fn a_stopped_run_keeps_the_draws_that_all_chains_have() {
    let progress = Progress::new(128);
    progress.stop();
    let draws = sample(&normal(vec![1.0]), &[0.0], &settings(), &progress).unwrap();
    assert!(draws.stopped_early);
    assert_eq!((draws.draws, draws.positions.len()), (0, 0));
}

#[test]
fn a_chain_that_finds_no_start_is_named() {
    let target = crate::by_hand::Target {
        dim: 2,
        log_density: |_: &[f64], g: &mut [f64]| {
            g.copy_from_slice(&[1.0, f64::NAN]);
            0.5
        },
    };
    let error = sample(&target, &[3.0; 2], &settings(), &Progress::new(128)).unwrap_err();
    let SampleError::Start { chain: 0, attempts: 11, bad_gradient_elements, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(bad_gradient_elements, [1]);
}
