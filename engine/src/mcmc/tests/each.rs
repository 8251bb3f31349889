//! Chains that are moved together and tune themselves.

use super::targets::{banana_gumbel_log_gamma, normal};
use crate::adaptation::Metric;
use crate::density::LogDensity;
use crate::mcmc::{Draws, HostEnsemble, InMemory, Init, Progress};
use crate::run::{Adaptation, Settings, sample, sample_ensemble};

fn settings(chains: usize) -> Settings {
    let adaptation = Adaptation::PerChain;
    Settings { chains, adaptation, draws: 50, tune: 150, threads: 2, seed: 5, ..Settings::default() }
}

fn moved_together(target: &dyn LogDensity, settings: &Settings) -> Draws {
    let Settings { chains, draws, seed, max_treedepth, threads, .. } = *settings;
    let mut ensemble = HostEnsemble::new(target, chains, seed, max_treedepth, threads);
    let mut sink = InMemory::new(chains, target.dim(), draws, 0);
    let (initial, progress) = (vec![0.0; target.dim()], Progress::new(chains));
    let record = sample_ensemble(&mut ensemble, &initial, settings, &progress, &mut sink, &[]).unwrap();
    sink.into_draws(record)
}

fn bits(draws: &Draws) -> Vec<u64> {
    draws.positions.iter().map(|q| q.to_bits()).collect()
}

/// What a chain draws does not depend on how the chains are moved.
#[test]
fn chains_draw_what_each_draws_at_its_own_pace() {
    let target = banana_gumbel_log_gamma();
    for (name, metric) in Metric::NAMES {
        let settings = Settings { metric, ..settings(5) };
        let alone = sample(&target, &vec![0.0; target.dim()], &settings, &Progress::new(5)).unwrap();
        let together = moved_together(&target, &settings);
        assert_eq!(bits(&alone), bits(&together), "metric {name}");
        for (alone, together) in alone.record.tuning.iter().zip(&together.record.tuning) {
            assert_eq!((alone.step_size, &alone.metric), (together.step_size, &together.metric), "{name}");
        }
        assert_eq!(alone.record.warmup_gradients, together.record.warmup_gradients, "{name}");
    }
    for tune in [0, 1] {
        let settings = Settings { tune, init: Init::Given(vec![0.1; 2 * target.dim()]), ..settings(2) };
        let alone = sample(&target, &vec![0.0; target.dim()], &settings, &Progress::new(2)).unwrap();
        assert_eq!(bits(&alone), bits(&moved_together(&target, &settings)), "{tune} draws of warm-up");
    }
}

#[test]
fn a_chain_does_not_depend_on_the_others() {
    let target = normal(vec![1.0, 4.0]);
    let (few, many) = (moved_together(&target, &settings(3)), moved_together(&target, &settings(20)));
    assert_eq!(bits(&few)[..], bits(&many)[..few.positions.len()]);
}
