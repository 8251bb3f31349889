//! Samples a model and names what was drawn.

use std::time::SystemTime;

use chainfire_engine::device::DeviceReport;
use chainfire_engine::draws::{
    Attribute, Coordinate, Group, InferenceData, Values, Variable as Array, provenance,
};
use chainfire_engine::mcmc::{Draws, Progress, RunRecord, SampleError, Transition};
use chainfire_engine::program::{Kind, Value};
use chainfire_engine::run::Settings;

use crate::error::ModelError;
use crate::model::{DrawLayout, Model, Role, Variable};
use crate::run::{Run, Sampled};

/// The posterior of a model: unconstrained draws with their statistics, and the same under the model's names.
#[derive(Debug)]
pub struct Posterior {
    /// What the sampler made.
    pub draws: Draws,
    /// Groups posterior, sample_stats, observed_data, constant_data; with the draws of warm-up also warmup_posterior
    /// and warmup_sample_stats.
    pub data: InferenceData,
    /// What the launches of a graphics processor have done.
    pub report: Option<DeviceReport>,
    /// Why the run ended before its end, when a device failed.
    pub failure: Option<ModelError>,
}

impl Model {
    /// Samples the posterior.
    ///
    /// # Errors
    /// Options out of range; a model that cannot become a program; no place to start, with the variable and row.
    pub fn sample(&self, settings: &Settings) -> Result<Posterior, ModelError> {
        settings.check_memory(self.dim(), self.dim())?;
        self.sample_with(settings, &Progress::new(settings.chains))
    }

    /// Samples the posterior; `progress` can be read, and the run stopped, from another thread.
    ///
    /// # Errors
    /// As [`Model::sample`].
    pub fn sample_with(&self, settings: &Settings, progress: &Progress) -> Result<Posterior, ModelError> {
        self.prepare(settings)?.posterior(progress)
    }
}

impl Run<'_> {
    /// Samples the posterior and names what was drawn.
    ///
    /// # Errors
    /// As [`Run::sample`].
    pub fn posterior(&self, progress: &Progress) -> Result<Posterior, ModelError> {
        let (model, settings) = (self.model(), self.settings());
        let layout = model.draw_layout()?;
        // While results are made, positions and the variables of the posterior, these twice, are there together.
        settings.check_memory(model.dim(), model.dim() + 2 * layout.rows())?;
        let Sampled { draws, report, failure } = self.sample(progress)?;
        let data = model.inference_data(&draws, settings, &layout)?;
        Ok(Posterior { draws, data, report, failure })
    }
}

impl Model {
    /// Names the variable and row that keep a chain from starting.
    pub(crate) fn explain_start(&self, error: SampleError) -> ModelError {
        match error {
            SampleError::Start { ref position, .. } => {
                ModelError::BadStart { message: self.explain(position, "the starting point") }
            }
            other => other.into(),
        }
    }

    fn inference_data(
        &self,
        draws: &Draws,
        settings: &Settings,
        layout: &DrawLayout,
    ) -> Result<InferenceData, ModelError> {
        let mut sampled = provenance(SystemTime::now());
        sampled.extend(of_run(&draws.record));
        sampled.extend([
            ("tuning_steps".to_string(), Attribute::Int(settings.tune as i64)),
            ("chains_per_start".to_string(), Attribute::Int(settings.chains_per_start() as i64)),
        ]);
        if draws.record.stopped_early {
            let most = draws.record.finished.iter().max().unwrap_or(&0);
            let note = format!(
                "stopped before the end: the chains had {} to {most} of {} draws and are cut to {}",
                draws.draws, settings.draws, draws.draws
            );
            sampled.push(("stopped_early".to_string(), Attribute::Text(note)));
        }
        let seen = statistics(draws.transitions.iter(), draws.chains, draws.draws);
        let mut groups = vec![
            self.draws_group("posterior", sampled.clone(), layout, &draws.positions, draws.chains)?,
            Group::new("sample_stats", sampled, grid(draws.chains, draws.draws), seen)?,
        ];
        if let Some(warmup) = &draws.warmup {
            let created = provenance(SystemTime::now());
            let statistics = statistics(warmup.transitions.iter(), draws.chains, warmup.draws);
            let grid = grid(draws.chains, warmup.draws);
            groups.extend([
                self.draws_group(
                    "warmup_posterior",
                    created.clone(),
                    layout,
                    &warmup.positions,
                    draws.chains,
                )?,
                Group::new("warmup_sample_stats", created, grid, statistics)?,
            ]);
        }
        groups.extend(self.data_groups()?);
        Ok(InferenceData::new(groups)?)
    }

    /// The groups observed_data and constant_data, where the model has such.
    pub(crate) fn data_groups(&self) -> Result<Vec<Group>, ModelError> {
        let mut groups = Vec::new();
        for (name, role) in [("observed_data", "observed"), ("constant_data", "data")] {
            let arrays: Vec<Array> = self
                .variables()
                .iter()
                .filter(|v| matches!((&v.role, role), (Role::Observed, "observed") | (Role::Data, "data")))
                .filter_map(|v| self.data(&v.name).map(|value| array(v, value)))
                .collect();
            if !arrays.is_empty() {
                let labels = self.labels_of(&arrays);
                groups.push(Group::new(name, provenance(SystemTime::now()), labels, arrays)?);
            }
        }
        Ok(groups)
    }

