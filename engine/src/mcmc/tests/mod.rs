//! Whole runs: exact moments, the same bits whatever the threads, stops, failures.
//!
//! - `moments`: means and second moments against exact ones.
//! - `metrics`: metrics that are not diagonal.
//! - `pooled`: chains that are tuned together.
//! - `each`: chains that are moved together and tune themselves.
//! - `chees`: ChEES-HMC.
//! - `starts`: where chains start.
//! - `runs`: what a run promises about its draws.
//! - `sinks`: what sinks are given.
//! - `resume`: runs that go on from a snapshot.
//! - `targets`: log densities written by hand.

mod chees;
mod each;
mod metrics;
mod moments;
mod pooled;
mod resume;
mod runs;
mod sinks;
mod starts;
mod targets;
