//! A stochastic differential equation, in Euler-Maruyama steps.
//!
//! ```text
//! x[t+1] ~ N(x[t] + dt f(x[t]), sqrt(dt) g(x[t]))      x[0] ~ init
//! ```
//!
//! # References
//! - Kloeden, Platen (1992), Numerical Solution of Stochastic Differential Equations, section 9.1.

use std::rc::Rc;

use chainfire_engine::program::{Value, ValueError, value::shape};

use super::last_axis::range;
use super::normal;
use super::stream::{Stream, numbers};
use super::{Condition, Distribution, DistributionError, Support};

/// Drift and diffusion at values of the process.
pub type Equation = Rc<dyn Fn(&Value) -> (Value, Value)>;

/// Steps of length `dt` of a process with a drift and a diffusion.
#[derive(Clone)]
pub struct EulerMaruyama {
    dt: f64,
    equation: Equation,
    init: Rc<dyn Distribution>,
    steps: Option<usize>,
}

impl EulerMaruyama {
    /// Steps of length `dt` from a value of `init`; `equation` gives drift and diffusion, with a last axis for time.
    pub fn new(
        dt: f64,
        init: impl Distribution + 'static,
        equation: impl Fn(&Value) -> (Value, Value) + 'static,
    ) -> Self {
        Self { dt, equation: Rc::new(equation), init: Rc::new(init), steps: None }
    }

    /// Sets the number of steps; without it the length is that of the variable.
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = Some(steps);
        self
    }

    /// Log density of a path of `x[0] ~ init` with drift and diffusion at all values but the last, if there are any.
    pub(crate) fn log_density_of(
        x: &Value,
        dt: &Value,
        coefficients: Option<(Value, Value)>,
        init: &dyn Distribution,
    ) -> Value {
        let (axis, length) = (x.rank().saturating_sub(1), x.shape().last().copied().unwrap_or(0));
        let init = init.log_density(&range(x, 0, 1).reshape(&x.shape()[..axis]));
        let Some((drift, diffusion)) = coefficients else { return init };
        let distance = range(x, 1, length) - range(x, 0, length - 1) - drift * dt;
        init + normal::log_density(&distance, &(diffusion * dt.sqrt())).sum_axis(axis)
    }
}

impl std::fmt::Debug for EulerMaruyama {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EulerMaruyama")
            .field("dt", &self.dt)
            .field("init", &self.init)
            .finish_non_exhaustive()
    }
}

impl Distribution for EulerMaruyama {
    fn name(&self) -> &'static str {
        "EulerMaruyama"
    }

    fn made_of(&self) -> Vec<&dyn Distribution> {
        vec![&*self.init]
    }

    fn parameters(&self) -> Vec<(&'static str, &Value)> {
        self.init.parameters()
    }

    fn log_density(&self, x: &Value) -> Value {
        let length = x.shape().last().copied().unwrap_or(0);
        let coefficients = (length > 1).then(|| (self.equation)(&range(x, 0, length - 1)));
        Self::log_density_of(x, &Value::from(self.dt), coefficients, &*self.init)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn conditions(&self) -> Vec<Condition> {
        self.init.conditions()
    }

    fn support_point(&self) -> Value {
        self.init.support_point()
    }

    fn event_rank(&self) -> usize {
        1
    }

    fn shape(&self) -> Result<Vec<usize>, ValueError> {
        Ok([&self.init.shape()?[..], &[self.steps.map_or(1, |steps| steps + 1)]].concat())
    }

    fn draw(&self, shape: &[usize], stream: &mut Stream) -> Result<Vec<f64>, DistributionError> {
        let (&length, batch) = shape.split_last().unwrap_or((&1, &[]));
        let rows = shape::elements(batch);
        let one = [batch, &[1]].concat();
        let mut now = self.init.draw(&one, stream)?;
        let mut drawn = vec![0.0; rows * length];
        for t in 0..length {
            (0..rows).for_each(|row| drawn[row * length + t] = now[row]);
            let (drift, diffusion) = (self.equation)(&Value::at_point(now.clone(), one.clone()));
            let (drift, diffusion) =
                (numbers(self.name(), &drift, &one)?, numbers(self.name(), &diffusion, &one)?);
            for (row, x) in now.iter_mut().enumerate() {
                *x += self.dt * drift[row] + self.dt.sqrt() * diffusion[row] * stream.normal();
            }
        }
        Ok(drawn)
    }
}
