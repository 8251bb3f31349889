//! Models with variables fixed or observed, starts from the prior, Wishart matrices: in files and with the builder.

use std::collections::HashMap;

use chainfire_models::data::Dataset;
use chainfire_models::distributions::{HalfNormal, Normal, Wishart};
use chainfire_models::language::ModelFile;
use chainfire_models::{Distribution, Kind, Model, ModelError, Role, Scope, Site, Value};

fn read(text: &str) -> Result<Model, ModelError> {
    let source = format!("import numpy as np\nimport pymc as pm\n{text}");
    Model::from_file(ModelFile::parse(&source, "model.py").map_err(Box::new)?, Dataset::empty())
}

const FILE: &str = "
with pm.Model() as model:
    a = pm.Normal('a', 1, 2)
    b = pm.HalfNormal('b', 3)
    c = pm.Normal('c', a, b, shape=2)
    pm.Normal('y', c, 1, observed=[0.5, -0.5])
";

fn built(scope: &mut Scope) -> Result<(), ModelError> {
    let a = scope.sample("a", Normal::new(1.0, 2.0))?;
    let b = scope.sample("b", HalfNormal::new(3.0))?;
    let c = scope.sample("c", Site::from(Normal::new(a, b)).shape([2]))?;
    scope.observe("y", Normal::new(c, 1.0), [0.5, -0.5])?;
    Ok(())
}

fn names(model: &Model) -> Vec<String> {
    model.free_variables().map(|variable| variable.name.clone()).collect()
}

fn log_density(model: &Model, point: &[(&str, &[f64])]) -> f64 {
    let point: HashMap<String, Vec<f64>> = point.iter().map(|(k, v)| (k.to_string(), v.to_vec())).collect();
    model.evaluate(&model.position_of(point).unwrap()).unwrap().log_density
}

fn normal(x: f64, mu: f64, sigma: f64) -> f64 {
    -((x - mu) / sigma).powi(2) / 2.0 - sigma.ln() - 0.918_938_533_204_672_7
}

#[test]
fn fixed_variables_have_no_density() {
    let written =
        read(&format!("{FILE}\nwith pm.do(model, {{'a': 1.5, 'b': np.array(2.0)}}) as fixed:\n    pass\n"));
    let constructed = Model::new(built).unwrap().fixed([("a", 1.5), ("b", 2.0)]);
    for model in [written.unwrap(), constructed.unwrap()] {
        assert_eq!(names(&model), ["c"]);
        assert!(matches!(model.variables()[0].role, Role::Data));
        assert_eq!(model.data("b").unwrap().as_data().unwrap()[..], [2.0]);
        let seen = log_density(&model, &[("c", &[0.2, -1.0])]);
        let prior = normal(0.2, 1.5, 2.0) + normal(-1.0, 1.5, 2.0);
        let expected = prior + normal(0.5, 0.2, 1.0) + normal(-0.5, -1.0, 1.0);
        assert!((seen - expected).abs() < 1e-13, "{seen} instead of {expected}");
    }
}

#[test]
fn observed_variables_keep_their_density() {
    let written = read(&format!("{FILE}\nother = pm.observe(model, {{'c': [0.2, -1.0]}})\n"));
    let constructed = Model::new(built).unwrap().observing([("c", [0.2, -1.0])]);
    for model in [written.unwrap(), constructed.unwrap()] {
        assert_eq!(names(&model), ["a", "b"]);
        let seen = log_density(&model, &[("a", &[0.3]), ("b", &[2.0])]);
        let of_c = normal(0.2, 0.3, 2.0) + normal(-1.0, 0.3, 2.0);
        let half = 2f64.ln() + normal(2.0, 0.0, 3.0) + 2f64.ln();
        let of_y = normal(0.5, 0.2, 1.0) + normal(-0.5, -1.0, 1.0);
        let expected = normal(0.3, 1.0, 2.0) + half + of_c + of_y;
        assert!((seen - expected).abs() < 1e-13, "{seen} instead of {expected}");
    }
}

