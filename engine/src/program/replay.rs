//! A target whose captured operations are replayed by burn, chain after chain: what runs when an operation has no
//! place on a tape.
//!
//! Slow beside a tape (about a microsecond an operation), but it knows every operation that burn can capture.
//! Operations of ours, which pass through the capture under the names of the op table, are computed on the host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use burn_backend::ops::FloatTensorOps;
use burn_backend::{DType, TensorData, read_sync};
use burn_flex::Flex;
use burn_ir::{CustomOpIr, GraphIr, HandleContainer, OperationIr, TensorId, TensorIr, TensorStatus};
use burn_router::{CustomOpRegistry, TensorInterpreter};
use chainfire_kernels::tape::{Op, Scan, reference::fold};

use super::ProgramError;
use super::capture::Captured;
use super::custom_ops::Custom;
use super::recurrence::SCAN;
use crate::density::{Evaluator, LogDensity};

/// A captured log density with its gradient, replayed on burn's Flex device (CPU, f64).
pub struct ReplayDensity {
    graph: GraphIr,
    values: Vec<(TensorId, TensorData)>,
    position: TensorId,
    /// Log density and gradient; no gradient when the density does not depend on the position.
    results: Vec<TensorIr>,
    scans: Vec<Arc<Scan>>,
    dim: usize,
}

impl ReplayDensity {
    /// Takes a captured log density of `dim` numbers with its gradient, and tries it once.
    ///
    /// # Errors
    /// [`ProgramError::Capture`] when burn cannot replay it either.
    pub fn new(captured: Captured, dim: usize) -> Result<Self, ProgramError> {
        let find = |id: &TensorId| captured.graph.operations.iter().flat_map(outputs).find(|t| t.id == *id);
        let results: Vec<TensorIr> = captured.results.iter().filter_map(find).collect();
        if results.len() != captured.results.len() {
            return Err(ProgramError::Capture { reason: "a result is made by no operation".into() });
        }
        let position = captured.position;
        let values = captured.values.into_iter().filter(|(id, _)| *id != position).collect();
        let density = Self { graph: captured.graph, values, position, results, scans: captured.scans, dim };
        let mut gradient = vec![0.0; dim];
        catch_unwind(AssertUnwindSafe(|| {
            density.evaluator().evaluate(&vec![0.1; dim], &mut [0.0], &mut gradient)
        }))
        .map_err(|_| ProgramError::Capture {
            reason: "burn cannot replay the operations of the model".into(),
        })?;
        Ok(density)
    }

    fn evaluate_one(&self, interpreter: &mut TensorInterpreter<Flex>, position: &[f64]) -> [Vec<f64>; 2] {
        for (id, data) in &self.values {
            interpreter.register_tensor_data_id(*id, data.clone());
        }
        let data = TensorData::new(position.to_vec(), [self.dim]);
        interpreter.register_tensor_data_id(self.position, data);
        for operation in &self.graph.operations {
            interpreter.register_op(operation.clone());
        }
        let mut numbers = [vec![f64::NAN], vec![0.0; self.dim]];
        for (result, numbers) in self.results.iter().zip(&mut numbers) {
            let tensor = TensorIr { status: TensorStatus::ReadWrite, ..result.clone() };
            // What burn fails to compute stays NaN: a density that is not defined there.
            if let Ok(data) = read_sync(interpreter.read_tensor_async(tensor)) {
                *numbers = data.convert::<f64>().try_into_vec().unwrap_or_default();
            }
        }
        numbers
    }
}

/// The tensors that an operation makes.
fn outputs(operation: &OperationIr) -> Vec<TensorIr> {
    operation.outputs().cloned().collect()
}

impl LogDensity for ReplayDensity {
    fn dim(&self) -> usize {
        self.dim
    }

    fn evaluator(&self) -> Box<dyn Evaluator + '_> {
        let interpreter =
            TensorInterpreter::with_custom_ops(Default::default(), custom_operations(&self.scans));
        Box::new(ReplayEvaluator { density: self, interpreter })
    }
}

struct ReplayEvaluator<'a> {
    density: &'a ReplayDensity,
    interpreter: TensorInterpreter<Flex>,
}

impl Evaluator for ReplayEvaluator<'_> {
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]) {
        let dim = self.density.dim;
        let chains = position.chunks_exact(dim).zip(gradient.chunks_exact_mut(dim));
        for ((position, gradient), log_density) in chains.zip(log_density) {
            let [value, slope] = self.density.evaluate_one(&mut self.interpreter, position);
            *log_density = value.iter().sum();
            gradient.copy_from_slice(&slope);
        }
    }
}

/// The op table under the names that the capture records.
fn custom_operations(scans: &[Arc<Scan>]) -> CustomOpRegistry<Flex> {
    let mut registry = CustomOpRegistry::new();
    for op in Custom::all() {
        registry.register(&op.name(), move |handles, ir, device| compute(handles, ir, device, &op.op()));
    }
    for (number, scan) in scans.iter().enumerate() {
        let op = Op::Scan(scan.clone());
        registry.register(&format!("{SCAN}{number}"), move |handles, ir, device| {
            let mut operands = operands(handles, ir);
            let initial: Vec<Vec<f64>> = operands.remove(0).into_iter().map(|x| vec![x]).collect();
            set(handles, ir, device, &op, &[initial, operands].concat());
        });
    }
    registry
}

type FlexDevice = <Flex as burn_backend::BackendTypes>::Device;
type Handles = HandleContainer<<Flex as burn_ir::BackendIr>::Handle>;

/// Computes an operation of the tape on the host.
fn compute(handles: &mut Handles, ir: &CustomOpIr, device: &FlexDevice, op: &Op) {
    let operands = operands(handles, ir);
    set(handles, ir, device, op, &operands);
}

/// The numbers of the operands.
fn operands(handles: &mut Handles, ir: &CustomOpIr) -> Vec<Vec<f64>> {
    let numbers = |input: &TensorIr| {
        let data = read_sync(Flex::float_into_data(handles.get_float_tensor::<Flex>(input))).ok();
        let numbers = data.and_then(|data| data.convert::<f64>().try_into_vec().ok());
        // What burn failed to compute.
        numbers.unwrap_or_else(|| vec![f64::NAN; input.shape.num_elements()])
    };
    ir.inputs.iter().map(numbers).collect()
}

/// Gives the result its numbers.
fn set(handles: &mut Handles, ir: &CustomOpIr, device: &FlexDevice, op: &Op, operands: &[Vec<f64>]) {
    let shape = ir.outputs[0].shape.clone();
    let operands: Vec<&[f64]> = operands.iter().map(Vec::as_slice).collect();
    let values = fold(op, &operands, shape.num_elements());
    let data = TensorData::new(values, shape).convert_dtype(DType::F64);
    handles.register_float_tensor::<Flex>(&ir.outputs[0].id, Flex::float_from_data(data, device));
}
