//! The sampler on the device against a double precision reference, on the software rasteriser (Mesa's lavapipe).

#![cfg(feature = "gpu")]
#![allow(clippy::print_stdout, reason = "how far the draws agree is a result, not only whether they do")]

#[path = "gpu/models.rs"]
#[allow(dead_code, reason = "shared with the tests of the executor")]
mod models;
#[path = "gpu/random_tape.rs"]
#[allow(dead_code, reason = "shared with the tests of the executor")]
mod random_tape;
#[path = "nuts_gpu/reference.rs"]
mod reference;
#[path = "nuts_gpu/targets.rs"]
mod targets;

use chainfire_kernels::Transition;
use chainfire_kernels::tape::{
    DeviceBlock, DeviceChoice, GpuDevice, GpuError, GpuNuts, GpuProgram, Planning, Shape, Tape,
};
use random_tape::Source;
use reference::{Draw, Reference};

const SEED: u64 = 0x1234_5678_9abc_def0;

fn device() -> GpuDevice {
    GpuDevice::open(DeviceChoice::Software)
        .expect("these tests need a software Vulkan device: mesa-vulkan-drivers")
}

/// How a program is run.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Way {
    shape: Shape,
    is_split: bool,
    /// Whether units exchange numbers through planes, where there are some.
    has_planes: bool,
}

const WAYS: [Way; 6] = [
    Way { shape: Shape::ThreadPerChain, is_split: false, has_planes: true },
    Way { shape: Shape::CubePerChain(32), is_split: false, has_planes: true },
    Way { shape: Shape::ThreadPerChain, is_split: true, has_planes: true },
    Way { shape: Shape::CubePerChain(16), is_split: true, has_planes: false },
    Way { shape: Shape::CubePerChain(8), is_split: false, has_planes: true },
    Way { shape: Shape::CubePerChain(32), is_split: false, has_planes: false },
];

fn sampler(tape: &Tape, way: Way, chains: usize, first_chain: u32, max_depth: usize) -> GpuNuts {
    let device = if way.has_planes { device() } else { device().without_planes() };
    let program = if way.is_split {
        GpuProgram::with_planning(
            tape,
            &device,
            Planning { kernel_steps: tape.nodes.len() / 4, ..Planning::default() },
        )
    } else {
        GpuProgram::new(tape, &device)
    };
    let program = program.and_then(|program| program.with_shape(way.shape)).expect("it fits");
    assert_eq!(program.kernels() > 1, way.is_split);
    GpuNuts::new(program, chains, SEED, first_chain, max_depth).expect("it fits")
}

/// Everything a run hands on, by chain.
#[derive(Clone, Debug, Default, PartialEq)]
struct Chain {
    positions: Vec<Vec<f64>>,
    transitions: Vec<Transition>,
    divergences: Vec<(usize, Vec<f64>, Vec<f64>)>,
}

impl Chain {
    fn add(&mut self, block: DeviceBlock<'_>) {
        assert_eq!(block.first_draw, self.transitions.len(), "no draw is lost or repeated");
        let dim = block.positions.len() / block.transitions.len();
        self.positions.extend(block.positions.chunks(dim).map(<[f64]>::to_vec));
        for divergence in block.divergences {
            let draw = self.transitions.len() + divergence.draw;
            self.divergences.push((draw, divergence.start.clone(), divergence.end.clone()));
        }
        self.transitions.extend(block.transitions);
    }
}

fn run(nuts: &mut GpuNuts, chains: usize, draws: u32) -> Vec<Chain> {
    let mut seen = vec![Chain::default(); chains];
    let last = nuts.run(draws, true, &|| false, &mut |block| seen[block.chain].add(block)).expect("it runs");
    for (chain, last) in seen.iter().zip(&last) {
        assert_eq!(chain.transitions.len(), draws as usize, "every chain has its quota");
        assert_eq!(chain.transitions.last(), Some(last));
    }
    seen
}

/// Starting points that both precisions can hold.
fn starts(dim: usize, chains: usize, spread: f64) -> Vec<f64> {
    Source(5).numbers(dim * chains).iter().map(|x| f64::from((spread * x) as f32)).collect()
}

