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
        assert_eq!(one.record.tuning, more.record.tuning);
    }
}

#[test]
fn more_than_sixteen_chains_are_pooled_unless_told_otherwise() {
    let same = |draws: &Draws| draws.record.tuning.iter().all(|tuning| *tuning == draws.record.tuning[0]);
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
        assert_eq!(draws.record.finished, vec![10; chains]);
    }
}

#[test]
fn a_normal_of_condition_ten_thousand_is_tuned_with_a_fifth_of_the_gradients() {
    let (precisions, moments) = exact_normal();
    let target = normal(precisions.clone());
    let draws = run(&target, &settings());
    let z = largest_z(&draws, &moments);
    assert!(z < 4.0, "|z| {z}");
    for (metric, precision) in draws.record.tuning[0].metric.iter().zip(precisions) {
        assert!((metric * precision - 1.0).abs() < 1e-6, "the metric is exact for independent normals");
    }
    let alone = Settings { chains: 4, metric: Metric::VarianceDiagonal, ..settings() };
    let alone = run(&target, &alone).record.tuning.iter().map(|tuning| tuning.gradients).min().unwrap();
    let pooled = draws.record.tuning[0].gradients;
    assert!(5 * pooled < alone, "{pooled} gradients a chain, {alone} for Stan's warm-up");
}

#[test]
fn moments_of_a_banana_a_gumbel_and_a_log_gamma_are_right() {
    let moments = exact_shapes();
    for seed in [1, 2] {
        let draws = run(&banana_gumbel_log_gamma(), &Settings { seed, target_accept: 0.9, ..settings() });
        let z = largest_z(&draws, &moments);
        assert!(z < 4.0, "seed {seed}: |z| {z}");
        let acceptance = draws.transitions.iter().map(|seen| seen.acceptance_rate).sum::<f64>() / 12_800.0;
        assert!((acceptance - 0.9).abs() < 0.03, "acceptance {acceptance}");
    }
}

#[test]
fn chains_that_start_far_away_come_home() {
    let draws = run(&far_normal(3, 300.0), &settings());
    let z = largest_z(&draws, &[[300.0, 90_001.0]; 3]);
    assert!(z < 4.0, "|z| {z}");
}

/// Chains that start at either mode of [`two_modes`], so many of eight at the far one.
fn in_two_modes(dim: usize, far: usize) -> Settings {
    let positions = (0..128).flat_map(|chain| {
        let centre = if chain % 8 < far { 12.0 } else { 0.0 };
        (0..dim).map(move |i| centre + (chain as f64 * 0.7 + i as f64).sin())
    });
    Settings { init: Init::Given(positions.collect()), ..settings() }
}

/// Chains whose draws are all in the far mode.
fn far_chains(draws: &Draws) -> usize {
    let chains = draws.positions.chunks_exact(draws.draws * draws.dim);
    chains.filter(|positions| positions.iter().all(|q| *q > 4.0)).count()
}

#[test]
fn chains_in_a_mode_without_mass_are_moved_and_do_not_widen_the_metric() {
    for far in [1, 4, 7] {
        let draws = run(&two_modes(10, -120.0), &in_two_modes(10, far));
        assert_eq!((far_chains(&draws), draws.record.moved_chains), (0, 16 * far));
        let z = largest_z(&draws, &[[0.0, 1.0]; 10]);
        assert!(z < 4.0, "{far} of eight: |z| {z}");
        let metric = &draws.record.tuning[0].metric;
        assert!(metric.iter().all(|variance| (variance - 1.0).abs() < 0.01), "{metric:?}");
    }
}

#[test]
fn modes_of_comparable_mass_keep_their_chains() {
    for (log_weight, far) in [(0.0, 4), (0.0, 1), (-10.0, 4), (10.0, 4)] {
        let draws = run(&two_modes(10, log_weight), &in_two_modes(10, far));
        assert_eq!((far_chains(&draws), draws.record.moved_chains), (16 * far, 0), "log weight {log_weight}");
    }
}

#[test]
fn the_chains_that_are_moved_do_not_depend_on_threads() {
    let one = run(&two_modes(4, -120.0), &in_two_modes(4, 5));
    let two = run(&two_modes(4, -120.0), &Settings { threads: 2, ..in_two_modes(4, 5) });
    assert_eq!(one.record.moved_chains, 80);
    assert!(one.positions.iter().map(|q| q.to_bits()).eq(two.positions.iter().map(|q| q.to_bits())));
}

#[test]
fn warm_up_ends_at_the_draws_asked_for_when_nothing_has_settled() {
    for tune in [0, 1, 2, 5, 12, 30] {
        let settings = Settings { chains: 32, tune, draws: 5, keep_warmup: true, ..settings() };
        let progress = Progress::new(32);
        let draws = sample(&banana_gumbel_log_gamma(), &[0.0; 4], &settings, &progress).unwrap();
        assert!(draws.record.tuning[0].step_size > 0.0 && draws.record.tuning[0].step_size < 10.0);
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
    assert!(draws.record.stopped_early);
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
