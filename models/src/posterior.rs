//! Samples a model and names what was drawn.

use std::time::SystemTime;

use chainfire_engine::draws::{
    Attribute, Coordinate, Group, InferenceData, Values, Variable as Array, provenance,
};
use chainfire_engine::mcmc::{Draws, Progress, SampleError};
use chainfire_engine::program::{Kind, Value};
use chainfire_engine::run::{self, Settings};

use crate::error::ModelError;
use crate::model::{DrawLayout, Model, Role, Variable};

/// The posterior of a model: unconstrained draws with their statistics, and the same under the model's names.
#[derive(Debug)]
pub struct Posterior {
    /// What the sampler made.
    pub draws: Draws,
    /// Groups posterior, sample_stats, observed_data, constant_data.
    pub data: InferenceData,
}

impl Model {
    /// Samples the posterior with NUTS.
    ///
    /// # Errors
    /// Options out of range; a model that cannot become a program; no place to start, with the variable and row.
    pub fn sample(&self, settings: &Settings) -> Result<Posterior, ModelError> {
        settings.check_memory(self.dim(), self.dim())?;
        self.sample_with(settings, &Progress::new(settings.chains))
    }

    /// Samples the posterior with NUTS; `progress` can be read, and the run stopped, from another thread.
    ///
    /// # Errors
    /// As [`Model::sample`].
    pub fn sample_with(&self, settings: &Settings, progress: &Progress) -> Result<Posterior, ModelError> {
        settings.validate()?;
        let density = self.density()?;
        let layout = self.draw_layout()?;
        // While results are made, positions and the variables of the posterior, these twice, are there together.
        settings.check_memory(self.dim(), self.dim() + 2 * layout.rows())?;
        let draws =
            run::sample(&density, self.initial_position(), settings, progress).map_err(
                |error| match error {
                    SampleError::Start { ref position, .. } => {
                        ModelError::BadStart { message: self.explain(position, "the starting point") }
                    }
                    other => other.into(),
                },
            )?;
        let data = self.inference_data(&draws, settings, &layout)?;
        Ok(Posterior { draws, data })
    }

    fn inference_data(
        &self,
        draws: &Draws,
        settings: &Settings,
        layout: &DrawLayout,
    ) -> Result<InferenceData, ModelError> {
        let created = provenance(SystemTime::now());
        let mut sampled = created.clone();
        sampled.extend([
            ("sampling_time".to_string(), Attribute::Float(draws.warmup_seconds + draws.draw_seconds)),
            ("tuning_steps".to_string(), Attribute::Int(settings.tune as i64)),
        ]);
        if draws.stopped_early {
            let most = draws.finished.iter().max().unwrap_or(&0);
            let note = format!(
                "stopped before the end: the chains had {} to {most} of {} draws and are cut to {}",
                draws.draws, settings.draws, draws.draws
            );
            sampled.push(("stopped_early".to_string(), Attribute::Text(note)));
        }
        let mut groups = vec![
            self.posterior_group(draws, sampled.clone(), layout)?,
            Group::new("sample_stats", sampled, grid(draws), statistics(draws))?,
        ];
        for (name, role) in [("observed_data", "observed"), ("constant_data", "data")] {
            let arrays: Vec<Array> = self
                .variables()
                .iter()
                .filter(|v| matches!((&v.role, role), (Role::Observed, "observed") | (Role::Data, "data")))
                .filter_map(|v| self.data(&v.name).map(|value| array(v, value)))
                .collect();
            if !arrays.is_empty() {
                groups.push(Group::new(name, created.clone(), self.labels_of(&arrays), arrays)?);
            }
        }
        Ok(InferenceData::new(groups)?)
    }

    fn posterior_group(
        &self,
        draws: &Draws,
        attributes: Vec<(String, Attribute)>,
        layout: &DrawLayout,
    ) -> Result<Group, ModelError> {
        let count = draws.chains * draws.draws;
        let (rows, numbers) = (layout.rows(), layout.draws(&draws.positions, count));
        let arrays: Vec<Array> = layout
            .variables
            .iter()
            .map(|(variable, start)| {
                let len = variable.len();
                let mut values = Vec::with_capacity(count * len);
                for draw in numbers.chunks_exact(rows) {
                    values.extend_from_slice(&draw[*start..start + len]);
                }
                let dims = [vec!["chain".to_string(), "draw".to_string()], axes(variable)].concat();
                let shape = [vec![draws.chains, draws.draws], variable.shape.clone()].concat();
                let name = variable.name.clone();
                Array { name, dims, shape, values: Values::Float(values), attributes: Vec::new() }
            })
            .collect();
        let mut coordinates = grid(draws);
        coordinates.extend(self.labels_of(&arrays));
        Ok(Group::new("posterior", attributes, coordinates, arrays)?)
    }

    /// The coordinates that arrays use.
    fn labels_of(&self, arrays: &[Array]) -> Vec<(String, Coordinate)> {
        let used = |dim: &String| arrays.iter().any(|a| a.dims.contains(dim));
        self.coordinates().iter().filter(|(dim, _)| used(dim)).cloned().collect()
    }
}

/// Coordinates of chains and draws.
fn grid(draws: &Draws) -> Vec<(String, Coordinate)> {
    let count = |n: usize| Coordinate::Int((0..n as i64).collect());
    vec![("chain".into(), count(draws.chains)), ("draw".into(), count(draws.draws))]
}

/// Names of a variable's axes; those without a name are `{name}_dim_0` and so on, as ArviZ has them.
fn axes(variable: &Variable) -> Vec<String> {
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

fn statistics(draws: &Draws) -> Vec<Array> {
    let seen = &draws.statistics;
    let whole = |counts: &[u32]| Values::Int(counts.iter().map(|&n| i64::from(n)).collect());
    let float = |numbers: &[f64]| Values::Float(numbers.to_vec());
    [
        ("acceptance_rate", float(&seen.acceptance_rate)),
        ("diverging", Values::Bool(seen.diverging.clone())),
        ("energy", float(&seen.energy)),
        ("energy_error", float(&seen.energy_error)),
        ("index_in_trajectory", Values::Int(seen.index_in_trajectory.clone())),
        ("lp", float(&seen.lp)),
        ("max_energy_error", float(&seen.max_energy_error)),
        ("n_steps", whole(&seen.n_steps)),
        ("reached_max_treedepth", Values::Bool(seen.reached_max_treedepth.clone())),
        ("step_size", float(&seen.step_size)),
        ("step_size_bar", float(&seen.step_size_bar)),
        ("tree_depth", whole(&seen.tree_depth)),
    ]
    .into_iter()
    .map(|(name, values)| Array::new(name, &["chain", "draw"], &[draws.chains, draws.draws], values))
    .collect()
}
