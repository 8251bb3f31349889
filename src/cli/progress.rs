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
    /// Draws of the chain that has fewest, and of the one that has most, those of warm-up included.
    slowest: usize,
    fastest: usize,
    /// Draws of each chain that warm-up takes: at most, until it has ended.
    tune: usize,
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
            slowest: chains.iter().map(|c| c.draws).min().unwrap_or(0),
            fastest: chains.iter().map(|c| c.draws).max().unwrap_or(0),
            tune,
        }
    }

    fn done(&self) -> usize {
        self.warmup + self.kept
    }
}

/// Shows the run until `finished` hears from it (or its sender is gone).
pub fn show(progress: &Progress, settings: &Settings, quiet: bool, finished: &Receiver<()>) {
    let begun = Instant::now();
    let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
        let bar = ProgressBar::new(0);
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
            left(&moment, settings, begun.elapsed())
        );
        match &bar {
            Some(bar) => {
                bar.set_length(total(&moment, settings) as u64);
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
        settings.chains * moment.tune,
        moment.kept,
        settings.chains * settings.draws,
        spread(moment, settings),
        output::count(moment.divergences, "divergence"),
        moment.step_size,
    )
}

/// How many chains there are, and how far the slowest and the fastest of them.
fn spread(moment: &Moment, settings: &Settings) -> String {
    let chains = output::count(settings.chains, "chain");
    match moment {
        Moment { slowest, fastest, .. } if slowest == fastest => chains,
        Moment { slowest, fastest, tune, .. } => {
            format!(
                "{chains}, the slowest at {slowest} and the fastest at {fastest} of {}",
                tune + settings.draws
            )
        }
    }
}

/// Draws of all chains together, as far as is known.
fn total(moment: &Moment, settings: &Settings) -> usize {
    settings.chains * (moment.tune + settings.draws)
}

fn left(moment: &Moment, settings: &Settings, elapsed: Duration) -> String {
    match moment.done() {
        0 => "? s".to_string(),
        done => {
            let missing = total(moment, settings).saturating_sub(done);
            format!("{:.1} s", missing as f64 * elapsed.as_secs_f64() / done as f64)
        }
    }
}
