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
/// Draws from the prior that are looked at for a rule that breaks beside the starting point.
const TRIED: usize = 16;
/// How many standard widths of the simulated data the real data may lie from all of them.
const FAR: f64 = 30.0;

/// What draws from the prior did to one variable.
#[derive(Default)]
struct Seen {
    broken: usize,
    rule: String,
    widths: Vec<f64>,
    /// Middles of the simulated data.
    middles: Vec<f64>,
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
                    let seen = seen.entry(k).or_default();
                    seen.widths.push(middle_half(&simulated));
                    seen.middles.push(middle(&simulated));
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
            scale(notes, record, seen.widths, seen.middles);
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

/// The rule that the parameters of a variable break at a draw from the prior.
pub(super) fn broken_from_prior(
    file: &ModelFile,
    data: &Dataset,
    scope: &Scope,
    runs: usize,
    name: &str,
) -> Option<&'static str> {
    (0..runs.min(TRIED) as u32).find_map(|draw| {
        let mut at = Scope::new(Source::Probe(Stream::new(Key::new(1, 0, draw, 1)), 1.0));
        file.run(data, &mut at).ok()?;
        let record = at.records.iter().find(|record| record.variable.name == name)?;
        break_of(record).filter(|_| at.records.len() == scope.records.len())
    })
}

/// What is found, and what keeps a parameter inside, where a rule such as `sigma > 0` of a distribution is broken.
pub(super) fn cure(rule: &str, distribution: &str) -> (Rule, &'static str) {
    let has_logits =
        ["Bernoulli", "Binomial", "Categorical"].iter().any(|known| distribution.contains(known));
    match rule {
        _ if rule.contains("sum(") => (
            Rule::Unnormalised,
            "pm.math.softmax(..., axis=-1): the last axis is that of the categories; known numbers are divided by their sum",
        ),
        _ if rule.contains("increasing") => (
            Rule::ParameterCanLeave,
            "transform=pm.distributions.transforms.ordered for the cutpoints, with initval=np.linspace(-1, 1, n)",
        ),
        _ if rule.contains("<= 1") || rule.contains("< 1") => match has_logits {
            true => (Rule::LinkMissing, Rule::LinkMissing.cure()),
            false => (Rule::LinkMissing, "pm.math.invlogit(...) around the expression"),
        },
        _ if distribution == "Beta" => (
            Rule::ParameterCanLeave,
            "pm.math.invlogit(...) around `mu` and nu= with a positive prior, or positive priors for `alpha` and `beta`",
        ),
        _ if distribution.contains("NegativeBinomial") => (
            Rule::ParameterCanLeave,
            "pm.math.exp(...) around `mu`, or pm.math.invlogit(...) around `p`, which lies between 0 and 1",
        ),
        _ if rule.contains("mu >") => (
            Rule::ParameterCanLeave,
            "pm.math.exp(...) around the expression, or a positive prior such as pm.HalfNormal",
        ),
        _ => (Rule::ParameterCanLeave, Rule::ParameterCanLeave.cure()),
    }
}

fn leaves(notes: &mut Notes<'_>, record: &Record, seen: &Seen, draws: usize) {
    let Seen { broken, rule, .. } = seen;
    let name = &record.variable.name;
    let distribution = record.variable.distribution.unwrap_or_default();
    let (rule_broken, fix) = cure(rule, distribution);
    let message = format!(
        "`{name}`: {distribution} needs {rule}, and in {broken} of {draws} draws from the prior that does not hold; \
         the sampler rejects such places"
    );
    notes.about(name, rule_broken, message, fix);
}

fn scale(notes: &mut Notes<'_>, record: &Record, mut widths: Vec<f64>, middles: Vec<f64>) {
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
    } else if let Some((least, most)) = range_of(&middles) {
        let at = middle(observed);
        let (gap, reach) = ((least - at).max(at - most), (most - least).max(median));
        if gap > FAR * reach && reach > 0.0 {
            let message = format!(
                "the middle of the data of `{name}` is {at:.4}, and that of data simulated from its prior between \
                 {least:.4} and {most:.4}: the prior expects quite other data"
            );
            let fix = "a prior around the data, such as pm.Normal(y.mean(), y.std()) for the mean";
            notes.about(name, Rule::PriorScale, message, fix);
        }
    }
}

/// The least and the largest number, where there are some and all are finite.
fn range_of(numbers: &[f64]) -> Option<(f64, f64)> {
    let range = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &x| (a.min(x), b.max(x)));
    (numbers.iter().all(|x| x.is_finite()) && range.0 <= range.1).then_some(range)
}

/// The number in the middle.
fn middle(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Width of the middle half of the numbers.
fn middle_half(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(3 * sorted.len()) / 4] - sorted[sorted.len() / 4]
}
