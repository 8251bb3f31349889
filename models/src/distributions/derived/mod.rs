//! Distributions of functions of draws: what `CustomDist` with `dist=` makes its log density of.
//!
//! ```text
//! mapped       f(X) for one-to-one and even f      log p(f^-1(y)) + log |df^-1/dy|
//! rounded      floor(X), ceil(X), round(X)         log(F(b) - F(a))
//! compared     X > c and the like                  log F(c), log(1 - F(c))
//! extreme      max(X), min(X), independent         log n + (n - 1) log F(y) + log p(y)
//! cumulated    running sums                        log p(y[t] - y[t-1])
//! joined       arrays of independent parts         that of each part
//! chosen       one of two by a condition           that of the one chosen
//! multiplied   a square matrix times X             log p(A^-1 y) - log |det A|
//! ```
//!
//! # References
//! - PyMC 5.28, `pymc/logprob` (which functions it derives densities of).

mod chosen;
mod compared;
mod cumulated;
mod events;
mod extreme;
mod joined;
mod map;
mod mapped;
mod multiplied;
mod rounded;

pub use chosen::Chosen;
pub use compared::{Compared, Comparison};
pub use cumulated::Cumulated;
pub use events::Events;
pub use extreme::Extreme;
pub use joined::Joined;
pub use map::Map;
pub use mapped::Mapped;
pub use multiplied::Multiplied;
pub use rounded::{Rounded, Rounding};

use chainfire_engine::program::{Kind, Value, ValueError};

use super::stream::Stream;
use super::support::density_anywhere;
use super::{Distribution, DistributionError, Support};

/// What a distribution of a function of draws is called.
const NAME: &str = "CustomDist";

/// Whether the distribution function of a distribution is known.
pub(crate) fn has_distribution_function(distribution: &dyn Distribution) -> bool {
    distribution.event_rank() == 0 && distribution.log_cdf(&distribution.support_point()).is_some()
}

/// The distributions that a distribution is made of, itself first.
fn parts_of(distribution: &dyn Distribution, parts: &mut Vec<*const ()>) {
    parts.push(std::ptr::from_ref(distribution).cast());
    distribution.made_of().into_iter().for_each(|part| parts_of(part, parts));
}

/// Whether a draw is made of draws at most so many levels deep and of at most so many, those that stand in several
/// places counted in each.
pub(crate) fn is_within(distribution: &dyn Distribution, levels: usize, parts: &mut usize) -> bool {
    if levels == 0 || *parts == 0 {
        return false;
    }
    *parts -= 1;
    distribution.made_of().into_iter().all(|part| is_within(part, levels - 1, parts))
}

/// Whether a draw is made of another one.
pub(crate) fn is_made_of(distribution: &dyn Distribution, other: &dyn Distribution) -> bool {
    let mut parts = Vec::new();
    parts_of(distribution, &mut parts);
    parts.contains(&std::ptr::from_ref(other).cast())
}

/// Whether two of these distributions are, or are made of, the same draw.
pub(crate) fn share_a_draw(distributions: &[std::rc::Rc<dyn Distribution>]) -> bool {
    let mut seen = std::collections::HashSet::new();
    distributions.iter().any(|distribution| {
        let mut parts = Vec::new();
        parts_of(&**distribution, &mut parts);
        parts.sort_unstable();
        parts.dedup();
        parts.into_iter().any(|part| !seen.insert(part))
    })
}

/// The log density at any value; vectors and matrices tell by themselves what lies outside of their support.
fn density_of(distribution: &dyn Distribution, x: &Value) -> Value {
    if distribution.event_rank() > 0 {
        distribution.log_density(x)
    } else {
        density_anywhere(distribution, x)
    }
}

/// All numbers, or all whole numbers where those of the base are: what a function does not reach has no density.
fn anything_like(base: &dyn Distribution) -> Support {
    let infinity = f64::INFINITY;
    match base.support().is_discrete() {
        true => Support::IntegerBetween { lower: Value::from(-infinity), upper: Value::from(infinity) },
        false => Support::Real,
    }
}

/// A distribution function that is needed and not known.
fn no_distribution_function(base: &dyn Distribution) -> Value {
    Value::invalid(ValueError::NotData { what: format!("the distribution function of {}", base.name()) })
}

/// Draws of the base as an array of a shape.
///
/// # Errors
/// When the base cannot be drawn from.
fn drawn(base: &dyn Distribution, shape: &[usize], stream: &mut Stream) -> Result<Value, DistributionError> {
    let numbers = base.draw(shape, stream)?;
    Ok(Value::data(numbers, shape, Kind::Float))
}
