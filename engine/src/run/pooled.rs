//! Run chains that are tuned together, on any executor of ensembles.
//!
//! ```text
//! start:    every superchain at a place of its own, tried again where density or gradient is not finite
//! warm-up:  rounds of one draw of each chain, see `adaptation::pooled`, until nothing changes
//! draws:    every chain makes its draws at its own pace
//! ```

use std::time::Instant;

use super::{Settings, check, starts};
use crate::adaptation::{Pooled, Round};
use crate::mcmc::start::is_start;
use crate::mcmc::{
    Block, Divergence, Ensemble, EnsembleSnapshot, Placed, Progress, RunRecord, SampleError, Sink, SinkError,
    Snapshot, Tuning,
};

/// Samples with the chains of `ensemble`, tuned together; everything else is as for
/// [`sample_into`](super::sample_into).
///
/// # Shapes
/// - `initial`: `[dim]`
///
/// # Errors
/// As [`sample_into`](super::sample_into); what keeps the executor from going on.
///
/// # Panics
/// When the ensemble has not as many chains as the settings say.
pub fn sample_ensemble(
    ensemble: &mut dyn Ensemble,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    check(ensemble.dim(), initial, settings, progress)?;
    assert_eq!(ensemble.chains(), settings.chains, "chains of the ensemble and of the settings");
    let mut run = Run {
        pooled: Pooled::new(
            settings.metric,
            settings.target_accept,
            settings.tune,
            settings.max_treedepth,
            [settings.chains, ensemble.dim()],
        ),
        ensemble,
        settings,
        progress,
        draw: 0,
        warmup: None,
        gradients: [0; 2],
        begun: Instant::now(),
        earlier_seconds: 0.0,
        warmup_seconds: None,
    };
    match resume.last() {
        None => run.start(initial)?,
        Some(Snapshot::Ensemble(snapshot)) => run.restore(snapshot)?,
        Some(Snapshot::Chain(_)) => {
            return Err(SampleError::Snapshot { reason: "it is of chains that tuned themselves" });
        }
    }
    run.warm_up(sink)?;
    let finished = run.make_draws(sink)?;
    Ok(run.into_record(finished))
}

struct Run<'a> {
    ensemble: &'a mut dyn Ensemble,
    settings: &'a Settings,
    progress: &'a Progress,
    pooled: Pooled,
    /// Draws of every chain, those of warm-up included, and how many these were.
    draw: usize,
    warmup: Option<usize>,
    /// Gradients of warm-up, and after it, all chains together.
    gradients: [u64; 2],
    begun: Instant,
    /// Wall time of runs that this one goes on from.
    earlier_seconds: f64,
    warmup_seconds: Option<f64>,
}

