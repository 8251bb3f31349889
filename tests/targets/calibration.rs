//! Simulation-based calibration: parameters drawn from the prior are as likely to have any rank among the draws of
//! their posterior.
//!
//! ```text
//! theta ~ prior,  y ~ p(y | theta),  theta_1 .. theta_L ~ p(theta | y)   =>   #{theta_i < theta} ~ Uniform{0 .. L}
//! ```
//!
//! Ranks fall into ten bins; chi-square with 9 degrees of freedom exceeds 33.7 with probability 1e-4, and there are some
//! forty comparisons in all.
//!
//! # References
//! - Talts, Betancourt, Simpson, Vehtari, Gelman (2018), Validating Bayesian inference algorithms with
//!   simulation-based calibration, algorithm 1. arXiv:1804.06788

use chainfire::distributions::{Binomial, HalfCauchy, HalfNormal, Normal, Poisson};
use chainfire::{Model, ModelError, Settings, Site, Value};
use chainfire_kernels::random::Key;

const REPLICATIONS: u32 = 500;
const BINS: usize = 10;
const LIMIT: f64 = 33.7;

/// Random numbers of one replication, in the order of need.
struct Source {
    key: Key,
    lane: u32,
}

impl Source {
    fn uniform(&mut self) -> f64 {
        self.lane += 1;
        self.key.uniform(self.lane)
    }

    fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        self.lane += 1;
        mean + sd * self.key.normal(self.lane)
    }

    fn binomial(&mut self, trials: u32, chance: f64) -> f64 {
        (0..trials).filter(|_| self.uniform() < chance).count() as f64
    }

    /// Counts exponential waiting times.
    fn poisson(&mut self, rate: f64) -> f64 {
        let (mut time, mut count) = (0.0, -1.0);
        while time < rate {
            time -= self.uniform().ln();
            count += 1.0;
        }
        count
    }
}

