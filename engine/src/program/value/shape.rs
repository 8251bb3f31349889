//! Shapes as NumPy has them: broadcasting, and index vectors that say which element goes where.

/// The shape two shapes broadcast to, or `None` when they do not agree.
pub fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(rank).map_or(1, |k| shape[k]);
    (0..rank)
        .map(|axis| match (size(a, axis), size(b, axis)) {
            (1, n) | (n, 1) => Some(n),
            (m, n) => (m == n).then_some(n),
        })
        .collect()
}

/// Number of elements.
pub fn elements(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// C-order strides.
pub fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// For every element of `to`, in C order, the flat index of the element of `from` that broadcasting puts there.
pub fn broadcast_index(from: &[usize], to: &[usize]) -> Vec<u32> {
    let skipped = to.len() - from.len();
    let mut from_strides = vec![0; to.len()];
    for (axis, stride) in strides(from).into_iter().enumerate() {
        if from[axis] != 1 {
            from_strides[axis + skipped] = stride;
        }
    }
    strided_index(to, &from_strides, 0)
}

/// `offset + sum_axis position[axis] * strides[axis]` for every position of `shape` in C order.
pub fn strided_index(shape: &[usize], strides: &[usize], offset: usize) -> Vec<u32> {
    let mut out = vec![offset as u32];
    for (&size, &stride) in shape.iter().zip(strides) {
        out = out.iter().flat_map(|&base| (0..size).map(move |k| base + (k * stride) as u32)).collect();
    }
    out
}

/// `(2, 3)` as Python prints it.
pub fn display(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcasting_follows_numpy() {
        assert_eq!(broadcast(&[20, 1], &[100]), Some(vec![20, 100]));
        assert_eq!(broadcast(&[], &[3]), Some(vec![3]));
        assert_eq!(broadcast(&[2, 3], &[2]), None);
        assert_eq!(broadcast(&[0], &[1]), Some(vec![0]));
    }

    #[test]
    fn broadcast_index_repeats_the_missing_axes() {
        assert_eq!(broadcast_index(&[2, 1], &[2, 3]), [0, 0, 0, 1, 1, 1]);
        assert_eq!(broadcast_index(&[3], &[2, 3]), [0, 1, 2, 0, 1, 2]);
        assert_eq!(broadcast_index(&[], &[2]), [0, 0]);
    }
}
