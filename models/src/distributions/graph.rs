//! Neighbourhoods: symmetric adjacency matrices that are known from the data.

use chainfire_engine::program::{Value, ValueError};

/// An undirected graph with weights on its edges.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    /// Weights, `[n, n]`.
    pub weights: Vec<f64>,
    /// Nodes.
    pub nodes: usize,
    /// Ends of the edges, each edge once.
    pub ends: [Vec<u32>; 2],
}

impl Graph {
    /// The graph of a symmetric matrix `[n, n]` of data.
    ///
    /// # Errors
    /// What the matrix lacks.
    pub(super) fn new(matrix: &Value) -> Result<Self, &'static str> {
        let &[rows, columns] = matrix.shape() else { return Err("W must be a matrix with ndim=2") };
        if rows != columns {
            return Err("W must be a square matrix");
        }
        let Some(weights) = matrix.as_data().map(|numbers| numbers.to_vec()) else {
            return Err("W must be known from the data");
        };
        let n = rows;
        let at = |i: usize, k: usize| weights[i * n + k];
        if (0..n).any(|i| (0..i).any(|k| at(i, k) != at(k, i))) {
            return Err("W must be a symmetric adjacency matrix");
        }
        let edges = (0..n).flat_map(|i| (0..i).map(move |k| (i, k))).filter(|&(i, k)| at(i, k) != 0.0);
        let ends: (Vec<u32>, Vec<u32>) = edges.map(|(i, k)| (i as u32, k as u32)).unzip();
        Ok(Self { nodes: n, ends: [ends.0, ends.1], weights })
    }

    /// A graph without nodes, and the value that stands for the error.
    pub(super) fn refused(matrix: &Value, distribution: &str, reason: &str) -> (Self, Value) {
        let error = ValueError::Shape {
            operation: distribution.into(),
            shape: matrix.shape().to_vec(),
            expected: reason.into(),
        };
        (Self { weights: Vec::new(), nodes: 0, ends: Default::default() }, Value::invalid(error))
    }

    /// Sum of the weights at every node.
    pub(super) fn degrees(&self) -> Vec<f64> {
        self.weights.chunks(self.nodes.max(1)).map(|row| row.iter().sum()).collect()
    }

    /// The weights of the edges.
    pub(super) fn edge_weights(&self) -> Vec<f64> {
        let [first, second] = &self.ends;
        first.iter().zip(second).map(|(&i, &k)| self.weights[i as usize * self.nodes + k as usize]).collect()
    }

    /// The parts of the graph that no edge joins.
    pub(super) fn parts(&self) -> usize {
        let mut part: Vec<usize> = (0..self.nodes).collect();
        let root = |part: &[usize], mut i: usize| {
            while part[i] != i {
                i = part[i];
            }
            i
        };
        for (&i, &k) in self.ends[0].iter().zip(&self.ends[1]) {
            let (a, b) = (root(&part, i as usize), root(&part, k as usize));
            part[a] = b;
        }
        (0..self.nodes).filter(|&i| part[i] == i).count()
    }

    /// The values at one end of every edge; the last axis of `x` numbers the nodes.
    pub(super) fn at_ends(&self, x: &Value, end: usize) -> Value {
        let Some((&nodes, batch)) = x.shape().split_last() else { return x.clone() };
        let ends = &self.ends[end];
        let rows: usize = batch.iter().product();
        let index = (0..rows).flat_map(|row| ends.iter().map(move |&i| (row * nodes) as u32 + i));
        x.take(index.collect(), [batch, &[ends.len()]].concat())
    }
}
