//! ChEES-HMC: exact moments, what is tuned, the same bits whatever the threads, stops, failures.

use super::moments::{exact_normal, exact_shapes, largest_z};
use super::targets::{banana_gumbel_log_gamma, far_normal, normal};
use crate::adaptation::Metric;
use crate::by_hand::Target;
use crate::density::LogDensity;
use crate::mcmc::{Draws, Init, Progress, SampleError};
use crate::run::{Sampler, Settings, sample};

const CHAINS: usize = 256;

fn settings(seed: u64) -> Settings {
    Settings {
        sampler: Sampler::Chees,
        target_accept: Sampler::Chees.target_accept(),
        chains: CHAINS,
        draws: 200,
        tune: 200,
        threads: 2,
        seed,
        ..Settings::default()
    }
}

fn run(target: &dyn LogDensity, settings: &Settings) -> Draws {
    let progress = Progress::new(settings.chains);
    sample(target, &vec![0.0; target.dim()], settings, &progress).unwrap()
}

#[test]
fn a_normal_of_condition_ten_thousand_is_recovered() {
    let (precisions, moments) = exact_normal();
    for seed in [1, 2] {
        let draws = run(&normal(precisions.clone()), &settings(seed));
        let z = largest_z(&draws, &moments);
        assert!(z < 4.0, "seed {seed}: |z| {z}");
        for (metric, precision) in draws.record.tuning[0].metric.iter().zip(&precisions) {
            assert!((metric * precision - 1.0).abs() < 1e-6, "the metric is exact for independent normals");
        }
        assert!(draws.divergences.is_empty());
    }
}

#[test]
fn a_banana_a_gumbel_and_a_log_gamma_are_recovered() {
    for seed in [3, 4] {
        let z = largest_z(&run(&banana_gumbel_log_gamma(), &settings(seed)), &exact_shapes());
        assert!(z < 4.0, "seed {seed}: |z| {z}");
    }
}

#[test]
fn chains_that_start_far_away_come_home() {
    let z = largest_z(&run(&far_normal(3, 300.0), &settings(5)), &[[300.0, 90_001.0]; 3]);
    assert!(z < 4.0, "|z| {z}");
}

/// The harmonic mean over chains, averaged over rounds. Dual averaging of a few hundred rounds ends on the safe side.
#[test]
fn acceptance_is_tuned_to_its_target() {
    for target_accept in [0.651, 0.8] {
        let settings = Settings { target_accept, tune: 500, ..settings(6) };
        let draws = run(&normal(vec![1.0; 50]), &settings);
        let of_round = |draw: usize| {
            let rates = draws.transitions.iter().skip(draw).step_by(draws.draws);
            CHAINS as f64 / rates.map(|seen| 1.0 / seen.acceptance_rate).sum::<f64>()
        };
        let mean = (0..draws.draws).map(of_round).sum::<f64>() / draws.draws as f64;
        assert!((-0.03..0.12).contains(&(mean - target_accept)), "{mean} for {target_accept}");
    }
}

/// The metric cannot help a correlated normal: whitened, it has deviations `sqrt(1 - rho)` and `sqrt(1 + rho)`, up to the
/// scale that the Fisher metric gives both. Trajectories must cross the long direction, in units of the short one.
#[test]
fn trajectories_are_as_long_as_the_slowest_direction() {
    let correlated = |rho: f64| Target {
        dim: 2,
        log_density: move |q: &[f64], g: &mut [f64]| {
            let scale = 1.0 / (1.0 - rho * rho);
            g[0] = -(q[0] - rho * q[1]) * scale;
            g[1] = -(q[1] - rho * q[0]) * scale;
            0.5 * (q[0] * g[0] + q[1] * g[1])
        },
    };
    for rho in [0.0, 0.99] {
        let draws = run(&correlated(rho), &settings(7));
        let z = largest_z(&draws, &[[0.0, 1.0]; 2]);
        assert!(z < 4.0, "correlation {rho}: |z| {z}");
        let steps = draws.record.draw_gradients as f64 / (CHAINS * draws.draws) as f64;
        // Length in time of a unit metric, over the period of the long direction.
        let time = steps * draws.record.tuning[0].step_size * draws.record.tuning[0].metric[0].sqrt();
        let periods = time / (std::f64::consts::TAU * (1.0 + rho).sqrt());
        // Shares of the length are uniform: half a period at most is a quarter in the mean.
        assert!((0.15..0.5).contains(&periods), "correlation {rho}: {periods} periods");
    }
}

