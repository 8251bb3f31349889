//! Random walks: a first value, then independent steps.
//!
//! ```text
//! log p(x) = log p_init(x[0]) + sum over t of log p_innovation(x[t] - x[t-1])
//! ```
//!
//! Time is the axis before the axes of one value.
//!
//! # References
//! - PyMC 5.28, `RandomWalk`, `GaussianRandomWalk`, `MvGaussianRandomWalk`, `MvStudentTRandomWalk`.

use std::rc::Rc;

use chainfire_engine::program::{Kind, Value, ValueError, value::shape};

use super::mv_normal::{self, MvNormal};
use super::normal::Normal;
use super::registry::{Arguments, Entry};
use super::scale::sigma_or;
use super::stream::Stream;
use super::{Condition, Distribution, DistributionError, Support, mv_student_t};

/// A walk from a value of `init` with steps of `innovation`.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    name: &'static str,
    init: Rc<dyn Distribution>,
    innovation: Rc<dyn Distribution>,
    steps: Option<usize>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "RandomWalk",
    aliases: &[],
    positional: &["init_dist", "innovation_dist", "steps"],
    keyword_only: &[],
    signature: "init_dist, innovation_dist, steps=None",
    summary: "Sums of independent steps",
    support: "series of what the steps are",
    parameters: &[
        ("init_dist", "distribution of the first value"),
        ("innovation_dist", "distribution of the steps"),
        ("steps", "number of steps; the length of the series is one more"),
    ],
    example: r#"pm.RandomWalk("x", init_dist=pm.Normal.dist(0, 1), innovation_dist=pm.StudentT.dist(4), steps=5)"#,
    build: |arguments: &Arguments| {
        build(arguments, arguments.distribution("init_dist")?, arguments.distribution("innovation_dist")?)
    },
};

/// A walk with normal steps.
pub(super) const GAUSSIAN: Entry = Entry {
    name: "GaussianRandomWalk",
    aliases: &[],
    positional: &["mu", "sigma"],
    keyword_only: &["init_dist", "steps"],
    signature: "mu=0, sigma=1, init_dist=Normal(0, 100), steps=None",
    summary: "Random walk with normal steps",
    support: "real series",
    parameters: &[
        ("mu", "mean of the steps"),
        ("sigma", "standard deviation of the steps, above 0"),
        ("init_dist", "distribution of the first value, pm.Normal.dist(0, 100) by default"),
        ("steps", "number of steps; the length of the series is one more"),
    ],
    example: r#"pm.GaussianRandomWalk("x", mu=0, sigma=1, init_dist=pm.Normal.dist(0, 1), steps=5)"#,
    build: |arguments: &Arguments| {
        let innovation = Normal::new(arguments.get_or("mu", 0.0), sigma_or("tau", arguments)?);
        build(arguments, init_or(arguments, || Normal::new(0.0, START))?, Rc::new(innovation))
    },
};

/// A walk of vectors with multivariate normal steps.
pub(super) const MV_GAUSSIAN: Entry = Entry {
    name: "MvGaussianRandomWalk",
    aliases: &[],
    positional: &["mu"],
    keyword_only: &["cov", "tau", "chol", "lower", "init_dist", "steps"],
    signature: "mu, cov | tau | chol, lower=True, init_dist=MvNormal(0, 100 I), steps=None",
    summary: "Random walk with multivariate normal steps",
    support: "series of real vectors",
    parameters: &[
        ("mu", "mean of the steps"),
        ("cov", "covariance, positive definite"),
        ("tau", "precision, the inverse of the covariance"),
        ("chol", "triangular factor of the covariance"),
        ("lower", "whether `chol` is lower triangular"),
        ("init_dist", "distribution of the first value"),
        ("steps", "number of steps; the length of the series is one more"),
    ],
    example: r#"pm.MvGaussianRandomWalk("x", mu=np.zeros(2), chol=np.eye(2), init_dist=pm.MvNormal.dist(np.zeros(2), np.eye(2)), steps=3)"#,
    build: |arguments: &Arguments| vectors(arguments, (mv_normal::ENTRY.build)(arguments)?.into()),
};

/// A walk of vectors with multivariate Student's t steps.
pub(super) const MV_STUDENT_T: Entry = Entry {
    name: "MvStudentTRandomWalk",
    aliases: &[],
    positional: &[],
    keyword_only: &["nu", "mu", "scale", "tau", "chol", "lower", "init_dist", "steps"],
    signature: "nu, mu, scale | tau | chol, lower=True, init_dist=MvNormal(0, 100 I), steps=None",
    summary: "Random walk with multivariate Student's t steps",
    support: "series of real vectors",
    parameters: &[
        ("nu", "degrees of freedom of the steps, above 0"),
        ("mu", "location of the steps"),
        ("scale", "scale matrix, positive definite"),
        ("tau", "inverse of the scale matrix"),
        ("chol", "triangular factor of the scale matrix"),
        ("lower", "whether `chol` is lower triangular"),
        ("init_dist", "distribution of the first value"),
        ("steps", "number of steps; the length of the series is one more"),
    ],
    example: r#"pm.MvStudentTRandomWalk("x", nu=4, mu=np.zeros(2), chol=np.eye(2), init_dist=pm.MvNormal.dist(np.zeros(2), np.eye(2)), steps=3)"#,
    build: |arguments: &Arguments| vectors(arguments, (mv_student_t::ENTRY.build)(arguments)?.into()),
};

/// Scale of the first value where no distribution is given for it.
pub(super) const START: f64 = 100.0;

