//! Bases of functions, by the names that `pm.gp.hsgp_approx` gives them.
//!
//! ```text
//! boundary     L_d = c (max_d - min_d) / 2
//! eigenvalues  lambda_jd = (pi k_jd / (2 L_d))^2
//! sines        prod_d sin(sqrt(lambda_jd) (x_d + L_d)) / sqrt(L_d)
//! periodic     cos(j w x) and sin(j w x),  w = 2 pi / period,  j = 0, 1, ...
//! ```
//!
//! # References
//! - Solin, Sarkka (2020), Hilbert space methods for reduced-rank Gaussian process regression, equations 54 to 56.
//!   arXiv:1401.5508
//! - PyMC 5.28, `pymc/gp/hsgp_approx.py`

use std::f64::consts::PI;

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::Unary;
use ruff_text_size::TextRange;

use super::places;
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// Most axes of a basis.
const AXES: usize = 20;

/// `pm.gp.hsgp_approx.approx_hsgp_hyperparams(...)`: the least size of the basis, and the factor of its boundary.
pub(super) fn recommended(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [inputs, lengths, covariance] = call.bind(["x_range", "lengthscale_range", "cov_func"])?;
    let (inputs, lengths) = (call.required(inputs, "x_range")?, call.required(lengths, "lengthscale_range")?);
    let covariance = call.required(covariance, "cov_func")?;
    let mut pair =
        |argument: &Argument| match e.known_value(argument, "a range")?.as_data().map(|x| x.to_vec()) {
            Some(ends) if ends.len() == 2 && ends[0] < ends[1] => Ok((ends[0], ends[1])),
            _ => fault(argument.range, "a range is two numbers, the lower first"),
        };
    let ((from, to), (short, long)) = (pair(inputs)?, pair(lengths)?);
    let half = (to - from) / 2.0;
    let name = e.text(covariance, "the name of a covariance")?.to_lowercase();
    let (wide, dense) = match &*name {
        "expquad" => (3.2, 1.75),
        "matern52" => (4.1, 2.65),
        "matern32" => (4.5, 3.42),
        _ => return fault(covariance.range, "the covariance is \"expquad\", \"matern52\" or \"matern32\""),
    };
    let factor = f64::max(wide * (long / half), 1.2);
    let size = (dense * factor / (short / half)).trunc();
    let items = vec![Item::integer(size as i64), Item::Number(factor.into())];
    Ok(Item::Tuple(Sequence::new(items, call.range)?))
}

/// `set_boundary(X, c)`
pub(super) fn boundary(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, c] = call.bind(["X", "c"])?;
    let x = places(e, call.required(x, "X")?)?;
    let c = e.known_value(call.required(c, "c")?, "the factor of the boundary")?;
    if x.is_random() {
        return fault(call.range, "the inputs of a basis must be known from the data");
    }
    let half = (x.max_axis(0) - x.min_axis(0)) * 0.5;
    Ok(Item::Number(e.finish_value(half * c, call.range)?))
}

/// The sizes of a basis along each column.
pub(super) fn sizes(e: &mut Evaluator<'_>, m: &Argument) -> Outcome<Vec<usize>> {
    let mut sizes = Vec::new();
    for size in e.iterate(&m.item, m.range)? {
        match usize::try_from(e.integer(&size, "the size of a basis", m.range)?) {
            Ok(size) if size > 0 => sizes.push(size),
            _ => return fault(m.range, "the sizes of a basis are at least 1"),
        }
    }
    match sizes.len() {
        1..=AXES => Ok(sizes),
        n => fault(m.range, format!("a basis has 1 to {AXES} axes, not {n}")),
    }
}

/// Number of functions of a basis.
pub(super) fn count(e: &mut Evaluator<'_>, sizes: &[usize], range: TextRange) -> Outcome<usize> {
    let count = sizes.iter().fold(1, |count: usize, &size| count.saturating_mul(size));
    e.budget.shape(&[count, sizes.len()], range)?;
    Ok(count)
}

/// `calc_eigenvalues(L, m)`
pub(super) fn eigenvalues(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [ends, m] = call.bind(["L", "m"])?;
    let ends = e.value(call.required(ends, "L")?)?;
    let sizes = sizes(e, call.required(m, "m")?)?;
    let count = count(e, &sizes, call.range)?;
    let orders: Vec<f64> = orders(&sizes).into_iter().flatten().map(|k| PI * k as f64).collect();
    let roots = Value::data(orders, vec![count, sizes.len()], Kind::Float) / (ends * 2.0);
    Ok(Item::Number(e.finish_value(roots.square(), call.range)?))
}

