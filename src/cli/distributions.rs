//! `chainfire distributions`: what a model file can write after `pm.`, from the registry.

use std::process::ExitCode;

use anyhow::bail;
use chainfire_models::distributions::{Entry, REGISTRY, nearest};
use clap::Args;
use serde_json::{Value, json};

use super::output;

const EXAMPLES: &str = "\
Examples:
  chainfire distributions          List all
  chainfire distributions Gamma    Arguments, support and an example";

/// Show the distributions of the model language.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Name of one distribution
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints all, or one.
///
/// # Errors
/// When there is none of the name.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.name {
        None if arguments.json => output::line(Value::from_iter(REGISTRY.iter().map(described))),
        None => {
            let width = REGISTRY.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
            for entry in REGISTRY {
                output::line(format_args!("{:width$}  {}", entry.name, entry.summary));
            }
        }
        Some(name) => {
            let Some(entry) = chainfire_models::distributions::find(name) else {
                let hint = nearest(name).map_or(String::new(), |known| format!(": did you mean `{known}`?"));
                bail!("there is no distribution `{name}`{hint}; `chainfire distributions` lists all");
            };
            if arguments.json { output::line(described(entry)) } else { print(entry) }
        }
    }
    Ok(ExitCode::SUCCESS)
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
