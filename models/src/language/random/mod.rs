//! NumPy's random numbers, to the bit: what a file draws from a seed is what NumPy draws from it.
//!
//! There are two kinds of generators. `np.random.default_rng(seed)` is PCG64 with ziggurats; `np.random.seed(seed)` and
//! `np.random.RandomState(seed)` are the Mersenne twister with the algorithms of NumPy 1.16, which never change. Most
//! distributions share an algorithm and differ in the normal and exponential numbers that it starts from.
//!
//! Where NumPy changed an algorithm, this is NumPy 2.4.
//!
//! # References
//! - O'Neill (2014), PCG: A family of simple fast space-efficient statistically good algorithms for random number
//!   generation: XSL RR 128/64
//! - Matsumoto and Nishimura (1998), Mersenne twister, doi:10.1145/272991.272995
//! - NumPy 2.4, `numpy/random/src`

mod bounded;
mod continuous;
mod discrete;
mod hypergeometric;
mod seed;
mod several;
mod singular;
mod tables;
mod ziggurat;

use rand_mt::Mt;
use rand_pcg::Lcg128Xsl64;
use rand_pcg::rand_core::Rng;

pub(super) use seed::SeedSequence;
pub(super) use singular::{ROWS, singular};

/// A generator of NumPy.
#[derive(Clone, Debug)]
pub(super) struct Generator {
    bits: Bits,
    /// The other half of a 64-bit number whose first half was used.
    half: Option<u32>,
    /// The second number of a pair of normal numbers.
    normal: Option<f64>,
}

#[derive(Clone, Debug)]
enum Bits {
    Pcg { state: Lcg128Xsl64, seed: SeedSequence },
    Twister(Box<Mt>),
}

impl Generator {
    /// `np.random.default_rng(seed)`
    pub(super) fn new(seed: SeedSequence) -> Self {
        let [high, low, stream_high, stream_low] = seed.state().map(u128::from);
        let state = Lcg128Xsl64::new(high << 64 | low, stream_high << 64 | stream_low);
        Self { bits: Bits::Pcg { state, seed }, half: None, normal: None }
    }

    /// `np.random.RandomState(seed)` of a number.
    pub(super) fn legacy(seed: u32) -> Self {
        Self { bits: Bits::Twister(Box::new(Mt::new(seed))), half: None, normal: None }
    }

    /// `np.random.RandomState(seeds)` of several numbers.
    pub(super) fn legacy_of(seeds: Vec<u32>) -> Self {
        Self { bits: Bits::Twister(Box::new(Mt::new_with_key(seeds))), half: None, normal: None }
    }

    /// Whether this is the Mersenne twister of `np.random.seed`.
    pub(super) fn is_legacy(&self) -> bool {
        matches!(self.bits, Bits::Twister(_))
    }

    /// `rng.spawn(1)`; the Mersenne twister has no children.
    pub(super) fn spawn(&mut self) -> Option<Self> {
        match &mut self.bits {
            Bits::Pcg { seed, .. } => Some(Self::new(seed.spawn())),
            Bits::Twister(_) => None,
        }
    }

    fn next_u64(&mut self) -> u64 {
        match &mut self.bits {
            Bits::Pcg { state, .. } => state.next_u64(),
            Bits::Twister(twister) => {
                let high = u64::from(twister.next_u32());
                high << 32 | u64::from(twister.next_u32())
            }
        }
    }

    fn next_u32(&mut self) -> u32 {
        match &mut self.bits {
            Bits::Pcg { state, .. } => match self.half.take() {
                Some(half) => half,
                None => {
                    let both = state.next_u64();
                    self.half = Some((both >> 32) as u32);
                    both as u32
                }
            },
            Bits::Twister(twister) => twister.next_u32(),
        }
    }

    /// A number of [0, 1).
    pub(super) fn uniform(&mut self) -> f64 {
        match &mut self.bits {
            Bits::Pcg { state, .. } => (state.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0,
            Bits::Twister(twister) => {
                let (high, low) = (twister.next_u32() >> 5, twister.next_u32() >> 6);
                (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
            }
        }
    }
}
