//! Choose how many steps a launch makes and how much of the ring it may fill.
//!
//! Launches are made longer while they take less than two milliseconds, which costs the host, and shorter when they
//! take more than twenty, which alarms the watchdogs of drivers. The last launches of a run are no longer than what is
//! left for the slowest chain. What is read of the ring follows what chains fill.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::job::HEAD;

/// Slots of a chain in the ring: a divergence takes three.
pub(super) const SLOTS: RangeInclusive<usize> = 3..=1024;
/// Steps of a launch.
pub(super) const TICKS: RangeInclusive<u32> = 16..=1024;
const FIRST_TICKS: u32 = 32;
const FIRST_SLOTS: usize = 16;
const LAUNCH_TIME: RangeInclusive<Duration> = Duration::from_millis(2)..=Duration::from_millis(20);

/// What the launches of a sampler have done.
#[derive(Clone, Copy, Debug, Default)]
pub struct LaunchReport {
    /// Launches, each of many steps.
    pub launches: usize,
    /// Steps for which chains had a place in launches.
    pub issued: u64,
    /// Steps that chains made: gradients.
    pub useful: u64,
    /// Time from the beginning to the end of launches.
    pub seconds: f64,
}

/// What is asked of a launch.
#[derive(Clone, Copy)]
pub(super) struct Request {
    pub ticks: u32,
    pub slots: usize,
    /// Whether draws are kept in the ring.
    pub keeps: bool,
    /// Draws that every chain is to make from now on, or 0 to go on.
    pub draws: u32,
}

/// Steps and slots of the launches to come.
pub(super) struct Pace {
    pub ticks: u32,
    pub slots: usize,
    /// The most steps that a launch may make.
    most_ticks: u32,
    /// Slots of a chain for which the ring has memory.
    pub capacity: usize,
    is_fixed: bool,
    /// Whether the program runs in the sampler's kernel.
    is_fused: bool,
    /// Draws and steps so far; older ones count less.
    draws: f64,
    steps: f64,
    pub report: LaunchReport,
}

/// What older launches count after each new one.
const MEMORY: f64 = 0.9;

impl Pace {
    pub fn new(most_ticks: u32, capacity: usize, is_fused: bool) -> Self {
        Self {
            ticks: FIRST_TICKS.min(most_ticks),
            slots: FIRST_SLOTS.min(capacity),
            most_ticks,
            capacity,
            is_fixed: false,
            is_fused,
            draws: 0.0,
            steps: 0.0,
            report: LaunchReport::default(),
        }
    }

    /// From now on every launch is the same.
    pub fn fix(&mut self, ticks: u32, slots: usize) {
        self.ticks = ticks.clamp(1, self.most_ticks);
        self.slots = slots.clamp(*SLOTS.start(), self.capacity);
        self.is_fixed = true;
    }

    /// Steps that a draw takes, about.
    pub fn steps_per_draw(&self) -> f64 {
        if self.draws > 0.0 { self.steps / self.draws } else { f64::from(FIRST_TICKS) }
    }

    /// Steps of a launch when the slowest chain needs about `left` more.
    pub fn ticks_for(&self, left: f64) -> u32 {
        if self.is_fixed {
            return self.ticks;
        }
        self.ticks.min((left.ceil() as u32).max(*TICKS.start())).min(self.most_ticks)
    }

    /// Learns from a launch that has been read, in which all chains together made so many draws.
    pub fn account(&mut self, heads: &[[usize; HEAD]], request: Request, draws: usize, time: Duration) {
        // In the sampler's kernel the chains leave when they are done: the slowest says how long the launch is.
        let longest = heads.iter().map(|head| head[2]).max().unwrap_or(0) as u64;
        let ticks = if self.is_fused { longest } else { u64::from(request.ticks) };
        let issued = ticks * heads.len() as u64;
        let useful: u64 = heads.iter().map(|head| head[2] as u64).sum();
        let is_compiled = self.report.launches > 0;
        self.report.launches += 1;
        self.report.issued += issued;
        self.report.useful += useful;
        self.report.seconds += time.as_secs_f64();
        self.draws = MEMORY * self.draws + draws as f64;
        self.steps = MEMORY * self.steps + useful as f64;
        if self.is_fixed {
            return;
        }
        if request.keeps {
            let filled = heads.iter().map(|head| head[0]).max().unwrap_or(0);
            let wanted = (filled * 3 / 2 + *SLOTS.start()).max(request.slots / 2);
            self.slots = wanted.clamp(*SLOTS.start(), self.capacity);
        }
        // The first launch compiles; at the end of a run most chains wait: neither tells how long a step takes.
        if is_compiled && 2 * useful >= issued {
            if time < *LAUNCH_TIME.start() {
                self.ticks = (request.ticks * 2).min(self.most_ticks);
            } else if time > *LAUNCH_TIME.end() {
                self.ticks = (request.ticks / 2).max(*TICKS.start()).min(self.most_ticks);
            }
        }
    }
}
