//! Distributions inside models: shapes, transforms, gradients of the whole density.

use std::collections::HashMap;

use chainfire_models::distributions::{
    Categorical, Dirichlet, Exponential, HalfNormal, LkjCholeskyCov, LkjCorr, MvNormal, Normal,
    OrderedLogistic, Poisson, RandomWalk, ZeroSumNormal,
};
use chainfire_models::{Distribution, Kind, Model, ModelError, Scope, Site, Transform, Value};

/// Checks the compiled gradient against differences of the compiled density, and its value against the sum of the
/// terms, away from the starting point.
fn check(model: &Model, dim: usize) {
    assert_eq!(model.dim(), dim);
    let position: Vec<f64> = model
        .initial_position()
        .iter()
        .enumerate()
        .map(|(k, x)| x + 0.3 * (1.0 + k as f64 * 1.7).sin())
        .collect();
    let seen = model.evaluate(&position).unwrap();
    let terms: f64 = seen.terms.iter().map(|term| term.log_density).sum();
    assert!(
        (seen.log_density - terms).abs() < 1e-10 * (1.0 + terms.abs()),
        "{} and {terms}",
        seen.log_density
    );
    for k in 0..dim {
        let at = |step: f64| {
            let mut moved = position.clone();
            moved[k] += step;
            model.evaluate(&moved).unwrap().log_density
        };
        let h = 1e-3;
        let expected = (at(-2.0 * h) - 8.0 * at(-h) + 8.0 * at(h) - at(2.0 * h)) / (12.0 * h);
        let error = (seen.gradient[k] - expected).abs();
        assert!(error < 1e-7 * (1.0 + expected.abs()), "{k}: {} and {expected}", seen.gradient[k]);
    }
}

fn model(function: impl Fn(&mut Scope) -> Result<(), ModelError> + Send + Sync + 'static) -> Model {
    Model::new(function).unwrap()
}

#[test]
fn simplex_variables_have_one_parameter_less() {
    let model = model(|scope| {
        let p = scope.sample("p", Dirichlet::new([2.0, 1.0, 0.5, 3.0]))?;
        scope.observe("y", Categorical::new(p), Value::from([0.0, 3.0, 3.0, 1.0]))?;
        Ok(())
    });
    check(&model, 3);
    assert_eq!(model.variables()[0].shape, [4]);
    assert_eq!(model.variables()[0].value_name(), "p_simplex__");
    let given = HashMap::from([("p".to_string(), vec![0.1, 0.2, 0.3, 0.4])]);
    let position = model.position_of(given).unwrap();
    let same = HashMap::from([("p_simplex__".to_string(), position.clone())]);
    assert_eq!(model.position_of(same).unwrap(), position);
}

#[test]
fn ordered_cutpoints_are_sampled_with_their_jacobian_once() {
    let cutpoints = || Site::from(Normal::new([-1.0, 0.0, 1.0], 2.0)).transform(Transform::ordered());
    let model = model(move |scope| {
        let eta = scope.sample("eta", Normal::new(0.0, 1.0))?;
        let cuts = scope.sample("cuts", cutpoints())?;
        scope.observe("y", OrderedLogistic::new(eta, cuts), Value::from([0.0, 1.0, 3.0, 2.0, 2.0]))?;
        Ok(())
    });
    check(&model, 4);
    // Normal densities at 0, e and e + 1, and the Jacobian 1 of the second step.
    let point = HashMap::from([("cuts_ordered__".to_string(), vec![0.0, 1.0, 0.0])]);
    let position = model.position_of(point).unwrap();
    let term = model.evaluate(&position).unwrap().terms[1].log_density;
    let e = std::f64::consts::E;
    let normal = |x: f64, mu: f64| -(x - mu).powi(2) / 8.0 - 2f64.ln() - 0.918_938_533_204_672_7;
    let expected = normal(0.0, -1.0) + normal(e, 0.0) + normal(e + 1.0, 1.0) + 1.0;
    assert!((term - expected).abs() < 1e-12, "{term} instead of {expected}");
}

#[test]
fn covariances_of_groups_can_be_learned() {
    let model = model(|scope| {
        let packed = scope.sample("chol", LkjCholeskyCov::new(2.0, 2, Exponential::new(1.0)))?;
        let (factor, correlations, scales) = LkjCholeskyCov::unpack(&packed, 2);
        scope.deterministic("corr", correlations, &[])?;
        scope.deterministic("sd", scales, &[])?;
        let mean = Value::data([0.0, 1.0, 2.0, 0.0, 0.0, 0.0], [3, 2], Kind::Float);
        let effects = scope.sample("effects", MvNormal::with_factor(mean, factor))?;
        scope.observe(
            "y",
            Normal::new(effects, 1.0),
            Value::data([0.1, 2.0, -1.0, 0.4, 1.5, 1.0], [3, 2], Kind::Float),
        )?;
        Ok(())
    });
    check(&model, 3 + 6);
}

