//! Minimise a smooth function with L-BFGS and a line search for the strong Wolfe conditions.
//!
//! ```text
//! d = -H g, H from a diagonal and the last 100 pairs (s, y) of steps and changes of gradient
//! x <- x + t d   with   f(t) <= f(0) + 1e-4 t f'(0)   and   |f'(t)| <= 0.9 |f'(0)|
//! ```
//!
//! It has converged when `sqrt(g'Hg)` is small: for a log density, that is the estimated distance from the optimum in
//! posterior standard deviations, which does not depend on the scales of the parameters. Two iterates in a row must say
//! so, because the pair of a long step may tell little about where it ends.
//!
//! # Differences from the paper
//! The recursion begins with a diagonal instead of a multiple of the identity: one that is known, or one that is
//! learned from the pairs; more pairs are kept. Both pay where scales of parameters differ by orders of magnitude. Near
//! the optimum, where differences of `f` are lost in rounding, the first condition may be replaced by the approximate
//! one on slopes. Where `f` is not finite counts as too far. When no step can be found the pairs are forgotten once.
//!
//! # References
//! - Nocedal, Wright (2006), Numerical optimization, 2nd edition, algorithms 7.4, 7.5 and equation 3.59.
//!   doi:10.1007/978-0-387-40065-5
//! - Gilbert, Lemarechal (1989), Some numerical experiments with variable-storage quasi-Newton algorithms, equation
//!   4.9. doi:10.1007/BF01589113
//! - Hager, Zhang (2005), A new conjugate gradient method with guaranteed descent and an efficient line search,
//!   equation 4.1 (the approximate condition). doi:10.1137/030601880

use std::collections::VecDeque;

use chainfire_kernels::trajectory::dot;

/// Most pairs that are remembered.
const PAIRS: usize = 100;
/// Most trials of one search.
const TRIALS: usize = 60;
/// Rounding of the function relative to its value.
const ROUNDING: f64 = 1e-10;
/// No optimum is further out than this.
pub(super) const FURTHEST: f64 = 1e15;
/// A search that arithmetic ends within this distance has converged.
const AS_NEAR_AS_ARITHMETIC_ALLOWS: f64 = 1e-5;

/// A function that writes its gradient and returns its value.
pub(super) type Function<'a> = &'a mut dyn FnMut(&[f64], &mut [f64]) -> f64;
/// The diagonal of the inverse Hessian, but for a factor, at a position.
pub(super) type Metric = fn(&[f64]) -> Vec<f64>;
/// Told of each iterate and the estimated distance from the optimum; false ends the search.
pub(super) type Watch<'a> = &'a mut dyn FnMut(&Point, f64) -> bool;

/// A place with what the function is there.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) position: Vec<f64>,
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
}

impl Point {
    pub(super) fn evaluate(position: Vec<f64>, function: Function<'_>) -> Self {
        let mut gradient = vec![0.0; position.len()];
        let value = function(&position, &mut gradient);
        Self { position, value, gradient }
    }

    pub(super) fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The optimum was found.
    Converged,
    /// The iterations ran out.
    Iterations,
    /// No step makes the function smaller.
    Stuck,
    /// The watcher ended it.
    Stopped,
    /// The function falls for ever.
    Unbounded,
}

/// How to search.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    /// Most iterations.
    pub(super) iterations: usize,
    /// Distance from the optimum, in estimated standard deviations, at which the search ends.
    pub(super) tolerance: f64,
    /// Learned from the pairs when there is none.
    pub(super) metric: Option<Metric>,
}

/// Minimises `function` from a place where it is finite.
pub(super) fn minimise(start: Point, plan: Plan, function: Function<'_>, watch: Watch<'_>) -> (Point, End) {
    let mut pairs = Pairs::default();
    let mut point = start;
    let mut last_distance = f64::INFINITY;
    let mut near = 0;
    let mut learned = vec![1.0; point.position.len()];
    for iteration in 0.. {
        let given = plan.metric.map(|metric| metric(&point.position));
        let direction = pairs.descent(&point.gradient, given.as_ref().unwrap_or(&learned));
        let slope = dot(&direction, &point.gradient);
        let distance = (-slope).max(0.0).sqrt();
        near = if !pairs.is_empty() && distance <= plan.tolerance { near + 1 } else { 0 };
        if slope == 0.0 || near == 2 {
            watch(&point, distance);
            return (point, End::Converged);
        }
        if !watch(&point, distance) {
            return (point, End::Stopped);
        }
        if iteration == plan.iterations {
            return (point, End::Iterations);
        }
        if !pairs.is_empty() {
            last_distance = distance;
        }
        let first = if pairs.is_empty() { (1.0 / distance).min(1.0) } else { 1.0 };
        match search(&point, &direction, slope, first, function) {
            Search::Found(next) => {
                if let Some(pair) = pairs.push(&point, &next) {
                    learn_diagonal(&mut learned, &pair.step, &pair.change);
                }
                point = next;
            }
            Search::Unbounded(next) => return (next, End::Unbounded),
            Search::Failed if pairs.is_empty() => {
                let near = last_distance <= AS_NEAR_AS_ARITHMETIC_ALLOWS;
                return (point, if near { End::Converged } else { End::Stuck });
            }
            Search::Failed => pairs = Pairs::default(),
        }
    }
    unreachable!("the loop counts to the largest number")
}

