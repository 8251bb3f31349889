//! Operations that move elements: all become slices, gathers, pieces or segment sums.

use burn_backend::Slice;
use burn_ir::{CatOpIr, FlipOpIr, GatherOpIr, RepeatDimOpIr, ScatterOpIr, SelectAssignOpIr, SelectOpIr};
use burn_ir::{SliceAssignOpIr, SliceOpIr, TensorIr};
use burn_tensor::IndexingUpdateOp;
use chainfire_kernels::tape::{Binary, ValueId};

use super::{Handle, Lowering, unsupported};
use crate::program::ProgramError;
use crate::program::value::shape;

/// Every base offset with every row of the next axis.
fn crossed(base: &[u32], rows: &[u32], stride: usize) -> Vec<u32> {
    base.iter().flat_map(|&b| rows.iter().map(move |r| b + r * stride as u32)).collect()
}

impl Lowering {
    pub(super) fn reshaped(&mut self, input: &TensorIr, out: &TensorIr) -> Result<(), ProgramError> {
        let new = out.shape.to_vec();
        let handle = match self.handle(input.id)?.clone() {
            Handle::Column { id, .. } => Handle::Column { id, shape: new },
            Handle::Pieces { pieces, .. } => Handle::Pieces { pieces, shape: new },
        };
        self.handles.insert(out.id, handle);
        Ok(())
    }

    /// Takes elements by flat index.
    fn taken(&mut self, input: &TensorIr, out: &TensorIr, index: Vec<u32>) -> Result<(), ProgramError> {
        let (column, _) = self.column(input)?;
        let len = input.shape.num_elements();
        let id = if (self.tape.rows(column) == 1 && len > 1) || index.is_empty() {
            column
        } else {
            self.tape.gather(column, index)
        };
        self.set(out, id);
        Ok(())
    }

    pub(super) fn expand(&mut self, input: &TensorIr, out: &TensorIr) -> Result<(), ProgramError> {
        let (from, to) = (input.shape.to_vec(), out.shape.to_vec());
        if shape::elements(&from) == 1 {
            let (column, _) = self.column(input)?;
            self.set(out, column);
            return Ok(());
        }
        self.taken(input, out, shape::broadcast_index(&from, &to))
    }

    pub(super) fn permute(
        &mut self,
        input: &TensorIr,
        out: &TensorIr,
        axes: &[usize],
    ) -> Result<(), ProgramError> {
        let (from, to) = (input.shape.to_vec(), out.shape.to_vec());
        let strides = shape::strides(&from);
        let moved: Vec<usize> = axes.iter().map(|&a| strides[a]).collect();
        let (column, _) = self.column(input)?;
        self.taken(input, out, shape::strided_index(&to, &moved, 0))?;
        let (result, _) = self.column(out)?;
        if from.len() == 2 && axes == [1, 0] && self.tape.data(column).is_some() {
            self.transposes.insert(result, column);
        }
        Ok(())
    }

    pub(super) fn flip(&mut self, ir: &FlipOpIr) -> Result<(), ProgramError> {
        let from = ir.input.shape.to_vec();
        let strides = shape::strides(&from);
        let mut index = vec![0u32];
        for (axis, &size) in from.iter().enumerate() {
            let flipped = ir.axes.contains(&axis);
            let rows: Vec<u32> = (0..size).map(|k| if flipped { size - 1 - k } else { k } as u32).collect();
            index = crossed(&index, &rows, strides[axis]);
        }
        self.taken(&ir.input, &ir.out, index)
    }

