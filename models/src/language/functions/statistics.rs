//! Functions that describe data: standard scores, covariances, histograms, interpolation.

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::reduce::{self, axis};
use super::{NP, PD, Row, Run, ST};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Functions of statistics.
pub(super) const ROWS: &[Row] = &[
    ("zscore", ST, Run::Call(standardised)),
    ("cov", NP, Run::Call(|e, call| covariance(e, call, false))),
    ("corrcoef", NP, Run::Call(|e, call| covariance(e, call, true))),
    ("histogram", NP, Run::Call(histogram)),
    ("histogram2d", NP, Run::Call(histogram_of_pairs)),
    ("digitize", NP, Run::Call(digitize)),
    ("interp", NP, Run::Call(interpolate)),
    ("trapezoid", NP, Run::Call(trapezoid)),
    ("trapz", NP, Run::Call(trapezoid)),
    ("cut", PD, Run::Call(super::cuts::cut)),
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
    let [x, y, by_row, bias, ddof] = call.bind(["m", "y", "rowvar", "bias", "ddof"])?;
    let bias = bias.map_or(Ok(false), |bias| e.truth(&bias.item, bias.range))?;
    let first = e.known_value(call.required(x, "m")?, "a covariance")?;
    let by_row = by_row.map_or(Ok(true), |by_row| e.truth(&by_row.item, by_row.range))?;
    let ddof = ddof.filter(|ddof| !matches!(ddof.item, Item::None));
    let usual = if bias { 0.0 } else { 1.0 };
    let ddof = ddof.map_or(Ok(usual), |ddof| e.float(&ddof.item, "`ddof`", ddof.range))?;
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
    // Rounded as NumPy does: what is made of two eigenvectors may hang on it.
    let factor = 1.0 / (count as f64 - ddof);
    numbers.iter_mut().for_each(|x| *x *= factor);
    if correlation {
        let spread: Vec<f64> = (0..n).map(|k| numbers[k * n + k].sqrt()).collect();
        let scaled = |(k, x): (usize, &mut f64)| *x = (*x / spread[k / n] / spread[k % n]).clamp(-1.0, 1.0);
        numbers.iter_mut().enumerate().for_each(scaled);
    }
    let shape = if n == 1 { vec![] } else { vec![n, n] };
    Ok(Item::Number(Value::data(numbers, shape, Kind::Float)))
}

/// The edges of the bins of some numbers.
fn edges(
    e: &mut Evaluator<'_>,
    numbers: &[f64],
    bins: Option<&Argument>,
    limits: Option<&Argument>,
    range: TextRange,
) -> Outcome<Vec<f64>> {
    let edges: Vec<f64> = match bins {
        Some(bins) if bins.item.as_value().is_none_or(|value| value.rank() > 0) => {
            e.known_value(bins, "the edges of a histogram")?.as_data().map(|x| x.to_vec()).unwrap_or_default()
        }
        bins => {
            let given = |limits: &Argument| e.known_value(limits, "the range of a histogram");
            let (low, high) = match limits.filter(|limits| !matches!(limits.item, Item::None)).map(given) {
                Some(given) => match given?.as_data().map(|ends| ends.to_vec()) {
                    Some(ends) if ends.len() == 2 && ends[0] <= ends[1] => (ends[0], ends[1]),
                    _ => return fault(range, "the range of a histogram is two numbers, the lower first"),
                },
                None => numbers
                    .iter()
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x))),
            };
            let count = bins.map_or(Ok(10), |bins| e.integer(&bins.item, "a number of bins", bins.range))?;
            if !(1..=1_000_000).contains(&count) || !low.is_finite() || !high.is_finite() {
                return fault(range, "a histogram needs at least one bin, and at least one number");
            }
            let (low, high) = if low == high { (low - 0.5, high + 0.5) } else { (low, high) };
            (0..=count)
                .map(|k| if k == count { high } else { low + (high - low) / count as f64 * k as f64 })
                .collect()
        }
    };
    match edges.len() < 2 || edges.windows(2).any(|pair| pair[0] > pair[1]) {
        true => fault(range, "the edges of a histogram must increase"),
        false => Ok(edges),
    }
}

/// The bin of a number; the last one includes its end.
fn bin(edges: &[f64], x: f64) -> Option<usize> {
    match edges.partition_point(|edge| *edge <= x) {
        0 => None,
        place if place < edges.len() => Some(place - 1),
        _ => (x == edges[edges.len() - 1]).then_some(edges.len() - 2),
    }
}

