//! Functions that describe data: standard scores, covariances, histograms, interpolation.

use chainfire_engine::program::{Kind, Value};

use super::reduce::{self, axis};
use super::{NP, PD, Row, Run, ST};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Functions of statistics.
pub(super) const ROWS: &[Row] = &[
    ("zscore", ST, Run::Call(standardised)),
    ("cov", NP, Run::Call(|e, call| covariance(e, call, false))),
    ("corrcoef", NP, Run::Call(|e, call| covariance(e, call, true))),
    ("histogram", NP, Run::Call(histogram)),
    ("digitize", NP, Run::Call(digitize)),
    ("interp", NP, Run::Call(interpolate)),
    ("trapezoid", NP, Run::Call(trapezoid)),
    ("trapz", NP, Run::Call(trapezoid)),
    ("cut", PD, Run::Call(super::table_methods::cut)),
];

/// `stats.zscore(x, axis, ddof)`: data minus its mean, over its standard deviation.
fn standardised(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, along, ddof, _nan_policy] = call.bind(["a", "axis", "ddof", "nan_policy"])?;
    let x = call.required(x, "a")?;
    let value = e.known_value(x, "what is standardised")?;
    let along = match along {
        Some(along) if matches!(along.item, Item::None) => None,
        Some(along) => Some(axis(e, &along.item, value.rank(), along.range)?),
        None => Some(0),
    };
    let ddof = ddof.map_or(Ok(0.0), |ddof| e.float(&ddof.item, "`ddof`", ddof.range))?;
    let (flat, axis) = match along {
        Some(axis) => (value.clone(), axis),
        None => (value.reshape(&[value.len()]), 0),
    };
    let mean = reduce::along(e, &flat, axis, "mean", 0.0, call.range)?;
    let spread = reduce::along(e, &flat, axis, "std", ddof, call.range)?;
    let distance = e.binary(|a, b| a - b, &flat, &mean.insert_axis(axis), call.range)?;
    let scores = e.binary(|a, b| a / b, &distance, &spread.insert_axis(axis), call.range)?;
    Ok(Item::numbers(scores.reshape(value.shape()), x.item.is_series()))
}

/// `np.cov(x)` and `np.corrcoef(x)`: of the rows of a matrix, or of two vectors.
pub(super) fn covariance(e: &mut Evaluator<'_>, call: &Call, correlation: bool) -> Outcome<Item> {
    let [x, y, by_row, ddof] = call.bind(["m", "y", "rowvar", "ddof"])?;
    let first = e.known_value(call.required(x, "m")?, "a covariance")?;
    let by_row = by_row.map_or(Ok(true), |by_row| e.truth(&by_row.item, by_row.range))?;
    let ddof = ddof.map_or(Ok(1.0), |ddof| e.float(&ddof.item, "`ddof`", ddof.range))?;
    let rows = |value: Value| match value.rank() {
        2 if by_row => value,
        2 => value.transpose(),
        _ => value.reshape(&[1, value.len()]),
    };
    let mut matrix = rows(first.clone());
    if let Some(y) = y {
        let second = rows(e.known_value(y, "a covariance")?);
        matrix = e.finish_value(Value::concatenate(&[matrix, second], 0), call.range)?;
    }
    let [n, count] = *matrix.shape() else {
        return fault(call.range, "a covariance is of the rows of a matrix");
    };
    e.budget.work(n.saturating_mul(n).saturating_mul(count), call.range)?;
    let mean = reduce::along(e, &matrix, 1, "mean", 0.0, call.range)?;
    let centred = e.binary(|a, b| a - b, &matrix, &mean.insert_axis(1), call.range)?;
    let product = e.matrix_product(&centred, &centred.transpose(), call.range)?;
    let mut numbers = product.as_data().map(|x| x.to_vec()).unwrap_or_default();
    numbers.iter_mut().for_each(|x| *x /= count as f64 - ddof);
    if correlation {
        let spread: Vec<f64> = (0..n).map(|k| numbers[k * n + k].sqrt()).collect();
        numbers.iter_mut().enumerate().for_each(|(k, x)| *x /= spread[k / n] * spread[k % n]);
    }
    let shape = if n == 1 { vec![] } else { vec![n, n] };
    Ok(Item::Number(Value::data(numbers, shape, Kind::Float)))
}

