//! `pm.find_constrained_prior`: the parameters that put a share of a distribution between two bounds.
//!
//! ```text
//! minimise (P(lower) - below)^2  where  P(upper) - P(lower) = mass          P is the distribution function
//!
//! c = P(upper) - P(lower) - mass,   r = P(lower) - below,   a and b their derivatives
//! step = -a c / a'a - g (r - b'a c / a'a) / g'g        g = b - a (a'b) / a'a, what of b leaves c as it is
//! ```
//!
//! The step solves both equations where they are linear; it is halved until it makes `|c| + |r|` smaller, so that the
//! parameters stay where the distribution is possible.
//!
//! # Differences from PyMC
//! PyMC stops where `(P(lower) - below)^2` changes by less than 1e-6; here both equations hold to rounding where they
//! can. Where more than two parameters are free the answer is one of many, and another one.
//!
//! # References
//! - PyMC 5.28, `pymc/func_utils.py`
//! - Nocedal, Wright (2006), Numerical Optimization, sections 15.3 and 18.1.

use chainfire_engine::program::Value;

use crate::distributions::{self, Entry, log_probability_anywhere};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key};

/// Most steps: far more than any search that ends takes.
const STEPS: usize = 200;
/// Most halvings of a step.
const HALVINGS: usize = 50;
/// How far the mass between the bounds may be off.
const TOLERANCE: f64 = 1e-8;
/// Elements that an evaluation of the two equations counts as.
const EVALUATION: usize = 200;

/// The two equations of a distribution's parameters.
struct Search {
    entry: &'static Entry,
    names: Vec<String>,
    fixed: Vec<(String, Value)>,
    lower: f64,
    upper: f64,
    mass: f64,
    below: f64,
}

impl Search {
    /// How far the mass between the bounds and that below them are off; `None` where there is no such distribution, or
    /// its distribution function is not known.
    fn misses(&self, parameters: &[f64]) -> Option<[f64; 2]> {
        let free = self.names.iter().cloned().zip(parameters.iter().map(|&x| Value::from(x)));
        let all: Vec<(String, distributions::Argument)> =
            free.chain(self.fixed.iter().cloned()).map(|(name, value)| (name, value.into())).collect();
        let made = self.entry.make(Vec::new(), all).ok()?;
        let holds = |condition: distributions::Condition| {
            condition.holds.as_data().is_some_and(|truth| truth.iter().all(|&holds| holds == 1.0))
        };
        if !made.conditions().into_iter().all(holds) {
            return None;
        }
        let share = |x: f64| {
            let below = log_probability_anywhere(&*made, &Value::from(x), true)?;
            below.as_data().filter(|numbers| numbers.len() == 1).map(|numbers| numbers[0].exp())
        };
        let (low, high) = (share(self.lower)?, share(self.upper)?);
        let misses = [high - low - self.mass, low - self.below];
        misses.iter().all(|miss| miss.is_finite()).then_some(misses)
    }

    /// Derivatives of both by central differences.
    fn derivatives(&self, parameters: &[f64]) -> Option<[Vec<f64>; 2]> {
        let mut derivatives = [Vec::new(), Vec::new()];
        for k in 0..parameters.len() {
            let step = 1e-5 * parameters[k].abs().max(1e-3);
            let at = |step: f64| {
                let mut moved = parameters.to_vec();
                moved[k] += step;
                self.misses(&moved)
            };
            let (above, below) = (at(step)?, at(-step)?);
            for (column, (above, below)) in derivatives.iter_mut().zip(above.into_iter().zip(below)) {
                column.push((above - below) / (2.0 * step));
            }
        }
        Some(derivatives)
    }

    /// The parameters where the equations hold, from a start, and how far the mass is off there.
    fn run(&self, mut parameters: Vec<f64>) -> Option<(Vec<f64>, f64)> {
        let mut misses = self.misses(&parameters)?;
        for _ in 0..STEPS {
            let Some([a, b]) = self.derivatives(&parameters) else { break };
            let step = step(misses, &a, &b);
            let size = |misses: [f64; 2]| misses[0].abs() + misses[1].abs();
            let mut share = 1.0;
            let better = (0..HALVINGS).find_map(|_| {
                let moved: Vec<f64> = parameters.iter().zip(&step).map(|(x, d)| x + share * d).collect();
                share *= 0.5;
                let seen = self.misses(&moved)?;
                (size(seen) < size(misses)).then_some((moved, seen))
            });
            let Some((moved, seen)) = better else { break };
            (parameters, misses) = (moved, seen);
        }
        Some((parameters, misses[0]))
    }
}

