//! Runs that go on from a snapshot draw the bits of the run that never stopped.

use std::collections::BTreeMap;

use super::targets::{banana_gumbel_log_gamma, two_modes};
use crate::adaptation::Metric;
use crate::density::LogDensity;
use crate::mcmc::{Block, HostEnsemble, Init, Progress, RunRecord, SampleError, Sink, SinkError, Snapshot};
use crate::run::{Adaptation, Sampler, Settings, sample_ensemble, sample_into};

const CHAINS: usize = 20;

/// Draws by whether they are warm-up, chain and number; and snapshots as bytes, by draws finished.
#[derive(Default)]
struct Recorder {
    draws: BTreeMap<(bool, usize, usize), Vec<u64>>,
    snapshots: Vec<(usize, Vec<u8>)>,
}

impl Sink for Recorder {
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        let rows = block.positions.chunks_exact(4).enumerate();
        self.draws.extend(rows.map(|(row, position)| {
            let bits = position.iter().map(|q| q.to_bits()).collect();
            ((block.is_warmup, block.chain, block.first + row), bits)
        }));
        Ok(())
    }

    fn checkpoint(&mut self, snapshot: Snapshot) -> Result<(), SinkError> {
        let draw = match &snapshot {
            Snapshot::Chain(chain) => chain.draw,
            Snapshot::Ensemble(ensemble) => ensemble.draw,
        };
        self.snapshots.push((draw, serde_json::to_vec(&snapshot).map_err(SinkError::new)?));
        Ok(())
    }
}

fn run(settings: &Settings, resume: &[Snapshot]) -> Result<(Recorder, RunRecord), SampleError> {
    run_target(&banana_gumbel_log_gamma(), settings, resume)
}

fn run_target(
    target: &dyn LogDensity,
    settings: &Settings,
    resume: &[Snapshot],
) -> Result<(Recorder, RunRecord), SampleError> {
    let mut sink = Recorder::default();
    let progress = Progress::new(CHAINS);
    let record = sample_into(target, &[0.0; 4], settings, &progress, &mut sink, resume)?;
    Ok((sink, record))
}

fn settings(adaptation: Adaptation, metric: Metric) -> Settings {
    Settings {
        chains: CHAINS,
        draws: 60,
        tune: 80,
        threads: 2,
        seed: 9,
        adaptation,
        metric,
        keep_warmup: true,
        checkpoint_every: Some(13),
        ..Settings::default()
    }
}

fn chees() -> Settings {
    Settings { sampler: Sampler::Chees, ..settings(Adaptation::Auto, Metric::FisherDiagonal) }
}

#[test]
fn a_run_goes_on_from_every_snapshot_bit_for_bit() {
    let of_metrics = |adaptation| Metric::NAMES.map(|(_, metric)| settings(adaptation, metric));
    let cases = [Adaptation::PerChain, Adaptation::Pooled].map(of_metrics).into_iter().flatten();
    cases.chain([chees()]).for_each(|settings| goes_on(&settings, run));
}

#[test]
fn chains_that_are_moved_together_and_tune_themselves_go_on_bit_for_bit() {
    let moved_together = |settings: &Settings, resume: &[Snapshot]| {
        let target = banana_gumbel_log_gamma();
        let Settings { chains, seed, max_treedepth, threads, .. } = *settings;
        let mut ensemble = HostEnsemble::new(&target, chains, seed, max_treedepth, threads);
        let (mut sink, progress) = (Recorder::default(), Progress::new(CHAINS));
        let record = sample_ensemble(&mut ensemble, &[0.0; 4], settings, &progress, &mut sink, resume)?;
        Ok((sink, record))
    };
    for (_, metric) in Metric::NAMES {
        goes_on(&settings(Adaptation::PerChain, metric), moved_together);
    }
}

