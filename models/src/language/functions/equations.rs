//! Ordinary differential equations: `pm.ode.DifferentialEquation`, and `odeint` and `solve_ivp` of `scipy.integrate`.
//!
//! ```text
//! y' = f(y, t, theta),   y(t0) = y0,   known at times
//! ```
//!
//! Every stretch between two times is covered by steps of one length of Dormand and Prince's method of order 5, none
//! longer than the longest stretch over `2^k`. `k` grows, at the starting point of the model, until halving the steps
//! changes no state by more than [`TOLERANCE`] of the largest that it is, as far as order 5 tells; it stays the same
//! for all other points, so that the log density is a smooth function. `chainfire check` tells the steps, and how exact
//! they are at draws from the prior. The loop over the steps is a recurrence of the
//! program, and derivatives in `y0` and `theta` are its own.
//!
//! # Differences from PyMC
//! PyMC and SciPy integrate with LSODA, whose steps follow the solution, to about 1e-8, and adds equations for derivatives.
//!
//! # References
//! - Dormand, Prince (1980), A family of embedded Runge-Kutta formulae, RK5(4)7M. doi:10.1016/0771-050X(80)90013-3
//! - Hairer, Norsett, Wanner (1993), Solving Ordinary Differential Equations I, II.4 (errors by halving the steps)

use std::rc::Rc;

use chainfire_engine::program::{Kind, Turn, Value};
use ruff_text_size::TextRange;

use super::scan::Stop;
use super::{OD, Row, Run};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Solved};
use crate::language::item::Item;

/// Functions of `pm.ode` and `scipy.integrate`.
pub(super) const ROWS: &[Row] = &[
    ("DifferentialEquation", OD, Run::Call(declare)),
    ("odeint", OD, Run::Call(odeint)),
    ("solve_ivp", OD, Run::Call(solve_ivp)),
];

/// The error of every state at the starting point, relative to the largest that the state is.
const TOLERANCE: f64 = 1e-9;

/// Most steps of one solution.
const MOST_STEPS: usize = 50_000;

/// Arithmetic of a step, in elements, for every state.
const STEP: usize = 64;

/// When the slopes of a step are taken, in steps.
const NODES: [f64; 6] = [0.0, 1.0 / 5.0, 3.0 / 10.0, 4.0 / 5.0, 8.0 / 9.0, 1.0];

/// Where: the shares of the slopes before.
const STAGES: [&[f64]; 6] = [
    &[],
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
];

/// The shares of the slopes in the whole step.
const WEIGHTS: [f64; 6] = [35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0];

/// An equation, or what has become of it, as a value.
#[derive(Debug)]
pub(in crate::language) enum Differential {
    /// `pm.ode.DifferentialEquation(...)`
    Equation { function: Argument, times: Vec<f64>, start: f64, states: usize, parameters: usize },
    /// The result of `solve_ivp`.
    Solution {
        times: Value,
        /// `[states, times]`
        states: Value,
    },
}

