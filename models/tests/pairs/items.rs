//! Sparse coefficients, item response, missing values.

use chainfire_models::distributions::{
    Bernoulli, HalfCauchy, HalfNormal, HalfStudentT, InverseGamma, LogNormal, Normal,
};
use chainfire_models::{Site, Value};

use super::{column, same};

#[test]
fn regularised_horseshoe() {
    same(
        "
with pm.Model(coords={'predictor': ['first', 'second']}):
    tau = pm.HalfCauchy('tau', 0.1)
    lam = pm.HalfStudentT('lam', 5, dims='predictor')
    c2 = pm.InverseGamma('c2', 1, 1)
    z = pm.Normal('z', 0, 1, dims='predictor')
    shrunk = z * tau * lam * pm.math.sqrt(c2 / (c2 + tau**2 * lam**2))
    beta = pm.Deterministic('beta', shrunk, dims='predictor')
    pm.Normal('y', X @ beta, 1, observed=y)
",
        |m| {
            m.coordinate("predictor", ["first", "second"])?;
            let tau = m.sample("tau", HalfCauchy::new(0.1))?;
            let lam = m.sample("lam", Site::from(HalfStudentT::new(5.0, 1.0)).dims(["predictor"]))?;
            let c2 = m.sample("c2", InverseGamma::new(1.0, 1.0))?;
            let z = m.sample("z", Site::from(Normal::new(0.0, 1.0)).dims(["predictor"]))?;
            let shrunk = z * &tau * &lam * (&c2 / (&c2 + tau.square() * lam.square())).sqrt();
            let beta = m.deterministic("beta", shrunk, &["predictor"])?;
            m.observe("y", Normal::new(column("X").matmul(&beta), 1.0), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn item_response_with_two_parameters() {
    same(
        "
with pm.Model(coords={'person': ['a', 'b', 'c'], 'item': range(4)}):
    ability = pm.Normal('ability', 0, 1, dims='person')
    difficulty = pm.Normal('difficulty', 0, pm.HalfNormal('spread', 1), dims='item')
    discrimination = pm.LogNormal('discrimination', 0, 0.5, dims='item')
    eta = discrimination[item] * (ability[group] - difficulty[item])
    pm.Bernoulli('hit', logit_p=eta, observed=hit)
",
        |m| {
            m.coordinate("person", ["a", "b", "c"])?;
            m.coordinate("item", (0..4).collect::<Vec<i64>>())?;
            let ability = m.sample("ability", Site::from(Normal::new(0.0, 1.0)).dims(["person"]))?;
            let spread = m.sample("spread", HalfNormal::new(1.0))?;
            let difficulty = Site::from(Normal::new(0.0, spread)).dims(["item"]);
            let difficulty = m.sample("difficulty", difficulty)?;
            let discrimination = Site::from(LogNormal::new(0.0, 0.5)).dims(["item"]);
            let discrimination = m.sample("discrimination", discrimination)?;
            let (person, item) = (column("group"), column("item"));
            let eta: Value = discrimination.at(&item) * (ability.at(&person) - difficulty.at(&item));
            m.observe("hit", Bernoulli::logit(eta), column("hit"))?;
            Ok(())
        },
    );
}

#[test]
fn missing_values_become_parameters() {
    same(
        "
with pm.Model(coords={'row': range(12)}):
    level = pm.Normal('level', 0, 1)
    predictor = pm.Normal('predictor', level, 2, observed=holes, dims='row')
    slope = pm.Normal('slope', 0, 1)
    pm.Normal('y', slope * predictor, 1, observed=y)
",
        |m| {
            m.coordinate("row", (0..12).collect::<Vec<i64>>())?;
            let level = m.sample("level", Normal::new(0.0, 1.0))?;
            let predictor = Site::from(Normal::new(level, 2.0)).dims(["row"]);
            let predictor = m.observe("predictor", predictor, column("holes"))?;
            let slope = m.sample("slope", Normal::new(0.0, 1.0))?;
            m.observe("y", Normal::new(slope * predictor, 1.0), column("y"))?;
            Ok(())
        },
    );
}
