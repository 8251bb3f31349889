//! Approximates the posterior of a model and names what was found.

use std::time::SystemTime;

use chainfire_engine::draws::{Attribute, Group, InferenceData, Values, Variable as Array, provenance};
use chainfire_engine::vi::{self, Fit, FitError, FitProgress, FitSettings};

use crate::error::ModelError;
use crate::model::{Model, Role};

/// An approximation of the posterior of a model: unconstrained draws, and the same under the model's names.
#[derive(Debug)]
pub struct Approximation {
    /// What was found.
    pub fit: Fit,
    /// Groups posterior (one chain), sample_stats with log densities and the objective, observed_data, constant_data.
    pub data: InferenceData,
}

impl Model {
    /// Approximates the posterior.
    ///
    /// # Errors
    /// Options out of range; a model that cannot become a program; no place to start, with the variable and row; no
    /// optimum, with the variable.
    pub fn fit(&self, settings: &FitSettings) -> Result<Approximation, ModelError> {
        self.fit_with(settings, &FitProgress::new())
    }

    /// Approximates the posterior; `progress` can be read, and the fit stopped, from another thread.
    ///
    /// # Errors
    /// As [`Model::fit`].
    pub fn fit_with(
        &self,
        settings: &FitSettings,
        progress: &FitProgress,
    ) -> Result<Approximation, ModelError> {
        settings.validate().map_err(|error| self.explain_fit(error))?;
        let layout = self.draw_layout()?;
        let initial = self.initial_position();
        let fit = match self.minibatch() {
            Some(batches) if settings.method.takes_batches() => {
                vi::fit_batches(&self.row_density(batches)?, batches.size, initial, settings, progress)
            }
            _ => vi::fit(&self.density()?, initial, settings, progress),
        };
        let fit = fit.map_err(|error| self.explain_fit(error))?;
        let mut attributes = provenance(SystemTime::now());
        attributes.extend(described(&fit));
        let shape = [1, fit.draws()];
        let statistic = |name, values: &[f64]| {
            Array::new(name, &["chain", "draw"], &shape, Values::Float(values.to_vec()))
        };
        let mut statistics = vec![statistic("lp", &fit.log_density)];
        if !fit.log_q.is_empty() {
            statistics.push(statistic("log_q", &fit.log_q));
        }
        let history = Values::Float(fit.objective.clone());
        statistics.push(Array::new("objective", &["iteration"], &[fit.objective.len()], history));
        let mut groups = vec![
            self.draws_group("posterior", attributes.clone(), &layout, &fit.positions, 1)?,
            Group::new("sample_stats", attributes, Vec::new(), statistics)?,
        ];
        groups.extend(self.data_groups()?);
        let data = InferenceData::new(groups)?;
        Ok(Approximation { fit, data })
    }

    /// Names the variable that a fit failed at.
    fn explain_fit(&self, error: FitError) -> ModelError {
        let element = match error {
            FitError::Start { ref position, .. } => {
                return ModelError::BadStart { message: self.explain(position, "the starting point") };
            }
            FitError::NotFinite { element, .. }
            | FitError::NoOptimum { element, .. }
            | FitError::NotDefinite { element } => Some(element),
            _ => None,
        };
        let named = element.and_then(|at| {
            self.free_variables().find_map(|variable| match variable.role {
                Role::Free { offset, .. } if (offset..offset + variable.len()).contains(&at) => {
                    let value = variable.value_name();
                    Some(format!("; element {at} belongs to `{}` (`{value}`)", variable.element(at - offset)))
                }
                _ => None,
            })
        });
        ModelError::Fit { source: error, place: named.unwrap_or_default() }
    }
}

/// What a file says of a fit.
fn described(fit: &Fit) -> Vec<(String, Attribute)> {
    let text = |text: String| Attribute::Text(text);
    let mut attributes = vec![
        ("sampling_time".to_string(), Attribute::Float(fit.seconds)),
        ("inference_method".to_string(), text(fit.method.to_string())),
        ("objective_name".to_string(), text(fit.method.objective().to_string())),
        ("outcome".to_string(), text(fit.outcome.to_string())),
        ("verdict".to_string(), text(fit.verdict())),
        ("gradients".to_string(), Attribute::Int(fit.gradients as i64)),
    ];
    if let Some(k_hat) = fit.k_hat {
        attributes.push(("k_hat".to_string(), Attribute::Float(k_hat)));
    }
    if !fit.notes.is_empty() {
        attributes.push(("notes".to_string(), Attribute::TextList(fit.notes.clone())));
    }
    attributes
}
