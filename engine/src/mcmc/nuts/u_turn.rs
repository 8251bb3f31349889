//! Check every balanced subtree of a trajectory for a U-turn while its leaves arrive one by one.
//!
//! ```text
//! turns(span) = min(first . sum, last . sum) <= 0            sum = sum of the momenta of all leaves of the span
//! join of A and B turns if  A + B,  A + first leaf of B,  or  last leaf of A + B  turns
//! ```
//!
//! Finished spans wait in a binary counter: slot `k` holds a span of `2^k` leaves or nothing. A new leaf is a span of
//! one; it is joined with slot 0, 1, ... as long as they are full, as a carry runs through a counter, and what results
//! is put into the first empty slot. That visits the spans in the order of Stan's recursion, which it replaces.
//!
//! Momenta are whitened: with a square root `L` of the metric and Stan's momentum `p` they are `L^T p`, so that dot
//! products need no weights.
//!
//! # References
//! - Betancourt (2017), A conceptual introduction to Hamiltonian Monte Carlo, appendix A.4.2. arXiv:1701.02434
//! - Stan Development Team (2019), `base_nuts.hpp`, `transition` and `build_tree` (the two checks across the joint).
//! - Lao, Dillon (2019) and Phan, Pradhan, Jankowiak (2019), section 3 (iterative trees). arXiv:1912.11554

use chainfire_kernels::trajectory;

/// A run of neighbouring leaves: the momenta of its first and last leaf in the order they were made, and of all.
///
/// # Shapes
/// - `first`, `last`, `sum`: `[dim]`
pub(super) struct Span {
    pub(super) first: Vec<f64>,
    pub(super) last: Vec<f64>,
    pub(super) sum: Vec<f64>,
}

impl Span {
    pub(super) fn new(dim: usize) -> Self {
        Self { first: vec![0.0; dim], last: vec![0.0; dim], sum: vec![0.0; dim] }
    }
}

/// The finished spans of a subtree that grows leaf by leaf.
pub(super) struct Spans {
    slots: Vec<Span>,
    sum: Vec<f64>,
}

impl Spans {
    /// Makes room for subtrees of up to `2^max_depth` leaves.
    pub(super) fn new(dim: usize, max_depth: usize) -> Self {
        Self { slots: (0..=max_depth).map(|_| Span::new(dim)).collect(), sum: vec![0.0; dim] }
    }

    pub(super) fn max_depth(&self) -> usize {
        self.slots.len() - 1
    }

    /// Adds leaf number `leaf` of a subtree, and tells whether a span that it finishes turns.
    ///
    /// The leaves of a subtree come as 0, 1, 2, ...; leaf 0 begins a new subtree.
    pub(super) fn push(&mut self, leaf: u32, momentum: &[f64]) -> bool {
        let joins = leaf.trailing_ones() as usize;
        if joins == 0 {
            self.slots[0].first.copy_from_slice(momentum);
            return false;
        }
        if turns(&trajectory::pair_dots(&self.slots[0].first, momentum, &mut self.sum)) {
            return true;
        }
        for slot in 1..joins {
            let (earlier, later) = (&self.slots[slot], &self.slots[slot - 1]);
            let first = [&*earlier.first, &earlier.last, &earlier.sum];
            if turns(&trajectory::u_turn_dots(first, [&later.first, momentum], &mut self.sum)) {
                return true;
            }
        }
        let (left, right) = self.slots.split_at_mut(joins);
        let span = &mut right[0];
        std::mem::swap(&mut span.first, &mut left[joins - 1].first);
        std::mem::swap(&mut span.sum, &mut self.sum);
        span.last.copy_from_slice(momentum);
        false
    }

    /// Joins the finished subtree of `2^depth` leaves onto `tree`, and tells whether the tree turns now.
    ///
    /// `tree.last` is the end that the subtree grew from, `last` the momentum of the subtree's last leaf. Only
    /// `tree.sum` changes. The conditions do not change when time runs backwards, so the subtree stands first here.
    pub(super) fn join_onto(&self, tree: &mut Span, depth: usize, last: &[f64]) -> bool {
        let subtree = &self.slots[depth];
        let sum = if depth == 0 { last } else { &subtree.sum };
        turns(&trajectory::u_turn_dots([last, &subtree.first, sum], [&tree.last, &tree.first], &mut tree.sum))
    }
}

