//! Narrow a captured graph to the types that graphics processors compute with.
//!
//! ```text
//! f64 -> f32,  i64 -> i32,  truth values -> 32 bits each
//! ```

use burn_backend::{BoolStore, DType, TensorData};
use burn_ir::{GraphIr, IrVisitorMut, TensorId, TensorIr};

/// The type of 32 bits that stands for a wider one.
fn narrowed(dtype: DType) -> DType {
    match dtype {
        DType::F64 => DType::F32,
        DType::I64 => DType::I32,
        DType::Bool(_) => DType::Bool(BoolStore::U32),
        other => other,
    }
}

struct Narrow;

impl IrVisitorMut for Narrow {
    fn visit_tensor_mut(&mut self, tensor: &mut TensorIr) {
        tensor.dtype = narrowed(tensor.dtype);
    }
}

/// Narrows every tensor of a graph, its data and its results.
pub fn narrow(graph: &mut GraphIr, values: &mut [(TensorId, TensorData)], results: &mut [TensorIr]) {
    graph.operations.iter_mut().for_each(|operation| operation.visit_mut(&mut Narrow));
    values.iter_mut().for_each(|(_, data)| *data = data.clone().convert_dtype(narrowed(data.dtype())));
    results.iter_mut().for_each(|tensor| Narrow.visit_tensor_mut(tensor));
}
