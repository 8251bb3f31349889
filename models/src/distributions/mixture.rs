//! A mixture of distributions.
//!
//! ```text
//! log p(x) = log(sum over k of w[k] q[k](x))
//! ```
//!
//! The components are given one by one, or as one distribution whose last axis before those of a draw numbers them.
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, chapter 22.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::categorical::{are_probabilities, rescaled};
use super::last_axis::columns;
use super::registry::{Arguments, Entry};
use super::special::log_sum_exp;
use super::stream::{Stream, numbers};
use super::support::density_anywhere;
use super::{Condition, Distribution, DistributionError, Support, joint_shape, log_probability_anywhere};
use crate::finding::Rule;

/// A mixture with weights along their last axis.
#[derive(Clone, Debug)]
pub struct Mixture {
    weights: Vec<Value>,
    components: Components,
}

#[derive(Clone, Debug)]
enum Components {
    Single(Vec<Rc<dyn Distribution>>),
    Batch(Rc<dyn Distribution>),
}

pub(super) const ENTRY: Entry = Entry {
    name: "Mixture",
    aliases: &[],
    positional: &["w", "comp_dists"],
    keyword_only: &[],
    signature: "w, comp_dists",
    summary: "One of several distributions, by weights",
    support: "that of the components",
    parameters: &[
        ("w", "weights along the last axis; their sum is 1"),
        ("comp_dists", "list of components, or one whose last axis they are"),
    ],
    example: r#"pm.Mixture("x", w=[0.3, 0.7], comp_dists=[pm.Normal.dist(-1, 1), pm.Normal.dist(2, 0.5)])"#,
    build: |arguments: &Arguments| {
        let weights = arguments.require("w")?;
        let components = arguments.distributions("comp_dists")?;
        let [first, ..] = &components[..] else {
            return Err(arguments.error("`comp_dists` is empty"));
        };
        let kind = |d: &Rc<dyn Distribution>| (d.support().is_discrete(), d.event_rank());
        if components.iter().any(|other| kind(other) != kind(first)) {
            return Err(arguments.breach(
                Rule::MixedComponents,
                "all components must have the same number of axes and be all discrete or all continuous",
            ));
        }
        let mixture = match &components[..] {
            [batch] => Mixture::of_batch(weights, batch.clone()),
            _ => Mixture::new(weights, components),
        };
        mixture.with_as_many_weights(arguments)
    },
};

impl Mixture {
    /// A mixture of components that are given one by one.
    pub fn new(weights: impl Into<Value>, components: Vec<Rc<dyn Distribution>>) -> Self {
        Self::with(&weights.into(), Components::Single(components))
    }

    /// A mixture of the distributions along the last axis of one distribution, before the axes of a draw.
    pub fn of_batch(weights: impl Into<Value>, components: Rc<dyn Distribution>) -> Self {
        Self::with(&weights.into(), Components::Batch(components))
    }

    fn with(weights: &Value, components: Components) -> Self {
        Self { weights: columns(&rescaled(weights)), components }
    }

    /// The mixture, unless weights and components differ in number.
    pub(super) fn with_as_many_weights(
        self,
        arguments: &Arguments,
    ) -> Result<Box<dyn Distribution>, DistributionError> {
        let weights = self.weights.len();
        if self.count() == Some(weights) {
            return Ok(Box::new(self));
        }
        let seen = self.count().map_or("an unknown number of".into(), |n| n.to_string());
        Err(arguments.breach(Rule::EventShape, format!("{weights} weights for {seen} components")))
    }

    fn count(&self) -> Option<usize> {
        match &self.components {
            Components::Single(components) => Some(components.len()),
            Components::Batch(batch) => {
                let shape = batch.shape().ok()?;
                shape.get(shape.len().checked_sub(batch.event_rank() + 1)?).copied()
            }
        }
    }

    fn first(&self) -> Option<&dyn Distribution> {
        match &self.components {
            Components::Single(components) => components.first().map(|first| &**first),
            Components::Batch(batch) => Some(&**batch),
        }
    }

