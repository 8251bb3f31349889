//! Sample into a file: draws go to disk as they are made, and a run that was killed goes on where it was.
//!
//! ```text
//! block of positions -> every `thin`th -> constrained values and deterministics -> their places in the file
//! now and then: file to disk, then the checkpoint (how far the file is, the state of the chains)
//! ```
//!
//! Memory holds one block for each chain, whatever the number of draws.

use std::iter;
use std::path::Path;
use std::time::SystemTime;

use chainfire_engine::device::DeviceReport;
use chainfire_engine::draws::{
    Attribute, Column, Coordinate, DrawsError, Group, Growing, NetcdfStream, Template, Values,
    Variable as Array, provenance,
};
use chainfire_engine::mcmc::{
    Block, Divergence, Progress, RunRecord, SampleError, Sink, SinkError, Snapshot,
};
use chainfire_engine::run::Settings;

use crate::error::ModelError;
use crate::model::{DrawLayout, Model, Role, Variable};
use crate::posterior::{columns, of_run, statistics};
use crate::run::Run;
use crate::storage::{Contents, Journal, Selection, made_at};

/// Bytes of constrained values that are computed at a time, unless one draw has more.
pub(crate) const VALUES_AT_ONCE: usize = 4 << 20;
/// Bytes kept for the places of divergences.
const DIVERGENCES: usize = 16 << 20;
/// Most divergences of a chain that are kept.
const DIVERGENCES_OF_A_CHAIN: usize = 100;

impl Run<'_> {
    /// Samples into a file; tells whether there is something in it. `earlier` is what an earlier run was to make, and
    /// where it stopped.
    pub(crate) fn store_draws(
        &self,
        selection: &Selection,
        progress: &Progress,
        output: &Path,
        journal: Journal,
        earlier: Option<(usize, Contents)>,
    ) -> Result<(RunRecord, Option<DeviceReport>, bool), ModelError> {
        let (model, settings) = (self.model(), self.settings());
        let layout = model.kept_layout(selection)?;
        let is_new = earlier.is_none();
        let stream = match earlier {
            Some((_, Contents::Moments(_))) => Err(DrawsError::OtherFile { path: output.to_owned() }),
            Some((draws, Contents::Draws(state))) if settings.draws > draws => {
                let room = [settings.draws, settings.tune].map(|draws| draws.div_ceil(selection.thin));
                NetcdfStream::extend(output, state, &room[..phases(settings)])
            }
            Some((_, Contents::Draws(state))) => NetcdfStream::resume(output, state),
            None => {
                let growing = model.growing_groups(settings, selection, &layout)?;
                NetcdfStream::create(output, &growing, &model.fixed_groups(settings)?)
            }
        };
        let mut stream = stream.map_err(ModelError::Storage)?;
        let snapshots = journal.snapshots().to_vec();
        if !is_new {
            for chain in 0..settings.chains {
                let made = made_at(&snapshots, chain, settings.tune);
                for (phase, made) in made.into_iter().enumerate().take(phases(settings)) {
                    stream.rewind(phase, chain, made.div_ceil(selection.thin));
                }
            }
        }
        let mut sink = FileSink { layout, dim: model.dim(), stream, thin: selection.thin, journal };
        sink.write_checkpoint().map_err(ModelError::Storage)?;
        let (record, report) = self.sample_into(progress, &mut sink, &snapshots)?;
        let kept = sink.stream.draws(0);
        if record.stopped_early && kept == 0 && is_new {
            return Ok((record, report, false));
        }
        let mut attributes = of_run(&record).to_vec();
        if record.stopped_early {
            let note = format!("stopped before the end: the chains are cut to {kept} draws");
            attributes.push(("stopped_early".to_owned(), Attribute::Text(note)));
        }
        sink.finish(&attributes, !record.stopped_early).map_err(ModelError::Storage)?;
        Ok((record, report, true))
    }
}

