//! The autoregressive process of order p.
//!
//! ```text
//! x[t] ~ N(c + rho[1] x[t-1] + ... + rho[p] x[t-p], sigma)      t >= p;  x[0..p] ~ init
//! ```
//!
//! # References
//! - Gelman et al. (2013), Bayesian Data Analysis, section 14.9; PyMC 5.28, `AR`.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::last_axis::{columns, range};
use super::normal::{self, Normal};
use super::random_walk::{START, init_or};
use super::registry::{Arguments, Entry};
use super::scale::sigma_or;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support, joint_shape};

/// Autoregression with coefficients along the last axis and innovations of scale `sigma`.
#[derive(Clone, Debug)]
pub struct Ar {
    constant: Option<Value>,
    rho: Vec<Value>,
    sigma: Value,
    init: Rc<dyn Distribution>,
    steps: Option<usize>,
}

pub(super) const ENTRY: Entry = Entry {
    name: "AR",
    aliases: &[],
    positional: &["rho", "sigma", "tau"],
    keyword_only: &["init_dist", "steps", "constant", "ar_order"],
    signature: "rho, sigma=1 | tau, init_dist=Normal(0, 100), steps=None, constant=False, ar_order=None",
    summary: "Autoregressive process",
    support: "real series",
    parameters: &[
        ("rho", "coefficients of the last values; the constant comes first with `constant=True`"),
        ("sigma", "standard deviation of the innovations"),
        ("tau", "precision 1 / sigma^2, in place of sigma"),
        ("init_dist", "distribution of the first values, pm.Normal.dist(0, 100) by default"),
        ("steps", "number of values after the first ones"),
        ("constant", "whether rho begins with a constant"),
        ("ar_order", "number of coefficients, where rho does not tell"),
    ],
    example: r#"pm.AR("x", rho=[0.5, -0.2], sigma=1, init_dist=pm.Normal.dist(0, 1), steps=5)"#,
    build: |arguments: &Arguments| {
        let rho = arguments.require("rho")?;
        let has_constant = arguments
            .get("constant")
            .is_some_and(|c| c.as_data().is_some_and(|c| c.first().is_some_and(|c| *c != 0.0)));
        let mut rho = if rho.rank() == 0 { vec![rho] } else { columns(&rho) };
        let constant = (has_constant && !rho.is_empty()).then(|| rho.remove(0));
        if rho.is_empty() || (arguments.has("ar_order") && arguments.whole("ar_order")? != rho.len()) {
            return Err(arguments.error(format!(
                "`rho` has {} coefficients besides the constant; `ar_order` must be that number, from 1 on",
                rho.len()
            )));
        }
        let init = init_or(arguments, || Normal::new(0.0, START))?;
        if init.event_rank() > 0 {
            return Err(arguments.error("`init_dist` must be a distribution of numbers"));
        }
        let steps = arguments.steps()?;
        Ok(Box::new(Ar { constant, rho, sigma: sigma_or("tau", arguments)?, init, steps }))
    },
};

impl Ar {
    /// Autoregression with the coefficients along the last axis of `rho`, the last value's first; its length is that
    /// of the variable, whose first values, as many as coefficients, are of `init`.
    pub fn new(rho: impl Into<Value>, sigma: impl Into<Value>, init: impl Distribution + 'static) -> Self {
        let rho = columns(&rho.into());
        Self { constant: None, rho, sigma: sigma.into(), init: Rc::new(init), steps: None }
    }

    /// Takes the first coefficient for a constant that every value after the first ones has.
    pub fn constant(mut self) -> Self {
        if self.constant.is_none() && self.rho.len() > 1 {
            self.constant = Some(self.rho.remove(0));
        }
        self
    }
}

/// A parameter of every series, with an axis for time.
fn over_time(parameter: &Value) -> Value {
    if parameter.rank() == 0 {
        parameter.clone()
    } else {
        parameter.reshape(&[parameter.shape(), &[1]].concat())
    }
}

impl Distribution for Ar {
    fn name(&self) -> &'static str {
        "AR"
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.init]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        let rho = self.constant.iter().chain(&self.rho).map(|rho| ("rho", rho));
        rho.chain([("sigma", &self.sigma)]).chain(self.init.parameters()).collect()
    }

    fn log_density(&self, x: &Value) -> Value {
        let (order, length) = (self.rho.len(), x.shape().last().copied().unwrap_or(0));
        let over = |v: &Value| v.sum_axis(v.rank().saturating_sub(1));
        let init = over(&self.init.log_density(&range(x, 0, order)));
        if length <= order {
            return init;
        }
        let lags = (1..=order).map(|lag| range(x, order - lag, length - lag));
        let terms = self.rho.iter().zip(lags).map(|(rho, past)| over_time(rho) * past);
        let mean = terms.chain(self.constant.iter().map(over_time)).reduce(|a, b| a + b);
        let distance = range(x, order, length) - mean.unwrap_or(Value::from(0.0));
        init + over(&normal::log_density(&distance, &over_time(&self.sigma)))
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        [vec![Condition::positive("sigma > 0", &self.sigma)], self.init.conditions()].concat()
    }

    /// That of the last of the first values, all along the series.
    fn support_point(&self) -> Value {
        let point = self.init.support_point();
        match point.shape().last() {
            Some(&length) => range(&point, length - 1, length),
            None => point,
        }
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        let batch = joint_shape(self.constant.iter().chain(&self.rho).chain([&self.sigma]))?;
        Ok([&batch[..], &[self.steps.map_or(1, |steps| steps + self.rho.len())]].concat())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let (length, order) = (shape.last().copied().unwrap_or(1), self.rho.len());
        let batch = &shape[..shape.len().saturating_sub(1)];
        let of = |parameter: &Value| numbers(self.name(), parameter, batch);
        let rho = self.rho.iter().map(of).collect::<Result<Vec<_>, _>>()?;
        let (sigma, constant) = (of(&self.sigma)?, of(self.constant.as_ref().unwrap_or(&Value::from(0.0)))?);
        let first = self.init.draw(&[batch, &[order]].concat(), stream)?;
        let mut drawn = Vec::with_capacity(shape::elements(shape));
        for row in 0..shape::elements(batch) {
            let start = drawn.len();
            for t in 0..length {
                let x = if t < order {
                    first[row * order + t]
                } else {
                    let past = |lag: usize| rho[lag - 1][row] * drawn[start + t - lag];
                    constant[row] + (1..=order).map(past).sum::<f64>() + sigma[row] * stream.normal()
                };
                drawn.push(x);
            }
        }
        Ok(drawn)
    }
}
