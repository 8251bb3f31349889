//! Functions of arrays that are written down once and then applied to any others.
//!
//! The body is captured for arrays of given shapes, its *cores*. Applied to arrays that have more axes in front, it goes
//! through these as NumPy's universal functions do: they broadcast together, and stand in front of the result's.
//! Values of the program that the body names, instead of being given them, are kept with it.

use chainfire_kernels::tape::Tape;

use super::scan::{Arithmetic, Turn, arithmetic};
use super::{Kind, Value, ValueError, shape};
use crate::program::recurrence::apply;

/// A function of arrays; see the module's description.
#[derive(Clone, Debug)]
pub struct Function {
    body: Tape,
    cores: Vec<Vec<usize>>,
    result: Vec<usize>,
    named: Vec<Value>,
}

impl Function {
    /// Writes down what `body` makes of arrays of these shapes and kinds.
    ///
    /// # Errors
    /// What `body` returns, and a [`ValueError`] when it is no arithmetic on numbers.
    pub fn new<E: From<ValueError>>(
        arguments: &[(Vec<usize>, Kind)],
        mut body: impl FnMut(&[Value]) -> Result<Value, E>,
    ) -> Result<Self, E> {
        let mut turn = |_: &[Value], given: &[Value]| -> Result<Turn, E> {
            Ok(Turn { next: Vec::new(), emitted: vec![body(given)?] })
        };
        let Arithmetic { body, mut emitted, imported, .. } = arithmetic(arguments, 0, &mut turn)?;
        let cores = arguments.iter().map(|(core, _)| core.clone()).collect();
        Ok(Self { body, cores, result: emitted.pop().unwrap_or_default(), named: imported })
    }

    /// The function of arrays whose last axes are the cores.
    pub fn apply(&self, arguments: &[Value]) -> Value {
        let (mut position, mut batch) = (Vec::with_capacity(self.body.dim), Vec::new());
        for (argument, core) in arguments.iter().zip(&self.cores) {
            let fitted = match fitted(argument, core) {
                Ok(fitted) => fitted,
                Err(error) => return Value::invalid(error),
            };
            let front = &fitted.shape[..fitted.rank() - core.len()];
            batch = match shape::broadcast(&batch, front) {
                Some(joint) => joint,
                None => {
                    return Value::invalid(ValueError::Broadcast {
                        operation: "a function of the file".into(),
                        left: batch,
                        right: front.to_vec(),
                    });
                }
            };
            position.extend(elements(&fitted, front, shape::elements(core)));
        }
        position.extend(self.named.iter().flat_map(|value| elements(value, &[], value.len())));
        let made: Vec<Value> =
            apply(&self.body, &position).iter().map(|value| value.broadcast_to(&batch)).collect();
        Value::stack(&made, batch.len()).reshape(&[&batch[..], &self.result].concat())
    }
}

/// An argument whose last axes are the core; axes of length one are repeated.
fn fitted(argument: &Value, core: &[usize]) -> Result<Value, ValueError> {
    if let Some(error) = argument.error() {
        return Err(error.clone());
    }
    let front = &argument.shape[..argument.rank().saturating_sub(core.len())];
    let fitted = argument.broadcast_to(&[front, core].concat());
    match fitted.error() {
        Some(error) => Err(error.clone()),
        None => Ok(fitted),
    }
}

/// The numbers of every core, one array over the axes in front each.
fn elements(value: &Value, front: &[usize], count: usize) -> Vec<Value> {
    if count == 1 {
        return vec![value.reshape(front)];
    }
    let rows = shape::elements(front);
    let element =
        |k: usize| value.take((0..rows).map(|row| (row * count + k) as u32).collect(), front.to_vec());
    (0..count).map(element).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default()
    }

    #[test]
    fn functions_of_numbers_broadcast() {
        let arguments = [(vec![], Kind::Float), (vec![], Kind::Float)];
        let function =
            Function::new::<ValueError>(&arguments, |given| Ok(&given[0] * &given[1] + 1.0)).unwrap();
        let table = Value::from([10.0, 20.0, 30.0, 40.0]).reshape(&[2, 2]);
        let made = function.apply(&[Value::from([1.0, 2.0]), table]);
        assert_eq!((made.shape(), numbers(&made)), (&[2, 2][..], vec![11.0, 41.0, 31.0, 81.0]));
    }

    #[test]
    fn functions_of_vectors_go_through_the_axes_in_front() {
        let arguments = [(vec![3], Kind::Float), (vec![], Kind::Float)];
        let function =
            Function::new::<ValueError>(&arguments, |given| Ok((&given[0] * &given[1]).running_sum(0)))
                .unwrap();
        let rows = Value::from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).reshape(&[2, 3]);
        let made = function.apply(&[rows, Value::from([1.0, 10.0])]);
        assert_eq!((made.shape(), numbers(&made)), (&[2, 3][..], vec![1.0, 3.0, 6.0, 40.0, 90.0, 150.0]));
        let wrong = function.apply(&[Value::from([1.0, 2.0]), Value::from(1.0)]);
        assert!(matches!(wrong.error(), Some(ValueError::Broadcast { .. })), "{:?}", wrong.error());
    }
}
