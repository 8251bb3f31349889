//! `chainfire check`: a model looked at without sampling.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use chainfire::check::{self, Checked};
use chainfire::finding::{Finding, Severity};
use chainfire::{Model, ModelError};
use chainfire_models::{Evaluation, Role, Variable};
use clap::Args;
use serde_json::{Map, Value, json};

use super::{load, output};

/// What `--json` prints, as a JSON schema.
const SCHEMA: &str = include_str!("../../docs/check.schema.json");

const EXAMPLES: &str = "\
Examples:
  chainfire check radon.py --data radon.csv
      Show the variables and the log density where sampling would start
  chainfire check radon.py --data radon.csv --json --point point.json
      Log density and gradient at a point, such as {\"sigma_y\": 0.7}";

/// Check a model without sampling it.
///
/// Reads the model file and its data, builds the program, evaluates log density and gradient at the starting point
/// (or at --point), and shows each variable's shape, dims, transform and log density, and every finding with its
/// place and cure. Ends with status 0 when the model runs, 1 when it has errors, 2 when the command is wrong.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Model file: PyMC syntax, read as data
    #[arg(required_unless_present = "schema")]
    model: Option<PathBuf>,
    /// The model that has this name at the end of the model file, where the file makes several [default: the one called
    /// `model`, or else the last]
    #[arg(id = "named", long = "model", value_name = "NAME")]
    named: Option<String>,
    /// Data file: CSV, JSON, or arrays of NumPy (.npz, .npy); may be given several times
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
    /// JSON object of values to evaluate at: names of variables (constrained values) or of value variables such as
    /// `tau_log__` (unconstrained values); variables left out take their starting values
    #[arg(long, value_name = "FILE")]
    point: Option<PathBuf>,
    /// Print one JSON object: log_density, gradient, variables, findings, left_out (numbers that are not finite as "inf",
    /// "-inf", "nan")
    #[arg(long)]
    json: bool,
    /// Print the JSON schema of what --json prints
    #[arg(long)]
    schema: bool,
}

/// Checks, prints.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.schema {
        output::line(SCHEMA.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let model = arguments.model.as_ref().context("name the model file to check")?;
    let checked = load::files(model, arguments.named.as_deref(), &arguments.data)
        .and_then(|(file, data, unread)| {
            let point = arguments.point.as_deref().map(read_point).transpose()?;
            match (check::check(file, data, point), unread) {
                // A table that cannot be read may be what went wrong, or not.
                (Ok(mut checked), Some(unread)) if !checked.is_ok() => {
                    checked.findings.insert(0, load::unreadable(unread.to_string()));
                    Ok(checked)
                }
                (Err(_), Some(unread)) => Err(unread.into()),
                (checked, _) => Ok(checked?),
            }
        })
        .or_else(|error| match load::findings(&error) {
            Some(findings) => Ok(Checked { findings, left_out: Vec::new(), model: None, evaluation: None }),
            // Faults of the point are told like those of the model where a program reads them.
            None if arguments.json => Ok(Checked {
                findings: vec![fault(&error)],
                left_out: Vec::new(),
                model: None,
                evaluation: None,
            }),
            None => Err(error),
        })?;
    let status = if checked.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if arguments.json {
        output::line(as_json(&checked));
        return Ok(status);
    }
    if let (Some(model), Some(evaluation)) = (&checked.model, &checked.evaluation) {
        output::line(as_text(model, evaluation));
    }
    checked.findings.iter().for_each(output::note);
    if !checked.findings.is_empty() {
        output::note(count(&checked.findings));
    }
    if !checked.left_out.is_empty() {
        output::note(format_args!(
            "left out, as evaluating the model is dear: {}",
            checked.left_out.join(", ")
        ));
    }
    Ok(status)
}

/// What is wrong with a point.
fn fault(error: &anyhow::Error) -> Finding {
    match error.downcast_ref::<ModelError>() {
        Some(error) => error.finding(),
        None => load::unreadable(format!("{error:#}")),
    }
}

/// `2 errors, 1 warning, no suggestions`
fn count(findings: &[Finding]) -> String {
    let of = |severity: Severity| {
        let number = findings.iter().filter(|finding| finding.severity == severity).count();
        output::count(number, severity.name())
    };
    [Severity::Error, Severity::Warning, Severity::Suggestion].map(of).join(", ")
}

fn read_point(path: &Path) -> anyhow::Result<HashMap<String, Vec<f64>>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the point file {shown}; check the path and the permissions"))?;
    let parsed: Value = serde_json::from_str(&text).with_context(|| format!("{shown} is not valid JSON"))?;
    let Value::Object(entries) = parsed else {
        bail!("{shown} must hold a JSON object of values by variable name, such as {{\"mu\": 0.5}}");
    };
    entries
        .iter()
        .map(|(name, value)| {
            let mut numbers = Vec::new();
            flatten(value, &mut numbers).with_context(|| {
                format!("`{name}` in {shown} must be a number or nested lists of numbers")
            })?;
            Ok((name.clone(), numbers))
        })
        .collect()
}

