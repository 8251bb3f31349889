//! Advance many chains with one gradient a tick for all of them.
//!
//! ```text
//! chains are dealt to workers in contiguous groups; each worker, until its chains are done:
//!     evaluate the positions of all its chains as one batch
//!     let every chain take in its gradient and name its next position
//! ```
//!
//! A chain never waits for another: one that finishes a tree starts its next draw in the same tick. One that has made
//! its draws leaves the batch.
//!
//! # References
//! - Dance, Glaser, Orbanz, Adams (2025), Efficiently vectorized MCMC on modern accelerators. arXiv:2503.17405

use std::thread::ScopedJoinHandle;

use crate::density::Evaluator;

/// One chain's part of the batch.
///
/// # Shapes
/// - `position`, `gradient`: `[dim]`
pub(crate) struct Rows<'a> {
    pub(crate) position: &'a mut [f64],
    pub(crate) gradient: &'a mut [f64],
    pub(crate) log_density: f64,
}

/// Whether a chain wants another gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Running,
    Done,
}

/// A chain as the batch sees it.
pub(crate) trait Seat: Send {
    /// Leaves in `rows` where the chain first wants the gradient.
    fn begin(&mut self, rows: Rows<'_>);

    /// Takes in log density and gradient at the position in `rows`; leaves there the next position, if there is one.
    fn advance(&mut self, rows: Rows<'_>) -> Status;
}

/// Deals `items` to workers in contiguous groups, and lets each do `work` with its group in a thread of its own; a
/// single worker stays in this one. Returns what they return, in order.
pub(crate) fn in_groups<W: Send, T: Send, R: Send>(
    workers: &mut [W],
    items: &mut [T],
    work: impl Fn(&mut W, &mut [T]) -> R + Sync,
) -> Vec<R> {
    if let [worker] = workers {
        return vec![work(worker, items)];
    }
    let (threads, count) = (workers.len(), items.len());
    std::thread::scope(|scope| {
        let (mut rest, work) = (items, &work);
        let mut started = Vec::with_capacity(threads);
        for (thread, worker) in workers.iter_mut().enumerate() {
            let [first, end] = [thread, thread + 1].map(|thread| thread * count / threads);
            let (group, others) = rest.split_at_mut(end - first);
            rest = others;
            started.push(scope.spawn(move || work(worker, group)));
        }
        let join = |thread: ScopedJoinHandle<'_, R>| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        started.into_iter().map(join).collect()
    })
}

/// Advances chains until all are done, or `goes_on`, asked before each tick with the number of ticks so far, says no.
/// The order of `seats` changes. Returns the gradients that were computed, those of empty lanes included.
pub(crate) fn advance_all<S: Seat>(
    evaluator: &mut dyn Evaluator,
    dim: usize,
    seats: &mut [S],
    mut goes_on: impl FnMut(usize) -> bool,
) -> u64 {
    let mut running = seats.len();
    let mut position = vec![0.0; running * dim];
    let mut gradient = vec![0.0; running * dim];
    let mut log_density = vec![0.0; running];
    let rows = position.chunks_exact_mut(dim).zip(gradient.chunks_exact_mut(dim));
    for (seat, (position, gradient)) in seats.iter_mut().zip(rows) {
        seat.begin(Rows { position, gradient, log_density: f64::NAN });
    }
    let (mut ticks, mut issued, mut lanes) = (0, 0, evaluator.lanes(running));
    while running > 0 && goes_on(ticks) {
        let batch = running * dim;
        evaluator.evaluate(&position[..batch], &mut log_density[..running], &mut gradient[..batch]);
        issued += lanes as u64;
        let (mut row, mut leaves) = (0, false);
        while row < running {
            let place = row * dim..(row + 1) * dim;
            let rows = Rows {
                position: &mut position[place.clone()],
                gradient: &mut gradient[place],
                log_density: log_density[row],
            };
            if seats[row].advance(rows) == Status::Running {
                row += 1;
                continue;
            }
            // The chains that still run hold the first rows of the batch.
            running -= 1;
            leaves = true;
            seats.swap(row, running);
            log_density.swap(row, running);
            for matrix in [&mut position, &mut gradient] {
                let (head, tail) = matrix.split_at_mut(running * dim);
                if row < running {
                    head[row * dim..][..dim].copy_from_slice(&tail[..dim]);
                }
            }
        }
        if leaves {
            lanes = evaluator.lanes(running);
        }
        ticks += 1;
    }
    issued
}
