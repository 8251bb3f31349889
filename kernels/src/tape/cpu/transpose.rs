//! Between chains outermost, as callers hold them, and chains innermost, as blocks do.

/// Writes `live` positions to the rows of a block; lanes past the last repeat it.
///
/// # Shapes
/// - `position`: `[live, dim]`
/// - `rows`: `[dim, width]`
pub(super) fn load(position: &[f64], dim: usize, live: usize, width: usize, rows: &mut [f64]) {
    match width {
        1 => rows.copy_from_slice(position),
        16 => load_lanes::<16>(position, dim, live, rows),
        8 => load_lanes::<8>(position, dim, live, rows),
        _ => load_lanes::<4>(position, dim, live, rows),
    }
}

fn load_lanes<const W: usize>(position: &[f64], dim: usize, live: usize, rows: &mut [f64]) {
    assert!(
        position.len() >= live * dim && rows.len() >= dim * W && (1..=W).contains(&live),
        "a block of {W}"
    );
    let starts: [usize; W] = std::array::from_fn(|lane| lane.min(live - 1) * dim);
    for i in 0..dim {
        for (lane, start) in starts.iter().enumerate() {
            // SAFETY: `start + i < live * dim` and `i * W + lane < dim * W`, which the assertion bounds.
            unsafe { *rows.get_unchecked_mut(i * W + lane) = *position.get_unchecked(start + i) }
        }
    }
}

/// Writes the rows of a block to the outputs of its `live` chains, `stride` elements apart.
///
/// # Shapes
/// - `rows`: `[n, width]`
/// - `output`: `[live, n]`, rows of `stride`
pub(super) fn store(rows: &[f64], width: usize, live: usize, output: &mut [f64], stride: usize) {
    match width {
        1 => output[..rows.len()].copy_from_slice(rows),
        16 => store_lanes::<16>(rows, live, output, stride),
        8 => store_lanes::<8>(rows, live, output, stride),
        _ => store_lanes::<4>(rows, live, output, stride),
    }
}

fn store_lanes<const W: usize>(rows: &[f64], live: usize, output: &mut [f64], stride: usize) {
    let n = rows.len() / W;
    assert!((1..=W).contains(&live) && output.len() >= (live - 1) * stride + n, "a block of {W}");
    for (i, row) in rows.chunks_exact(W).enumerate() {
        for (lane, &x) in row.iter().enumerate().take(live) {
            // SAFETY: `lane < live` and `i < n`, which the assertion bounds.
            unsafe { *output.get_unchecked_mut(lane * stride + i) = x }
        }
    }
}
