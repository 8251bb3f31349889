//! Vectors whose elements are correlated.

use chainfire_models::Site;
use chainfire_models::distributions::{Exponential, LkjCholeskyCov, MatrixNormal, MvNormal, Normal};

use super::{column, same};

#[test]
fn correlated_effects() {
    same(
        "
with pm.Model(coords={'group': ['a', 'b', 'c'], 'effect': ['intercept', 'slope']}):
    chol, corr, sd = pm.LKJCholeskyCov('chol', n=2, eta=2, sd_dist=pm.Exponential.dist(1.0))
    mean = pm.Normal('mean', 0, 1, dims='effect')
    effects = pm.MvNormal('effects', mean, chol=chol, dims=('group', 'effect'))
    mu = effects[group, 0] + effects[group, 1] * x
    pm.Normal('y', mu, 0.5, observed=y)
",
        |m| {
            m.coordinate("group", ["a", "b", "c"])?;
            m.coordinate("effect", ["intercept", "slope"])?;
            let packed = m.sample("chol", LkjCholeskyCov::new(2.0, 2, Exponential::new(1.0)))?;
            let (factor, correlations, scales) = LkjCholeskyCov::unpack(&packed, 2);
            m.deterministic("chol_corr", correlations, &[])?;
            m.deterministic("chol_stds", scales, &[])?;
            let mean = m.sample("mean", Site::from(Normal::new(0.0, 1.0)).dims(["effect"]))?;
            let effects = Site::from(MvNormal::with_factor(mean, factor)).dims(["group", "effect"]);
            let effects = m.sample("effects", effects)?;
            let group = column("group");
            let intercept = effects.index(&[(&group).into(), 0.into()]);
            let slope = effects.index(&[(&group).into(), 1.into()]);
            m.observe("y", Normal::new(intercept + slope * column("x"), 0.5), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn multivariate_and_matrix_normals() {
    same(
        "
with pm.Model():
    mu = pm.MvNormal('mu', np.zeros(2), cov=np.array([[2.0, 0.5], [0.5, 1.0]]))
    pm.MvNormal('pair', mu, tau=np.array([[1.5, 0.2], [0.2, 1.0]]), observed=pair)
    pm.MatrixNormal('m', pt.zeros((4, 2)) + mu, rowcov=np.eye(4), colcov=np.array([[2.0, 0.5], [0.5, 1.0]]), observed=pair)
",
        |m| {
            use chainfire_models::{Kind, Value};
            let matrix = |x: [f64; 4]| Value::data(x, [2, 2], Kind::Float);
            let covariance = matrix([2.0, 0.5, 0.5, 1.0]);
            let mu = m.sample("mu", MvNormal::new([0.0, 0.0], &covariance))?;
            let outcome = MvNormal::with_precision(&mu, matrix([1.5, 0.2, 0.2, 1.0]));
            m.observe("pair", outcome, column("pair"))?;
            let identity: Vec<f64> = (0..16).map(|k| f64::from(u8::from(k % 5 == 0))).collect();
            let mean = Value::data([0.0; 8], [4, 2], Kind::Float) + mu;
            let rows = Value::data(identity, [4, 4], Kind::Float);
            m.observe("m", MatrixNormal::new(mean, rows, covariance), column("pair"))?;
            Ok(())
        },
    );
}
