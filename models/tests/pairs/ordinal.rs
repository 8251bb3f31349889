//! Categories, with an order and without.

use chainfire_models::distributions::{Categorical, Normal, OrderedLogistic};
use chainfire_models::{Site, Transform, Value};

use super::{column, same};

#[test]
fn ordered_categories() {
    same(
        "
with pm.Model():
    cutpoints = pm.Normal(
        'cutpoints', mu=[-1, 0, 1], sigma=2, transform=pm.distributions.transforms.ordered, initval=[-1, 0, 1]
    )
    beta = pm.Normal('beta', 0, 1)
    pm.OrderedLogistic('rating', eta=beta * x, cutpoints=cutpoints, observed=rating, compute_p=False)
",
        |m| {
            let cutpoints = Site::from(Normal::new([-1.0, 0.0, 1.0], 2.0)).transform(Transform::ordered());
            let cutpoints = m.sample("cutpoints", cutpoints.initial([-1.0, 0.0, 1.0]))?;
            let beta = m.sample("beta", Normal::new(0.0, 1.0))?;
            m.observe("rating", OrderedLogistic::new(beta * column("x"), cutpoints), column("rating"))?;
            Ok(())
        },
    );
}

#[test]
fn softmax_regression() {
    same(
        "
with pm.Model():
    alpha = pm.Normal('alpha', 0, 1, shape=3)
    beta = pm.Normal('beta', 0, 1, shape=(2, 3))
    eta = pm.math.concatenate([pt.zeros((12, 1)), alpha + X @ beta], axis=1)
    pm.Categorical('rating', p=pm.math.softmax(eta, axis=1), observed=rating)
",
        |m| {
            use chainfire_models::Kind;
            let alpha = m.sample("alpha", Site::from(Normal::new(0.0, 1.0)).shape([3]))?;
            let beta = m.sample("beta", Site::from(Normal::new(0.0, 1.0)).shape([2, 3]))?;
            let zeros = Value::data([0.0; 12], [12, 1], Kind::Float);
            let eta = Value::concatenate(&[zeros, alpha + column("X").matmul(&beta)], 1);
            m.observe("rating", Categorical::new(eta.softmax(1)), column("rating"))?;
            Ok(())
        },
    );
}
