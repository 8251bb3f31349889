//! Wishart matrices by their triangular factor, of independent variables.
//!
//! ```text
//! S = L L';  A[i, i]^2 ~ chi squared(nu - i),  A[i, k] ~ N(0, 1) for k < i,  i, k = 0, 1, ...
//! X = L A A' L' ~ Wishart(nu, S)
//! ```
//!
//! # Differences from PyMC
//! `pm.WishartBartlett` takes `nu - i - 2` degrees of freedom and an upper triangular `L`: its matrices have no Wishart
//! distribution.
//!
//! # References
//! - Bartlett (1933), On the theory of statistical regression. doi:10.1017/S0370164600015637
//! - Anderson (2003), An Introduction to Multivariate Statistical Analysis, corollary 7.2.1.

use chainfire_engine::program::{Value, ValueError};

use super::scope::Scope;
use super::site::Site;
use crate::distributions::{ChiSquared, Normal};
use crate::error::ModelError;

impl Scope {
    /// The lower triangular factor of a Wishart matrix with `nu` degrees of freedom and the scale matrix whose lower
    /// triangular factor is `scale_factor`. Declares `<name>_c`, the squares of the diagonal of `A`, and `<name>_z`, what
    /// is below it. `start` is the factor of the matrix to start at.
    ///
    /// # Shapes
    /// - `scale_factor`, `start`, result: `[p, p]`
    ///
    /// # Errors
    /// What is no square matrix, `nu` not above `p - 1`, names that cannot be used.
    pub fn wishart_factor(
        &mut self,
        name: &str,
        nu: impl Into<Value>,
        scale_factor: &Value,
        start: Option<&Value>,
    ) -> Result<Value, ModelError> {
        let p = match *scale_factor.shape() {
            [rows, columns] if rows == columns && rows > 0 => rows,
            _ => return Err(scale_factor.error().cloned().unwrap_or_else(|| misshapen(scale_factor)).into()),
        };
        let freedom = nu.into() - Value::from((0..p).map(|i| i as f64).collect::<Vec<_>>());
        let mut squares = Site::from(ChiSquared::new(freedom)).shape([p]);
        let below: Vec<u32> =
            (0..p * p).filter(|place| place % p < place / p).map(|place| place as u32).collect();
        let mut normals = Site::from(Normal::new(0.0, 1.0)).shape([below.len()]);
        if let Some(start) = start {
            let a = scale_factor.solve_triangular(start, false);
            let diagonal = (0..p).map(|i| (i * (p + 1)) as u32).collect();
            squares = squares.initial(a.take(diagonal, vec![p]).square());
            normals = normals.initial(a.take(below.clone(), vec![below.len()]));
        }
        let mut entries = vec![self.sample(&format!("{name}_c"), squares)?.sqrt()];
        if p > 1 {
            entries.push(self.sample(&format!("{name}_z"), normals)?);
        }
        entries.push(Value::from([0.0]));
        let entries = Value::concatenate(&entries, 0);
        let place = |at: usize| match (at / p, at % p) {
            (i, k) if i == k => i,
            (i, k) if k < i => p + i * (i - 1) / 2 + k,
            _ => entries.len() - 1,
        };
        let a = entries.take((0..p * p).map(|at| place(at) as u32).collect(), vec![p, p]);
        Ok(scale_factor.matmul(&a))
    }
}

fn misshapen(matrix: &Value) -> ValueError {
    let (operation, expected) = ("WishartBartlett".into(), "the scale is a square matrix".into());
    ValueError::Shape { operation, shape: matrix.shape().to_vec(), expected }
}