    /// Log densities of the components.
    fn log_densities(&self, x: &Value) -> Vec<Value> {
        match &self.components {
            Components::Single(components) => components.iter().map(|d| density_anywhere(&**d, x)).collect(),
            Components::Batch(batch) => {
                columns(&density_anywhere(&**batch, &with_axis(x, batch.event_rank())))
            }
        }
    }

    fn weighted(&self, terms: Vec<Value>) -> Value {
        log_sum_exp(&self.weights.iter().zip(terms).map(|(w, term)| w.log() + term).collect::<Vec<_>>())
    }
}

/// A value with an axis of length one before the last `axes`.
fn with_axis(x: &Value, axes: usize) -> Value {
    x.insert_axis(x.rank().saturating_sub(axes))
}

/// The slices along the axis before the last `axes`, without it.
fn slices(x: &Value, axes: usize) -> Vec<Value> {
    let Some(axis) = x.rank().checked_sub(axes + 1) else { return vec![x.clone()] };
    let kept = [&x.shape()[..axis], &x.shape()[axis + 1..]].concat();
    (0..x.shape()[axis]).map(|k| x.narrow(axis, k, k + 1).reshape(&kept)).collect()
}

impl Distribution for Mixture {
    fn name(&self) -> &'static str {
        "Mixture"
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        match &self.components {
            Components::Single(parts) => parts.iter().map(|part| &**part).collect(),
            Components::Batch(part) => vec![&**part],
        }
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        let weights = self.weights.iter().map(|w| ("w", w));
        match &self.components {
            Components::Single(components) => {
                weights.chain(components.iter().flat_map(|d| d.parameters())).collect()
            }
            Components::Batch(_) => weights.collect(),
        }
    }

    fn log_density(&self, x: &Value) -> Value {
        self.weighted(self.log_densities(x))
    }

    /// The support of the components where they agree; else all that lies between their bounds.
    fn support(&self) -> Support {
        match &self.components {
            Components::Batch(batch) => match batch.support() {
                Support::Interval { .. } => Support::Real,
                Support::IntegerUpTo(_) | Support::IntegerBetween { .. } => Support::NonNegativeInteger,
                other => other,
            },
            Components::Single(components) => {
                let supports: Vec<Support> = components.iter().map(|d| d.support()).collect();
                joint_support(&supports)
            }
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let weights = are_probabilities("0 <= weights <= 1, sum(weights) == 1", &self.weights);
        let components = match &self.components {
            Components::Single(components) => components.iter().flat_map(|d| d.conditions()).collect(),
            Components::Batch(batch) => {
                let of = |condition: Condition| {
                    let holds = columns(&condition.holds);
                    holds.into_iter().map(move |holds| Condition { rule: condition.rule, holds })
                };
                batch.conditions().into_iter().flat_map(of).collect()
            }
        };
        [weights, components].concat()
    }

    fn support_point(&self) -> Value {
        let points = match &self.components {
            Components::Single(components) => components.iter().map(|d| d.support_point()).collect(),
            Components::Batch(batch) => match batch.shape() {
                Ok(shape) => slices(&batch.support_point().broadcast_to(&shape), batch.event_rank()),
                Err(error) => vec![Value::invalid(error)],
            },
        };
        let axes = vec![1; self.event_rank()];
        let weighted = self.weights.iter().zip(points).map(|(w, point)| {
            let w = w.reshape(&[w.shape(), &axes].concat());
            w * point
        });
        let mean = weighted.reduce(|a, b| a + b).unwrap_or(Value::from(0.0));
        if self.support().is_discrete() { mean.round() } else { mean }
    }

    fn event_rank(&self) -> usize {
        self.first().map_or(0, Distribution::event_rank)
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        let batch = joint_shape(&self.weights)?;
        let joined = match &self.components {
            Components::Batch(batch) => {
                let mut shape = batch.shape()?;
                if let Some(axis) = shape.len().checked_sub(batch.event_rank() + 1) {
                    shape.remove(axis);
                }
                shape
            }
            Components::Single(components) => {
                let mut joint = Vec::new();
                for component in components {
                    joint = broadcast(&joint, &component.shape()?)?;
                }
                joint
            }
        };
        broadcast(&[batch, vec![1; self.event_rank()]].concat(), &joined)
    }

    fn log_cdf(&self, x: &Value) -> Option<Value> {
        let terms = match &self.components {
            Components::Single(components) => {
                let below = components.iter().map(|d| log_probability_anywhere(&**d, x, true));
                below.collect::<Option<Vec<_>>>()?
            }
            Components::Batch(batch) => columns(&log_probability_anywhere(&**batch, &with_axis(x, 0), true)?),
        };
        Some(self.weighted(terms))
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        if self.weights.is_empty() {
            let reason = "it has no components".into();
            return Err(DistributionError::CannotDraw { distribution: self.name(), reason });
        }
        let batch = &shape[..shape.len() - self.event_rank().min(shape.len())];
        let count = shape::elements(batch);
        let size = shape::elements(shape) / count.max(1);
        let mut weights = Vec::with_capacity(self.weights.len());
        for w in &self.weights {
            weights.push(numbers(self.name(), w, batch)?);
        }
        let drawn = match &self.components {
            Components::Single(components) => {
                components.iter().map(|d| d.draw(shape, stream)).collect::<Result<Vec<_>, _>>()?
            }
            Components::Batch(all) => {
                let event = &shape[batch.len()..];
                let wide = all.draw(&[batch, &[weights.len()], event].concat(), stream)?;
                let of =
                    |k: usize| wide.chunks(size.max(1)).skip(k).step_by(weights.len()).flatten().copied();
                (0..weights.len()).map(|k| of(k).collect()).collect()
            }
        };
        let mut chosen = Vec::with_capacity(count * size);
        for i in 0..count {
            let k = stream.index(&weights.iter().map(|w| w[i]).collect::<Vec<_>>());
            chosen.extend_from_slice(&drawn[k][i * size..(i + 1) * size]);
        }
        Ok(chosen)
    }
}

