//! Special functions of one real number, in `f64`.
//!
//! Errors are below 1e-14 relative, except next to the zeros of `lgamma`, `digamma` on the negative axis, where
//! they are below 1e-14 absolute.

mod gamma;
mod logistic;

pub use gamma::{digamma, lgamma, trigamma};
pub use logistic::{sigmoid, softplus};

/// Error function `2 / sqrt(pi) * integral of exp(-t^2) from 0 to x`.
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

#[cfg(test)]
mod tests;
