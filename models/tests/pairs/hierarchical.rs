//! Effects of groups, with coordinates.

use chainfire_models::Site;
use chainfire_models::distributions::{Exponential, HalfNormal, Normal, ZeroSumNormal};

use super::{column, same};

#[test]
fn centred_effects() {
    same(
        "
with pm.Model(coords={'group': ['a', 'b', 'c']}):
    mu = pm.Normal('mu', 0, 5)
    tau = pm.HalfNormal('tau', 2)
    effect = pm.Normal('effect', mu, tau, dims='group')
    sigma = pm.Exponential('sigma', 1)
    pm.Normal('y', effect[group], sigma, observed=y)
",
        |m| {
            m.coordinate("group", ["a", "b", "c"])?;
            let mu = m.sample("mu", Normal::new(0.0, 5.0))?;
            let tau = m.sample("tau", HalfNormal::new(2.0))?;
            let effect = m.sample("effect", Site::from(Normal::new(mu, tau)).dims(["group"]))?;
            let sigma = m.sample("sigma", Exponential::new(1.0))?;
            m.observe("y", Normal::new(effect.at(&column("group")), sigma), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn non_centred_effects() {
    same(
        "
with pm.Model(coords={'group': ['a', 'b', 'c'], 'row': range(12)}):
    mu = pm.Normal('mu', 0, 5)
    tau = pm.HalfNormal('tau', 2)
    z = pm.Normal('z', 0, 1, dims='group')
    effect = pm.Deterministic('effect', mu + tau * z, dims='group')
    slope = pm.Normal('slope', 0, 1)
    sigma = pm.Exponential('sigma', 1)
    predictor = pm.Data('predictor', x, dims='row')
    pm.Normal('y', effect[group] + slope * predictor, sigma, observed=y, dims='row')
",
        |m| {
            m.coordinate("group", ["a", "b", "c"])?;
            m.coordinate("row", (0..12).collect::<Vec<i64>>())?;
            let mu = m.sample("mu", Normal::new(0.0, 5.0))?;
            let tau = m.sample("tau", HalfNormal::new(2.0))?;
            let z = m.sample("z", Site::from(Normal::new(0.0, 1.0)).dims(["group"]))?;
            let effect = m.deterministic("effect", mu + tau * z, &["group"])?;
            let slope = m.sample("slope", Normal::new(0.0, 1.0))?;
            let sigma = m.sample("sigma", Exponential::new(1.0))?;
            let predictor = m.data("predictor", column("x"), &["row"])?;
            let mean = effect.at(&column("group")) + slope * predictor;
            m.observe("y", Site::from(Normal::new(mean, sigma)).dims(["row"]), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn crossed_effects_that_sum_to_zero() {
    same(
        "
with pm.Model(coords={'group': ['a', 'b', 'c'], 'item': range(4)}):
    level = pm.Normal('level', y.mean(), 2)
    of_group = pm.ZeroSumNormal('of_group', 1, dims='group')
    scale = pm.HalfNormal('scale', 1)
    of_item = pm.ZeroSumNormal('of_item', sigma=scale, dims='item')
    pm.Normal('y', level + of_group[group] + of_item[item], 0.5, observed=y)
",
        |m| {
            m.coordinate("group", ["a", "b", "c"])?;
            m.coordinate("item", (0..4).collect::<Vec<i64>>())?;
            let level = m.sample("level", Normal::new(column("y").mean_axis(0), 2.0))?;
            let of_group = m.sample("of_group", Site::from(ZeroSumNormal::new(1.0, 1)).dims(["group"]))?;
            let scale = m.sample("scale", HalfNormal::new(1.0))?;
            let of_item = m.sample("of_item", Site::from(ZeroSumNormal::new(scale, 1)).dims(["item"]))?;
            let mean = level + of_group.at(&column("group")) + of_item.at(&column("item"));
            m.observe("y", Normal::new(mean, 0.5), column("y"))?;
            Ok(())
        },
    );
}
