//! Values of covariance functions: matrices of two sets of rows, and their diagonals.

use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_kernels::tape::Unary;
use ruff_text_size::TextRange;

use super::covariance::{Covariance, Domain, diagonal, identity};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::Evaluator;

/// Elements that an element of a matrix counts as.
const ELEMENT: usize = 2;

impl Covariance {
    /// The covariances of the rows of `x` with those of `z`, or with each other.
    pub(super) fn matrix(
        &self,
        e: &mut Evaluator<'_>,
        x: &Value,
        z: Option<&Value>,
        range: TextRange,
    ) -> Outcome<Value> {
        let shape = [x.shape()[0], z.unwrap_or(x).shape()[0]];
        if !self.is_composed() {
            e.budget.shape(&shape, range)?;
            e.budget.work((shape[0] * shape[1]).saturating_mul(ELEMENT), range)?;
        }
        let value = match self {
            Covariance::Stationary { domain, form, scale } => {
                let (x, z) = both(domain, x, z, range)?;
                form.matrix(e, &x, z.as_ref(), scale, range)?
            }
            Covariance::Linear { domain, centre } => {
                let (x, z) = both(domain, x, z, range)?;
                products(&x, z.as_ref(), centre)
            }
            Covariance::Polynomial { domain, centre, degree, offset } => {
                let (x, z) = both(domain, x, z, range)?;
                (products(&x, z.as_ref(), centre) + offset).pow(degree)
            }
            Covariance::Circular { domain, half, steepness } => {
                let (x, z) = both(domain, x, z, range)?;
                let gap = x.reshape(&[shape[0], 1]) - z.unwrap_or(x).reshape(&[1, shape[1]]);
                // The remainder has the sign of the divisor, as in Python.
                let (shifted, whole) = (gap + half, half * 2.0);
                let turns = (&shifted / &whole).unary(Unary::Floor);
                let share = (shifted - turns * whole - half).abs() / half;
                let near = (-&share + 1.0).maximum(&Value::from(0.0));
                (share * steepness + 1.0) * near.pow(steepness)
            }
            Covariance::Coregion { domain, matrix } => {
                let (x, z) = both(domain, x, z, range)?;
                let n = matrix.shape()[0];
                let (rows, columns) = (outputs(&x, n, range)?, outputs(z.as_ref().unwrap_or(&x), n, range)?);
                let places = rows.iter().flat_map(|i| columns.iter().map(move |j| (i * n + j) as u32));
                matrix.take(places.collect(), shape.to_vec())
            }
            Covariance::Wrapped { of, period } => {
                let Covariance::Stationary { domain, form, scale } = &**of else {
                    return fault(range, "`WrappedPeriodic` is of a stationary covariance");
                };
                let (x, z) = both(domain, x, z, range)?;
                form.wrapped(e, &x, z.as_ref(), scale, period, range)?
            }
            Covariance::Gibbs { domain, lengths } => {
                let (x, z) = both(domain, x, z, range)?;
                let of_rows = lengths.vector(e, &x, range)?.reshape(&[shape[0], 1]);
                let of_columns = match &z {
                    Some(z) => lengths.vector(e, z, range)?,
                    None => of_rows.clone(),
                };
                let of_columns = of_columns.reshape(&[1, shape[1]]);
                let gap = x.reshape(&[shape[0], 1]) - z.unwrap_or(x).reshape(&[1, shape[1]]);
                let sum = of_rows.square() + of_columns.square();
                (of_rows * of_columns * 2.0 / &sum).sqrt() * (-(gap.square() / sum)).exp()
            }
            Covariance::Warped { domain, of, warp } => {
                let (x, z) = both(domain, x, z, range)?;
                let x = warp.matrix(e, &x, range)?;
                let z = z.map(|z| warp.matrix(e, &z, range)).transpose()?;
                of.matrix(e, &x, z.as_ref(), range)?
            }
            Covariance::Scaled { domain, of, scaling } => {
                let (x, z) = both(domain, x, z, range)?;
                let of_rows = scaling.vector(e, &x, range)?;
                let of_columns = match &z {
                    Some(z) => scaling.vector(e, z, range)?,
                    None => of_rows.clone(),
                };
                let scales = of_rows.reshape(&[shape[0], 1]) * of_columns.reshape(&[1, shape[1]]);
                scales * of.matrix(e, &x, z.as_ref(), range)?
            }
            Covariance::Kronecker(factors) => {
                let factors = shares(e, factors, x, z, range)?;
                let mut product = Value::from(1.0);
                for (k, (factor, x, z)) in factors.into_iter().enumerate() {
                    let next = factor.matrix(e, &x, z.as_ref(), range)?;
                    product = if k == 0 { next } else { product * next };
                }
                product
            }
            Covariance::Constant(value) => value.broadcast_to(&shape),
            Covariance::Noise(_) if z.is_some() => Value::from(0.0).broadcast_to(&shape),
            Covariance::Noise(sigma) => identity(shape[0]) * sigma.square(),
            Covariance::Sum(a, b) => a.matrix(e, x, z, range)? + b.matrix(e, x, z, range)?,
            Covariance::Product(a, b) => match (&**a, &**b) {
                // A number times a matrix, without a matrix of that number.
                (Covariance::Constant(c), other) | (other, Covariance::Constant(c)) if c.len() == 1 => {
                    other.matrix(e, x, z, range)? * c
                }
                (a, b) => a.matrix(e, x, z, range)? * b.matrix(e, x, z, range)?,
            },
            Covariance::Power(base, exponent) => base.matrix(e, x, z, range)?.pow(exponent),
            Covariance::Written(written) => written.matrix(e, x, z, range)?,
        };
        e.finish_value(value, range)
    }

