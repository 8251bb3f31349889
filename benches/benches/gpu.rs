//! The No-U-Turn sampler on a graphics processor: steps and gradients per second, against what the card can do.
//!
//! ```text
//! cargo bench -p chainfire-benches --bench gpu                          # the best device, every model and number of chains
//! cargo bench -p chainfire-benches --bench gpu -- radon_mn 1024         # one model, one number of chains
//! cargo bench -p chainfire-benches --bench gpu -- --device 0 logistic   # device 0 of `chainfire devices`
//! ```
//!
//! Step size and metric are fixed, so that all numbers of chains do the same work: the step size is the tuned one of a
//! pooled warm-up on the CPU, and so is the metric. Columns:
//!
//! ```text
//! compile   seconds of planning the tape and of the first launch
//! us/step   microseconds of a leapfrog step of all chains, in launches (host work between them not counted)
//! grad/s    gradients of one chain per second, in launches; wall: over the whole run, draws read by the host
//! useful    share of the steps in launches that chains made
//! GFLOP/s   operations of the tape over the time in launches
//! GB/s      data of the tape read once a step, and the vectors of the chains, over the time in launches
//! ```

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use chainfire_engine::adaptation::Metric;
use chainfire_engine::mcmc::Progress;
use chainfire_engine::run::{Adaptation, Settings, sample};
use chainfire_kernels::tape::{DeviceChoice, Factor, GpuDevice, GpuNuts, GpuProgram, Op, Tape};
use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

const MODELS: [&str; 7] =
    ["eight_schools", "radon_mn", "hier_binomial", "irt_2pl", "election88", "logistic", "logistic_100k"];
const CHAINS: [usize; 5] = [64, 256, 1024, 4096, 16384];
/// Vectors of a chain that a step reads or writes, about.
const VECTORS: usize = 20;

fn main() -> ExitCode {
    let mut device = DeviceChoice::Auto;
    let (mut models, mut chains) = (Vec::new(), Vec::new());
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        match (word.as_str(), word.parse()) {
            ("--device", _) => match words.next().and_then(|number| number.parse().ok()) {
                Some(number) => device = DeviceChoice::Index(number),
                None => return refuse("--device wants a number of `chainfire devices`"),
            },
            (_, Ok(count)) => chains.push(count),
            (model, _) => models.extend(MODELS.into_iter().filter(|known| *known == model)),
        }
    }
    let models = if models.is_empty() { MODELS.to_vec() } else { models };
    let chains = if chains.is_empty() { CHAINS.to_vec() } else { chains };
    let device = match GpuDevice::open(device) {
        Ok(device) => device,
        Err(error) => return refuse(&error.to_string()),
    };
    println!("{}", device.adapter());
    println!(
        "{:<14}{:>7} {:>18}{:>9}{:>10}{:>11}{:>11}{:>8}{:>10}{:>8}",
        "model", "chains", "shape", "compile", "us/step", "grad/s", "wall", "useful", "GFLOP/s", "GB/s"
    );
    for name in models {
        let Some(model) = model(name) else {
            println!("{name:<14} has no data: run benches/peers/make_data.py first");
            continue;
        };
        for &chains in &chains {
            match measure(&model, chains, &device) {
                Ok(row) => println!("{name:<14}{chains:>7} {row}"),
                Err(error) => println!("{name:<14}{chains:>7} {error}"),
            }
        }
    }
    ExitCode::SUCCESS
}

fn refuse(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::FAILURE
}

fn model(name: &str) -> Option<Model> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/models");
    let data = Dataset::read(&folder.join(format!("{name}.json"))).ok()?;
    Some(Model::from_file(ModelFile::read(&folder.join(format!("{name}.py"))).ok()?, data).expect("a model"))
}

