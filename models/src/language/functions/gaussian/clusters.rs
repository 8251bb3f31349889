//! Inducing points at the centres of clusters: `pm.gp.util.kmeans_inducing_points`.
//!
//! ```text
//! centres = some rows, drawn;  until the mean distance stays: every row joins its nearest centre, and every centre
//! becomes the mean of its rows;  the best of 20 such runs
//! ```
//!
//! Columns are divided by their standard deviations before, and multiplied after.
//!
//! # References
//! - MacQueen (1967), Some methods for classification and analysis of multivariate observations, section 1.
//! - SciPy 1.15, `scipy.cluster.vq.kmeans` (the runs, when they end, what is drawn)

use chainfire_engine::program::{Kind, Value};

use super::super::Run;
use super::super::pymc::whole;
use super::super::random::{rows, stream_of};
use super::places;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// Most times that the centres of a run move.
const MOVES: usize = 1_000;

/// `pm.gp.util.kmeans_inducing_points(n_inducing, X, iter=20, thresh=1e-5)`
pub(super) fn inducing_points(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [count, x, runs, threshold, _check, seed, generator] =
        call.bind(["n_inducing", "X", "iter", "thresh", "check_finite", "seed", "rng"])?;
    let count_at = call.required(count, "n_inducing")?;
    let count = whole(e, count_at, "n_inducing")?;
    let x = places(e, call.required(x, "X")?)?;
    let Some(numbers) = x.as_data().cloned() else {
        return fault(call.range, "inducing points are of inputs that are known from the data");
    };
    let runs = runs.map_or(Ok(20), |runs| whole(e, runs, "iter"))?;
    let threshold = threshold.map_or(Ok(1e-5), |t| e.float(&t.item, "`thresh`", t.range))?;
    let (n, width) = (x.shape()[0], x.shape()[1]);
    if count == 0 || count > n || runs == 0 {
        return fault(
            count_at.range,
            format!("1 to {n} inducing points of {n} rows are found in at least one run"),
        );
    }
    let stream = match generator.filter(|generator| !matches!(generator.item, Item::None)) {
        Some(Argument { item: Item::Generator(stream), .. }) => *stream,
        Some(other) => {
            return fault(other.range, "`rng` is a generator here, such as `np.random.default_rng(1)`");
        }
        None => stream_of(e, seed, call.range)?,
    };
    let scales: Vec<f64> = (0..width).map(|k| scale(numbers.iter().skip(k).step_by(width))).collect();
    let observations: Vec<f64> = numbers.iter().enumerate().map(|(i, x)| x / scales[i % width]).collect();
    let mut best = (f64::INFINITY, Vec::new());
    for _ in 0..runs {
        let first = chosen(e, call, stream, n, count)?;
        let centres = first.iter().flat_map(|&row| &observations[row * width..(row + 1) * width]).copied();
        let mut clusters = Clusters { centres: centres.collect(), width };
        let mut before = f64::INFINITY;
        for _ in 0..MOVES {
            e.budget.work(observations.len().saturating_mul(count), call.range)?;
            let distance = clusters.moved(&observations);
            let has_settled = (before - distance).abs() <= threshold;
            before = distance;
            if has_settled {
                break;
            }
        }
        if before < best.0 {
            best = (before, clusters.centres);
        }
    }
    let points: Vec<f64> = best.1.iter().enumerate().map(|(i, x)| x * scales[i % width]).collect();
    let rows = points.len() / width;
    Ok(Item::Number(Value::data(points, vec![rows, width], Kind::Float)))
}

/// The standard deviation of a column, 1 where it hardly varies.
fn scale<'x>(column: impl Iterator<Item = &'x f64> + Clone) -> f64 {
    let count = column.clone().count() as f64;
    let mean = column.clone().sum::<f64>() / count;
    let scale = (column.map(|x| (x - mean).powi(2)).sum::<f64>() / count).sqrt();
    if scale <= 1e-6 { 1.0 } else { scale }
}

/// Different rows, as a generator's `choice` draws them.
fn chosen(
    e: &mut Evaluator<'_>,
    call: &Call,
    stream: crate::language::evaluate::Stream,
    n: usize,
    count: usize,
) -> Outcome<Vec<usize>> {
    let mut inner = call.nothing();
    let argument = |item| Argument { item, range: call.range };
    inner.positional =
        [Item::integer(n as i64), Item::integer(count as i64), Item::truth(false)].map(argument).to_vec();
    let Some((_, _, Run::Draw(draw))) = rows().find(|row| row.0 == "choice") else {
        return fault(call.range, "nothing draws rows");
    };
    let drawn = draw.run(e, &inner, stream)?;
    let numbers = e.item_value(&drawn, call.range)?;
    Ok(numbers.as_data().map(|x| x.iter().map(|&x| x as usize).collect()).unwrap_or_default())
}

/// Centres of clusters, row by row.
struct Clusters {
    centres: Vec<f64>,
    width: usize,
}

impl Clusters {
    /// Moves every centre to the mean of the rows that it is nearest to, and drops those without any; the mean distance
    /// before.
    fn moved(&mut self, observations: &[f64]) -> f64 {
        let mut sums = vec![0.0; self.centres.len()];
        let mut counts = vec![0.0; self.centres.len() / self.width];
        let mut total = 0.0;
        for row in observations.chunks_exact(self.width) {
            let (mut nearest, mut least) = (0, f64::INFINITY);
            for (k, centre) in self.centres.chunks_exact(self.width).enumerate() {
                let square = row.iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
                if square < least {
                    (nearest, least) = (k, square);
                }
            }
            total += least.sqrt();
            counts[nearest] += 1.0;
            let sum = &mut sums[nearest * self.width..(nearest + 1) * self.width];
            sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        let kept = sums.chunks_exact(self.width).zip(&counts).filter(|(_, count)| **count > 0.0);
        self.centres = kept.flat_map(|(sum, count)| sum.iter().map(move |x| x / count)).collect();
        total / (observations.len() / self.width) as f64
    }
}
