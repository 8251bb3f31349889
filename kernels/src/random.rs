//! Draw random numbers from keys: pure functions of (seed, chain, draw, purpose, lane), with no generator to advance.
//!
//! ```text
//! words[0..4] = Philox4x32-10(counter = (block, purpose, draw, chain), key = seed)
//! uniform lane 2b + h:   (53 high bits of words[2h], words[2h + 1]  +  1) / 2^53          in (0, 1]
//! normal lanes 2b, 2b+1: Box-Muller of block b: sqrt(-2 ln u) (cos a, sin a)
//! ```
//!
//! Two different keys never share a block, so what a chain draws does not depend on threads, on batches, or on how
//! many chains there are. Logarithm, sine and cosine are evaluated here with additions, multiplications, one division
//! and one square root, so the normals have the same bits on every processor, vectorised or not.
//!
//! # References
//! - Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, section 3.3 (Philox).
//!   doi:10.1145/2063384.2063405
//! - Box, Muller (1958), A note on the generation of random normal deviates. doi:10.1214/aoms/1177706645
//! - Sun Microsystems (1993), fdlibm: `e_log.c`, `k_sin.c`, `k_cos.c` (the polynomials).

/// Names a stream of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    seed: u64,
    chain: u32,
    draw: u32,
    purpose: u32,
}

/// Blocks that are computed together; each gives two uniforms or two normals.
const WIDTH: usize = 8;
/// Numbers in a chunk of [`WIDTH`] blocks.
const CHUNK: usize = 2 * WIDTH;

impl Key {
    /// Names the stream of one purpose in one draw of one chain.
    pub const fn new(seed: u64, chain: u32, draw: u32, purpose: u32) -> Self {
        Self { seed, chain, draw, purpose }
    }

    /// Returns the four random words of a block.
    pub fn block(self, index: u32) -> [u32; 4] {
        self.words::<1>(index).map(|word| word[0] as u32)
    }

    /// Returns one uniform number in (0, 1], a multiple of 2^-53.
    pub fn uniform(self, lane: u32) -> f64 {
        uniforms(&self.words::<1>(lane / 2))[0][lane as usize % 2]
    }

    /// Returns one exponential number of mean 1.
    pub fn exponential(self, lane: u32) -> f64 {
        -logarithm(self.uniform(lane))
    }

    /// Returns one standard normal number.
    pub fn normal(self, lane: u32) -> f64 {
        normals(&self.words::<1>(lane / 2))[0][lane as usize % 2]
    }

    /// Writes the uniforms of lanes `first_lane..`, the numbers that [`Key::uniform`] returns one by one.
    ///
    /// # Panics
    /// When `first_lane` is odd.
    pub fn fill_uniform(self, first_lane: u32, out: &mut [f64]) {
        assert!(first_lane.is_multiple_of(2), "lane {first_lane} is not the first of its block");
        fill(self, first_lane / 2, out, Shape::Uniform);
    }

    /// Writes the standard normals of lanes `0..out.len()`, the numbers that [`Key::normal`] returns one by one.
    pub fn fill_normal(self, out: &mut [f64]) {
        fill(self, 0, out, Shape::Normal);
    }

    /// Returns word `w` of block `first + i` in `[w][i]`, each in the low half of its 64 bits.
    #[inline(always)]
    fn words<const N: usize>(self, first: u32) -> [[u64; N]; 4] {
        let mut a: [u64; N] = std::array::from_fn(|i| u64::from(first.wrapping_add(i as u32)));
        let mut b = [u64::from(self.purpose); N];
        let mut c = [u64::from(self.draw); N];
        let mut d = [u64::from(self.chain); N];
        let (mut low, mut high) = (self.seed as u32, (self.seed >> 32) as u32);
        for _ in 0..ROUNDS {
            for i in 0..N {
                let (first, second) = ((a[i] & LOW) * FACTORS[0], (c[i] & LOW) * FACTORS[1]);
                a[i] = (second >> 32) ^ b[i] ^ u64::from(low);
                c[i] = (first >> 32) ^ d[i] ^ u64::from(high);
                (b[i], d[i]) = (second, first);
            }
            (low, high) = (low.wrapping_add(KEY_STEPS[0]), high.wrapping_add(KEY_STEPS[1]));
        }
        low_halves([a, b, c, d])
    }