fn flatten(value: &Value, into: &mut Vec<f64>) -> anyhow::Result<()> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| flatten(item, into)),
        other => {
            into.push(other.as_f64().with_context(|| format!("{other} is not a number"))?);
            Ok(())
        }
    }
}

fn finding_json(finding: &Finding) -> Value {
    let place = finding.place.as_ref();
    json!({
        "code": finding.rule.code(),
        "rule": finding.rule.name(),
        "severity": finding.severity.name(),
        "message": finding.message,
        "file": place.map(|p| p.file.as_str()),
        "line": place.map(|p| p.line),
        "column": place.map(|p| p.column),
        "width": place.map(|p| p.width),
        "source": place.map(|p| p.text.as_str()),
        "variable": finding.details.variable,
        "seen": finding.seen(),
        "expected": finding.expected(),
        "fix": finding.fix(),
        "nearest": finding.details.nearest,
    })
}

/// A number as JSON has it; what is not finite as text.
fn number(x: f64) -> Value {
    if x.is_finite() { x.into() } else { x.to_string().to_lowercase().into() }
}

/// Flat numbers as nested lists of a shape.
fn nested(numbers: &[f64], shape: &[usize]) -> Value {
    match shape {
        [] => number(numbers[0]),
        [_] => numbers.iter().map(|&x| number(x)).collect(),
        [first, rest @ ..] => numbers.chunks(numbers.len() / first).map(|part| nested(part, rest)).collect(),
    }
}

fn transform_name(variable: &Variable) -> Option<&str> {
    match &variable.role {
        Role::Free { transform, .. } => Some(transform.name()).filter(|name| !name.is_empty()),
        _ => None,
    }
}

fn role_name(role: &Role) -> &'static str {
    match role {
        Role::Free { .. } => "free",
        Role::Observed => "observed",
        Role::Deterministic => "deterministic",
        Role::Potential => "potential",
        Role::Data => "data",
    }
}

fn term(evaluation: &Evaluation, name: &str) -> Option<f64> {
    evaluation.terms.iter().find(|t| t.name == name).map(|t| t.log_density)
}

fn as_json(checked: &Checked) -> Value {
    let mut gradient = Map::new();
    let mut variables = Vec::new();
    if let (Some(model), Some(evaluation)) = (&checked.model, &checked.evaluation) {
        for variable in model.free_variables() {
            if let Role::Free { offset, .. } = variable.role {
                let run = &evaluation.gradient[offset..offset + variable.unconstrained_len()];
                gradient.insert(variable.value_name(), nested(run, &variable.unconstrained_shape()));
            }
        }
        variables = model.variables().iter().map(|v| variable_json(v, evaluation)).collect();
    }
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "ok": checked.is_ok(),
        "log_density": checked.evaluation.as_ref().map(|evaluation| number(evaluation.log_density)),
        "gradient": gradient,
        "variables": variables,
        "findings": checked.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "left_out": checked.left_out,
    })
}

fn variable_json(variable: &Variable, evaluation: &Evaluation) -> Value {
    json!({
        "name": variable.name,
        "role": role_name(&variable.role),
        "distribution": variable.distribution,
        "shape": variable.shape,
        "dims": variable.dims,
        "transform": transform_name(variable),
        "value_name": matches!(variable.role, Role::Free { .. }).then(|| variable.value_name()),
        "log_density": term(evaluation, &variable.name).map(number),
    })
}

fn as_text(model: &Model, evaluation: &Evaluation) -> String {
    let header =
        ["variable", "role", "distribution", "shape", "dims", "transform", "log density"].map(String::from);
    let rows = model.variables().iter().map(|v| {
        let shape: Vec<String> = v.shape.iter().map(ToString::to_string).collect();
        [
            v.name.clone(),
            role_name(&v.role).to_string(),
            v.distribution.unwrap_or("").to_string(),
            shape.join(" x "),
            v.dims.join(", "),
            transform_name(v).unwrap_or("").to_string(),
            term(evaluation, &v.name).map_or(String::new(), |x| format!("{x:.6}")),
        ]
    });
    let table: Vec<[String; 7]> = std::iter::once(header).chain(rows).collect();
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    let mut lines: Vec<String> = table
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(k, (cell, &w))| if k == 6 { format!("{cell:>w$}") } else { format!("{cell:<w$}") })
                .collect();
            cells.join("  ").trim_end().to_string()
        })
        .collect();
    let norm = evaluation.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    lines.push(String::new());
    lines.push(format!("{}, unconstrained", output::count(model.dim(), "parameter")));
    lines.push(format!(
        "log density {:.6} (Jacobians included), norm of its gradient {norm:.6}",
        evaluation.log_density
    ));
    lines.join("\n")
}
