//! Sample and keep what describes the posterior, with the last draws, where there are too many draws to keep.
//!
//! ```text
//! moments         mean, sd, five quantiles and nested R-hat of every number, over the dimension `statistic`
//! posterior       the last draws of each chain
//! sample_stats    of those draws
//! ```
//!
//! Everything is in the checkpoint until the run ends.

use std::collections::VecDeque;
use std::path::Path;
use std::time::SystemTime;

use chainfire_engine::device::DeviceReport;
use chainfire_engine::draws::{
    Attribute, Coordinate, DrawsError, Group, InferenceData, MOMENTS, MomentsKeeper, Values,
    Variable as Array, provenance, write_netcdf,
};
use chainfire_engine::mcmc::{Block, Progress, RunRecord, Sink, SinkError, Snapshot, Transition};
use chainfire_engine::run::Settings;
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::model::{DrawLayout, Model};
use crate::posterior::{axes, of_run, statistics};
use crate::run::Run;
use crate::storage::{Contents, Journal};
use crate::stream::VALUES_AT_ONCE;

impl Run<'_> {
    /// Samples the posterior and keeps its moments and the `last` draws of each chain; memory does not grow with the
    /// draws. Superchains of nested R-hat are the chains that start at one place.
    ///
    /// # Errors
    /// As [`Run::sample_into`].
    pub fn sample_moments(
        &self,
        last: usize,
        progress: &Progress,
    ) -> Result<(RunRecord, Option<DeviceReport>, InferenceData), ModelError> {
        let mut sink = self.moments_sink(last)?;
        let (record, report) = self.sample_into(progress, &mut sink, &[])?;
        let data = self.model().moments_data(&sink, self.settings(), &record)?;
        Ok((record, report, data))
    }

    /// Samples moments into a file; tells whether there is something in it. `earlier` is what an earlier run was to
    /// make, and what it kept.
    pub(crate) fn store_moments(
        &self,
        last: usize,
        progress: &Progress,
        output: &Path,
        journal: Journal,
        earlier: Option<(usize, Contents)>,
    ) -> Result<(RunRecord, Option<DeviceReport>, bool), ModelError> {
        let mut sink = self.moments_sink(last)?;
        let is_new = earlier.is_none();
        match earlier {
            Some((_, Contents::Draws(_))) => {
                return Err(ModelError::Storage(DrawsError::OtherFile { path: output.to_owned() }));
            }
            Some((_, Contents::Moments(state))) => sink.state = state,
            None => {}
        }
        let snapshots = journal.snapshots().to_vec();
        sink.journal = Some(journal);
        sink.write_checkpoint(false).map_err(ModelError::Storage)?;
        let (record, report) = self.sample_into(progress, &mut sink, &snapshots)?;
        if record.stopped_early && sink.state.keeper.draws() == 0 && is_new {
            return Ok((record, report, false));
        }
        let data = self.model().moments_data(&sink, self.settings(), &record)?;
        write_netcdf(&data, output).map_err(ModelError::Storage)?;
        sink.write_checkpoint(!record.stopped_early).map_err(ModelError::Storage)?;
        Ok((record, report, true))
    }

    fn moments_sink(&self, last: usize) -> Result<MomentsSink, ModelError> {
        let (model, chains) = (self.model(), self.settings().chains);
        let layout = model.draw_layout()?;
        let state = MomentsState::new(chains, layout.rows(), last);
        Ok(MomentsSink { layout, dim: model.dim(), last, state, journal: None })
    }
}

impl Model {
    fn moments_data(
        &self,
        sink: &MomentsSink,
        settings: &Settings,
        record: &RunRecord,
    ) -> Result<InferenceData, ModelError> {
        let mut attributes = provenance(SystemTime::now());
        attributes.extend(of_run(record));
        attributes.extend([
            ("tuning_steps".to_owned(), Attribute::Int(settings.tune as i64)),
            ("draws".to_owned(), Attribute::Int(sink.state.keeper.draws() as i64)),
            ("divergences".to_owned(), Attribute::Int(sink.state.divergences as i64)),
        ]);
        let numbers = sink.layout.rows();
        let (moments, draws) =
            (sink.state.keeper.moments(settings.chains_per_start()), sink.state.keeper.last_draws());
        let count = draws.len() / (settings.chains * numbers);
        let mut arrays = [Vec::new(), Vec::new()];
        for (variable, start) in &sink.layout.variables {
            let places = *start..start + variable.len();
            // The statistic comes first in the group, and the number first in what the keeper gives.
            let of_statistic = |at: usize| places.clone().map(move |number| (number, at));
            let described = (0..MOMENTS.len()).flat_map(of_statistic);
            let described = described.map(|(number, at)| moments[number * MOMENTS.len() + at]).collect();
            let kept = draws.chunks_exact(numbers).flat_map(|draw| &draw[places.clone()]).copied().collect();
            let array = |leading: &[(&str, usize)], values| Array {
                name: variable.name.clone(),
                dims: leading.iter().map(|(dim, _)| (*dim).to_owned()).chain(axes(variable)).collect(),
                shape: leading.iter().map(|(_, length)| *length).chain(variable.shape.clone()).collect(),
                values: Values::Float(values),
                attributes: Vec::new(),
            };
            arrays[0].push(array(&[("statistic", MOMENTS.len())], described));
            arrays[1].push(array(&[("chain", settings.chains), ("draw", count)], kept));
        }
        let [moments, posterior] = arrays;
        let mut labels = self.labels_of(&moments);
        labels.push(("statistic".to_owned(), Coordinate::from(MOMENTS)));
        let seen = sink.state.transitions.iter().flat_map(|chain| chain.iter().skip(chain.len() - count));
        let mut groups = vec![
            Group::new("posterior", attributes.clone(), self.labels_of(&posterior), posterior)?,
            Group::new(
                "sample_stats",
                attributes.clone(),
                Vec::new(),
                statistics(seen, settings.chains, count),
            )?,
            Group::new("moments", attributes, labels, moments)?,
        ];
        groups.extend(self.data_groups()?);
        Ok(InferenceData::new(groups)?)
    }
}

