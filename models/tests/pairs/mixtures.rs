//! Mixtures of distributions.

use std::rc::Rc;

use chainfire_models::distributions::{Beta, Dirichlet, HalfNormal, Mixture, Normal, StudentT};
use chainfire_models::{Site, Transform, Value};

use super::{column, same};

#[test]
fn normals_with_ordered_means() {
    same(
        "
with pm.Model():
    w = pm.Dirichlet('w', np.ones(3))
    mu = pm.Normal('mu', 0, 5, shape=3, transform=pm.distributions.transforms.ordered, initval=[-1, 0, 1])
    sigma = pm.HalfNormal('sigma', 1, shape=3)
    pm.NormalMixture('y', w=w, mu=mu, sigma=sigma, observed=y)
",
        |m| {
            let w = m.sample("w", Dirichlet::new([1.0; 3]))?;
            let means = Site::from(Normal::new(0.0, 5.0)).shape([3]).transform(Transform::ordered());
            let mu = m.sample("mu", means.initial([-1.0, 0.0, 1.0]))?;
            let sigma = m.sample("sigma", Site::from(HalfNormal::new(1.0)).shape([3]))?;
            m.observe("y", Mixture::of_batch(w, Rc::new(Normal::new(mu, sigma))), column("y"))?;
            Ok(())
        },
    );
}

#[test]
fn components_of_two_families() {
    same(
        "
with pm.Model():
    p = pm.Beta('p', 2, 2)
    spread = pm.HalfNormal('spread', 1)
    parts = [pm.Normal.dist(0, spread), pm.StudentT.dist(4, 0, sigma=3 * spread)]
    pm.Mixture('y', w=pm.math.stack([p, 1 - p]), comp_dists=parts, observed=y)
",
        |m| {
            let p = m.sample("p", Beta::new(2.0, 2.0))?;
            let spread = m.sample("spread", HalfNormal::new(1.0))?;
            let weights = Value::stack(&[p.clone(), 1.0 - p], 0);
            let (narrow, wide) = (Normal::new(0.0, &spread), StudentT::new(4.0, 0.0, 3.0 * &spread));
            m.observe("y", Mixture::new(weights, vec![Rc::new(narrow), Rc::new(wide)]), column("y"))?;
            Ok(())
        },
    );
}
