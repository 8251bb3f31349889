//! What `chainfire sample` prints at the end.

use chainfire::{Group, MOMENTS, Metric, Model, Place, Run, Sampler, Settings, SummaryRow};
use chainfire::{convergence_warnings, moments_warnings, summary, summary_json, summary_table};
use serde_json::{Value, json};

use super::outcome::Outcome;
use super::{Arguments, name_of, output, place};

/// Prints the summary of a run and its warnings, or both as JSON.
pub fn report(
    arguments: &Arguments,
    run: &Run<'_>,
    settings: &Settings,
    model: &Model,
    outcome: &Outcome,
) -> anyhow::Result<()> {
    if outcome.draws() == 0 {
        let text =
            "the run was stopped before every chain had a draw: nothing is kept and nothing is written";
        if arguments.json {
            output::line(as_json(arguments, run, settings, outcome, &[text.to_string()], json!([])));
        }
        output::note(text);
        return Ok(());
    }
    let Some(data) = &outcome.data else {
        let path = outcome.written.as_ref().map_or_else(String::new, |path| path.display().to_string());
        output::note(format_args!(
            "the draws in {path} do not fit into memory: open them lazily, with xarray or h5py"
        ));
        return Ok(());
    };
    let rows = summary(data.require("posterior")?)?;
    if let Some(moments) = data.group("moments") {
        return report_moments(arguments, run, settings, outcome, &described(&rows, moments));
    }
    let free: Vec<String> = model.free_variables().map(|v| v.name.clone()).collect();
    let belongs = |row: &str| {
        free.iter().any(|name| row.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with('[')))
    };
    let parameters: Vec<_> = rows.iter().filter(|r| belongs(&r.name)).cloned().collect();
    let mut warnings = run_warnings(settings, outcome);
    warnings.extend(convergence_warnings(data, &parameters).iter().map(ToString::to_string));
    if arguments.json {
        output::line(as_json(arguments, run, settings, outcome, &warnings, summary_json(&rows)));
        return Ok(());
    }
    output::line(summary_table(&rows));
    if arguments.quiet {
        return Ok(());
    }
    end_with(&warnings, outcome);
    Ok(())
}

/// Notes what to beware of, and where the draws are.
fn end_with(warnings: &[String], outcome: &Outcome) {
    for warning in warnings {
        output::note(format_args!("warning: {warning}"));
    }
    if let Some(path) = &outcome.written {
        output::note(format_args!("wrote {}", path.display()));
    }
}

/// What the run itself, and not its draws, warns of.
fn run_warnings(settings: &Settings, outcome: &Outcome) -> Vec<String> {
    let record = &outcome.record;
    let mut warnings = Vec::new();
    if record.stopped_early {
        let kept = output::count(outcome.draws(), "draw");
        warnings.push(format!("The run was stopped early: every chain is cut to {kept}."));
    }
    if record.moved_chains > 0 {
        warnings.push(format!(
            "In warm-up {} of {} chains settled in a mode with next to no mass, and were moved to where others are. Start \
             them elsewhere if that mode should count.",
            record.moved_chains, settings.chains
        ));
    }
    if let Some(noise) = outcome.report.and_then(|report| report.energy_noise).filter(|noise| *noise > 0.05) {
        warnings.push(format!(
            "Single precision changes the log density by {noise:.2} from draw to draw, so that acceptance is off: sample \
             with --device cpu, or centre and scale the data."
        ));
    }
    warnings
}

fn as_json(
    arguments: &Arguments,
    run: &Run<'_>,
    settings: &Settings,
    outcome: &Outcome,
    warnings: &[String],
    summary: Value,
) -> Value {
    let (record, written) = (&outcome.record, &outcome.written);
    json!({
        "model": arguments.model.as_ref().map(|p| p.display().to_string()),
        "data": arguments.data.iter().map(|p| p.display().to_string()).collect::<Vec<_>>(),
        "output": written.as_ref().map(|p| p.display().to_string()),
        "sampler": name_of(&Sampler::NAMES, &settings.sampler),
        "chains": settings.chains,
        "draws": outcome.draws(),
        "tune": settings.tune,
        "target_accept": settings.target_accept,
        "max_treedepth": settings.max_treedepth,
        "seed": settings.seed,
        "device": if matches!(run.choice().place, Place::Cpu) { "cpu".into() } else { place(run) },
        "device_reason": run.choice().reason,
        "launches": launches(outcome),
        "metric": name_of(&Metric::NAMES, &settings.metric),
        "stopped_early": record.stopped_early,
        "moved_chains": record.moved_chains,
        "divergences": outcome.divergences(),
        "gradients": { "tune": record.warmup_gradients, "draws": record.draw_gradients },
        "lane_efficiency": record.lane_efficiency,
        "seconds": { "tune": record.warmup_seconds, "draws": record.draw_seconds },
        "step_size": record.tuning.iter().map(|t| t.step_size).collect::<Vec<_>>(),
        "warnings": warnings,
        "summary": summary,
    })
}

/// What the launches of a graphics processor have done.
fn launches(outcome: &Outcome) -> Value {
    outcome.report.map_or(Value::Null, |report| {
        json!({
            "count": report.launches,
            "seconds": report.seconds,
            "lane_efficiency": report.lane_efficiency(),
            "energy_noise": report.energy_noise,
        })
    })
}

/// What `--keep moments` knows of a number of the posterior.
struct Described {
    name: String,
    /// In the order of [`MOMENTS`].
    statistics: [f64; MOMENTS.len()],
}

/// The statistics of every number, whose names are those of the summary's rows.
fn described(rows: &[SummaryRow], moments: &Group) -> Vec<Described> {
    let numbers = moments.variables().iter().flat_map(|variable| {
        let length = variable.values.len() / MOMENTS.len();
        (0..length).map(move |number| {
            std::array::from_fn(|at| variable.values.number(at * length + number).unwrap_or(f64::NAN))
        })
    });
    rows.iter()
        .zip(numbers)
        .map(|(row, statistics)| Described { name: row.name.clone(), statistics })
        .collect()
}

/// Prints the moments of all draws, of which only the last are kept.
fn report_moments(
    arguments: &Arguments,
    run: &Run<'_>,
    settings: &Settings,
    outcome: &Outcome,
    moments: &[Described],
) -> anyhow::Result<()> {
    let mut warnings = run_warnings(settings, outcome);
    let nested_r_hats =
        moments.iter().map(|row| (row.name.clone(), row.statistics[MOMENTS.len() - 1])).collect();
    let (divergences, chains_per_start) = (outcome.divergences(), settings.chains_per_start());
    let more = moments_warnings(divergences, nested_r_hats, settings.chains, chains_per_start);
    warnings.extend(more.iter().map(ToString::to_string));
    if arguments.json {
        let rows = moments.iter().map(|row| {
            let statistics = MOMENTS.iter().zip(row.statistics).map(|(name, x)| (name.to_string(), json!(x)));
            Value::Object([("name".to_string(), json!(row.name))].into_iter().chain(statistics).collect())
        });
        output::line(as_json(arguments, run, settings, outcome, &warnings, rows.collect()));
        return Ok(());
    }
    let width = moments.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let titles: String = MOMENTS.iter().map(|name| format!(" {name:>12}")).collect();
    output::line(format_args!("{:width$}{titles}", ""));
    for Described { name, statistics } in moments {
        let numbers: String = statistics.iter().map(|x| format!(" {x:>12.3}")).collect();
        output::line(format_args!("{name:width$}{numbers}"));
    }
    if !arguments.quiet {
        end_with(&warnings, outcome);
    }
    Ok(())
}
