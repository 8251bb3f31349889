//! Between chains outermost, as callers hold them, and chains innermost, as blocks do.
//!
//! Both ways move squares of 4 x 4 through registers where the processor has AVX; edges go number by number.

/// Writes `live` positions to the rows of a block; lanes past the last repeat it.
///
/// # Shapes
/// - `position`: `[live, dim]`
/// - `rows`: `[dim, width]`
pub(super) fn load(position: &[f64], dim: usize, live: usize, width: usize, rows: &mut [f64]) {
    assert!(
        position.len() >= live * dim && rows.len() >= dim * width && (1..=width).contains(&live),
        "a block of {width}"
    );
    if width == 1 {
        return rows[..dim].copy_from_slice(&position[..dim]);
    }
    let whole = transpose(position, dim, rows, width, live / 4 * 4, dim);
    for lane in 0..width {
        let chain = &position[lane.min(live - 1) * dim..][..dim];
        let from = if lane < live / 4 * 4 { whole } else { 0 };
        for (i, &x) in chain.iter().enumerate().skip(from) {
            rows[i * width + lane] = x;
        }
    }
}

/// Writes the rows of a block to the outputs of its `live` chains, `stride` elements apart.
///
/// # Shapes
/// - `rows`: `[n, width]`
/// - `output`: `[live, n]`, rows of `stride`
pub(super) fn store(rows: &[f64], width: usize, live: usize, output: &mut [f64], stride: usize) {
    let n = rows.len() / width;
    assert!((1..=width).contains(&live) && output.len() >= (live - 1) * stride + n, "a block of {width}");
    if width == 1 {
        return output[..n].copy_from_slice(&rows[..n]);
    }
    let (whole, lanes) = (n / 4 * 4, live / 4 * 4);
    let done = transpose(rows, width, output, stride, whole, lanes);
    for lane in 0..live {
        let from = if lane < done { whole } else { 0 };
        for (x, row) in output[lane * stride..][..n].iter_mut().zip(rows.chunks_exact(width)).skip(from) {
            *x = row[lane];
        }
    }
}

/// Transposes the first `rows` rows (a multiple of four) of a matrix, as many whole fours of its first `columns`
/// columns as there are; returns how many columns it has done.
fn transpose(
    from: &[f64],
    from_stride: usize,
    to: &mut [f64],
    to_stride: usize,
    rows: usize,
    columns: usize,
) -> usize {
    let columns = columns / 4 * 4;
    #[cfg(target_arch = "x86_64")]
    if rows > 0 && columns > 0 && std::arch::is_x86_feature_detected!("avx") {
        assert!(
            from.len() >= (rows - 1) * from_stride + columns && to.len() >= (columns - 1) * to_stride + rows
        );
        // SAFETY: AVX is there; the assertion bounds every square.
        unsafe { squares(from.as_ptr(), from_stride, to.as_mut_ptr(), to_stride, rows, columns) };
        return columns;
    }
    0
}

/// # Safety
/// AVX is available; `from` has `rows` rows of `columns` elements, `to` the transpose; both counts are multiples of
/// four.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
unsafe fn squares(
    from: *const f64,
    from_stride: usize,
    to: *mut f64,
    to_stride: usize,
    rows: usize,
    columns: usize,
) {
    use std::arch::x86_64::{
        _mm256_loadu_pd, _mm256_permute2f128_pd, _mm256_storeu_pd, _mm256_unpackhi_pd, _mm256_unpacklo_pd,
    };
    for column in (0..columns).step_by(4) {
        for row in (0..rows).step_by(4) {
            // SAFETY: the caller's promise.
            unsafe {
                let [a, b, c, d] =
                    [0, 1, 2, 3].map(|k| _mm256_loadu_pd(from.add((row + k) * from_stride + column)));
                let (ab_even, ab_odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
                let (cd_even, cd_odd) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
                let square = [
                    _mm256_permute2f128_pd::<0x20>(ab_even, cd_even),
                    _mm256_permute2f128_pd::<0x20>(ab_odd, cd_odd),
                    _mm256_permute2f128_pd::<0x31>(ab_even, cd_even),
                    _mm256_permute2f128_pd::<0x31>(ab_odd, cd_odd),
                ];
                for (k, x) in square.into_iter().enumerate() {
                    _mm256_storeu_pd(to.add((column + k) * to_stride + row), x);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_transposes_at_every_size() {
        for (dim, width) in [(1, 4), (3, 8), (4, 4), (5, 16), (8, 16), (90, 16), (91, 8), (10, 1)] {
            for live in 1..=width {
                let position: Vec<f64> = (0..live * dim).map(|i| i as f64).collect();
                let mut rows = vec![f64::NAN; dim * width];
                load(&position, dim, live, width, &mut rows);
                for (k, x) in rows.iter().enumerate() {
                    let (i, lane) = (k / width, k % width);
                    assert_eq!(*x, position[lane.min(live - 1) * dim + i], "{dim} x {width}, {live} live");
                }
                let stride = dim + 2;
                let mut output = vec![-1.0; live * stride];
                store(&rows, width, live, &mut output, stride);
                for (k, x) in output.iter().enumerate() {
                    let (lane, i) = (k / stride, k % stride);
                    let expected = if i < dim { position[lane * dim + i] } else { -1.0 };
                    assert_eq!(*x, expected, "{dim} x {width}, {live} live");
                }
            }
        }
    }
}
