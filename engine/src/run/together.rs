//! Run chains that are moved together, whatever moves and tunes them.
//!
//! ```text
//! start:    every superchain at a place of its own, tried again where density or gradient is not finite
//! warm-up:  rounds of one draw of each chain, until nothing changes; stranded chains are moved to others
//! draws:    stretches of draws, each chain at its own pace; the state of the run after each
//! ```

use std::time::Instant;

use super::{Settings, starts};
use crate::mcmc::start::is_start;
use crate::mcmc::{
    Block, ChainTuning, CrewState, Divergence, EnsembleSnapshot, Placed, Progress, RunRecord, SampleError,
    Sink, SinkError, Snapshot, Tuning,
};

/// Chains that are moved together, with what tunes them.
///
/// # Shapes
/// - positions: `[chains, dim]`
pub(super) trait Crew {
    /// Length of a position.
    fn dim(&self) -> usize;

    /// Puts every chain at a position, with `draw` draws behind it, and evaluates there.
    fn place(&mut self, position: &[f64], draw: usize) -> Result<Placed, SampleError>;

    /// Where the chains are.
    fn places(&mut self) -> Result<Placed, SampleError>;

    /// Tunes for the first time, by where the chains start; returns the gradients that took, all chains together.
    fn start(&mut self, places: &Placed) -> Result<u64, SampleError>;

    /// Whether tuning has ended.
    fn is_tuned(&self) -> bool;

    /// Makes draw `draw` of each chain and tunes by it; returns the gradients of all chains together, or nothing when
    /// `progress` was stopped before all had their draw.
    fn round(
        &mut self,
        draw: usize,
        progress: &Progress,
        sink: Option<&mut dyn Sink>,
    ) -> Result<Option<u64>, SampleError>;

    /// Whether it is time to move chains; a crew that moves none says nothing of this.
    fn may_move(&self) -> bool {
        false
    }

    /// Where chains go on, if stranded ones are to be moved.
    fn move_stranded(&mut self, _places: &Placed) -> Option<Vec<f64>> {
        None
    }

    /// How many chains have been moved.
    fn moved(&self) -> usize {
        0
    }

    /// Makes draws `first..first + draws` of each chain, or fewer when `progress` is stopped, and hands them to `sink`,
    /// counted from 0.
    fn draw(
        &mut self,
        first: usize,
        draws: usize,
        progress: &Progress,
        sink: &mut dyn Sink,
    ) -> Result<(), SampleError>;

    /// Gradients that were computed so far, those of places without a running chain included.
    fn issued(&self) -> u64;

    /// What it is tuned to: one for all chains, or one for each.
    fn tuned(&self) -> Vec<ChainTuning>;

    /// What it needs, beside the positions, to go on.
    fn state(&self) -> CrewState;

    /// Goes on from a state; tells whether it is one of such a crew.
    fn restore(&mut self, state: CrewState) -> bool;
}

/// Runs a crew; everything as for [`sample_into`](super::sample_into).
pub(super) fn run(
    crew: &mut dyn Crew,
    initial: &[f64],
    settings: &Settings,
    progress: &Progress,
    sink: &mut dyn Sink,
    resume: &[Snapshot],
) -> Result<RunRecord, SampleError> {
    let mut run = Run {
        crew,
        settings,
        progress,
        draw: 0,
        warmup: None,
        gradients: [0; 2],
        begun: Instant::now(),
        earlier_seconds: 0.0,
        warmup_seconds: None,
        issued: 0,
        useful: 0,
    };
    match resume.last() {
        None => run.start(initial)?,
        Some(Snapshot::Ensemble(snapshot)) => run.restore(snapshot)?,
        Some(Snapshot::Chain(_)) => {
            return Err(SampleError::Snapshot { reason: "it is of chains that ran each at its own pace" });
        }
    }
    run.warm_up(sink)?;
    let finished = run.make_draws(sink)?;
    Ok(run.into_record(finished))
}

struct Run<'a> {
    crew: &'a mut dyn Crew,
    settings: &'a Settings,
    progress: &'a Progress,
    /// Draws of every chain, those of warm-up included, and how many these were.
    draw: usize,
    warmup: Option<usize>,
    /// Gradients of warm-up, and after it, all chains together.
    gradients: [u64; 2],
    begun: Instant,
    /// Wall time of runs that this one goes on from.
    earlier_seconds: f64,
    warmup_seconds: Option<f64>,
    /// After warm-up and in this process: gradients that were computed, and those that chains took.
    issued: u64,
    useful: u64,
}

