//! `scipy.interpolate`: B-splines by their knots, straight lines and natural or smooth cubics through points.
//!
//! What they make is a function of data; `BSpline(knots, np.eye(n), degree)(x)` is a basis.
//!
//! ```text
//! cubic: the second derivatives m solve  h[i-1] m[i-1] + 2 (h[i-1] + h[i]) m[i] + h[i] m[i+1] = 6 (slope[i] - slope[i-1])
//! ends:  not-a-knot  (the third derivative is the same on both sides of the second and the last but one point)
//!        natural     (m = 0),   clamped  (the first derivative is 0)
//! ```
//!
//! # References
//! - de Boor (1978), A Practical Guide to Splines, chapters IV and IX

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use faer::Mat;
use faer::prelude::Solve;
use ruff_text_size::TextRange;

use super::splines::row;
use super::{IP, Row, Run};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Functions through points, and of knots.
pub(super) const ROWS: &[Row] = &[
    ("BSpline", IP, Run::Call(|e, call| spline(e, call).map(|curve| Item::Curve(Rc::new(curve))))),
    ("splev", IP, Run::Call(evaluated)),
    ("interp1d", IP, Run::Call(lines)),
    ("CubicSpline", IP, Run::Call(|e, call| cubic(e, call, None))),
    ("make_interp_spline", IP, Run::Call(|e, call| cubic(e, call, None))),
];

/// A function of one variable that is made of polynomials.
#[derive(Debug)]
pub(in crate::language) enum Curve {
    /// Coefficients of B-splines, a row each, and the shape of a row.
    Splines { knots: Vec<f64>, coefficients: Vec<f64>, inner: Vec<usize>, degree: usize, extrapolates: bool },
    /// Points, their values, and second derivatives there; beyond the points the values of the ends, or the same
    /// polynomials.
    Pieces { points: Vec<f64>, values: Vec<f64>, seconds: Vec<f64>, beyond: Beyond },
}

/// What a function through points is beyond them.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) enum Beyond {
    Refused,
    Extended,
    Constant(f64, f64),
}

fn numbers(e: &mut Evaluator<'_>, argument: &Argument, what: &str) -> Outcome<Vec<f64>> {
    let value = e.known_value(argument, what)?;
    Ok(value.as_data().map(|x| x.to_vec()).unwrap_or_default())
}

fn spline(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Curve> {
    let [knots, coefficients, degree, extrapolates, _axis] =
        call.bind(["t", "c", "k", "extrapolate", "axis"])?;
    let knots = numbers(e, call.required(knots, "t")?, "the knots")?;
    let coefficients = e.known_value(call.required(coefficients, "c")?, "the coefficients")?;
    let degree = call.required(degree, "k")?;
    let degree = e.integer(&degree.item, "the degree", degree.range)?;
    let extrapolates = extrapolates.map_or(Ok(true), |x| e.truth(&x.item, x.range))?;
    let Some(degree) = usize::try_from(degree).ok().filter(|&degree| degree <= 10) else {
        return fault(call.range, "the degree of a spline is from 0 to 10");
    };
    let count = knots.len().saturating_sub(degree + 1);
    if count <= degree || coefficients.shape().first().is_none_or(|rows| *rows < count) {
        return fault(
            call.range,
            format!(
                "{} knots of degree {degree} need at least {} and as many coefficients as knots but for the degree and 1",
                knots.len(),
                2 * degree + 2
            ),
        );
    }
    if knots.windows(2).any(|pair| pair[0] > pair[1]) || knots[degree] == knots[count] {
        return fault(call.range, "the knots of a spline must increase");
    }
    let inner = coefficients.shape()[1..].to_vec();
    let width = inner.iter().product::<usize>();
    let coefficients = coefficients.as_data().map(|x| x[..count * width].to_vec()).unwrap_or_default();
    Ok(Curve::Splines { knots, coefficients, inner, degree, extrapolates })
}

/// `splev(x, (knots, coefficients, degree))`
fn evaluated(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, parts] = call.bind(["x", "tck"])?;
    let (x, parts) = (call.required(x, "x")?, call.required(parts, "tck")?);
    let mut inner = call.nothing();
    for item in e.iterate(&parts.item, parts.range)? {
        inner.positional.push(Argument { item, range: parts.range });
    }
    spline(e, &inner)?.at(e, x, call.range)
}

/// `interp1d(x, y, kind, bounds_error, fill_value)`
fn lines(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, y, kind, _axis, _copy, _bounds, fill] =
        call.bind(["x", "y", "kind", "axis", "copy", "bounds_error", "fill_value"])?;
    let kind = kind.map_or(Ok("linear".into()), |kind| e.text(kind, "`kind`"))?;
    let fill = fill.map(|fill| &fill.item);
    let beyond = match fill {
        None => Beyond::Refused,
        Some(Item::Text(text)) if &**text == "extrapolate" => Beyond::Extended,
        Some(Item::Tuple(both)) if both.items().len() == 2 => Beyond::Constant(
            e.float(&both.items()[0], "what is below the points", call.range)?,
            e.float(&both.items()[1], "what is above the points", call.range)?,
        ),
        Some(one) => {
            let one = e.float(one, "what is beyond the points", call.range)?;
            Beyond::Constant(one, one)
        }
    };
    match &*kind {
        "linear" => {
            let (points, values) = points(e, call, x, y, 2)?;
            let seconds = vec![0.0; points.len()];
            Ok(Item::Curve(Rc::new(Curve::Pieces { points, values, seconds, beyond })))
        }
        "cubic" => {
            let mut inner = call.nothing();
            inner.positional = [x, y].into_iter().flatten().cloned().collect();
            cubic(e, &inner, Some(beyond))
        }
        other => {
            fault(call.range, format!("`interp1d` has the kinds linear and cubic here, not \"{other}\""))
        }
    }
}

