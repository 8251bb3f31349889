//! Draws standard normal and exponential numbers: by ziggurats, or as the Mersenne twister of NumPy always did.
//!
//! # References
//! - Marsaglia and Tsang (2000), The ziggurat method for generating random variables, doi:10.18637/jss.v005.i08
//! - Marsaglia and Bray (1964), A convenient method for generating normal variables: the polar method

use super::Generator;
use super::tables::{
    EXPONENTIAL_ACCEPTED, EXPONENTIAL_DENSITY, EXPONENTIAL_WIDTH, NORMAL_ACCEPTED, NORMAL_DENSITY,
    NORMAL_WIDTH,
};

/// Where the tail of the normal density begins, its reciprocal, and where that of the exponential begins.
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const NORMAL_TAIL_RECIPROCAL: f64 = 0.273_661_237_329_758_3;
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;

fn density(table: &[u64; 256], layer: usize) -> f64 {
    f64::from_bits(table[layer])
}

impl Generator {
    /// A standard normal number.
    pub(in crate::language) fn standard_normal(&mut self) -> f64 {
        if self.is_legacy() { self.polar() } else { self.normal_ziggurat() }
    }

    /// A standard exponential number.
    pub(in crate::language) fn standard_exponential(&mut self) -> f64 {
        if self.is_legacy() { -(1.0 - self.uniform()).ln() } else { self.exponential_ziggurat() }
    }

    fn polar(&mut self) -> f64 {
        if let Some(second) = self.normal.take() {
            return second;
        }
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let scale = (-2.0 * square.ln() / square).sqrt();
                self.normal = Some(scale * x);
                return scale * y;
            }
        }
    }

    fn normal_ziggurat(&mut self) -> f64 {
        loop {
            let bits = self.next_u64();
            let layer = (bits & 0xff) as usize;
            let is_negative = bits >> 8 & 1 == 1;
            let integer = bits >> 9 & 0x000f_ffff_ffff_ffff;
            let size = integer as f64 * f64::from_bits(NORMAL_WIDTH[layer]);
            let x = if is_negative { -size } else { size };
            if integer < NORMAL_ACCEPTED[layer] {
                return x;
            }
            if layer == 0 {
                loop {
                    let beyond = -NORMAL_TAIL_RECIPROCAL * (-self.uniform()).ln_1p();
                    let height = -(-self.uniform()).ln_1p();
                    if height + height > beyond * beyond {
                        let x = NORMAL_TAIL + beyond;
                        return if integer >> 8 & 1 == 1 { -x } else { x };
                    }
                }
            }
            let (above, below) = (density(&NORMAL_DENSITY, layer - 1), density(&NORMAL_DENSITY, layer));
            if (above - below) * self.uniform() + below < (-0.5 * x * x).exp() {
                return x;
            }
        }
    }

    fn exponential_ziggurat(&mut self) -> f64 {
        loop {
            let bits = self.next_u64() >> 3;
            let layer = (bits & 0xff) as usize;
            let integer = bits >> 8;
            let x = integer as f64 * f64::from_bits(EXPONENTIAL_WIDTH[layer]);
            if integer < EXPONENTIAL_ACCEPTED[layer] {
                return x;
            }
            if layer == 0 {
                return EXPONENTIAL_TAIL - (-self.uniform()).ln_1p();
            }
            let (above, below) =
                (density(&EXPONENTIAL_DENSITY, layer - 1), density(&EXPONENTIAL_DENSITY, layer));
            if (above - below) * self.uniform() + below < (-x).exp() {
                return x;
            }
        }
    }
}