fn broadcast(a: &[usize], b: &[usize]) -> Result<Vec<usize>, ValueError> {
    shape::broadcast(a, b).ok_or_else(|| ValueError::Broadcast {
        operation: "mixture".into(),
        left: a.to_vec(),
        right: b.to_vec(),
    })
}

/// The first support where all are of one kind without bounds of their own; else one that holds them all.
fn joint_support(supports: &[Support]) -> Support {
    let Some(first) = supports.first() else { return Support::Real };
    let is_positive = |support: &Support| matches!(support, Support::Positive | Support::NonNegative);
    if supports.iter().all(is_positive) && supports.iter().any(|s| matches!(s, Support::NonNegative)) {
        return Support::NonNegative;
    }
    let is_same = |other: &Support| std::mem::discriminant(other) == std::mem::discriminant(first);
    let has_bounds =
        matches!(first, Support::Interval { .. } | Support::IntegerUpTo(_) | Support::IntegerBetween { .. });
    if supports.iter().all(is_same) && !has_bounds {
        return first.clone();
    }
    let known = |bound: &Value, ends: fn(f64, f64) -> f64, none: f64| {
        bound.as_data().map_or(none, |numbers| numbers.iter().copied().fold(-none, ends))
    };
    let (lower, upper) = supports.iter().map(Support::bounds).fold(
        (f64::INFINITY, f64::NEG_INFINITY),
        |(lower, upper), (l, u)| {
            (lower.min(known(&l, f64::min, f64::NEG_INFINITY)), upper.max(known(&u, f64::max, f64::INFINITY)))
        },
    );
    let (lower, upper) = (Value::from(lower), Value::from(upper));
    if first.is_discrete() {
        Support::IntegerBetween { lower, upper }
    } else {
        Support::Interval { lower, upper }
    }
}