    /// A group of the variables of a layout at positions `[chains, draws, dim]`.
    pub(crate) fn draws_group(
        &self,
        name: &str,
        attributes: Vec<(String, Attribute)>,
        layout: &DrawLayout,
        positions: &[f64],
        chains: usize,
    ) -> Result<Group, ModelError> {
        let draws = positions.len() / (self.dim() * chains);
        let values = columns(layout, positions, chains * draws);
        let arrays = layout.variables.iter().zip(values).map(|((variable, _), values)| {
            let dims = [vec!["chain".to_string(), "draw".to_string()], axes(variable)].concat();
            let shape = [vec![chains, draws], variable.shape.clone()].concat();
            let name = variable.name.clone();
            Array { name, dims, shape, values: Values::Float(values), attributes: Vec::new() }
        });
        let arrays: Vec<Array> = arrays.collect();
        let mut coordinates = grid(chains, draws);
        coordinates.extend(self.labels_of(&arrays));
        Ok(Group::new(name, attributes, coordinates, arrays)?)
    }

    /// The coordinates that arrays use.
    pub(crate) fn labels_of(&self, arrays: &[Array]) -> Vec<(String, Coordinate)> {
        let used = |dim: &String| arrays.iter().any(|a| a.dims.contains(dim));
        self.coordinates().iter().filter(|(dim, _)| used(dim)).cloned().collect()
    }
}

/// Coordinates of chains and draws.
fn grid(chains: usize, draws: usize) -> Vec<(String, Coordinate)> {
    let count = |n: usize| Coordinate::Int((0..n as i64).collect());
    vec![("chain".into(), count(chains)), ("draw".into(), count(draws))]
}

/// The values of each variable of a layout at positions `[draws, dim]`.
pub(crate) fn columns(layout: &DrawLayout, positions: &[f64], draws: usize) -> Vec<Vec<f64>> {
    let numbers = if draws == 0 { Vec::new() } else { layout.draws(positions, draws) };
    let of_variable = |(variable, start): &(Variable, usize)| {
        let rows = numbers.chunks_exact(layout.rows());
        rows.flat_map(|draw| &draw[*start..start + variable.len()]).copied().collect()
    };
    layout.variables.iter().map(of_variable).collect()
}

/// Names of a variable's axes; those without a name are `{name}_dim_0` and so on, as ArviZ has them.
pub(crate) fn axes(variable: &Variable) -> Vec<String> {
    if variable.dims.is_empty() {
        (0..variable.shape.len()).map(|axis| format!("{}_dim_{axis}", variable.name)).collect()
    } else {
        variable.dims.clone()
    }
}

fn array(variable: &Variable, value: &Value) -> Array {
    let numbers = value.as_numbers().map(|n| n.to_vec()).unwrap_or_default();
    let values = match variable.kind {
        Kind::Float => Values::Float(numbers),
        Kind::Int => Values::Int(numbers.into_iter().map(|x| x as i64).collect()),
        Kind::Bool => Values::Bool(numbers.into_iter().map(|x| x != 0.0).collect()),
    };
    let (name, dims, shape) = (variable.name.clone(), axes(variable), variable.shape.clone());
    Array { name, dims, shape, values, attributes: Vec::new() }
}

/// Attributes of the groups with draws that are known when a run has ended.
pub(crate) fn of_run(record: &RunRecord) -> [(String, Attribute); 2] {
    [
        ("sampling_time".to_owned(), Attribute::Float(record.seconds())),
        ("moved_chains".to_owned(), Attribute::Int(record.moved_chains as i64)),
    ]
}

/// The variables of sample_stats, of draws that did this: those of PyMC but for times, which would differ from run to
/// run, the running count of `divergences`, and eigenvalues of the metric, which PyMC leaves NaN.
///
/// # Shapes
/// - `seen`: `[chains, draws]`
pub(crate) fn statistics<'a>(
    seen: impl Iterator<Item = &'a Transition> + Clone,
    chains: usize,
    draws: usize,
) -> Vec<Array> {
    let float = |of: fn(&Transition) -> f64| Values::Float(seen.clone().map(of).collect());
    let int = |of: fn(&Transition) -> i64| Values::Int(seen.clone().map(of).collect());
    let bool = |of: fn(&Transition) -> bool| Values::Bool(seen.clone().map(of).collect());
    [
        ("acceptance_rate", float(|seen| seen.acceptance_rate)),
        ("diverging", bool(|seen| seen.diverging)),
        ("energy", float(|seen| seen.energy)),
        ("energy_error", float(|seen| seen.energy_error)),
        ("index_in_trajectory", int(|seen| seen.index_in_trajectory.into())),
        ("lp", float(|seen| seen.log_density)),
        ("max_energy_error", float(|seen| seen.max_energy_error)),
        ("n_steps", int(|seen| seen.n_steps.into())),
        ("reached_max_treedepth", bool(|seen| seen.reached_max_treedepth)),
        ("step_size", float(|seen| seen.step_size)),
        ("step_size_bar", float(|seen| seen.step_size_bar)),
        ("tree_depth", int(|seen| seen.tree_depth.into())),
    ]
    .into_iter()
    .map(|(name, values)| Array::new(name, &["chain", "draw"], &[chains, draws], values))
    .collect()
}