#[test]
fn changes_of_what_there_is_not_are_refused() {
    let error = read(&format!("{FILE}\npm.do(model, {{'d': 1}})\n")).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("no variable \"d\"") && error.contains("model.py:10:"), "{error}");
    let error =
        read(&format!("{FILE}\npm.do(model, {{'c': [1, 2, 3]}})\n")).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("`c`") && error.contains("(3,)"), "{error}");
    let error = read(&format!("{FILE}\npm.do(model, {{'a': 1, 'b': 1, 'c': 1}})\n")).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("no free variables"), "{error}");
    let error = Model::new(built).unwrap().fixed([("d", 1.0)]).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains('d') && error.contains("a, b, c, y"), "{error}");
}

#[test]
fn a_start_from_the_prior_is_a_draw_and_the_same_every_time() {
    let file = "with pm.Model():\n    pm.HalfNormal('b', 3, shape=4, initval='prior')\n    pm.Normal('c', 5, 1, initval='support_point')\n";
    let model = read(file).unwrap();
    let start = model.initial_position();
    assert!(start[..4].windows(2).all(|pair| pair[0] != pair[1]), "{start:?}");
    assert_eq!(start[4], 5.0);
    assert_eq!(start, read(file).unwrap().initial_position());
    let same = Model::new(|m| {
        m.sample("b", Site::from(HalfNormal::new(3.0)).shape([4]).initial_from_prior())?;
        m.sample("c", Normal::new(5.0, 1.0))?;
        Ok(())
    });
    assert_eq!(start, same.unwrap().initial_position());
    let error =
        read("with pm.Model():\n    pm.Flat('a', initval='prior')\n").map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("flat"), "{error}");
}

/// The density of the matrix, times the volume by which the map from the parameters changes: the logarithm of the
/// determinant by differences.
#[test]
fn wishart_factors_have_the_density_of_the_wishart_distribution() {
    let (nu, scale) = (4.5, [2.0, 0.6, 0.6, 1.0]);
    let model = Model::new(move |m| {
        let factor = Value::data(scale, [2, 2], Kind::Float).cholesky();
        let factor = m.wishart_factor("w", nu, &factor, None)?;
        m.deterministic("w", factor.matmul(&factor.transpose()), &[])?;
        Ok(())
    })
    .unwrap();
    let layout = model.draw_layout().unwrap();
    let (_, row) = layout.variables.iter().find(|(variable, _)| variable.name == "w").unwrap().clone();
    let at = |position: &[f64]| {
        let draw = layout.draws(position, 1);
        [draw[row], draw[row + 2], draw[row + 3]]
    };
    let position = [0.3, 1.1, -0.7];
    let h = 1e-5;
    let slopes: Vec<[f64; 3]> = (0..3)
        .map(|k| {
            let moved = |step: f64| {
                let mut moved = position;
                moved[k] += step;
                at(&moved)
            };
            let (above, below) = (moved(h), moved(-h));
            [0, 1, 2].map(|i| (above[i] - below[i]) / (2.0 * h))
        })
        .collect();
    let [a, b, c] = [slopes[0], slopes[1], slopes[2]];
    let cross = [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]];
    let volume = (a[0] * cross[0] + a[1] * cross[1] + a[2] * cross[2]).abs().ln();
    let [x, y, z] = at(&position);
    let wishart = Wishart::new(nu, Value::data(scale, [2, 2], Kind::Float));
    let matrix = Value::data([x, y, y, z], [2, 2], Kind::Float);
    let expected = wishart.log_density(&matrix).as_numbers().unwrap()[0] + volume;
    let seen = model.evaluate(&position).unwrap().log_density;
    assert!((seen - expected).abs() < 1e-8, "{seen} instead of {expected}");
}

