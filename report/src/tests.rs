//! Tables against the text pandas prints (`tests/reference/arviz_reference.py` makes it).

use chainfire_engine::diagnostics::summary;
use chainfire_engine::draws::{Group, Values, Variable, read_netcdf};
use serde_json::Value;

use super::*;

fn data_file(name: &str) -> String {
    format!("{}/../engine/tests/data/arviz/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(data_file(name)).unwrap()
}

#[test]
fn table_is_what_arviz_prints_for_eight_schools() {
    for name in ["centered_eight", "non_centered_eight"] {
        let data = read_netcdf(data_file(&format!("{name}.nc")).as_ref()).unwrap();
        let rows = summary(data.require("posterior").unwrap()).unwrap();
        assert_eq!(summary_table(&rows) + "\n", text(&format!("{name}_summary.txt")));
    }
}

#[test]
fn table_is_what_pandas_prints_for_numbers_of_every_size() {
    let tables: Value = serde_json::from_str(&text("tables.json")).unwrap();
    for (name, table) in tables.as_object().unwrap() {
        let numbers =
            |value: &Value| value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect::<Vec<_>>();
        let variable = |(name, content): (&String, &Value)| {
            let shape: Vec<usize> =
                numbers(&content["shape"]).iter().map(|&length| length as usize).collect();
            let trailing = format!("{name}_dim_0");
            let dims = ["chain", "draw", trailing.as_str()];
            Variable::new(name, &dims[..shape.len()], &shape, Values::Float(numbers(&content["values"])))
        };
        let variables = table["variables"].as_object().unwrap().iter().map(variable).collect();
        let rows = summary(&Group::new("posterior", vec![], vec![], variables).unwrap()).unwrap();
        assert_eq!(summary_table(&rows), table["table"].as_str().unwrap(), "{name}");
    }
}

#[test]
fn json_has_full_precision_and_null_for_nan() {
    let draws: Vec<f64> = (0..20).map(|at| f64::from(at).sqrt()).collect();
    let x = Variable::new("x", &["chain", "draw"], &[1, 20], Values::Float(draws));
    let rows = summary(&Group::new("posterior", vec![], vec![], vec![x]).unwrap()).unwrap();
    let json = summary_json(&rows);
    assert_eq!(json[0]["name"], "x");
    assert_eq!(json[0]["mcse_mean"].as_f64(), Some(rows[0].mcse_mean));
    assert!(json[0]["r_hat"].is_null());
    assert_eq!(json[0].as_object().unwrap().len(), 10);
}

#[test]
fn columns_of_many_chains_stand_behind_those_of_arviz() {
    let rows = |chains: usize| {
        let draws: Vec<f64> = (0..chains * 10).map(|at| (at as f64 * 0.7).sin()).collect();
        let x = Variable::new("x", &["chain", "draw"], &[chains, 10], Values::Float(draws));
        summary(&Group::new("posterior", vec![], vec![], vec![x]).unwrap()).unwrap()
    };
    for (chains, more) in [(31, ""), (32, "  r_hat_nested"), (64, "  r_hat_nested  mcse_across")] {
        let rows = rows(chains);
        let table = summary_table(&rows);
        let (titles, numbers) = table.split_once('\n').unwrap();
        assert!(titles.ends_with(&format!("r_hat{more}")), "{titles}");
        assert_eq!(titles.split_whitespace().count() + 1, numbers.split_whitespace().count());
        let json = summary_json(&rows);
        let keys: Vec<&str> = json[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys[1..], titles.split_whitespace().collect::<Vec<_>>());
    }
    assert_eq!(summary_json(&rows(64))[0]["mcse_across"].as_f64(), Some(rows(64)[0].mcse_across));
}