#[test]
fn random_covariances_are_factored_on_the_tape() {
    let model = model(|scope| {
        let scale = scope.sample("scale", HalfNormal::new(1.0))?;
        let distance = Value::data([0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0], [3, 3], Kind::Float);
        let identity = Value::data([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], [3, 3], Kind::Float);
        let covariance = (distance * -scale.recip()).exp() + identity * 0.1;
        let y = Value::data([0.3, -1.0, 0.5, 1.0, 0.8, -0.2], [2, 3], Kind::Float);
        scope.observe("y", MvNormal::new(0.0, &covariance), y)?;
        scope.observe("z", MvNormal::with_precision(0.0, covariance), Value::from([0.3, -1.0, 0.5]))?;
        Ok(())
    });
    check(&model, 1);
}

#[test]
fn correlations_have_the_jacobian_of_every_element_and_one_density() {
    let model = model(|scope| {
        scope.sample("corr", LkjCorr::new(3, 2.0))?;
        Ok(())
    });
    check(&model, 3);
    let seen = model.evaluate(&[0.0; 3]).unwrap().log_density;
    // (1/2)^3, and the integral of det(R) over correlation matrices of three variables: 2^7 B(5/2, 5/2)^2 B(2, 2).
    let log_beta =
        |a: f64| 2.0 * chainfire_kernels::special::lgamma(a) - chainfire_kernels::special::lgamma(2.0 * a);
    let integral = 2.0 * (4.0 * 2f64.ln() + log_beta(2.5)) + 3.0 * 2f64.ln() + log_beta(2.0);
    // PyMC adds the log of the integral where a density subtracts it; the constant is kept for equal log densities.
    let expected = -3.0 * 2f64.ln() + integral;
    assert!((seen - expected).abs() < 1e-12, "{seen} instead of {expected}");
}

#[test]
fn zero_sum_effects_and_walks_have_the_dims_of_their_site() {
    let model = model(|scope| {
        scope.coordinate("group", vec![1, 2, 3, 4])?;
        scope.coordinate("time", vec![1, 2, 3])?;
        let sigma = scope.sample("sigma", HalfNormal::new(1.0))?;
        let effects = scope.sample("effects", Site::from(ZeroSumNormal::new(&sigma, 1)).dims(["group"]))?;
        let walk = RandomWalk::new(Normal::new(0.0, 2.0), Normal::new(0.0, sigma));
        let trend = scope.sample("trend", Site::from(walk).dims(["time"]))?;
        let mu = (effects.reshape(&[4, 1]) + trend.reshape(&[1, 3])).exp();
        let counts: Vec<f64> = (0..12).map(|k| f64::from(k % 5)).collect();
        scope.observe("y", Poisson::new(mu), Value::data(counts, [4, 3], Kind::Float))?;
        Ok(())
    });
    check(&model, 1 + 3 + 3);
}

#[test]
fn a_stochastic_differential_equation_can_be_observed_in_part() {
    use chainfire_models::distributions::EulerMaruyama;
    let model = model(|scope| {
        let rate = scope.sample("rate", HalfNormal::new(1.0))?;
        let process = EulerMaruyama::new(0.1, Normal::new(1.0, 0.5), move |x| (-(x * &rate), x * 0.2 + 0.5));
        let path = scope.sample("path", Site::from(process).shape([5]))?;
        scope.observe("y", Normal::new(path, 0.3), Value::from([1.0, 0.9, 0.7, 0.8, 0.6]))?;
        Ok(())
    });
    check(&model, 6);
    // One step by hand: N(x1 | x0 - 0.1 rate x0, sqrt(0.1) (0.2 x0 + 0.5)).
    let process = EulerMaruyama::new(0.1, Normal::new(1.0, 0.5), |x| (-(x * 2.0), x * 0.2 + 0.5));
    let seen = process.log_density(&Value::from([1.5, 1.0])).as_numbers().unwrap()[0];
    let normal = |x: f64, mu: f64, s: f64| -((x - mu) / s).powi(2) / 2.0 - s.ln() - 0.918_938_533_204_672_7;
    let expected = normal(1.5, 1.0, 0.5) + normal(1.0, 1.2, 0.1f64.sqrt() * 0.8);
    assert!((seen - expected).abs() < 1e-13, "{seen} instead of {expected}");
}
