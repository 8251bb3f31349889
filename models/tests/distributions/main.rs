//! Every distribution of the registry against mpmath and PyMC (`reference/distributions.py`), and the transforms
//! against their definitions.

mod between;
mod catalogue;
mod draws;
mod extremes;
mod gradients;
mod hostile;
mod models;
mod reference;
mod table;
mod transforms;

use chainfire_models::distributions::{
    Bernoulli, Beta, Binomial, Flat, Gamma, HalfFlat, NegativeBinomial, Normal, Poisson, StudentT, Uniform,
    find,
};
use chainfire_models::{Distribution, Kind, Transform, Value};
use reference::{build, for_every_entry, is_known, known, list, make, number, numbers, point};
use serde_json::Value as Json;

/// The log density at every point of a case: numbers all at once, and often enough that repeated counts are seen;
/// vectors and matrices one by one.
fn log_densities(distribution: &dyn Distribution, case: &Json) -> Vec<f64> {
    let points = list(case, "x");
    if !points[0].is_array() {
        let x = Value::from(points.iter().cycle().take(points.len().max(30)).map(number).collect::<Vec<_>>());
        let seen = distribution.log_density(&x);
        assert_eq!(seen.shape(), x.shape());
        return numbers(&seen)[..points.len()].to_vec();
    }
    let at = |json: &Json| {
        let seen = distribution.log_density(&point(json));
        assert_eq!(seen.shape(), &[] as &[usize]);
        numbers(&seen)[0]
    };
    points.iter().map(at).collect()
}

fn assert_close(seen: f64, expected: f64, tolerance: f64, what: impl Fn() -> String) {
    let close = seen == expected || (seen - expected).abs() <= tolerance;
    assert!(close, "{}: {seen:e} instead of {expected:e}, off by {:e}", what(), seen - expected);
}

/// 1e-12 relative; and some roundings of the largest terms of the formula where those cancel whatever the order of
/// arithmetic (log gammas of large arguments, `x eta - n softplus(eta)`), which the reference tells for every point.
#[test]
fn log_densities_match_mpmath() {
    for_every_entry(|entry, reference| {
        assert!(!list(reference, "cases").is_empty());
        for case in list(reference, "cases") {
            let distribution = make(entry, &case["arguments"]).unwrap();
            let seen = log_densities(&*distribution, case);
            assert_eq!(seen.len(), list(case, "x").len(), "{} {}", entry.name, case["arguments"]);
            for (i, seen) in seen.into_iter().enumerate() {
                let expected = number(&list(case, "log_density")[i]);
                let size = number(&list(case, "cancelling")[i]);
                let tolerance = 1e-300 + 1e-12 * expected.abs() + 8.0 * f64::EPSILON * (1.0 + size);
                assert_close(seen, expected, tolerance, || {
                    format!("{} {} at {}", entry.name, case["arguments"], list(case, "x")[i])
                });
            }
        }
    });
}

/// 1e-11 relative, and some roundings of the probability that the logarithm is taken of.
#[test]
fn distribution_functions_match_mpmath() {
    for_every_entry(|entry, reference| {
        for case in list(reference, "cases").iter().filter(|case| !case["log_cdf"].is_null()) {
            let distribution = make(entry, &case["arguments"]).unwrap();
            let x = Value::from(list(case, "x").iter().map(number).collect::<Vec<_>>());
            let Some(below) = distribution.log_cdf(&x) else { continue };
            let above = distribution.log_survival(&x).unwrap();
            for (seen, key) in [(below, "log_cdf"), (above, "log_survival")] {
                for (i, seen) in numbers(&seen.broadcast_to(x.shape())).into_iter().enumerate() {
                    let expected = number(&list(case, key)[i]);
                    if entry.name == "HalfStudentT" && number(&list(case, "x")[i]) == 1e-300 {
                        continue; // its square is no number
                    }
                    // A tail that is the rest of the other side is as exact as that side.
                    let size = list(case, "cancelling").iter().map(number).fold(0.1, f64::max);
                    let rest = 8.0 * f64::EPSILON * (size / expected.exp() + 1.0);
                    if expected < -30.0 && key == "log_survival" && reference["discrete"] == true {
                        continue; // less than the rounding of the sum that it is the rest of
                    }
                    assert_close(
                        seen,
                        expected,
                        (1e-11 + f64::EPSILON * size) * expected.abs() + rest.min(f64::MAX),
                        || format!("{key} of {} {} at {}", entry.name, case["arguments"], list(case, "x")[i]),
                    );
                }
            }
        }
    });
}

