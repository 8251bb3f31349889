//! Draws against the densities they are drawn from.

use std::collections::BTreeMap;

use chainfire_kernels::random::Key;
use chainfire_models::distributions::Stream;
use chainfire_models::{Distribution, Value};

use super::{for_every_entry, list, make, numbers};

const DRAWS: usize = 20_000;
/// Intervals between quantiles of the draws.
const INTERVALS: usize = 100;

fn density(distribution: &dyn Distribution, x: &[f64]) -> Vec<f64> {
    numbers(&distribution.log_density(&Value::from(x)).broadcast_to(&[x.len()]))
        .iter()
        .map(|l| l.exp())
        .collect()
}

/// The integral of the density between two numbers: Gauss-Legendre with 5 points on pieces whose ends grow in
/// proportion where the interval spans orders of magnitude.
fn mass(distribution: &dyn Distribution, low: f64, high: f64) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683, 0.478_628_670_499_366_5),
        (-0.538_469_310_105_683, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    const PIECES: usize = 60;
    let ratio = high / low;
    let end = |k: usize| {
        let share = k as f64 / PIECES as f64;
        let is_wide = ratio > 2.0 || (0.0..0.5).contains(&ratio);
        if is_wide && high != 0.0 { low * ratio.powf(share) } else { low + share * (high - low) }
    };
    let (mut points, mut weights) = (Vec::new(), Vec::new());
    for k in 0..PIECES {
        let (centre, half) = ((end(k) + end(k + 1)) / 2.0, (end(k + 1) - end(k)) / 2.0);
        for (node, weight) in NODES {
            points.push(centre + half * node);
            weights.push(half * weight);
        }
    }
    density(distribution, &points).iter().zip(weights).map(|(p, w)| p * w).sum()
}

/// The largest distance between the share of the draws and of the density, over quantiles of the draws, in units of
/// its standard error; numbers that are drawn again and again are compared by their own share.
fn distance(distribution: &dyn Distribution, drawn: &[f64]) -> f64 {
    let mut sorted = drawn.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for x in &sorted {
        *counts.entry(x.to_bits()).or_default() += 1;
    }
    let atoms: Vec<(f64, usize)> =
        counts.into_iter().filter(|(_, n)| *n > DRAWS / 200).map(|(x, n)| (f64::from_bits(x), n)).collect();
    sorted.retain(|x| !atoms.iter().any(|(atom, _)| atom == x));
    let root = (DRAWS as f64).sqrt();
    let mut worst: f64 = 0.0;
    for (atom, count) in &atoms {
        let p = density(distribution, &[*atom])[0];
        worst = worst.max((*count as f64 / DRAWS as f64 - p).abs() * root);
    }
    let (mut expected, mut before) = (0.0, None);
    for k in 0..=INTERVALS {
        let place = k * (sorted.len().max(1) - 1) / INTERVALS;
        let Some(&x) = sorted.get(place) else { break };
        if let Some(last) = before {
            expected += mass(distribution, last, x);
        }
        before = Some(x);
        worst = worst.max((place as f64 / DRAWS as f64 - expected).abs() * root);
    }
    worst
}

/// `(chi^2 - degrees of freedom) / sqrt(2 degrees of freedom)` over the values drawn often enough.
fn chi_square(distribution: &dyn Distribution, drawn: &[f64]) -> f64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for x in drawn {
        assert_eq!(x.fract(), 0.0, "{x} is drawn from a distribution on whole numbers");
        *counts.entry(*x as i64).or_default() += 1;
    }
    let values: Vec<f64> = counts.keys().map(|k| *k as f64).collect();
    let expected = density(distribution, &values);
    let (mut statistic, mut cells, mut rest) = (0.0, 0.0, (DRAWS as f64, DRAWS as f64));
    for (count, p) in counts.values().zip(expected) {
        let (seen, expected) = (*count as f64, p * DRAWS as f64);
        if expected >= 8.0 {
            statistic += (seen - expected).powi(2) / expected;
            cells += 1.0;
            rest = (rest.0 - seen, rest.1 - expected);
        }
    }
    // What is left has the difference of all shares.
    if rest.1 > 8.0 {
        statistic += (rest.0 - rest.1).powi(2) / rest.1;
    } else {
        cells -= 1.0;
        assert!((rest.0 - rest.1).abs() < 40.0, "{} draws where {} belong", rest.0, rest.1);
    }
    let freedom: f64 = f64::max(cells, 1.0);
    (statistic - freedom) / (2.0 * freedom).sqrt()
}