impl Run<'_> {
    fn start(&mut self, initial: &[f64]) -> Result<(), SampleError> {
        let (chains, dim) = (self.settings.chains, initial.len());
        let (starts, superchain) = (starts(initial, self.settings), Pooled::superchain(chains));
        let mut position = vec![0.0; chains * dim];
        let mut failed: Vec<usize> = (0..chains).collect();
        let mut places = Placed { position: Vec::new(), log_density: Vec::new(), gradient: Vec::new() };
        for attempt in 0..starts.attempts() {
            for chain in &failed {
                starts.write(*chain, chain / superchain, attempt, &mut position[chain * dim..][..dim]);
            }
            places = self.ensemble.place(&position, 0)?;
            self.gradients[0] += chains as u64;
            failed.retain(|chain| {
                !is_start(places.log_density[*chain], &places.gradient[chain * dim..][..dim])
            });
            if failed.is_empty() || self.progress.is_stopped() {
                break;
            }
        }
        if let Some(&chain) = failed.first() {
            let [position, gradient] =
                [&places.position, &places.gradient].map(|rows| &rows[chain * dim..][..dim]);
            return Err(starts.failure(chain, position, places.log_density[chain], gradient));
        }
        self.pooled.start(&places);
        Ok(())
    }

    fn restore(&mut self, snapshot: &EnsembleSnapshot) -> Result<(), SampleError> {
        let chains = self.settings.chains;
        if snapshot.positions.len() != chains * self.ensemble.dim() {
            return Err(SampleError::Snapshot {
                reason: "it has other chains or positions of another length",
            });
        }
        self.ensemble.place(&snapshot.positions, snapshot.draw)?;
        self.pooled = snapshot.pooled.clone();
        self.draw = snapshot.draw;
        self.warmup = snapshot.warmup;
        self.gradients = snapshot.gradients;
        self.earlier_seconds = snapshot.seconds;
        self.warmup_seconds = snapshot.warmup_seconds;
        (0..chains).for_each(|chain| self.progress.restore(chain, snapshot.draw));
        if let Some(draws) = self.warmup {
            self.progress.end_warmup(draws);
        }
        Ok(())
    }

    fn warm_up(&mut self, sink: &mut dyn Sink) -> Result<(), SampleError> {
        while !self.pooled.is_frozen() {
            self.ensemble.tune(&self.pooled.tuning())?;
            let mut onward = Onward::new(sink, self.draw, self.settings.chains);
            let wanted: Option<&mut dyn Sink> =
                if self.settings.keep_warmup { Some(&mut onward) } else { None };
            let seen = self.ensemble.run(1, self.progress, wanted)?;
            if self.progress.is_stopped() {
                return Ok(());
            }
            self.draw += 1;
            self.gradients[0] += seen.iter().map(|seen| u64::from(seen.n_steps)).sum::<u64>();
            if self.pooled.takes_moments() {
                let moments = self.ensemble.moments(self.pooled.least_log_density(&seen))?;
                self.pooled.update(&Round::Moments(&seen, &moments));
            } else {
                self.pooled.update(&Round::Places(&seen, &self.ensemble.places()?));
            }
            if !self.pooled.is_frozen() {
                self.checkpoint(sink, false)?;
            }
        }
        if self.warmup.is_none() {
            self.warmup = Some(self.draw);
            self.warmup_seconds = Some(self.seconds());
            self.progress.end_warmup(self.draw);
            self.checkpoint(sink, true)?;
        }
        Ok(())
    }

    /// Returns how many draws each chain has made.
    fn make_draws(&mut self, sink: &mut dyn Sink) -> Result<Vec<usize>, SampleError> {
        let Settings { chains, draws, checkpoint_every, .. } = *self.settings;
        let Some(warmup) = self.warmup else { return Ok(vec![0; chains]) };
        self.ensemble.tune(&self.pooled.tuning())?;
        let mut kept = (self.draw - warmup).min(draws);
        while kept < draws {
            let stretch = checkpoint_every.unwrap_or(draws).min(draws - kept);
            let mut onward = Onward::new(sink, kept, chains);
            self.ensemble.run(stretch, self.progress, Some(&mut onward))?;
            self.gradients[1] += onward.gradients;
            if self.progress.is_stopped() {
                return Ok(onward.made);
            }
            kept += stretch;
            self.draw += stretch;
            self.checkpoint(sink, true)?;
        }
        Ok(vec![kept; chains])
    }

    fn seconds(&self) -> f64 {
        self.earlier_seconds + self.begun.elapsed().as_secs_f64()
    }

    /// Hands over the state of the run, if that is asked for and it is time for it.
    fn checkpoint(&mut self, sink: &mut dyn Sink, now: bool) -> Result<(), SampleError> {
        let Some(every) = self.settings.checkpoint_every else { return Ok(()) };
        if !now && !self.draw.is_multiple_of(every) {
            return Ok(());
        }
        let snapshot = EnsembleSnapshot {
            draw: self.draw,
            warmup: self.warmup,
            positions: self.ensemble.places()?.position,
            pooled: self.pooled.clone(),
            gradients: self.gradients,
            seconds: self.seconds(),
            warmup_seconds: self.warmup_seconds,
        };
        Ok(sink.checkpoint(Snapshot::Ensemble(snapshot))?)
    }

    fn into_record(self, finished: Vec<usize>) -> RunRecord {
        let chains = self.settings.chains;
        let (seconds, tuned) = (self.seconds(), self.pooled.tuning());
        let warmup_seconds = self.warmup_seconds.unwrap_or(seconds);
        let tuning = Tuning {
            step_size: tuned.step_size,
            metric: tuned.whitening.variances(),
            gradients: self.gradients[0] / chains as u64,
        };
        RunRecord {
            tuning: vec![tuning; chains],
            warmup_draws: self.warmup.unwrap_or(self.draw),
            warmup_gradients: self.gradients[0],
            draw_gradients: self.gradients[1],
            warmup_seconds,
            draw_seconds: seconds - warmup_seconds,
            stopped_early: finished.iter().any(|finished| *finished < self.settings.draws),
            finished,
        }
    }
}

/// Hands blocks on, their draws counted on from those before this stretch.
struct Onward<'a> {
    sink: &'a mut dyn Sink,
    before: usize,
    /// Draws that each chain has now.
    made: Vec<usize>,
    gradients: u64,
}

impl<'a> Onward<'a> {
    fn new(sink: &'a mut dyn Sink, before: usize, chains: usize) -> Self {
        Self { sink, before, made: vec![before; chains], gradients: 0 }
    }
}

impl Sink for Onward<'_> {
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        self.made[block.chain] += block.transitions.len();
        self.gradients += block.transitions.iter().map(|seen| u64::from(seen.n_steps)).sum::<u64>();
        let later = |seen: &Divergence| Divergence { draw: seen.draw + self.before, ..seen.clone() };
        let divergences: Vec<Divergence> = block.divergences.iter().map(later).collect();
        self.sink.write(&Block { first: block.first + self.before, divergences: &divergences, ..*block })
    }
}