/// Checks that runs go on from every snapshot of a whole one with its bits.
fn goes_on(
    settings: &Settings,
    run: impl Fn(&Settings, &[Snapshot]) -> Result<(Recorder, RunRecord), SampleError>,
) {
    let (whole, record) = run(settings, &[]).unwrap();
    let mut ends: Vec<usize> = whole.snapshots.iter().map(|(draw, _)| *draw).collect();
    ends.sort_unstable();
    ends.dedup();
    assert!(ends.len() > 6 && ends[0] == 13);
    for draw in ends {
        let of_draw = whole.snapshots.iter().filter(|(seen, _)| *seen == draw);
        let resume: Vec<Snapshot> =
            of_draw.map(|(_, bytes)| serde_json::from_slice(bytes).unwrap()).collect();
        let (rest, again) = run(&Settings { threads: 1, ..settings.clone() }, &resume).unwrap();
        let Settings { sampler, adaptation, metric, .. } = *settings;
        let case = format!("{sampler:?} {adaptation:?} {metric:?} from draw {draw}");
        assert!(rest.draws.iter().all(|(name, bits)| whole.draws[name] == *bits), "{case}");
        let made = draw * CHAINS;
        assert_eq!(rest.draws.len() + made, whole.draws.len(), "{case}");
        assert_eq!(again.tuning, record.tuning, "{case}");
        assert_eq!(again.draw_gradients, record.draw_gradients, "{case}");
        assert_eq!(again.finished, [60; CHAINS]);
    }
}

#[test]
fn a_run_goes_on_from_before_and_after_chains_were_moved() {
    let starts = (0..CHAINS).flat_map(|chain| [if chain % 2 == 0 { 12.0 } else { 0.5 }; 4]);
    let init = Init::Given(starts.collect());
    let nuts = Settings {
        tune: 200,
        init,
        checkpoint_every: Some(16),
        ..settings(Adaptation::Pooled, Metric::FisherDiagonal)
    };
    let chees = Settings { sampler: Sampler::Chees, ..nuts.clone() };
    let target = two_modes(4, -120.0);
    for settings in [nuts, chees] {
        let (whole, record) = run_target(&target, &settings, &[]).unwrap();
        assert_eq!(record.moved_chains, CHAINS / 2);
        for (draw, bytes) in &whole.snapshots {
            let snapshot: Snapshot = serde_json::from_slice(bytes).unwrap();
            let (rest, again) = run_target(&target, &settings, &[snapshot]).unwrap();
            let case = format!("{:?} from draw {draw}", settings.sampler);
            assert!(rest.draws.iter().all(|(name, bits)| whole.draws[name] == *bits), "{case}");
            assert_eq!(
                (again.moved_chains, again.tuning),
                (record.moved_chains, record.tuning.clone()),
                "{case}"
            );
        }
    }
}

#[test]
fn a_finished_run_is_extended_as_if_it_had_been_longer() {
    let nuts = [Adaptation::PerChain, Adaptation::Pooled];
    let nuts = nuts.map(|adaptation| settings(adaptation, Metric::FisherDiagonal));
    for settings in nuts.into_iter().chain([chees()]) {
        let (long, _) = run(&Settings { draws: 90, ..settings.clone() }, &[]).unwrap();
        let (short, _) = run(&settings, &[]).unwrap();
        let last = short.snapshots.iter().map(|(draw, _)| *draw).max().unwrap();
        let resume: Vec<Snapshot> = short
            .snapshots
            .iter()
            .filter(|(draw, _)| *draw == last)
            .map(|(_, bytes)| serde_json::from_slice(bytes).unwrap())
            .collect();
        let (rest, _) = run(&Settings { draws: 90, ..settings }, &resume).unwrap();
        assert_eq!(rest.draws.len(), 30 * CHAINS);
        assert!(rest.draws.iter().all(|(name, bits)| long.draws[name] == *bits));
    }
}

#[test]
fn snapshots_of_another_run_are_refused() {
    let [alone, pooled] =
        [Adaptation::PerChain, Adaptation::Pooled].map(|adaptation| settings(adaptation, Metric::Unit));
    let [alone, pooled, chees] = [alone, pooled, chees()].map(|settings| {
        let (sink, _) = run(&settings, &[]).unwrap();
        (settings, serde_json::from_slice::<Snapshot>(&sink.snapshots[0].1).unwrap())
    });
    for (settings, snapshot) in
        [(&alone.0, &pooled.1), (&pooled.0, &alone.1), (&pooled.0, &chees.1), (&chees.0, &pooled.1)]
    {
        let error = run(settings, std::slice::from_ref(snapshot)).err().unwrap();
        assert!(matches!(error, SampleError::Snapshot { .. }), "{error}");
    }
}
