//! Random tapes of every kind of operation, for the tests of all executors.

use chainfire_kernels::tape::{Binary, Op, Scan, Tape, TapeBuilder, Ternary, Unary, ValueId, verify};

/// Reproducible numbers: splitmix64.
pub struct Source(pub u64);

impl Source {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Between -2 and 2, in single precision: both executors see the same number.
    pub fn number(&mut self) -> f64 {
        f64::from(((self.bits() >> 11) as f64 / (1u64 << 51) as f64 - 2.0) as f32)
    }

    pub fn numbers(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.number()).collect()
    }

    /// `n` numbers below `bound`, in order every other time.
    pub fn index(&mut self, n: usize, bound: usize) -> Vec<u32> {
        let mut index: Vec<u32> = (0..n).map(|_| self.below(bound) as u32).collect();
        if self.below(2) == 0 {
            index.sort_unstable();
        }
        index
    }
}

/// Functions that jump: applied to inputs and data alone, where all executors see the same bits.
const JUMPING: &[Unary] = &[Unary::Sign, Unary::Floor, Unary::Ceil, Unary::Round, Unary::Not, Unary::IsNan];

struct RandomTape<'a> {
    source: &'a mut Source,
    builder: TapeBuilder,
    values: Vec<ValueId>,
    leaves: Vec<ValueId>,
}

impl RandomTape<'_> {
    fn of_rows(&mut self, from: fn(&Self) -> &[ValueId], rows: &[usize]) -> ValueId {
        let fits: Vec<ValueId> =
            from(self).iter().copied().filter(|&v| rows.contains(&self.builder.rows(v))).collect();
        self.source.pick(&fits)
    }

    /// A value of `rows` rows, or sometimes of one.
    fn operand(&mut self, rows: usize) -> ValueId {
        self.of_rows(|tape| &tape.values, &[1, rows])
    }

    fn column(&mut self, rows: usize) -> ValueId {
        self.of_rows(|tape| &tape.values, &[rows])
    }

    fn leaf(&mut self, rows: usize) -> ValueId {
        self.of_rows(|tape| &tape.leaves, &[rows])
    }

    /// `v / (1 + |v|)`: keeps what follows well conditioned.
    fn tame(&mut self, v: ValueId) -> ValueId {
        let one = self.builder.constant([1.0]);
        let magnitude = self.builder.unary(Unary::Abs, v);
        let bound = self.builder.binary(Binary::Add, magnitude, one);
        self.builder.binary(Binary::Div, v, bound)
    }

    /// A value from 1/2 on.
    fn positive(&mut self, v: ValueId) -> ValueId {
        let half = self.builder.constant([0.5]);
        let magnitude = self.builder.unary(Unary::Abs, v);
        self.builder.binary(Binary::Add, magnitude, half)
    }

    fn elementwise(&mut self, rows: usize) -> ValueId {
        let x = self.operand(rows);
        match self.source.below(10) {
            0..4 => {
                let op = self.source.pick(Unary::ALL);
                let x = match op {
                    _ if JUMPING.contains(&op) => self.leaf(rows),
                    Unary::Exp | Unary::Neg | Unary::Abs | Unary::Softplus | Unary::Sigmoid => x,
                    Unary::Tan => self.tame(x),
                    Unary::Erfinv | Unary::NormalQuantile => {
                        let (quarter, above) = (self.builder.constant([0.25]), self.positive(x));
                        self.builder.binary(Binary::Div, quarter, above)
                    }
                    _ => self.positive(x),
                };
                self.builder.unary(op, x)
            }
            4..8 => {
                let op = self.source.pick(Binary::ALL);
                let y = self.operand(rows);
                let (x, y) = match op {
                    Binary::Add | Binary::Sub | Binary::Mul => (x, y),
                    Binary::Div => (x, self.positive(y)),
                    Binary::Pow => (self.positive(x), y),
                    Binary::LogGammaP(_) | Binary::LogGammaQ(_) => {
                        // Of one row: a software device refuses the turns that series of many rows could take.
                        let (x, y) = (self.column(1), self.column(1));
                        let (x, y) = (self.tame(x), self.tame(y));
                        (self.positive(x), self.positive(y))
                    }
                    _ => (self.leaf(rows), self.leaf(rows)),
                };
                self.builder.binary(op, x, y)
            }
            8 => {
                let (y, z) = (self.operand(rows), self.operand(rows));
                self.builder.ternary(Ternary::MulAdd, x, y, z)
            }
            _ => {
                let (a, b) = (self.leaf(rows), self.leaf(rows));
                let condition = self.builder.binary(Binary::Lower, a, b);
                let y = self.operand(rows);
                self.builder.ternary(Ternary::Select, condition, x, y)
            }
        }
    }

    fn across_rows(&mut self, rows: usize, others: &[usize]) -> ValueId {
        let x = self.column(rows);
        let other = self.source.pick(others);
        match self.source.below(9) {
            0 => self.builder.sum(x),
            1 => {
                let y = self.column(rows);
                self.builder.dot(x, y)
            }
            2 => {
                let index = self.source.index(other, rows);
                self.builder.gather(x, index)
            }
            3 => {
                let index = self.source.index(rows, other);
                self.builder.segment_sum(x, index, other)
            }
            4 => {
                let start = self.source.below(rows);
                let count = 1 + self.source.below(rows - start);
                self.builder.push(Op::Slice { start }, vec![x], count)
            }
            5 => {
                let y = self.column(other);
                self.builder.push(Op::Concat, vec![x, y, x], 2 * rows + other)
            }
            6 if rows * other < 100_000 => {
                let data = self.source.numbers(rows * other);
                let matrix = self.builder.constant(data);
                self.builder.push(Op::MatVec { columns: rows }, vec![matrix, x], other)
            }
            7 if rows * other < 100_000 => {
                let data = self.source.numbers(rows * other);
                let matrix = self.builder.constant(data);
                self.builder.push(Op::MatTVec { columns: other }, vec![matrix, x], other)
            }
            8 => self.scan(rows),
            _ => self.builder.dot(x, x),
        }
    }

    /// A recurrence over `rows` turns, forward or backward, whose carries stay between -1 and 1.
    fn scan(&mut self, rows: usize) -> ValueId {
        let (carries, others) = (1 + self.source.below(3), 1 + self.source.below(4));
        let mut body = TapeBuilder::new(carries + others);
        let mut values: Vec<ValueId> = (0..carries + others).map(|i| body.input(i, 1)).collect();
        let number = self.source.number();
        values.push(body.constant([number]));
        for _ in 0..8 {
            let [x, y, z] = [0, 1, 2].map(|_| self.source.pick(&values));
            values.push(match self.source.below(5) {
                0 => body.binary(Binary::Add, x, y),
                1 => body.binary(Binary::Mul, x, y),
                2 => body.ternary(Ternary::MulAdd, x, y, z),
                3 => {
                    let small = body.unary(Unary::Sigmoid, x);
                    body.unary(Unary::Exp, small)
                }
                _ => body.unary(Unary::Tanh, x),
            });
        }
        for i in 0..carries {
            // A number made by the body, or a carry that moves on as it is.
            let v = self.source.pick(&values);
            let v = if v.index() < carries { v } else { body.unary(Unary::Tanh, v) };
            body.output(i, v);
        }
        let is_backward = self.source.below(2) == 0;
        let scan = Scan { body: body.finish(carries), steps: rows, is_backward };
        let initial = (0..carries).map(|_| self.of_rows(|tape| &tape.values, &[1])).collect::<Vec<_>>();
        let others = (0..others).map(|_| self.operand(rows)).collect::<Vec<_>>();
        self.builder.scan(scan, [initial, others].concat())
    }
}