impl Model {
    /// The variables that a file keeps.
    fn kept_layout(&self, selection: &Selection) -> Result<DrawLayout, ModelError> {
        if selection.thin == 0 {
            let (option, seen, allowed) = ("thin", "0".to_owned(), "1 or more");
            return Err(SampleError::Setting { option, seen, allowed }.into());
        }
        let mut layout = self.draw_layout()?;
        if let Some(names) = &selection.variables {
            let known: Vec<&str> = layout.variables.iter().map(|(v, _)| v.name.as_str()).collect();
            if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
                return Err(ModelError::NoSuchResult { name: name.clone(), known: known.join(", ") });
            }
            layout.variables.retain(|(variable, _)| names.contains(&variable.name));
        }
        Ok(layout)
    }

    /// The groups that get draws: those kept and, if asked for, those of warm-up.
    fn growing_groups(
        &self,
        settings: &Settings,
        selection: &Selection,
        layout: &DrawLayout,
    ) -> Result<Vec<Growing>, ModelError> {
        let mut attributes = provenance(SystemTime::now());
        attributes.push(("tuning_steps".to_owned(), Attribute::Int(settings.tune as i64)));
        attributes.push(("chains_per_start".to_owned(), Attribute::Int(settings.chains_per_start() as i64)));
        if selection.thin > 1 {
            attributes.push(("thinning".to_owned(), Attribute::Int(selection.thin as i64)));
        }
        let kinds = [("", settings.draws), ("warmup_", settings.tune)];
        kinds[..phases(settings)]
            .iter()
            .map(|(prefix, draws)| {
                let (posterior, stats) = (format!("{prefix}posterior"), format!("{prefix}sample_stats"));
                let arrays = statistics(iter::empty(), settings.chains, 0);
                let templates = vec![
                    Template {
                        group: self.draws_group(
                            &posterior,
                            attributes.clone(),
                            layout,
                            &[],
                            settings.chains,
                        )?,
                        single: selection.single,
                    },
                    Template {
                        group: Group::new(&stats, attributes.clone(), Vec::new(), arrays)?,
                        single: false,
                    },
                ];
                Ok(Growing { templates, draws: draws.div_ceil(selection.thin) })
            })
            .collect()
    }

    /// Data, and the places of the first divergences of each chain.
    fn fixed_groups(&self, settings: &Settings) -> Result<Vec<Group>, ModelError> {
        let mut groups = self.data_groups()?;
        let (chains, dim) = (settings.chains, self.dim());
        let slots = divergence_slots(chains, dim);
        let places = ["chain", "divergence", "unconstrained"];
        let empty = || Values::Float(vec![f64::NAN; chains * slots * dim]);
        let arrays = vec![
            Array::new("draw_index", &places[..2], &[chains, slots], Values::Int(vec![-1; chains * slots])),
            Array::new("start", &places, &[chains, slots, dim], empty()),
            Array::new("end", &places, &[chains, slots, dim], empty()),
        ];
        let labels = vec![("unconstrained".to_owned(), Coordinate::Text(self.unconstrained_names()))];
        groups.push(Group::new("divergences", provenance(SystemTime::now()), labels, arrays)?);
        Ok(groups)
    }

    /// A name for each element of a position, such as `tau_log__` or `theta[3]`.
    fn unconstrained_names(&self) -> Vec<String> {
        let offset = |variable: &Variable| match variable.role {
            Role::Free { offset, .. } => offset,
            _ => self.dim(),
        };
        let offsets: Vec<usize> = self.free_variables().map(offset).chain([self.dim()]).collect();
        let lengths = offsets.windows(2).map(|pair| pair[1] - pair[0]);
        let named = self.free_variables().zip(lengths).flat_map(|(variable, length)| {
            let name = variable.value_name();
            let is_scalar = variable.shape.is_empty() && length == 1;
            (0..length).map(move |at| if is_scalar { name.clone() } else { format!("{name}[{at}]") })
        });
        named.collect()
    }
}

