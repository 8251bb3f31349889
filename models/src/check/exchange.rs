//! Components of a mixture that can change places: the first two elements of everything that belongs to its components
//! are exchanged, and the log density stays as it is.
//!
//! # References
//! - Betancourt (2017), Identifying Bayesian mixture models, section 2. betanalpha.github.io

use std::collections::HashMap;

use super::Notes;
use super::influence::{Influence, asymmetric_position};
use crate::data::Dataset;
use crate::finding::Rule;
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::{Role, Scope};

/// Looks for mixtures whose components are told apart by nothing.
pub(super) fn check(
    notes: &mut Notes<'_>,
    file: &ModelFile,
    data: &Dataset,
    records: &[Record],
    influence: &Influence,
) {
    let run = |source: Source| {
        let mut scope = Scope::new(source);
        file.run(data, &mut scope).ok()?;
        Some(scope.records)
    };
    let is_mixture = |r: &Record| r.distribution.as_ref().is_some_and(|d| d.name().ends_with("Mixture"));
    let mixtures: Vec<usize> = (0..records.len()).filter(|&j| is_mixture(&records[j])).collect();
    let Some(here) = mixtures.first().and_then(|_| run(Source::Position(asymmetric_position(records))))
    else {
        return;
    };
    for j in mixtures {
        let count = weights(&records[j]);
        let belongs =
            |k: &usize| influence.children[*k].contains(&j) && has_equal_elements(&records[*k], count);
        let members: Vec<usize> = (0..records.len()).filter(belongs).collect();
        // Weights alone say nothing about the components.
        let Some(&first) = members.iter().find(|&&k| !is_simplex(&records[k])) else { continue };
        let free = |r: &&Record| matches!(r.variable.role, Role::Free { .. });
        let values = |r: &Record| {
            (r.variable.name.clone(), r.value.as_numbers().map(|n| n.to_vec()).unwrap_or_default())
        };
        let mut point: HashMap<String, Vec<f64>> = here.iter().filter(free).map(values).collect();
        for &k in &members {
            if let Some(numbers) = point.get_mut(&records[k].variable.name) {
                numbers.swap(0, 1);
            }
        }
        let Some(there) = run(Source::Point(point)) else { continue };
        let (a, b) = (terms(&here), terms(&there));
        if (a - b).abs() <= 1e-9 * (1.0 + a.abs()) {
            let (name, mixture) = (&records[first].variable.name, &records[j].variable.name);
            let message = format!(
                "the elements of `{name}` can change places with each other in `{mixture}`: chains end in different orders"
            );
            let fix = "transform=pm.distributions.transforms.ordered, with increasing starting values";
            notes.about(name, Rule::NotIdentified, message, fix);
        }
    }
}

/// Number of components of a mixture.
fn weights(mixture: &Record) -> usize {
    let parameters = mixture.distribution.as_ref().map(|d| d.parameters()).unwrap_or_default();
    parameters.iter().filter(|(name, _)| *name == "w").count()
}

fn is_simplex(record: &Record) -> bool {
    matches!(&record.variable.role, Role::Free { transform, .. } if transform.name() == "simplex")
}

/// Whether a free variable has one element for each component, all with the same prior, and in no order.
fn has_equal_elements(record: &Record, count: usize) -> bool {
    let (Role::Free { transform, .. }, Some(prior)) = (&record.variable.role, &record.distribution) else {
        return false;
    };
    let is_one = |n: &[f64]| n.iter().all(|x| *x == n[0]);
    let is_same = prior.parameters().iter().all(|(_, value)| match value.as_data() {
        Some(numbers) => is_one(numbers),
        None => value.len() == 1,
    });
    is_same
        && (!is_simplex(record) || prior.name() == "Dirichlet")
        && !transform.value_name("").contains("ordered")
        && matches!(record.variable.shape[..], [n] if n == count && n > 1)
}

/// Sum of the log densities of what is not free.
fn terms(records: &[Record]) -> f64 {
    let is_term = |r: &&Record| !matches!(r.variable.role, Role::Free { .. });
    let of = |r: &Record| {
        r.log_density.as_ref().and_then(|d| d.as_numbers()).map_or(0.0, |n| n.iter().sum::<f64>())
    };
    records.iter().filter(is_term).map(of).sum()
}
