//! Directions that the data leave open: two variables that change together without a change of any likelihood.
//!
//! ```text
//! shift: a + c, b - c or a + c, b + c     intercept and all levels of a factor, intercept and cutpoints
//! scale: a * e^c, b * e^-c                products of two variables
//! ```
//!
//! The model is evaluated at one place with both variables moved, and with the first one alone: the likelihood must stay
//! in the one case and change in the other. Directions that the priors hold are no finding, as in item response models
//! whose abilities are standard normal: the second differences of the log priors along the direction must be small
//! against that of the likelihood along the first variable. (Ours.)

use super::Notes;
use super::influence::asymmetric_position;
use crate::data::Dataset;
use crate::distributions::Distribution;
use crate::finding::Rule;
use crate::language::ModelFile;
use crate::model::{Record, Source};
use crate::{Role, Scope};

/// Most pairs of variables that are tried.
const PAIRS: usize = 30;
/// How far a pair is moved.
const STEP: f64 = 0.1;
/// How much of the likelihood's curvature the priors' must have to hold a direction.
const HELD: f64 = 0.01;

/// A variable that may be moved: the places of its elements in the position.
struct Candidate<'r> {
    name: &'r str,
    run: std::ops::Range<usize>,
    is_ordered: bool,
    is_standard: bool,
}

/// How a pair moves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Motion {
    Shift(f64),
    Scale,
}

/// The sums of the log likelihoods and of the log priors at a place.
struct Densities {
    likelihoods: Vec<f64>,
    prior: f64,
}

impl Densities {
    fn likelihood(&self) -> f64 {
        self.likelihoods.iter().sum()
    }
}

/// Looks for pairs of variables whose common changes the data do not see.
pub(super) fn check(notes: &mut Notes<'_>, file: &ModelFile, data: &Dataset, scope: &Scope, runs: usize) {
    let position = asymmetric_position(&scope.records);
    let densities = |position: Vec<f64>| {
        let mut at = Scope::new(Source::Position(position));
        file.run(data, &mut at).ok()?;
        let of = |r: &Record| r.log_density.as_ref()?.as_numbers().map(|n| n.iter().sum::<f64>());
        let is_data = |r: &&Record| !matches!(r.variable.role, Role::Free { .. });
        let likelihoods = at.records.iter().filter(is_data).filter_map(of).collect();
        let prior = at.records.iter().filter(|r| !is_data(r)).filter_map(of).sum();
        Some(Densities { likelihoods, prior })
    };
    let candidates: Vec<Candidate<'_>> = scope.records.iter().filter_map(Candidate::of).collect();
    let Some(here) = densities(position.clone()).filter(|here| !here.likelihoods.is_empty()) else { return };
    let mut tried = 0;
    for (k, first) in candidates.iter().enumerate().filter(|(_, first)| !first.is_ordered) {
        for second in candidates.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, second)| second) {
            for motion in motions(first, second, k) {
                tried += 1;
                if tried > PAIRS.min(runs) {
                    return;
                }
                let along = |c: f64| densities(moved(&position, first, Some(second), motion, c));
                let Some(forth) = along(STEP).filter(|forth| forth.is_like(&here)) else { continue };
                let (Some(back), Some(up), Some(down)) = (
                    along(-STEP),
                    densities(moved(&position, first, None, motion, STEP)),
                    densities(moved(&position, first, None, motion, -STEP)),
                ) else {
                    continue;
                };
                let bend = |f: f64, g: f64, h: f64| (f - 2.0 * g + h).abs();
                let held = bend(forth.prior, here.prior, back.prior);
                let known = bend(up.likelihood(), here.likelihood(), down.likelihood());
                if back.is_like(&here) && !up.is_like(&here) && held < HELD * known {
                    tell(notes, first.name, second.name, motion);
                    return;
                }
            }
        }
    }
}

impl Densities {
    /// Whether all likelihoods are the same but for rounding.
    fn is_like(&self, other: &Self) -> bool {
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
        self.likelihoods.len() == other.likelihoods.len()
            && self.likelihoods.iter().zip(&other.likelihoods).all(close)
    }
}

impl<'r> Candidate<'r> {
    /// A free variable whose prior is known and that moves freely, or is ordered.
    fn of(record: &'r Record) -> Option<Self> {
        let Role::Free { transform, offset } = &record.variable.role else { return None };
        let prior = record.distribution.as_ref()?;
        let is_ordered = transform.name() == "ordered";
        let is_known = prior.parameters().iter().all(|(_, value)| !value.is_random());
        let is_free = transform.name().is_empty() || is_ordered;
        (is_known && is_free).then(|| Self {
            name: &record.variable.name,
            run: *offset..offset + record.variable.unconstrained_len(),
            is_ordered,
            is_standard: record.variable.len() > 1 && is_standard_normal(&**prior),
        })
    }
}

/// Standard normal elements are the scale of what they are multiplied with.
fn is_standard_normal(prior: &dyn Distribution) -> bool {
    let is = |name: &str, x: f64| {
        prior.parameters().iter().any(|(known, value)| {
            *known == name && value.as_data().is_some_and(|n| n.iter().all(|y| *y == x))
        })
    };
    prior.name() == "Normal" && is("mu", 0.0) && is("sigma", 1.0)
}

/// The motions of a pair that make sense: products once for a pair.
fn motions(first: &Candidate<'_>, second: &Candidate<'_>, k: usize) -> Vec<Motion> {
    let mut motions = Vec::new();
    if first.run.len() == 1 {
        motions.push(Motion::Shift(1.0));
        if !second.is_ordered {
            motions.push(Motion::Shift(-1.0));
        }
    }
    if !second.is_ordered && !first.is_standard && !second.is_standard && second.run.start > first.run.start {
        motions.push(Motion::Scale);
    }
    if k > 0 && second.run.len() == 1 && second.run.start < first.run.start {
        motions.retain(|motion| *motion == Motion::Scale); // the shifts of this pair have been tried
    }
    motions
}

/// The position with a pair, or its first variable alone, moved.
fn moved(
    position: &[f64],
    first: &Candidate<'_>,
    second: Option<&Candidate<'_>>,
    motion: Motion,
    c: f64,
) -> Vec<f64> {
    let mut position = position.to_vec();
    let mut change = |candidate: &Candidate<'_>, sign: f64| {
        // The first number of an ordered variable carries the others with it.
        let run = if candidate.is_ordered {
            candidate.run.start..candidate.run.start + 1
        } else {
            candidate.run.clone()
        };
        for x in &mut position[run] {
            match motion {
                Motion::Shift(_) => *x += sign * c,
                Motion::Scale => *x *= (sign * c).exp(),
            }
        }
    };
    change(first, 1.0);
    if let Some(second) = second {
        let sign = match motion {
            Motion::Shift(sign) => sign,
            Motion::Scale => -1.0,
        };
        change(second, sign);
    }
    position
}

fn tell(notes: &mut Notes<'_>, first: &str, second: &str, motion: Motion) {
    let (what, fix) = match motion {
        Motion::Shift(sign) => (
            format!("goes up and `{second}` {} by the same", if sign > 0.0 { "up" } else { "down" }),
            format!("leave `{first}` out, or make `{second}` sum to zero (pm.ZeroSumNormal)"),
        ),
        Motion::Scale => (
            format!("is multiplied and `{second}` divided by the same"),
            format!("leave one of `{first}` and `{second}` out, or fix its scale"),
        ),
    };
    let message = format!(
        "the likelihood stays as it is when `{first}` {what}: only the priors tell the two apart, and they are wide"
    );
    notes.about(second, Rule::NotIdentified, message, &fix);
}