/// At a fixed seed; the bound of the Kolmogorov-Smirnov distance is exceeded once in 10,000, that of chi square by 5
/// standard deviations.
#[test]
fn draws_have_the_density_they_are_drawn_from() {
    for_every_entry(|entry, reference| {
        for (number, case) in list(reference, "cases").iter().enumerate() {
            let distribution = make(entry, &case["arguments"]).unwrap();
            if distribution.event_rank() > 0 {
                continue;
            }
            let mut stream = Stream::new(Key::new(11, 0, number as u32, 7));
            let Ok(drawn) = distribution.draw(&[DRAWS], &mut stream) else {
                assert!(["Flat", "HalfFlat"].contains(&entry.name), "{} cannot be drawn from", entry.name);
                continue;
            };
            let outside = drawn.iter().find(|x| distribution.support().refusal(**x, 0).is_some());
            assert_eq!(outside, None, "{} {}", entry.name, case["arguments"]);
            if distribution.support().is_discrete() {
                let seen = chi_square(&*distribution, &drawn);
                assert!(seen < 5.0, "{} {}: chi square {seen}", entry.name, case["arguments"]);
            } else if drawn.iter().all(|x| (1e-200..1e200).contains(&x.abs()) || *x == 0.0) {
                let seen = distance(&*distribution, &drawn);
                assert!(seen < 2.3, "{} {}: distance {seen}", entry.name, case["arguments"]);
            }
        }
    });
}

/// Moments that determine a vector distribution: the mean of `f` over draws of `shape` in standard errors.
fn assert_mean(
    name: &str,
    arguments: serde_json::Value,
    shape: &[usize],
    f: impl Fn(&[f64]) -> f64,
    expected: f64,
) {
    let distribution = make(super::find(name).unwrap(), &arguments).unwrap();
    let count = 20_000;
    let all = [&[count], shape].concat();
    let drawn = distribution.draw(&all, &mut Stream::new(Key::new(5, 0, 0, 7))).unwrap();
    let values: Vec<f64> = drawn.chunks(shape.iter().product()).map(f).collect();
    let mean = values.iter().sum::<f64>() / count as f64;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64;
    let error = (mean - expected) * (count as f64 / variance.max(1e-20)).sqrt();
    assert!(error.abs() < 4.0, "{name} {arguments}: {mean} instead of {expected}, {error} standard errors");
}