/// Draws that agree before rounding parts the two.
fn agreeing(seen: &Chain, expected: &[Draw], scale: &[f64]) -> usize {
    let same = |((position, seen), expected): &((&Vec<f64>, &Transition), &Draw)| {
        let far = |((a, b), scale): ((&f64, &f64), &f64)| (a - b).abs() > 1e-3 * scale;
        let positions = position.iter().zip(&expected.position).zip(scale);
        !positions.into_iter().any(far)
            && seen.n_steps == expected.steps
            && seen.tree_depth == expected.depth
            && seen.index_in_trajectory == expected.index
            && seen.diverging == expected.diverging
            && (seen.log_density - expected.log_density).abs() < 1e-3 * (1.0 + expected.log_density.abs())
            && (seen.acceptance_rate - expected.acceptance).abs() < 2e-3
            && (seen.energy_error - expected.energy_error).abs() < 5e-3
    };
    seen.positions.iter().zip(&seen.transitions).zip(expected).take_while(same).count()
}

/// How far a run is compared with the reference.
struct Comparison<'a> {
    name: &'a str,
    tape: &'a Tape,
    scale: &'a [f64],
    step_size: f64,
    /// Of the starting points.
    spread: f64,
    draws: u32,
}

impl Comparison<'_> {
    /// All draws of most chains must agree: two chains that take the same decisions with the same momenta approach each
    /// other, so that rounding parts them only where a decision hangs on it.
    fn run(&self) {
        let Self { name, tape, scale, step_size, spread, draws } = *self;
        let chains = 16;
        let position = starts(tape.dim, chains, spread);
        let mut reference = Reference::new(tape, scale, step_size, 10, SEED);
        let expected: Vec<Vec<Draw>> = (0..chains)
            .map(|chain| reference.draws(chain as u32, &position[chain * tape.dim..][..tape.dim], draws))
            .collect();
        for way in WAYS {
            let mut nuts = sampler(tape, way, chains, 0, 10);
            nuts.place(&position, 0).expect("it runs");
            nuts.tune(&[step_size], scale, 10).expect("it fits");
            let seen = run(&mut nuts, chains, draws);
            let agree = seen.iter().zip(&expected).map(|(seen, expected)| agreeing(seen, expected, scale));
            let mut counts: Vec<usize> = agree.collect();
            let steps =
                |(draws, count): (&Vec<Draw>, &usize)| draws[..*count].iter().map(|d| d.steps).sum::<u32>();
            let steps: u32 = expected.iter().zip(&counts).map(steps).sum();
            counts.sort_unstable();
            println!(
                "{name}, {way:?}: draws that agree, by chain, of {draws}: {counts:?}, {} leapfrog steps a chain",
                steps as usize / chains
            );
            assert!(counts[0] >= 1, "{name}, {way:?}: a first draw differs: {counts:?}");
            assert!(
                counts[chains / 4] >= draws as usize,
                "{name}, {way:?}: {counts:?} of {draws} draws agree"
            );
        }
    }
}

#[test]
fn eight_schools_draws_are_those_of_the_reference() {
    let (name, tape, scale) = ("eight schools", &models::eight_schools(), &[0.9; 10]);
    Comparison { name, tape, scale, step_size: 0.5, spread: 0.2, draws: 400 }.run();
}

#[test]
fn radon_draws_are_those_of_the_reference() {
    let mut scale = [1.0; 90];
    scale[..5].copy_from_slice(&[0.05, 0.05, 0.03, 0.4, 0.025]);
    let (name, tape, scale) = ("radon", &models::radon(), &scale);
    Comparison { name, tape, scale, step_size: 0.35, spread: 0.2, draws: 12 }.run();
}

/// Where all elements oscillate together, turns of pairs decide.
#[test]
fn draws_of_a_periodic_motion_are_those_of_the_reference() {
    for (dim, step_size) in [(1, 0.7), (2, 0.2)] {
        let (name, tape, scale) = ("periodic", &targets::standard_normal(dim), &vec![1.0; dim]);
        Comparison { name, tape, scale, step_size, spread: 1.0, draws: 60 }.run();
    }
}

/// The first leaves are better than the start by exponents of hundreds: weights are rescaled. Later, each of the three
/// conditions for a turn decides some draws of most chains.
#[test]
fn draws_from_far_away_are_those_of_the_reference() {
    let (name, tape) = ("far away", &targets::CorrelatedNormal::new().tape());
    Comparison { name, tape, scale: &[1.0; 4], step_size: 0.3, spread: 12.0, draws: 60 }.run();
}