/// The step to where both equations hold, were they linear; that to where the first does where the second cannot.
fn step([c, r]: [f64; 2], a: &[f64], b: &[f64]) -> Vec<f64> {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let (aa, ab) = (dot(a, a), dot(a, b));
    if aa == 0.0 {
        return vec![0.0; a.len()];
    }
    let along: Vec<f64> = b.iter().zip(a).map(|(b, a)| b - a * ab / aa).collect();
    let gg = dot(&along, &along);
    let rest = if gg > 1e-14 * dot(b, b) { (r - ab * c / aa) / gg } else { 0.0 };
    a.iter().zip(&along).map(|(a, g)| -a * c / aa - g * rest).collect()
}

/// `pm.find_constrained_prior(pm.Gamma, lower=0.1, upper=0.4, init_guess={"alpha": 1, "beta": 10})`
pub(super) fn find(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let names = ["distribution", "lower", "upper", "init_guess", "mass", "fixed_params", "mass_below_lower"];
    let [distribution, lower, upper, guess, mass, fixed, below] = call.bind(names)?;
    let distribution = call.required(distribution, names[0])?;
    let Item::Distribution(entry) = distribution.item else {
        let seen = distribution.item.describe();
        return fault(
            distribution.range,
            format!("a distribution such as `pm.Gamma` is needed here, not {seen}"),
        );
    };
    let number = |e: &Evaluator<'_>, argument: &Argument, what| e.float(&argument.item, what, argument.range);
    let lower = number(e, call.required(lower, "lower")?, "`lower`")?;
    let upper = number(e, call.required(upper, "upper")?, "`upper`")?;
    let share = match mass {
        Some(mass) => number(e, mass, "`mass`")?,
        None => 0.95,
    };
    if !(0.01..=0.99).contains(&share) {
        return fault(
            mass.map_or(call.range, |mass| mass.range),
            format!("`mass` lies between 0.01 and 0.99, not {share}"),
        );
    }
    let below = match below.filter(|below| !matches!(below.item, Item::None)) {
        Some(below) => number(e, below, "`mass_below_lower`")?,
        None => (1.0 - share) / 2.0,
    };
    let guess = call.required(guess, "init_guess")?;
    let starts = named(e, guess)?;
    let fixed = match fixed.filter(|fixed| !matches!(fixed.item, Item::None)) {
        Some(fixed) => named(e, fixed)?,
        None => Vec::new(),
    };
    let mut start = Vec::new();
    for (name, value) in &starts {
        start.push(e.float(&Item::Number(value.clone()), &format!("the guess of `{name}`"), guess.range)?);
    }
    let names: Vec<String> = starts.into_iter().map(|(name, _)| name).collect();
    let unknown = names.iter().chain(fixed.iter().map(|(name, _)| name));
    for name in unknown {
        if !entry.names().any(|known| known == name) {
            let signature = entry.signature;
            return fault(
                guess.range,
                format!("`pm.{}` has no argument `{name}`; it takes {signature}", entry.name),
            );
        }
    }
    e.budget.work(EVALUATION * (HALVINGS + 2 * names.len()) * STEPS, call.range)?;
    let name = entry.name;
    let search = Search { entry, names, fixed, lower, upper, mass: share, below };
    match search.run(start) {
        None => fault(
            guess.range,
            format!(
                "pm.{name} with these parameters has no distribution function that is known: guess others"
            ),
        ),
        Some((_, miss)) if miss.abs() > TOLERANCE => fault(
            call.range,
            format!(
                "no parameters of pm.{name} were found that put {share} between {lower} and {upper}: the search ended at \
                 {:.3}; give another `init_guess`, or other bounds",
                share + miss
            ),
        ),
        Some((found, _)) => {
            let mut parameters = Dict::default();
            for (name, x) in search.names.iter().zip(found) {
                parameters.insert(
                    Key::Text(name.as_str().into()),
                    Item::Number(Value::from(x)),
                    call.range,
                )?;
            }
            Ok(Item::Dict(parameters.into()))
        }
    }
}

/// Known numbers by the names of parameters.
fn named(e: &mut Evaluator<'_>, argument: &Argument) -> Outcome<Vec<(String, Value)>> {
    let Item::Dict(table) = &argument.item else {
        let seen = argument.item.describe();
        return fault(
            argument.range,
            format!("a dictionary such as {{\"alpha\": 1}} is needed here, not {seen}"),
        );
    };
    let mut all = Vec::new();
    for (key, item) in table.entries() {
        let Key::Text(name) = key else {
            return fault(argument.range, "the keys are names of parameters");
        };
        let part = Argument { item: item.clone(), range: argument.range };
        let value = e.known_value(&part, &format!("`{name}`"))?;
        all.push((name.to_string(), value));
    }
    Ok(all)
}
