//! Draws from the prior of what is drawn as a whole: steps of a stochastic differential equation of the file, and vectors
//! with missing elements.

use std::path::Path;

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

const DRAWS: usize = 20_000;

fn model(body: &str) -> Model {
    let source = format!("import numpy as np\nimport pymc as pm\nwith pm.Model():\n{body}");
    let data = Dataset::from_json(Path::new("none.json"), "{}").unwrap();
    Model::from_file(ModelFile::parse(&source, "model.py").unwrap(), data).unwrap()
}

/// Asserts that the draws of a place have a mean and variance, within five standard errors of normal numbers.
fn assert_moments(positions: &[f64], dim: usize, place: usize, mean: f64, variance: f64) {
    let column: Vec<f64> = positions.iter().skip(place).step_by(dim).copied().collect();
    let count = column.len() as f64;
    let seen_mean = column.iter().sum::<f64>() / count;
    let seen_variance = column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    let errors = [(variance / count).sqrt(), variance * (2.0 / count).sqrt()];
    assert!((seen_mean - mean).abs() < 5.0 * errors[0], "mean at {place}: {seen_mean}, not {mean}");
    assert!((seen_variance - variance).abs() < 5.0 * errors[1], "variance at {place}: {seen_variance}");
}

/// Of linear steps the moments are known: `x' = (1 - a dt) x + sqrt(dt) g z`.
#[test]
fn steps_of_an_equation_are_drawn_with_their_moments() {
    let model = model(
        "    x = pm.EulerMaruyama(\"x\", dt=0.1, sde_fn=lambda x, a, g: (-a * x, g), sde_pars=(0.5, 0.3), \
         init_dist=pm.Normal.dist(2.0, 1.5), shape=(2, 4))\n",
    );
    let positions = model.prior_positions(DRAWS, 5).unwrap();
    assert_eq!(positions.len(), 8 * DRAWS);
    let (mut mean, mut variance) = (2.0, 1.5 * 1.5);
    for step in 0..4 {
        assert_moments(&positions, 8, step, mean, variance);
        assert_moments(&positions, 8, 4 + step, mean, variance);
        mean *= 0.95;
        variance = 0.95 * 0.95 * variance + 0.1 * 0.3 * 0.3;
    }
}

/// A missing element has the marginal distribution of its place.
#[test]
fn missing_elements_of_vectors_are_drawn_with_the_moments_of_their_places() {
    let model = model(
        "    y = pm.MvNormal(\"y\", mu=np.array([1.0, -2.0]), cov=np.array([[2.0, 0.5], [0.5, 1.0]]), \
         observed=np.array([[0.5, np.nan], [np.nan, 1.0]]))\n",
    );
    let positions = model.prior_positions(DRAWS, 6).unwrap();
    assert_moments(&positions, 2, 0, -2.0, 1.0);
    assert_moments(&positions, 2, 1, 1.0, 2.0);
}
