//! A target made of a tape, replayed operation by operation on a burn device: the plain meaning of a tape, a third
//! opinion in tests, and what runs where a tape has no faster executor.

use burn_backend::{DType, TensorData};
use burn_tensor::{Device, IndexingUpdateOp, Int, Tensor};
use chainfire_kernels::tape::{Binary, Op, Tape, Ternary, Unary, reference::fold};

use super::tensor_ops::burn_unary;
use crate::density::{Evaluator, LogDensity};

/// A log density on a tape, evaluated by burn for all chains at once.
pub struct EagerDensity {
    tape: Tape,
    device: Device,
}

impl EagerDensity {
    /// Replays `tape` on burn's Flex device (CPU, f64).
    pub fn new(tape: Tape) -> Self {
        Self { tape, device: Device::flex() }
    }

    fn tensor(&self, data: Vec<f64>, shape: [usize; 2]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(data, shape), (&self.device, DType::F64))
    }

    fn index(&self, index: &[u32]) -> Tensor<1, Int> {
        let data: Vec<i64> = index.iter().map(|&i| i64::from(i)).collect();
        Tensor::from_data(TensorData::new(data, [index.len()]), &self.device)
    }

    /// Runs the tape. Values are `[chains, rows]`, shared ones `[1, rows]`.
    fn run(&self, position: &[f64], chains: usize) -> Vec<f64> {
        let position = self.tensor(position.to_vec(), [chains, self.tape.dim]);
        let mut values: Vec<Tensor<2>> = Vec::with_capacity(self.tape.nodes.len());
        for node in &self.tape.nodes {
            let arg = |k: usize| values[node.args[k].index()].clone();
            let rows = node.rows;
            let value = match &node.op {
                Op::Input { offset } => position.clone().slice([0..chains, *offset..offset + rows]),
                Op::Constant(data) => self.tensor(data.to_vec(), [1, rows]),
                Op::Unary(op) => self.unary(*op, arg(0)),
                Op::Binary(op) => self.binary(*op, arg(0), arg(1)),
                Op::Ternary(Ternary::MulAdd) => arg(0) * arg(1) + arg(2),
                Op::Ternary(Ternary::Select) => {
                    let zero = arg(0).mul_scalar(0.0);
                    let taken = (arg(1) + zero.clone()).expand([chains, rows]);
                    let other = (arg(2) + zero).expand([chains, rows]);
                    let condition = arg(0).expand([chains, rows]).equal_elem(0.0);
                    taken.mask_where(condition, other)
                }
                Op::Ternary(op) => {
                    let columns = [0, 1, 2].map(|k| self.numbers(arg(k).expand([chains, rows])));
                    let data =
                        (0..chains * rows).map(|i| op.eval(columns[0][i], columns[1][i], columns[2][i]));
                    self.tensor(data.collect(), [chains, rows])
                }
                Op::Factor(op) => {
                    let of_chain = |k: usize| self.tape.node(node.args[k]).rows;
                    let columns: Vec<Vec<f64>> =
                        (0..op.arity()).map(|k| self.numbers(arg(k).expand([chains, of_chain(k)]))).collect();
                    let made = (0..chains).flat_map(|chain| {
                        let of = columns.iter().enumerate();
                        let operands = of.map(|(k, column)| &column[chain * of_chain(k)..][..of_chain(k)]);
                        op.eval(&operands.collect::<Vec<_>>())
                    });
                    self.tensor(made.collect(), [chains, rows])
                }
                Op::Sum => arg(0).sum_dim(1),
                Op::Dot => (arg(0) * arg(1)).sum_dim(1),
                Op::Gather(index) => arg(0).select(1, self.index(index)),
                Op::SegmentSum(index) => {
                    let source = arg(0);
                    let zeros = self.tensor(vec![0.0; source.dims()[0] * rows], [source.dims()[0], rows]);
                    zeros.select_assign(1, self.index(index), source, IndexingUpdateOp::Add)
                }
                Op::Slice { start } => {
                    let source = arg(0);
                    let chains = source.dims()[0];
                    source.slice([0..chains, *start..start + rows])
                }
                Op::Concat => {
                    let parts = (0..node.args.len()).map(|k| {
                        let rows = self.tape.node(node.args[k]).rows;
                        arg(k).expand([chains, rows])
                    });
                    Tensor::cat(parts.collect(), 1)
                }
                Op::MatVec { columns } => {
                    let matrix = arg(0).reshape([rows, *columns]);
                    arg(1).matmul(matrix.transpose())
                }
                Op::MatTVec { columns } => {
                    let matrix_rows = self.tape.node(node.args[1]).rows;
                    arg(1).matmul(arg(0).reshape([matrix_rows, *columns]))
                }
                op @ Op::Scan(_) => {
                    // Burn has no such loop: run on the host, chain by chain.
                    let args: Vec<(usize, Vec<f64>)> = (0..node.args.len())
                        .map(|k| (self.tape.node(node.args[k]).rows, self.numbers(arg(k))))
                        .collect();
                    let of_chain = |chain: usize| {
                        let columns: Vec<&[f64]> = args
                            .iter()
                            .map(|(rows, x)| &x[if x.len() == *rows { 0 } else { chain * rows }..][..*rows])
                            .collect();
                        fold(op, &columns, rows)
                    };
                    self.tensor((0..chains).flat_map(of_chain).collect(), [chains, rows])
                }
            };
            values.push(value);
        }
        let mut output = vec![0.0; chains * self.tape.output_rows];
        for run in &self.tape.outputs {
            let rows = self.tape.node(run.value).rows;
            let data = self.numbers(values[run.value.index()].clone().expand([chains, rows]));
            for chain in 0..chains {
                let start = chain * self.tape.output_rows + run.offset;
                output[start..start + rows].copy_from_slice(&data[chain * rows..(chain + 1) * rows]);
            }
        }
        output
    }

    fn numbers(&self, tensor: Tensor<2>) -> Vec<f64> {
        tensor.into_data().convert::<f64>().try_into_vec().unwrap_or_default()
    }

    fn unary(&self, op: Unary, x: Tensor<2>) -> Tensor<2> {
        burn_unary(op, &x).unwrap_or_else(|| {
            // Burn has no such function: computed on the host from the op table.
            let shape = x.dims();
            let data = self.numbers(x).into_iter().map(|x| op.eval(x)).collect();
            self.tensor(data, shape)
        })
    }

    fn binary(&self, op: Binary, a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
        match op {
            Binary::Add => a + b,
            Binary::Sub => a - b,
            Binary::Mul => a * b,
            Binary::Div => a / b,
            other => {
                let [chains, rows] = [0, 1].map(|k| a.dims()[k].max(b.dims()[k]));
                let (a, b) = (a.expand([chains, rows]), b.expand([chains, rows]));
                let data = self.numbers(a).into_iter().zip(self.numbers(b)).map(|(a, b)| other.eval(a, b));
                self.tensor(data.collect(), [chains, rows])
            }
        }
    }
}

impl LogDensity for EagerDensity {
    fn dim(&self) -> usize {
        self.tape.dim
    }

    fn evaluator(&self) -> Box<dyn Evaluator + '_> {
        Box::new(EagerEvaluator(self))
    }
}

struct EagerEvaluator<'a>(&'a EagerDensity);

impl Evaluator for EagerEvaluator<'_> {
    fn evaluate(&mut self, position: &[f64], log_density: &mut [f64], gradient: &mut [f64]) {
        let (dim, rows) = (self.0.tape.dim, self.0.tape.output_rows);
        let output = self.0.run(position, log_density.len());
        for (chain, output) in output.chunks_exact(rows).enumerate() {
            log_density[chain] = output[0];
            gradient[chain * dim..(chain + 1) * dim].copy_from_slice(&output[1..]);
        }
    }
}
