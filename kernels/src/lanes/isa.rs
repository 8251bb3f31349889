//! Instruction sets, and the choice of one at run time.

use std::sync::OnceLock;

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Lanes, Pair, Portable, Task};

/// An instruction set the kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// AVX-512 (F, DQ, VL): eight lanes a register
    Avx512,
    /// AVX2 with FMA: four lanes a register
    Avx2,
    /// Whatever the binary was built for
    Portable,
}

impl Isa {
    /// The best that this processor has; asked once.
    pub fn best() -> Self {
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(|| Self::available()[0])
    }

    /// All that this processor has, best first.
    pub fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let avx512 = avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            if avx512 {
                found.push(Self::Avx512);
            }
            if avx2 {
                found.push(Self::Avx2);
            }
        }
        found.push(Self::Portable);
        found
    }
}

/// Runs `task` with eight lanes of the best instruction set.
///
/// # Safety
/// What `task` asks for beside the instruction set holds.
#[inline]
pub(crate) unsafe fn dispatch<T: Task>(task: T) -> T::Output {
    // SAFETY: `Isa::best` has found the instruction set on this processor; the caller answers for the rest.
    unsafe {
        match Isa::best() {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => Avx512::enter(task),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => Pair::<Avx2>::enter(task),
            _ => Pair::<Portable>::enter(task),
        }
    }
}
