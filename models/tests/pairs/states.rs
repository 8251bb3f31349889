//! Hidden states, summed over.

use chainfire_models::distributions::{Dirichlet, HalfNormal, Normal, possible_density};
use chainfire_models::{Kind, ModelError, Site, Transform, Turn, Value};

use super::{column, same};

#[test]
fn hidden_markov_model() {
    same(
        "
def forward(emission, before, transition):
    return emission + pm.math.logsumexp(before[:, None] + transition, axis=0)

with pm.Model():
    P = pm.Dirichlet('P', a=np.array([[8.0, 2.0], [2.0, 8.0]]))
    mu = pm.Normal('mu', 0, 2, shape=2, transform=pm.distributions.transforms.ordered, initval=[-1, 1])
    sigma = pm.HalfNormal('sigma', 1)
    emission = pm.logp(pm.Normal.dist(mu, sigma), y[:, None])
    alpha, _ = pytensor.scan(
        forward,
        sequences=[emission[1:]],
        outputs_info=[emission[0] - np.log(2)],
        non_sequences=[pt.log(P)],
    )
    pm.Potential('likelihood', pm.math.logsumexp(alpha[-1]))
",
        |m| {
            let concentration = Value::data([8.0, 2.0, 2.0, 8.0], [2, 2], Kind::Float);
            let p = m.sample("P", Dirichlet::new(concentration))?;
            let mu = Site::from(Normal::new(0.0, 2.0)).shape([2]).transform(Transform::ordered());
            let mu = m.sample("mu", mu.initial([-1.0, 1.0]))?;
            let sigma = m.sample("sigma", HalfNormal::new(1.0))?;
            let emission = possible_density(&Normal::new(mu, sigma), &column("y").insert_axis(1));
            let (first, transition) = (emission.at(0) - 2f64.ln(), p.log());
            let scanned = Value::scan(&[first], &[emission.at(1..)], 11, |before, rows| {
                let arrived = (before[0].insert_axis(1) + &transition).log_sum_exp(0);
                Ok::<_, ModelError>(Turn { next: vec![&rows[0] + arrived], emitted: vec![] })
            })?;
            m.potential("likelihood", scanned.states[0].at(-1).log_sum_exp(0))?;
            Ok(())
        },
    );
}
