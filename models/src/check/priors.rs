//! Priors and likelihoods whose known parameters say that something else was meant.

use super::Notes;
use super::influence::Influence;
use crate::distributions::Distribution;
use crate::finding::Rule;
use crate::model::Record;
use crate::{Role, Value};

/// A scale from which a prior says nothing.
const WIDE: f64 = 10_000.0;
/// A shape at which gamma and inverse gamma priors pile up at zero.
const TINY: f64 = 0.011;
/// Rows in a group below which the centred form of a hierarchy is slow.
const FEW_ROWS: usize = 5;
/// Looks at every variable's distribution; `influence` tells what depends on what, where that is known.
pub(super) fn check(notes: &mut Notes<'_>, records: &[Record], influence: Option<&Influence>) {
    let rows: usize =
        records.iter().filter(|r| matches!(r.variable.role, Role::Observed)).map(|r| r.variable.len()).sum();
    let has_potential = records.iter().any(|r| matches!(r.variable.role, Role::Potential));
    for (k, record) in records.iter().enumerate() {
        let Some(distribution) = &record.distribution else { continue };
        let name = &record.variable.name;
        if !matches!(record.variable.role, Role::Free { .. }) {
            continue;
        }
        let children: Option<Vec<&Record>> =
            influence.map(|known| known.children[k].iter().map(|&j| &records[j]).collect());
        let has = |role: fn(&Role) -> bool| {
            children.as_ref().is_none_or(|children| children.iter().any(|child| role(&child.variable.role)))
        };
        match distribution.name() {
            // A potential may be its prior.
            "Flat" | "HalfFlat" if has_potential && has(|role| matches!(role, Role::Potential)) => {}
            "Flat" | "HalfFlat" => {
                let message = format!(
                    "`{name}` has the improper prior {}: nothing keeps it near where the data can be, and no data \
                     can be simulated from the model",
                    distribution.name()
                );
                notes.about(name, Rule::FlatPrior, message, "a wide proper prior, such as pm.Normal(0, 10)");
            }
            _ => wide(notes, name, &**distribution),
        }
        // What nothing depends on is no hierarchy: missing or censored data, predictions.
        if has(|role| matches!(role, Role::Observed | Role::Potential | Role::Free { .. })) {
            centred(notes, record, &**distribution, rows);
        }
    }
    correlated(notes, records, rows);
}

fn parameter<'d>(distribution: &'d dyn Distribution, name: &str) -> Option<&'d Value> {
    distribution.parameters().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The largest known element of a parameter.
fn largest(distribution: &dyn Distribution, name: &str) -> Option<f64> {
    parameter(distribution, name)?.as_data()?.iter().copied().reduce(f64::max)
}

fn wide(notes: &mut Notes<'_>, name: &str, distribution: &dyn Distribution) {
    let scale = |parameter: &str| largest(distribution, parameter).filter(|scale| *scale >= WIDE);
    let seen = match distribution.name() {
        "Uniform" => match (largest(distribution, "lower"), largest(distribution, "upper")) {
            (Some(lower), Some(upper)) if upper - lower >= WIDE && (upper - lower).is_finite() => {
                Some(format!("a width of {}", upper - lower))
            }
            _ => None,
        },
        "Gamma" | "InverseGamma" => {
            let shape = largest(distribution, "alpha").filter(|alpha| *alpha <= TINY);
            shape.map(|alpha| format!("a shape of {alpha}"))
        }
        "HalfCauchy" | "Cauchy" => scale("beta").map(|scale| format!("a scale of {scale}")),
        "Exponential" => {
            let mean = largest(distribution, "scale").filter(|mean| *mean >= WIDE);
            mean.map(|mean| format!("a mean of {mean:.0}"))
        }
        _ => scale("sigma").map(|scale| format!("a standard deviation of {scale}")),
    };
    if let Some(seen) = seen {
        let message = format!(
            "the prior of `{name}` has {seen}: far from the data it pulls where nothing is known, and slows the sampler"
        );
        notes.about(
            name,
            Rule::WidePrior,
            message,
            "a prior on the scale of the data, such as pm.HalfNormal(sigma=2)",
        );
    }
}

/// Elements of groups with a common unknown scale and few rows in each group.
fn centred(notes: &mut Notes<'_>, record: &Record, distribution: &dyn Distribution, rows: usize) {
    let groups = record.variable.len();
    let scale = match distribution.name() {
        "Normal" | "StudentT" => parameter(distribution, "sigma"),
        "Laplace" => parameter(distribution, "b"),
        "Cauchy" => parameter(distribution, "beta"),
        _ => None,
    };
    let is_scale_unknown = scale.is_some_and(Value::is_random);
    if is_scale_unknown && groups > 2 && rows > 0 && rows < FEW_ROWS * groups {
        let name = &record.variable.name;
        let message = format!(
            "`{name}` has {groups} elements with a common unknown scale and about {} observations each: where the \
             scale is small, the centred form is hard to sample",
            rows.div_ceil(groups)
        );
        let standard = if distribution.name() == "Normal" { "pm.Normal(0, 1)" } else { "the standard form" };
        let fix = format!("{name} = mu + sigma * {name}_offset with {name}_offset ~ {standard}");
        notes.about(name, Rule::CentredHierarchy, message, &fix);
    }
}

/// Correlated effects of groups, of each of which there is one observation.
fn correlated(notes: &mut Notes<'_>, records: &[Record], rows: usize) {
    let distribution = |r: &Record| r.distribution.as_ref().map(|d| d.name());
    let is_lkj = |r: &&Record| matches!(distribution(r), Some("LKJCholeskyCov" | "LKJCorr"));
    let Some(lkj) = records.iter().find(is_lkj) else { return };
    let length = lkj.variable.len();
    let effects = |r: &&Record| {
        let is_size = |k: usize| k * (k + 1) / 2 == length || k * (k - 1) / 2 == length;
        let groups = match r.variable.shape[..] {
            [a, b] if is_size(b) => a,
            [a, b] if is_size(a) => b,
            _ => return false,
        };
        matches!(r.variable.role, Role::Free { .. }) && rows > 0 && groups > 2 && rows <= groups
    };
    if let Some(record) = records.iter().find(effects) {
        let message = format!(
            "`{}` has several correlated effects for each group, but there are no more than {rows} observations in all: \
             one observation in each group cannot tell the effects of a group from each other or from the noise",
            record.variable.name
        );
        notes.about(&lkj.variable.name, Rule::NotIdentified, message, "leave out the correlated effects");
    }
}