    /// Flat indices of a range of every axis.
    fn ranges(&self, from: &[usize], ranges: &[Slice]) -> Vec<u32> {
        let strides = shape::strides(from);
        let mut index = vec![0u32];
        for (axis, &size) in from.iter().enumerate() {
            let rows: Vec<u32> = match ranges.get(axis) {
                None => (0..size as u32).collect(),
                Some(range) => {
                    let wrap = |i: isize| (if i < 0 { i + size as isize } else { i }).clamp(0, size as isize);
                    let (start, end) = (wrap(range.start), range.end.map_or(size as isize, wrap));
                    let step = range.step.unsigned_abs().max(1);
                    let rows: Vec<u32> = (start..end).map(|i| i as u32).collect();
                    if range.step < 0 {
                        rows.into_iter().rev().step_by(step).collect()
                    } else {
                        rows.into_iter().step_by(step).collect()
                    }
                }
            };
            index = crossed(&index, &rows, strides[axis]);
        }
        index
    }

    pub(super) fn slice(&mut self, ir: &SliceOpIr) -> Result<(), ProgramError> {
        let index = self.ranges(&ir.tensor.shape.to_vec(), &ir.ranges);
        self.taken(&ir.tensor, &ir.out, index)
    }

    pub(super) fn slice_assign(&mut self, ir: &SliceAssignOpIr) -> Result<(), ProgramError> {
        let index = self.ranges(&ir.tensor.shape.to_vec(), &ir.ranges);
        let base = self.handle(ir.tensor.id)?.clone();
        let (value, _) = self.column(&ir.value)?;
        let value = self.spread(value, index.len());
        let contiguous = index.windows(2).all(|w| w[1] == w[0] + 1);
        let empty_zeros = matches!(&base, Handle::Pieces { pieces, .. } if pieces.is_empty());
        let shape = ir.out.shape.to_vec();
        if contiguous && empty_zeros && !index.is_empty() {
            let pieces = vec![(index[0] as usize, value)];
            self.handles.insert(ir.out.id, Handle::Pieces { pieces, shape });
            return Ok(());
        }
        let id = self.replaced(&base, value, &index);
        self.set(&ir.out, id);
        Ok(())
    }

    /// `base` with the rows `index` replaced by `value`.
    fn replaced(&mut self, base: &Handle, value: ValueId, index: &[u32]) -> ValueId {
        let len = base.len();
        let filled = self.filled(base);
        let filled = self.spread(filled, len);
        let mut source: Vec<u32> = (0..len as u32).collect();
        for (k, &row) in index.iter().enumerate() {
            source[row as usize] = (len + k) as u32;
        }
        let joined = self.tape.concat(vec![filled, value]);
        self.tape.gather(joined, source)
    }

    /// The numbers of an index tensor.
    fn index_data(&mut self, indices: &TensorIr) -> Result<Vec<u32>, ProgramError> {
        let (column, _) = self.column(indices)?;
        let len = indices.shape.num_elements();
        match self.tape.data(column) {
            Some(data) if data.len() == len => Ok(data.iter().map(|&i| i as u32).collect()),
            Some(data) => Ok(vec![data[0] as u32; len]),
            None => Err(unsupported("Select", "the index depends on parameters")),
        }
    }

    /// Flat indices of whole slabs along `dim`, in the order of `rows`.
    fn slabs(&self, from: &[usize], dim: usize, rows: &[u32]) -> Vec<u32> {
        let strides = shape::strides(from);
        let mut index = vec![0u32];
        for (axis, &size) in from.iter().enumerate() {
            let all: Vec<u32> = if axis == dim { rows.to_vec() } else { (0..size as u32).collect() };
            index = crossed(&index, &all, strides[axis]);
        }
        index
    }

    pub(super) fn select(&mut self, ir: &SelectOpIr) -> Result<(), ProgramError> {
        let rows = self.index_data(&ir.indices)?;
        let index = self.slabs(&ir.tensor.shape.to_vec(), ir.dim, &rows);
        self.taken(&ir.tensor, &ir.out, index)
    }

    pub(super) fn select_assign(&mut self, ir: &SelectAssignOpIr) -> Result<(), ProgramError> {
        let rows = self.index_data(&ir.indices)?;
        let index = self.slabs(&ir.tensor.shape.to_vec(), ir.dim, &rows);
        self.scattered(&ir.tensor, &ir.value, &ir.out, index, &ir.update)
    }

