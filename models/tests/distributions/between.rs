//! Distribution functions of counts at any number, and what is made of them: limits need not be whole numbers.

use std::rc::Rc;

use chainfire_models::distributions::{
    Binomial, Censored, DiscreteUniform, Geometric, NegativeBinomial, Poisson, Truncated,
    log_probability_anywhere,
};
use chainfire_models::{Distribution, Value};

use super::{assert_close, numbers};

fn counts() -> Vec<Rc<dyn Distribution>> {
    vec![
        Rc::new(Poisson::new(2.5)),
        Rc::new(Binomial::new(6.0, 0.4)),
        Rc::new(NegativeBinomial::new(3.0, 1.5)),
        Rc::new(Geometric::new(0.3)),
        Rc::new(DiscreteUniform::new(-2.0, 5.0)),
    ]
}

/// The sum of the probabilities of the whole numbers in an interval.
fn mass(distribution: &dyn Distribution, inside: impl Fn(f64) -> bool) -> f64 {
    let (lower, upper) = distribution.support().bounds();
    let (lower, upper) = (numbers(&lower)[0], numbers(&upper)[0].min(400.0));
    let first = if distribution.name() == "Geometric" { 1.0 } else { lower };
    let places = (0..=(upper - first) as usize).map(|k| first + k as f64);
    places.filter(|&k| inside(k)).map(|k| numbers(&distribution.log_density(&Value::from(k)))[0].exp()).sum()
}

#[test]
fn probabilities_between_whole_numbers_are_those_of_the_number_below() {
    for distribution in counts() {
        for place in [-7.5, -1.0, -0.5, 0.0, 0.3, 2.0, 2.999, 3.5, 5.5, 40.0] {
            // Known, and a parameter at a point, which takes the path of a captured program.
            for x in [Value::from(place), Value::at_point([place], [])] {
                let at = |below: bool| {
                    numbers(&log_probability_anywhere(&*distribution, &x, below).expect("is known"))[0]
                };
                let below = mass(&*distribution, |k| k <= place);
                assert_close(at(true), below.ln(), 1e-12, || format!("{distribution:?} up to {place}"));
                let above = mass(&*distribution, |k| k > place);
                let tolerance = 1e-12 + 1e-15 / above;
                assert_close(at(false), above.ln(), tolerance, || format!("{distribution:?} past {place}"));
            }
        }
    }
}

#[test]
fn counts_are_cut_at_limits_between_whole_numbers() {
    for base in counts() {
        for (lower, upper) in
            [(Some(0.5), Some(3.5)), (Some(1.5), None), (None, Some(3.99)), (Some(1.0), Some(3.0))]
        {
            let is_inside = |k: f64| lower.is_none_or(|l| k >= l) && upper.is_none_or(|u| k <= u);
            let cut = Truncated::new(base.clone(), lower.map(Value::from), upper.map(Value::from));
            let whole = mass(&*base, is_inside);
            for x in [2.0, 3.0] {
                let expected = numbers(&base.log_density(&Value::from(x)))[0] - whole.ln();
                let seen = numbers(&cut.log_density(&Value::from(x)))[0];
                assert_close(seen, expected, 1e-12, || format!("{cut:?} at {x}"));
            }
        }
    }
}

#[test]
fn counts_seen_through_limits_between_whole_numbers_have_probability_one() {
    for base in counts() {
        for (lower, upper) in [(0.5, 3.5), (1.0, 3.0), (-0.5, 2.0), (1.5, f64::INFINITY)] {
            let seen = Censored::new(base.clone(), lower, upper);
            let inner = (-2..400).map(f64::from).filter(|&k| k > lower && k < upper);
            let places: Vec<f64> = [lower].into_iter().chain(inner).chain([upper]).collect();
            let places: Vec<f64> = places.into_iter().filter(|x| x.is_finite()).collect();
            let total: f64 =
                numbers(&seen.log_density(&Value::from(places.clone()))).iter().map(|l| l.exp()).sum();
            assert_close(total, 1.0, 1e-12, || format!("{base:?} seen from {lower} to {upper}"));
            let between = numbers(&seen.log_density(&Value::from([1.7, lower - 0.1])));
            assert_eq!(between, [f64::NEG_INFINITY; 2]);
            assert!(
                places.iter().all(|&x| seen.support().refusal(x, 0).is_none()),
                "{base:?} {lower} {upper}"
            );
        }
    }
}
