//! Good models have no errors, and few remarks.

#![allow(clippy::print_stdout, reason = "what is found in good models is a result")]

use chainfire_models::finding::{Rule, Severity};

use crate::{checked, good_models};

#[test]
fn good_models_have_no_errors_and_few_warnings() {
    let (mut errors, mut warnings, mut suggestions, mut models) = (Vec::new(), Vec::new(), 0, 0);
    let of_forms = [Rule::NotIdentified, Rule::ObservedMissing, Rule::UnusedVariable];
    for good in good_models() {
        let name = good.path.file_stem().expect("a name").to_string_lossy().into_owned();
        // Lists of distributions are no models of anything, and flat priors are what posteriordb has.
        let is_list = name.starts_with("catalogue_");
        // Models of the language's forms declare variables that nothing needs, or of which only the sum matters.
        let is_of_forms = good.path.parent().is_some_and(|folder| folder.ends_with("models"));
        models += 1;
        for finding in checked(&good.source, good.dataset()).findings {
            match finding.severity {
                Severity::Error => errors.push(format!("{name}: {finding}")),
                Severity::Warning if is_list || finding.rule == Rule::FlatPrior => {}
                Severity::Warning if is_of_forms && of_forms.contains(&finding.rule) => {}
                Severity::Warning => warnings.push(format!("{name}: {finding}")),
                Severity::Suggestion => suggestions += 1,
            }
        }
    }
    println!(
        "{models} models: {} warnings, {suggestions} suggestions\n{}",
        warnings.len(),
        warnings.join("\n")
    );
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(warnings.len() * 10 <= models, "{} warnings in {models} good models", warnings.len());
}
