//! The weights of a stick that is broken K times.
//!
//! ```text
//! w[k] = b[k] (1 - b[0]) ... (1 - b[k-1]),  b[k] ~ Beta(1, alpha),  w[K] = the rest
//! log p(w) = K log(alpha) + alpha log(w[K]) - sum over k <= K of log(w[k] + ... + w[K])
//! ```
//!
//! # References
//! - Ishwaran, James (2001), Gibbs sampling methods for stick-breaking priors. doi:10.1198/016214501750332758

use chainfire_engine::program::{Value, ValueError};

use super::last_axis::columns;
use super::registry::{Arguments, Entry};
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};

/// Weights of a stick broken `breaks` times, with concentration `alpha`.
#[derive(Clone, Debug)]
pub struct StickBreakingWeights {
    alpha: Value,
    breaks: usize,
}

pub(super) const ENTRY: Entry = Entry {
    name: "StickBreakingWeights",
    aliases: &[],
    positional: &["alpha", "K"],
    keyword_only: &[],
    signature: "alpha, K",
    summary: "Weights of a Dirichlet process, cut after K pieces",
    support: "vectors of K + 1 numbers from 0 on whose sum is 1",
    parameters: &[("alpha", "concentration, above 0"), ("K", "number of pieces broken off")],
    example: r#"pm.StickBreakingWeights("w", alpha=2, K=3)"#,
    build: |arguments: &Arguments| {
        let breaks = arguments.whole("K")?;
        Ok(Box::new(StickBreakingWeights::new(arguments.require("alpha")?, breaks)))
    },
};

impl StickBreakingWeights {
    /// Weights of a stick broken `breaks` times, with concentration `alpha`.
    pub fn new(alpha: impl Into<Value>, breaks: usize) -> Self {
        Self { alpha: alpha.into(), breaks }
    }
}

impl Distribution for StickBreakingWeights {
    fn name(&self) -> &'static str {
        "StickBreakingWeights"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("alpha", &self.alpha)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let weights = columns(x);
        let Some((last, others)) = weights.split_last() else { return x.clone() };
        let (mut rest, mut density) = (last.clone(), (&self.alpha - 1.0) * last.log());
        for weight in others.iter().rev() {
            rest = rest + weight;
            density = density - rest.log();
        }
        density + self.alpha.log() * self.breaks as f64
    }

    fn support(&self) -> Support {
        Support::Simplex
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![Condition::positive("alpha > 0, K > 0", &self.alpha)]
    }

    fn support_point(&self) -> Value {
        let broken = (&self.alpha + 1.0).recip();
        let kept = &self.alpha * &broken;
        let mut rest = Value::from(1.0).broadcast_to(self.alpha.shape());
        let mut weights = Vec::with_capacity(self.breaks + 1);
        for _ in 0..self.breaks {
            weights.push(&rest * &broken);
            rest = rest * &kept;
        }
        weights.push(rest);
        Value::stack(&weights, self.alpha.rank())
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok([self.alpha.shape(), &[self.breaks + 1]].concat())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let alpha = numbers(self.name(), &self.alpha, &shape[..shape.len().saturating_sub(1)])?;
        let mut drawn = Vec::new();
        for alpha in alpha {
            let mut rest = 1.0;
            for _ in 0..self.breaks {
                let share = stream.beta(1.0, alpha);
                drawn.push(rest * share);
                rest *= 1.0 - share;
            }
            drawn.push(rest);
        }
        Ok(drawn)
    }
}
