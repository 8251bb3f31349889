//! Special functions, in `f64`.
//!
//! Errors are below 1e-14 relative, except next to the zeros of `lgamma`, `digamma` on the negative axis, where
//! they are below 1e-14 absolute. Errors of the incomplete functions: `incomplete`.

mod dual;
mod gamma;
mod incomplete;
mod logistic;
mod quantile;

pub use dual::Dual;
pub use gamma::{digamma, lgamma, trigamma};
pub use incomplete::{log_beta_cdf, log_gamma_tails};
pub use logistic::{sigmoid, softplus};
pub use quantile::{erfinv, normal_quantile};

/// Error function `2 / sqrt(pi) * integral of exp(-t^2) from 0 to x`.
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// `1 - erf(x)`, with all digits for large `x`.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

#[cfg(test)]
mod tests;
