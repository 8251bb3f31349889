//! What a run promises about its draws: bits, statistics, stops and failures.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::targets::{banana_gumbel_log_gamma, funnel, normal};
use crate::by_hand::Target;
use crate::density::LogDensity;
use crate::mcmc::{Draws, Progress, SampleError};
use crate::run::{Adaptation, Settings, sample};

fn short() -> Settings {
    let adaptation = Adaptation::PerChain;
    Settings { draws: 150, tune: 150, threads: 1, seed: 11, adaptation, ..Settings::default() }
}

fn run(target: &dyn LogDensity, settings: &Settings) -> Result<Draws, SampleError> {
    sample(target, &vec![0.0; target.dim()], settings, &Progress::new(settings.chains))
}

fn bits(positions: &[f64]) -> Vec<u64> {
    positions.iter().map(|q| q.to_bits()).collect()
}

#[test]
fn draws_do_not_depend_on_threads_nor_on_the_number_of_chains() {
    let target = banana_gumbel_log_gamma();
    let few = run(&target, &short()).unwrap();
    assert_eq!(few.positions.len(), 4 * 150 * 4);
    for (chains, threads) in [(4, 2), (4, 3), (4, 9), (64, 1), (64, 2), (7, 5)] {
        let many = run(&target, &Settings { chains, threads, ..short() }).unwrap();
        assert_eq!(
            bits(&many.positions[..few.positions.len()]),
            bits(&few.positions),
            "{chains} on {threads}"
        );
        assert_eq!(many.record.tuning[..4], few.record.tuning[..]);
        assert_eq!(many.transitions[..600], few.transitions[..]);
    }
}

#[test]
fn seeds_and_chains_draw_differently() {
    let target = banana_gumbel_log_gamma();
    let [one, other] = [1, 2].map(|seed| run(&target, &Settings { seed, ..short() }).unwrap().positions);
    assert_ne!(one, other);
    assert_ne!(one[..600], one[600..1200]);
}

#[test]
fn statistics_describe_the_draws() {
    let target = banana_gumbel_log_gamma();
    let settings = Settings { chains: 8, draws: 400, tune: 400, ..short() };
    let progress = Progress::new(8);
    let draws = sample(&target, &[0.0; 4], &settings, &progress).unwrap();
    let mut evaluator = target.evaluator();
    for (draw, (position, seen)) in draws.positions.chunks_exact(4).zip(&draws.transitions).enumerate() {
        let (mut lp, mut gradient) = ([0.0], [0.0; 4]);
        evaluator.evaluate(position, &mut lp, &mut gradient);
        assert_eq!(lp[0], seen.log_density);
        assert!(seen.energy >= -lp[0]);
        assert!(seen.energy_error.abs() <= seen.max_energy_error.abs());
        let (steps, depth) = (seen.n_steps, seen.tree_depth);
        assert!((1 << depth) - 1 <= steps && steps < 2 << depth, "{steps} steps at depth {depth}");
        assert!(seen.index_in_trajectory.unsigned_abs() <= steps);
        assert!((seen.step_size / seen.step_size_bar - 1.0).abs() <= 0.1 + 1e-12);
        assert_eq!(seen.step_size_bar, draws.record.tuning[draw / 400].step_size);
        assert!(!seen.reached_max_treedepth);
    }
    let steps: u64 = draws.transitions.iter().map(|seen| u64::from(seen.n_steps)).sum();
    assert_eq!(steps, draws.record.draw_gradients);
    assert_eq!(
        draws.record.warmup_gradients,
        draws.record.tuning.iter().map(|tuning| tuning.gradients).sum::<u64>()
    );
    let acceptance = draws.transitions.iter().map(|seen| seen.acceptance_rate).sum::<f64>() / 3200.0;
    assert!((acceptance - 0.8).abs() < 0.06, "acceptance {acceptance}");
    assert!(!draws.record.stopped_early);
    assert_eq!(draws.record.finished, [400; 8]);
    assert!(draws.record.warmup_seconds > 0.0 && draws.record.draw_seconds > 0.0);
    assert_eq!(progress.chain(7).draws, 800);
    assert_eq!(progress.chain(7).step_size, draws.transitions[3199].step_size);
}

#[test]
fn trajectories_stop_at_the_largest_depth() {
    let draws = run(&normal(vec![1.0, 1e6]), &Settings { max_treedepth: 2, tune: 0, ..short() }).unwrap();
    assert!(draws.transitions.iter().all(|seen| seen.n_steps <= 3));
    assert!(draws.transitions.iter().any(|seen| seen.reached_max_treedepth));
    assert!(draws.transitions.iter().all(|seen| !seen.reached_max_treedepth || seen.tree_depth == 2));
}

#[test]
fn divergences_of_a_funnel_are_recorded_with_both_ends() {
    let draws = run(&funnel(), &Settings { draws: 500, tune: 500, ..short() }).unwrap();
    assert!(!draws.divergences.is_empty());
    let diverging = (0..draws.transitions.len()).filter(|draw| draws.transitions[*draw].diverging);
    let recorded = draws.divergences.iter().map(|divergence| divergence.chain * 500 + divergence.draw);
    assert!(diverging.eq(recorded));
    let target = funnel();
    let mut evaluator = target.evaluator();
    for divergence in &draws.divergences {
        let (mut lp, mut gradient) = ([0.0; 2], [0.0; 20]);
        let ends = [&divergence.start[..], &divergence.end[..]].concat();
        evaluator.evaluate(&ends, &mut lp, &mut gradient);
        assert!(lp[0].is_finite() && divergence.start != divergence.end);
        let error = draws.transitions[divergence.chain * 500 + divergence.draw].max_energy_error;
        assert!(!error.is_finite() || error > 1000.0, "energy error {error}");
    }
}

