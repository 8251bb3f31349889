//! Writes to the terminal without failing when nobody reads.

use std::io::Write;

/// Writes a line to standard output; a reader that went away is not an error.
pub fn line(text: impl std::fmt::Display) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Writes a line to standard error.
pub fn note(text: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Writes an error with its causes, each said once.
pub fn complain(error: &anyhow::Error) {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    // Findings say themselves what they are.
    let is_finding =
        crate::cli::load::findings(error).is_some_and(|all| all.iter().any(|f| f.place.is_some()));
    if is_finding {
        note(text);
    } else {
        note(format_args!("error: {text}"));
    }
}

/// A number of things: `1 chain`, `4 chains`.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}
