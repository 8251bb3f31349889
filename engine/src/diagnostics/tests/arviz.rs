//! Diagnostics against ArviZ 0.23.4; `tests/reference/arviz_reference.py` makes the values.

use serde_json::Value;

use super::one_variable;
use crate::diagnostics::*;
use crate::draws::{Attribute, Group, Values, Variable, read_netcdf};

/// Largest relative difference from ArviZ; its Fourier transforms and sums round differently.
const TOLERANCE: f64 = 1e-10;

const COLUMNS: [&str; 9] =
    ["mean", "sd", "hdi_3%", "hdi_97%", "mcse_mean", "mcse_sd", "ess_bulk", "ess_tail", "r_hat"];

pub(super) fn reference(file: &str) -> Value {
    let text = std::fs::read_to_string(data_file(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub(super) fn data_file(name: &str) -> String {
    format!("{}/tests/data/arviz/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A number; NaN and infinities are strings in the file.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

fn numbers(row: &SummaryRow) -> [f64; 9] {
    [
        row.mean,
        row.sd,
        row.hdi_low,
        row.hdi_high,
        row.mcse_mean,
        row.mcse_sd,
        row.ess_bulk,
        row.ess_tail,
        row.r_hat,
    ]
}

fn is_close(found: f64, expected: f64) -> bool {
    found == expected
        || found.is_nan() && expected.is_nan()
        || (found - expected).abs() <= TOLERANCE * expected.abs().max(1e-3)
}

#[track_caller]
fn assert_close(what: &str, found: f64, expected: f64) {
    assert!(is_close(found, expected), "{what}: {found:?} is not ArviZ's {expected:?}");
}

#[test]
fn summary_matches_arviz_on_eight_schools() {
    let expected = reference("summaries.json");
    for name in ["centered_eight", "non_centered_eight"] {
        let data = read_netcdf(data_file(&format!("{name}.nc")).as_ref()).unwrap();
        let rows = summary(data.require("posterior").unwrap()).unwrap();
        let expected = expected[name]["rows"].as_object().unwrap();
        assert_eq!(rows.iter().map(|row| &row.name).collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for row in &rows {
            for ((column, found), expected) in
                COLUMNS.iter().zip(numbers(row)).zip(expected[&row.name].as_array().unwrap())
            {
                assert_close(&format!("{name} {} {column}", row.name), found, number(expected));
            }
        }
    }
}

#[test]
fn e_bfmi_matches_arviz_on_eight_schools() {
    let expected = reference("summaries.json");
    for name in ["centered_eight", "non_centered_eight"] {
        let data = read_netcdf(data_file(&format!("{name}.nc")).as_ref()).unwrap();
        let energy = data.require("sample_stats").unwrap().variable("energy").unwrap();
        let Values::Float(values) = &energy.values else { panic!("energy is not real") };
        let found = e_bfmi(ScalarDraws::new(values, energy.shape[0]));
        for (found, expected) in found.iter().zip(expected[name]["e_bfmi"].as_array().unwrap()) {
            assert_close(name, *found, number(expected));
        }
    }
}

#[test]
fn every_diagnostic_matches_arviz_on_edge_cases() {
    for (name, case) in reference("edge_cases.json").as_object().unwrap() {
        let chains = case["draws"].as_array().unwrap();
        let values: Vec<f64> =
            chains.iter().flat_map(|chain| chain.as_array().unwrap()).map(number).collect();
        let expected = |what: &str| number(&case["expected"][what]);
        let rows = summary(&one_variable(chains.len(), values.clone())).unwrap();
        for (column, found) in COLUMNS.iter().zip(numbers(&rows[0])) {
            assert_close(&format!("{name} {column}"), found, expected(column));
        }
        let draws = ScalarDraws::new(&values, chains.len());
        let alone = [
            ("ess_bulk", ess_bulk(draws)),
            ("ess_tail", ess_tail(draws)),
            ("ess_mean", ess_mean(draws)),
            ("ess_sd", ess_sd(draws)),
            ("ess_median", ess_quantile(draws, 0.5)),
            ("ess_quantile_10", ess_quantile(draws, 0.1)),
            ("mcse_quantile_10", mcse_quantile(draws, 0.1)),
            ("mcse_median", mcse_quantile(draws, 0.5)),
            ("mcse_mean", mcse_mean(draws)),
            ("mcse_sd", mcse_sd(draws)),
            ("r_hat", r_hat(draws)),
        ];
        for (what, found) in alone {
            assert_close(&format!("{name} {what}"), found, expected(what));
        }
        let (low, high) = hdi(draws, 0.5);
        assert_close(&format!("{name} hdi low"), low, number(&case["expected"]["hdi_50"][0]));
        assert_close(&format!("{name} hdi high"), high, number(&case["expected"]["hdi_50"][1]));
        for (found, expected) in e_bfmi(draws).iter().zip(case["expected"]["e_bfmi"].as_array().unwrap()) {
            assert_close(&format!("{name} e_bfmi"), *found, number(expected));
        }
    }
}

#[test]
fn comparison_with_arviz_notices_a_difference() {
    assert!(!is_close(1.0 + 1e-9, 1.0) && !is_close(f64::NAN, 1.0) && !is_close(1.0, f64::NAN));
}

#[test]
fn equal_draws_have_exactly_their_value_as_mean_and_no_spread() {
    let rows = summary(&one_variable(4, vec![0.1; 4000])).unwrap();
    assert_eq!((rows[0].mean, rows[0].sd, rows[0].ess_bulk), (0.1, 0.0, 4000.0));
    assert!(rows[0].r_hat.is_nan() && rows[0].mcse_sd.is_nan());
}

#[test]
fn threads_do_not_change_a_summary() {
    let (chains, draws, elements) = (4, 101, 300);
    let values: Vec<f64> = (0..chains * draws * elements).map(|at| (at as f64 * 0.7).sin()).collect();
    let wide = Variable::new(
        "x",
        &["chain", "draw", "k"],
        &[chains, draws, elements],
        Values::Float(values.clone()),
    );
    let together = summary(&Group::new("posterior", vec![], vec![], vec![wide]).unwrap()).unwrap();
    for element in [0, 7, 8, 150, 299] {
        let alone = values[element..].iter().step_by(elements).copied().collect();
        let mut alone = summary(&one_variable(chains, alone)).unwrap();
        alone[0].name = format!("x[{element}]");
        assert_eq!(format!("{:?}", together[element]), format!("{:?}", alone[0]));
    }
}

#[test]
fn summary_without_draws_or_elements_has_no_numbers() {
    let rows = summary(&one_variable(4, vec![])).unwrap();
    assert!(numbers(&rows[0]).iter().all(|number| number.is_nan()));
    let empty = Variable::new("x", &["chain", "draw", "k"], &[2, 10, 0], Values::Float(vec![]));
    assert_eq!(summary(&Group::new("posterior", vec![], vec![], vec![empty]).unwrap()).unwrap(), []);
    assert_eq!(summary(&Group::new("posterior", vec![], vec![], vec![]).unwrap()).unwrap(), []);
}

#[test]
fn summary_refuses_text_and_data() {
    let text = Variable::new("label", &["chain", "draw"], &[1, 1], Values::Text(vec!["a".into()]));
    let data = Variable::new("obs", &["row"], &[2], Values::Float(vec![1.0, 2.0]));
    for variable in [text, data] {
        let name = variable.name.clone();
        let error = summary(&Group::new("posterior", vec![], vec![], vec![variable]).unwrap()).unwrap_err();
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
    }
}

#[test]
fn nested_r_hat_follows_the_r_package_and_errors_across_chains_their_definition() {
    for (name, case) in reference("many_chains.json").as_object().unwrap() {
        let chains = case["draws"].as_array().unwrap();
        let values: Vec<f64> =
            chains.iter().flat_map(|chain| chain.as_array().unwrap()).map(number).collect();
        let draws = ScalarDraws::new(&values, chains.len());
        let chains_per_start = case["chains_per_start"].as_u64().unwrap() as usize;
        let found = nested_r_hat(draws, chains_per_start);
        assert_close(name, found, number(&case["r_hat_nested"]));
        assert_close(name, mcse_across(draws), number(&case["mcse_across"]));
        if chains_per_start == 8 {
            assert_eq!(found > nested_r_hat_limit(16, 8), name.ends_with("remembers"), "{name}");
        }
        if chains.len() >= 32 {
            let x = one_variable(chains.len(), values.clone()).variables().to_vec();
            let started = ("chains_per_start".to_owned(), Attribute::Int(chains_per_start as i64));
            let rows = summary(&Group::new("posterior", vec![started], vec![], x).unwrap()).unwrap();
            assert_eq!(rows[0].r_hat_nested, found, "the summary takes the chains of a start from the group");
        }
    }
}

#[test]
fn nested_r_hat_needs_two_superchains_that_move() {
    let values: Vec<f64> = (0..12).map(|at| f64::from(at).sin()).collect();
    let of = |values: &[f64], chains_per_start| nested_r_hat(ScalarDraws::new(values, 4), chains_per_start);
    assert!(of(&values, 2) > 1.0);
    let whole = nested_r_hat(ScalarDraws::new(&values[..8], 4), 2);
    assert_eq!(nested_r_hat(ScalarDraws::new(&values[..10], 5), 2), whole, "the fifth chain is left over");
    assert!([0, 3, 4, 5].iter().all(|&chains| of(&values, chains).is_nan()));
    assert!(of(&[1.0; 12], 2).is_nan());
    assert!(of(&[[f64::INFINITY].as_slice(), &values[1..]].concat(), 2).is_nan());
}

#[test]
fn errors_across_chains_are_those_within_when_chains_are_independent() {
    let (chains, draws) = (512, 50);
    let values = super::normals(chains, draws, 1, |_, _, z| z);
    let rows = summary(&one_variable(chains, values)).unwrap();
    let exact = 1.0 / ((chains * draws) as f64).sqrt();
    // The relative error is 1 / sqrt(2 chains) = 3 %.
    assert!((rows[0].mcse_across / exact - 1.0).abs() < 0.12, "{}", rows[0].mcse_across);
    assert!((rows[0].mcse_mean / exact - 1.0).abs() < 0.12, "{}", rows[0].mcse_mean);
}