impl Differential {
    /// What it is, for messages.
    pub(in crate::language) fn describe(&self) -> &'static str {
        match self {
            Differential::Equation { .. } => "a differential equation",
            Differential::Solution { .. } => "the solution of a differential equation",
        }
    }

    /// `solution.name`
    pub(super) fn attribute(&self, name: &str) -> Option<Item> {
        match (self, name) {
            (Differential::Solution { times, .. }, "t") => Some(Item::Number(times.clone())),
            (Differential::Solution { states, .. }, "y") => Some(Item::Number(states.clone())),
            (Differential::Solution { .. }, "success") => Some(Item::truth(true)),
            (Differential::Solution { .. }, "status") => Some(Item::Number(Value::from(0_i64))),
            _ => None,
        }
    }

    /// `equation(y0, theta)`: the states at all times, `[times, states]`.
    pub(in crate::language) fn call(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let Differential::Equation { function, times, start, states: count, parameters } = self else {
            return fault(call.range, format!("{} cannot be called", self.describe()));
        };
        let [y0, theta, sensitivities] = call.bind(["y0", "theta", "return_sens"])?;
        if let Some(flag) = sensitivities
            && e.truth(&flag.item, flag.range)?
        {
            return fault(flag.range, "derivatives are made by the sampler: leave out `return_sens`");
        }
        let mut sized = |argument: Option<&Argument>, name: &str, count: usize, of: &str| {
            let argument = call.required(argument, name)?;
            let value = e.value(argument)?.with_kind(Kind::Float);
            match value.len() == count {
                true => Ok(value.reshape(&[count])),
                false => fault(
                    argument.range,
                    format!("`{name}` has {} numbers, and `{of}` says {count}", value.len()),
                ),
            }
        };
        let y0 = sized(y0, "y0", *count, "n_states")?;
        let theta = sized(theta, "theta", *parameters, "n_theta")?;
        let system = System { function, extra: &[], theta: Some(theta), time_first: false };
        let states = system.solve(e, &y0, &Grid::new(*start, times), call.range)?;
        Ok(Item::Number(states))
    }
}

/// `pm.ode.DifferentialEquation(func, times, n_states=..., n_theta=..., t0=0)`
fn declare(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [function, times, states, parameters, start] =
        call.bind(["func", "times", "n_states", "n_theta", "t0"])?;
    let function = call.required(function, "func")?.clone();
    let times_at = call.required(times, "times")?;
    let start = match start {
        Some(start) => number(e, start, "`t0`")?,
        None => 0.0,
    };
    let times = instants(e, times_at, "`times`")?;
    if times.first().is_some_and(|&first| first < start) {
        return fault(times_at.range, format!("the first of `times` is before `t0`, {start}"));
    }
    let count = |e: &mut Evaluator<'_>, argument: Option<&Argument>, name: &str| {
        let argument = call.required(argument, name)?;
        match usize::try_from(e.integer(&argument.item, name, argument.range)?) {
            Ok(count) if count <= 10_000 => Ok(count),
            _ => fault(argument.range, format!("`{name}` is the number of numbers, from 1 to 10000")),
        }
    };
    let (states, parameters) = (count(e, states, "n_states")?, count(e, parameters, "n_theta")?);
    if states == 0 {
        return fault(call.range, "an equation needs at least one state");
    }
    Ok(Item::Differential(Rc::new(Differential::Equation { function, times, start, states, parameters })))
}

/// `scipy.integrate.odeint(func, y0, t, args)`: the states at all times, `[times, states]`.
fn odeint(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    // The others say how SciPy searches.
    let names =
        ["func", "y0", "t", "args", "tfirst", "rtol", "atol", "mxstep", "hmax", "h0", "hmin", "full_output"];
    let bound = call.bind_all(&names)?;
    let (function, y0, times) = (bound[0], bound[1], bound[2]);
    let flag =
        |e: &Evaluator<'_>, k: usize| bound[k].map_or(Ok(false), |at: &Argument| e.truth(&at.item, at.range));
    if flag(e, 11)? {
        return fault(call.range, "`full_output` has no meaning here: leave it out");
    }
    let time_first = flag(e, 4)?;
    let times_at = call.required(times, "t")?;
    let times = instants(e, times_at, "`t`")?;
    let Some(&start) = times.first() else {
        return fault(times_at.range, "`t` needs at least one time");
    };
    solution(e, call, function, y0, bound[3], time_first, start, &times).map(Item::Number)
}

