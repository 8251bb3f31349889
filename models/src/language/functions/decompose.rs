//! Decompositions of matrices of data, and what follows from them: eigenvalues, singular values, least squares, norms.
//!
//! Eigenvectors of up to 25 elements have the signs that NumPy gives them; those of more, of matrices that are not symmetric, and
//! singular vectors have their own.
//!
//! ```text
//! qr: reflections H_k = 1 - tau v v' that put -sign(x_1) |x| below the diagonal's place, as LAPACK's dgeqrf does
//! ```
//!
//! # References
//! - Golub and Van Loan (2013), Matrix Computations, algorithm 5.2.1

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use faer::{Mat, Side};
use ruff_text_size::TextRange;

use super::{LA, Row, Run, symmetric};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Library};
use crate::language::item::{Item, Sequence};

/// Decompositions.
pub(super) const ROWS: &[Row] = &[
    ("eigh", LA, Run::Matrices(|e, call| of_symmetric(e, call, true))),
    ("eigvalsh", LA, Run::Matrices(|e, call| of_symmetric(e, call, false))),
    ("eig", LA, Run::Matrices(|e, call| general(e, call, true))),
    ("eigvals", LA, Run::Matrices(|e, call| general(e, call, false))),
    ("svd", LA, Run::Matrices(singular)),
    ("svdvals", LA, Run::Matrices(sizes)),
    ("qr", LA, Run::Matrices(reflections)),
    ("pinv", LA, Run::Matrices(inverse)),
    ("lstsq", LA, Run::Call(least_squares)),
    ("matrix_rank", LA, Run::Matrices(rank)),
    ("cond", LA, Run::Matrices(condition)),
    ("matrix_power", LA, Run::Matrices(power)),
    ("multi_dot", LA, Run::Call(chain)),
    ("matrix_dot", LA, Run::Call(chain)),
    ("norm", LA, Run::Call(norm)),
    ("toeplitz", LA, Run::Call(toeplitz)),
];

/// What the library makes of a matrix of parameters; `None` where the matrix is one of data.
fn of_parameters(e: &mut Evaluator<'_>, call: &Call, name: &str) -> Outcome<Option<Item>> {
    let is_random = |argument: &Argument| argument.item.as_value().is_some_and(|value| value.is_random());
    let Some(a) = call.positional.first().filter(|a| is_random(a)) else { return Ok(None) };
    let shape = a.item.as_value().map(|value| value.shape().to_vec()).unwrap_or_default();
    let is_symmetric = name.starts_with("eig");
    match shape[..] {
        [rows, columns] if rows > 0 && columns > 0 && (rows == columns || !is_symmetric) => {
            let callee = e.written(Library::Linalg, name, call.range)?;
            e.apply(&callee, call.clone()).map(Some)
        }
        _ => {
            let kind = if is_symmetric { "a square matrix" } else { "a matrix" };
            fault(a.range, format!("`{}` takes {kind}, not {}", call.name, a.item.describe()))
        }
    }
}

/// The matrix of data of an argument.
fn matrix(e: &mut Evaluator<'_>, call: &Call, argument: Option<&Argument>) -> Outcome<Mat<f64>> {
    let argument = call.required(argument, "a")?;
    let value = e.known_value(argument, "a matrix that is decomposed")?;
    let (&[rows, columns], Some(numbers)) = (value.shape(), value.as_data()) else {
        return fault(
            argument.range,
            format!("`{}` takes a matrix, not {}", call.name, argument.item.describe()),
        );
    };
    if numbers.is_empty() || numbers.iter().any(|x| !x.is_finite()) {
        return fault(argument.range, format!("`{}` takes a matrix of finite numbers", call.name));
    }
    let size = rows.max(columns);
    e.budget.work(size.saturating_mul(size).saturating_mul(10 * rows.min(columns)), call.range)?;
    Ok(Mat::from_fn(rows, columns, |i, k| numbers[i * columns + k]))
}

