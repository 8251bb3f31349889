//! A Markov chain of states, of `pymc_extras`.
//!
//! ```text
//! log p(x) = log init(x[0]) + sum over t of log P[x[t - 1], x[t]]
//! ```
//!
//! With `n` lags the first `n` states are of `init`, and `P` has an axis for each of the last `n` states before the one
//! of the next.
//!
//! # References
//! - Norris (1997), Markov Chains, section 1.1.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::categorical::{Categorical, are_probabilities, rescaled};
use super::last_axis::{columns, range};
use super::registry::{Arguments, Entry};
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};
use crate::finding::Rule;

/// States that depend on the ones before by a table of probabilities, with an axis of states for each of the last ones
/// and one for the next.
#[derive(Clone, Debug)]
pub struct DiscreteMarkovChain {
    parameter: &'static str,
    given: Value,
    log_p: Value,
    init: Rc<dyn Distribution>,
    steps: Option<usize>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "DiscreteMarkovChain",
    aliases: &[],
    positional: &["P", "logit_P", "steps", "init_dist", "n_lags"],
    keyword_only: &[],
    signature: "P, steps=None, init_dist=Categorical(1/k), n_lags=1 | logit_P, steps=None, init_dist=Categorical(1/k), n_lags=1",
    summary: "States that depend on the ones before (pymc_extras)",
    support: "series of 0, 1, ..., k - 1",
    parameters: &[
        ("P", "probabilities of the next state along the last axis, for each state before"),
        ("logit_P", "their logarithms, up to a constant"),
        ("steps", "number of steps; the length of the series is that and the lags"),
        ("init_dist", "distribution of the first states"),
        ("n_lags", "number of states before that the next one depends on"),
    ],
    example: r#"pm.DiscreteMarkovChain("y", P=np.array([[0.9, 0.1], [0.3, 0.7]]), init_dist=pm.Categorical.dist(p=[0.5, 0.5]), observed=[0, 0, 1])"#,
    build: |arguments: &Arguments| {
        let (parameter, given) = match (arguments.get("P"), arguments.get("logit_P")) {
            (Some(p), None) => ("P", p),
            (None, Some(logits)) => ("logit_P", logits),
            (None, None) => return Err(arguments.error("must specify P or logit_P")),
            _ => {
                let reason = "Must specify only one of either P or logit_P parameter";
                return Err(arguments.breach(Rule::ConflictingArguments, reason));
            }
        };
        let lags = if arguments.has("n_lags") { arguments.whole("n_lags")? } else { 1 };
        let states = given.shape().last().copied().unwrap_or(0);
        let is_square = given.shape().iter().all(|&count| count == states);
        if states == 0 || lags == 0 || given.rank() != lags.saturating_add(1) || !is_square {
            return Err(arguments.error(format!(
                "`{parameter}` has shape {}; it must have n_lags + 1 axes of one length, the number of states",
                shape::display(given.shape())
            )));
        }
        let init: Rc<dyn Distribution> = match arguments.has("init_dist") {
            true => arguments.distribution("init_dist")?,
            false => Rc::new(Categorical::new(Value::from(vec![1.0 / states as f64; states]))),
        };
        if init.event_rank() > 0 || !init.support().is_discrete() {
            return Err(
                arguments.error("`init_dist` must be a distribution of states, such as pm.Categorical.dist")
            );
        }
        Ok(Box::new(DiscreteMarkovChain::made(parameter, given, init, arguments.steps()?)))
    },
};

impl DiscreteMarkovChain {
    /// States from those of `init`; `p` has the probabilities of the next state along its last axis, and an axis of the
    /// same length for each of the states before that it depends on.
    pub fn new(p: impl Into<Value>, init: impl Distribution + 'static) -> Self {
        Self::made("P", p.into(), Rc::new(init), None)
    }

    fn made(parameter: &'static str, given: Value, init: Rc<dyn Distribution>, steps: Option<usize>) -> Self {
        let log_p = match parameter {
            "P" => rescaled(&given).log(),
            _ => given.log_softmax(given.rank().saturating_sub(1)),
        };
        Self { parameter, given, log_p, init, steps }
    }

