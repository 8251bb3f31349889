//! What `chainfire check --json` prints follows its published schema, and stands for what was found.

use serde_json::{Value, json};

use super::program::{Folder, model};

/// What is wrong with a value under a schema; the words of JSON schema that the published one uses.
fn faults(value: &Value, schema: &Value, root: &Value, at: &str, into: &mut Vec<String>) {
    let mut say = |text: String| into.push(format!("{at}: {text}"));
    let Some(rules) = schema.as_object() else { return };
    for (rule, expected) in rules {
        match rule.as_str() {
            "type" => {
                let seen = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(number) if number.is_u64() && expected == "integer" => "integer",
                    Value::Number(_) => "number",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                if expected != seen {
                    say(format!("{seen} instead of {expected}"));
                }
            }
            "enum" if !expected.as_array().unwrap().contains(value) => {
                say(format!("{value} is not in {expected}"))
            }
            "required" => {
                for name in expected.as_array().unwrap() {
                    if value.get(name.as_str().unwrap()).is_none() {
                        say(format!("{name} is missing"));
                    }
                }
            }
            "anyOf" => {
                let fits = |one: &Value| {
                    let mut inner = Vec::new();
                    faults(value, one, root, at, &mut inner);
                    inner.is_empty()
                };
                if !expected.as_array().unwrap().iter().any(fits) {
                    say(format!("{value} fits none of {expected}"));
                }
            }
            _ => {}
        }
    }
    if let Some(path) = rules.get("$ref") {
        let inner = root.pointer(path.as_str().unwrap().trim_start_matches('#')).expect("a definition");
        faults(value, inner, root, at, into);
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let schema =
            rules.get("properties").and_then(|p| p.get(name)).or_else(|| rules.get("additionalProperties"));
        match schema {
            Some(Value::Bool(false)) => into.push(format!("{at}: `{name}` is not in the schema")),
            Some(schema) => faults(inner, schema, root, &format!("{at}.{name}"), into),
            None => {}
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), rules.get("items")) {
        for (k, item) in items.iter().enumerate() {
            faults(item, schema, root, &format!("{at}[{k}]"), into);
        }
    }
}

fn schema() -> Value {
    Folder::new(&[]).run("check --schema").json()
}

fn assert_valid(value: &Value) {
    let (schema, mut found) = (schema(), Vec::new());
    faults(value, &schema, &schema, "$", &mut found);
    assert!(found.is_empty(), "{found:#?}\n{value:#}");
}

const GOOD: &str = "mu = pm.Normal('mu', 0, 1, shape=2)\ntau = pm.HalfNormal('tau', 1)\n\
                    pm.Normal('y', mu, tau, observed=y)";

#[test]
fn the_answer_of_a_good_model_follows_the_schema() {
    let folder = Folder::new(&[("model.py", &model(GOOD)), ("data.csv", "y\n1.5\n-0.5\n")]);
    let outcome = folder.run("check model.py --data data.csv --json");
    assert_eq!(outcome.status, Some(0));
    let json = outcome.json();
    assert_eq!((&json["ok"], &json["findings"]), (&json!(true), &json!([])));
    assert_valid(&json);
}

#[test]
fn the_answer_of_a_wrong_model_follows_the_schema_and_has_every_finding() {
    let statements =
        "mu = pm.Normal('mu', 0, sd=1, dims='g')\npm.Nromal('y', mu, 1, observed=yy)\nz = pm.Flat('z')";
    let folder = Folder::new(&[("model.py", &model(statements))]);
    let outcome = folder.run("check model.py --json");
    assert_eq!(outcome.status, Some(1));
    let json = outcome.json();
    assert_valid(&json);
    assert_eq!(json["ok"], false);
    let of =
        |name: &str| json["findings"].as_array().unwrap().iter().map(|f| f[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("code"), ["M103", "M118", "M101", "M158"]);
    assert_eq!(of("line"), [4, 4, 5, 6]);
    assert_eq!(of("severity"), ["error", "error", "error", "warning"]);
    let renamed = &json["findings"][0];
    assert_eq!((&renamed["column"], &renamed["width"]), (&json!(29), &json!(4)));
    assert_eq!((&renamed["fix"], &renamed["variable"]), (&json!("write `sigma=`"), &json!("sd")));
    assert_eq!(json["findings"][2]["nearest"][0], "Normal");
}

#[test]
fn every_fault_of_syntax_is_an_entry_with_its_place_and_cure() {
    let statements = "mu = pm.Normal('mu', 0, 1\nsd = pm.HalfNormal('sd' 1)\npm.Normal('y', 0, sd=1)";
    let json = Folder::new(&[("model.py", &model(statements))]).run("check model.py --json").json();
    assert_valid(&json);
    let of =
        |name: &str| json["findings"].as_array().unwrap().iter().map(|f| f[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("code"), ["M110", "M110", "M103"]);
    assert_eq!(
        (of("line"), of("column")),
        (vec![json!(4), json!(5), json!(6)], vec![json!(19), json!(29), json!(23)])
    );
    assert_eq!(of("fix"), ["close it with `)`", "put `,` before `1`", "write `sigma=`"]);
    assert_eq!(of("expected")[..2], ["`)`", "`,`"]);
}

#[test]
fn numbers_that_are_not_finite_follow_the_schema() {
    let statements = "mu = pm.Normal('mu', 0, 1)\npm.Uniform('y', 0, pm.math.exp(mu), observed=[0.5, 9])";
    let folder = Folder::new(&[("model.py", &model(statements))]);
    let json = folder.run("check model.py --json").json();
    assert_eq!(json["log_density"], "-inf");
    assert_valid(&json);
}

#[test]
fn files_that_cannot_be_read_are_findings_too() {
    let folder = Folder::new(&[("model.py", &model(GOOD)), ("data.csv", "y,y\n1,2\n")]);
    for command in ["check model.py --data data.csv --json", "check nothere.py --json"] {
        let outcome = folder.run(command);
        assert_eq!(outcome.status, Some(1));
        let json = outcome.json();
        assert_eq!(json["findings"][0]["code"], "M001");
        assert_valid(&json);
    }
}

#[test]
fn the_exit_status_tells_errors_from_wrong_commands() {
    let folder = Folder::new(&[(
        "model.py",
        &model("mu = pm.Flat('mu')\npm.Normal('y', mu, 1, observed=[1.0, 2.0])"),
    )]);
    let warned = folder.run("check model.py");
    assert_eq!(warned.status, Some(0));
    assert!(
        warned.stderr.contains("warning[M158]") && warned.stderr.contains("0 errors, 1 warning"),
        "{warned:?}"
    );
    assert_eq!(folder.run("check").status, Some(2));
    assert_eq!(folder.run("check model.py --colour").status, Some(2));
    let sampled = folder.run("sample model.py --draws 20 --tune 20 --chains 1 --seed 1");
    assert!(sampled.stderr.contains("warning[M158]"), "{sampled:?}");
}

#[test]
fn the_schema_lists_every_code() {
    let schema = schema();
    let codes = schema.pointer("/$defs/finding/properties/code/enum").unwrap();
    let rules = schema.pointer("/$defs/finding/properties/rule/enum").unwrap();
    let all = chainfire::finding::Rule::ALL;
    assert_eq!(*codes, all.iter().map(|rule| rule.code()).collect::<Value>());
    assert_eq!(*rules, all.iter().map(|rule| rule.name()).collect::<Value>());
}
