//! The ordered logistic distribution: categories cut from a logistic scale.
//!
//! ```text
//! p(k) = s(c[k] - eta) - s(c[k-1] - eta)           s(x) = 1 / (1 + e^-x),  c[-1] = -infinity,  c[K] = infinity
//! log p(k) = log s(a) + log s(-b) + log(1 - e^(b - a))      a = c[k] - eta,  b = c[k-1] - eta
//! ```
//!
//! # References
//! - McCullagh (1980), Regression models for ordinal data. doi:10.1111/j.2517-6161.1980.tb01109.x

use chainfire_engine::program::Value;

use super::counts::draw_by_weights;
use super::cutpoints::Cutpoints;
use super::registry::{Arguments, Entry};
use super::special::log1m_exp;
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Ordered logistic with predictor `eta` and increasing `cutpoints` along their last axis.
#[derive(Clone, Debug)]
pub struct OrderedLogistic {
    eta: Value,
    cutpoints: Cutpoints,
}

pub(super) const ENTRY: Entry = Entry {
    name: "OrderedLogistic",
    aliases: &[],
    positional: &["eta", "cutpoints"],
    keyword_only: &["compute_p"],
    signature: "eta, cutpoints, compute_p=True",
    summary: "Category in which a logistic variable lies",
    support: "0, 1, ..., number of cut points",
    parameters: &[
        ("eta", "location"),
        ("cutpoints", "cut points in order"),
        ("compute_p", "whether the probabilities are stored"),
    ],
    example: r#"pm.OrderedLogistic("y", eta=0.5, cutpoints=[-1.0, 1.0], compute_p=False, observed=[0, 1, 2])"#,
    build: |arguments: &Arguments| {
        Ok(Box::new(OrderedLogistic::new(arguments.require("eta")?, arguments.require("cutpoints")?)))
    },
};

impl OrderedLogistic {
    /// Ordered logistic with predictor `eta` and increasing `cutpoints` along their last axis.
    pub fn new(eta: impl Into<Value>, cutpoints: impl Into<Value>) -> Self {
        Self { eta: eta.into(), cutpoints: Cutpoints::new(&cutpoints.into()) }
    }

    /// The probabilities of all categories, along a new last axis.
    pub fn probabilities(&self) -> Value {
        self.cutpoints.probabilities(self)
    }
}

impl Distribution for OrderedLogistic {
    fn name(&self) -> &'static str {
        "OrderedLogistic"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        [("eta", &self.eta)].into_iter().chain(self.cutpoints.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let (below, above) = self.cutpoints.around(x);
        let gap = log1m_exp(&(&below - &above));
        gap - (&self.eta - above).softplus() - (below - &self.eta).softplus()
    }

    fn support(&self) -> Support {
        self.cutpoints.support()
    }

    fn conditions(&self) -> Vec<Condition> {
        self.cutpoints.conditions()
    }

    fn support_point(&self) -> Value {
        self.cutpoints.mode(self)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (_, above) = self.cutpoints.around(x);
        Some(-(&self.eta - above).softplus())
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let (_, above) = self.cutpoints.around(x);
        Some(-(above - &self.eta).softplus())
    }

    fn derived(&self, _x: &Value) -> Vec<(&'static str, Value)> {
        vec![("probs", self.probabilities())]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        draw_by_weights(self, self.cutpoints.count(), shape, stream)
    }
}
