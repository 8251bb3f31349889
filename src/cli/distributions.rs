//! `chainfire distributions`: what a model file can write after `pm.`, from the registry.

use std::process::ExitCode;

use anyhow::bail;
use chainfire_models::distributions::{Entry, REGISTRY, find, nearest};
use clap::Args;
use serde_json::{Value, json};

use super::output;

const EXAMPLES: &str = "\
Examples:
  chainfire distributions          List all
  chainfire distributions Gamma    Arguments, support and an example
  chainfire distributions counts   List those that say so of themselves";

/// Show the distributions of the model language.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Name of one distribution, or words that its name, summary, support or parameters have
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints all, one, or those that words describe.
///
/// # Errors
/// When there are none of the name or the words.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let entries: Vec<&Entry> = match &arguments.name {
        None => REGISTRY.iter().collect(),
        Some(name) => {
            if let Some(entry) =
                find(name).or_else(|| REGISTRY.iter().find(|e| e.name.eq_ignore_ascii_case(name)))
            {
                if arguments.json {
                    output::line(described(entry))
                } else {
                    print(entry)
                }
                return Ok(ExitCode::SUCCESS);
            }
            REGISTRY.iter().filter(|entry| has_words(entry, name)).collect()
        }
    };
    if let (Some(name), []) = (&arguments.name, &entries[..]) {
        let hint = nearest(name).map_or(String::new(), |known| format!(": did you mean `{known}`?"));
        bail!("there is no distribution `{name}`{hint}; `chainfire distributions` lists all");
    }
    if arguments.json {
        output::line(Value::from_iter(entries.into_iter().map(described)));
        return Ok(ExitCode::SUCCESS);
    }
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    for entry in entries {
        output::line(format_args!("{:width$}  {}", entry.name, entry.summary));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a distribution says every one of the words of itself.
fn has_words(entry: &Entry, words: &str) -> bool {
    let parameters = entry.parameters.iter().flat_map(|(name, meaning)| [*name, *meaning]);
    let texts = [entry.name, entry.summary, entry.support].into_iter().chain(parameters);
    let all = texts.collect::<Vec<_>>().join(" ").to_lowercase();
    words.split_whitespace().all(|word| all.contains(&word.to_lowercase()))
}

fn described(entry: &Entry) -> Value {
    let parameters = entry.parameters.iter().map(|(name, meaning)| json!({"name": name, "meaning": meaning}));
    json!({
        "name": entry.name,
        "aliases": entry.aliases,
        "summary": entry.summary,
        "signature": entry.signature,
        "support": entry.support,
        "positional": entry.positional,
        "keyword_only": entry.keyword_only,
        "parameters": Value::from_iter(parameters),
        "example": entry.example,
    })
}

fn print(entry: &Entry) {
    output::line(format_args!("pm.{}(name, {})", entry.name, entry.signature));
    output::line(format_args!("  {}", entry.summary));
    if !entry.aliases.is_empty() {
        output::line(format_args!("  also pm.{}", entry.aliases.join(", pm.")));
    }
    output::line(format_args!("\nSupport: {}", entry.support));
    if !entry.parameters.is_empty() {
        output::line("\nParameters (with `|` between them: one or the other)");
    }
    let width = entry.parameters.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, meaning) in entry.parameters {
        output::line(format_args!("  {name:width$}  {meaning}"));
    }
    output::line(format_args!("\nExample\n  {}", entry.example));
}
