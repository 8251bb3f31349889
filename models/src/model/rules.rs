//! Whether what is declared is allowed: rules on parameters, and observed data inside of the support.

use chainfire_engine::program::Value;

use super::site::Site;
use crate::distributions::{Condition, Distribution, DistributionError, Support};
use crate::error::ModelError;
use crate::finding::Rule;

/// Refuses a site whose known parameters break a rule of its distribution.
pub(super) fn check_rules(name: &str, site: &Site) -> Result<(), ModelError> {
    for condition in site.distribution.conditions() {
        if let Some(row) = condition.holds.as_data().and_then(|holds| holds.iter().position(|&h| h == 0.0)) {
            let source = broken_rule(site, &condition, row);
            return Err(ModelError::Distribution { name: name.into(), source });
        }
    }
    Ok(())
}

/// The density of the rows where the distribution's rules on its parameters hold, -inf in the others. A rule of one
/// truth value waits for the sum over the rows: see `Record::total`.
pub(super) fn guarded(site: &Site, density: Value) -> Value {
    let rules = site.distribution.conditions().into_iter().map(|condition| condition.holds);
    rules
        .filter(|holds| holds.as_data().is_none() && holds.len() > 1)
        .fold(density, |guarded, holds| holds.select(&guarded, &Value::from(f64::NEG_INFINITY)))
}

/// The first rule that known parameters break, with its row.
pub(super) fn first_broken_rule(site: &Site) -> Option<DistributionError> {
    site.distribution.conditions().iter().find_map(|condition| {
        let row = condition.holds.as_numbers()?.iter().position(|&holds| holds == 0.0)?;
        Some(broken_rule(site, condition, row))
    })
}

fn broken_rule(site: &Site, condition: &Condition, row: usize) -> DistributionError {
    let at = |value: &Value| {
        let numbers = value.as_numbers()?;
        numbers.get(row.min(numbers.len().saturating_sub(1))).copied()
    };
    let values: Vec<String> = site
        .distribution
        .parameters()
        .into_iter()
        .filter_map(|(parameter, value)| at(value).map(|x| format!("{parameter} = {x}")))
        .collect();
    DistributionError::Condition {
        distribution: site.distribution.name(),
        rule: condition.rule,
        row,
        values: values.join(", "),
    }
}

/// Observed data must be numbers inside the support, as far as the support is known from the data.
pub(super) fn check_observed(
    name: &str,
    observed: &Value,
    distribution: &dyn Distribution,
) -> Result<(), ModelError> {
    let Some(data) = observed.as_data() else { return Ok(()) };
    let support = &distribution.support();
    let is_categorical = ["Categorical", "OrderedLogistic", "OrderedProbit"].contains(&distribution.name());
    for (row, &x) in data.iter().enumerate() {
        let (rule, expected) = if x.is_nan() {
            (
                Rule::MissingObserved,
                "missing values are filled in for numbers and for vectors of real numbers, not for these; drop or fill the row"
                    .to_string(),
            )
        } else if x.is_infinite() {
            (Rule::OutsideSupport, "observed data must be finite; drop or correct the row".into())
        } else {
            match support.refusal(x, row) {
                Some(expected) if is_categorical && x.fract() == 0.0 => {
                    let expected = format!("{expected}; if the categories count from 1, subtract 1");
                    (Rule::NotACategory, expected)
                }
                Some(expected) => (support_rule(support, x), expected),
                None => continue,
            }
        };
        let seen = if x.is_nan() { "a missing value (NaN)".into() } else { format!("the value {x}") };
        return Err(ModelError::ObservedData { name: name.into(), seen, row, expected, rule });
    }
    Ok(())
}

/// The rule that a number breaks which lies outside of a support.
fn support_rule(support: &Support, x: f64) -> Rule {
    match support {
        Support::Binary | Support::IntegerBetween { .. } => Rule::NotACategory,
        _ if support.is_discrete() && x.fract() != 0.0 => Rule::NotWhole,
        Support::Positive if x == 0.0 => Rule::EdgeOfSupport,
        _ => Rule::OutsideSupport,
    }
}
