//! Whole runs: exact moments, the same bits whatever the threads, stops, failures.
//!
//! - `moments`: means and second moments against exact ones.
//! - `runs`: what a run promises about its draws.
//! - `targets`: log densities written by hand.

mod moments;
mod runs;
mod targets;