fn item(matrix: &Mat<f64>) -> Item {
    let (rows, columns) = (matrix.nrows(), matrix.ncols());
    let numbers: Vec<f64> = (0..rows * columns).map(|k| matrix[(k / columns, k % columns)]).collect();
    Item::Number(Value::data(numbers, vec![rows, columns], Kind::Float))
}

fn vector(numbers: Vec<f64>) -> Item {
    Item::Number(Value::from(numbers))
}

fn tuple(items: Vec<Item>, range: TextRange) -> Outcome<Item> {
    Ok(Item::Tuple(Sequence::new(items, range)?))
}

/// A tuple whose items have names.
fn named<const N: usize>(names: [&str; N], items: Vec<Item>, range: TextRange) -> Outcome<Item> {
    let names: Vec<Rc<str>> = names.into_iter().map(Into::into).collect();
    Ok(Item::Tuple(Rc::new(Sequence::of(items, range)?.with_names(names.into()))))
}

fn square(e: &mut Evaluator<'_>, call: &Call, argument: Option<&Argument>) -> Outcome<Mat<f64>> {
    let matrix = matrix(e, call, argument)?;
    match matrix.nrows() == matrix.ncols() {
        true => Ok(matrix),
        false => fault(call.range, format!("`{}` takes a square matrix", call.name)),
    }
}

/// `np.linalg.eigh(a)`: of the lower triangle, eigenvalues in ascending order.
fn of_symmetric(e: &mut Evaluator<'_>, call: &Call, with_vectors: bool) -> Outcome<Item> {
    let [a] = call.bind(["a"])?;
    if let Some(found) = of_parameters(e, call, if with_vectors { "eigh" } else { "eigvalsh" })? {
        return Ok(found);
    }
    let a = square(e, call, a)?;
    if a.nrows() <= symmetric::LARGEST
        && let Some((values, vectors)) = symmetric::eigen(&a)
    {
        return match with_vectors {
            true => named(["eigenvalues", "eigenvectors"], vec![vector(values), item(&vectors)], call.range),
            false => Ok(vector(values)),
        };
    }
    let Ok(found) = a.self_adjoint_eigen(Side::Lower) else {
        return fault(call.range, "the eigenvalues of this matrix are not found");
    };
    let values = vector(found.S().column_vector().iter().copied().collect());
    match with_vectors {
        true => named(["eigenvalues", "eigenvectors"], vec![values, item(&found.U().to_owned())], call.range),
        false => Ok(values),
    }
}

/// `np.linalg.eig(a)`, where all eigenvalues are real.
fn general(e: &mut Evaluator<'_>, call: &Call, with_vectors: bool) -> Outcome<Item> {
    let [a] = call.bind(["a"])?;
    let a = square(e, call, a)?;
    let Ok(found) = a.eigen() else {
        return fault(call.range, "the eigenvalues of this matrix are not found");
    };
    let values: Vec<_> = found.S().column_vector().iter().copied().collect();
    if values.iter().any(|value| value.im.abs() > 1e-12 * (1.0 + value.re.abs())) {
        return fault(
            call.range,
            "the matrix has complex eigenvalues, which are not supported: `eigh` is for symmetric ones",
        );
    }
    let numbers = vector(values.iter().map(|value| value.re).collect());
    if !with_vectors {
        return Ok(numbers);
    }
    let vectors = found.U();
    let size = a.nrows();
    let length = |k: usize| (0..size).map(|i| vectors[(i, k)].re.powi(2)).sum::<f64>().sqrt();
    let unit = Mat::from_fn(size, size, |i, k| vectors[(i, k)].re / length(k));
    named(["eigenvalues", "eigenvectors"], vec![numbers, item(&unit)], call.range)
}

/// The singular vectors and values of a call's first argument: `a = u diag(s) v'`.
fn parts(e: &mut Evaluator<'_>, call: &Call) -> Outcome<(Mat<f64>, Vec<f64>, Mat<f64>)> {
    let a = matrix(e, call, call.positional.first())?;
    decomposed(&a, call)
}