/// The mean over chains of chain means, in standard errors of the spread between chains.
fn standard_errors(values: &[f64], expected: f64) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean - expected) / (variance / count).sqrt()
}

#[test]
fn a_correlated_normal_has_its_moments() {
    let (chains, draws) = (256, 200);
    let target = targets::CorrelatedNormal::new();
    let tape = target.tape();
    let mut nuts = sampler(&tape, WAYS[0], chains, 0, 8);
    nuts.place(&starts(tape.dim, chains, 0.5), 0).expect("it runs");
    nuts.tune(&[0.6], &vec![1.0; tape.dim], 8).expect("it fits");
    nuts.run(20, false, &|| false, &mut |_| panic!("nothing is kept")).expect("it runs");
    let before = nuts.report();
    let seen = run(&mut nuts, chains, draws);
    let after = nuts.report();
    let efficiency = (after.useful - before.useful) as f64 / (after.issued - before.issued) as f64;
    // Chains wait at the end alone, for the one with most to do.
    let steps =
        seen.iter().map(|chain| chain.transitions.iter().map(|draw| u64::from(draw.n_steps)).sum::<u64>());
    let most = steps.clone().max().expect("there are chains");
    let best = steps.sum::<u64>() as f64 / (chains as u64 * most) as f64;
    println!("lane efficiency {efficiency:.3} of {best:.3} over {draws} draws of {chains} chains, {after:?}");
    assert!(efficiency > best - 0.01, "{efficiency}, where {best} is possible");
    for i in 0..tape.dim {
        let over_draws = |f: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
            seen.iter().map(|c| c.positions.iter().map(|q| f(q)).sum::<f64>() / f64::from(draws)).collect()
        };
        let mean = standard_errors(&over_draws(&|q| q[i]), target.mean[i]);
        assert!(mean.abs() < 4.0, "mean of element {i} is {mean} standard errors off");
        for j in 0..=i {
            let product = over_draws(&|q| (q[i] - target.mean[i]) * (q[j] - target.mean[j]));
            let off = standard_errors(&product, target.covariance[i][j]);
            assert!(off.abs() < 4.0, "covariance of {i} and {j} is {off} standard errors off");
        }
    }
}

#[test]
fn quotas_hold_whatever_a_launch_makes_and_the_ring_holds() {
    let tape = models::eight_schools();
    let chains = 9;
    let position = starts(tape.dim, chains, 0.2);
    for way in [WAYS[0], WAYS[1], WAYS[3]] {
        let mut expected: Option<Vec<Chain>> = None;
        for (ticks, slots) in [(64, 50), (1, 3), (7, 3), (200, 3), (13, 8)] {
            let mut nuts = sampler(&tape, way, chains, 0, 6).with_launches(ticks, slots);
            nuts.place(&position, 0).expect("it runs");
            nuts.tune(&[0.5], &[1.0; 10], 6).expect("it fits");
            let first = run(&mut nuts, chains, 3);
            let mut seen = run(&mut nuts, chains, 10);
            for (seen, first) in seen.iter_mut().zip(first) {
                seen.positions.splice(0..0, first.positions);
                seen.transitions.splice(0..0, first.transitions);
            }
            let places = nuts.places().expect("it reads");
            for (chain, seen) in seen.iter().enumerate() {
                assert_eq!(seen.positions[12], places.position[chain * 10..][..10]);
                assert_eq!(seen.transitions[12].log_density, places.log_density[chain]);
            }
            match &expected {
                None => expected = Some(seen),
                Some(expected) => assert!(*expected == seen, "{way:?}, {ticks} steps, {slots} slots"),
            }
        }
    }
}

#[test]
fn a_chain_draws_the_same_among_few_and_among_many() {
    let tape = models::eight_schools();
    let position = starts(tape.dim, 64, 0.2);
    for way in [WAYS[0], WAYS[1]] {
        let draw = |chains: usize, first: usize| {
            let mut nuts = sampler(&tape, way, chains, first as u32, 8);
            nuts.place(&position[first * 10..][..chains * 10], 0).expect("it runs");
            nuts.tune(&[0.4], &[1.0; 10], 8).expect("it fits");
            run(&mut nuts, chains, 8)
        };
        let many = draw(64, 0);
        assert!(many[..4] == draw(4, 0), "{way:?}: chains 0 to 3");
        assert!(many[40..43] == draw(3, 40), "{way:?}: chains 40 to 42");
    }
}

