//! Which variable depends on which: one variable at a time is moved, and what changes depends on it.

use super::Notes;
use crate::data::Dataset;
use crate::finding::Rule;
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::{Role, Scope};

/// How far a variable is moved.
const STEP: f64 = 0.3711;

/// What hangs on what, by the places of the records.
pub(super) struct Influence {
    /// Variables whose value or density changes with the variable.
    pub(super) children: Vec<Vec<usize>>,
}

/// Looks for variables that nothing uses, that do not reach the data, or whose data were forgotten.
pub(super) fn check(notes: &mut Notes<'_>, file: &ModelFile, data: &Dataset, scope: &Scope, runs: usize) {
    let records = &scope.records;
    let is_term = |r: &Record| matches!(r.variable.role, Role::Observed | Role::Potential);
    let has_terms = records.iter().any(is_term);
    let free = records.iter().filter(|r| matches!(r.variable.role, Role::Free { .. })).count();
    if free > runs {
        return;
    }
    let Some(influence) = Influence::of(file, data, records) else { return };
    super::exchange::check(notes, file, data, records, &influence);
    // Missing observations need nothing that depends on them.
    let is_missing = |name: &str| {
        let has_name = |base: &str| records.iter().any(|r| r.variable.name == base);
        name.strip_suffix("_unobserved").is_some_and(has_name)
    };
    let mut has_likely = false;
    for (k, record) in records.iter().enumerate() {
        let name = &record.variable.name;
        let is_free = matches!(record.variable.role, Role::Free { .. });
        if !is_free || !influence.without_deterministics(k, records).is_empty() || is_missing(name) {
            continue;
        }
        let has_parents =
            influence.children.iter().enumerate().any(|(j, children)| j != k && children.contains(&k));
        if has_parents {
            has_likely = true;
            let message = format!(
                "`{name}` depends on other variables, and nothing depends on it: it looks like a likelihood without data"
            );
            notes.about(name, Rule::ObservedMissing, message, "observed=...");
        } else if has_terms && influence.children[k].is_empty() {
            let message = format!("`{name}` is not used: nothing in the model depends on it");
            notes.about(name, Rule::UnusedVariable, message, "use it, or leave it out");
        } else if has_terms {
            let message = format!("`{name}` does not reach the likelihood: the data say nothing about it");
            let fix = "use what depends on it in the likelihood, or leave it out";
            notes.about(name, Rule::FlatDirection, message, fix);
        }
    }
    if !has_terms && !has_likely {
        let message =
            "nothing is observed and there is no potential: sampling would only repeat the prior".to_owned();
        notes.whole(Rule::NoLikelihood, message, "give the likelihood its data with `observed=`");
    }
}

impl Influence {
    /// Runs the model once for every free variable; `None` when that fails.
    fn of(file: &ModelFile, data: &Dataset, records: &[Record]) -> Option<Self> {
        let position = asymmetric_position(records);
        let run = |position: Vec<f64>| {
            let mut scope = Scope::new(Source::Position(position));
            file.run(data, &mut scope).ok()?;
            (scope.records.len() == records.len()).then_some(scope.records)
        };
        let before = run(position.clone())?;
        let mut children = vec![Vec::new(); records.len()];
        for (k, record) in records.iter().enumerate() {
            let Role::Free { offset, .. } = record.variable.role else { continue };
            let mut moved = position.clone();
            for (j, x) in moved[offset..offset + record.variable.unconstrained_len()].iter_mut().enumerate() {
                *x += STEP * (1.0 + 0.1 * (j % 7) as f64);
            }
            let after = run(moved)?;
            children[k] = (0..records.len()).filter(|&j| j != k && changes(&before[j], &after[j])).collect();
        }
        Some(Self { children })
    }

    /// The variables and terms that hang on a variable, besides what is only stored.
    fn without_deterministics(&self, k: usize, records: &[Record]) -> Vec<usize> {
        let is_stored = |j: &usize| matches!(records[*j].variable.role, Role::Deterministic);
        self.children[k].iter().copied().filter(|j| !is_stored(j)).collect()
    }
}

/// The position of the starting point, moved away from symmetric places.
pub(super) fn asymmetric_position(records: &[Record]) -> Vec<f64> {
    records
        .iter()
        .filter_map(|r| r.unconstrained.as_ref()?.as_numbers())
        .flat_map(|numbers| numbers.to_vec())
        .enumerate()
        .map(|(k, x)| x + 0.05 + 0.3 * (0.618_034 * k as f64).fract())
        .collect()
}

/// Whether a record's density changed, or its value where it has none.
fn changes(before: &Record, after: &Record) -> bool {
    let numbers = |record: &Record| {
        let value = record.log_density.as_ref().unwrap_or(&record.value);
        value.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default()
    };
    let (before, after) = (numbers(before), numbers(after));
    before.len() != after.len() || before.iter().zip(&after).any(|(a, b)| a.to_bits() != b.to_bits())
}