fn decomposed(a: &Mat<f64>, call: &Call) -> Outcome<(Mat<f64>, Vec<f64>, Mat<f64>)> {
    match a.thin_svd() {
        Ok(found) => {
            let values = found.S().column_vector().iter().copied().collect();
            Ok((found.U().to_owned(), values, found.V().to_owned()))
        }
        Err(_) => fault(call.range, "the singular values of this matrix are not found"),
    }
}

/// `u, s, vt = np.linalg.svd(a, full_matrices=False)`
fn singular(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, full, with_vectors] = call.bind(["a", "full_matrices", "compute_uv"])?;
    if let Some(found) = of_parameters(e, call, "svd")? {
        return Ok(found);
    }
    let a = matrix(e, call, a)?;
    let truth = |x: Option<&Argument>| x.map_or(Ok(true), |x| e.truth(&x.item, x.range));
    let (is_full, with_vectors) = (truth(full)?, truth(with_vectors)?);
    let (mut u, values, mut v) = decomposed(&a, call)?;
    if !with_vectors {
        return Ok(vector(values));
    }
    if is_full && a.nrows() != a.ncols() {
        let Ok(found) = a.svd() else {
            return fault(call.range, "the singular values of this matrix are not found");
        };
        (u, v) = (found.U().to_owned(), found.V().to_owned());
    }
    named(["U", "S", "Vh"], vec![item(&u), vector(values), item(&v.transpose().to_owned())], call.range)
}

/// `scipy.linalg.svdvals(a)`
fn sizes(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    match of_parameters(e, call, "svdvals")? {
        Some(found) => Ok(found),
        None => Ok(vector(parts(e, call)?.1)),
    }
}

/// `q, r = np.linalg.qr(a)`, with the signs that LAPACK gives.
fn reflections(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, mode] = call.bind(["a", "mode"])?;
    let mut r = matrix(e, call, a)?;
    let mode = mode.map_or(Ok("reduced".into()), |mode| e.text(mode, "`mode`"))?;
    let (rows, columns) = (r.nrows(), r.ncols());
    let kept = match &*mode {
        "complete" | "full" => rows,
        "reduced" | "economic" | "r" => rows.min(columns),
        other => {
            return fault(call.range, format!("`qr` has the modes reduced, complete and r, not \"{other}\""));
        }
    };
    let mut q = Mat::<f64>::identity(rows, rows);
    for k in 0..columns.min(rows - 1) {
        let length = (k..rows).map(|i| r[(i, k)].powi(2)).sum::<f64>().sqrt();
        let below = (k + 1..rows).any(|i| r[(i, k)] != 0.0);
        if !below {
            continue;
        }
        let corner = if r[(k, k)] >= 0.0 { -length } else { length };
        let v: Vec<f64> = (k..rows).map(|i| r[(i, k)] - if i == k { corner } else { 0.0 }).collect();
        let scale = 2.0 / v.iter().map(|x| x * x).sum::<f64>();
        for column in k..columns {
            let sum: f64 = v.iter().enumerate().map(|(i, v)| v * r[(k + i, column)]).sum();
            v.iter().enumerate().for_each(|(i, v)| r[(k + i, column)] -= scale * sum * v);
        }
        for row in 0..rows {
            let sum: f64 = v.iter().enumerate().map(|(i, v)| v * q[(row, k + i)]).sum();
            v.iter().enumerate().for_each(|(i, v)| q[(row, k + i)] -= scale * sum * v);
        }
        (k + 1..rows).for_each(|i| r[(i, k)] = 0.0);
    }
    let r = item(&Mat::from_fn(kept, columns, |i, k| r[(i, k)]));
    match &*mode {
        "r" => Ok(r),
        _ => named(["Q", "R"], vec![item(&Mat::from_fn(rows, kept, |i, k| q[(i, k)])), r], call.range),
    }
}

