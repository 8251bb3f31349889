//! View the draws of one scalar quantity.

/// Draws of one scalar quantity, chain after chain.
///
/// # Shapes
/// - `values`: `[chains, draws]`
#[derive(Clone, Copy, Debug)]
pub struct ScalarDraws<'a> {
    values: &'a [f64],
    chains: usize,
}

impl<'a> ScalarDraws<'a> {
    /// Views `values` as `chains` chains of equal length.
    ///
    /// # Panics
    /// When there are no chains or the values do not divide evenly among them.
    pub fn new(values: &'a [f64], chains: usize) -> Self {
        assert!(
            chains > 0 && values.len().is_multiple_of(chains),
            "{} values cannot be {chains} chains",
            values.len()
        );
        Self { values, chains }
    }

    /// All values, chain after chain.
    pub fn values(self) -> &'a [f64] {
        self.values
    }

    /// Number of chains.
    pub fn chains(self) -> usize {
        self.chains
    }

    /// Number of draws of a chain.
    pub fn draws(self) -> usize {
        self.values.len() / self.chains
    }

    /// The draws of each chain alone.
    pub(super) fn each_chain(self) -> impl Iterator<Item = Self> {
        (0..self.chains).map(move |chain| {
            let draws = self.draws();
            Self { values: &self.values[chain * draws..][..draws], chains: 1 }
        })
    }

    /// True when nothing can be said about convergence: a chain has fewer than four draws, or a draw is NaN.
    pub(super) fn is_unusable(self) -> bool {
        self.draws() < 4 || self.values.iter().any(|value| value.is_nan())
    }

    /// The arithmetic mean.
    pub(super) fn mean(self) -> f64 {
        // Equal values have exactly their own value as mean, whatever their sum rounds to.
        match self.values.first() {
            Some(first) if self.values.iter().all(|value| value == first) => *first,
            _ => sum(self.values) / self.values.len() as f64,
        }
    }

    /// The squared distances from `center`.
    pub(super) fn squared_distances(self, center: f64) -> Vec<f64> {
        self.values.iter().map(|value| (value - center) * (value - center)).collect()
    }
}

/// The sum, over eight interleaved partial sums.
pub(super) fn sum(values: &[f64]) -> f64 {
    let mut partial = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (partial, value) in partial.iter_mut().zip(block) {
            *partial += value;
        }
    }
    partial.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

/// The sample variance, over the number of values less one; NaN for fewer than two values.
pub(super) fn variance(values: &[f64]) -> f64 {
    let mean = ScalarDraws { values, chains: 1 }.mean();
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    squares / (values.len() as f64 - 1.0)
}