#[test]
fn every_number_of_threads_gives_the_same_bits() {
    let settings = |threads| Settings { chains: 13, draws: 30, tune: 40, threads, ..settings(8) };
    let target = banana_gumbel_log_gamma();
    let one = run(&target, &settings(1));
    for threads in [2, 3, 13, 20] {
        let other = run(&target, &settings(threads));
        assert_eq!(other.positions, one.positions, "{threads} threads");
        assert_eq!(other.transitions, one.transitions);
        assert_eq!(other.record.tuning, one.record.tuning);
    }
}

#[test]
fn a_trajectory_that_leaves_the_support_is_a_divergence_and_the_chain_stays() {
    let cut = Target {
        dim: 1,
        log_density: |q: &[f64], g: &mut [f64]| {
            g[0] = -q[0];
            if q[0] > -1.5 { -0.5 * q[0] * q[0] } else { f64::NEG_INFINITY }
        },
    };
    let draws = run(&cut, &settings(9));
    assert!(draws.positions.iter().all(|q| *q > -1.5));
    assert_eq!(draws.divergences.len(), draws.transitions.iter().filter(|seen| seen.diverging).count());
    assert!(!draws.divergences.is_empty());
    for divergence in &draws.divergences {
        assert!(divergence.start[0] > -1.5 && divergence.end[0] <= -1.5);
        assert_eq!(draws.positions[divergence.chain * draws.draws + divergence.draw], divergence.start[0]);
    }
}

#[test]
fn a_stopped_run_keeps_the_same_draws_of_every_chain() {
    let progress = Progress::new(16);
    let settings = Settings { chains: 16, draws: 1_000_000, tune: 10, ..settings(10) };
    let draws = std::thread::scope(|scope| {
        scope.spawn(|| {
            while (0..16).any(|chain| progress.chain(chain).draws < 50) {
                std::thread::yield_now();
            }
            progress.stop();
        });
        sample(&far_normal(2, 0.0), &[0.0; 2], &settings, &progress).unwrap()
    });
    assert!(draws.record.stopped_early && draws.draws >= 30 && draws.draws < 1_000_000);
    assert_eq!(draws.positions.len(), 16 * draws.draws * 2);
}

#[test]
fn options_out_of_range_and_bad_starts_are_told() {
    let target = far_normal(2, 0.0);
    let start = |settings: &Settings| {
        sample(&target, &[0.0; 2], settings, &Progress::new(settings.chains)).unwrap_err().to_string()
    };
    assert!(start(&Settings { chains: 7, ..settings(0) }).contains("`chains` is 7"));
    let dense = Settings { metric: Metric::Dense, ..settings(0) };
    assert!(start(&dense).contains("`metric` is `dense`; it must be `fisher`"));
    assert!(start(&Settings { target_accept: 1.0, ..settings(0) }).contains("`target_accept` is 1"));
    assert!(start(&Settings { init: Init::Given(vec![0.0; 3]), ..settings(0) }).contains("have 3 elements"));
    let nowhere = Target { dim: 1, log_density: |_: &[f64], _: &mut [f64]| f64::NEG_INFINITY };
    let error = sample(&nowhere, &[0.0], &settings(0), &Progress::new(CHAINS)).unwrap_err();
    assert!(matches!(error, SampleError::Start { chain: 0, attempts: 11, .. }), "{error}");
}
