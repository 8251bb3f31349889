//! The No-U-Turn sampler in double precision, one chain, written as the recursion of the papers.
//!
//! It draws the random numbers that the device draws, in the same order, so that the draws are the same ones until
//! rounding parts them.

use chainfire_kernels::random::Key;
use chainfire_kernels::tape::{CpuProgram, CpuWorkspace, Tape};

const MOMENTUM: u32 = 2;
const CHOICE: u32 = 3;

/// What a draw did.
#[derive(Clone, Debug)]
pub struct Draw {
    pub position: Vec<f64>,
    pub log_density: f64,
    pub steps: u32,
    pub depth: u32,
    pub index: i32,
    pub acceptance: f64,
    pub energy_error: f64,
    pub diverging: bool,
}

#[derive(Clone)]
struct Point {
    position: Vec<f64>,
    gradient: Vec<f64>,
    momentum: Vec<f64>,
    log_density: f64,
    index: i32,
    error: f64,
}

/// First and last momentum of neighbouring points, and the sum of all.
#[derive(Clone)]
struct Span {
    first: Vec<f64>,
    last: Vec<f64>,
    sum: Vec<f64>,
}

/// What one draw keeps account of.
struct Account {
    key: Key,
    lane: u32,
    step: f64,
    start_energy: f64,
    steps: u32,
    acceptance: f64,
    subtree_weight: f64,
    candidate: Option<Point>,
    diverging: bool,
}

impl Account {
    fn uniform(&mut self) -> f64 {
        self.lane += 1;
        self.key.uniform(self.lane - 1)
    }
}

pub struct Reference {
    program: CpuProgram,
    workspace: CpuWorkspace,
    pub scale: Vec<f64>,
    pub step_size: f64,
    pub max_depth: u32,
    pub seed: u64,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn plus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// Joins two spans, the earlier first, or finds that they turn.
fn join(a: &Span, b: &Span) -> Option<Span> {
    let persists = |first: &[f64], last: &[f64], sum: &[f64]| dot(first, sum) > 0.0 && dot(last, sum) > 0.0;
    let sum = plus(&a.sum, &b.sum);
    let goes_on = persists(&a.first, &b.last, &sum)
        && persists(&a.first, &b.first, &plus(&a.sum, &b.first))
        && persists(&a.last, &b.last, &plus(&a.last, &b.sum));
    goes_on.then(|| Span { first: a.first.clone(), last: b.last.clone(), sum })
}

impl Reference {
    pub fn new(tape: &Tape, scale: &[f64], step_size: f64, max_depth: u32, seed: u64) -> Self {
        let program = CpuProgram::new(tape);
        let workspace = program.workspace();
        Self { program, workspace, scale: scale.to_vec(), step_size, max_depth, seed }
    }

    fn point(&mut self, position: Vec<f64>, momentum: Vec<f64>) -> Point {
        let mut output = vec![0.0; position.len() + 1];
        self.program.run(&mut self.workspace, &position, &mut output);
        let gradient = output.split_off(1);
        Point { position, gradient, momentum, log_density: output[0], index: 0, error: 0.0 }
    }

    fn leapfrog(&mut self, from: &Point, step: f64) -> Point {
        let kick = |momentum: &[f64], gradient: &[f64], scale: &[f64]| -> Vec<f64> {
            let kicks = scale.iter().zip(gradient).map(|(scale, gradient)| 0.5 * step * scale * gradient);
            momentum.iter().zip(kicks).map(|(momentum, kick)| momentum + kick).collect()
        };
        let half = kick(&from.momentum, &from.gradient, &self.scale);
        let drift = self.scale.iter().zip(&half).map(|(scale, half)| step * scale * half);
        let position = from.position.iter().zip(drift).map(|(position, drift)| position + drift).collect();
        let mut to = self.point(position, Vec::new());
        to.momentum = kick(&half, &to.gradient, &self.scale);
        to.index = from.index + if step > 0.0 { 1 } else { -1 };
        to
    }

    /// Adds `2^depth` points after `end`, which moves on; or `None` when a span turns or the trajectory diverges.
    fn grow(&mut self, end: &mut Point, depth: u32, account: &mut Account) -> Option<Span> {
        if depth > 0 {
            let earlier = self.grow(end, depth - 1, account)?;
            let later = self.grow(end, depth - 1, account)?;
            return join(&earlier, &later);
        }
        *end = self.leapfrog(end, account.step);
        account.steps += 1;
        end.error = 0.5 * dot(&end.momentum, &end.momentum) - end.log_density - account.start_energy;
        if !(end.error.is_finite() && end.error <= 1000.0) {
            account.diverging = true;
            return None;
        }
        let weight = (-end.error).exp();
        account.acceptance += weight.min(1.0);
        account.subtree_weight += weight;
        let takes = account.candidate.is_none() || {
            let weights = account.subtree_weight;
            account.uniform() * weights <= weight
        };
        if takes {
            account.candidate = Some(end.clone());
        }
        let momentum = || end.momentum.clone();
        Some(Span { first: momentum(), last: momentum(), sum: momentum() })
    }

    fn draw(&mut self, chain: u32, number: u32, from: &[f64]) -> Draw {
        let mut momentum = vec![0.0; from.len()];
        Key::new(self.seed, chain, number, MOMENTUM).fill_normal(&mut momentum);
        let start = self.point(from.to_vec(), momentum);
        let mut account = Account {
            key: Key::new(self.seed, chain, number, CHOICE),
            lane: 0,
            step: 0.0,
            start_energy: 0.5 * dot(&start.momentum, &start.momentum) - start.log_density,
            steps: 0,
            acceptance: 0.0,
            subtree_weight: 0.0,
            candidate: None,
            diverging: false,
        };
        let directions = (account.uniform() * 2f64.powi(52)) as u64;
        let step = self.step_size * (1.0 + 0.1 * (2.0 * account.uniform() - 1.0));
        let momentum = start.momentum.clone();
        // Forwards in time.
        let mut tree = Span { first: momentum.clone(), last: momentum.clone(), sum: momentum };
        let (mut back, mut front, mut chosen) = (start.clone(), start.clone(), start);
        let (mut weight, mut depth) = (1.0, 0);
        while depth < self.max_depth {
            let forward = directions >> depth & 1 == 1;
            account.step = if forward { step } else { -step };
            account.subtree_weight = 0.0;
            account.candidate = None;
            let end = if forward { &mut front } else { &mut back };
            let Some(subtree) = self.grow(end, depth, &mut account) else { break };
            if account.uniform() * weight <= account.subtree_weight {
                chosen = account.candidate.clone().unwrap();
            }
            weight += account.subtree_weight;
            depth += 1;
            let joined = if forward {
                join(&tree, &subtree)
            } else {
                join(&Span { first: subtree.last, last: subtree.first, sum: subtree.sum }, &tree)
            };
            match joined {
                Some(joined) => tree = joined,
                None => break,
            }
        }
        Draw {
            position: chosen.position,
            log_density: chosen.log_density,
            steps: account.steps,
            depth,
            index: chosen.index,
            acceptance: account.acceptance / f64::from(account.steps),
            energy_error: chosen.error,
            diverging: account.diverging,
        }
    }

    /// Draws one after the other from `from`.
    pub fn draws(&mut self, chain: u32, from: &[f64], count: u32) -> Vec<Draw> {
        let mut draws: Vec<Draw> = Vec::new();
        for number in 0..count {
            let from = draws.last().map_or(from, |draw| &draw.position).to_vec();
            draws.push(self.draw(chain, number, &from));
        }
        draws
    }
}