/// The values of parameters at a point take the paths of a captured program (nothing is known from data).
#[test]
fn random_parameters_give_the_log_densities_of_known_ones() {
    for_every_entry(|entry, reference| {
        for case in list(reference, "cases") {
            let mut at_point = |name: &str, numbers: Vec<f64>, shape: Vec<usize>| match is_known(name) {
                true => known(name, numbers, shape),
                false => Value::at_point(numbers, shape),
            };
            let random = build(entry, &case["arguments"], &mut at_point).unwrap();
            let known = make(entry, &case["arguments"]).unwrap();
            let (random, known) = (log_densities(&*random, case), log_densities(&*known, case));
            for (i, (seen, expected)) in random.into_iter().zip(known).enumerate() {
                // Sums of known matrices are made in another order.
                let tolerance = if case["x"][0].is_array() { 1e-12 } else { 1e-15 };
                assert_close(seen, expected, tolerance * expected.abs(), || {
                    format!("{} {} at row {i}", entry.name, case["arguments"])
                });
            }
        }
    });
}

#[test]
fn support_points_match_pymc() {
    for_every_entry(|entry, reference| {
        for case in list(reference, "cases").iter().filter(|case| !case["support_point"].is_null()) {
            let shape = point(&case["x"][0]).shape().to_vec();
            let seen = make(entry, &case["arguments"]).unwrap().typical(&shape);
            let seen = numbers(&seen.broadcast_to(&shape));
            let expected = match &case["support_point"] {
                Json::Array(all) => all.iter().map(number).collect(),
                one => vec![number(one)],
            };
            for (k, expected) in expected.into_iter().enumerate() {
                let seen = seen[k.min(seen.len() - 1)];
                assert_close(seen, expected, 1e-14 * expected.abs(), || {
                    format!("{} {}", entry.name, case["arguments"])
                });
            }
        }
    });
}

/// Each state is the likeliest after the ones before, whatever the length.
#[test]
fn typical_states_follow_one_another() {
    let case = serde_json::json!({"P": [[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3]]});
    let chain = make(find("DiscreteMarkovChain").unwrap(), &case).unwrap();
    assert_eq!(numbers(&chain.typical(&[2, 5])), [[0.0, 2.0, 1.0, 0.0, 2.0]; 2].concat());
}

#[test]
fn default_transforms_are_those_of_pymc() {
    for_every_entry(|entry, reference| {
        let distribution = make(entry, &list(reference, "cases")[0]["arguments"]).unwrap();
        let transform = Transform::of(&distribution.support());
        assert_eq!(transform.is_none(), reference["discrete"].as_bool().unwrap(), "{}", entry.name);
        let name = transform.map_or(String::new(), |transform| transform.name().to_owned());
        assert_eq!(name, reference["transform"].as_str().unwrap(), "{}", entry.name);
    });
}

#[test]
fn arguments_have_the_names_and_order_of_pymc() {
    for_every_entry(|entry, reference| {
        let names = |key| list(reference, key).iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(entry.positional, names("positional"), "{}", entry.name);
        assert_eq!(entry.keyword_only, names("keyword_only"), "{}", entry.name);
        assert_eq!(find(entry.name).unwrap().name, entry.name);
    });
    assert_eq!(find("Lognormal").unwrap().name, "LogNormal");
    assert!(find("normal").is_none());
}

#[test]
fn wrong_parameterisations_are_refused_in_the_words_of_pymc() {
    for_every_entry(|entry, reference| {
        for case in list(reference, "refused") {
            let error = make(entry, &case["arguments"]).unwrap_err().to_string();
            let expected = case["message"].as_str().unwrap();
            assert!(error.contains(expected), "{}: `{error}` instead of `{expected}`", entry.name);
        }
    });
}

#[test]
fn broken_rules_are_named_as_in_pymc() {
    for_every_entry(|entry, reference| {
        let broken = |arguments: &Json| {
            let conditions = make(entry, arguments).unwrap().conditions();
            conditions
                .into_iter()
                .filter(|c| numbers(&c.holds).contains(&0.0))
                .map(|c| c.rule)
                .collect::<Vec<_>>()
        };
        for case in list(reference, "violations") {
            let (seen, expected) = (broken(&case["arguments"]), case["rule"].as_str().unwrap());
            let named = seen.iter().any(|rule| rule.starts_with(expected));
            assert!(named, "{} {}: {seen:?} instead of `{expected}`", entry.name, case["arguments"]);
        }
        for case in list(reference, "cases").iter().filter(|case| case["arguments"]["mu"] != 0.0) {
            assert!(broken(&case["arguments"]).is_empty(), "{} {}", entry.name, case["arguments"]);
        }
    });
}

