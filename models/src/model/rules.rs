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
    if is_categorical && let Support::IntegerUpTo(last) = support {
        check_categories(name, data, last, distribution)?;
    }
    check_totals(name, data, observed.shape(), distribution)?;
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

/// Categories that count from 0, and of which the data have more than the parameters.
fn check_categories(
    name: &str,
    data: &[f64],
    last: &Value,
    distribution: &dyn Distribution,
) -> Result<(), ModelError> {
    let Some(&last) = last.as_data().and_then(|last| last.first()) else { return Ok(()) };
    let (row, most) = largest(data);
    let least = data.iter().copied().fold(f64::INFINITY, f64::min);
    // Those that count from 1 are told where they are looked at one by one.
    let counts_from_1 = least == 1.0 && most == last + 1.0;
    if most <= last || counts_from_1 || !data.iter().all(|x| x.is_finite() && x.fract() == 0.0 && *x >= 0.0) {
        return Ok(());
    }
    let parameter = distribution.parameters().last().map_or("p", |(parameter, _)| *parameter);
    let (seen, needed) = if parameter == "cutpoints" { (last, most) } else { (last + 1.0, most + 1.0) };
    Err(ModelError::ObservedData {
        name: name.into(),
        seen: format!("the category {most}"),
        row,
        expected: format!(
            "the {seen} elements of `{parameter}` are for the categories 0 to {last}; 0 to {most} need {needed}"
        ),
        rule: Rule::EventShape,
    })
}

/// Counts along the last axis sum to the number of trials, and parts of one to 1.
fn check_totals(
    name: &str,
    data: &[f64],
    shape: &[usize],
    distribution: &dyn Distribution,
) -> Result<(), ModelError> {
    let [rows @ .., size] = shape else { return Ok(()) };
    let parameters = distribution.parameters();
    let trials =
        parameters.iter().find(|(parameter, _)| *parameter == "n").map(|(_, n)| n.broadcast_to(rows));
    let (totals, tolerance) = match (distribution.support(), trials) {
        (Support::Simplex, _) => (Value::from(1.0).broadcast_to(rows), 1e-5),
        (Support::NonNegativeInteger, Some(n)) if distribution.event_rank() == 1 => (n, 0.0),
        _ => return Ok(()),
    };
    let totals = totals.as_data().filter(|_| data.iter().all(|x| x.is_finite() && *x >= 0.0));
    let sums = data.chunks(*size).map(|row| row.iter().sum::<f64>());
    let mut pairs = sums.zip(totals.into_iter().flat_map(|totals| totals.iter().copied()));
    match pairs.clone().position(|(sum, total)| (sum - total).abs() > tolerance) {
        Some(row) => {
            let (sum, total) = pairs.nth(row).unwrap_or_default();
            Err(ModelError::ObservedData {
                name: name.into(),
                seen: format!("the sum {sum}"),
                row,
                expected: format!("the distribution takes vectors whose sum is {total}"),
                rule: Rule::OutsideSupport,
            })
        }
        None => Ok(()),
    }
}

/// The largest number and its place.
fn largest(data: &[f64]) -> (usize, f64) {
    let larger = |best: (usize, f64), (row, &x): (usize, &f64)| if x > best.1 { (row, x) } else { best };
    data.iter().enumerate().fold((0, f64::NEG_INFINITY), larger)
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
