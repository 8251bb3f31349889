//! Targets whose first and second moments are known exactly, sampled by many chains on a device.
//!
//! A moment agrees when it is within four standard errors, which come from the spread between chains.

use std::f64::consts::PI;

use chainfire::distributions::{Gamma, Gumbel, Normal};
use chainfire::{Device, Model, Settings, Site};

const CHAINS: usize = 256;
const EULER: f64 = 0.577_215_664_901_532_9;
/// How far the banana bends.
const BEND: f64 = 0.3;

/// Means and variances of the elements of a position, none of which are correlated.
struct Moments {
    mean: Vec<f64>,
    variance: Vec<f64>,
}

/// Independent normals whose variances span four powers of ten.
fn normals() -> (Model, Moments) {
    let variance: Vec<f64> = (0..9).map(|i| 10f64.powf(-f64::from(i) / 2.0)).collect();
    let scales: Vec<f64> = variance.iter().map(|variance| variance.sqrt()).collect();
    let model = Model::new(move |m| {
        m.sample("x", Site::from(Normal::new(0.0, scales.clone())).shape([9]))?;
        Ok(())
    });
    (model.expect("a model"), Moments { mean: vec![0.0; 9], variance })
}

/// A banana, a Gumbel, and a gamma variable, whose logarithm is what the sampler sees.
///
/// ```text
/// x ~ N(0, 1);  y ~ N(BEND (x^2 - 1), 1);  z ~ Gumbel(0, 1);  w ~ Gamma(2, 1)
/// ```
fn shapes() -> (Model, Moments) {
    let model = Model::new(|m| {
        let x = m.sample("x", Normal::new(0.0, 1.0))?;
        m.sample("y", Normal::new(BEND * (x.clone() * x - 1.0), 1.0))?;
        m.sample("z", Gumbel::new(0.0, 1.0))?;
        m.sample("w", Gamma::new(2.0, 1.0))?;
        Ok(())
    });
    let sixth = PI * PI / 6.0;
    let mean = vec![0.0, 0.0, EULER, 1.0 - EULER];
    let variance = vec![1.0, 1.0 + 2.0 * BEND * BEND, sixth, sixth - 1.0];
    (model.expect("a model"), Moments { mean, variance })
}

/// The means of every chain's positions and of all products of two of their elements, one after the other.
fn seen(model: &Model, seed: u64) -> Vec<Vec<f64>> {
    let device = Device::Gpu(Some(super::device().adapter().index));
    let settings =
        Settings { chains: CHAINS, draws: 200, target_accept: 0.9, seed, device, ..Settings::default() };
    let posterior = model.sample(&settings).expect("it is sampled");
    assert!(posterior.report.is_some(), "the device has sampled");
    let draws = &posterior.draws;
    let of_chain = |positions: &[f64]| {
        let mut sums = vec![0.0; draws.dim * (draws.dim + 3) / 2];
        for q in positions.chunks_exact(draws.dim) {
            let products = (0..draws.dim).flat_map(|i| q[..=i].iter().map(move |x| x * q[i]));
            sums.iter_mut().zip(q.iter().copied().chain(products)).for_each(|(sum, x)| *sum += x);
        }
        sums.iter().map(|sum| sum / draws.draws as f64).collect()
    };
    draws.positions.chunks_exact(draws.draws * draws.dim).map(of_chain).collect()
}

/// The largest |z| of all moments.
fn largest_z(seen: &[Vec<f64>], exact: &Moments) -> f64 {
    let Moments { mean, variance } = exact;
    let product = |i: usize, j: usize| mean[i] * mean[j] + if i == j { variance[i] } else { 0.0 };
    let products = (0..mean.len()).flat_map(|i| (0..=i).map(move |j| product(i, j)));
    let count = seen.len() as f64;
    let z = |(k, expected): (usize, f64)| {
        let mean = seen.iter().map(|chain| chain[k]).sum::<f64>() / count;
        let squares = seen.iter().map(|chain| (chain[k] - mean).powi(2)).sum::<f64>();
        ((mean - expected) / (squares / (count - 1.0) / count).sqrt()).abs()
    };
    let all = mean.iter().copied().chain(products).enumerate().map(z);
    // NaN is no agreement.
    all.fold(0.0, |largest, z| if z > largest || z.is_nan() { z } else { largest })
}

#[test]
fn first_and_second_moments_are_exact() {
    for (model, exact) in [normals(), shapes()] {
        for seed in [1, 2] {
            let z = largest_z(&seen(&model, seed), &exact);
            assert!(z < 4.0, "seed {seed}: |z| {z}");
        }
    }
}

/// The check itself can fail.
#[test]
fn a_variance_that_is_off_by_five_percent_is_seen() {
    let (model, mut exact) = normals();
    exact.variance[4] *= 1.05;
    let z = largest_z(&seen(&model, 1), &exact);
    assert!(z > 4.0, "|z| {z}");
}
