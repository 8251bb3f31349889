//! Every distribution of the registry against mpmath and PyMC (`reference/distributions.py`), and the transforms
//! against their definitions.

use std::collections::BTreeMap;

use chainfire_models::distributions::{
    Bernoulli, Beta, Binomial, DistributionError, Entry, Flat, Gamma, HalfFlat, NegativeBinomial, Normal,
    Poisson, REGISTRY, StudentT, Support, Uniform, find,
};
use chainfire_models::{Distribution, Kind, Transform, Value};
use serde_json::Value as Json;

fn reference() -> BTreeMap<String, Json> {
    let file: Json = serde_json::from_str(include_str!("data/distributions.json")).unwrap();
    file["distributions"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, entry)| (name.clone(), entry.clone()))
        .collect()
}

fn list<'a>(json: &'a Json, key: &str) -> &'a Vec<Json> {
    json[key].as_array().unwrap_or_else(|| panic!("no `{key}` in the reference"))
}

/// JSON has no infinities: they are strings.
fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| json.as_str().unwrap().parse().unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    assert_eq!(value.error(), None);
    value.as_numbers().unwrap().to_vec()
}

fn make(entry: &'static Entry, arguments: &Json) -> Result<Box<dyn Distribution>, DistributionError> {
    let keywords = arguments.as_object().unwrap().iter();
    entry.make(vec![], keywords.map(|(name, x)| (name.clone(), Value::from(number(x)))).collect())
}

fn for_every_entry(check: impl Fn(&'static Entry, &Json)) {
    let reference = reference();
    for entry in REGISTRY {
        let seen = reference.get(entry.name);
        check(
            entry,
            seen.unwrap_or_else(|| panic!("{} has no reference: add it to distributions.py", entry.name)),
        );
    }
    assert_eq!(REGISTRY.len(), reference.len(), "the reference has distributions that the registry lacks");
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
            let x = Value::from(list(case, "x").iter().map(number).collect::<Vec<_>>());
            let seen = distribution.log_density(&x);
            assert_eq!(seen.shape(), x.shape(), "{} {}", entry.name, case["arguments"]);
            for (i, seen) in numbers(&seen).into_iter().enumerate() {
                let expected = number(&list(case, "log_density")[i]);
                let tolerance =
                    1e-12 * expected.abs() + 8.0 * f64::EPSILON * number(&list(case, "cancelling")[i]);
                assert_close(seen, expected, tolerance, || {
                    format!("{} {} at {}", entry.name, case["arguments"], list(case, "x")[i])
                });
            }
        }
    });
}

/// The values of parameters at a point take the paths of a captured program (nothing is known from data).
#[test]
fn random_parameters_give_the_log_densities_of_known_ones() {
    for_every_entry(|entry, reference| {
        for case in list(reference, "cases") {
            let x = Value::from(list(case, "x").iter().cycle().take(30).map(number).collect::<Vec<_>>());
            let arguments = case["arguments"].as_object().unwrap().iter();
            let random = |(name, value): (&String, &Json)| {
                let known = entry.name == "Binomial" && name == "n";
                let value =
                    if known { Value::from(number(value)) } else { Value::at_point([number(value)], []) };
                (name.clone(), value)
            };
            let random = entry.make(vec![], arguments.map(random).collect()).unwrap();
            let known = make(entry, &case["arguments"]).unwrap();
            let (random, known) = (numbers(&random.log_density(&x)), numbers(&known.log_density(&x)));
            for (i, (seen, expected)) in random.into_iter().zip(known).enumerate() {
                assert_close(seen, expected, 1e-15 * expected.abs(), || {
                    format!("{} {} at row {i}", entry.name, case["arguments"])
                });
            }
        }
    });
}

#[test]
fn support_points_match_pymc() {
    for_every_entry(|entry, reference| {
        for case in list(reference, "cases") {
            let seen = numbers(&make(entry, &case["arguments"]).unwrap().support_point());
            let expected = number(&case["support_point"]);
            assert_close(seen[0], expected, 1e-14 * expected.abs(), || {
                format!("{} {}", entry.name, case["arguments"])
            });
        }
    });
}

#[test]
fn default_transforms_are_those_of_pymc() {
    for_every_entry(|entry, reference| {
        let distribution = make(entry, &list(reference, "cases")[0]["arguments"]).unwrap();
        let transform = Transform::of(&distribution.support());
        assert_eq!(transform.is_none(), reference["discrete"].as_bool().unwrap(), "{}", entry.name);
        assert_eq!(
            transform.map_or("", |t| t.name()),
            reference["transform"].as_str().unwrap(),
            "{}",
            entry.name
        );
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

fn transforms() -> Vec<(Transform, Vec<f64>)> {
    let interval = Support::Interval { lower: Value::from(-3.0), upper: Value::from(5.0) };
    let of = |support: &Support| Transform::of(support).unwrap();
    vec![
        (of(&Support::Real), vec![-1e9, -2.5, 0.0, 7.0]),
        (of(&Support::Positive), vec![1e-300, 0.3, 1.0, 1e200]),
        (of(&Support::UnitInterval), vec![1e-12, 0.3, 0.5, 0.999]),
        (of(&interval), vec![-2.999, -1.0, 0.0, 4.9]),
    ]
}

#[test]
fn transforms_are_undone_by_their_inverse() {
    for (transform, points) in transforms() {
        let there_and_back = transform.constrain(&transform.unconstrain(&Value::from(points.clone())));
        for (seen, x) in numbers(&there_and_back).into_iter().zip(points) {
            // x = e^y is as exact as y is: |y| roundings.
            let tolerance = 4.0 * f64::EPSILON * x.abs().max(1e-3) * (1.0 + x.abs().ln().abs());
            assert_close(seen, x, tolerance, || format!("{transform:?}"));
        }
    }
}

#[test]
fn jacobians_match_finite_differences() {
    let y = [-20.0, -3.0, -0.4, 0.0, 0.7, 2.0, 15.0];
    let step = 1e-4;
    for (transform, _) in transforms() {
        let at = |shift: f64| numbers(&transform.constrain(&Value::from(y.map(|y| y + shift))));
        let (above, below) = (at(step), at(-step));
        let seen = transform.log_jacobian(&Value::from(y)).map_or(vec![0.0; y.len()], |j| numbers(&j));
        for i in 0..y.len() {
            let difference = above[i] - below[i];
            // Truncation (relative step^2 / 6) and rounding of the difference.
            let tolerance = step * step + 4.0 * f64::EPSILON * above[i].abs().max(1.0) / difference;
            assert_close(seen[i], (difference / (2.0 * step)).ln(), tolerance, || {
                format!("{transform:?} at {}", y[i])
            });
        }
    }
}

#[test]
fn jacobians_stay_exact_far_out() {
    let logodds = Transform::of(&Support::UnitInterval).unwrap();
    let seen = numbers(&logodds.log_jacobian(&Value::from([-800.0, -40.0, 40.0, 800.0])).unwrap());
    for (seen, expected) in seen.into_iter().zip([-800.0, -40.0, -40.0, -800.0]) {
        assert_close(seen, expected, 1e-14 * 800.0, || "logodds".into());
    }
}

#[test]
fn value_names_have_the_suffix_of_pymc() {
    let names: Vec<String> = transforms().iter().map(|(t, _)| t.value_name("tau")).collect();
    assert_eq!(names, ["tau", "tau_log__", "tau_logodds__", "tau_interval__"]);
    assert!(Transform::of(&Support::Binary).is_none());
}
