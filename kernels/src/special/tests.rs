//! Against values made with 360 digits by `tests/data/special.py`.

use super::{
    Dual, digamma, erf, erfc, erfinv, lgamma, log_beta_cdf, log_gamma_tails, normal_quantile, sigmoid,
    softplus, trigamma,
};

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
fn erfc_matches_reference() {
    check("erfc", erfc, 2e-15);
}

#[test]
fn erfinv_matches_reference() {
    check("erfinv", erfinv, 1e-15);
}

#[test]
fn normal_quantile_matches_reference() {
    check("normal_quantile", normal_quantile, 1e-15);
}

/// The value of an incomplete function and its derivatives in every argument.
fn incomplete(name: &str, arguments: &[f64]) -> Vec<f64> {
    let along = |k: usize| {
        let dual = |i: usize| Dual { value: arguments[i], slope: f64::from(u8::from(i == k)) };
        // The reference is by x, not by its odds.
        let odds = |x: Dual| x / (-x + 1.0);
        match name {
            "log_gamma_p" => log_gamma_tails(dual(0), dual(1))[0],
            "log_gamma_q" => log_gamma_tails(dual(0), dual(1))[1],
            _ => log_beta_cdf(dual(0), dual(1), odds(dual(2))),
        }
    };
    let slopes = (0..arguments.len()).map(|k| along(k).slope);
    std::iter::once(along(0).value).chain(slopes).collect()
}

/// Derivatives in the shapes lose digits where they are small beside the place's own.
#[test]
fn incomplete_functions_and_their_derivatives_match_reference() {
    let lines = include_str!("../../tests/data/incomplete.csv").lines().skip(1);
    let mut seen = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let numbers = |text: &str| text.split(' ').map(|x| x.parse().unwrap()).collect::<Vec<f64>>();
        let arguments = numbers(fields[1]);
        let expected: Vec<f64> = numbers(fields[2]).into_iter().chain(numbers(fields[3])).collect();
        for (k, (value, expected)) in incomplete(fields[0], &arguments).iter().zip(&expected).enumerate() {
            // A tail near one is known by the other tail.
            let allowed =
                1e-11 * expected.abs() + 4e-16 * if k == 0 { 1.0 } else { 8.0 / arguments[0].min(1.0) };
            assert!((value - expected).abs() <= allowed, "{line}: number {k} is {value:e}");
        }
        seen += 1;
    }
    assert!(seen > 200, "{seen} reference values");
}

#[test]
fn incomplete_functions_hold_at_their_ends() {
    assert_eq!(incomplete("log_gamma_p", &[2.0, 0.0])[0], f64::NEG_INFINITY);
    assert_eq!(incomplete("log_gamma_q", &[2.0, 0.0]), [0.0, 0.0, 0.0]);
    assert_eq!(incomplete("log_gamma_p", &[2.0, f64::INFINITY]), [0.0, 0.0, 0.0]);
    assert_eq!(incomplete("log_gamma_q", &[2.0, f64::INFINITY])[0], f64::NEG_INFINITY);
    assert_eq!(incomplete("log_beta_cdf", &[2.0, 3.0, 0.0])[0], f64::NEG_INFINITY);
    assert_eq!(incomplete("log_beta_cdf", &[2.0, 3.0, 1.0]), [0.0, 0.0, 0.0, 0.0]);
    assert!(incomplete("log_gamma_p", &[-1.0, 1.0])[0].is_nan());
    assert!(incomplete("log_beta_cdf", &[1.0, f64::NAN, 0.5])[0].is_nan());
    // At shapes of 1e8 the gamma and beta distributions are normal but for their skewness.
    let [shape, half] = [1e8, (0.5_f64).ln()];
    assert!((incomplete("log_gamma_p", &[shape, shape])[0] - half).abs() < 1e-4);
    let at_half = incomplete("log_beta_cdf", &[shape, shape, 0.5])[0];
    assert!((at_half - half).abs() < 1e-9, "{at_half}");
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
    assert_eq!((erfinv(1.0), erfinv(-1.0), erfinv(0.0)), (f64::INFINITY, f64::NEG_INFINITY, 0.0));
    assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(erfinv(1.5).is_nan() && normal_quantile(-0.1).is_nan());
    for function in [erf, erfc, erfinv, normal_quantile, sigmoid, softplus, lgamma, digamma, trigamma] {
        assert!(function(f64::NAN).is_nan());
    }
}