#[test]
fn chains_with_tunings_of_their_own_draw_what_all_draw_with_each() {
    let tape = models::eight_schools();
    let (chains, position) = (5, starts(tape.dim, 5, 0.2));
    let step_sizes = [0.4, 0.2, 0.5, 0.3, 0.35];
    let scales: Vec<f64> = (0..chains * tape.dim).map(|k| 0.5 + 0.02 * k as f64).collect();
    for way in WAYS {
        let draw = |step_sizes: &[f64], scales: &[f64]| {
            let mut nuts = sampler(&tape, way, chains, 0, 8);
            nuts.place(&position, 0).expect("it runs");
            nuts.tune(step_sizes, scales, 8).expect("it fits");
            run(&mut nuts, chains, 8)
        };
        let own = draw(&step_sizes, &scales);
        for (chain, (step_size, scale)) in step_sizes.iter().zip(scales.chunks_exact(tape.dim)).enumerate() {
            assert!(own[chain] == draw(&[*step_size], scale)[chain], "{way:?}: chain {chain}");
        }
    }
}

#[test]
fn divergences_tell_where_the_step_began_and_ended() {
    let tape = targets::funnel(5);
    let chains = 32;
    for way in [WAYS[0], WAYS[1]] {
        let mut nuts = sampler(&tape, way, chains, 0, 8).with_launches(20, 4);
        nuts.place(&starts(tape.dim, chains, 0.5), 0).expect("it runs");
        nuts.tune(&[0.9], &vec![1.0; tape.dim], 8).expect("it fits");
        let seen = run(&mut nuts, chains, 60);
        let mut count = 0;
        for chain in &seen {
            let flagged: Vec<usize> = (0..60).filter(|&draw| chain.transitions[draw].diverging).collect();
            let told: Vec<usize> = chain.divergences.iter().map(|(draw, ..)| *draw).collect();
            assert_eq!(flagged, told);
            for (draw, start, end) in &chain.divergences {
                let transition = &chain.transitions[*draw];
                let error = transition.max_energy_error;
                assert!(error.is_nan() || error > 1000.0, "energy error {error}");
                let before = draw.checked_sub(1).map(|before| &chain.positions[before]);
                if let (1, Some(before)) = (transition.n_steps, before) {
                    let near = before
                        .iter()
                        .zip(start)
                        .all(|(a, b)| (a - b).abs() < 1e-4 * (1.0 + a.abs() + (a - end[0]).abs()));
                    assert!(near, "a step from {before:?} began at {start:?}");
                }
                assert!(start != end && start.iter().all(|x| x.is_finite()));
            }
            count += told.len();
        }
        println!("{way:?}: {count} of {} draws diverge", 60 * chains);
        assert!(count > 20, "{count} divergences");
    }
}

#[test]
fn a_run_can_be_stopped_and_taken_up_again() {
    let tape = models::eight_schools();
    let chains = 8;
    let mut nuts = sampler(&tape, WAYS[0], chains, 0, 8).with_launches(16, 8);
    let start = starts(tape.dim, chains, 0.2);
    nuts.place(&start, 0).expect("it runs");
    nuts.tune(&[0.4], &[1.0; 10], 8).expect("it fits");
    let asked = std::cell::Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 5
    };
    let mut seen = vec![Chain::default(); chains];
    let last = nuts.run(10_000, true, &stop, &mut |block| seen[block.chain].add(block)).expect("it runs");
    let counts: Vec<usize> = seen.iter().map(|chain| chain.transitions.len()).collect();
    assert_eq!(nuts.report().launches, 5);
    assert!(counts.iter().all(|&count| count > 0 && count < 10_000), "{counts:?}");
    for (chain, last) in seen.iter().zip(&last) {
        assert_eq!(chain.transitions.last(), Some(last));
    }
    // The draws under way go on: together they are those of an unbroken run.
    let mut more = vec![Chain::default(); chains];
    nuts.run(20, true, &|| false, &mut |block| more[block.chain].add(block)).expect("it runs");
    let mut unbroken = sampler(&tape, WAYS[0], chains, 0, 8);
    unbroken.place(&start, 0).expect("it runs");
    unbroken.tune(&[0.4], &[1.0; 10], 8).expect("it fits");
    let longest = counts.iter().max().unwrap() + 20;
    let expected = run(&mut unbroken, chains, longest as u32);
    for chain in 0..chains {
        let all: Vec<_> = seen[chain].positions.iter().chain(&more[chain].positions).collect();
        assert_eq!(all.len(), counts[chain] + 20);
        assert!(all.into_iter().eq(&expected[chain].positions[..counts[chain] + 20]), "chain {chain}");
    }
}

