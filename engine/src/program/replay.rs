//! A target whose captured operations are replayed by burn, chain after chain: what runs when an operation has no
//! place on a tape.
//!
//! Slow beside a tape (about a microsecond an operation on the CPU, some tens on a graphics processor, where an
//! operation is a launch), but it knows every operation that burn can capture. Operations of ours, which pass through
//! the capture under the names of the op table, are computed on the host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use burn_backend::{TensorData, read_sync};
use burn_flex::Flex;
use burn_ir::{
    BackendIr, CustomOpIr, GraphIr, HandleContainer, OperationIr, TensorId, TensorIr, TensorStatus,
};
use burn_router::{CustomOpRegistry, TensorInterpreter};
use chainfire_kernels::tape::{Op, Scan, reference::fold};

use super::ProgramError;
use super::capture::Captured;
use super::custom_ops::Custom;
#[cfg(feature = "burn-wgpu")]
use super::narrow::narrow;
use super::recurrence::SCAN;
use crate::density::{Evaluator, LogDensity};

/// A captured log density with its gradient, replayed by burn: on its Flex device (CPU, f64), or on a graphics processor
/// (f32).
#[derive(Clone)]
pub struct ReplayDensity {
    graph: GraphIr,
    values: Vec<(TensorId, TensorData)>,
    position: TensorId,
    /// Log density and gradient; no gradient when the density does not depend on the position.
    results: Vec<TensorIr>,
    scans: Vec<Arc<Scan>>,
    dim: usize,
    /// The graphics processor that replays, if any.
    #[cfg(feature = "burn-wgpu")]
    device: Option<burn_cubecl::CubeDevice>,
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
        let density = Self {
            graph: captured.graph,
            values,
            position,
            results,
            scans: captured.scans,
            dim,
            #[cfg(feature = "burn-wgpu")]
            device: None,
        };
        density.tried()
    }

    /// The same target replayed on a graphics processor, in single precision.
    ///
    /// # Errors
    /// [`ProgramError::Capture`] when burn cannot replay it there.
    #[cfg(feature = "burn-wgpu")]
    pub fn on_gpu(mut self, device: &chainfire_kernels::tape::GpuDevice) -> Result<Self, ProgramError> {
        narrow(&mut self.graph, &mut self.values, &mut self.results);
        self.device = Some(device.cubecl_device());
        self.tried()
    }

    /// The density, when it can be evaluated somewhere.
    fn tried(self) -> Result<Self, ProgramError> {
        let (position, mut gradient) = (vec![0.1; self.dim], vec![0.0; self.dim]);
        let run = || self.evaluator().evaluate(&position, &mut [0.0], &mut gradient);
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(()) => Ok(self),
            Err(_) => {
                Err(ProgramError::Capture { reason: "burn cannot replay the operations of the model".into() })
            }
        }
    }

    fn evaluate_one<B: BackendIr>(
        &self,
        interpreter: &mut TensorInterpreter<B>,
        position: &[f64],
    ) -> [Vec<f64>; 2] {
        for (id, data) in &self.values {
            interpreter.register_tensor_data_id(*id, data.clone());
        }
        let data = TensorData::new(position.to_vec(), [self.dim]).convert_dtype(self.results[0].dtype);
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
        #[cfg(feature = "burn-wgpu")]
        if let Some(device) = &self.device {
            return Box::new(ReplayEvaluator::<burn_cubecl::Cube>::new(self, device.clone()));
        }
        Box::new(ReplayEvaluator::<Flex>::new(self, Default::default()))
    }
}

struct ReplayEvaluator<'a, B: BackendIr> {
    density: &'a ReplayDensity,
    interpreter: TensorInterpreter<B>,
}

impl<'a, B: BackendIr> ReplayEvaluator<'a, B> {
    fn new(density: &'a ReplayDensity, device: B::Device) -> Self {
        let interpreter = TensorInterpreter::with_custom_ops(device, custom_operations(&density.scans));
        Self { density, interpreter }
    }
}

impl<B: BackendIr> Evaluator for ReplayEvaluator<'_, B> {
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
fn custom_operations<B: BackendIr>(scans: &[Arc<Scan>]) -> CustomOpRegistry<B> {
    let mut registry = CustomOpRegistry::new();
    for op in Custom::all() {
        registry.register(&op.name(), move |handles, ir, device| compute::<B>(handles, ir, device, &op.op()));
    }
    for (number, scan) in scans.iter().enumerate() {
        let op = Op::Scan(scan.clone());
        registry.register(&format!("{SCAN}{number}"), move |handles, ir, device| {
            let mut operands = operands::<B>(handles, ir);
            let initial: Vec<Vec<f64>> = operands.remove(0).into_iter().map(|x| vec![x]).collect();
            set::<B>(handles, ir, device, &op, &[initial, operands].concat());
        });
    }
    registry
}

/// Computes an operation of the tape on the host.
fn compute<B: BackendIr>(
    handles: &mut HandleContainer<B::Handle>,
    ir: &CustomOpIr,
    device: &B::Device,
    op: &Op,
) {
    let operands = operands::<B>(handles, ir);
    set::<B>(handles, ir, device, op, &operands);
}

/// The numbers of the operands.
fn operands<B: BackendIr>(handles: &mut HandleContainer<B::Handle>, ir: &CustomOpIr) -> Vec<Vec<f64>> {
    let numbers = |input: &TensorIr| {
        let data = read_sync(B::float_into_data(handles.get_float_tensor::<B>(input))).ok();
        let numbers = data.and_then(|data| data.convert::<f64>().try_into_vec().ok());
        // What burn failed to compute.
        numbers.unwrap_or_else(|| vec![f64::NAN; input.shape.num_elements()])
    };
    ir.inputs.iter().map(numbers).collect()
}

/// Gives the result its numbers.
fn set<B: BackendIr>(
    handles: &mut HandleContainer<B::Handle>,
    ir: &CustomOpIr,
    device: &B::Device,
    op: &Op,
    operands: &[Vec<f64>],
) {
    let result = &ir.outputs[0];
    let operands: Vec<&[f64]> = operands.iter().map(Vec::as_slice).collect();
    let values = fold(op, &operands, result.shape.num_elements());
    let data = TensorData::new(values, result.shape.clone()).convert_dtype(result.dtype);
    handles.register_float_tensor::<B>(&result.id, B::float_from_data(data, device));
}
