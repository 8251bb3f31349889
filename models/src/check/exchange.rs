//! Components of a mixture that can change places: what belongs to its first two components is exchanged, and the log
//! density stays as it is.
//!
//! ```text
//! m[0] <-> m[1]           elements of a vector with the same prior
//! m1 <-> m2               two variables with the same prior
//! w[0] <-> w[1], 1 - w    weights, and a weight of one of two components
//! ```
//!
//! # References
//! - Betancourt (2017), Identifying Bayesian mixture models, section 2. betanalpha.github.io

use std::collections::HashMap;

use super::Notes;
use super::influence::{Influence, asymmetric_position};
use crate::data::Dataset;
use crate::distributions::Distribution;
use crate::finding::Rule;
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::{Role, Scope};

/// Values by the names of variables.
type Point = HashMap<String, Vec<f64>>;

/// Something that both components have.
#[derive(Clone, Copy)]
enum Part<'r> {
    /// The first two elements of a variable.
    Elements(&'r Record),
    /// Two variables.
    Pair(&'r Record, &'r Record),
}

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
    let mixtures: Vec<usize> = (0..records.len()).filter(|&j| is_mixture(&records[j])).collect();
    let Some(here) = mixtures.first().and_then(|_| run(Source::Position(asymmetric_position(records))))
    else {
        return;
    };
    let free = |r: &&Record| matches!(r.variable.role, Role::Free { .. });
    let values =
        |r: &Record| (r.variable.name.clone(), r.value.as_numbers().map(|n| n.to_vec()).unwrap_or_default());
    let point: Point = here.iter().filter(free).map(values).collect();
    for j in mixtures {
        let within: Vec<&Record> =
            (0..records.len()).filter(|&k| influence.children[k].contains(&j)).map(|k| &records[k]).collect();
        let weights: Vec<&Record> = within.iter().copied().filter(|r| is_weight(r)).collect();
        let parts = parts(&within);
        // All parts together, as means and scales, or one of them.
        let alone = parts.iter().map(|&part| vec![part]);
        let all = (parts.len() > 1).then(|| parts.clone());
        for chosen in all.into_iter().chain(alone) {
            let mut swapped = point.clone();
            weights.iter().for_each(|weight| exchange_weight(&mut swapped, weight));
            chosen.iter().for_each(|part| part.exchange(&mut swapped));
            let Some(there) = run(Source::Point(swapped)) else { continue };
            let exchanged: Vec<&str> = weights
                .iter()
                .map(|r| r.variable.name.as_str())
                .chain(chosen.iter().flat_map(|part| part.names()))
                .collect();
            let (a, b) = (terms(&here, &exchanged), terms(&there, &exchanged));
            if (a - b).abs() <= 1e-9 * (1.0 + a.abs()) {
                tell(notes, chosen[0], &records[j]);
                break;
            }
        }
    }
}

impl<'r> Part<'r> {
    fn names(self) -> Vec<&'r str> {
        match self {
            Part::Elements(record) => vec![&record.variable.name],
            Part::Pair(first, second) => vec![&first.variable.name, &second.variable.name],
        }
    }

    fn exchange(self, point: &mut Point) {
        match self {
            Part::Elements(record) => {
                if let Some(numbers) = point.get_mut(&record.variable.name) {
                    numbers.swap(0, 1);
                }
            }
            Part::Pair(first, second) => {
                let [a, b] =
                    [first, second].map(|r| point.get(&r.variable.name).cloned().unwrap_or_default());
                point.insert(first.variable.name.clone(), b);
                point.insert(second.variable.name.clone(), a);
            }
        }
    }
}

fn tell(notes: &mut Notes<'_>, part: Part<'_>, mixture: &Record) {
    let (name, which) = match part {
        Part::Elements(record) => {
            (&record.variable.name, format!("the elements of `{}`", record.variable.name))
        }
        Part::Pair(first, second) => {
            (&second.variable.name, format!("`{}` and `{}`", first.variable.name, second.variable.name))
        }
    };
    let message = format!(
        "{which} can change places with each other in `{}`: chains end in different orders",
        mixture.variable.name
    );
    let fix = match part {
        Part::Elements(_) => "transform=pm.distributions.transforms.ordered, with increasing starting values",
        Part::Pair(..) => {
            "one vector with transform=pm.distributions.transforms.ordered, or different priors for the two"
        }
    };
    notes.about(name, Rule::NotIdentified, message, fix);
}