impl Run<'_> {
    fn start(&mut self, initial: &[f64]) -> Result<(), SampleError> {
        let (chains, dim) = (self.settings.chains, initial.len());
        let (starts, superchain) = (starts(initial, self.settings), self.settings.chains_per_place());
        let mut position = vec![0.0; chains * dim];
        let mut failed: Vec<usize> = (0..chains).collect();
        let mut places = Placed { position: Vec::new(), log_density: Vec::new(), gradient: Vec::new() };
        for attempt in 0..starts.attempts() {
            for chain in &failed {
                starts.write(*chain, chain / superchain, attempt, &mut position[chain * dim..][..dim]);
            }
            places = self.crew.place(&position, 0)?;
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
        self.gradients[0] += self.crew.start(&places)?;
        Ok(())
    }

    fn restore(&mut self, snapshot: &EnsembleSnapshot) -> Result<(), SampleError> {
        let chains = self.settings.chains;
        if snapshot.positions.len() != chains * self.crew.dim() {
            let reason = "it has other chains or positions of another length";
            return Err(SampleError::Snapshot { reason });
        }
        if !self.crew.restore((*snapshot.crew).clone()) {
            return Err(SampleError::Snapshot { reason: "it is of another sampler" });
        }
        self.crew.place(&snapshot.positions, snapshot.draw)?;
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
        while !self.crew.is_tuned() && !self.progress.is_stopped() {
            let mut onward = Onward::new(sink, self.draw, self.settings.chains);
            let wanted: Option<&mut dyn Sink> =
                if self.settings.keep_warmup { Some(&mut onward) } else { None };
            let Some(gradients) = self.crew.round(self.draw, self.progress, wanted)? else { return Ok(()) };
            self.draw += 1;
            self.gradients[0] += gradients;
            if self.crew.may_move() {
                self.move_stranded()?;
            }
            if !self.crew.is_tuned() {
                self.checkpoint(sink, false)?;
            }
        }
        if self.crew.is_tuned() && self.warmup.is_none() {
            self.warmup = Some(self.draw);
            self.warmup_seconds = Some(self.seconds());
            self.progress.end_warmup(self.draw);
            self.checkpoint(sink, true)?;
        }
        Ok(())
    }

    fn move_stranded(&mut self) -> Result<(), SampleError> {
        let places = self.crew.places()?;
        if let Some(position) = self.crew.move_stranded(&places) {
            self.crew.place(&position, self.draw)?;
            self.gradients[0] += self.settings.chains as u64;
        }
        Ok(())
    }

    /// Returns how many draws each chain has made.
    fn make_draws(&mut self, sink: &mut dyn Sink) -> Result<Vec<usize>, SampleError> {
        let Settings { chains, draws, checkpoint_every, .. } = *self.settings;
        let Some(warmup) = self.warmup else { return Ok(vec![0; chains]) };
        let issued_before = self.crew.issued();
        let mut kept = (self.draw - warmup).min(draws);
        while kept < draws {
            let stretch = checkpoint_every.unwrap_or(draws).min(draws - kept);
            let mut onward = Onward::new(sink, kept, chains);
            self.crew.draw(self.draw, stretch, self.progress, &mut onward)?;
            self.gradients[1] += onward.gradients;
            self.useful += onward.gradients;
            self.issued = self.crew.issued() - issued_before;
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
            positions: self.crew.places()?.position,
            crew: Box::new(self.crew.state()),
            gradients: self.gradients,
            seconds: self.seconds(),
            warmup_seconds: self.warmup_seconds,
        };
        Ok(sink.checkpoint(Snapshot::Ensemble(snapshot))?)
    }

    fn into_record(self, finished: Vec<usize>) -> RunRecord {
        let chains = self.settings.chains;
        let (seconds, tuned) = (self.seconds(), self.crew.tuned());
        let warmup_seconds = self.warmup_seconds.unwrap_or(seconds);
        let tuning = tuned.iter().cycle().take(chains).map(|tuned| Tuning {
            step_size: tuned.step_size,
            metric: tuned.whitening.variances(),
            gradients: self.gradients[0] / chains as u64,
        });
        RunRecord {
            tuning: tuning.collect(),
            warmup_draws: self.warmup.unwrap_or(self.draw),
            moved_chains: self.crew.moved(),
            warmup_gradients: self.gradients[0],
            draw_gradients: self.gradients[1],
            lane_efficiency: self.useful as f64 / self.issued as f64,
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