    /// Flat indices of single elements along `dim`, one for every element of the index tensor.
    fn along(&mut self, from: &[usize], dim: usize, indices: &TensorIr) -> Result<Vec<u32>, ProgramError> {
        let rows = self.index_data(indices)?;
        let mut strides = shape::strides(from);
        let stride = std::mem::replace(&mut strides[dim], 0) as u32;
        let base = shape::strided_index(&indices.shape.to_vec(), &strides, 0);
        Ok(base.iter().zip(&rows).map(|(b, r)| b + r * stride).collect())
    }

    pub(super) fn gather(&mut self, ir: &GatherOpIr) -> Result<(), ProgramError> {
        let index = self.along(&ir.tensor.shape.to_vec(), ir.dim, &ir.indices)?;
        self.taken(&ir.tensor, &ir.out, index)
    }

    pub(super) fn scatter(&mut self, ir: &ScatterOpIr) -> Result<(), ProgramError> {
        let index = self.along(&ir.tensor.shape.to_vec(), ir.dim, &ir.indices)?;
        self.scattered(&ir.tensor, &ir.value, &ir.out, index, &ir.update)
    }

    fn scattered(
        &mut self,
        base: &TensorIr,
        value: &TensorIr,
        out: &TensorIr,
        index: Vec<u32>,
        update: &IndexingUpdateOp,
    ) -> Result<(), ProgramError> {
        let handle = self.handle(base.id)?.clone();
        if index.is_empty() {
            self.handles.insert(out.id, handle);
            return Ok(());
        }
        let (value, _) = self.column(value)?;
        let value = self.spread(value, index.len());
        let shape = out.shape.to_vec();
        let id = match update {
            IndexingUpdateOp::Assign => self.replaced(&handle, value, &index),
            IndexingUpdateOp::Add => {
                let contiguous = index.windows(2).all(|w| w[1] == w[0] + 1);
                let zeros = match &handle {
                    Handle::Pieces { pieces, .. } => pieces.is_empty(),
                    Handle::Column { id, .. } => self.tape.uniform(*id) == Some(0.0),
                };
                if zeros && contiguous {
                    let pieces = vec![(index[0] as usize, value)];
                    self.handles.insert(out.id, Handle::Pieces { pieces, shape });
                    return Ok(());
                }
                let sums = self.tape.segment_sum(value, &index.into(), handle.len());
                if zeros {
                    sums
                } else {
                    let filled = self.filled(&handle);
                    self.tape.binary(Binary::Add, filled, sums)
                }
            }
            other => return Err(unsupported("Scatter", format!("the update {other:?} is not a sum"))),
        };
        self.set(out, id);
        Ok(())
    }

    pub(super) fn cat(&mut self, ir: &CatOpIr) -> Result<(), ProgramError> {
        let (mut parts, mut starts, mut row) = (Vec::new(), Vec::new(), 0usize);
        for tensor in &ir.tensors {
            let (column, _) = self.column(tensor)?;
            let len = tensor.shape.num_elements();
            parts.push(self.spread(column, len));
            starts.push(row);
            row += len;
        }
        let joined = self.tape.concat(parts);
        let outer: usize = ir.out.shape.to_vec()[..ir.dim].iter().product();
        let mut index = Vec::with_capacity(row);
        for slab in 0..outer {
            for (tensor, start) in ir.tensors.iter().zip(&starts) {
                let run = tensor.shape.num_elements() / outer;
                index.extend((start + slab * run..start + (slab + 1) * run).map(|i| i as u32));
            }
        }
        let id = self.tape.gather(joined, index);
        self.set(&ir.out, id);
        Ok(())
    }

    pub(super) fn repeat(&mut self, ir: &RepeatDimOpIr) -> Result<(), ProgramError> {
        let from = ir.tensor.shape.to_vec();
        let rows: Vec<u32> = (0..ir.times).flat_map(|_| 0..from[ir.dim] as u32).collect();
        let index = self.slabs(&from, ir.dim, &rows);
        self.taken(&ir.tensor, &ir.out, index)
    }
}
