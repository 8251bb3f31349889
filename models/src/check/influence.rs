//! Which variable depends on which: one variable at a time is moved, and what changes depends on it.

use super::Notes;
use crate::data::Dataset;
use crate::finding::{Rule, Severity};
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::transform::Transform;
use crate::{Role, Scope};

/// How far a variable is moved.
const STEP: f64 = 0.3711;

/// What hangs on what, by the places of the records.
pub(super) struct Influence {
    /// Variables whose value or density changes with the variable.
    pub(super) children: Vec<Vec<usize>>,
}

/// Looks for variables that nothing uses, that do not reach the data, or whose data were forgotten.
/// Gives what depends on what, where that is known.
pub(super) fn check(
    notes: &mut Notes<'_>,
    file: &ModelFile,
    data: &Dataset,
    scope: &Scope,
    runs: usize,
) -> Option<Influence> {
    let records = &scope.records;
    let is_term = |r: &Record| matches!(r.variable.role, Role::Observed | Role::Potential);
    let has_terms = records.iter().any(is_term);
    let free = records.iter().filter(|r| matches!(r.variable.role, Role::Free { .. })).count();
    if free > runs {
        notes.left_out.push("which variables depend on which");
        return None;
    }
    let influence = Influence::of(file, data, records)?;
    super::exchange::check(notes, file, data, records, &influence);
    // Missing observations need nothing that depends on them.
    let is_missing = |name: &str| {
        let has_name = |base: &str| records.iter().any(|r| r.variable.name == base);
        name.strip_suffix("_unobserved").is_some_and(has_name)
    };
    let has_data =
        !data.entries().is_empty() || records.iter().any(|r| matches!(r.variable.role, Role::Data));
    let has_unused_data = notes.found.iter().any(|finding| finding.rule == Rule::UnusedData);
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
            // Bounds of its own make it data of which only they are known.
            let is_bounded =
                ["Truncated", "Censored"].contains(&record.variable.distribution.unwrap_or_default());
            if !is_bounded && !has_own_transform(record) && (has_terms || has_data) {
                has_likely = true;
                likely(notes, name, has_terms && !has_unused_data);
            }
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
    Some(influence)
}

/// Tells of a variable that looks like a likelihood; where other variables have all data, it may be a prediction.
fn likely(notes: &mut Notes<'_>, name: &str, may_be_prediction: bool) {
    let message = format!(
        "`{name}` depends on other variables, and nothing depends on it: it looks like a likelihood without data{}",
        if may_be_prediction { ", or a prediction, which can be drawn after sampling" } else { "" }
    );
    let fix = match may_be_prediction {
        true => {
            "observed=... if it has data; else leave it out, and draw it with pm.sample_posterior_predictive"
        }
        false => "observed=...",
    };
    notes.about(name, Rule::ObservedMissing, message, fix);
    if let Some(finding) = notes.found.last_mut().filter(|_| may_be_prediction) {
        finding.severity = Severity::Suggestion;
    }
}

/// Whether a variable has another transform than its distribution gives it.
fn has_own_transform(record: &Record) -> bool {
    let (Role::Free { transform, .. }, Some(distribution)) = (&record.variable.role, &record.distribution)
    else {
        return false;
    };
    let usual = Transform::of(&distribution.support());
    transform.name() != usual.as_ref().map_or("", Transform::name)
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
        // Where nothing changes far out, as a probability that is 1, something may change at the start.
        let start: Vec<f64> = unconstrained(records).collect();
        let mut at_start = None;
        let mut children = vec![Vec::new(); records.len()];
        for (k, record) in records.iter().enumerate() {
            let Role::Free { offset, .. } = record.variable.role else { continue };
            let moved = |position: &[f64]| {
                let mut moved = position.to_vec();
                let own = &mut moved[offset..offset + record.variable.unconstrained_len()];
                own.iter_mut().enumerate().for_each(|(j, x)| *x += STEP * (1.0 + 0.1 * (j % 7) as f64));
                moved
            };
            let changed = |before: &[Record], after: &[Record]| -> Vec<usize> {
                (0..records.len()).filter(|&j| j != k && changes(&before[j], &after[j])).collect()
            };
            children[k] = changed(&before, &run(moved(&position))?);
            if children[k].is_empty() {
                if at_start.is_none() {
                    at_start = Some(run(start.clone())?);
                }
                if let Some(before) = &at_start {
                    children[k] = changed(before, &run(moved(&start))?);
                }
            }
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
    unconstrained(records).enumerate().map(|(k, x)| x + 0.05 + 0.3 * (0.618_034 * k as f64).fract()).collect()
}

/// The position of the starting point.
fn unconstrained(records: &[Record]) -> impl Iterator<Item = f64> {
    records.iter().filter_map(|r| r.unconstrained.as_ref()?.as_numbers()).flat_map(|numbers| numbers.to_vec())
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