/// The inverse Hessian, as pairs.
#[derive(Default)]
struct Pairs(VecDeque<Pair>);

struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    product: f64,
}

impl Pairs {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Remembers a step if the function is curved upwards over it.
    fn push(&mut self, from: &Point, to: &Point) -> Option<&Pair> {
        let step = difference(&to.position, &from.position);
        let change = difference(&to.gradient, &from.gradient);
        let product = dot(&step, &change);
        is_curved(&step, &change).then(|| {
            if self.0.len() == PAIRS {
                self.0.pop_front();
            }
            self.0.push_back(Pair { step, change, product });
        })?;
        self.0.back()
    }

    /// `-H g`, by the two-loop recursion.
    fn descent(&self, gradient: &[f64], metric: &[f64]) -> Vec<f64> {
        let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut weights = Vec::with_capacity(self.0.len());
        for pair in self.0.iter().rev() {
            let weight = dot(&pair.step, &direction) / pair.product;
            add(&mut direction, -weight, &pair.change);
            weights.push(weight);
        }
        let scale = self.0.back().map_or(1.0, |last| {
            let square: f64 = last.change.iter().zip(metric).map(|(y, m)| y * y * m).sum();
            last.product / square
        });
        direction.iter_mut().zip(metric).for_each(|(d, m)| *d *= scale * m);
        for (pair, weight) in self.0.iter().zip(weights.iter().rev()) {
            let other = dot(&pair.change, &direction) / pair.product;
            add(&mut direction, weight - other, &pair.step);
        }
        direction
    }
}

/// Whether a pair has enough curvature to be used.
pub(super) fn is_curved(step: &[f64], change: &[f64]) -> bool {
    let product = dot(step, change);
    product > 0.0 && dot(change, change) <= 1e12 * product
}

/// Updates the diagonal of an inverse Hessian by a pair, unless that would leave it without a positive element.
pub(super) fn learn_diagonal(diagonal: &mut Vec<f64>, step: &[f64], change: &[f64]) {
    let a: f64 = change.iter().zip(diagonal.iter()).map(|(y, d)| y * y * d).sum();
    let b = dot(change, step);
    let c: f64 = step.iter().zip(diagonal.iter()).map(|(s, d)| s * s / d).sum();
    let terms = diagonal.iter().zip(step).zip(change);
    let next: Vec<f64> =
        terms.map(|((d, s), y)| (a / (b * d) + y * y / b - a * s * s / (b * c * d * d)).recip()).collect();
    if next.iter().all(|d| *d > 0.0 && d.is_finite()) {
        *diagonal = next;
    }
}

enum Search {
    Found(Point),
    Unbounded(Point),
    Failed,
}

/// One end of the interval that holds a good step.
#[derive(Clone, Copy)]
struct Trial {
    length: f64,
    value: f64,
    slope: f64,
}

fn search(point: &Point, direction: &[f64], slope: f64, first: f64, function: Function<'_>) -> Search {
    let start = Trial { length: 0.0, value: point.value, slope };
    let mut low = start;
    let mut high: Option<Trial> = None;
    let mut best: Option<Point> = None;
    let mut length = first;
    for _ in 0..TRIALS {
        let mut position = point.position.clone();
        add(&mut position, length, direction);
        let is_out = position.iter().any(|x| x.abs() > FURTHEST);
        let next = Point::evaluate(position, function);
        if next.value == f64::NEG_INFINITY || is_out && next.value <= start.value {
            return Search::Unbounded(next);
        }
        if next.is_finite() {
            let trial = Trial { length, value: next.value, slope: dot(&next.gradient, direction) };
            let falls = trial.value <= start.value + 1e-4 * length * slope;
            let near = trial.value <= start.value + ROUNDING * start.value.abs();
            let flattens = trial.slope <= -0.8 * slope;
            if !(falls || near && flattens) || trial.slope > -0.9 * slope {
                high = Some(trial);
            } else if trial.slope < 0.9 * slope {
                low = trial;
                best = Some(next);
            } else {
                return Search::Found(next);
            }
        } else {
            high = Some(Trial { length, value: f64::INFINITY, slope: f64::NAN });
        }
        length = match high {
            None => longer(start, low),
            Some(high) if high.length - low.length <= 1e-15 * high.length => break,
            Some(high) => between(low, high),
        };
    }
    match (best, high) {
        (Some(best), None) => Search::Unbounded(best),
        (Some(best), Some(_)) => Search::Found(best),
        (None, _) => Search::Failed,
    }
}