fn measure(model: &Model, chains: usize, device: &GpuDevice) -> Result<String, Box<dyn std::error::Error>> {
    let tape = model.density_tape()?;
    // What is tuned on the CPU is the work that all numbers of chains do.
    let settings = Settings {
        chains: 32,
        tune: 300,
        draws: 1,
        adaptation: Adaptation::Pooled,
        metric: Metric::FisherDiagonal,
        ..Settings::default()
    };
    let progress = Progress::new(settings.chains);
    let tuned = sample(&model.density()?, model.initial_position(), &settings, &progress)?;
    let scale: Vec<f64> = tuned.record.tuning[0].metric.iter().map(|variance| variance.sqrt()).collect();
    let starts: Vec<f64> = tuned.positions.iter().copied().cycle().take(chains * tape.dim).collect();

    let begun = Instant::now();
    let mut nuts = GpuNuts::new(GpuProgram::new(&tape, device)?, chains, 1, 0, 10)?;
    nuts.place(&starts, 0)?;
    nuts.tune(&[tuned.record.tuning[0].step_size], &scale, 10)?;
    nuts.run(1, false, &|| false, &mut |_| ())?;
    let compile = begun.elapsed().as_secs_f64();

    // Enough draws for the launches to find their length, then as many as take a second or so: one at a time where a
    // draw takes long (the host's work between two runs is then nothing beside it).
    let begun = Instant::now();
    nuts.run(1, true, &|| false, &mut |_| ())?;
    let at_a_time = if begun.elapsed().as_secs_f64() < 0.1 { 50 } else { 1 };
    nuts.run(at_a_time, true, &|| false, &mut |_| ())?;
    let before = nuts.report();
    let begun = Instant::now();
    let mut draws = 0;
    while draws < 1000 && begun.elapsed().as_secs_f64() < 2.0 {
        nuts.run(at_a_time, true, &|| false, &mut |_| ())?;
        draws += at_a_time;
    }
    let wall = begun.elapsed().as_secs_f64();
    let after = nuts.report();
    let (useful, issued) = (after.useful - before.useful, after.issued - before.issued);
    let seconds = after.seconds - before.seconds;
    let (operations, bytes) = work(&tape, chains);
    let steps = issued as f64 / chains as f64;
    Ok(format!(
        "{:>18}{compile:>9.2}{:>10.1}{:>11.3e}{:>11.3e}{:>8.2}{:>10.1}{:>8.1}",
        format!("{:?}", nuts.shape()),
        1e6 * seconds / steps,
        useful as f64 / seconds,
        useful as f64 / wall,
        useful as f64 / issued as f64,
        1e-9 * operations as f64 * useful as f64 / seconds,
        1e-9 * bytes as f64 * steps / seconds,
    ))
}

/// Operations of one chain's gradient, and bytes of a step of all chains.
fn work(tape: &Tape, chains: usize) -> (usize, usize) {
    let (mut operations, mut data) = (0, 0);
    for node in &tape.nodes {
        let rows_of = |k: usize| tape.node(node.args[k]).rows;
        match &node.op {
            Op::Constant(numbers) => data += numbers.len(),
            Op::Gather(index) | Op::SegmentSum(index) => {
                data += index.len();
                operations += index.len();
            }
            Op::Sum => operations += rows_of(0),
            Op::Dot => operations += 2 * rows_of(0).max(rows_of(1)),
            Op::MatVec { columns } => operations += 2 * node.rows * columns,
            Op::MatTVec { columns } => operations += 2 * rows_of(1) * columns,
            // A third of n^3 for Cholesky's factor, twice as much for its derivative, n^2 for each right side.
            Op::Factor(factor) => {
                let size = rows_of(0).isqrt();
                operations += size
                    * match factor {
                        Factor::Cholesky => rows_of(0) / 3,
                        Factor::CholeskyPullback => 2 * rows_of(0) / 3,
                        Factor::SolveLower | Factor::SolveTransposed => node.rows,
                    };
            }
            Op::Scan(scan) => operations += scan.steps * scan.body.nodes.len(),
            Op::Input { .. } | Op::Slice { .. } | Op::Concat => {}
            Op::Unary(_) | Op::Binary(_) | Op::Ternary(_) => operations += node.rows,
        }
    }
    (operations, size_of::<f32>() * (data + VECTORS * tape.dim * chains))
}