#[test]
fn moments_over_chains_are_those_of_the_places() {
    let tape = models::eight_schools();
    let chains = 130;
    for way in [WAYS[0], WAYS[1]] {
        let mut nuts = sampler(&tape, way, chains, 0, 8);
        let mut position = starts(tape.dim, chains, 0.5);
        position[10 * 7 + 1] = 200.0;
        let (log_density, gradient) = nuts.place(&position, 0).expect("it runs");
        assert!(!log_density[7].is_finite(), "{}", log_density[7]);
        nuts.tune(&[0.4], &[1.0; 10], 8).expect("it fits");
        let last = nuts.run(3, false, &|| false, &mut |_| panic!("nothing is kept")).expect("it runs");
        assert!(last.iter().all(|last| last.n_steps > 0) && last[7].diverging);
        let places = nuts.places().expect("it reads");
        assert_eq!((places.position[71], places.log_density[7]), (200.0, f64::NEG_INFINITY));
        assert_eq!(gradient.len(), places.gradient.len());
        let mut sorted = places.log_density.clone();
        sorted.sort_by(f64::total_cmp);
        for least in [f64::NEG_INFINITY, sorted[40] - 1e-4] {
            let moments = nuts.moments(least).expect("it runs");
            let counted: Vec<usize> = (0..chains)
                .filter(|&c| places.log_density[c].is_finite() && places.log_density[c] >= least)
                .collect();
            assert_eq!(moments.chains, counted.len());
            for (values, mean, squares) in [
                (&places.position, &moments.position_mean, &moments.position_squares),
                (&places.gradient, &moments.gradient_mean, &moments.gradient_squares),
            ] {
                for d in 0..10 {
                    let column: Vec<f64> = counted.iter().map(|&c| values[c * 10 + d]).collect();
                    let expected = column.iter().sum::<f64>() / column.len() as f64;
                    let spread = column.iter().map(|x| (x - expected).powi(2)).sum::<f64>();
                    assert!((mean[d] - expected).abs() < 1e-5 * (1.0 + expected.abs()), "mean of {d}");
                    assert!((squares[d] / spread - 1.0).abs() < 1e-5, "squares of {d}");
                }
            }
        }
    }
}

#[test]
fn settings_that_do_not_fit_are_errors() {
    let tape = models::eight_schools();
    let program = || GpuProgram::new(&tape, &device()).expect("it fits");
    let depth = GpuNuts::new(program(), 4, SEED, 0, 21).map(|_| ());
    assert!(matches!(depth, Err(GpuError::Setting { seen: 21, most: 20, .. })), "{depth:?}");
    let fits = GpuNuts::chains_that_fit(&program(), 10);
    let many = GpuNuts::new(program(), 2 * fits, SEED, 0, 10).map(|_| ());
    assert!(matches!(many, Err(GpuError::Limit { .. })), "{many:?}");
    assert!(GpuNuts::bytes_per_chain(&program(), 10) > GpuNuts::bytes_per_chain(&program(), 5));
    let mut nuts = GpuNuts::new(program(), 4, SEED, 0, 10).expect("it fits");
    assert!(matches!(nuts.place(&[0.0; 39], 0), Err(GpuError::Setting { seen: 39, .. })));
    assert!(matches!(nuts.tune(&[0.1], &[1.0; 9], 10), Err(GpuError::Setting { seen: 9, .. })));
    assert!(matches!(nuts.tune(&[0.1], &[1.0; 10], 11), Err(GpuError::Setting { seen: 11, .. })));
}