/// Whether a term may be a mixture; a potential may be one that is written out.
fn is_mixture(record: &Record) -> bool {
    matches!(record.variable.role, Role::Potential)
        || record.distribution.as_ref().is_some_and(|d| d.name().ends_with("Mixture"))
}

/// What components may have, among the variables that a mixture depends on: weights alone say nothing about them.
fn parts<'r>(within: &[&'r Record]) -> Vec<Part<'r>> {
    let mut parts: Vec<Part<'_>> =
        within.iter().filter(|r| has_equal_elements(r)).map(|&r| Part::Elements(r)).collect();
    for (k, &first) in within.iter().enumerate().filter(|(_, r)| r.variable.len() == 1 && !is_weight(r)) {
        // The first of those with its prior, and the second.
        let is_like = |other: &&&Record| is_same_prior(first, other);
        if within[..k].iter().all(|before| !is_same_prior(first, before))
            && let Some(&second) = within[k + 1..].iter().find(is_like)
        {
            parts.push(Part::Pair(first, second));
        }
    }
    parts
}

fn numbers(prior: &dyn Distribution) -> Option<Vec<Vec<f64>>> {
    prior.parameters().iter().map(|(_, value)| value.as_data().map(|numbers| numbers.to_vec())).collect()
}

/// Whether two variables of one number have the same known prior.
fn is_same_prior(first: &Record, second: &Record) -> bool {
    let (Some(a), Some(b)) = (&first.distribution, &second.distribution) else { return false };
    let is_free = |r: &Record| matches!(r.variable.role, Role::Free { .. });
    is_free(first)
        && is_free(second)
        && second.variable.len() == 1
        && a.name() == b.name()
        && numbers(&**a).is_some_and(|a| Some(a) == numbers(&**b))
}

/// Whether a variable holds the weights of components, or that of the first of two, with nothing to tell them apart.
fn is_weight(record: &Record) -> bool {
    let (Role::Free { .. }, Some(prior)) = (&record.variable.role, &record.distribution) else {
        return false;
    };
    let known = numbers(&**prior).unwrap_or_default();
    let is_one = |numbers: &[f64]| numbers.iter().all(|x| *x == numbers[0]);
    match (prior.name(), &known[..]) {
        ("Dirichlet", [a]) => is_one(a) && record.variable.shape.len() == 1,
        ("Beta", [alpha, beta]) => record.variable.len() == 1 && alpha == beta,
        ("Uniform", [lower, upper]) => record.variable.len() == 1 && lower[..] == [0.0] && upper[..] == [1.0],
        _ => false,
    }
}

fn exchange_weight(point: &mut Point, weight: &Record) {
    match point.get_mut(&weight.variable.name).map(|numbers| &mut numbers[..]) {
        Some([share]) => *share = 1.0 - *share,
        Some(shares) if shares.len() > 1 => shares.swap(0, 1),
        _ => {}
    }
}

/// Whether a free variable is a vector of elements with the same prior, and in no order.
fn has_equal_elements(record: &Record) -> bool {
    let (Role::Free { transform, .. }, Some(prior)) = (&record.variable.role, &record.distribution) else {
        return false;
    };
    let is_one = |n: &[f64]| n.iter().all(|x| *x == n[0]);
    let is_same = prior.parameters().iter().all(|(_, value)| match value.as_data() {
        Some(numbers) => is_one(numbers),
        None => value.len() == 1,
    });
    let transform = transform.value_name("");
    is_same
        && !transform.contains("ordered")
        && !transform.contains("simplex")
        && matches!(record.variable.shape[..], [n] if n > 1)
}

/// Sum of the log densities but those of what is exchanged, whose priors are the same.
fn terms(records: &[Record], exchanged: &[&str]) -> f64 {
    let of = |r: &Record| {
        r.log_density.as_ref().and_then(|d| d.as_numbers()).map_or(0.0, |n| n.iter().sum::<f64>())
    };
    records.iter().filter(|r| !exchanged.contains(&r.variable.name.as_str())).map(of).sum()
}