/// A longer step: where the slope would be zero on a parabola, 2 to 10 times as far.
fn longer(start: Trial, low: Trial) -> f64 {
    let guess = low.length * start.slope / (start.slope - low.slope);
    if guess.is_finite() && guess > 0.0 {
        guess.clamp(2.0 * low.length, 10.0 * low.length)
    } else {
        10.0 * low.length
    }
}

/// A step inside the interval: the minimum of a cubic, or where the slope vanishes when values are lost in rounding.
fn between(low: Trial, high: Trial) -> f64 {
    let width = high.length - low.length;
    let (rise, middle) = (high.value - low.value, low.length + 0.5 * width);
    let guess = if !high.slope.is_finite() {
        middle
    } else if rise.abs() <= ROUNDING * low.value.abs() {
        low.length - low.slope * width / (high.slope - low.slope)
    } else {
        let sum = low.slope + high.slope - 3.0 * rise / width;
        let root = (sum * sum - low.slope * high.slope).max(0.0).sqrt();
        high.length - width * (high.slope + root - sum) / (high.slope - low.slope + 2.0 * root)
    };
    if guess.is_finite() { guess.clamp(low.length + 0.1 * width, high.length - 0.1 * width) } else { middle }
}

pub(super) fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn add(to: &mut [f64], factor: f64, vector: &[f64]) {
    to.iter_mut().zip(vector).for_each(|(to, x)| *to += factor * x);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(start: &[f64], mut f: impl FnMut(&[f64], &mut [f64]) -> f64) -> (Point, End, usize) {
        let mut calls = 0;
        let mut function = |x: &[f64], g: &mut [f64]| {
            calls += 1;
            f(x, g)
        };
        let start = Point::evaluate(start.to_vec(), &mut function);
        let (point, end) = minimise(
            start,
            Plan { iterations: 2000, tolerance: 1e-8, metric: None },
            &mut function,
            &mut |_, _| true,
        );
        (point, end, calls)
    }

    #[test]
    fn a_quadratic_of_condition_one_million_is_minimised() {
        let (point, end, calls) = run(&[1.0; 13], |x, g| {
            let mut sum = 3.0e4;
            for (i, (x, g)) in x.iter().zip(g).enumerate() {
                let precision = 10f64.powf(i as f64 / 2.0);
                *g = precision * (x - 2.0);
                sum += 0.5 * *g * (x - 2.0);
            }
            sum
        });
        assert_eq!(end, End::Converged, "{calls} {point:?}");
        assert!(calls < 100, "{calls}");
        assert!(point.position.iter().all(|x| (x - 2.0).abs() < 1e-7), "{point:?}");
    }

    #[test]
    fn rosenbrocks_valley_is_followed_to_its_end() {
        let (point, end, calls) = run(&[-1.2, 1.0], |x, g| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            g[0] = -2.0 * a - 400.0 * x[0] * b;
            g[1] = 200.0 * b;
            a * a + 100.0 * b * b
        });
        assert_eq!(end, End::Converged);
        assert!(calls < 80, "{calls}");
        assert!(point.position.iter().all(|x| (x - 1.0).abs() < 1e-8), "{point:?}");
    }

    #[test]
    fn walls_where_the_function_is_not_defined_are_kept_away_from() {
        let (point, end, _) = run(&[1e-6], |x, g| {
            g[0] = 1.0 - 1.0 / x[0];
            x[0] - x[0].ln()
        });
        assert_eq!(end, End::Converged);
        assert!((point.position[0] - 1.0).abs() < 1e-8, "{point:?}");
    }

    #[test]
    fn a_function_without_bound_is_noticed() {
        let (_, end, calls) = run(&[0.0, 0.0], |x, g| {
            (g[0], g[1]) = (-1.0, x[1]);
            0.5 * x[1] * x[1] - x[0]
        });
        assert_eq!(end, End::Unbounded);
        assert!(calls < 100, "{calls}");
    }
}
