//! Chains on a graphics processor, moved together.
//!
//! A device's buffers may be too small for all chains: they are then dealt to *parts*, which run one after the other
//! with the same tuning.
//!
//! Before the first kept draw, log densities of some chains are compared with those of the CPU in double precision: the
//! deviation of the difference is the *energy noise*, by which the acceptance of draws is wrong.

use chainfire_kernels::tape::{GpuDevice, GpuError, GpuNuts, GpuProgram, Tape};

use super::DeviceReport;
use crate::adaptation::{Moments, Whitening};
use crate::density::LogDensity;
use crate::mcmc::{
    Block, Divergence, Ensemble, EnsembleTuning, Placed, PooledMoments, Progress, SampleError, Sink,
    SinkError, Transition,
};
use crate::run::Settings;

/// The chains of a run on a device.
pub struct GpuEnsemble<'a> {
    parts: Vec<Part>,
    exact: &'a dyn LogDensity,
    dim: usize,
    chains: usize,
    is_warmup: bool,
    energy_noise: Option<f64>,
    /// Leapfrog steps of warm-up, issued and useful.
    warmup_steps: [u64; 2],
}

/// Chains whose log densities are compared.
const PROBED: usize = 64;

/// Chains `first..first + chains`.
struct Part {
    nuts: GpuNuts,
    first: usize,
    chains: usize,
}

impl<'a> GpuEnsemble<'a> {
    /// Makes room for the chains of a run on `device`; trees have at most `max_treedepth` doublings. `exact` is the
    /// target of `tape` in double precision.
    ///
    /// # Errors
    /// When not even one chain fits, or the driver fails.
    pub fn new(
        tape: &Tape,
        exact: &'a dyn LogDensity,
        device: &GpuDevice,
        chains: usize,
        seed: u64,
        max_treedepth: usize,
    ) -> Result<Self, GpuError> {
        let program = GpuProgram::new(tape, device)?;
        let most = GpuNuts::chains_that_fit(&program, max_treedepth).max(1);
        // Parts of nearly one size: a small last one would waste the device.
        let size = chains.div_ceil(chains.div_ceil(most));
        let parts = (0..chains).step_by(size).map(|first| {
            let chains = size.min(chains - first);
            let program = GpuProgram::new(tape, device)?;
            Ok(Part {
                nuts: GpuNuts::new(program, chains, seed, first as u32, max_treedepth)?,
                first,
                chains,
            })
        });
        let parts = parts.collect::<Result<_, GpuError>>()?;
        Ok(Self {
            parts,
            exact,
            dim: tape.dim,
            chains,
            is_warmup: true,
            energy_noise: None,
            warmup_steps: [0; 2],
        })
    }

    /// Whether a run can be made on a device, or why not.
    ///
    /// # Errors
    /// What the device lacks for it, as a sentence without its end.
    pub fn check(tape: &Tape, device: &GpuDevice, settings: &Settings) -> Result<(), String> {
        if !settings.metric.is_diagonal() {
            return Err("a graphics processor has diagonal metrics only".into());
        }
        let program = GpuProgram::new(tape, device).map_err(|error| error.to_string())?;
        match GpuNuts::chains_that_fit(&program, settings.max_treedepth) {
            0 => Err(format!("not even one chain fits into the buffers of {}", device.name())),
            _ => Ok(()),
        }
    }

    /// What the launches have done so far.
    pub fn report(&self) -> DeviceReport {
        let reports = || self.parts.iter().map(|part| part.nuts.report());
        let [issued, useful] = self.steps();
        DeviceReport {
            launches: reports().map(|part| part.launches).sum(),
            issued: issued - self.warmup_steps[0],
            useful: useful - self.warmup_steps[1],
            seconds: reports().map(|part| part.seconds).sum(),
            energy_noise: self.energy_noise,
        }
    }

    /// Leapfrog steps so far, issued and useful.
    fn steps(&self) -> [u64; 2] {
        let reports = || self.parts.iter().map(|part| part.nuts.report());
        [reports().map(|part| part.issued).sum(), reports().map(|part| part.useful).sum()]
    }

    /// The deviation of the error of log densities over some chains, where they are.
    fn measure_noise(&mut self) -> Result<f64, SampleError> {
        let places = self.places()?;
        let chains = self.chains.min(PROBED);
        let (mut log_density, mut gradient) = (vec![0.0; chains], vec![0.0; chains * self.dim]);
        let position = &places.position[..chains * self.dim];
        self.exact.evaluator().evaluate(position, &mut log_density, &mut gradient);
        let errors = places.log_density.iter().zip(&log_density).map(|(seen, exact)| seen - exact);
        let mean = errors.clone().sum::<f64>() / chains as f64;
        Ok((errors.map(|error| (error - mean).powi(2)).sum::<f64>() / chains as f64).sqrt())
    }
}

fn failed(error: GpuError) -> SampleError {
    SampleError::Executor(Box::new(error))
}

