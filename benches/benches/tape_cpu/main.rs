//! The CPU executor alone: nanoseconds of one log density with gradient of one chain, by number of chains.
//!
//! Criterion reports chain-gradients a second as "elements"; the time of an element is the inverse.

use std::hint::black_box;

use chainfire_kernels::tape::{CpuProgram, Tape, reference};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod tapes;

const CHAINS: [usize; 5] = [1, 4, 8, 16, 64];

fn cases() -> [(&'static str, Tape); 6] {
    [
        ("eight_schools", tapes::eight_schools()),
        ("radon", tapes::radon()),
        ("logit_radon", tapes::logit_radon(false)),
        ("logit_radon_softplus", tapes::logit_radon(true)),
        ("logistic_1000x25", tapes::logistic(1000, 25)),
        ("garch_1000", tapes::garch(1000)),
    ]
}

fn positions(chains: usize, dim: usize) -> Vec<f64> {
    (0..chains * dim).map(|i| 0.3 * (i as f64 * 0.77).sin()).collect()
}

fn check(name: &str, tape: &Tape, program: &CpuProgram) {
    let position = positions(1, tape.dim);
    let mut output = vec![0.0; tape.output_rows];
    program.run(&mut program.workspace(), &position, &mut output);
    for (value, expected) in output.iter().zip(reference::evaluate(tape, &position)) {
        assert!(
            (value - expected).abs() <= 1e-11 * (1.0 + expected.abs()),
            "{name}: {value}, expected {expected}"
        );
    }
}

fn gradients(criterion: &mut Criterion) {
    for (name, tape) in cases() {
        let program = CpuProgram::new(&tape);
        check(name, &tape, &program);
        let mut workspace = program.workspace();
        let mut group = criterion.benchmark_group(name);
        for chains in CHAINS {
            let position = positions(chains, tape.dim);
            let mut output = vec![0.0; chains * tape.output_rows];
            group.throughput(Throughput::Elements(chains as u64));
            group.bench_function(BenchmarkId::new("cpu", chains), |bencher| {
                bencher.iter(|| program.run(&mut workspace, black_box(&position), &mut output));
            });
        }
    }
}

fn compilation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    for (name, tape) in cases() {
        group.bench_function(name, |bencher| bencher.iter(|| CpuProgram::new(black_box(&tape))));
    }
}

/// Cholesky's factor of a matrix, a system with it, and its pullback.
fn factors(criterion: &mut Criterion) {
    for (rows, chains) in [(10, 8), (32, 8), (100, 8), (256, 8), (100, 1), (512, 1), (2000, 1)] {
        let mut group = criterion.benchmark_group(format!("factor_{rows}"));
        group.sample_size(10).throughput(Throughput::Elements(chains as u64));
        let program = CpuProgram::new(&tapes::factor(rows));
        let mut workspace = program.workspace();
        let (position, mut output) = (positions(chains, 2), vec![0.0; chains * 2]);
        group.bench_function(BenchmarkId::new("cpu", chains), |bencher| {
            bencher.iter(|| program.run(&mut workspace, black_box(&position), &mut output));
        });
    }
}

criterion_group!(benches, gradients, factors, compilation);
criterion_main!(benches);
