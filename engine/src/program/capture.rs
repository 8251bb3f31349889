//! Captures a burn function of one position, with its gradient, as an operation graph.
//!
//! The only file that names burn-capture's devices and scopes. The capture device has no autodiff of its own, so
//! the five calls that need it (`from_inner`, `require_grad`, `backward`, `grad`, `inner`) are made on primitives of
//! `Autodiff<CaptureBackend>`; everything between is ordinary tensor code.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use burn_autodiff::Autodiff;
use burn_backend::{AutodiffBackend, DType, TensorData};
use burn_capture::CaptureBackend;
use burn_ir::{GraphIr, TensorId};
use burn_tensor::{Device, Tensor};
use chainfire_kernels::tape::Scan;

use super::ProgramError;

type Tracked = Autodiff<CaptureBackend>;

/// A captured function: its operations, its data, and which tensors are position and results.
pub struct Captured {
    /// Operations in the order in which they were made.
    pub graph: GraphIr,
    /// Data of the constants.
    pub values: BTreeMap<TensorId, TensorData>,
    /// The position, `[dim]`.
    pub position: TensorId,
    /// The results, in the order in which the function gave them; then the gradient, when asked for.
    pub results: Vec<TensorId>,
    /// Recurrences, which operations name by their number.
    pub scans: Vec<Arc<Scan>>,
}

/// Capture devices are never given back, so the whole process has one for programs and one for the bodies of their
/// recurrences, which are captured while the program is; a scope holds its device alone.
fn device(is_body: bool) -> &'static Mutex<Device> {
    static DEVICES: [OnceLock<Mutex<Device>>; 2] = [OnceLock::new(), OnceLock::new()];
    DEVICES[usize::from(is_body)].get_or_init(|| Mutex::new(Device::capture()))
}

thread_local! {
    /// Recurrences of the captures under way on this thread, the innermost last.
    static SCANS: RefCell<Vec<Vec<Arc<Scan>>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps a recurrence of the program that is being captured; gives its number.
pub(super) fn keep_scan(scan: Arc<Scan>) -> usize {
    SCANS.with_borrow_mut(|captures| {
        captures.last_mut().map_or(0, |scans| {
            scans.push(scan);
            scans.len() - 1
        })
    })
}

/// A capture under way.
struct Underway;

impl Underway {
    fn begin() -> Self {
        SCANS.with_borrow_mut(|captures| captures.push(Vec::new()));
        Self
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        SCANS.with_borrow_mut(Vec::pop);
    }
}

fn host_position(dim: usize) -> Tensor<1> {
    Tensor::from_data(TensorData::new(vec![0.0f64; dim], [dim]), (&Device::flex(), DType::F64))
}

/// Captures `log_density` and its gradient.
///
/// # Shapes
/// `log_density` takes the position `[dim]` and gives `[1]` (or any shape: the sum is taken). Results: value `[1]`,
/// gradient `[dim]`.
///
/// # Errors
/// What `log_density` returns, and failures of burn's capture.
pub fn with_gradient<E: From<ProgramError>>(
    dim: usize,
    log_density: impl FnOnce(Tensor<1>) -> Result<Tensor<1>, E>,
) -> Result<Captured, E> {
    run(|scope_device| {
        let position = host_position(dim).to_device(scope_device);
        let inner = position.try_into_primitive::<CaptureBackend>().map_err(|e| foreign(&e))?;
        let tracked = Tracked::from_inner(inner).require_grad();
        let value = log_density(Tensor::from_primitive::<Tracked>(tracked.clone()))?.sum();
        let value = value.try_into_primitive::<Tracked>().map_err(|e| foreign(&e))?;
        let mut gradients = Tracked::backward(value.clone());
        let gradient = Tracked::grad_remove(&tracked, &mut gradients);
        let mut results = vec![Tracked::inner(value).into_ir().id];
        results.extend(gradient.map(|g| g.into_ir().id));
        Ok((Tracked::inner(tracked).into_ir().id, results))
    })
}

/// Captures a function of the position without derivatives.
///
/// # Errors
/// What `function` returns, and failures of burn's capture.
pub fn plain<E: From<ProgramError>>(
    dim: usize,
    function: impl FnOnce(Tensor<1>) -> Result<Vec<Tensor<1>>, E>,
) -> Result<Captured, E> {
    run(|scope_device| {
        let position = host_position(dim).to_device(scope_device);
        let inner = position.try_into_primitive::<CaptureBackend>().map_err(|e| foreign(&e))?;
        let mut results = Vec::new();
        for tensor in function(Tensor::from_primitive::<CaptureBackend>(inner.clone()))? {
            let primitive = tensor.try_into_primitive::<CaptureBackend>().map_err(|e| foreign(&e))?;
            results.push(primitive.into_ir().id);
        }
        Ok((inner.into_ir().id, results))
    })
}

pub(super) fn foreign<E: From<ProgramError>>(error: &burn_tensor::PrimitiveConversionError) -> E {
    ProgramError::Capture {
        reason: format!("the result is not a tensor of the captured program ({error:?})"),
    }
    .into()
}

fn run<E: From<ProgramError>>(
    body: impl FnOnce(&Device) -> Result<(TensorId, Vec<TensorId>), E>,
) -> Result<Captured, E> {
    let depth = SCANS.with_borrow(Vec::len);
    if depth > 1 {
        return Err(ProgramError::Capture { reason: "a scan cannot stand inside of a scan".into() }.into());
    }
    let device = device(depth == 1).lock().unwrap_or_else(PoisonError::into_inner);
    let _underway = Underway::begin();
    let mut outcome = None;
    let captured = device.capture_scope(|scope| match body(&device) {
        Ok((position, results)) => {
            // Burn wants every output named once, and no input among them.
            let mut outputs: Vec<TensorId> = results.iter().copied().filter(|id| *id != position).collect();
            outputs.sort_unstable();
            outputs.dedup();
            let completed = scope.complete([position], outputs);
            outcome = Some(Ok((position, results)));
            completed
        }
        Err(error) => {
            outcome = Some(Err(error));
            scope.complete([], [])
        }
    });
    let (position, results) = match outcome {
        Some(outcome) => outcome?,
        None => return Err(ProgramError::Capture { reason: "the capture did not run".into() }.into()),
    };
    let captured = captured.map_err(|e| ProgramError::Capture { reason: format!("{e:?}") })?;
    let scans = SCANS.with_borrow_mut(|captures| captures.last_mut().map(std::mem::take)).unwrap_or_default();
    Ok(Captured { graph: captured.graph, values: captured.values, position, results, scans })
}
