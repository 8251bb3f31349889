//! One wrong model or more for each code: the finding's place and words, and that nothing else is found.

use std::collections::HashSet;
use std::path::Path;

use chainfire_models::data::Dataset;
use chainfire_models::finding::{Finding, Rule, Severity};

use crate::cases::{BUILD, Case, EVALUATE, FILES, PARSE, STYLES};
use crate::checked;

pub const DATA: &str = "\
y,x,g,k,b,text,gaps
1.0,0.1,0,3,1,a,1
2.0,0.4,1,0,0,b,
0.5,0.2,2,2,1,a,2
1.5,0.9,0,1,0,c,4
2.5,0.3,1,5,1,b,3
0.7,0.6,2,4,1,c,5
";

/// Lines in front of the statements of a model, and what they are indented by.
pub const HEAD: &str = "import numpy as np\nimport pymc as pm\nimport pytensor.tensor as pt\n\
                    with pm.Model(coords={\"g\": [\"a\", \"b\", \"c\"]}) as model:\n";

pub fn findings(source: &str) -> Vec<Finding> {
    checked(source, Dataset::from_csv(Path::new("data.csv"), DATA).expect("a table")).findings
}

fn place(finding: &Finding) -> (usize, usize) {
    finding.place.as_ref().map_or((0, 0), |place| (place.line, place.column))
}

pub fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is wrong with the findings of a case: its wrong model has the finding and no other that the right one has not,
/// and the finding says what is there, what should be, and what to do.
fn miss(case: &Case, wrong: &str, right: &str, at: (usize, usize)) -> Option<String> {
    let Case { code, part, .. } = case;
    let (found, beside) = (findings(wrong), findings(right));
    let codes = |findings: &[Finding]| findings.iter().map(|f| f.rule.code()).collect::<HashSet<_>>();
    let new: Vec<&str> = codes(&found).difference(&codes(&beside)).copied().collect();
    let Some(finding) =
        found.iter().find(|f| f.rule.code() == *code && place(f) == at && f.message.contains(part))
    else {
        return Some(format!("{code} at {at:?} with `{part}` is not in:\n{}\nof\n{wrong}", told(&found)));
    };
    if new != [*code] {
        return Some(format!(
            "{new:?} instead of {code}:\n{}\n--\n{}\nof\n{wrong}",
            told(&found),
            told(&beside)
        ));
    }
    let is_said = |text: &str| !text.trim().is_empty();
    let has_seen = at == (0, 0) || finding.seen().is_some_and(is_said);
    let is_complete = has_seen && is_said(finding.expected()) && is_said(finding.fix());
    (!is_complete).then(|| format!("{code} is not complete: {finding:?}"))
}

#[test]
fn every_code_has_a_model_that_breaks_its_rule_and_one_that_does_not() {
    let mut misses = Vec::new();
    let statements = || PARSE.iter().chain(BUILD).chain(EVALUATE);
    for case in statements() {
        let model = |statements: &str| {
            let body: String = statements.lines().map(|line| format!("    {line}\n")).collect();
            format!("{HEAD}{body}")
        };
        let (line, column) = case.at;
        let at = if line == 0 { (0, 0) } else { (line + 4, column + 4) };
        misses.extend(miss(case, &model(case.wrong), &model(case.right), at));
    }
    misses.extend(FILES.iter().chain(STYLES).filter_map(|case| miss(case, case.wrong, case.right, case.at)));
    assert!(misses.is_empty(), "{} misses\n\n{}", misses.len(), misses.join("\n\n"));
    let tried: HashSet<&str> = statements().chain(FILES).map(|case| case.code).collect();
    let untried: Vec<&str> =
        Rule::ALL.iter().map(|rule| rule.code()).filter(|code| !tried.contains(code)).collect();
    // A file that cannot be read is tested where files are.
    assert_eq!(untried, ["M001"]);
}

#[test]
fn all_faults_of_syntax_are_told_and_the_other_statements_looked_at() {
    let source = "import pymc as pm\nwith pm.Model() as model:\n    x = [1, 2, 3\n    a = pm.Normal(\"a\" 0, 1)\n    \
                  b = pm.Normal(\"b\", 0, sd=1)\n    for i in range(3)\n        pm.Nromal(f\"c{i}\", x, 1)\n    \
                  d = pm.Normal(\"d, b, 1)\n    e = pm.Normal(\"e\", 0, 1, observd=y)\n";
    let found: Vec<(&str, usize)> = findings(source).iter().map(|f| (f.rule.code(), place(f).0)).collect();
    assert_eq!(found, [("M110", 3), ("M110", 4), ("M103", 5), ("M110", 6), ("M110", 8), ("M102", 9)]);
}

#[test]
fn every_unknown_name_of_an_expression_is_told() {
    let source = "import pymc as pm\nwith pm.Model() as model:\n    m = pm.Normal(\"m\", first + 2 * second - third, 1)\n";
    let found = findings(source);
    let names: Vec<&str> = found.iter().filter_map(|f| f.details.variable.as_deref()).collect();
    assert_eq!(names, ["first", "second", "third"]);
}

#[test]
fn a_start_without_density_is_a_warning_where_chains_find_one_around_it() {
    let of = |term: &str| {
        let source = format!("{HEAD}    a = pm.Normal('a', 0, 1)\n    pm.Potential('p', {term})\n");
        let found = findings(&source);
        let finding = found.iter().find(|finding| finding.rule == Rule::BadStart);
        finding.map(|finding| (finding.severity, finding.message.clone()))
    };
    let (severity, message) = of("pm.math.log(a)").unwrap();
    assert_eq!(severity, Severity::Warning);
    assert!(message.contains("it is finite in 4 of 10 tries"), "{message}");
    let (severity, message) = of("pm.math.log(a - 10)").unwrap();
    assert_eq!(severity, Severity::Error);
    assert!(!message.contains("tries"), "{message}");
    assert!(of("pm.math.log(a + 10)").is_none());
}

#[test]
fn an_equation_that_starts_where_states_change_faster_has_more_steps() {
    let steps = |start: f64| {
        let source = format!(
            "{HEAD}    r = pm.HalfNormal('r', 1, initval={start})\n    \
             def slope(y, t, p):\n        return -p[0] * y[0]\n    \
             solve = pm.ode.DifferentialEquation(func=slope, times=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], n_states=1, n_theta=1)\n    \
             pm.Normal('o', solve([1.0], [r])[:, 0], 1, observed=y)\n"
        );
        let found = findings(&source);
        let finding = found.iter().find(|finding| finding.rule == Rule::EquationSteps).expect("an equation");
        let seen = finding.details.seen.clone().expect("steps");
        seen.split(' ').next().and_then(|count| count.parse::<usize>().ok()).expect("a number")
    };
    let (slow, fast) = (steps(0.1), steps(4.0));
    assert!(fast >= 2 * slow, "{slow} and {fast} steps");
}

#[test]
fn codes_and_names_are_unique() {
    let codes: HashSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    let names: HashSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!((codes.len(), names.len()), (Rule::ALL.len(), Rule::ALL.len()));
    assert!(Rule::ALL.iter().all(|rule| rule.summary().ends_with('.')));
}
