//! What sinks are given.

use super::targets::{banana_gumbel_log_gamma, funnel};
use crate::density::LogDensity;
use crate::mcmc::{Block, Progress, SampleError, Sink, SinkError, Transition};
use crate::run::{Adaptation, Settings, sample, sample_into};

const MODES: [Adaptation; 2] = [Adaptation::PerChain, Adaptation::Pooled];

fn settings(adaptation: Adaptation) -> Settings {
    Settings { chains: 8, draws: 150, tune: 100, threads: 2, seed: 3, adaptation, ..Settings::default() }
}

/// A block with what it points at.
struct Owned {
    chain: usize,
    first: usize,
    is_warmup: bool,
    positions: Vec<f64>,
    transitions: Vec<Transition>,
    diverging: Vec<usize>,
}

#[derive(Default)]
struct Recorder {
    blocks: Vec<Owned>,
    fails_at: Option<usize>,
}

impl Sink for Recorder {
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        if self.fails_at == Some(self.blocks.len()) {
            return Err(SinkError::new("the disk is full"));
        }
        self.blocks.push(Owned {
            chain: block.chain,
            first: block.first,
            is_warmup: block.is_warmup,
            positions: block.positions.to_vec(),
            transitions: block.transitions.to_vec(),
            diverging: block.divergences.iter().map(|divergence| divergence.draw).collect(),
        });
        Ok(())
    }
}

fn record(target: &dyn LogDensity, settings: &Settings, sink: &mut Recorder) -> Result<(), SampleError> {
    let progress = Progress::new(settings.chains);
    sample_into(target, &vec![0.0; target.dim()], settings, &progress, sink, &[]).map(|_| ())
}

#[test]
fn blocks_are_bounded_come_in_order_and_hold_the_draws() {
    for adaptation in MODES {
        let settings = Settings { keep_warmup: true, ..settings(adaptation) };
        let target = funnel();
        let mut sink = Recorder::default();
        record(&target, &settings, &mut sink).unwrap();
        let draws = sample(&target, &[0.0; 10], &settings, &Progress::new(8)).unwrap();
        let warmup = draws.warmup.unwrap();
        let (mut kept_divergences, mut warmup_divergences) = (Vec::new(), Vec::new());
        for chain in 0..8 {
            let mut next = [0, 0];
            for block in sink.blocks.iter().filter(|block| block.chain == chain) {
                let count = block.transitions.len();
                assert!((1..=64).contains(&count));
                let next = &mut next[usize::from(block.is_warmup)];
                assert_eq!(block.first, *next);
                *next += count;
                let (positions, all) = match block.is_warmup {
                    true => (&warmup.positions, warmup.draws),
                    false => (&draws.positions, draws.draws),
                };
                let first = (chain * all + block.first) * 10;
                assert_eq!(block.positions, positions[first..][..count * 10]);
                let seen = block.diverging.iter().map(|draw| (chain, *draw));
                match block.is_warmup {
                    true => warmup_divergences.extend(seen),
                    false => kept_divergences.extend(seen),
                }
            }
            assert_eq!(next, [150, warmup.draws]);
        }
        let of = |seen: &[crate::mcmc::Divergence]| {
            seen.iter().map(|divergence| (divergence.chain, divergence.draw)).collect::<Vec<_>>()
        };
        assert_eq!(of(&draws.divergences), kept_divergences);
        assert_eq!(of(&warmup.divergences), warmup_divergences);
        assert!(!warmup_divergences.is_empty());
    }
}

#[test]
fn a_sink_that_fails_stops_the_run_and_keeps_what_it_has() {
    for adaptation in MODES {
        for threads in [1, 2] {
            let mut sink = Recorder { fails_at: Some(3), ..Recorder::default() };
            let settings = Settings { threads, ..settings(adaptation) };
            let error = record(&banana_gumbel_log_gamma(), &settings, &mut sink).unwrap_err();
            assert!(matches!(error, SampleError::Sink(_)));
            assert!(error.to_string().contains("the disk is full"), "{error}");
            assert_eq!(sink.blocks.len(), 3);
        }
    }
}

#[test]
fn warm_up_is_not_handed_on_unless_asked_for() {
    for adaptation in MODES {
        let mut sink = Recorder::default();
        record(&banana_gumbel_log_gamma(), &settings(adaptation), &mut sink).unwrap();
        assert!(sink.blocks.iter().all(|block| !block.is_warmup));
    }
}
