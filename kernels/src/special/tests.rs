//! Against values made with 60 digits by `tests/data/special.py`.

use super::{digamma, erf, lgamma, sigmoid, softplus, trigamma};

fn references(name: &str) -> impl Iterator<Item = (f64, f64)> {
    include_str!("../../tests/data/special.csv").lines().filter_map(move |line| {
        let mut fields = line.split(',');
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        (fields.next() == Some(name))
            .then(|| (number(fields.next()).unwrap(), number(fields.next()).unwrap()))
    })
}

fn check(name: &str, function: fn(f64) -> f64, tolerance: f64) {
    let mut seen = 0;
    for (x, expected) in references(name) {
        let value = function(x);
        let allowed = tolerance * expected.abs().max(if x < 0.0 { 1.0 } else { 0.0 });
        assert!((value - expected).abs() <= allowed, "{name}({x:e}) = {value:e}, expected {expected:e}");
        seen += 1;
    }
    assert!(seen > 20, "{name} has {seen} reference values");
}

#[test]
fn erf_matches_reference() {
    check("erf", erf, 1e-15);
}

#[test]
fn sigmoid_matches_reference() {
    check("sigmoid", sigmoid, 1e-15);
}

#[test]
fn softplus_matches_reference() {
    check("softplus", softplus, 1e-15);
}

#[test]
fn lgamma_matches_reference() {
    check("lgamma", lgamma, 1e-14);
}

#[test]
fn digamma_matches_reference() {
    check("digamma", digamma, 1e-14);
}

#[test]
fn trigamma_matches_reference() {
    check("trigamma", trigamma, 1e-14);
}

#[test]
fn limits_and_poles_are_as_in_scipy() {
    assert_eq!((sigmoid(f64::INFINITY), sigmoid(f64::NEG_INFINITY)), (1.0, 0.0));
    assert_eq!((softplus(f64::INFINITY), softplus(f64::NEG_INFINITY)), (f64::INFINITY, 0.0));
    assert_eq!((erf(f64::INFINITY), erf(f64::NEG_INFINITY)), (1.0, -1.0));
    assert_eq!(
        (lgamma(0.0), lgamma(-3.0), lgamma(f64::INFINITY)),
        (f64::INFINITY, f64::INFINITY, f64::INFINITY)
    );
    assert_eq!((digamma(0.0), digamma(f64::INFINITY)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(digamma(-2.0).is_nan());
    assert_eq!((trigamma(0.0), trigamma(-2.0), trigamma(f64::INFINITY)), (f64::INFINITY, f64::INFINITY, 0.0));
    for function in [erf, sigmoid, softplus, lgamma, digamma, trigamma] {
        assert!(function(f64::NAN).is_nan());
    }
}