    /// The words of [`Key::words`], four blocks a register: compilers do not find this by themselves.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn words_avx2(self, first: u32) -> [[u64; WIDTH]; 4] {
        use std::arch::x86_64::*;
        let all = |word: u32| _mm256_set1_epi64x(i64::from(word));
        let factors = [_mm256_set1_epi64x(FACTORS[0] as i64), _mm256_set1_epi64x(FACTORS[1] as i64)];
        let block = |i: u32| i64::from(first.wrapping_add(i));
        let mut a = [
            _mm256_set_epi64x(block(3), block(2), block(1), block(0)),
            _mm256_set_epi64x(block(7), block(6), block(5), block(4)),
        ];
        let (mut b, mut c, mut d) = ([all(self.purpose); 2], [all(self.draw); 2], [all(self.chain); 2]);
        let (mut low, mut high) = (all(self.seed as u32), all((self.seed >> 32) as u32));
        let steps = [all(KEY_STEPS[0]), all(KEY_STEPS[1])];
        for _ in 0..ROUNDS {
            for i in 0..2 {
                let (first, second) =
                    (_mm256_mul_epu32(a[i], factors[0]), _mm256_mul_epu32(c[i], factors[1]));
                a[i] = _mm256_xor_si256(_mm256_srli_epi64::<32>(second), _mm256_xor_si256(b[i], low));
                c[i] = _mm256_xor_si256(_mm256_srli_epi64::<32>(first), _mm256_xor_si256(d[i], high));
                (b[i], d[i]) = (second, first);
            }
            (low, high) = (_mm256_add_epi64(low, steps[0]), _mm256_add_epi64(high, steps[1]));
        }
        // SAFETY: both have 256 bytes, and every pattern of bits is a value of both.
        let words = unsafe { std::mem::transmute::<[[__m256i; 2]; 4], [[u64; WIDTH]; 4]>([a, b, c, d]) };
        low_halves(words)
    }
}

/// Philox's rounds, its multipliers, and what its key grows by in each round.
const ROUNDS: usize = 10;
const FACTORS: [u64; 2] = [0xd251_1f53, 0xcd9e_8d57];
const KEY_STEPS: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
const LOW: u64 = 0xffff_ffff;

#[inline(always)]
fn low_halves<const N: usize>(mut words: [[u64; N]; 4]) -> [[u64; N]; 4] {
    words.as_flattened_mut().iter_mut().for_each(|word| *word &= LOW);
    words
}

/// What a block is made into.
#[derive(Clone, Copy)]
enum Shape {
    Uniform,
    Normal,
}

/// Fills `out` from block `first` on, with the widest instructions the processor has.
fn fill(key: Key, first: u32, out: &mut [f64], shape: Shape) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, checked on the line above.
        return unsafe { fill_avx2(key, first, out, shape) };
    }
    fill_portable(key, first, out, shape);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn fill_avx2(key: Key, first: u32, out: &mut [f64], shape: Shape) {
    for (chunk, block) in out.chunks_mut(CHUNK).zip((first..).step_by(WIDTH)) {
        shape.write(&key.words_avx2(block), chunk);
    }
}

fn fill_portable(key: Key, first: u32, out: &mut [f64], shape: Shape) {
    for (chunk, block) in out.chunks_mut(CHUNK).zip((first..).step_by(WIDTH)) {
        shape.write(&key.words::<WIDTH>(block), chunk);
    }
}

impl Shape {
    #[inline(always)]
    fn write(self, words: &[[u64; WIDTH]; 4], chunk: &mut [f64]) {
        let pairs = match self {
            Self::Uniform => uniforms(words),
            Self::Normal => normals(words),
        };
        chunk.copy_from_slice(&pairs.as_flattened()[..chunk.len()]);
    }
}

/// Two uniforms of each block.
#[inline(always)]
fn uniforms<const N: usize>(words: &[[u64; N]; 4]) -> [[f64; 2]; N] {
    std::array::from_fn(|i| [unit(words[0][i], words[1][i]), unit(words[2][i], words[3][i])])
}

