//! The intrinsic conditional autoregressive distribution on a graph.
//!
//! ```text
//! log p(x) = -(sum over edges of (x[i] - x[k])^2) / (2 sigma^2) - r log(sigma) + log N(sum of x | 0, s n)
//! ```
//!
//! `r` is the rank of the pairwise part: the nodes less the unconnected parts of the graph.
//!
//! # Differences from PyMC
//! PyMC leaves out `r log(sigma)`, so that a random `sigma` is not penalised.
//!
//! # References
//! - Besag, York, Mollié (1991), Bayesian image restoration with two applications in spatial statistics.
//!   doi:10.1007/BF00116466
//! - Hodges (2013), Richly Parameterized Linear Models, section 5.2 (the power of `sigma`).

use chainfire_engine::program::{Value, ValueError};

use super::graph::Graph;
use super::normal;
use super::registry::{Arguments, Entry};
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support};
use crate::finding::Rule;

/// Intrinsic conditional autoregression with scale `sigma`; the sum has standard deviation `zero_sum_stdev` times the
/// number of nodes.
#[derive(Clone, Debug)]
pub struct Icar {
    graph: Graph,
    sigma: Value,
    zero_sum_stdev: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "ICAR",
    aliases: &[],
    positional: &["W", "sigma", "zero_sum_stdev"],
    keyword_only: &[],
    signature: "W, sigma=1, zero_sum_stdev=0.001",
    summary: "Intrinsic conditional autoregression on a graph",
    support: "real vectors",
    parameters: &[
        ("W", "symmetric matrix of neighbours, 0 or 1"),
        ("sigma", "scale of the differences between neighbours, above 0"),
        ("zero_sum_stdev", "standard deviation of the mean around zero"),
    ],
    example: r#"pm.ICAR("x", W=np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))"#,
    build: |arguments: &Arguments| {
        let graph = graph(&arguments.require("W")?);
        let graph = graph.map_err(|reason| arguments.breach(Rule::AdjacencyMatrix, reason))?;
        let zero_sum_stdev = arguments.get_or("zero_sum_stdev", STDEV_OF_SUM);
        Ok(Box::new(Icar { graph, sigma: arguments.get_or("sigma", 1.0), zero_sum_stdev }))
    },
};

/// The standard deviation of the mean around zero, where none is given.
const STDEV_OF_SUM: f64 = 0.001;

/// The graph of a matrix of neighbours.
fn graph(matrix: &Value) -> Result<Graph, &'static str> {
    let graph = Graph::new(matrix)?;
    match graph.weights.iter().all(|w| *w == 0.0 || *w == 1.0) {
        true => Ok(graph),
        false => Err("W must be composed of only 1s and 0s"),
    }
}

impl Icar {
    /// Intrinsic autoregression with scale `sigma` on the graph with the symmetric matrix `neighbours` of 0 and 1. A
    /// matrix that is no such graph is told when the variable is declared.
    pub fn new(neighbours: impl Into<Value>, sigma: impl Into<Value>) -> Self {
        let (neighbours, sigma) = (neighbours.into(), sigma.into());
        let (graph, sigma) = match graph(&neighbours) {
            Ok(graph) => (graph, sigma),
            Err(reason) => Graph::refused(&neighbours, "ICAR", reason),
        };
        Self { graph, sigma, zero_sum_stdev: Value::from(STDEV_OF_SUM) }
    }
}

impl Distribution for Icar {
    fn name(&self) -> &'static str {
        "ICAR"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("sigma", &self.sigma), ("zero_sum_stdev", &self.zero_sum_stdev)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let rank = (self.graph.nodes - self.graph.parts()) as f64;
        let steps = self.graph.at_ends(x, 0) - self.graph.at_ends(x, 1);
        let pairwise = over(&steps.square()) * (self.sigma.square().recip() * -0.5);
        let total = normal::log_density(&over(x), &(&self.zero_sum_stdev * self.graph.nodes as f64));
        pairwise - self.sigma.log() * rank + total
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        vec![
            Condition::positive("sigma > 0", &self.sigma),
            Condition::positive("zero_sum_stdev > 0", &self.zero_sum_stdev),
        ]
    }

    fn support_point(&self) -> Value {
        Value::from(0.0).broadcast_to(&[self.graph.nodes])
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok(vec![self.graph.nodes])
    }

    fn draw(&self, _: &[usize], _: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        Err(DistributionError::CannotDraw {
            distribution: self.name(),
            reason: "Cannot sample from ICAR prior: it is improper".into(),
        })
    }
}