/// A tape over columns of `sizes`, with an output for every value, and gaps between them.
pub fn random_tape(source: &mut Source, sizes: &[usize], operations: usize) -> Tape {
    let dim = sizes.iter().sum::<usize>() + 3;
    let mut tape = RandomTape { source, builder: TapeBuilder::new(dim), values: vec![], leaves: vec![] };
    let mut offset = 1;
    for &rows in sizes {
        tape.leaves.push(tape.builder.input(offset, rows));
        offset += rows;
        let data = tape.source.numbers(rows);
        tape.leaves.push(tape.builder.constant(data));
    }
    tape.values = tape.leaves.clone();
    let mut results = Vec::new();
    for _ in 0..operations {
        let rows = tape.source.pick(sizes);
        let v =
            if tape.source.below(3) == 0 { tape.across_rows(rows, sizes) } else { tape.elementwise(rows) };
        let v = tape.tame(v);
        if sizes.contains(&tape.builder.rows(v)) {
            tape.values.push(v);
        } else {
            results.push(v);
        }
    }
    results.extend(&tape.values);
    results.sort_unstable();
    results.dedup();
    let mut builder = tape.builder;
    let mut row = 2;
    for v in results {
        builder.output(row, v);
        row += builder.rows(v);
    }
    let tape = builder.finish(row + 1);
    verify(&tape).expect("the tape is well formed");
    tape
}
