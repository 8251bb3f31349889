//! Matrix products: a shared matrix with a vector keeps its form; anything else becomes products and sums.

use burn_ir::{MatmulOpIr, TensorIr};
use chainfire_kernels::tape::{Binary, Op, ValueId};

use super::{Lowering, unsupported};
use crate::program::ProgramError;

/// Products of two per-chain matrices are spelt out up to this many multiplications.
const MOST_PRODUCTS: usize = 1 << 22;

impl Lowering {
    pub(super) fn matmul(&mut self, ir: &MatmulOpIr) -> Result<(), ProgramError> {
        let (left, right) = (ir.lhs.shape.to_vec(), ir.rhs.shape.to_vec());
        let rank = left.len();
        if left[..rank - 2].iter().chain(&right[..rank - 2]).any(|&n| n != 1) {
            return Err(unsupported(
                "Matmul",
                "batched matrix products are not lowered; use a loop of products",
            ));
        }
        let (m, k, n) = (left[rank - 2], left[rank - 1], right[rank - 1]);
        let ((a, _), (b, _)) = (self.column(&ir.lhs)?, self.column(&ir.rhs)?);
        let (a, b) = (self.spread(a, m * k), self.spread(b, k * n));
        let id = if n == 1 && self.tape.data(a).is_some() && m * k > 1 {
            self.matrix_times_vector(a, b, m, k)
        } else if m == 1 && self.tape.data(b).is_some() && k * n > 1 {
            self.tape.emit(Op::MatTVec { columns: n }, vec![b, a], n)
        } else {
            self.spelt_out(a, b, [m, k, n], &ir.out)?
        };
        self.set(&ir.out, id);
        Ok(())
    }

    fn matrix_times_vector(
        &mut self,
        matrix: ValueId,
        vector: ValueId,
        rows: usize,
        columns: usize,
    ) -> ValueId {
        match self.transposes.get(&matrix) {
            // The matrix is the transpose of one that is there already: read that one by columns.
            Some(&original) => self.tape.emit(Op::MatTVec { columns: rows }, vec![original, vector], rows),
            None => self.tape.emit(Op::MatVec { columns }, vec![matrix, vector], rows),
        }
    }

    fn spelt_out(
        &mut self,
        a: ValueId,
        b: ValueId,
        [m, k, n]: [usize; 3],
        out: &TensorIr,
    ) -> Result<ValueId, ProgramError> {
        let products = m * k * n;
        if products > MOST_PRODUCTS {
            let shape = out.shape.to_vec();
            return Err(unsupported(
                "Matmul",
                format!("a product of two matrices of parameters ({shape:?}) would take {products} terms"),
            ));
        }
        let each = |f: &dyn Fn(usize, usize, usize) -> usize| -> Vec<u32> {
            let mut index = Vec::with_capacity(products);
            for i in 0..m {
                for j in 0..n {
                    index.extend((0..k).map(|l| f(i, j, l) as u32));
                }
            }
            index
        };
        let left = self.tape.gather(a, each(&|i, _, l| i * k + l));
        let right = self.tape.gather(b, each(&|_, j, l| l * n + j));
        let product = self.tape.binary(Binary::Mul, left, right);
        let groups = each(&|i, j, _| i * n + j);
        Ok(self.tape.segment_sum(product, &groups.into(), m * n))
    }
}