/// What a replication is: the parameters by name, and the model of data drawn from them.
type Replication = (Vec<(&'static str, f64)>, Result<Model, ModelError>);

fn eight_schools(source: &mut Source) -> Replication {
    let sigma = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let mu = source.normal(0.0, 5.0);
    let tau = 5.0 * (0.5 * std::f64::consts::PI * (1.0 - source.uniform())).tan();
    let z: [f64; 8] = std::array::from_fn(|_| source.normal(0.0, 1.0));
    let y: Vec<f64> = (0..8).map(|i| source.normal(mu + tau * z[i], sigma[i])).collect();
    let model = Model::new(move |m| {
        let mu = m.sample("mu", Normal::new(0.0, 5.0))?;
        let tau = m.sample("tau", HalfCauchy::new(5.0))?;
        let z = m.sample("z", Site::from(Normal::new(0.0, 1.0)).shape(vec![8]))?;
        m.observe("effect", Normal::new(mu + tau * z, sigma), y.clone())?;
        Ok(())
    });
    (vec![("mu", mu), ("tau", tau), ("z", z[0])], model)
}

fn hierarchical_binomial(source: &mut Source) -> Replication {
    const GROUPS: usize = 12;
    let mean = source.normal(0.0, 1.0);
    let spread = source.normal(0.0, 1.0).abs();
    let z: [f64; GROUPS] = std::array::from_fn(|_| source.normal(0.0, 1.0));
    let trials: Vec<f64> = (0..GROUPS).map(|g| 5.0 + 3.0 * g as f64).collect();
    let chance = |g: usize| 1.0 / (1.0 + (-(mean + spread * z[g])).exp());
    let y: Vec<f64> = (0..GROUPS).map(|g| source.binomial(trials[g] as u32, chance(g))).collect();
    let model = Model::new(move |m| {
        let mean = m.sample("mean", Normal::new(0.0, 1.0))?;
        let spread = m.sample("spread", HalfNormal::new(1.0))?;
        let z = m.sample("z", Site::from(Normal::new(0.0, 1.0)).shape(vec![GROUPS]))?;
        m.observe("y", Binomial::logit(trials.clone(), mean + spread * z), y.clone())?;
        Ok(())
    });
    (vec![("mean", mean), ("spread", spread), ("z", z[0])], model)
}

/// Predictors of the regressions, between -1 and 1.
fn predictor(row: usize, column: usize) -> f64 {
    (1.7 * row as f64 + 0.9 * (column * row) as f64 + column as f64).sin()
}

fn linear_regression(source: &mut Source) -> Replication {
    const ROWS: usize = 20;
    let (a, b) = (source.normal(0.0, 2.0), source.normal(0.0, 1.0));
    let sigma = source.normal(0.0, 1.0).abs();
    let x: Vec<f64> = (0..ROWS).map(|row| predictor(row, 1)).collect();
    let y: Vec<f64> = x.iter().map(|x| source.normal(a + b * x, sigma)).collect();
    let model = Model::new(move |m| {
        let a = m.sample("a", Normal::new(0.0, 2.0))?;
        let b = m.sample("b", Normal::new(0.0, 1.0))?;
        let sigma = m.sample("sigma", HalfNormal::new(1.0))?;
        m.observe("y", Normal::new(a + b * Value::from(x.clone()), sigma), y.clone())?;
        Ok(())
    });
    (vec![("a", a), ("b", b), ("sigma", sigma)], model)
}

fn poisson_regression(source: &mut Source) -> Replication {
    const ROWS: usize = 20;
    let (a, b) = (source.normal(1.0, 0.7), source.normal(0.0, 0.7));
    let x: Vec<f64> = (0..ROWS).map(|row| predictor(row, 2)).collect();
    let y: Vec<f64> = x.iter().map(|x| source.poisson((a + b * x).exp())).collect();
    let model = Model::new(move |m| {
        let a = m.sample("a", Normal::new(1.0, 0.7))?;
        let b = m.sample("b", Normal::new(0.0, 0.7))?;
        m.observe("y", Poisson::new((a + b * Value::from(x.clone())).exp()), y.clone())?;
        Ok(())
    });
    (vec![("a", a), ("b", b)], model)
}

/// Ranks in ten bins for every parameter, over all replications.
fn ranks(
    name: u64,
    replicate: fn(&mut Source) -> Replication,
    settings: &Settings,
    thin: usize,
) -> Vec<(&'static str, Vec<u32>)> {
    let one = |number: u32| -> Vec<(&'static str, usize)> {
        let mut source = Source { key: Key::new(name, number, 0, 77), lane: 0 };
        let (parameters, model) = replicate(&mut source);
        let settings = Settings { seed: u64::from(number) + 1, threads: 1, ..settings.clone() };
        let posterior = model.and_then(|model| model.sample(&settings)).expect("it is sampled");
        let group = posterior.data.require("posterior").expect("a posterior");
        let bin = |(parameter, truth): (&'static str, f64)| {
            let variable = group.variable(parameter).expect("the parameter");
            let size = variable.values.len() / (settings.chains * settings.draws);
            let draws: Vec<f64> = (0..settings.chains * settings.draws)
                .filter(|draw| (draw % settings.draws + 1).is_multiple_of(thin))
                .filter_map(|draw| variable.values.number(draw * size))
                .collect();
            let rank = draws.iter().filter(|draw| **draw < truth).count();
            // Ranks 0 ..= L in bins of equal size where L + 1 is a multiple of the bins.
            assert!((draws.len() + 1).is_multiple_of(BINS), "{} draws", draws.len());
            (parameter, rank * BINS / (draws.len() + 1))
        };
        parameters.into_iter().map(bin).collect()
    };
    let halves = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|half| {
                scope.spawn(move || (0..REPLICATIONS).filter(|n| n % 2 == half).map(one).collect::<Vec<_>>())
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("no replication fails"))
            .collect::<Vec<_>>()
    });
    let mut counts: Vec<(&'static str, Vec<u32>)> = Vec::new();
    for (parameter, bin) in halves.into_iter().flatten() {
        match counts.iter_mut().find(|(name, _)| *name == parameter) {
            Some((_, bins)) => bins[bin] += 1,
            None => {
                let mut bins = vec![0; BINS];
                bins[bin] += 1;
                counts.push((parameter, bins));
            }
        }
    }
    counts
}

fn is_calibrated(name: u64, replicate: fn(&mut Source) -> Replication) {
    // 99 draws: of one chain, far apart; and one of each of 99 chains that tune together.
    let alone = Settings { chains: 1, tune: 400, draws: 990, target_accept: 0.9, ..Settings::default() };
    let together = Settings { chains: 99, tune: 300, draws: 10, target_accept: 0.9, ..Settings::default() };
    for (mode, settings) in [("per chain", alone), ("pooled", together)] {
        for (parameter, bins) in ranks(name, replicate, &settings, 10) {
            let expected = f64::from(REPLICATIONS) / BINS as f64;
            let square = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
            let chi_square: f64 = bins.iter().map(square).sum();
            assert!(chi_square < LIMIT, "{mode}, {parameter}: chi-square {chi_square:.1}, ranks {bins:?}");
        }
    }
}

#[test]
fn eight_schools_is_calibrated() {
    is_calibrated(1, eight_schools);
}

#[test]
fn hierarchical_binomial_is_calibrated() {
    is_calibrated(2, hierarchical_binomial);
}

#[test]
fn linear_regression_is_calibrated() {
    is_calibrated(3, linear_regression);
}

#[test]
fn poisson_regression_is_calibrated() {
    is_calibrated(4, poisson_regression);
}