/// `calc_eigenvectors(Xs, L, eigvals, m)`
pub(super) fn eigenvectors(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, ends, values, m] = call.bind(["Xs", "L", "eigvals", "m"])?;
    let x = places(e, call.required(x, "Xs")?)?;
    let ends_at = call.required(ends, "L")?;
    let ends = e.value(ends_at)?;
    let values_at = call.required(values, "eigvals")?;
    let values = e.value(values_at)?;
    let sizes = sizes(e, call.required(m, "m")?)?;
    let (rows, count, axes) = (x.shape()[0], count(e, &sizes, call.range)?, sizes.len());
    if x.shape()[1] < axes || values.shape() != [count, axes] || ends.shape() != [axes] {
        return fault(
            call.range,
            format!(
                "a basis of {count} functions along {axes} columns needs inputs with these columns, as many boundaries \
                 `L`, and eigenvalues of shape ({count}, {axes}) as `calc_eigenvalues` gives them"
            ),
        );
    }
    e.budget.shape(&[rows, count], call.range)?;
    e.budget.work(rows.saturating_mul(count).saturating_mul(4 * axes), call.range)?;
    let mut basis = Value::from(1.0);
    for k in 0..axes {
        let end = ends.take(vec![k as u32], vec![]);
        let shifted = super::covariance::column(&x, k).reshape(&[rows, 1]) + &end;
        let frequencies = super::covariance::column(&values, k).sqrt().reshape(&[1, count]);
        let sines = (shifted * frequencies).unary(Unary::Sin) * end.sqrt().recip();
        basis = if k == 0 { sines } else { basis * sines };
    }
    Ok(Item::Number(e.finish_value(basis, call.range)?))
}

/// `calc_basis_periodic(Xs, period, m)`
pub(super) fn periodic(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, period, m, _module] = call.bind(["Xs", "period", "m", "tl"])?;
    let x = places(e, call.required(x, "Xs")?)?;
    let period = e.value(call.required(period, "period")?)?;
    let m_at = call.required(m, "m")?;
    let count = e.integer(&m_at.item, "the size of a basis", m_at.range)?;
    let (Ok(count @ 1..), [_, 1]) = (usize::try_from(count), x.shape()) else {
        return fault(call.range, "a periodic basis is of one column, and has at least one function");
    };
    let (cosines, sines) = waves(e, &x, &period, count, call.range)?;
    Ok(Item::Tuple(Sequence::new(vec![Item::Number(cosines), Item::Number(sines)], call.range)?))
}

/// Cosines and sines of one column of inputs, `[rows, count]`.
pub(super) fn waves(
    e: &mut Evaluator<'_>,
    x: &Value,
    period: &Value,
    count: usize,
    range: TextRange,
) -> Outcome<(Value, Value)> {
    let rows = x.shape()[0];
    e.budget.shape(&[rows, count], range)?;
    e.budget.work(rows.saturating_mul(count).saturating_mul(8), range)?;
    let orders = Value::data((0..count).map(|j| j as f64).collect::<Vec<_>>(), vec![1, count], Kind::Float);
    let angles = x.reshape(&[rows, 1]) * (period.reshape(&[]).recip() * (2.0 * PI)) * orders;
    let angles = e.finish_value(angles, range)?;
    let cosines = e.finish_value(angles.unary(Unary::Cos), range)?;
    Ok((cosines, e.finish_value(angles.unary(Unary::Sin), range)?))
}

/// The orders of the sines along each column, in the order of NumPy's `meshgrid`: the first column's change fastest but
/// for those from the third on.
pub(super) fn orders(sizes: &[usize]) -> Vec<Vec<usize>> {
    let mut axes: Vec<usize> = (0..sizes.len()).collect();
    if axes.len() > 1 {
        axes.swap(0, 1);
    }
    let mut orders = vec![vec![1; sizes.len()]];
    for axis in axes {
        let longer = |order: &Vec<usize>| {
            (1..=sizes[axis])
                .map(|k| {
                    let mut order = order.clone();
                    order[axis] = k;
                    order
                })
                .collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders
}