/// The inverse by singular values, without those that are small beside the largest one.
fn pseudo_inverse(a: &Mat<f64>, least: f64, call: &Call) -> Outcome<(Mat<f64>, Vec<f64>, usize)> {
    let (u, values, v) = decomposed(a, call)?;
    let bound = least * values.first().copied().unwrap_or(0.0);
    let kept = values.iter().filter(|value| **value > bound).count();
    let inverse =
        Mat::from_fn(a.ncols(), a.nrows(), |i, k| (0..kept).map(|s| v[(i, s)] / values[s] * u[(k, s)]).sum());
    Ok((inverse, values, kept))
}

fn inverse(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, least] = call.bind(["a", "rcond"])?;
    if let Some(found) = of_parameters(e, call, "pinv")? {
        return Ok(found);
    }
    let a = matrix(e, call, a)?;
    let least = least.map_or(Ok(1e-15), |least| e.float(&least.item, "`rcond`", least.range))?;
    Ok(item(&pseudo_inverse(&a, least, call)?.0))
}

/// `solution, residuals, rank, singular values = np.linalg.lstsq(a, b)`
fn least_squares(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, b, least] = call.bind(["a", "b", "rcond"])?;
    let a = matrix(e, call, a)?;
    let b = e.known_value(call.required(b, "b")?, "the right side")?;
    let least = match least.filter(|least| !matches!(least.item, Item::None)) {
        Some(least) => e.float(&least.item, "`rcond`", least.range)?,
        None => f64::EPSILON * a.nrows().max(a.ncols()) as f64,
    };
    let numbers = b.as_data().map(|x| x.to_vec()).unwrap_or_default();
    let columns = match *b.shape() {
        [n] if n == a.nrows() => 1,
        [n, columns] if n == a.nrows() => columns,
        _ => return fault(call.range, format!("the right side needs {} rows", a.nrows())),
    };
    let (inverse, values, kept) = pseudo_inverse(&a, least.max(0.0), call)?;
    let sides = Mat::from_fn(a.nrows(), columns, |i, k| numbers[i * columns + k]);
    let solution = &inverse * &sides;
    let left = &a * &solution - &sides;
    let residuals: Vec<f64> = match kept == a.ncols() && a.nrows() > a.ncols() {
        true => (0..columns).map(|k| (0..a.nrows()).map(|i| left[(i, k)].powi(2)).sum()).collect(),
        false => Vec::new(),
    };
    let solution = match (b.rank(), item(&solution)) {
        (1, Item::Number(solution)) => Item::Number(solution.reshape(&[a.ncols()])),
        (_, solution) => solution,
    };
    tuple(vec![solution, vector(residuals), Item::integer(kept as i64), vector(values)], call.range)
}

fn rank(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (u, values, v) = parts(e, call)?;
    let bound = values.first().copied().unwrap_or(0.0) * f64::EPSILON * u.nrows().max(v.nrows()) as f64;
    Ok(Item::integer(values.iter().filter(|value| **value > bound).count() as i64))
}

fn condition(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let (_, values, _) = parts(e, call)?;
    let (first, last) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
    Ok(Item::Number(Value::from(first / last)))
}

/// `np.linalg.matrix_power(a, n)` for whole `n` from 0 on.
fn power(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [a, n] = call.bind(["a", "n"])?;
    let a = e.value(call.required(a, "a")?)?;
    let n = call.required(n, "n")?;
    let n = e.integer(&n.item, "the power", n.range)?;
    let &[rows, columns] = a.shape() else {
        return fault(call.range, "the power of a matrix is of a square one");
    };
    if rows != columns || !(-1_000..=1_000).contains(&n) {
        return fault(call.range, "powers are those of a square matrix, from -1000 to 1000");
    }
    let a = if n < 0 { super::linear::inverted(e, &a, call.range)? } else { a };
    let identity: Vec<f64> = (0..rows * rows).map(|k| f64::from(u8::from(k % (rows + 1) == 0))).collect();
    let mut product = Value::data(identity, vec![rows, rows], a.kind());
    for _ in 0..n.abs() {
        product = e.matrix_product(&product, &a, call.range)?;
    }
    Ok(Item::Number(product))
}