    /// The variances at the rows of `x`: the diagonal of the matrix.
    pub(super) fn diagonal(&self, e: &mut Evaluator<'_>, x: &Value, range: TextRange) -> Outcome<Value> {
        let rows = x.shape()[0];
        e.budget.work(rows.saturating_mul(ELEMENT), range)?;
        let value = match self {
            Covariance::Stationary { .. }
            | Covariance::Circular { .. }
            | Covariance::Wrapped { .. }
            | Covariance::Gibbs { .. } => Value::from(1.0).broadcast_to(&[rows]),
            Covariance::Linear { domain, centre } => (domain.part(x, range)? - centre).square().sum_axis(1),
            Covariance::Polynomial { domain, centre, degree, offset } => {
                ((domain.part(x, range)? - centre).square().sum_axis(1) + offset).pow(degree)
            }
            Covariance::Coregion { domain, matrix } => {
                let n = matrix.shape()[0];
                let outputs = outputs(&domain.part(x, range)?, n, range)?;
                matrix.take(outputs.iter().map(|i| (i * (n + 1)) as u32).collect(), vec![rows])
            }
            Covariance::Warped { domain, of, warp } => {
                let x = warp.matrix(e, &domain.part(x, range)?, range)?;
                of.diagonal(e, &x, range)?
            }
            Covariance::Scaled { domain, of, scaling } => {
                let x = domain.part(x, range)?;
                scaling.vector(e, &x, range)?.square() * of.diagonal(e, &x, range)?
            }
            Covariance::Kronecker(factors) => {
                let mut product = Value::from(1.0);
                for (factor, x, _) in shares(e, factors, x, None, range)? {
                    product = product * factor.diagonal(e, &x, range)?;
                }
                product
            }
            Covariance::Constant(value) if value.rank() == 2 && value.shape() == [rows, rows] => {
                diagonal(value)
            }
            Covariance::Constant(value) => value.reshape(&[]).broadcast_to(&[rows]),
            Covariance::Noise(sigma) => sigma.square().broadcast_to(&[rows]),
            Covariance::Sum(a, b) => a.diagonal(e, x, range)? + b.diagonal(e, x, range)?,
            Covariance::Product(a, b) => a.diagonal(e, x, range)? * b.diagonal(e, x, range)?,
            Covariance::Power(base, exponent) => base.diagonal(e, x, range)?.pow(exponent),
            Covariance::Written(written) => written.diagonal(e, x, range)?,
        };
        e.finish_value(value, range)
    }
}

/// The columns of one or two matrices of inputs that matter.
fn both(domain: &Domain, x: &Value, z: Option<&Value>, range: TextRange) -> Outcome<(Value, Option<Value>)> {
    Ok((domain.part(x, range)?, z.map(|z| domain.part(z, range)).transpose()?))
}

/// A covariance, and its own columns of one or two matrices of inputs.
type Share<'c> = (&'c Covariance, Value, Option<Value>);

/// Each factor of a Kronecker product with its own columns of the inputs.
fn shares<'c>(
    e: &Evaluator<'_>,
    factors: &'c [Rc<Covariance>],
    x: &Value,
    z: Option<&Value>,
    range: TextRange,
) -> Outcome<Vec<Share<'c>>> {
    let mut first = 0;
    let mut shares = Vec::with_capacity(factors.len());
    for factor in factors {
        let Some(Domain { width, .. }) = factor.domain(e) else {
            return fault(
                range,
                "each factor of a Kronecker product says of how many columns it is (`input_dim`)",
            );
        };
        let own = Domain { width, columns: (first..first + width).collect() };
        let (x, z) = both(&own, x, z, range)?;
        shares.push((&**factor, x, z));
        first += width;
    }
    Ok(shares)
}

/// Inner products of centred rows.
fn products(x: &Value, z: Option<&Value>, centre: &Value) -> Value {
    let rows = x - centre;
    let columns = z.map_or_else(|| rows.clone(), |z| z - centre);
    rows.matmul(&columns.transpose())
}

/// The numbers of outputs in a column.
fn outputs(x: &Value, count: usize, range: TextRange) -> Outcome<Vec<usize>> {
    let Some(numbers) = x.as_data() else {
        return fault(range, "the column that says of which output a row is must be known from the data");
    };
    let place = |x: &f64| {
        let whole = x.trunc();
        let place = if whole < 0.0 { whole + count as f64 } else { whole };
        if place >= 0.0 && place < count as f64 { Ok(place as usize) } else { Err(whole) }
    };
    numbers.iter().map(place).collect::<Result<_, _>>().map_err(|seen| {
        let message = format!("there is no output {seen} among {count}: the column counts them from 0");
        Fault::new(range, message).rule(Rule::IndexOutOfRange)
    })
}