/// What is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct MomentsState {
    keeper: MomentsKeeper,
    /// What the last draws of each chain did.
    transitions: Vec<VecDeque<Transition>>,
    /// How many of all draws ended in a divergence.
    divergences: u64,
}

impl MomentsState {
    fn new(chains: usize, numbers: usize, last: usize) -> Self {
        let keeper = MomentsKeeper::new(chains, numbers, last);
        Self { keeper, transitions: vec![VecDeque::new(); chains], divergences: 0 }
    }
}

/// Takes blocks into the keeper; draws that come a second time, after a checkpoint, are passed over.
struct MomentsSink {
    layout: DrawLayout,
    dim: usize,
    last: usize,
    state: MomentsState,
    /// Where checkpoints go, if there are any.
    journal: Option<Journal>,
}

impl MomentsSink {
    fn write_checkpoint(&mut self, is_finished: bool) -> Result<(), DrawsError> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        // The state is lent to the checkpoint while that is written.
        let state = std::mem::replace(&mut self.state, MomentsState::new(0, 0, 0));
        let (contents, written) = journal.write(Contents::Moments(state), is_finished);
        if let Contents::Moments(state) = contents {
            self.state = state;
        }
        written
    }
}

impl Sink for MomentsSink {
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        if block.is_warmup {
            return Ok(());
        }
        let MomentsState { keeper, transitions, divergences } = &mut self.state;
        let known = keeper.draws_of(block.chain).saturating_sub(block.first);
        let at_once = (VALUES_AT_ONCE / (size_of::<f64>() * self.layout.rows().max(1))).max(1);
        for (part, positions) in block.positions.chunks(at_once * self.dim).enumerate() {
            let values = self.layout.draws(positions, positions.len() / self.dim);
            keeper.push(block.chain, block.first + part * at_once, &values);
        }
        let new = block.transitions.iter().skip(known);
        *divergences += new.clone().filter(|seen| seen.diverging).count() as u64;
        let kept = &mut transitions[block.chain];
        kept.extend(new);
        kept.drain(..kept.len().saturating_sub(self.last));
        Ok(())
    }

    fn checkpoint(&mut self, snapshot: Snapshot) -> Result<(), SinkError> {
        if self.journal.as_mut().is_some_and(|journal| journal.is_due(snapshot)) {
            self.write_checkpoint(false).map_err(SinkError::new)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chainfire_engine::device::Device;

    use super::*;
    use crate::distributions::Normal;

    #[test]
    fn moments_are_those_of_all_draws_and_the_last_are_kept() {
        let model = Model::new(|scope| {
            let mu = scope.sample("mu", Normal::new(0.0, 5.0))?;
            scope.observe("y", Normal::new(mu, 1.0), [1.0, 2.5, 0.7])?;
            Ok(())
        });
        let model = model.unwrap();
        let (device, defaults) = (Device::Cpu, Settings::default());
        let settings = Settings { chains: 4, draws: 150, tune: 150, seed: 3, device, ..defaults };
        let run = model.prepare(&settings).unwrap();
        let (_, _, kept) = run.sample_moments(10, &Progress::new(4)).unwrap();
        let whole = model.sample(&settings).unwrap().data;
        let mu = |data: &InferenceData, group: &str, name: &str| {
            let values = &data.require(group).unwrap().variable(name).unwrap().values;
            (0..values.len()).map(|at| values.number(at).unwrap()).collect::<Vec<f64>>()
        };
        let all = mu(&whole, "posterior", "mu");
        let moments = mu(&kept, "moments", "mu");
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let squares = all.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        assert!((moments[0] - mean).abs() < 1e-12 && moments.len() == 8, "{moments:?} {mean}");
        assert!((moments[1] - (squares / (all.len() as f64 - 1.0)).sqrt()).abs() < 1e-12, "{moments:?}");
        // A draw may stand there several times.
        let below = all.iter().filter(|&&value| value < moments[4]).count();
        let at_most = all.iter().filter(|&&value| value <= moments[4]).count();
        assert!(below <= 301 && at_most >= 299, "{below} of 600 are below the median, {at_most} at most it");
        for (group, name) in [("posterior", "mu"), ("sample_stats", "lp")] {
            let expected: Vec<f64> =
                mu(&whole, group, name).chunks(150).flat_map(|chain| chain[140..].to_vec()).collect();
            assert_eq!(mu(&kept, group, name), expected);
        }
    }
}