/// A normal that stops its own run at evaluation `at`.
fn stopping(progress: &Progress, at: usize) -> impl LogDensity {
    let count = AtomicUsize::new(0);
    let log_density = move |q: &[f64], g: &mut [f64]| {
        if count.fetch_add(1, Relaxed) == at {
            progress.stop();
        }
        g.iter_mut().zip(q).for_each(|(g, q)| *g = -q);
        -0.5 * q.iter().map(|q| q * q).sum::<f64>()
    };
    Target { dim: 3, log_density }
}

#[test]
fn a_stopped_run_keeps_the_draws_that_all_chains_have() {
    let whole = run(&stopping(&Progress::new(4), usize::MAX), &short()).unwrap();
    let gradients = (whole.record.warmup_gradients + whole.record.draw_gradients) as usize;
    let progress = Progress::new(4);
    let target = stopping(&progress, gradients * 7 / 10);
    let cut = sample(&target, &[0.0; 3], &short(), &progress).unwrap();
    assert!(cut.record.stopped_early && cut.draws > 0 && cut.draws < 150);
    assert_eq!(cut.draws, *cut.record.finished.iter().min().unwrap());
    assert!(cut.record.finished.iter().any(|finished| *finished > cut.draws), "chains are not in step");
    assert_eq!(cut.positions.len(), 4 * cut.draws * 3);
    assert_eq!(cut.transitions.len(), 4 * cut.draws);
    for chain in 0..4 {
        let (seen, expected) = (chain * cut.draws * 3, chain * 150 * 3);
        assert_eq!(cut.positions[seen..][..cut.draws * 3], whole.positions[expected..][..cut.draws * 3]);
    }
}

#[test]
fn a_run_stopped_in_warm_up_has_no_draws() {
    let progress = Progress::new(4);
    let target = stopping(&progress, 200);
    let cut = sample(&target, &[0.0; 3], &Settings { threads: 2, ..short() }, &progress).unwrap();
    assert!(cut.record.stopped_early);
    assert_eq!((cut.draws, cut.positions.len(), cut.transitions.len()), (0, 0, 0));
    assert_eq!(cut.record.finished, [0; 4]);
    assert!(cut.record.warmup_gradients >= 200 && cut.record.draw_gradients == 0);
}

#[test]
fn settings_out_of_range_are_named() {
    type Change = fn(&mut Settings);
    let cases: [(&str, Change); 8] = [
        ("`chains` is 0", |settings| settings.chains = 0),
        ("`draws` is 0", |settings| settings.draws = 0),
        ("`target_accept` is 1", |settings| settings.target_accept = 1.0),
        ("`target_accept` is NaN", |settings| settings.target_accept = f64::NAN),
        ("`max_treedepth` is 0", |settings| settings.max_treedepth = 0),
        ("`max_treedepth` is 21", |settings| settings.max_treedepth = 21),
        ("`threads` is 0", |settings| settings.threads = 0),
        ("`checkpoint_every` is 0", |settings| settings.checkpoint_every = Some(0)),
    ];
    for (message, change) in cases {
        let mut settings = Settings::default();
        change(&mut settings);
        let error = settings.validate().unwrap_err().to_string();
        assert!(error.contains(message) && error.contains("must be"), "{error}");
    }
    assert!(Settings { tune: 0, ..Settings::default() }.validate().is_ok());
    let target = normal(vec![1.0]);
    let wrong = sample(&target, &[0.0; 2], &short(), &Progress::new(4)).unwrap_err();
    assert!(matches!(wrong, SampleError::InitialLength { seen: 2, expected: 1 }));
    let wrong = sample(&target, &[0.0], &short(), &Progress::new(3)).unwrap_err();
    assert!(matches!(wrong, SampleError::ProgressLength { seen: 3, expected: 4 }));
    assert!(matches!(run(&normal(vec![]), &short()).unwrap_err(), SampleError::NoParameters));
}

#[test]
fn a_run_that_does_not_fit_into_memory_is_refused_before_it_starts() {
    let huge = Settings { chains: 1 << 30, draws: 1 << 30, ..short() };
    let error = huge.check_memory(1000, 1000).unwrap_err();
    assert!(matches!(error, SampleError::Memory { needed, available, .. } if needed > available));
    assert!(short().check_memory(1000, 1000).is_ok());
}

#[test]
fn a_chain_that_finds_no_start_tells_where_it_looked_last() {
    let nowhere = Target {
        dim: 2,
        log_density: |_: &[f64], g: &mut [f64]| {
            g.copy_from_slice(&[f64::NAN, 1.0]);
            0.5
        },
    };
    let settings = Settings { chains: 6, threads: 2, ..short() };
    let error = sample(&nowhere, &[10.0, 20.0], &settings, &Progress::new(6)).unwrap_err();
    let SampleError::Start { chain, position, log_density, bad_gradient_elements, .. } = error else {
        panic!("{error}")
    };
    assert_eq!((chain, log_density, bad_gradient_elements), (0, 0.5, vec![0]));
    assert!((position[0] - 10.0).abs() <= 1.0 && (position[1] - 20.0).abs() <= 1.0);
}

#[test]
fn a_chain_tries_again_where_the_density_is_zero() {
    let half = Target {
        dim: 1,
        log_density: |q: &[f64], g: &mut [f64]| {
            g[0] = 1.0 / q[0] - 1.0;
            if q[0] > 0.0 { q[0].ln() - q[0] } else { f64::NEG_INFINITY }
        },
    };
    let draws = run(&half, &Settings { chains: 16, ..short() }).unwrap();
    assert!(draws.positions.iter().all(|q| *q > 0.0));
}
