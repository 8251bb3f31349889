//! Shows how far a run is: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use chainfire::{Progress, Settings};
use indicatif::{ProgressBar, ProgressStyle};

use super::output;

const BAR: Duration = Duration::from_millis(100);
const LINE: Duration = Duration::from_secs(2);

/// Where all chains together are.
struct Moment {
    warmup: usize,
    kept: usize,
    divergences: usize,
    step_size: f64,
}

impl Moment {
    fn of(progress: &Progress, tune: usize) -> Self {
        let tune = progress.warmup().unwrap_or(tune);
        let chains: Vec<_> = (0..progress.chains()).map(|chain| progress.chain(chain)).collect();
        Self {
            warmup: chains.iter().map(|c| c.draws.min(tune)).sum(),
            kept: chains.iter().map(|c| c.draws.saturating_sub(tune)).sum(),
            divergences: chains.iter().map(|c| c.divergences).sum(),
            step_size: chains.iter().map(|c| c.step_size).sum::<f64>() / chains.len() as f64,
        }
    }

    fn done(&self) -> usize {
        self.warmup + self.kept
    }
}

/// Shows the run until `finished` hears from it (or its sender is gone).
pub fn show(progress: &Progress, settings: &Settings, quiet: bool, finished: &Receiver<()>) {
    let total = settings.chains * (settings.tune + settings.draws);
    let begun = Instant::now();
    let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
        let bar = ProgressBar::new(total as u64);
        let style = "{bar:30.cyan/blue} {percent:>3}%  {msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar
    });
    let pause = if bar.is_some() { BAR } else { LINE };
    while finished.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let moment = Moment::of(progress, settings.tune);
        let text = format!(
            "{}, {} left",
            describe(&moment, settings, begun.elapsed()),
            left(&moment, total, begun.elapsed())
        );
        match &bar {
            Some(bar) => {
                bar.set_position(moment.done() as u64);
                bar.set_message(text);
            }
            None if !quiet => output::note(text),
            None => {}
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let moment = Moment::of(progress, settings.tune);
    if !quiet && moment.done() > 0 {
        output::note(describe(&moment, settings, begun.elapsed()));
    }
}

fn describe(moment: &Moment, settings: &Settings, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-9);
    let rate = moment.done() as f64 / seconds;
    format!(
        "tune {}/{}, draws {}/{} ({}), {}, step size {:.3}, {rate:.0} draws/s, {seconds:.1} s",
        moment.warmup,
        settings.chains * settings.tune,
        moment.kept,
        settings.chains * settings.draws,
        output::count(settings.chains, "chain"),
        output::count(moment.divergences, "divergence"),
        moment.step_size,
    )
}

fn left(moment: &Moment, total: usize, elapsed: Duration) -> String {
    match moment.done() {
        0 => "? s".to_string(),
        done => format!("{:.1} s", (total - done.min(total)) as f64 * elapsed.as_secs_f64() / done as f64),
    }
}