    /// Number of states, and of states before that the next one depends on.
    fn sizes(&self) -> (usize, usize) {
        (self.log_p.shape().last().copied().unwrap_or(1), self.log_p.rank().saturating_sub(1))
    }

    /// The place in the table that some states name one after the other.
    fn place(&self, states: &[f64]) -> usize {
        let (count, _) = self.sizes();
        states.iter().fold(0, |place, &k| place * count + (k as usize).min(count - 1))
    }

    /// A series of a length that goes on from its first states as `next` says, given the place of the last ones.
    fn continued(&self, first: &[f64], length: usize, mut next: impl FnMut(usize) -> usize) -> Vec<f64> {
        let (_, lags) = self.sizes();
        let mut series = first[..lags.min(length)].to_vec();
        while series.len() < length {
            series.push(next(self.place(&series[series.len() - lags..])) as f64);
        }
        series
    }
}

impl Distribution for DiscreteMarkovChain {
    fn name(&self) -> &'static str {
        "DiscreteMarkovChain"
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.init]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        [(self.parameter, &self.given)].into_iter().chain(self.init.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let (length, (_, lags)) = (x.shape().last().copied().unwrap_or(0), self.sizes());
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let init = over(&self.init.log_density(&range(x, 0, lags)));
        if length <= lags {
            return init;
        }
        let Some(states) = x.as_numbers() else {
            return Value::invalid(ValueError::NotData { what: "a state".into() });
        };
        let runs = states.chunks(length).flat_map(|row| row.windows(lags + 1));
        let places: Vec<u32> = runs.map(|run| self.place(run) as u32).collect();
        let shape = [&x.shape()[..x.rank() - 1], &[length - lags]].concat();
        init + over(&self.log_p.take(places, shape))
    }

    fn support(&self) -> Support {
        Support::IntegerUpTo(Value::from(self.sizes().0 as f64 - 1.0))
    }

    fn conditions(&self) -> Vec<Condition> {
        let rows = match self.parameter {
            "P" => are_probabilities("P must sum to 1 along the last axis", &columns(&rescaled(&self.given))),
            _ => Vec::new(),
        };
        // The rows of the table are no rows of the variable.
        let all = |condition: Condition| {
            let count = Value::from(condition.holds.len() as f64 - 0.5);
            Condition { holds: condition.holds.sum().greater(&count), ..condition }
        };
        rows.into_iter().map(all).chain(self.init.conditions()).collect()
    }

    fn support_point(&self) -> Value {
        self.typical(&[self.sizes().1])
    }

    /// The most likely state after the ones before.
    fn typical(&self, shape: &[usize]) -> Value {
        let (&length, batch) = shape.split_last().unwrap_or((&1, &[]));
        let (count, lags) = self.sizes();
        let first = self.init.typical(&[batch, &[lags]].concat()).broadcast_to(&[batch, &[lags]].concat());
        let (Some(first), Some(table)) = (first.as_numbers(), self.log_p.as_numbers()) else { return first };
        let likeliest = |place: usize| {
            let weights = &table[place * count..(place + 1) * count];
            (0..count).rev().max_by(|&a, &b| weights[a].total_cmp(&weights[b])).unwrap_or(0)
        };
        let series = first.chunks(lags).flat_map(|first| self.continued(first, length, likeliest));
        Value::at_point(series.collect::<Vec<_>>(), shape)
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(vec![self.steps.map_or(1, |steps| steps.saturating_add(self.sizes().1))])
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let (&length, batch) = shape.split_last().unwrap_or((&1, &[]));
        let (count, lags) = self.sizes();
        let table = numbers(self.name(), &self.log_p.exp(), self.log_p.shape())?;
        let first = self.init.draw(&[batch, &[lags]].concat(), stream)?;
        let next =
            |place: usize, stream: &mut Stream| stream.index(&table[place * count..(place + 1) * count]);
        let series = first.chunks(lags).flat_map(|first| self.continued(first, length, |k| next(k, stream)));
        Ok(series.collect())
    }
}