fn vectors(
    arguments: &Arguments,
    innovation: Rc<dyn Distribution>,
) -> Result<Box<dyn Distribution>, DistributionError> {
    let size = innovation.shape().ok().and_then(|shape| shape.last().copied()).unwrap_or(1);
    let variance: Vec<f64> =
        (0..size * size).map(|i| if i % (size + 1) == 0 { START } else { 0.0 }).collect();
    let start = || MvNormal::new(0.0, Value::data(variance, [size, size], Kind::Float));
    build(arguments, init_or(arguments, start)?, innovation)
}

/// The distribution of the first value.
pub(super) fn init_or<D: Distribution + 'static>(
    arguments: &Arguments,
    default: impl FnOnce() -> D,
) -> Result<Rc<dyn Distribution>, DistributionError> {
    match arguments.has("init_dist") {
        true => arguments.distribution("init_dist"),
        false => Ok(Rc::new(default())),
    }
}

fn build(
    arguments: &Arguments,
    init: Rc<dyn Distribution>,
    innovation: Rc<dyn Distribution>,
) -> Result<Box<dyn Distribution>, DistributionError> {
    if init.event_rank() != innovation.event_rank() {
        return Err(
            arguments.error("init_dist and innovation_dist must have values with the same number of axes")
        );
    }
    Ok(Box::new(RandomWalk { name: arguments.name(), init, innovation, steps: arguments.steps()? }))
}

impl RandomWalk {
    /// A walk from a value of `init` with steps of `innovation`; its length is that of the variable.
    pub fn new(init: impl Distribution + 'static, innovation: impl Distribution + 'static) -> Self {
        Self { name: "RandomWalk", init: Rc::new(init), innovation: Rc::new(innovation), steps: None }
    }

    /// A walk from a value of `init` with normal steps; its length is that of the variable.
    pub fn gaussian(
        mu: impl Into<Value>,
        sigma: impl Into<Value>,
        init: impl Distribution + 'static,
    ) -> Self {
        Self { name: "GaussianRandomWalk", ..Self::new(init, Normal::new(mu, sigma)) }
    }

    /// Batch, time and value axes of a shape.
    fn axes<'a>(&self, shape: &'a [usize]) -> (&'a [usize], usize, &'a [usize]) {
        let core = shape.len() - self.init.event_rank().min(shape.len());
        let batch = core.saturating_sub(1);
        (&shape[..batch], shape[batch..core].first().copied().unwrap_or(1), &shape[core..])
    }
}

/// The elements `from .. to` of the time axis, which is moved to the front.
fn times(x: &Value, (batch, length, core): (&[usize], usize, &[usize]), from: usize, to: usize) -> Value {
    let (rows, size) = (shape::elements(batch), shape::elements(core));
    let index = (from..to).flat_map(|t| {
        (0..rows).flat_map(move |row| (0..size).map(move |k| ((row * length + t) * size + k) as u32))
    });
    x.take(index.collect(), [&[to - from], batch, core].concat())
}

impl Distribution for RandomWalk {
    fn name(&self) -> &'static str {
        self.name
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.init, &*self.innovation]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.init.parameters().into_iter().chain(self.innovation.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let axes = self.axes(x.shape());
        let (batch, length, core) = axes;
        if length == 0 {
            return Value::from(0.0).broadcast_to(batch);
        }
        let first = times(x, axes, 0, 1).reshape(&[batch, core].concat());
        let init = self.init.log_density(&first);
        if length < 2 {
            return init;
        }
        let steps = times(x, axes, 1, length) - times(x, axes, 0, length - 1);
        init + self.innovation.log_density(&steps).sum_axis(0)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        [self.init.conditions(), self.innovation.conditions()].concat()
    }

    /// The typical first value at all times.
    fn support_point(&self) -> Value {
        let point = self.init.support_point();
        let (batch, core) = point.shape().split_at(point.rank() - self.init.event_rank().min(point.rank()));
        point.reshape(&[batch, &[1], core].concat())
    }

    /// Running sums of the typical first value and the typical steps.
    fn typical(&self, shape: &[usize]) -> Value {
        let (batch, length, core) = self.axes(shape);
        let row = [batch, core].concat();
        let first = self.init.typical(&row);
        let steps = [&[length.saturating_sub(1)], &row[..]].concat();
        let step = self.innovation.typical(&steps);
        if length == 0 || [&first, &step].iter().any(|v| v.error().is_some()) {
            return self.support_point();
        }
        let all = [first.broadcast_to(&row).insert_axis(0), step.broadcast_to(&steps)];
        Value::concatenate(&all, 0).running_sum(0).move_axis(0, batch.len())
    }

    fn event_rank(&self) -> usize {
        self.init.event_rank() + 1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        let (init, innovation) = (self.init.shape()?, self.innovation.shape()?);
        let joint = shape::broadcast(&init, &innovation).ok_or_else(|| ValueError::Broadcast {
            operation: self.name.into(),
            left: init.clone(),
            right: innovation,
        })?;
        let (batch, core) = joint.split_at(joint.len() - self.init.event_rank().min(joint.len()));
        Ok([batch, &[self.steps.map_or(1, |steps| steps + 1)], core].concat())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let (batch, length, core) = self.axes(shape);
        let (rows, size) = (shape::elements(batch), shape::elements(core));
        let first = self.init.draw(&[batch, core].concat(), stream)?;
        let steps = self.innovation.draw(&[&[length.saturating_sub(1)], batch, core].concat(), stream)?;
        let mut drawn = vec![0.0; rows * length * size];
        for row in 0..rows {
            for k in 0..size {
                let mut x = first[row * size + k];
                for t in 0..length {
                    if t > 0 {
                        x += steps[((t - 1) * rows + row) * size + k];
                    }
                    drawn[(row * length + t) * size + k] = x;
                }
            }
        }
        Ok(drawn)
    }
}