/// Two standard normals of each block; the radius comes from the first two words, the angle from the others.
#[inline(always)]
fn normals<const N: usize>(words: &[[u64; N]; 4]) -> [[f64; 2]; N] {
    let mut pairs = [[0.0; 2]; N];
    for i in 0..N {
        let radius = (-2.0 * logarithm(unit(words[0][i], words[1][i]))).sqrt();
        let (sine, cosine) = sine_cosine(words[2][i], words[3][i]);
        pairs[i] = [radius * cosine, radius * sine];
    }
    pairs
}

/// A 52-bit integer as a float, without the conversion instruction that older vector units lack.
#[inline(always)]
fn float(integer: u64) -> f64 {
    const TWO_TO_52: f64 = 4_503_599_627_370_496.0;
    f64::from_bits(TWO_TO_52.to_bits() | integer) - TWO_TO_52
}

/// The 53 high bits of two words as a number in (0, 1].
#[inline(always)]
fn unit(high: u64, low: u64) -> f64 {
    const TWO_TO_21: f64 = 2_097_152.0;
    const TWO_TO_MINUS_53: f64 = 1.0 / 9_007_199_254_740_992.0;
    (float(high) * TWO_TO_21 + (float(low >> 11) + 1.0)) * TWO_TO_MINUS_53
}

/// Natural logarithm of a positive normal number (fdlibm's `e_log.c`).
///
/// With `x = 2^k (1 + f)` and `s = f / (2 + f)`: `ln(1 + f) = 2 atanh(s)`, a polynomial in `s^2`.
#[inline(always)]
fn logarithm(x: f64) -> f64 {
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const ROOT_HALF: u64 = 0x3fe6_a09e_0000_0000;
    let shifted = x.to_bits() + (ONE - ROOT_HALF);
    let k = float(shifted >> 52) - 1023.0;
    let f = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff) + ROOT_HALF) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even =
        w * (3.999_999_999_940_942e-1 + w * (2.222_219_843_214_978_4e-1 + w * 1.531_383_769_920_937_3e-1));
    let odd = z
        * (6.666_666_666_666_735e-1
            + w * (2.857_142_874_366_239e-1
                + w * (1.818_357_216_161_805e-1 + w * 1.479_819_860_511_658_6e-1)));
    let half_square = 0.5 * f * f;
    s * (half_square + (even + odd)) + k * 1.908_214_929_270_587_7e-10 - half_square
        + f
        + k * 6.931_471_803_691_238e-1
}