/// `scipy.integrate.solve_ivp(fun, t_span, y0, t_eval=times)`
fn solve_ivp(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = [
        "fun",
        "t_span",
        "y0",
        "method",
        "t_eval",
        "dense_output",
        "events",
        "vectorized",
        "args",
        "rtol",
        "atol",
    ];
    let bound = call.bind_all(&[&names[..], &["max_step", "first_step"]].concat())?;
    for k in [5, 6] {
        if let Some(given) = bound[k].filter(|given| !matches!(given.item, Item::None)) {
            let text = format!("`{}` is not supported: ask for the times with `t_eval`", names[k]);
            return fault(given.range, text);
        }
    }
    let span = call.required(bound[1], "t_span")?;
    let ends = instants(e, span, "`t_span`")?;
    let [start, end] = ends[..] else {
        return fault(span.range, "`t_span` is a pair of times");
    };
    let Some(times_at) = bound[4].filter(|given| !matches!(given.item, Item::None)) else {
        return fault(
            call.range,
            "which times SciPy would choose is not known here: give them with `t_eval`",
        );
    };
    let times = instants(e, times_at, "`t_eval`")?;
    if times.iter().any(|t| !(start..=end).contains(t)) {
        return fault(times_at.range, format!("`t_eval` must be within `t_span`, {start} to {end}"));
    }
    let states = solution(e, call, bound[0], bound[2], bound[8], true, start, &times)?.transpose();
    let times = Value::from(times);
    Ok(Item::Differential(Rc::new(Differential::Solution { times, states })))
}

/// The states of an equation at all times, `[times, states]`.
#[expect(clippy::too_many_arguments, reason = "the arguments of two functions of SciPy")]
fn solution(
    e: &mut Evaluator<'_>,
    call: &Call,
    function: Option<&Argument>,
    y0: Option<&Argument>,
    extra: Option<&Argument>,
    time_first: bool,
    start: f64,
    times: &[f64],
) -> Outcome<Value> {
    let extra = match extra.filter(|extra| !matches!(extra.item, Item::None)) {
        None => Vec::new(),
        Some(extra) => {
            let items = match &extra.item {
                Item::Tuple(_) | Item::List(_) => e.iterate(&extra.item, extra.range)?,
                alone => vec![alone.clone()],
            };
            items.into_iter().map(|item| Argument { item, range: extra.range }).collect()
        }
    };
    let y0 = e.value(call.required(y0, "y0")?)?.with_kind(Kind::Float);
    if y0.is_empty() {
        return fault(call.range, "an equation needs at least one state");
    }
    let y0 = y0.reshape(&[y0.len()]);
    let function = call.required(function, "func")?;
    let system = System { function, extra: &extra, theta: None, time_first };
    let grid = Grid::new(start, times);
    let slope = match system.slope(e, &y0, &Value::from(start), &extra, None) {
        Ok(slope) => slope,
        Err(Stop::Fault(fault)) => return Err(fault),
        Err(Stop::Value(error)) => e.finish_value(Value::invalid(error), call.range)?,
    };
    if y0.is_random() || slope.is_random() {
        return system.solve(e, &y0, &grid, call.range);
    }
    let halvings = system.halvings(e, &y0, &grid, call.range)?;
    system.states(e, &y0, &grid, halvings, call.range)
}

