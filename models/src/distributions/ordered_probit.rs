//! The ordered probit distribution: categories cut from a normal scale.
//!
//! ```text
//! p(k) = Phi((c[k] - eta) / sigma) - Phi((c[k-1] - eta) / sigma)      c[-1] = -infinity,  c[K] = infinity
//! ```
//!
//! # References
//! - McCullagh (1980), Regression models for ordinal data. doi:10.1111/j.2517-6161.1980.tb01109.x

use chainfire_engine::program::Value;

use super::counts::draw_by_weights;
use super::cutpoints::Cutpoints;
use super::normal_cdf::{log_normal_cdf, log_normal_interval};
use super::registry::{Arguments, Entry};
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};

/// Ordered probit with predictor `eta`, scale `sigma` and increasing `cutpoints` along their last axis.
#[derive(Clone, Debug)]
pub struct OrderedProbit {
    eta: Value,
    sigma: Value,
    cutpoints: Cutpoints,
}

pub(super) const ENTRY: Entry = Entry {
    name: "OrderedProbit",
    aliases: &[],
    positional: &["eta", "cutpoints", "sigma"],
    keyword_only: &["compute_p"],
    signature: "eta, cutpoints, sigma=1, compute_p=True",
    summary: "Category in which a normal variable lies",
    support: "0, 1, ..., number of cut points",
    parameters: &[
        ("eta", "mean"),
        ("cutpoints", "cut points in order"),
        ("sigma", "standard deviation, above 0"),
        ("compute_p", "whether the probabilities are stored"),
    ],
    example: r#"pm.OrderedProbit("y", eta=0.5, cutpoints=[-1.0, 1.0], compute_p=False, observed=[0, 1, 2])"#,
    build: |arguments: &Arguments| {
        let (eta, cutpoints) = (arguments.require("eta")?, arguments.require("cutpoints")?);
        Ok(Box::new(OrderedProbit::new(eta, cutpoints, arguments.get_or("sigma", 1.0))))
    },
};

impl OrderedProbit {
    /// Ordered probit with predictor `eta`, scale `sigma` and increasing `cutpoints` along their last axis.
    pub fn new(eta: impl Into<Value>, cutpoints: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        Self { eta: eta.into(), sigma: sigma.into(), cutpoints: Cutpoints::new(&cutpoints.into()) }
    }

    /// The probabilities of all categories, along a new last axis.
    pub fn probabilities(&self) -> Value {
        self.cutpoints.probabilities(self)
    }
}

impl Distribution for OrderedProbit {
    fn name(&self) -> &'static str {
        "OrderedProbit"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        [("eta", &self.eta), ("sigma", &self.sigma)].into_iter().chain(self.cutpoints.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let (below, above) = self.cutpoints.around(x);
        let scale = self.sigma.recip();
        log_normal_interval(&((below - &self.eta) * &scale), &((above - &self.eta) * &scale))
    }

    fn support(&self) -> Support {
        self.cutpoints.support()
    }

    fn conditions(&self) -> Vec<Condition> {
        let positive = Condition::positive("sigma > 0", &self.sigma);
        self.cutpoints.conditions().into_iter().chain([positive]).collect()
    }

    fn support_point(&self) -> Value {
        self.cutpoints.mode(self)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let (_, above) = self.cutpoints.around(x);
        Some(log_normal_cdf(&((above - &self.eta) / &self.sigma)))
    }

    fn log_survival(&self, x: &Value) -> Option<Value> {
        let (_, above) = self.cutpoints.around(x);
        Some(log_normal_cdf(&((&self.eta - above) / &self.sigma)))
    }

    fn derived(&self, _x: &Value) -> Vec<(&'static str, Value)> {
        vec![("probs", self.probabilities())]
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        draw_by_weights(self, self.cutpoints.count(), shape, stream)
    }
}
