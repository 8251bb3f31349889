//! NUTS as a whole: warm-up and draws of a model file, per gradient, on one thread.

use std::path::Path;
use std::time::Duration;

use chainfire_engine::mcmc::Progress;
use chainfire_engine::run::{Settings, sample};
use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Name, model file, data file; all under `examples`.
const MODELS: &[(&str, &str, &str)] =
    &[("eight schools", "eight_schools.py", "eight_schools.json"), ("radon", "radon.py", "radon.csv")];

fn nuts(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut group = criterion.benchmark_group("nuts");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for &(name, file, data) in MODELS {
        let file = ModelFile::read(&folder.join(file)).expect("the example can be read");
        let data = Dataset::read(&folder.join(data)).expect("the data can be read");
        let model = Model::from_file(file, data).expect("the example is a model");
        let density = model.density().expect("the example can be lowered");
        for chains in [1, 4, 64] {
            let settings = Settings { chains, tune: 200, draws: 200, threads: 1, ..Settings::default() };
            let run = || {
                sample(&density, model.initial_position(), &settings, &Progress::new(chains))
                    .expect("the example can be sampled")
            };
            let draws = run();
            group.throughput(Throughput::Elements(
                draws.record.warmup_gradients + draws.record.draw_gradients,
            ));
            group.bench_function(BenchmarkId::new(name, chains), |b| b.iter(run));
        }
    }
    group.finish();
}

criterion_group!(benches, nuts);
criterion_main!(benches);
