//! A density of one's own: any function of burn tensors for one chain, here a banana.
//!
//! ```text
//! x ~ Normal(0, 1),  y ~ Normal(x^2, 1):   E x = 0,  E y = 1
//! ```

use burn_tensor::Tensor;
use chainfire::{Density, Settings};

fn banana(position: Tensor<1>) -> Tensor<1> {
    let x = position.clone().narrow(0, 0, 1);
    let y = position.narrow(0, 1, 1);
    let bend = y - x.clone() * x.clone();
    (x.clone() * x + bend.clone() * bend) * -0.5
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let density = Density::new(2, banana)?;
    let settings = Settings { chains: 64, target_accept: 0.9, seed: 1, ..Settings::default() };
    let draws = density.sample(&[0.0, 0.0], &settings)?;
    let count = draws.positions.len() as f64 / 2.0;
    let mean = |k: usize| draws.positions.iter().skip(k).step_by(2).sum::<f64>() / count;
    let mut out = std::io::stdout().lock();
    std::io::Write::write_fmt(&mut out, format_args!("E x = {:.3}, E y = {:.3}\n", mean(0), mean(1)))?;
    Ok(())
}