/// `np.linalg.multi_dot([a, b, c])`, `pt.linalg.matrix_dot(a, b, c)`
fn chain(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let items = match call.positional.as_slice() {
        [all] => e.iterate(&all.item, all.range)?,
        several => several.iter().map(|argument| argument.item.clone()).collect(),
    };
    let mut product: Option<Value> = None;
    for item in &items {
        let next = e.item_value(item, call.range)?;
        product = Some(match product {
            Some(product) => e.matrix_product(&product, &next, call.range)?,
            None => next,
        });
    }
    product.map_or_else(
        || fault(call.range, "there is nothing to multiply"),
        |product| Ok(Item::Number(product)),
    )
}

/// `np.linalg.norm(x, ord, axis)` of vectors: 1, 2 and infinity; of a matrix, that of all its elements.
fn norm(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, order, axis, keep] = call.bind(["x", "ord", "axis", "keepdims"])?;
    let x = e.value(call.required(x, "x")?)?;
    let axis = axis.filter(|axis| !matches!(axis.item, Item::None));
    let order = match order.filter(|order| !matches!(order.item, Item::None)) {
        Some(order) if matches!(&order.item, Item::Text(text) if &**text == "fro") => 2.0,
        Some(order) if x.rank() == 2 && axis.is_none() => return of_matrix(e, call, order),
        Some(order) => e.float(&order.item, "`ord`", order.range)?,
        None => 2.0,
    };
    let size = if order == 2.0 { x.square() } else { x.abs() };
    let mut inner = call.alone(Item::Number(size));
    let named = [("axis", axis), ("keepdims", keep)];
    inner.keywords = named.into_iter().filter_map(|(name, x)| Some((name.to_owned(), x?.clone()))).collect();
    let name = match order {
        1.0 | 2.0 => "sum",
        f64::INFINITY => "max",
        _ => return fault(call.range, "the norms 1, 2 and infinity are supported"),
    };
    let total = super::reduce::reduce(e, &inner, name)?;
    match (total, order) {
        (Item::Number(total), 2.0) => Ok(Item::Number(e.finish_value(total.sqrt(), call.range)?)),
        (total, _) => Ok(total),
    }
}

/// The largest (2) or smallest (-2) singular value of a matrix, or the sum of all ("nuc").
fn of_matrix(e: &mut Evaluator<'_>, call: &Call, order: &Argument) -> Outcome<Item> {
    let (_, values, _) = parts(e, call)?;
    let norm = match &order.item {
        Item::Text(text) if &**text == "nuc" => Some(values.iter().sum()),
        Item::Number(number) => match number.as_data().map(|numbers| &numbers[..]) {
            Some([2.0]) => values.first().copied(),
            Some([-2.0]) => values.last().copied(),
            _ => None,
        },
        _ => None,
    };
    match norm {
        Some(norm) => Ok(Item::Number(Value::from(norm))),
        None => fault(
            order.range,
            "of the norms of a matrix \"fro\", \"nuc\", 2 and -2 are supported; those of its rows take `axis`",
        ),
    }
}

/// `scipy.linalg.toeplitz(column, row)`
fn toeplitz(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [column, row] = call.bind(["c", "r"])?;
    let column = e.value(call.required(column, "c")?)?;
    let row = row.map_or(Ok(column.clone()), |row| e.value(row))?;
    let (n, m) = (column.len(), row.len());
    e.budget.shape(&[n, m], call.range)?;
    let all = Value::concatenate(&[column.reshape(&[n]), row.reshape(&[m])], 0);
    let entry = |k: usize| if k / m >= k % m { k / m - k % m } else { n + k % m - k / m } as u32;
    Ok(Item::Number(e.finish_value(all.take((0..n * m).map(entry).collect(), vec![n, m]), call.range)?))
}
