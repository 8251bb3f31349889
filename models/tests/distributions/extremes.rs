//! Where naive formulas fail: far tails, tiny and huge shapes, certain outcomes (`reference/extremes.py`).

use chainfire_models::Value;
use chainfire_models::distributions::find;
use serde_json::Value as Json;

use super::{assert_close, build, make, number, numbers};

/// 1e-10 relative, for parameters that are known and for those of a captured program.
#[test]
fn densities_and_tails_hold_at_extremes() {
    let cases: Json = serde_json::from_str(include_str!("../data/extremes.json")).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() > 120);
    for case in cases {
        let entry = find(case["distribution"].as_str().unwrap()).unwrap();
        let known = make(entry, &case["arguments"]).unwrap();
        let random = build(entry, &case["arguments"], &mut |name, numbers, shape| match name {
            "n" | "lower" => super::known(name, numbers, shape),
            _ => Value::at_point(numbers, shape),
        });
        let x = Value::from(number(&case["x"]));
        for distribution in [known, random.unwrap()] {
            let seen = match case["what"].as_str().unwrap() {
                "log_density" => distribution.log_density(&x),
                "log_cdf" => distribution.log_cdf(&x).unwrap(),
                _ => distribution.log_survival(&x).unwrap(),
            };
            let expected = number(&case["value"]);
            assert_close(numbers(&seen)[0], expected, 1e-10 * expected.abs() + 1e-15, || case.to_string());
        }
    }
}