/// Sine and cosine of an angle that is uniform on the circle: two bits choose the quadrant, the others the place in it.
#[inline(always)]
fn sine_cosine(high: u64, low: u64) -> (f64, f64) {
    const TWO_TO_MINUS_51: f64 = 1.0 / 2_251_799_813_685_248.0;
    let quadrant = high >> 30;
    let fraction = float(((high & 0x3fff_ffff) << 21) | (low >> 11)) * TWO_TO_MINUS_51;
    let x = (fraction - 0.5) * std::f64::consts::FRAC_PI_2;
    let z = x * x;
    let sine = x + x
        * z
        * (-1.666_666_666_666_663_2e-1
            + z * (8.333_333_333_322_49e-3
                + z * (-1.984_126_982_985_795e-4
                    + z * (2.755_731_370_707_006_8e-6
                        + z * (-2.505_076_025_340_686_3e-8 + z * 1.589_690_995_211_55e-10)))));
    let cosine = 1.0 - 0.5 * z
        + z * z
            * (4.166_666_666_666_66e-2
                + z * (-1.388_888_888_887_411e-3
                    + z * (2.480_158_728_947_673e-5
                        + z * (-2.755_731_435_139_066_3e-7
                            + z * (2.087_572_321_298_175e-9 + z * -1.135_964_755_778_819_5e-11)))));
    let odd = quadrant & 1 == 1;
    let (first, second) = if odd { (cosine, sine) } else { (sine, cosine) };
    let signed = |value: f64, negative: u64| f64::from_bits(value.to_bits() ^ ((negative & 2) << 62));
    (signed(first, quadrant), signed(second, quadrant + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
        let seed = u64::from(key[0]) | u64::from(key[1]) << 32;
        Key::new(seed, counter[3], counter[2], counter[1]).block(counter[0])
    }

    /// The vectors of Random123's `kat_vectors` for `philox4x32 10`.
    #[test]
    fn philox_gives_the_published_words() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
        assert_eq!(
            philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
            [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
        );
    }

    #[test]
    fn filled_lanes_equal_single_lanes() {
        let key = Key::new(7, 3, 11, 2);
        let (mut uniform, mut normal) = (vec![0.0; 45], vec![0.0; 45]);
        key.fill_uniform(6, &mut uniform);
        key.fill_normal(&mut normal);
        for lane in 0..45 {
            assert_eq!(uniform[lane].to_bits(), key.uniform(lane as u32 + 6).to_bits());
            assert_eq!(normal[lane].to_bits(), key.normal(lane as u32).to_bits());
        }
    }

    #[test]
    fn portable_fill_equals_the_dispatched_one() {
        let key = Key::new(1, 2, 3, 4);
        let (mut dispatched, mut portable) = (vec![0.0; 1001], vec![0.0; 1001]);
        fill(key, 5, &mut dispatched, Shape::Normal);
        fill_portable(key, 5, &mut portable, Shape::Normal);
        assert_eq!(dispatched, portable);
    }

    #[test]
    fn uniforms_stay_in_the_half_open_interval() {
        assert_eq!(unit(0, 0), (2f64).powi(-53));
        assert_eq!(unit(0xffff_ffff, 0xffff_ffff), 1.0);
        assert_eq!(unit(0x8000_0000, 0), 0.5 + (2f64).powi(-53));
    }

    /// The standard library is the reference; the tolerance is in units of the last place.
    #[test]
    fn logarithm_sine_and_cosine_match_the_standard_library() {
        let key = Key::new(42, 0, 0, 0);
        for lane in 0..20_000 {
            let u = key.uniform(lane).powi(1 + lane as i32 % 9);
            assert!((logarithm(u) - u.ln()).abs() <= 2.0 * f64::EPSILON * u.ln().abs(), "ln {u}");
            let [high, low, ..] = key.block(lane).map(u64::from);
            let turn = ((high << 21 | low >> 11) as f64) * (2f64).powi(-53) - 0.125;
            let (sine, cosine) = (std::f64::consts::TAU * turn).sin_cos();
            let (seen_sine, seen_cosine) = sine_cosine(high, low);
            assert!((seen_sine - sine).abs() <= 6.0 * f64::EPSILON, "sine of {turn} turns");
            assert!((seen_cosine - cosine).abs() <= 6.0 * f64::EPSILON, "cosine of {turn} turns");
        }
    }

    /// Raw moments against 0, 1, 0, 3, and the correlation inside a block against 0, in standard errors.
    #[test]
    fn normals_have_the_moments_of_a_normal() {
        let count = 400_000;
        let mut x = vec![0.0; count];
        Key::new(3, 0, 0, 9).fill_normal(&mut x);
        let root = (count as f64).sqrt();
        let mean = |power: i32| x.iter().map(|v| v.powi(power)).sum::<f64>() / count as f64;
        assert!((mean(1) * root).abs() < 4.0);
        assert!(((mean(2) - 1.0) * root / 2f64.sqrt()).abs() < 4.0);
        assert!((mean(3) * root / 15f64.sqrt()).abs() < 4.0);
        assert!(((mean(4) - 3.0) * root / 96f64.sqrt()).abs() < 4.0);
        let product = x.chunks(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / (count as f64 / 2.0);
        assert!((product * root / 2f64.sqrt()).abs() < 4.0);
    }

    #[test]
    fn exponentials_have_mean_and_variance_one() {
        let count = 100_000u32;
        let key = Key::new(5, 1, 0, 0);
        let x: Vec<f64> = (0..count).map(|lane| key.exponential(lane)).collect();
        let mean = x.iter().sum::<f64>() / f64::from(count);
        let square = x.iter().map(|v| v * v).sum::<f64>() / f64::from(count);
        assert!((mean - 1.0).abs() * f64::from(count).sqrt() < 4.0);
        assert!((square - 2.0).abs() * f64::from(count).sqrt() / 20f64.sqrt() < 4.0);
    }

    #[test]
    fn keys_that_differ_in_one_part_give_other_words() {
        let words =
            [(1, 0, 0, 0), (1 << 32, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0, 0, 0, 0)]
                .map(|(seed, chain, draw, purpose)| Key::new(seed, chain, draw, purpose).block(0));
        for (i, first) in words.iter().enumerate() {
            assert!(words[i + 1..].iter().all(|second| first != second));
        }
    }
}