/// Against moments in closed form.
#[test]
fn draws_of_vectors_have_their_moments() {
    use serde_json::json;
    let cov = json!([[2.0, 0.6], [0.6, 1.0]]);
    for arguments in [
        json!({"mu": [1.0, -1.0], "cov": cov}),
        json!({"mu": [1.0, -1.0], "tau": [[0.609_756_097_560_975_6, -0.365_853_658_536_585_4], [-0.365_853_658_536_585_4, 1.219_512_195_121_951_2]]}),
    ] {
        assert_mean("MvNormal", arguments.clone(), &[2], |x| x[1], -1.0);
        assert_mean("MvNormal", arguments.clone(), &[2], |x| (x[0] - 1.0).powi(2), 2.0);
        assert_mean("MvNormal", arguments, &[2], |x| (x[0] - 1.0) * (x[1] + 1.0), 0.6);
    }
    assert_mean("MvStudentT", json!({"nu": 9.0, "scale": cov}), &[2], |x| x[0] * x[1], 0.6 * 9.0 / 7.0);
    let a = json!({"a": [0.5, 1.5, 3.0]});
    assert_mean("Dirichlet", a.clone(), &[3], |x| x[1], 0.3);
    assert_mean("Dirichlet", a, &[3], |x| (x[1] - 0.3).powi(2), 0.3 * 0.7 / 6.0);
    let counts = json!({"n": 10.0, "p": [0.2, 0.3, 0.5]});
    assert_mean("Multinomial", counts.clone(), &[3], |x| x[2], 5.0);
    assert_mean("Multinomial", counts, &[3], |x| (x[0] - 2.0) * (x[1] - 3.0), -0.6);
    let mixed = json!({"n": 10.0, "a": [0.5, 1.5, 3.0]});
    assert_mean("DirichletMultinomial", mixed, &[3], |x| (x[1] - 3.0).powi(2), 10.0 * 0.3 * 0.7 * 15.0 / 6.0);
    let sticks = json!({"alpha": 2.0, "K": 2.0});
    assert_mean("StickBreakingWeights", sticks, &[3], |x| x[2], 4.0 / 9.0);
    assert_mean("Wishart", json!({"nu": 5.0, "V": cov}), &[2, 2], |x| x[1], 3.0);
    let matrix = json!({"mu": [[0.0, 0.0], [0.0, 0.0]], "rowcov": cov, "colcov": [[1.0, 0.5], [0.5, 2.0]]});
    assert_mean("MatrixNormal", matrix.clone(), &[2, 2], |x| x[0] * x[3], 0.6 * 0.5);
    assert_mean("MatrixNormal", matrix, &[2, 2], |x| x[2] * x[3], 0.5);
    // Q = tau (D - alpha W) of two neighbours has the inverse [[1, alpha], [alpha, 1]] / (tau (1 - alpha^2)).
    let pair = json!({"mu": [0.0, 0.0], "W": [[0.0, 1.0], [1.0, 0.0]], "alpha": 0.5, "tau": 2.0});
    assert_mean("CAR", pair, &[2], |x| x[0] * x[1], 0.5 / 1.5);
    let zero = json!({"sigma": 2.0});
    assert_mean("ZeroSumNormal", zero.clone(), &[4], |x| x[1].powi(2), 3.0);
    assert_mean(
        "ZeroSumNormal",
        zero,
        &[4],
        |x| f64::from(u8::from(x.iter().sum::<f64>().abs() > 1e-12)),
        0.0,
    );
    // Every correlation has variance 1 / (2 eta + n - 1).
    assert_mean("LKJCorr", json!({"n": 3.0, "eta": 2.0}), &[3], |x| x[2].powi(2), 1.0 / 6.0);
    let scale = json!({"distribution": "Exponential", "arguments": {"lam": 0.5}});
    let lkj = json!({"eta": 2.0, "n": 3.0, "sd_dist": scale});
    assert_mean(
        "LKJCholeskyCov",
        lkj.clone(),
        &[6],
        |x| (x[3].powi(2) + x[4].powi(2) + x[5].powi(2)).sqrt(),
        2.0,
    );
    assert_mean("LKJCholeskyCov", lkj, &[6], |x| x[1].powi(2) / (x[1].powi(2) + x[2].powi(2)), 1.0 / 6.0);
    let walk = json!({"mu": 0.5, "sigma": 2.0});
    assert_mean("GaussianRandomWalk", walk.clone(), &[5], |x| x[4] - x[0], 2.0);
    assert_mean("GaussianRandomWalk", walk, &[5], |x| (x[4] - x[0] - 2.0).powi(2), 16.0);
    let vectors = json!({"mu": [0.0, 1.0], "cov": cov});
    assert_mean("MvGaussianRandomWalk", vectors, &[3, 2], |x| (x[4] - x[0]) * (x[5] - x[1] - 2.0), 1.2);
    let start = json!({"distribution": "Normal", "arguments": {"mu": 3.0, "sigma": 0.5}});
    let series = json!({"rho": [1.0, 0.5], "sigma": 0.3, "constant": true, "init_dist": start});
    let matrices = |second: serde_json::Value| json!({"matrices": [cov, second]});
    let kronecker =
        json!({"mu": [0.0, 0.0, 0.0, 1.0], "covs": matrices(json!([[1.0, 0.5], [0.5, 2.0]])), "sigma": 2.0});
    assert_mean("KroneckerNormal", kronecker.clone(), &[4], |x| x[0] * (x[3] - 1.0), 0.6 * 0.5);
    assert_mean("KroneckerNormal", kronecker, &[4], |x| x[1] * x[1], 2.0 * 2.0 + 4.0);
    let volatile = json!({"omega": 0.5, "alpha_1": 0.3, "beta_1": 0.6, "initial_vol": 1.5});
    assert_mean("GARCH11", volatile, &[3], |x| x[2].powi(2), 0.5 + 0.9 * (0.5 + 0.9 * 2.25));
    assert_mean("AR", series.clone(), &[3], |x| x[2], 1.0 + 0.5 * (1.0 + 1.5));
    assert_mean("AR", series, &[3], |x| (x[2] - 2.25).powi(2), 0.25 / 16.0 + 0.09 / 4.0 + 0.09);
}

#[test]
fn draws_depend_on_the_key_alone() {
    let normal =
        make(super::find("Gamma").unwrap(), &serde_json::json!({"alpha": 0.5, "beta": 2.0})).unwrap();
    let draw = |seed| normal.draw(&[50], &mut Stream::new(Key::new(seed, 1, 2, 3))).unwrap();
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}
