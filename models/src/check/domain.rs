//! The model at draws from its prior: parameters that leave their domain, and data of quite another scale.

use std::collections::HashMap;

use chainfire_kernels::random::Key;

use super::Notes;
use crate::data::Dataset;
use crate::distributions::Stream;
use crate::finding::Rule;
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::{Role, Scope};

/// Most draws from the prior.
const DRAWS: usize = 64;
/// How far real variables are spread in every second draw, to find what is rare but possible.
const SPREAD: f64 = 3.0;
/// Ratio of standard widths of simulated and real data from which the prior is out of scale.
const RATIO: f64 = 300.0;

/// What draws from the prior did to one variable.
#[derive(Default)]
struct Seen {
    broken: usize,
    rule: String,
    widths: Vec<f64>,
}

/// Runs the model at draws from the prior.
pub(super) fn check(notes: &mut Notes<'_>, file: &ModelFile, data: &Dataset, scope: &Scope, runs: usize) {
    let draws = runs.clamp(4, DRAWS) as u32;
    let mut seen: HashMap<usize, Seen> = HashMap::new();
    let mut made = 0;
    for draw in 0..draws {
        let spread = if draw % 2 == 0 { 1.0 } else { SPREAD };
        let mut at = Scope::new(Source::Probe(Stream::new(Key::new(1, 0, draw, 1)), spread));
        if file.run(data, &mut at).is_err() || at.records.len() != scope.records.len() {
            continue;
        }
        made += 1;
        for (k, record) in at.records.iter().enumerate() {
            if let Some(rule) = break_of(record) {
                let seen = seen.entry(k).or_default();
                seen.broken += 1;
                seen.rule = rule.to_owned();
            } else if spread == 1.0 && matches!(record.variable.role, Role::Observed) {
                let stream = &mut Stream::new(Key::new(1, k as u32, draw, 2));
                let simulated =
                    record.distribution.as_ref().and_then(|d| d.draw(&record.variable.shape, stream).ok());
                if let Some(simulated) = simulated {
                    seen.entry(k).or_default().widths.push(middle_half(&simulated));
                }
            }
        }
    }
    let mut all: Vec<(usize, Seen)> = seen.into_iter().collect();
    all.sort_by_key(|(k, _)| *k);
    for (k, seen) in all {
        let record = &scope.records[k];
        if seen.broken > 0 {
            leaves(notes, record, &seen, made);
        } else {
            scale(notes, record, seen.widths);
        }
    }
}

/// The rule that a record's parameters break, other than by underflow.
fn break_of(record: &Record) -> Option<&'static str> {
    for condition in record.distribution.as_ref()?.conditions() {
        let holds = condition.holds.as_numbers()?;
        if let Some(row) = holds.iter().position(|&holds| holds == 0.0) {
            let is_extreme = |x: f64| x == 0.0 || !x.is_finite();
            let parameters = record.distribution.as_ref()?.parameters();
            let at = parameters.iter().filter_map(|(_, value)| value.as_numbers());
            let is_underflow = at
                .into_iter()
                .any(|n| n.get(if n.len() == 1 { 0 } else { row }).is_some_and(|&x| is_extreme(x)));
            let is_negative = parameters
                .iter()
                .filter_map(|(_, value)| value.as_numbers())
                .any(|n| n.iter().any(|&x| x < 0.0 && x.is_finite()));
            if !is_underflow || is_negative {
                return Some(condition.rule);
            }
        }
    }
    None
}

/// What is found, and what keeps a parameter inside, where a rule such as `sigma > 0` is broken.
pub(super) fn cure(rule: &str) -> (Rule, &'static str) {
    let found = match rule {
        _ if rule.contains("sum(") => Rule::Unnormalised,
        _ if rule.contains("<= 1") || rule.contains("< 1") => Rule::LinkMissing,
        _ => Rule::ParameterCanLeave,
    };
    (found, found.cure())
}

fn leaves(notes: &mut Notes<'_>, record: &Record, seen: &Seen, draws: usize) {
    let Seen { broken, rule, .. } = seen;
    let name = &record.variable.name;
    let distribution = record.variable.distribution.unwrap_or_default();
    let (rule_broken, fix) = cure(rule);
    let message = format!(
        "`{name}`: {distribution} needs {rule}, and in {broken} of {draws} draws from the prior that does not hold; \
         the sampler rejects such places"
    );
    notes.about(name, rule_broken, message, fix);
}

fn scale(notes: &mut Notes<'_>, record: &Record, mut widths: Vec<f64>) {
    let Some(observed) = record.value.as_data().filter(|data| data.len() > 2) else { return };
    if widths.len() < 3 {
        return;
    }
    let name = &record.variable.name;
    let (real, count) = (middle_half(observed), widths.len());
    let overflown = widths.iter().filter(|d| !d.is_finite()).count();
    let alike = widths.iter().filter(|d| **d == 0.0).count();
    widths.sort_by(f64::total_cmp);
    let median = widths[count / 2];
    if 2 * overflown > count || (alike == count && real > 0.0) {
        let seen = if alike == count { "nearly all alike" } else { "infinite or too large" };
        let message = format!("data simulated from the prior of `{name}` are {seen} in most draws");
        notes.about(name, Rule::PriorImpossible, message, "narrower priors, on the scale of the link");
    } else if real > 0.0 && median > RATIO * real {
        let message = format!(
            "the middle half of the data simulated from the prior of `{name}` spans {median:.3e}, {} times that of \
             the data ({real:.3e})",
            match median / real {
                ratio if ratio < 1e6 => format!("{ratio:.0}"),
                ratio => format!("{ratio:.0e}"),
            }
        );
        notes.about(name, Rule::PriorScale, message, "narrower priors, on the scale of the data");
    }
}

/// Width of the middle half of the numbers.
fn middle_half(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(3 * sorted.len()) / 4] - sorted[sorted.len() / 4]
}
