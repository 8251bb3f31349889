//! Name the scalar quantities of a group and gather their draws.
//!
//! A variable holds the elements of a draw side by side; eight neighbours are gathered together.

use crate::draws::{Coordinate, DrawsError, Group, Values, Variable};

/// Quantities that are gathered together: as many as fill a cache line.
const GATHERED: usize = 8;

/// Some neighbouring elements of a variable.
pub(super) struct Scalars<'a> {
    /// Names with coordinate labels, such as `mu`, `beta[a]`, `m[0, x]`.
    pub(super) names: Vec<String>,
    variable: &'a Variable,
    /// Elements per draw.
    elements: usize,
    first: usize,
}

impl<'a> Scalars<'a> {
    /// Every element of every variable, in the order of the variables.
    ///
    /// # Errors
    /// When a variable is text or does not begin with the dimensions `chain` and `draw`.
    pub(super) fn of(group: &'a Group) -> Result<Vec<Self>, DrawsError> {
        let mut scalars = Vec::new();
        for variable in group.variables() {
            let is_draws = variable.dims.first().is_some_and(|dim| dim == "chain")
                && variable.dims.get(1).is_some_and(|dim| dim == "draw")
                && !matches!(variable.values, Values::Text(_));
            if !is_draws {
                let (group, variable, dims) =
                    (group.name().to_owned(), variable.name.clone(), variable.dims.clone());
                return Err(DrawsError::NotDraws { group, variable, dims });
            }
            let elements = variable.shape[2..].iter().product();
            for (block, names) in names(group, variable).chunks(GATHERED).enumerate() {
                scalars.push(Self { names: names.to_vec(), variable, elements, first: GATHERED * block });
            }
        }
        Ok(scalars)
    }

    /// The draws of each element, chain after chain.
    pub(super) fn gather(&self) -> Vec<Vec<f64>> {
        match &self.variable.values {
            Values::Float(values) => self.columns(values, |value| value),
            Values::Int(values) => self.columns(values, |value| value as f64),
            Values::Bool(values) => self.columns(values, |value| f64::from(u8::from(value))),
            Values::Text(_) => Vec::new(),
        }
    }

    fn columns<T: Copy>(&self, values: &[T], number: impl Fn(T) -> f64) -> Vec<Vec<f64>> {
        let mut columns = vec![vec![0.0; values.len() / self.elements]; self.names.len()];
        let (first, end) = (self.first, self.first + self.names.len());
        for (draw, elements) in values.chunks_exact(self.elements).enumerate() {
            for (column, element) in columns.iter_mut().zip(&elements[first..end]) {
                column[draw] = number(*element);
            }
        }
        columns
    }
}

/// The names of all elements of a variable.
fn names(group: &Group, variable: &Variable) -> Vec<String> {
    let mut suffixes = vec![String::new()];
    for dim in &variable.dims[2..] {
        let labels: Vec<String> = match group.coordinate(dim) {
            Some(Coordinate::Int(labels)) => labels.iter().map(i64::to_string).collect(),
            Some(Coordinate::Float(labels)) => labels.iter().map(|&label| real_label(label)).collect(),
            Some(Coordinate::Text(labels)) => labels.clone(),
            None => Vec::new(),
        };
        let extended = suffixes.iter().flat_map(|suffix| {
            let separator = if suffix.is_empty() { "[" } else { ", " };
            labels.iter().map(move |label| format!("{suffix}{separator}{label}"))
        });
        suffixes = extended.collect();
    }
    let close = |suffix: &str| if suffix.is_empty() { String::new() } else { format!("{suffix}]") };
    suffixes.iter().map(|suffix| format!("{}{}", variable.name, close(suffix))).collect()
}

/// A real number as Python prints it: `0.5`, `1.0`, `1e-07`.
fn real_label(value: f64) -> String {
    let text = format!("{value:?}").to_lowercase();
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}
