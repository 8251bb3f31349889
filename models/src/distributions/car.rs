//! The conditional autoregressive distribution on a graph.
//!
//! ```text
//! log p(x) = (n log(tau) + log det(D - alpha W) - n log(2 pi) - tau d'(D - alpha W) d) / 2      d = x - mu
//! log det(D - alpha W) = sum of log(D[i]) + log(1 - alpha lambda[i])
//! ```
//!
//! `D` holds the degrees of the nodes, `lambda` the eigenvalues of `D^-1/2 W D^-1/2`.
//!
//! # Differences from PyMC
//! The density is normalised; PyMC's leaves out constants. Draws have the covariance of the density.
//!
//! # References
//! - Jin, Carlin, Banerjee (2005), Generalized hierarchical multivariate CAR models for areal data.
//!   doi:10.1111/j.1541-0420.2005.00359.x

use chainfire_engine::program::{Kind, Value, ValueError};

use super::covariance::Covariance;
use super::eigen::decompose;
use super::graph::Graph;
use super::registry::{Arguments, Entry};
use super::scale::HALF_LOG_TWO_PI;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, vector_shape};
use crate::finding::Rule;

/// Conditional autoregression around `mu` with dependence `alpha` and precision `tau`.
#[derive(Clone, Debug)]
pub struct Car {
    mu: Value,
    graph: Graph,
    eigenvalues: Value,
    alpha: Value,
    tau: Value,
}

pub(super) const ENTRY: Entry = Entry {
    name: "CAR",
    aliases: &[],
    positional: &["mu", "W", "alpha", "tau"],
    keyword_only: &[],
    signature: "mu, W, alpha, tau",
    summary: "Conditional autoregression on a graph",
    support: "real vectors",
    parameters: &[
        ("mu", "mean of every node"),
        ("W", "symmetric matrix of neighbours"),
        ("alpha", "strength of the dependence, between -1 and 1"),
        ("tau", "precision, above 0"),
    ],
    example: r#"pm.CAR("x", mu=[0.0, 0.0, 0.0], W=np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]), alpha=0.5, tau=1)"#,
    build: |arguments: &Arguments| {
        let [mu, graph, alpha, tau] = ["mu", "W", "alpha", "tau"].map(|name| arguments.require(name));
        let refused = |reason| arguments.breach(Rule::AdjacencyMatrix, reason);
        Ok(Box::new(Car::on_graph(mu?, &graph?, alpha?, tau?).map_err(refused)?))
    },
};

impl Car {
    /// Conditional autoregression around `mu` on the graph with the symmetric matrix `weights`, with dependence `alpha`
    /// and precision `tau`. A matrix that is no such graph is told when the variable is declared.
    pub fn new(
        mu: impl Into<Value>,
        weights: impl Into<Value>,
        alpha: impl Into<Value>,
        tau: impl Into<Value>,
    ) -> Self {
        let (weights, alpha, tau) = (weights.into(), alpha.into(), tau.into());
        Self::on_graph(mu.into(), &weights, alpha.clone(), tau.clone()).unwrap_or_else(|reason| {
            let (graph, mu) = Graph::refused(&weights, "CAR", reason);
            Self { mu, graph, eigenvalues: Value::from(Vec::new()), alpha, tau }
        })
    }

    fn on_graph(mu: Value, weights: &Value, alpha: Value, tau: Value) -> Result<Self, &'static str> {
        let graph = Graph::new(weights)?;
        let roots: Vec<f64> = graph.degrees().iter().map(|d| d.sqrt()).collect();
        if roots.contains(&0.0) {
            return Err("every node of W needs a neighbour");
        }
        let n = graph.nodes;
        let scaled = |i: usize| graph.weights[i] / (roots[i / n] * roots[i % n]);
        let scaled: Vec<f64> = (0..n * n).map(scaled).collect();
        let eigenvalues = Value::from(decompose(&scaled, n).0);
        Ok(Self { mu, graph, eigenvalues, alpha, tau })
    }
}

impl Distribution for Car {
    fn name(&self) -> &'static str {
        "CAR"
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        vec![("mu", &self.mu), ("alpha", &self.alpha), ("tau", &self.tau)]
    }

    fn log_density(&self, x: &Value) -> Value {
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let distance = x - &self.mu;
        let (n, degrees) = (self.graph.nodes as f64, self.graph.degrees());
        let weights = Value::from(self.graph.edge_weights()) * 2.0;
        let joined = self.graph.at_ends(&distance, 0) * self.graph.at_ends(&distance, 1);
        let constant = degrees.iter().map(|d| d.ln() * 0.5 - HALF_LOG_TWO_PI).sum::<f64>();
        let square =
            over(&(distance.square() * Value::from(degrees))) - &self.alpha * over(&(joined * weights));
        let log_det = (-(&self.alpha * &self.eigenvalues)).log1p().sum();
        (self.tau.log() * n + log_det - &self.tau * square) * 0.5 + constant
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        let rule = "-1 < alpha < 1, tau > 0";
        vec![
            Condition { rule, holds: self.alpha.abs().lower(&Value::from(1.0)) },
            Condition::positive(rule, &self.tau),
        ]
    }

    fn support_point(&self) -> Value {
        self.shape().map_or_else(Value::invalid, |shape| self.mu.broadcast_to(&shape))
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        vector_shape(&self.mu, self.graph.nodes)
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let n = self.graph.nodes;
        let mut drawn = numbers(self.name(), &self.mu, shape)?;
        let degrees = self.graph.degrees();
        let precision: Vec<f64> =
            (0..n * n).map(|i| if i % (n + 1) == 0 { degrees[i / n] } else { 0.0 }).collect();
        let weights = Value::data(self.graph.weights.clone(), [n, n], Kind::Float);
        let precision = (Value::data(precision, [n, n], Kind::Float) - &self.alpha * weights) * &self.tau;
        let covariance = Covariance::of_precision(&precision);
        let around = covariance.draws(self.name(), shape, stream)?;
        drawn.iter_mut().zip(around).for_each(|(x, d)| *x += d);
        Ok(drawn)
    }
}