fn points(
    e: &mut Evaluator<'_>,
    call: &Call,
    x: Option<&Argument>,
    y: Option<&Argument>,
    least: usize,
) -> Outcome<(Vec<f64>, Vec<f64>)> {
    let points = numbers(e, call.required(x, "x")?, "the points")?;
    let values = numbers(e, call.required(y, "y")?, "the values")?;
    let is_whole = points.len() == values.len() && points.len() >= least;
    match is_whole && points.windows(2).all(|pair| pair[0] < pair[1]) {
        true => Ok((points, values)),
        false => fault(
            call.range,
            format!("this needs at least {least} points that increase, and a value for each"),
        ),
    }
}

fn cubic(e: &mut Evaluator<'_>, call: &Call, beyond: Option<Beyond>) -> Outcome<Item> {
    let [x, y, axis, ends] = call.bind(["x", "y", "axis", "bc_type"])?;
    let _ = axis;
    let (points, values) = points(e, call, x, y, 4)?;
    let ends = ends.map_or(Ok("not-a-knot".into()), |ends| e.text(ends, "`bc_type`"))?;
    let n = points.len();
    e.budget.work(n.saturating_mul(n).saturating_mul(n), call.range)?;
    let h: Vec<f64> = points.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let slope: Vec<f64> = values.windows(2).zip(&h).map(|(pair, h)| (pair[1] - pair[0]) / h).collect();
    let (mut system, mut side) = (Mat::<f64>::zeros(n, n), Mat::<f64>::zeros(n, 1));
    for i in 1..n - 1 {
        system[(i, i - 1)] = h[i - 1];
        system[(i, i)] = 2.0 * (h[i - 1] + h[i]);
        system[(i, i + 1)] = h[i];
        side[(i, 0)] = 6.0 * (slope[i] - slope[i - 1]);
    }
    match &*ends {
        "not-a-knot" => {
            for (row, a, b) in [(0, 0, 1), (n - 1, n - 3, n - 2)] {
                system[(row, a)] = h[b];
                system[(row, a + 1)] = -(h[a] + h[b]);
                system[(row, a + 2)] = h[a];
            }
        }
        "natural" => {
            system[(0, 0)] = 1.0;
            system[(n - 1, n - 1)] = 1.0;
        }
        "clamped" => {
            (system[(0, 0)], system[(0, 1)], side[(0, 0)]) = (2.0 * h[0], h[0], 6.0 * slope[0]);
            (system[(n - 1, n - 1)], system[(n - 1, n - 2)]) = (2.0 * h[n - 2], h[n - 2]);
            side[(n - 1, 0)] = -6.0 * slope[n - 2];
        }
        other => {
            return fault(
                call.range,
                format!("`bc_type` is \"not-a-knot\", \"natural\" or \"clamped\", not \"{other}\""),
            );
        }
    }
    let solved = system.partial_piv_lu().solve(&side);
    let seconds = (0..n).map(|i| solved[(i, 0)]).collect();
    let beyond = beyond.unwrap_or(Beyond::Extended);
    Ok(Item::Curve(Rc::new(Curve::Pieces { points, values, seconds, beyond })))
}

impl Curve {
    /// The values at the points of an argument.
    pub(in crate::language) fn at(
        &self,
        e: &mut Evaluator<'_>,
        x: &Argument,
        range: TextRange,
    ) -> Outcome<Item> {
        let points = e.known_value(x, "the points of a curve")?;
        let numbers = points.as_data().map(|x| x.to_vec()).unwrap_or_default();
        match self {
            Curve::Splines { knots, coefficients, inner, degree, extrapolates } => {
                let width = inner.iter().product::<usize>();
                e.budget.shape(&[numbers.len(), (degree + 2) * knots.len().max(width)], range)?;
                let (low, high) = (knots[*degree], knots[knots.len() - degree - 1]);
                let mut out = Vec::with_capacity(numbers.len() * width);
                for x in &numbers {
                    if !extrapolates && !(low..=high).contains(x) {
                        out.extend(std::iter::repeat_n(f64::NAN, width));
                        continue;
                    }
                    let weights = row(knots, *degree, *x);
                    let count = knots.len() - degree - 1;
                    let sum =
                        |k: usize| (0..count).map(|i| weights[i] * coefficients[i * width + k]).sum::<f64>();
                    out.extend((0..width).map(sum));
                }
                let shape = [points.shape(), inner].concat();
                Ok(Item::Number(Value::data(out, shape, Kind::Float)))
            }
            Curve::Pieces { points: known, values, seconds, beyond } => {
                e.budget.work(numbers.len().saturating_mul(8), range)?;
                let last = known.len() - 1;
                let mut out = Vec::with_capacity(numbers.len());
                for x in numbers {
                    if !(known[0]..=known[last]).contains(&x) {
                        match beyond {
                            Beyond::Refused => {
                                return fault(
                                    range,
                                    format!("{x} is beyond the points: `fill_value=\"extrapolate\"` goes on"),
                                );
                            }
                            Beyond::Constant(below, above) => {
                                out.push(if x < known[0] { *below } else { *above });
                                continue;
                            }
                            Beyond::Extended => {}
                        }
                    }
                    let i = known.partition_point(|point| *point <= x).clamp(1, last) - 1;
                    let h = known[i + 1] - known[i];
                    let (a, b) = ((known[i + 1] - x) / h, (x - known[i]) / h);
                    let bend = (a.powi(3) - a) * seconds[i] + (b.powi(3) - b) * seconds[i + 1];
                    out.push(a * values[i] + b * values[i + 1] + bend * h * h / 6.0);
                }
                Ok(Item::Number(Value::data(out, points.shape(), Kind::Float)))
            }
        }
    }
}
