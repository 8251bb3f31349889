//! Draw on the device the random numbers that [`crate::random`] draws on the host.
//!
//! The words are the same to the bit; uniforms and normals are those of the host in single precision. Every device is
//! tested for it when it is opened.

use cubecl::prelude::*;

use super::super::math::unary;
use super::super::{GpuDevice, GpuError};
use crate::random::Key;
use crate::tape::ops::Unary;

/// Lane `i`: element `i` of the momentum.
pub(super) const MOMENTUM: u32 = 2;
/// Lane 0: directions. Lane 1: jitter of the step size. The others, in the order of need: acceptances.
pub(super) const CHOICE: u32 = 3;

/// Rounds of Philox.
pub(super) const ROUNDS: usize = 10;

/// The random words of a block.
#[derive(CubeType, Clone, Copy)]
pub(super) struct Words {
    pub a: u32,
    pub b: u32,
    pub c: u32,
    pub d: u32,
}

/// Names the random numbers of one draw.
#[derive(CubeType, Clone, Copy)]
pub(super) struct DrawKey {
    pub seed_low: u32,
    pub seed_high: u32,
    pub chain: u32,
    pub draw: u32,
}

/// The high word of a product, by halves: not every device has longer integers.
#[cube]
fn high_product(a: u32, b: u32) -> u32 {
    let low = (a & 0xffffu32) * (b & 0xffffu32);
    let middle = (a >> 16u32) * (b & 0xffffu32) + (low >> 16u32);
    let other_middle = (a & 0xffffu32) * (b >> 16u32) + (middle & 0xffffu32);
    (a >> 16u32) * (b >> 16u32) + (middle >> 16u32) + (other_middle >> 16u32)
}

/// Philox4x32-10.
#[cube]
pub(super) fn block(key: &DrawKey, purpose: u32, index: u32, zero: u32) -> Words {
    let mut a = index ^ zero;
    let mut b = purpose ^ zero;
    let mut c = key.draw ^ zero;
    let mut d = key.chain ^ zero;
    let mut low = key.seed_low ^ zero;
    let mut high = key.seed_high ^ zero;
    let mut round = zero;
    while round < comptime!(ROUNDS as u32) + zero {
        let first = a * 0xd251_1f53u32;
        let first_high = high_product(a, 0xd251_1f53u32);
        let second = c * 0xcd9e_8d57u32;
        let second_high = high_product(c, 0xcd9e_8d57u32);
        a = second_high ^ b ^ low;
        b = second;
        c = first_high ^ d ^ high;
        d = first;
        low += 0x9e37_79b9u32;
        high += 0xbb67_ae85u32;
        round += 1u32;
    }
    Words { a, b, c, d }
}

/// A number in (0, 1], to single precision also near zero.
#[cube]
pub(super) fn unit(high: u32, low: u32) -> f32 {
    let rest = (f32::cast_from(low) + 1.0f32) * 2.3283064e-10f32;
    (f32::cast_from(high) + rest) * 2.3283064e-10f32
}

/// Element `lane` of a vector of standard normals (Box, Muller).
#[cube]
pub(super) fn normal(key: &DrawKey, lane: u32, zero: u32) -> f32 {
    let words = block(key, comptime!(MOMENTUM), lane >> 1u32, zero);
    // Near one, the logarithm is taken of the distance from it.
    let near_one = unary(-unit(words.a ^ 0xffff_ffffu32, words.b ^ 0xffff_ffffu32), zero, Unary::Log1p);
    let elsewhere = unary(unit(words.a, words.b), zero, Unary::Log);
    let radius = (-2.0f32 * select(words.a >= 0x8000_0000u32, near_one, elsewhere)).sqrt();
    // Two bits of the angle are its quadrant.
    let centred = i32::cast_from(words.c & 0x3fff_ffffu32) - 0x2000_0000i32;
    let angle = f32::cast_from(centred) * 1.4629181e-9f32;
    let turn = (words.c >> 30u32) + ((lane & 1u32) ^ 1u32);
    let sine = unary(angle, zero, Unary::Sin);
    let cosine = unary(angle, zero, Unary::Cos);
    let magnitude = select((turn & 1u32) == 1u32, cosine, sine);
    radius * select((turn & 2u32) == 2u32, -magnitude, magnitude)
}

/// Blocks of the self-test.
const BLOCKS: usize = 1000;

#[cube(launch)]
fn numbers(words: &mut [u32], uniforms: &mut [f32], normals: &mut [f32], zero: u32) {
    let index = ABSOLUTE_POS;
    if index < BLOCKS {
        let key = DrawKey { seed_low: 0xa409_3822u32, seed_high: 0x299f_31d0u32, chain: 7u32, draw: 11u32 };
        let these = block(&key, comptime!(MOMENTUM), index as u32, zero);
        words[4 * index] = these.a;
        words[4 * index + 1] = these.b;
        words[4 * index + 2] = these.c;
        words[4 * index + 3] = these.d;
        uniforms[2 * index] = unit(these.a, these.b);
        uniforms[2 * index + 1] = unit(these.c, these.d);
        normals[2 * index] = normal(&key, 2 * index as u32, zero);
        normals[2 * index + 1] = normal(&key, 2 * index as u32 + 1u32, zero);
    }
}

/// Compares the words of a device with those of the host, and its numbers with the nearest.
///
/// # Errors
/// [`GpuError::Inexact`] where they differ.
pub(in crate::tape::gpu) fn self_test(device: &GpuDevice) -> Result<(), GpuError> {
    let client = &device.client;
    let handles = [4 * BLOCKS, 2 * BLOCKS, 2 * BLOCKS].map(|length| (client.empty(4 * length), length));
    // SAFETY: the buffers have been made with these lengths.
    let [words, uniforms, normals] =
        [0, 1, 2].map(|i: usize| unsafe { BufferArg::from_raw_parts(handles[i].0.clone(), handles[i].1) });
    let count = CubeCount::Static(BLOCKS.div_ceil(64) as u32, 1, 1);
    numbers::launch(client, count, CubeDim::new_1d(64), words, uniforms, normals, 0);
    let read = |i: usize| client.read_one(handles[i].0.clone()).map_err(|error| device.error(&error));
    let (words, uniforms, normals) = (read(0)?, read(1)?, read(2)?);
    let inexact =
        |what, seen, expected| GpuError::Inexact { device: device.name().into(), what, seen, expected };
    let key = Key::new(0x299f_31d0_a409_3822, 7, 11, MOMENTUM);
    for (index, seen) in u32::from_bytes(&words).chunks(4).enumerate() {
        for (&seen, expected) in seen.iter().zip(key.block(index as u32)) {
            if seen != expected {
                return Err(inexact("a random word", seen as f32, expected as f32));
            }
        }
    }
    for lane in 0..2 * BLOCKS {
        let (seen, expected) = (f32::from_bytes(&uniforms)[lane], key.uniform(lane as u32));
        let is_near = (f64::from(seen) / expected - 1.0).abs() < 2e-7;
        if !is_near {
            return Err(inexact("a uniform number", seen, expected as f32));
        }
        let (seen, expected) = (f32::from_bytes(&normals)[lane], key.normal(lane as u32));
        let is_near = (f64::from(seen) - expected).abs() < 1e-6 * (1.0 + expected.abs());
        if !is_near {
            return Err(inexact("a normal number", seen, expected as f32));
        }
    }
    Ok(())
}
