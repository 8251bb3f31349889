//! Gaussian processes by a basis of sines, as `pm.gp.HSGP` has them.
//!
//! ```text
//! f = m(X) + Phi (beta sqrt(S(omega))),  beta ~ Normal(0, 1), named f_hsgp_coeffs
//! Phi_ij = prod_d sin(omega_jd (x_id + L_d)) / sqrt(L_d),  omega_jd = pi k_jd / (2 L_d),  L = c (max - min) / 2
//! ```
//!
//! # References
//! - Solin, Sarkka (2020), Hilbert space methods for reduced-rank Gaussian process regression, equations 54 to 56.
//!   arXiv:1401.5508
//! - Riutort-Mayol et al. (2022), Practical Hilbert space approximate Bayesian Gaussian processes for probabilistic
//!   programming, section 4. arXiv:2004.11408
//! - PyMC 5.28, `pymc/gp/hsgp_approx.py` (names, centring, the order of the basis)

use std::f64::consts::PI;

use chainfire_engine::program::{Kind as Numbers, Value};
use ruff_text_size::TextRange;

use super::super::pymc::variable_name;
use super::basis::orders;
use super::process::{Kind, Process, declared, item, own, stored};
use super::spectral::spectral_density;
use super::{covariance_of, mean_of, places};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

/// The basis of a process.
#[derive(Debug)]
pub(super) struct Hilbert {
    /// Sines along each column.
    sizes: Vec<usize>,
    boundary: Boundary,
    has_first: bool,
    is_centred: bool,
}

/// Where the basis ends.
#[derive(Debug)]
enum Boundary {
    /// At these distances from the centre.
    At(Vec<f64>),
    /// At these multiples of the half width of the inputs.
    Times(Vec<f64>),
}

/// `pm.gp.HSGP(m=[20], c=1.5, cov_func=...)`
pub(super) fn process(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [m, l, c, drop_first, form, mean, covariance] =
        call.bind(["m", "L", "c", "drop_first", "parametrization", "mean_func", "cov_func"])?;
    let m = call.required(m, "m")?;
    let covariance = covariance_of(e, call.required(covariance, "cov_func")?)?;
    let mut sizes = Vec::new();
    if matches!(&m.item, Item::Number(number) if number.rank() == 0) {
        let text = e.text_at(m.range);
        let number = text.strip_prefix("m=").unwrap_or(text);
        let message = "`m` is a list, of one number for each column of the inputs";
        return Err(Fault::new(m.range, message).fix(format!("write `m=[{number}]`")));
    }
    for size in e.iterate(&m.item, m.range)? {
        match usize::try_from(e.integer(&size, "the size of a basis", m.range)?) {
            Ok(size) if size > 0 => sizes.push(size),
            _ => return fault(m.range, "the sizes of a basis are at least 1"),
        }
    }
    let Some(columns) = covariance.domain(e).map(|domain| domain.columns.len()) else {
        return fault(
            call.range,
            "a basis needs a covariance that is of some columns of the inputs (`input_dim`)",
        );
    };
    if sizes.len() != columns {
        let message = format!("`m` has {} sizes for the {columns} columns of the covariance", sizes.len());
        return fault(m.range, message);
    }
    let mut numbers = |argument: &Argument, what: &str| {
        let value = e.known_value(argument, what)?;
        let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
        if numbers.iter().any(|x| x.is_nan() || *x <= 0.0)
            || !(numbers.len() == 1 || numbers.len() == columns)
        {
            return fault(
                argument.range,
                format!("{what} is above 0, for each of {columns} columns or for all"),
            );
        }
        Ok(if numbers.len() == 1 { vec![numbers[0]; columns] } else { numbers })
    };
    let is_given = |argument: Option<&Argument>| argument.is_some_and(|a| !matches!(a.item, Item::None));
    let boundary = match (l.filter(|_| is_given(l)), c.filter(|_| is_given(c))) {
        (Some(l), None) => Boundary::At(numbers(l, "the boundary")?),
        (None, Some(c)) => Boundary::Times(numbers(c, "the factor of the boundary")?),
        _ => return fault(call.range, "`pm.gp.HSGP` takes one of `c` and `L`"),
    };
    let has_first = !drop_first.map_or(Ok(false), |drop| e.truth(&drop.item, drop.range))?;
    let is_centred = match form {
        Some(form) => {
            let text = e.text(form, "a parametrization")?.to_lowercase().replace(['-', '_'], "");
            match &*text {
                "centered" => true,
                "noncentered" => false,
                _ => return fault(form.range, "`parametrization` is \"centered\" or \"noncentered\""),
            }
        }
        None => false,
    };
    let kind = Kind::Hilbert(Hilbert { sizes, boundary, has_first, is_centred });
    Ok(item(Process { kind, mean: mean_of(e, mean)?, covariance }))
}

