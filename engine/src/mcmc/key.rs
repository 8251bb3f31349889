//! Name the random numbers of a sampler: one stream for each purpose in each draw of each chain.

use chainfire_kernels::random::Key;

/// What random numbers are for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Lane `i`: where element `i` of the position starts. The draw is the number of the attempt.
    Start,
    /// Lane `i`: element `i` of the momentum with which a step size is tried.
    StepSearch,
    /// Lane `i`: element `i` of the momentum.
    Momentum,
    /// Lane 0: directions of the doublings. Lane 1: jitter of the step size. The others, in the order of need: whether
    /// a leaf becomes its subtree's choice, whether the subtree's choice becomes the tree's.
    Choice,
}

/// Names all random numbers of one draw.
#[derive(Clone, Copy)]
pub(crate) struct DrawKey {
    seed: u64,
    chain: u32,
    draw: u32,
}

impl DrawKey {
    /// Draws are counted from the first of warm-up.
    pub(crate) fn new(seed: u64, chain: u32, draw: u32) -> Self {
        Self { seed, chain, draw }
    }

    pub(crate) fn of(self, purpose: Purpose) -> Key {
        Key::new(self.seed, self.chain, self.draw, purpose as u32)
    }
}