/// `np.histogram(x, bins)`: counts and edges.
fn histogram(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, bins, _range, density] = call.bind(["a", "bins", "range", "density"])?;
    let x = e.known_value(call.required(x, "a")?, "a histogram")?;
    let numbers = x.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let (low, high) =
        numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
    let edges: Vec<f64> = match bins {
        Some(bins) if bins.item.as_value().is_none_or(|value| value.rank() > 0) => {
            e.known_value(bins, "the edges of a histogram")?.as_data().map(|x| x.to_vec()).unwrap_or_default()
        }
        bins => {
            let count = bins.map_or(Ok(10), |bins| e.integer(&bins.item, "a number of bins", bins.range))?;
            if !(1..=1_000_000).contains(&count) || numbers.is_empty() || low == high {
                return fault(call.range, "a histogram needs at least one bin, and numbers that differ");
            }
            (0..=count)
                .map(|k| if k == count { high } else { low + (high - low) / count as f64 * k as f64 })
                .collect()
        }
    };
    if edges.len() < 2 || edges.windows(2).any(|pair| pair[0] > pair[1]) {
        return fault(call.range, "the edges of a histogram must increase");
    }
    e.budget.work(numbers.len().saturating_mul(8), call.range)?;
    let mut counts = vec![0.0; edges.len() - 1];
    for x in &numbers {
        let place = edges.partition_point(|edge| edge <= x);
        match place {
            0 => {}
            place if place < edges.len() => counts[place - 1] += 1.0,
            _ if *x == edges[edges.len() - 1] => counts[edges.len() - 2] += 1.0,
            _ => {}
        }
    }
    let mut kind = Kind::Int;
    if density.map_or(Ok(false), |density| e.truth(&density.item, density.range))? {
        kind = Kind::Float;
        let total: f64 = counts.iter().sum();
        counts.iter_mut().zip(edges.windows(2)).for_each(|(x, pair)| *x /= total * (pair[1] - pair[0]));
    }
    let shape = vec![counts.len()];
    let parts = vec![Item::Number(Value::data(counts, shape, kind)), Item::Number(Value::from(edges))];
    Ok(Item::Tuple(Sequence::new(parts, call.range)?))
}

/// `np.digitize(x, bins, right=...)` for edges that increase.
fn digitize(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, bins, right] = call.bind(["x", "bins", "right"])?;
    let x = e.known_value(call.required(x, "x")?, "what is put into bins")?;
    let bins = e.known_value(call.required(bins, "bins")?, "the edges of bins")?;
    let right = right.map_or(Ok(false), |right| e.truth(&right.item, right.range))?;
    let bins = bins.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if bins.windows(2).any(|pair| pair[0] > pair[1]) {
        return fault(call.range, "the edges of bins must increase");
    }
    let place = |x: &f64| bins.partition_point(|edge| if right { edge < x } else { edge <= x }) as f64;
    let places: Vec<f64> = x.as_data().map(|x| x.iter().map(place).collect()).unwrap_or_default();
    Ok(Item::Number(Value::data(places, x.shape(), Kind::Int)))
}

/// `np.interp(x, xp, fp)`: straight lines between known points, constant beyond them.
fn interpolate(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, known, values] = call.bind(["x", "xp", "fp"])?;
    let x = e.known_value(call.required(x, "x")?, "what is interpolated")?;
    let known = e.known_value(call.required(known, "xp")?, "the known points")?;
    let values = e.known_value(call.required(values, "fp")?, "the known values")?;
    let known = known.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let values = values.as_data().map(|x| x.to_vec()).unwrap_or_default();
    if known.is_empty() || known.len() != values.len() || known.windows(2).any(|pair| pair[0] > pair[1]) {
        return fault(call.range, "interpolation needs as many values as points, and points that increase");
    }
    let last = known.len() - 1;
    let at = |x: &f64| match known.partition_point(|point| point <= x) {
        _ if x.is_nan() => f64::NAN,
        0 => values[0],
        k if k > last => values[last],
        k => {
            let slope = (values[k] - values[k - 1]) / (known[k] - known[k - 1]);
            values[k - 1] + slope * (x - known[k - 1])
        }
    };
    let numbers: Vec<f64> = x.as_data().map(|x| x.iter().map(at).collect()).unwrap_or_default();
    Ok(Item::Number(Value::data(numbers, x.shape(), Kind::Float)))
}

/// `np.trapezoid(y, x)` of one axis.
fn trapezoid(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [y, x, step] = call.bind(["y", "x", "dx"])?;
    let y = e.known_value(call.required(y, "y")?, "an integral")?;
    let count = y.len();
    let places = match (x, step) {
        (Some(x), _) => {
            e.known_value(x, "the points of an integral")?.as_data().map(|x| x.to_vec()).unwrap_or_default()
        }
        (None, step) => {
            let step = step.map_or(Ok(1.0), |step| e.float(&step.item, "a step", step.range))?;
            (0..count).map(|k| k as f64 * step).collect()
        }
    };
    if y.rank() != 1 || places.len() != count {
        return fault(call.range, "an integral needs one axis, and as many points as values");
    }
    let y = y.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let area = (1..count).map(|k| (places[k] - places[k - 1]) * (y[k] + y[k - 1]) / 2.0).sum::<f64>();
    Ok(Item::Number(Value::from(area)))
}