/// Stan's rule: go on while every dot product is positive.
fn turns(dots: &[f64]) -> bool {
    !dots.iter().all(|dot| *dot > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainfire_kernels::random::Key;

    /// Stan's `build_tree`, recursively: first, last and sum of the momenta, or `None` where a span turns.
    fn recursive(leaves: &[Vec<f64>]) -> Option<[Vec<f64>; 3]> {
        if let [leaf] = leaves {
            return Some([leaf.clone(), leaf.clone(), leaf.clone()]);
        }
        let (left, right) = leaves.split_at(leaves.len() / 2);
        let left = recursive(left)?;
        let right = recursive(right)?;
        join(&left, &right)
    }

    fn join(left: &[Vec<f64>; 3], right: &[Vec<f64>; 3]) -> Option<[Vec<f64>; 3]> {
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<f64>>();
        let persists = |first: &[f64], last: &[f64], sum: &[f64]| {
            let dot = |a: &[f64]| a.iter().zip(sum).map(|(a, b)| a * b).sum::<f64>();
            dot(first) > 0.0 && dot(last) > 0.0
        };
        let sum = add(&left[2], &right[2]);
        let goes_on = persists(&left[0], &right[1], &sum)
            && persists(&left[0], &right[0], &add(&left[2], &right[0]))
            && persists(&left[1], &right[1], &add(&right[2], &left[1]));
        goes_on.then(|| [left[0].clone(), right[1].clone(), sum])
    }

    /// Momenta of a smooth oscillation with noise: some trajectories turn soon, some late, some not at all.
    fn trajectory(number: u32, dim: usize, leaves: usize) -> Vec<Vec<f64>> {
        let key = Key::new(20_240_601, number, 0, 0);
        let mut lanes = 0u32..;
        let mut uniform = || key.uniform(lanes.next().unwrap());
        let noise = if uniform() < 0.5 { 0.0 } else { 0.3 * uniform() };
        let waves: Vec<[f64; 3]> = (0..dim)
            .map(|_| {
                [0.2 + uniform(), 4.0 * uniform() * std::f64::consts::PI / leaves as f64, 6.3 * uniform()]
            })
            .collect();
        let mut wave =
            |leaf: usize, w: &[f64; 3]| w[0] * (w[1] * leaf as f64 + w[2]).sin() + noise * (uniform() - 0.5);
        (0..leaves).map(|leaf| waves.iter().map(|w| wave(leaf, w)).collect()).collect()
    }

    #[test]
    fn spans_turn_exactly_where_the_recursion_of_stan_turns() {
        let (mut turned, mut went_on) = (0, 0);
        for number in 0..6000 {
            let (dim, depth) = (1 + number as usize % 11, 1 + number as usize % 6);
            let leaves = trajectory(number, dim, 1 << depth);
            let mut spans = Spans::new(dim, depth);
            let seen = (0..leaves.len()).any(|leaf| spans.push(leaf as u32, &leaves[leaf]));
            let expected = recursive(&leaves).is_none();
            assert_eq!(seen, expected, "trajectory {number}");
            if expected { turned += 1 } else { went_on += 1 }
        }
        assert!(turned > 1000 && went_on > 1000, "{turned} turned, {went_on} went on");
    }

    #[test]
    fn subtrees_join_onto_the_tree_as_stan_joins_them() {
        let (mut turned, mut went_on) = (0, 0);
        for number in 10_000..16_000 {
            let (dim, depth) = (1 + number as usize % 7, number as usize % 5);
            let half = 1 << depth;
            let leaves = trajectory(number, dim, 2 * half);
            let (Some(tree), Some(subtree)) = (recursive(&leaves[..half]), recursive(&leaves[half..])) else {
                continue;
            };
            let mut spans = Spans::new(dim, depth);
            assert!(!(0..half).any(|leaf| spans.push(leaf as u32, &leaves[half + leaf])));
            let [first, last, sum] = tree.clone();
            let mut seen = Span { first, last, sum };
            let turns = spans.join_onto(&mut seen, depth, &leaves[2 * half - 1]);
            let expected = join(&tree, &subtree);
            assert_eq!(turns, expected.is_none(), "trajectory {number}");
            match expected {
                None => turned += 1,
                Some([_, _, sum]) => {
                    went_on += 1;
                    assert!(sum.iter().zip(&seen.sum).all(|(a, b)| (a - b).abs() < 1e-12));
                }
            }
        }
        assert!(turned > 300 && went_on > 300, "{turned} turned, {went_on} went on");
    }

    #[test]
    fn a_new_subtree_forgets_the_one_before() {
        let mut spans = Spans::new(1, 3);
        assert!(!spans.push(0, &[1.0]));
        assert!(spans.push(1, &[-2.0]));
        assert!(!(0..8).any(|leaf| spans.push(leaf, &[1.0])));
    }
}