#[test]
fn unknown_missing_and_repeated_arguments_are_told_apart() {
    let one = || Value::from(1.0);
    let error = |name: &str, positional: usize, keywords: &[&str]| {
        let keywords = keywords.iter().map(|k| (k.to_string(), one())).collect();
        find(name).unwrap().make(vec![one(); positional], keywords).unwrap_err().to_string()
    };
    assert_eq!(
        error("Normal", 0, &["sigm"]),
        "Normal has no argument `sigm`; it takes mu=0, sigma=1 | tau: did you mean `sigma`?"
    );
    assert!(error("Normal", 0, &["sd"]).ends_with("did you mean `sigma`?"));
    assert!(error("StudentT", 1, &["lamda"]).ends_with("did you mean `lam`?"));
    assert_eq!(error("Flat", 0, &["mu"]), "Flat has no argument `mu`; it takes no parameters");
    assert!(error("Cauchy", 1, &[]).contains("`beta` is missing"));
    assert!(error("Normal", 1, &["mu"]).contains("`mu` is given twice"));
    assert!(error("StudentT", 3, &[]).contains("at most 2 positional arguments, 3 were given"));
    assert!(error("Gamma", 2, &["sigma"]).contains("Incompatible parameterization"));
}

#[test]
fn positional_arguments_go_to_their_parameters() {
    let make = |name: &str, values: &[f64]| {
        find(name).unwrap().make(values.iter().map(|&x| Value::from(x)).collect(), vec![]).unwrap()
    };
    let parameters = |distribution: Box<dyn Distribution>| {
        distribution.parameters().iter().map(|(name, x)| (*name, numbers(x)[0])).collect::<Vec<_>>()
    };
    assert_eq!(parameters(make("StudentT", &[4.0, 1.0])), [("nu", 4.0), ("mu", 1.0), ("sigma", 1.0)]);
    assert_eq!(parameters(make("NegativeBinomial", &[3.0, 2.0])), [("mu", 3.0), ("alpha", 2.0)]);
    assert_eq!(parameters(make("Binomial", &[9.0, 0.5])), [("n", 9.0), ("p", 0.5)]);
    assert_eq!(parameters(make("HalfStudentT", &[3.0, 2.0])), [("nu", 3.0), ("sigma", 2.0)]);
}

#[test]
fn log_densities_have_the_broadcast_shape() {
    let columns = || Value::from([1.0, 2.0, 3.0]);
    let rows = Value::data([0.5, 0.7], [2, 1], Kind::Float);
    let distributions: [Box<dyn Distribution>; 6] = [
        Box::new(Normal::new(columns(), 1.0)),
        Box::new(Uniform::new(0.0, columns())),
        Box::new(Beta::new(1.0, columns())),
        Box::new(Gamma::from_mean(columns(), 1.0)),
        Box::new(StudentT::new(columns(), 0.0, 1.0)),
        Box::new(NegativeBinomial::new(1.0, columns())),
    ];
    for distribution in distributions {
        assert_eq!(distribution.log_density(&rows).shape(), [2, 3], "{}", distribution.name());
    }
    // One row for all parameters that do not matter: the density still counts once per element.
    assert_eq!(Flat.log_density(&rows).shape(), [2, 1]);
    assert_eq!(HalfFlat.log_density(&rows).shape(), [2, 1]);
    assert_eq!(Beta::new(1.0, 1.0).log_density(&rows).shape(), [2, 1]);
    assert_eq!(Uniform::new(Value::at_point([0.0], []), 1.0).log_density(&rows).shape(), [2, 1]);
}

#[test]
fn zero_counts_have_probability_one_where_nothing_can_happen() {
    let zero = || Value::at_point([0.0], []);
    let x = Value::from([0.0, 1.0]);
    let expected = [0.0, f64::NEG_INFINITY];
    assert_eq!(numbers(&Poisson::new(zero()).log_density(&x)), expected);
    assert_eq!(numbers(&Bernoulli::new(zero()).log_density(&x)), expected);
    assert_eq!(numbers(&Binomial::new(1.0, zero()).log_density(&x)), expected);
}

#[test]
fn data_outside_random_bounds_is_impossible() {
    let x = Value::from([-0.1, 0.0, 1.0, 2.0, 2.1]);
    let uniform = Uniform::new(0.0, Value::at_point([2.0], []));
    let inside = -2.0f64.ln();
    let outside = f64::NEG_INFINITY;
    assert_eq!(numbers(&uniform.log_density(&x)), [outside, inside, inside, inside, outside]);
}

#[test]
fn negative_standard_deviations_break_a_rule_with_negative_means_too() {
    for name in ["Gamma", "InverseGamma"] {
        let pair = vec![Value::from(-1.0), Value::from(-1.0)];
        let names = ["mu", "sigma"].map(String::from);
        let made = find(name).unwrap().make(vec![], names.into_iter().zip(pair).collect()).unwrap();
        assert!(made.conditions().iter().any(|c| numbers(&c.holds) == [0.0]), "{name}");
    }
}
