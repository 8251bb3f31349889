//! The help says what there is, with examples, and fits a terminal.

use super::program::Folder;

fn help(arguments: &str) -> String {
    let text = Folder::new(&[]).run(arguments).printed().to_string();
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "too wide: {line}");
    }
    text
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing: {text}");
    }
}

#[test]
fn help_lists_the_commands_with_examples() {
    let parts =
        ["PyMC", "sample", "summary", "check", "Examples:", "chainfire sample radon.py --data radon.csv"];
    has(&help("--help"), &parts);
}

#[test]
fn help_of_sample_lists_its_options_with_defaults_and_examples() {
    let options = [
        "--data",
        "--output",
        "--chains",
        "--draws",
        "--tune",
        "--target-accept",
        "--max-treedepth",
        "--metric",
        "--threads",
        "--seed",
        "--device",
        "--json",
        "--quiet",
    ];
    let text = help("sample --help");
    has(&text, &options);
    has(&text, &["Usage: chainfire sample", "[default: 4]", "[default: 1000]", "Ctrl-C", "130", "Examples:"]);
    has(&help("help sample"), &options);
    has(&help("sample -h"), &options);
}

#[test]
fn help_of_check_and_summary_says_what_they_show() {
    has(&help("check --help"), &["Usage: chainfire check", "--point", "tau_log__", "--json", "Examples:"]);
    has(&help("summary --help"), &["Usage: chainfire summary", "NetCDF", "--json"]);
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(help("--version").trim(), format!("chainfire {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn no_command_prints_the_help_and_fails() {
    let outcome = Folder::new(&[]).run("");
    assert_eq!(outcome.status, Some(2));
    has(&outcome.stderr, &["Usage: chainfire", "sample"]);
}
