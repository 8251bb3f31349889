//! `chainfire distributions` tells what the registry holds.

use super::program::Folder;
use chainfire_models::distributions::REGISTRY;

#[test]
fn all_distributions_are_listed_with_a_few_words() {
    let text = Folder::new(&[]).run("distributions").printed().to_string();
    assert_eq!(text.lines().count(), REGISTRY.len());
    assert!(
        text.lines().any(|line| line.starts_with("Gamma ") && line.ends_with("Gamma distribution")),
        "{text}"
    );
    let json = Folder::new(&[]).run("distributions --json").printed().to_string();
    let all: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(REGISTRY.len()));
}

#[test]
fn one_distribution_is_shown_with_its_arguments_and_an_example() {
    let text = Folder::new(&[]).run("distributions Lognormal").printed().to_string();
    for part in
        ["pm.LogNormal(name, mu=0, sigma=1 | tau)", "numbers above 0", "precision 1 / sigma^2", "Example"]
    {
        assert!(text.contains(part), "`{part}` is missing: {text}");
    }
}

#[test]
fn a_misspelt_distribution_gets_the_nearest_name() {
    let outcome = Folder::new(&[]).run("distributions Gama");
    outcome.complains(&["there is no distribution `Gama`: did you mean `Gamma`?"]);
}

#[test]
fn words_list_the_distributions_that_say_them() {
    let text = Folder::new(&[]).run("distributions counts").printed().to_string();
    let names: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains(&"Multinomial") && !names.contains(&"Normal"), "{text}");
    let json = Folder::new(&[]).run("distributions counts --json").printed().to_string();
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(found.as_array().map(Vec::len), Some(names.len()));
    let text = Folder::new(&[]).run("distributions gamma").printed().to_string();
    assert!(text.starts_with("pm.Gamma(name"), "{text}");
}