fn number(e: &mut Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<f64> {
    let value = e.known_value(argument, what)?;
    match value.as_data().map(|numbers| &numbers[..]) {
        Some(&[x]) if x.is_finite() => Ok(x),
        _ => fault(argument.range, format!("{what} must be a number")),
    }
}

/// Times in order.
fn instants(e: &mut Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<Vec<f64>> {
    let value = e.known_value(argument, what)?;
    let times = value.as_data().map(|times| times.to_vec()).unwrap_or_default();
    if times.is_empty() || times.iter().any(|t| !t.is_finite()) || times.windows(2).any(|w| w[1] < w[0]) {
        return fault(argument.range, format!("{what} must be numbers that increase"));
    }
    Ok(times)
}

/// The stretches between the times at which states are wanted.
struct Grid {
    start: f64,
    stretches: Vec<f64>,
    longest: f64,
}

impl Grid {
    fn new(start: f64, times: &[f64]) -> Self {
        let before = std::iter::once(&start).chain(times);
        let stretches: Vec<f64> = times.iter().zip(before).map(|(to, from)| to - from).collect();
        let longest = stretches.iter().copied().fold(0.0, f64::max);
        Self { start, stretches, longest }
    }

    /// Steps of every stretch when the longest has `2^halvings`.
    fn counts(&self, halvings: u32) -> Vec<usize> {
        let steps = f64::from(halvings).exp2() / self.longest;
        // What rounds to a whole number is one.
        self.stretches
            .iter()
            .map(|&d| if d > 0.0 { (d * steps - 1e-9).ceil().max(1.0) as usize } else { 0 })
            .collect()
    }
}

/// The most that states by finer steps are away from those by coarser ones, each relative to the largest that it is;
/// `None` where they are not finite.
fn change_of(fine: &[f64], coarse: &[f64], count: usize) -> Option<f64> {
    let of = |state: usize| {
        let column = |numbers: &[f64]| numbers[state..].iter().step_by(count).copied().collect::<Vec<_>>();
        let (fine, coarse) = (column(fine), column(coarse));
        let largest = fine.iter().fold(f64::MIN_POSITIVE, |most, y| most.max(y.abs()));
        fine.iter().zip(&coarse).map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
    };
    let is_finite = fine.iter().chain(coarse).all(|y| y.is_finite());
    is_finite.then(|| (0..count).map(of).fold(0.0, f64::max))
}

/// The right side of an equation, with what it is called with.
struct System<'s> {
    function: &'s Argument,
    extra: &'s [Argument],
    theta: Option<Value>,
    /// Whether time comes before the states.
    time_first: bool,
}

impl System<'_> {
    /// The states of an equation that depends on parameters, by the steps that it needs where the model starts.
    fn solve(&self, e: &mut Evaluator<'_>, y0: &Value, grid: &Grid, range: TextRange) -> Outcome<Value> {
        let place = e.made.equations.len();
        let halvings = match e.scope().halvings.get(place) {
            Some(&known) => known,
            None => {
                let found = self.halvings(e, y0, grid, range)?;
                e.scope().halvings.push(found);
                found
            }
        };
        let counts = grid.counts(halvings);
        let (steps, longest) = (counts.iter().sum(), counts.iter().copied().max().unwrap_or(0));
        e.made.equations.push(Solved { range, steps, longest });
        let states = self.states(e, y0, grid, halvings, range)?;
        if e.scope().is_probe() {
            let finer = self.states(e, y0, grid, halvings + 1, range)?;
            let change = finer.as_numbers().zip(states.as_numbers());
            let change = change.and_then(|(fine, coarse)| change_of(fine, coarse, y0.len()));
            e.scope().changes_by_halving.push(change);
        }
        Ok(states)
    }

    /// How often the steps have to be halved.
    fn halvings(&self, e: &mut Evaluator<'_>, y0: &Value, grid: &Grid, range: TextRange) -> Outcome<u32> {
        let count = y0.len();
        let mut coarse: Option<Vec<f64>> = None;
        for halvings in 0.. {
            let steps: usize = grid.counts(halvings).iter().sum();
            if steps > MOST_STEPS {
                break;
            }
            let states = self.states(e, y0, grid, halvings, range)?;
            let Some(fine) = states.as_numbers() else {
                return fault(range, "the start of the model is not known where this equation is solved");
            };
            if steps == 0 {
                return Ok(0);
            }
            // The error of the halved steps is a 31st of the difference.
            let change = coarse.and_then(|coarse| change_of(fine, &coarse, count));
            if change.is_some_and(|change| change <= 31.0 * TOLERANCE) {
                return Ok(halvings);
            }
            coarse = Some(fine.to_vec());
        }
        fault(
            range,
            format!(
                "{MOST_STEPS} steps do not solve this equation to {TOLERANCE:e} at the starting point: it grows without \
                 bounds or changes too fast; start nearer to plausible values with `initval=`, or take a shorter time"
            ),
        )
    }

    /// The states at the ends of all stretches, `[stretches, states]`.
    fn states(
        &self,
        e: &mut Evaluator<'_>,
        y0: &Value,
        grid: &Grid,
        halvings: u32,
        range: TextRange,
    ) -> Outcome<Value> {
        let counts = grid.counts(halvings);
        let (mut times, mut lengths, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        let mut from = grid.start;
        for (&stretch, &count) in grid.stretches.iter().zip(&counts) {
            let length = stretch / count.max(1) as f64;
            times.extend((0..count).map(|k| from + k as f64 * length));
            lengths.extend(std::iter::repeat_n(length, count));
            ends.push(times.len());
            from += stretch;
        }
        let (steps, count) = (times.len(), y0.len());
        e.budget.elements((steps + ends.len()).saturating_mul(STEP).saturating_mul(count), range)?;
        let first = y0.reshape(&[1, count]);
        let path = if steps == 0 {
            first
        } else {
            let sequences = [Value::from(times), Value::from(lengths)];
            let scanned = Value::scan(std::slice::from_ref(y0), &sequences, steps, |carried, rows| {
                let next = vec![self.step(e, &carried[0], &rows[0], &rows[1])?];
                Ok(Turn { next, emitted: vec![] })
            });
            match scanned {
                Ok(scanned) => Value::concatenate(&[first, scanned.states[0].clone()], 0),
                Err(Stop::Fault(fault)) => return Err(fault),
                Err(Stop::Value(error)) => Value::invalid(error),
            }
        };
        let index = ends.iter().flat_map(|&end| (0..count).map(move |state| (end * count + state) as u32));
        let index = index.collect();
        e.finish_value(
            if path.error().is_some() { path } else { path.take(index, vec![ends.len(), count]) },
            range,
        )
    }

    /// The states a step later.
    fn step(&self, e: &mut Evaluator<'_>, y: &Value, t: &Value, length: &Value) -> Result<Value, Stop> {
        // The parameters become part of the loop once, and not wherever they are named.
        let nothing = y.take(vec![0], vec![]) * 0.0;
        let theta = self.theta.as_ref().map(|theta| theta + &nothing);
        let extra: Vec<Argument> = self.extra.iter().map(|argument| within(argument, &nothing)).collect();
        let mut slopes: Vec<Value> = Vec::with_capacity(NODES.len());
        let moved = |slopes: &[Value], shares: &[f64]| {
            let shares = slopes.iter().zip(shares).filter(|(_, share)| **share != 0.0);
            let sum = shares.map(|(slope, &share)| slope * share).reduce(|a, b| a + b);
            sum.map_or(y.clone(), |sum| y + sum * length)
        };
        for (node, shares) in NODES.into_iter().zip(STAGES) {
            let slope =
                self.slope(e, &moved(&slopes, shares), &(t + length * node), &extra, theta.as_ref())?;
            slopes.push(slope);
        }
        Ok(moved(&slopes, &WEIGHTS))
    }

    fn slope(
        &self,
        e: &mut Evaluator<'_>,
        y: &Value,
        t: &Value,
        extra: &[Argument],
        theta: Option<&Value>,
    ) -> Result<Value, Stop> {
        let range = self.function.range;
        let values = if self.time_first { [t, y] } else { [y, t] };
        let values = values.into_iter().chain(theta).map(|value| Item::numbers(value.clone(), false));
        let arguments = values.map(|item| Argument { item, range }).chain(extra.iter().cloned());
        let item = e.call_item(self.function, arguments.collect())?;
        let slope = e.item_value(&item, range)?;
        if slope.len() != y.len() {
            let (seen, expected) = (slope.len(), y.len());
            let text =
                format!("the function gives {seen} slopes for {expected} states: it must give one for each");
            return Err(Stop::Fault(Fault::new(range, text)));
        }
        Ok(slope.reshape(y.shape()))
    }
}

/// An argument whose parameters are part of the loop that `nothing` is of.
fn within(argument: &Argument, nothing: &Value) -> Argument {
    let item = match &argument.item {
        Item::Number(value) if value.is_random() => Item::Number(value + nothing),
        other => other.clone(),
    };
    Argument { item, range: argument.range }
}