/// The weight of each number, 1 where there are none.
fn weights(e: &mut Evaluator<'_>, argument: Option<&Argument>, count: usize) -> Outcome<Option<Vec<f64>>> {
    let Some(argument) = argument.filter(|argument| !matches!(argument.item, Item::None)) else {
        return Ok(None);
    };
    match e.known_value(argument, "weights")?.as_data() {
        Some(weights) if weights.len() == count => Ok(Some(weights.to_vec())),
        _ => fault(argument.range, format!("a weight for each of {count} numbers is needed")),
    }
}

/// `np.histogram(x, bins)`: counts and edges.
fn histogram(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, bins, limits, density, weight] = call.bind(["a", "bins", "range", "density", "weights"])?;
    let x = e.known_value(call.required(x, "a")?, "a histogram")?;
    let numbers = x.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let edges = edges(e, &numbers, bins, limits, call.range)?;
    let weights = weights(e, weight, numbers.len())?;
    e.budget.work(numbers.len().saturating_mul(8), call.range)?;
    let mut counts = vec![0.0; edges.len() - 1];
    for (k, x) in numbers.iter().enumerate() {
        if let Some(place) = bin(&edges, *x) {
            counts[place] += weights.as_ref().map_or(1.0, |weights| weights[k]);
        }
    }
    let mut kind = if weights.is_some() { Kind::Float } else { Kind::Int };
    if density.map_or(Ok(false), |density| e.truth(&density.item, density.range))? {
        kind = Kind::Float;
        let total: f64 = counts.iter().sum();
        counts.iter_mut().zip(edges.windows(2)).for_each(|(x, pair)| *x /= total * (pair[1] - pair[0]));
    }
    let shape = vec![counts.len()];
    let parts = vec![Item::Number(Value::data(counts, shape, kind)), Item::Number(Value::from(edges))];
    Ok(Item::Tuple(Sequence::new(parts, call.range)?))
}

/// `np.histogram2d(x, y, bins)`: counts, and the edges along both axes.
fn histogram_of_pairs(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, y, bins, limits, density, weight] =
        call.bind(["x", "y", "bins", "range", "density", "weights"])?;
    let range = call.range;
    let mut numbers = |argument: Option<&Argument>, name: &str| -> Outcome<Vec<f64>> {
        let value = e.known_value(call.required(argument, name)?, "a histogram")?;
        Ok(value.as_data().map(|x| x.to_vec()).unwrap_or_default())
    };
    let (x, y) = (numbers(x, "x")?, numbers(y, "y")?);
    if x.len() != y.len() {
        return fault(range, format!("{} numbers `x` for {} numbers `y`", x.len(), y.len()));
    }
    // Two items are for the axes; a number, or the edges in an array, for both.
    let halves = |argument: Option<&Argument>| match argument.map(|argument| (&argument.item, argument.range))
    {
        Some((Item::None, _)) => [None, None],
        Some((Item::List(items) | Item::Tuple(items), range)) if items.items().len() == 2 => {
            let part = |k: usize| Some(Argument { item: items.items()[k].clone(), range });
            [part(0), part(1)]
        }
        _ => [argument.cloned(), argument.cloned()],
    };
    let ([bins_x, bins_y], [limits_x, limits_y]) = (halves(bins), halves(limits));
    let along_x = edges(e, &x, bins_x.as_ref(), limits_x.as_ref(), range)?;
    let along_y = edges(e, &y, bins_y.as_ref(), limits_y.as_ref(), range)?;
    let weights = weights(e, weight, x.len())?;
    let (rows, columns) = (along_x.len() - 1, along_y.len() - 1);
    e.budget.shape(&[rows, columns], range)?;
    e.budget.work(x.len().saturating_mul(16), range)?;
    let mut counts = vec![0.0; rows * columns];
    for (k, (x, y)) in x.iter().zip(&y).enumerate() {
        if let (Some(row), Some(column)) = (bin(&along_x, *x), bin(&along_y, *y)) {
            counts[row * columns + column] += weights.as_ref().map_or(1.0, |weights| weights[k]);
        }
    }
    if density.map_or(Ok(false), |density| e.truth(&density.item, density.range))? {
        let total: f64 = counts.iter().sum();
        for (k, count) in counts.iter_mut().enumerate() {
            let (row, column) = (k / columns, k % columns);
            *count /= total * (along_x[row + 1] - along_x[row]) * (along_y[column + 1] - along_y[column]);
        }
    }
    let counts = Value::data(counts, vec![rows, columns], Kind::Float);
    let parts = [counts, Value::from(along_x), Value::from(along_y)].map(Item::Number);
    Ok(Item::Tuple(Sequence::new(parts.to_vec(), range)?))
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