#[test]
fn wishart_matrices_of_files_start_where_they_are_told() {
    let model = read(
        "with pm.Model():\n    pm.WishartBartlett('w', np.eye(2), 5, initval=np.array([[3.0, 1.0], [1.0, 2.0]]))\n",
    );
    let model = model.unwrap();
    assert_eq!(names(&model), ["w_c", "w_z"]);
    let layout = model.draw_layout().unwrap();
    let draw = layout.draws(model.initial_position(), 1);
    let (_, row) = layout.variables.iter().find(|(variable, _)| variable.name == "w").unwrap();
    for (seen, expected) in draw[*row..].iter().zip([3.0, 1.0, 1.0, 2.0]) {
        assert!((seen - expected).abs() < 1e-14, "{draw:?}");
    }
}

/// A model made of others; `pm` is imported.
const REMADE: &str = r#"
import copy

from pymc.distributions.transforms import Interval, log_exp_m1
from pymc.model.transform.conditioning import change_value_transforms, remove_value_transforms
from pymc.model.transform.optimization import freeze_dims_and_data

with pm.Model(coords={"obs": range(5)}) as generative:
    dose = pm.Data("dose", np.array([0.1, 0.4, 0.9, 1.6, 2.5]), dims="obs")
    confounder = pm.Normal("confounder", 0, 1, dims="obs")
    effect = pm.Normal("effect", 0, 1)
    sigma = pm.HalfNormal("sigma", 1)
    share = pm.Beta("share", 2, 2)
    free_scale = pm.Exponential("free_scale", 1)
    treated = pm.Normal("treated", confounder, free_scale, dims="obs")
    outcome = pm.Normal("outcome", effect * treated * dose + share * confounder, sigma + free_scale, dims="obs")

observed = pm.observe(generative, {generative["outcome"]: [0.3, -0.2, 0.8, 1.9, 2.2]})
fixed = pm.do(observed, {observed["treated"]: np.array([0.0, 1.0, 0.0, 1.0, 1.0]), "dose": [0.2, 0.5, 1.0, 1.5, 2.0]})
changed = change_value_transforms(fixed, {"sigma": log_exp_m1, fixed["share"]: Interval(0, 1)})
model = freeze_dims_and_data(remove_value_transforms(copy.deepcopy(changed), vars=["free_scale"]))
"#;

/// The densities are those of PyMC 5.28.5 at its starting point and at another one.
#[test]
fn models_made_of_others_have_the_densities_that_they_have_in_pymc() {
    let model = read(REMADE).unwrap();
    assert_eq!(names(&model), ["confounder", "effect", "sigma", "share", "free_scale"]);
    let start = model.evaluate(model.initial_position()).unwrap().log_density;
    assert!((start - -17.891_855_519_094_662).abs() < 1e-12, "{start}");
    let there = log_density(
        &model,
        &[
            ("free_scale", &[0.656_018_665_935_444_9]),
            ("sigma_log_exp_m1__", &[-0.447_553_683_193_220_86]),
            (
                "confounder",
                &[
                    0.109_239_069_369_052_95,
                    0.586_772_217_747_310_5,
                    0.618_231_218_118_571_6,
                    0.131_479_788_606_246_4,
                    -0.456_078_963_746_354_4,
                ],
            ),
            ("share_interval__", &[-0.634_313_178_509_510_8]),
            ("effect", &[0.383_383_521_022_661_1]),
        ],
    );
    assert!((there - -16.352_865_251_505_012).abs() < 1e-12, "{there}");
}

#[test]
fn models_that_are_made_otherwise_are_told_and_not_passed_over() {
    let refused = |line: &str| read(&format!("{FILE}{line}\n")).map(|_| ()).unwrap_err().to_string();
    let error = refused("other = pm.do(model, {'a': 1}, prune_vars=True)");
    assert!(error.contains("`prune_vars=True` is not supported"), "{error}");
    let error = refused("other = pm.observe(model, {'c': unknown})");
    assert!(error.contains("`unknown` is"), "{error}");
    let error = refused("import pymc_extras as pmx\nother = pmx.marginalize(model, ['a'])");
    assert!(error.contains("marginalize"), "{error}");
    let error = refused("model.set_initval(7, 1.0)");
    assert!(error.contains("takes a variable of the model"), "{error}");
    let error = refused("with model:\n    pm.Potential('p', model['d'])");
    assert!(error.contains("no variable \"d\""), "{error}");
}