/// How many kinds of draws a file has: those kept, and those of warm-up when asked for.
fn phases(settings: &Settings) -> usize {
    if settings.keep_warmup && settings.tune > 0 { 2 } else { 1 }
}

/// Divergences of each chain that there is a place for.
fn divergence_slots(chains: usize, dim: usize) -> usize {
    (DIVERGENCES / (2 * size_of::<f64>() * chains * dim)).clamp(1, DIVERGENCES_OF_A_CHAIN)
}

/// Writes blocks into the file.
struct FileSink {
    layout: DrawLayout,
    dim: usize,
    stream: NetcdfStream,
    thin: usize,
    journal: Journal,
}

impl Sink for FileSink {
    fn write(&mut self, block: &Block<'_>) -> Result<(), SinkError> {
        let phase = usize::from(block.is_warmup);
        let dim = self.dim;
        let kept = (0..block.transitions.len()).filter(|at| (block.first + at).is_multiple_of(self.thin));
        let kept: Vec<usize> = kept.collect();
        let at_once = (VALUES_AT_ONCE / (size_of::<f64>() * self.layout.rows().max(1))).max(1);
        for part in kept.chunks(at_once) {
            let positions: Vec<f64> =
                part.iter().flat_map(|at| &block.positions[at * dim..][..dim]).copied().collect();
            let values = columns(&self.layout, &positions, part.len());
            let seen = part.iter().map(|&at| &block.transitions[at]);
            let statistics = statistics(seen, 1, part.len());
            let statistics = statistics.iter().filter_map(|array| column(&array.values));
            let all: Vec<Column<'_>> =
                values.iter().map(|values| Column::Float(values)).chain(statistics).collect();
            let first = (block.first + part[0]) / self.thin;
            self.stream.write(phase, block.chain, first, &all).map_err(SinkError::new)?;
        }
        if !block.is_warmup && !block.divergences.is_empty() {
            self.keep_divergences(block.chain, block.divergences).map_err(SinkError::new)?;
        }
        Ok(())
    }

    fn checkpoint(&mut self, snapshot: Snapshot) -> Result<(), SinkError> {
        if self.journal.is_due(snapshot) {
            self.write_checkpoint().map_err(SinkError::new)?;
        }
        Ok(())
    }
}

impl FileSink {
    /// Writes those divergences that there is a place for, each where it was if it is written again.
    fn keep_divergences(&mut self, chain: usize, divergences: &[Divergence]) -> Result<(), DrawsError> {
        let (group, dim) = ("divergences", self.dim);
        let mut known = self.stream.integers(group, "draw_index", chain)?;
        for divergence in divergences {
            let draw = divergence.draw as i64;
            let free = |&there: &i64| there == -1 || there == draw;
            let Some(slot) = known.iter().position(free) else { break };
            known[slot] = draw;
            for (variable, place) in [("start", &divergence.start), ("end", &divergence.end)] {
                self.stream.overwrite(group, variable, chain, slot * dim, Column::Float(place))?;
            }
            self.stream.overwrite(group, "draw_index", chain, slot, Column::Int(&[draw]))?;
        }
        Ok(())
    }

    fn write_checkpoint(&mut self) -> Result<(), DrawsError> {
        let state = self.stream.commit()?.clone();
        self.journal.write(Contents::Draws(state), false).1
    }

    /// Shows all draws; the checkpoint stays, so that the run can go on or be extended.
    fn finish(mut self, attributes: &[(String, Attribute)], is_finished: bool) -> Result<(), DrawsError> {
        let state = self.stream.finish(attributes)?;
        self.journal.write(Contents::Draws(state), is_finished).1
    }
}

fn column(values: &Values) -> Option<Column<'_>> {
    match values {
        Values::Float(values) => Some(Column::Float(values)),
        Values::Int(values) => Some(Column::Int(values)),
        Values::Bool(values) => Some(Column::Bool(values)),
        Values::Text(_) => None,
    }
}