impl Ensemble for GpuEnsemble<'_> {
    fn dim(&self) -> usize {
        self.dim
    }

    fn chains(&self) -> usize {
        self.chains
    }

    fn place(&mut self, position: &[f64], draw: usize) -> Result<Placed, SampleError> {
        let dim = self.dim;
        // The chains are where single precision puts them.
        let position: Vec<f64> = position.iter().map(|&x| f64::from(x as f32)).collect();
        let mut placed = Placed { position, log_density: Vec::new(), gradient: Vec::new() };
        for Part { nuts, first, chains } in &mut self.parts {
            let rows = *first * dim..(*first + *chains) * dim;
            let (log_density, gradient) = nuts.place(&placed.position[rows], draw as u32).map_err(failed)?;
            placed.log_density.extend(log_density);
            placed.gradient.extend(gradient);
        }
        Ok(placed)
    }

    fn tune(&mut self, tuning: &EnsembleTuning) -> Result<(), SampleError> {
        let mut scales = Vec::with_capacity(tuning.chains.len() * self.dim);
        for chain in &tuning.chains {
            let Whitening::Diagonal(scale) = &chain.whitening else {
                return Err(SampleError::Setting {
                    option: "metric",
                    seen: "not diagonal".into(),
                    allowed: "`fisher`, `variance` or `unit` on a graphics processor; run the others with --device cpu",
                });
            };
            scales.extend_from_slice(scale);
        }
        if self.is_warmup && !tuning.is_warmup {
            self.warmup_steps = self.steps();
        }
        self.is_warmup = tuning.is_warmup;
        if !tuning.is_warmup && self.energy_noise.is_none() {
            self.energy_noise = Some(self.measure_noise()?);
        }
        let step_sizes: Vec<f64> = tuning.chains.iter().map(|chain| chain.step_size).collect();
        for Part { nuts, first, chains } in &mut self.parts {
            let of_part = if step_sizes.len() == 1 { 0..1 } else { *first..*first + *chains };
            let scales = &scales[of_part.start * self.dim..of_part.end * self.dim];
            nuts.tune(&step_sizes[of_part], scales, tuning.max_treedepth).map_err(failed)?;
        }
        Ok(())
    }

    fn run(
        &mut self,
        draws: usize,
        progress: &Progress,
        mut sink: Option<&mut dyn Sink>,
    ) -> Result<Vec<Transition>, SampleError> {
        let mut last = Vec::with_capacity(self.chains);
        let is_warmup = self.is_warmup;
        for Part { nuts, first, .. } in &mut self.parts {
            let mut refused: Option<SinkError> = None;
            let keeps = sink.is_some();
            let is_refused = std::cell::Cell::new(false);
            let seen =
                nuts.run(draws as u32, keeps, &|| is_refused.get() || progress.is_stopped(), &mut |block| {
                    let Some(sink) = sink.as_deref_mut() else { return };
                    let chain = *first + block.chain;
                    block.transitions.iter().for_each(|seen| progress.record(chain, seen, is_warmup));
                    let divergences: Vec<Divergence> = block
                        .divergences
                        .iter()
                        .map(|seen| Divergence {
                            chain,
                            draw: block.first_draw + seen.draw,
                            start: seen.start.clone(),
                            end: seen.end.clone(),
                        })
                        .collect();
                    let written = sink.write(&Block {
                        chain,
                        first: block.first_draw,
                        is_warmup,
                        positions: block.positions,
                        transitions: block.transitions,
                        divergences: &divergences,
                    });
                    if let Err(error) = written {
                        refused.get_or_insert(error);
                        is_refused.set(true);
                    }
                });
            let seen = seen.map_err(failed)?;
            if let Some(error) = refused {
                return Err(error.into());
            }
            if !keeps {
                let made = seen.iter().enumerate().filter(|(_, seen)| seen.n_steps > 0);
                made.for_each(|(chain, seen)| progress.record(*first + chain, seen, is_warmup));
            }
            last.extend(seen);
        }
        Ok(last)
    }

    fn moments(&mut self, least_log_density: f64) -> Result<PooledMoments, SampleError> {
        let mut all = PooledMoments::new(self.dim);
        for part in &mut self.parts {
            let seen = part.nuts.moments(least_log_density).map_err(failed)?;
            let count = seen.chains as f64;
            all.position.merge(&Moments { count, mean: seen.position_mean, squares: seen.position_squares });
            all.gradient.merge(&Moments { count, mean: seen.gradient_mean, squares: seen.gradient_squares });
        }
        Ok(all)
    }

    fn issued(&self) -> u64 {
        self.steps()[0]
    }

    fn places(&mut self) -> Result<Placed, SampleError> {
        let mut placed = Placed { position: Vec::new(), log_density: Vec::new(), gradient: Vec::new() };
        for part in &mut self.parts {
            let seen = part.nuts.places().map_err(failed)?;
            placed.position.extend(seen.position);
            placed.log_density.extend(seen.log_density);
            placed.gradient.extend(seen.gradient);
        }
        Ok(placed)
    }
}