impl Hilbert {
    /// Number of basis functions, the first included.
    pub(super) fn count(&self) -> usize {
        self.sizes.iter().fold(1, |count: usize, &size| count.saturating_mul(size))
    }

    /// `prior_linearized(X)`: the basis and the roots of the spectral density.
    pub(super) fn linearised(&self, e: &mut Evaluator<'_>, process: &Process, call: &Call) -> Outcome<Item> {
        let [x] = call.bind(["X"])?;
        let x = places(e, call.required(x, "X")?)?;
        let (basis, density) = self.basis(e, process, &x, call.range)?;
        Ok(Item::Tuple(Sequence::new(vec![Item::Number(basis), Item::Number(density)], call.range)?))
    }

    /// `prior(name, X)`
    pub(super) fn prior(&self, e: &mut Evaluator<'_>, process: &Process, call: &Call) -> Outcome<Item> {
        // PyMC looks at no other argument.
        let [name, x, dims, own_dims] = own(call, ["name", "X", "dims", "hsgp_coeffs_dims"])?;
        let name = variable_name(e, call, name.as_ref())?;
        let x = places(e, call.required(x.as_ref(), "X")?)?;
        let mean = process.mean.at(e, &x, call.range)?;
        let (basis, roots) = self.basis(e, process, &x, call.range)?;
        let shape = match own_dims.as_ref().filter(|dims| !matches!(dims.item, Item::None)) {
            Some(dims) => ("dims", dims.item.clone()),
            None => ("shape", Item::integer(roots.len() as i64)),
        };
        let mut parameters = vec![shape];
        if self.is_centred {
            parameters.push(("sigma", Item::Number(roots.clone())));
        }
        let own_name = format!("{name}_hsgp_coeffs");
        let mut weights = declared(e, call, "Normal", &own_name, parameters, Vec::new())?;
        if !self.is_centred {
            weights = weights * &roots;
        }
        // The basis is no matrix of predictors: its columns may nearly depend on each other.
        let values = e.finish_value(basis.matmul(&weights), call.range)?;
        stored(e, call, &name, mean + values, dims.as_ref())
    }

    /// The basis functions at the inputs, `[rows, basis]`, and the roots of the spectral density, `[basis]`.
    fn basis(
        &self,
        e: &mut Evaluator<'_>,
        process: &Process,
        x: &Value,
        range: TextRange,
    ) -> Outcome<(Value, Value)> {
        let (Some(inputs), [rows, width]) = (x.as_data(), x.shape()) else {
            return fault(range, "the inputs of `pm.gp.HSGP` must be known from the data");
        };
        let (rows, width) = (*rows, *width);
        let columns = process.covariance.domain(e).map(|domain| domain.columns).unwrap_or_default();
        if columns.iter().any(|&column| column >= width) {
            return fault(range, format!("the covariance is of more columns than the {width} of the inputs"));
        }
        let count = self.count();
        e.budget.shape(&[rows, count], range)?;
        e.budget.work(rows.saturating_mul(count).saturating_mul(4 * columns.len()), range)?;
        let orders = orders(&self.sizes);
        let mut basis = vec![1.0; rows * count];
        let mut frequencies = vec![0.0; count * columns.len()];
        for (d, &column) in columns.iter().enumerate() {
            let values: Vec<f64> = (0..rows).map(|row| inputs[row * width + column]).collect();
            let (least, most) =
                values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &x| (a.min(x), b.max(x)));
            let end = match &self.boundary {
                Boundary::At(ends) => ends[d],
                Boundary::Times(factors) => factors[d] * (most - least) / 2.0,
            };
            let centre = (least + most) / 2.0;
            for (j, order) in orders.iter().enumerate() {
                let frequency = PI * order[d] as f64 / (2.0 * end);
                frequencies[j * columns.len() + d] = frequency;
                for (row, x) in values.iter().enumerate() {
                    basis[row * count + j] *= (frequency * (x - centre + end)).sin() / end.sqrt();
                }
            }
        }
        let omega = Value::data(frequencies, vec![count, columns.len()], Numbers::Float);
        let density = spectral_density(e, &process.covariance, &omega, range)?;
        let roots = e.finish_value(density.sqrt().broadcast_to(&[count]), range)?;
        let basis = Value::data(basis, vec![rows, count], Numbers::Float);
        if self.has_first {
            return Ok((basis, roots));
        }
        let kept: Vec<u32> = (1..count as u32).collect();
        let columns = (0..rows as u32).flat_map(|row| (1..count as u32).map(move |j| row * count as u32 + j));
        Ok((basis.take(columns.collect(), vec![rows, count - 1]), roots.take(kept, vec![count - 1])))
    }
}
