//! Multivariate normal numbers: independent ones, turned and stretched by a factor of the covariance.

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::super::{RG, RL, Row, Run};
use super::Draw;
use super::draws::sized;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Call, Evaluator, Stream};
use crate::language::item::Item;
use crate::language::random::{ROWS as MOST, singular};

/// Functions of multivariate distributions.
pub(super) const ROWS: &[Row] = &[("multivariate_normal", RL | RG, Run::Draw(Draw::Call(normal)))];

/// `multivariate_normal(mean, cov, size, method=...)`
pub(in crate::language::functions) fn normal(
    e: &mut Evaluator<'_>,
    call: &Call,
    stream: Stream,
) -> Outcome<Item> {
    let [mean, covariance, size, _check, _tolerance, method] =
        call.bind(["mean", "cov", "size", "check_valid", "tol", "method"])?;
    let (mean, covariance) = (call.required(mean, "mean")?, call.required(covariance, "cov")?);
    let is_legacy = e.generator(stream, call.range)?.is_legacy();
    let method = method.map_or(Ok("svd".into()), |text| e.text(text, "`method`"))?;
    let center = e.known_value(mean, "a mean")?;
    let matrix = e.known_value(covariance, "a covariance")?;
    let n = center.len();
    if center.rank() != 1 || matrix.shape() != [n, n] || n == 0 {
        let (a, b) = (shape::display(center.shape()), shape::display(matrix.shape()));
        return fault(
            call.range,
            format!(
                "a vector for the mean and a square matrix of its length are needed, not shapes {a} and {b}"
            ),
        );
    }
    let numbers = matrix.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let factor = match &*method {
        "svd" => by_singular_vectors(&numbers, n, is_legacy, covariance.range)?,
        "cholesky" if !is_legacy => {
            let lower = e.finish_value(matrix.cholesky(), covariance.range)?;
            lower.as_data().map(|x| x.to_vec()).unwrap_or_default()
        }
        _ => return fault(call.range, "the methods are \"svd\", and \"cholesky\" of `default_rng`"),
    };
    let mut out = sized(e, size, &[], call.range)?;
    let many = shape::elements(&out);
    out.push(n);
    e.budget.shape(&out, call.range)?;
    e.budget.work(many.saturating_mul(n).saturating_mul(n), call.range)?;
    let generator = e.generator(stream, call.range)?;
    let center = center.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let mut drawn = Vec::with_capacity(many * n);
    let mut z = vec![0.0; n];
    for _ in 0..many {
        z.iter_mut().for_each(|z| *z = generator.standard_normal());
        drawn.extend(center.iter().enumerate().map(|(i, center)| {
            center + factor[i * n..(i + 1) * n].iter().zip(&z).map(|(f, z)| f * z).sum::<f64>()
        }));
    }
    Ok(Item::Number(Value::data(drawn, out, Kind::Float)))
}

/// The factor `U sqrt(S)` of `default_rng`, or `V sqrt(S)` of `np.random`.
fn by_singular_vectors(matrix: &[f64], n: usize, is_legacy: bool, range: TextRange) -> Outcome<Vec<f64>> {
    if n > MOST {
        return fault(
            range,
            format!(
                "numbers of {n} dimensions depend on how the linear algebra library works, beyond {MOST}: use \
                 `default_rng(...).multivariate_normal(..., method=\"cholesky\")`, or put the data in the data file"
            ),
        );
    }
    let Some((u, s, vt)) = singular(matrix, n) else {
        return fault(range, "this matrix has no singular vectors: look for missing or infinite numbers");
    };
    let again = |i: usize, k: usize| (0..n).map(|j| vt[j * n + i] * s[j] * vt[j * n + k]).sum::<f64>();
    let is_same = |i: usize, k: usize| {
        let wanted = matrix[i * n + k];
        (again(i, k) - wanted).abs() <= 1e-8 + 1e-8 * wanted.abs()
    };
    if !(0..n * n).all(|place| is_same(place / n, place % n)) {
        return fault(range, "the covariance is not symmetric with eigenvalues from 0: no numbers have it");
    }
    // The vectors of equal values are any that span the same space; those of a multiple of the identity are its axes.
    let is_equal = |pair: &[f64]| pair[0] - pair[1] <= 1e-13 * s[0] && pair[0] > 1e-13 * s[0];
    let is_plain =
        (0..n * n).all(|place| matrix[place] == if place % (n + 1) == 0 { matrix[0] } else { 0.0 });
    if !is_plain && s.windows(2).any(is_equal) {
        return fault(
            range,
            "this covariance has equal eigenvalues: which numbers it gives depends on how the linear algebra library \
             works; use `default_rng(...).multivariate_normal(..., method=\"cholesky\")`, or put the data in the data file",
        );
    }
    let vectors = |i: usize, k: usize| if is_legacy { vt[k * n + i] } else { u[i * n + k] };
    Ok((0..n * n).map(|place| vectors(place / n, place % n) * s[place % n].sqrt()).collect())
}
