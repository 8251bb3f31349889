//! Diagnostics against other programs, and warnings that come when they should.
//!
//! - `arviz`: numbers against ArviZ's and the R package posterior's.
//! - `warnings`: runs that deserve one, and runs that do not.

mod arviz;
mod warnings;

use chainfire_kernels::random::Key;

use crate::draws::{Group, Values, Variable};

fn one_variable(chains: usize, values: Vec<f64>) -> Group {
    let shape = [chains, values.len() / chains];
    let variable = Variable::new("x", &["chain", "draw"], &shape, Values::Float(values));
    Group::new("posterior", vec![], vec![], vec![variable]).unwrap()
}

/// A value for each draw of each chain, made from a standard normal number of its own.
fn normals(chains: usize, draws: usize, purpose: u32, value: impl Fn(usize, usize, f64) -> f64) -> Vec<f64> {
    let mut values = Vec::with_capacity(chains * draws);
    for chain in 0..chains {
        let mut numbers = vec![0.0; draws];
        Key::new(20_240_301, chain as u32, 0, purpose).fill_normal(&mut numbers);
        values.extend(numbers.into_iter().enumerate().map(|(draw, z)| value(chain, draw, z)));
    }
    values
}
