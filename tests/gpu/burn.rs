//! What burn replays of a density computes on a device what it computes on the processor.
//!
//! Needs a Vulkan device, and builds burn's own kernels (minutes): run by name,
//! `cargo test --release --features burn-wgpu --test burn_wgpu`.

use burn_tensor::{DType, Int, Tensor, TensorData};
use chainfire::{Density, Device, GpuDevice, Place, Settings, Value};
use chainfire_engine::LogDensity;
use chainfire_engine::program::{self, Program, ProgramError, ReplayDensity};
use chainfire_kernels::tape::{DeviceChoice, Unary};

const DIM: usize = 6;

/// Sorting and cumulating have no place on a tape; whole numbers, truth values, a product with data and a function of
/// ours go along.
fn density(position: Tensor<1>) -> Tensor<1> {
    let device = position.device();
    let numbers: Vec<f64> = (0..4 * DIM).map(|i| (0.7 * i as f64).sin()).collect();
    let predictors = Tensor::<2>::from_data(TensorData::new(numbers, [4, DIM]), (&device, DType::F64));
    let order = Tensor::<1, Int>::from_data(TensorData::from([3i64, 0, 5, 3]), (&device, DType::I64));
    let cumulated = position.clone().sort(0).cumsum(0);
    let taken = position.clone().select(0, order);
    let linear: Tensor<1> = predictors.matmul(position.clone().unsqueeze_dim(1)).squeeze_dim(1);
    let is_positive = linear.clone().greater_elem(0.0);
    let bent = linear.clone().mask_where(is_positive, linear.clone() * 0.5);
    let shape = Value::tensor(position.clone().exp(), vec![DIM]);
    let log_gamma = shape.unary(Unary::Lgamma).as_tensor(&position);
    (cumulated.clone() * cumulated).sum() * -0.5 + (taken * bent.tanh()).sum()
        - log_gamma.sum()
        - (position.clone() * position).sum()
}

fn captured() -> (ReplayDensity, ProgramError) {
    match program::density::<ProgramError>(DIM, |position| Ok(density(position))).expect("captured") {
        Program::Replay { density, reason } => (density, reason),
        Program::Tape(_) => panic!("sorting has no place on a tape"),
    }
}

fn evaluate(density: &ReplayDensity, position: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut value, mut gradient) = (vec![0.0; position.len() / DIM], vec![0.0; position.len()]);
    density.evaluator().evaluate(position, &mut value, &mut gradient);
    (value, gradient)
}

fn device() -> GpuDevice {
    GpuDevice::open(DeviceChoice::Software)
        .expect("this test needs a Vulkan device, such as Debian's mesa-vulkan-drivers")
}

#[test]
fn a_density_that_burn_replays_is_the_same_on_a_device() {
    let (on_cpu, reason) = captured();
    assert!(reason.to_string().contains("Sort"), "{reason}");
    let on_device = on_cpu.clone().on_gpu(&device()).expect("burn has these operations there");
    let position: Vec<f64> = (0..5 * DIM).map(|i| f64::from((1.3 * i as f64).sin() as f32)).collect();
    let (value, gradient) = evaluate(&on_device, &position);
    let (expected, slope) = evaluate(&on_cpu, &position);
    for (seen, expected) in value.iter().zip(&expected).chain(gradient.iter().zip(&slope)) {
        assert!((seen - expected).abs() <= 2e-5 * expected.abs().max(1.0), "{seen} against {expected}");
        assert_ne!(seen, expected, "double precision is the processor's alone");
    }
}

#[test]
fn a_run_says_that_burn_replays_the_density_on_the_device() {
    let density = Density::new(DIM, density).expect("captured");
    let device = Device::Gpu(Some(device().adapter().index));
    let settings = Settings { chains: 1, tune: 20, draws: 10, seed: 1, device, ..Settings::default() };
    let run = density.prepare(&[0.0; DIM], &settings).expect("burn has these operations there");
    assert!(density.fallback().is_some_and(|reason| reason.to_string().contains("Sort")));
    assert!(matches!(run.choice().place, Place::Gpu(_)), "{:?}", run.choice());
    let draws = run.sample().expect("it is sampled");
    assert_eq!(draws.positions.len(), 10 * DIM);
    assert!(draws.positions.iter().all(|x| x.is_finite()));
}
