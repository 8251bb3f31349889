//! Distributions of functions of draws: draws follow their densities, and what has no density is refused with the
//! place and the reason.

use std::path::Path;
use std::rc::Rc;

use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::random::Key;
use chainfire_models::data::Dataset;
use chainfire_models::distributions::{
    Chosen, Compared, Comparison, Cumulated, Exponential, Extreme, Joined, Laplace, Map, Mapped, Normal,
    Poisson, Rounded, Rounding, Shaped, Stream,
};
use chainfire_models::language::ModelFile;
use chainfire_models::{Distribution, Model};

const DRAWS: usize = 40_000;

fn normal() -> Rc<dyn Distribution> {
    Rc::new(Normal::new(0.3, 0.8))
}

fn shaped(base: Rc<dyn Distribution>, shape: &[usize]) -> Rc<dyn Distribution> {
    Rc::new(Shaped::new(base, shape.to_vec()))
}

fn mapped(base: Rc<dyn Distribution>, map: Map) -> Rc<dyn Distribution> {
    Rc::new(Mapped::new(base, map).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_numbers().unwrap().to_vec()
}

/// Asserts that shares of draws in the cells of a grid are integrals of the density, within five standard errors.
fn assert_draws_follow_density(distribution: &dyn Distribution, from: f64, to: f64) {
    let mut stream = Stream::new(Key::new(11, 0, 0, 0));
    let draws = distribution.draw(&[DRAWS], &mut stream).unwrap();
    let (cells, inner) = (12, 400);
    let width = (to - from) / cells as f64;
    for cell in 0..cells {
        let start = from + width * cell as f64;
        let middles: Vec<f64> = (0..inner).map(|i| start + width * (i as f64 + 0.5) / inner as f64).collect();
        let density = numbers(&distribution.log_density(&Value::from(middles)));
        let share = density.iter().map(|d| d.exp()).sum::<f64>() * width / inner as f64;
        let seen = draws.iter().filter(|&&x| x >= start && x < start + width).count() as f64 / DRAWS as f64;
        let error = (share * (1.0 - share) / DRAWS as f64).sqrt() + 1e-4;
        assert!((seen - share).abs() < 5.0 * error, "{distribution:?} from {start}: {seen} of {share}");
    }
}

#[test]
fn draws_of_functions_follow_their_densities() {
    let exponential = || Rc::new(Exponential::new(1.2)) as Rc<dyn Distribution>;
    for (map, from, to) in [
        (Map::Shift(Value::from(2.0)), 0.0, 5.0),
        (Map::Scale(Value::from(-1.5)), -4.0, 3.0),
        (Map::Power(2.0), 0.5, 4.0),
        (Map::Power(3.0), -3.0, -0.5),
        (Map::Power(-1.0), 0.5, 5.0),
        (Map::Exp, 0.1, 6.0),
        (Map::Abs, 0.0, 3.0),
        (Map::Sinh, -3.0, 3.0),
        (Map::Cosh, 1.2, 4.0),
        (Map::Tanh, -0.9, 0.95),
        (Map::Asinh, -2.0, 2.0),
        (Map::Erf, -0.9, 0.9),
        (Map::Erfc, 0.1, 1.9),
        (Map::Sigmoid, 0.05, 0.95),
        (Map::Softplus, 0.1, 3.0),
    ] {
        assert_draws_follow_density(&*mapped(normal(), map), from, to);
    }
    assert_draws_follow_density(&*mapped(exponential(), Map::Log), -3.0, 2.0);
    assert_draws_follow_density(&*mapped(exponential(), Map::Power(0.5)), 0.05, 2.0);
    let above_one = mapped(exponential(), Map::Shift(Value::from(1.0)));
    assert_draws_follow_density(&*mapped(above_one, Map::Acosh), 0.05, 2.5);
    let share = mapped(normal(), Map::Tanh);
    assert_draws_follow_density(&*mapped(share, Map::Atanh), -2.0, 2.0);
}

#[test]
fn draws_of_extremes_and_choices_follow_their_densities() {
    let largest = Extreme::new(shaped(normal(), &[5]), true).unwrap();
    let least = Extreme::new(shaped(normal(), &[5]), false).unwrap();
    assert_draws_follow_density(&largest, 0.0, 3.0);
    assert_draws_follow_density(&least, -3.0, 1.0);
    let slowest = Extreme::new(shaped(Rc::new(Exponential::new(1.2)), &[2, 3]), true).unwrap();
    assert_draws_follow_density(&slowest, 0.0, 4.0);
    let laplace: Rc<dyn Distribution> = Rc::new(Laplace::new(1.0, 0.5));
    let chosen = Chosen::new(Value::from(1_i64), laplace, normal()).unwrap();
    assert_draws_follow_density(&chosen, -2.0, 3.0);
}

/// Asserts that shares of whole draws are their probabilities, which sum to one, within five standard errors.
fn assert_whole_draws_follow_probabilities(distribution: &dyn Distribution, from: i64, to: i64) {
    let mut stream = Stream::new(Key::new(12, 0, 0, 0));
    let draws = distribution.draw(&[DRAWS], &mut stream).unwrap();
    let points: Vec<f64> = (from..=to).map(|k| k as f64).collect();
    let probabilities = numbers(&distribution.log_density(&Value::from(points.clone())).exp());
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{distribution:?}: {probabilities:?}");
    for (k, p) in points.iter().zip(probabilities) {
        let seen = draws.iter().filter(|x| *x == k).count() as f64 / DRAWS as f64;
        assert!(
            (seen - p).abs() < 5.0 * (p * (1.0 - p) / DRAWS as f64).sqrt() + 1e-9,
            "{distribution:?} at {k}"
        );
    }
}

#[test]
fn whole_draws_of_functions_follow_their_probabilities() {
    let poisson = || Rc::new(Poisson::new(1.7)) as Rc<dyn Distribution>;
    for rounding in [Rounding::Floor, Rounding::Ceil, Rounding::Nearest] {
        assert_whole_draws_follow_probabilities(&Rounded::new(normal(), rounding), -20, 20);
    }
    for comparison in
        [Comparison::Greater, Comparison::GreaterEqual, Comparison::Lower, Comparison::LowerEqual]
    {
        assert_whole_draws_follow_probabilities(&Compared::new(normal(), comparison, 0.1), 0, 1);
        assert_whole_draws_follow_probabilities(&Compared::new(poisson(), comparison, 2.0), 0, 1);
        assert_whole_draws_follow_probabilities(&Compared::new(poisson(), comparison, 2.5), 0, 1);
    }
    for is_largest in [true, false] {
        let extreme = Extreme::new(shaped(poisson(), &[4]), is_largest).unwrap();
        assert_whole_draws_follow_probabilities(&extreme, 0, 40);
    }
    assert_whole_draws_follow_probabilities(&*mapped(poisson(), Map::Shift(Value::from(3_i64))), 0, 40);
    assert_whole_draws_follow_probabilities(&*mapped(poisson(), Map::Scale(Value::from(-1.0))), -40, 0);
}

/// The density of a sum of walks' steps is the product of the steps' densities; draws have the covariance min(s, t).
#[test]
fn running_sums_have_the_density_of_their_steps() {
    let walk = Cumulated::new(shaped(Rc::new(Normal::new(0.0, 1.0)), &[4]), 0).unwrap();
    let y = Value::from([0.5, 0.1, 1.1, -0.4]);
    let steps = [0.5, -0.4, 1.0, -1.5_f64];
    let expected: f64 = steps.iter().map(|s| -0.5 * s * s - 0.5 * std::f64::consts::TAU.ln()).sum();
    assert!((numbers(&walk.log_density(&y))[0] - expected).abs() < 1e-12);
    let mut stream = Stream::new(Key::new(13, 0, 0, 0));
    let (mut last, count) = (0.0, 20_000);
    for _ in 0..count {
        let draw = walk.draw(&[4], &mut stream).unwrap();
        last += draw[1] * draw[3];
    }
    // The variance of the product of two numbers of covariance 2, variances 2 and 4, is 12.
    assert!((last / f64::from(count) - 2.0).abs() < 5.0 * (12.0 / f64::from(count)).sqrt());
}

#[test]
fn joined_parts_keep_their_places() {
    let point: Rc<dyn Distribution> = Rc::new(chainfire_models::distributions::DiracDelta::new(7.0));
    let parts = vec![shaped(normal(), &[2, 1]), shaped(point, &[2, 2])];
    let joined = Joined::concatenated(parts, 1).unwrap();
    let y = Value::data(vec![0.3, 7.0, 7.0, 1.1, 7.0, 6.0], vec![2, 3], Kind::Float);
    let seen = numbers(&joined.log_density(&y));
    let normal_at = |x: f64| numbers(&normal().log_density(&Value::from(x)))[0];
    assert_eq!(seen, [normal_at(0.3), 0.0, 0.0, normal_at(1.1), 0.0, f64::NEG_INFINITY]);
    let draw = joined.draw(&[2, 3], &mut Stream::new(Key::new(14, 0, 0, 0))).unwrap();
    assert!([1, 2, 4, 5].iter().all(|&k| draw[k] == 7.0) && draw[0] != draw[3]);
}

/// The one complaint about a model whose `y` is generated by an expression.
fn complaint(expression: &str) -> String {
    let source = format!(
        "import numpy as np\nimport pymc as pm\nimport pytensor\nimport pytensor.tensor as pt\nwith pm.Model():\n    mu = \
         pm.Normal('mu')\n    def generate(mu, size):\n        draw = pm.Normal.dist(mu, 1, size=size)\n        return \
         {expression}\n    pm.CustomDist('y', mu, dist=generate, observed=[0.5, 1.5, 2.5])\n"
    );
    let file = ModelFile::parse(&source, "model.py").unwrap();
    let data = Dataset::from_json(Path::new("data.json"), "{}").unwrap();
    Model::from_file(file, data).err().expect(expression).to_string()
}

/// The log density at the start of a model with these lines.
fn log_density_at_start(lines: &[&str]) -> f64 {
    let source = format!(
        "import numpy as np\nimport pymc as pm\nimport pytensor.tensor as pt\nwith pm.Model():\n    mu = \
         pm.Normal('mu', 0.3, 1)\n    {}\n",
        lines.join("\n    ")
    );
    let data = Dataset::from_json(Path::new("data.json"), "{}").unwrap();
    let model = Model::from_file(ModelFile::parse(&source, "model.py").unwrap(), data);
    let model = model.unwrap_or_else(|error| panic!("{source}{error}"));
    model.evaluate(model.initial_position()).unwrap().log_density
}

/// The density of what a function generates, against that of a distribution written out.
#[test]
fn choices_by_draws_are_mixtures_and_matrices_times_draws_are_normal_vectors() {
    let observed = "observed=[0.5, -1.5, 2.5]";
    for (expression, same) in [
        (
            "pt.switch(pm.Bernoulli.dist(p=0.3, size=size), pm.Normal.dist(mu, 1, size=size), pm.Laplace.dist(0, 2, size=size))",
            "pm.Mixture('y', [0.3, 0.7], [pm.Normal.dist(mu, 1), pm.Laplace.dist(0, 2)]",
        ),
        (
            "pt.switch(pm.Normal.dist(mu, 1, size=size) > 0.3, pm.Normal.dist(0, 1, size=size), pm.Laplace.dist(0, 2, size=size))",
            "pm.Mixture('y', [0.5, 0.5], [pm.Normal.dist(0, 1), pm.Laplace.dist(0, 2)]",
        ),
        (
            "pt.stack([pm.Normal.dist(mu, 1, size=3), pm.Laplace.dist(0, 2, size=3), pm.Normal.dist(9, 4, size=3)])\
             [pm.Categorical.dist(p=[0.2, 0.5, 0.3], size=3), np.arange(3)]",
            "pm.Mixture('y', [0.2, 0.5, 0.3], [pm.Normal.dist(mu, 1), pm.Laplace.dist(0, 2), pm.Normal.dist(9, 4)]",
        ),
        (
            "np.array([[2.0, 0, 0], [0.5, 1.5, 0], [-0.3, 0.2, 0.7]]) @ pm.Normal.dist(0, 1, size=3) + mu",
            "pm.MvNormal('y', mu * np.ones(3), chol=np.array([[2.0, 0, 0], [0.5, 1.5, 0], [-0.3, 0.2, 0.7]])",
        ),
        (
            "pt.dot(pm.MvNormal.dist(mu * np.ones(3), np.eye(3)), np.array([[0.0, 2, 0], [0, 0, 3], [-1, 0, 0]]))",
            "pm.Normal('y', np.array([-1, 2, 3]) * mu, np.array([1, 2, 3])",
        ),
    ] {
        let axes = u8::from(expression.contains('@') || expression.contains("dot"));
        let function = format!("lambda mu, size: {expression}");
        let generated = format!("pm.CustomDist('y', mu, dist={function}, ndim_supp={axes}, {observed})");
        let (seen, expected) =
            (log_density_at_start(&[&generated]), log_density_at_start(&[&format!("{same}, {observed})")]));
        assert!((seen - expected).abs() < 1e-12 * expected.abs(), "{expression}: {seen}, not {expected}");
    }
}

/// Arrays of draws, taken apart and put together again, against the distributions written out.
#[test]
fn parts_of_arrays_of_draws_have_their_densities() {
    let vectors = "pm.MvNormal.dist(mu * np.arange(6.0).reshape(2, 3), np.diag([1.0, 2.0, 4.0]))";
    for (expression, value, same) in [
        (
            "pt.split(pm.Normal.dist(mu * np.arange(3), 1), [1, 2], n_splits=2)[1]",
            "[0.5, 1.5]",
            "pm.Normal.dist(mu * np.array([1, 2]), 1)",
        ),
        ("[*pm.Normal.dist([0, mu], 1)][1]", "0.5", "pm.Normal.dist(mu, 1)"),
        (
            "pt.join(0, pm.Normal.dist(mu, 1, size=2), pm.Normal.dist(2, 1, size=1))",
            "[0.5, 1.5, 2.5]",
            "pm.Normal.dist(mu * np.array([1, 1, 0]) + np.array([0, 0, 2]), 1)",
        ),
        ("pt.specify_shape(pm.Normal.dist(mu, [1, 2]), (2,))", "[0.5, 1.5]", "pm.Normal.dist(mu, [1, 2])"),
        ("pm.Normal.dist(mu, [1, 2, 2]).mean()", "0.5", "pm.Normal.dist(mu, 1)"),
        ("pm.math.invprobit(pm.Normal.dist(0, 1))", "0.3", "pm.Uniform.dist(0, 1)"),
        ("pt.log1mexp(-pm.Exponential.dist(1))", "-0.3", "-pm.Exponential.dist(1)"),
        (
            &format!("{vectors}[1]"),
            "[0.5, 1.5, 2.5]",
            "pm.Normal.dist(mu * np.array([3, 4, 5]), np.array([1, 2, 4]) ** 0.5)",
        ),
        (
            &format!("{vectors}[None, ::-1]"),
            "[[[0.5, 1, 2], [1.5, 2, 0]]]",
            "pm.Normal.dist(mu * np.array([[[3, 4, 5], [0, 1, 2]]]), np.array([1, 2, 4]) ** 0.5)",
        ),
        (
            &format!("{vectors}.T"),
            "[[0.5, 1], [2, 1.5], [2, 0]]",
            "pm.Normal.dist(mu * np.arange(6).reshape(2, 3).T, np.array([[1], [2], [4]]) ** 0.5)",
        ),
    ] {
        let [seen, expected] = [expression, same].map(|draw| {
            log_density_at_start(&[&format!("pm.Potential('p', pt.sum(pm.logp({draw}, np.array({value}))))")])
        });
        assert!((seen - expected).abs() < 1e-12 * expected.abs(), "{expression}: {seen}, not {expected}");
    }
}

/// Densities of draws given values that depend on parameters, against those of a model of the same draws.
#[test]
fn draws_of_draws_have_densities_at_values_of_all_of_them() {
    let conditional = [
        "from pymc.logprob import conditional_logp",
        "rate = pm.Gamma.dist(2, pt.exp(mu), shape=3)",
        "first = pm.Normal.dist(mu, 1 / rate)",
        "second = pm.StudentT.dist(4, mu=2 * first[::-1] + rate.sum(), sigma=0.7)",
        "third = pt.exp(first[0] + pm.Laplace.dist(0, 1))",
        "at = [pt.exp(mu * np.arange(1, 4)), mu - np.arange(3), mu ** np.arange(3), pt.exp(mu / 3)]",
        "terms = conditional_logp(dict(zip([rate, first, second, third], at)))",
        "pm.Potential('joint', sum(terms[value].sum() for value in at))",
    ];
    let written = [
        "a, b, c, d = pt.exp(mu * np.arange(1, 4)), mu - np.arange(3), mu ** np.arange(3), pt.exp(mu / 3)",
        "joint = pm.logp(pm.Gamma.dist(2, pt.exp(mu)), a).sum() + pm.logp(pm.Normal.dist(mu, 1 / a), b).sum()",
        "joint += pm.logp(pm.StudentT.dist(4, mu=2 * b[::-1] + a.sum(), sigma=0.7), c).sum()",
        "joint += pm.logp(pm.Laplace.dist(b[0], 1), mu / 3) - mu / 3",
        "pm.Potential('joint', joint)",
    ];
    let (seen, expected) = (log_density_at_start(&conditional), log_density_at_start(&written));
    assert!((seen - expected).abs() < 1e-12 * expected.abs(), "{seen}, not {expected}");
}

/// A density of the file inside of other distributions, against the one that is built in.
#[test]
fn densities_of_the_file_are_distributions_like_others() {
    let lines = [
        "def density(value, mu, sigma):",
        "    return -0.5 * ((value - mu) / sigma) ** 2 - pt.log(sigma) - 0.5 * np.log(2 * np.pi)",
        "def below(value, mu, sigma, **kwargs):",
        "    return pm.logcdf(pm.Normal.dist(mu, sigma), value)",
        "def joint(value, mu, sigma):",
        "    return pt.sum(density(value, mu, sigma), axis=-1)",
    ];
    let own = "pm.CustomDist.dist(mu, 2.0, logp=density, logcdf=below)";
    let built_in = "pm.Normal.dist(mu, 2.0)";
    for line in [
        "pm.Mixture('y', [0.3, 0.7], [DIST, pm.Normal.dist(1, 3)], observed=[0.5, 1.5, 2.5])",
        "pm.Censored('y', DIST, lower=0.0, upper=2.0, observed=[0.0, 1.5, 2.0])",
        "pm.Truncated('y', DIST, lower=0.0, upper=4.0, observed=[0.5, 1.5])",
        "pm.RandomWalk('y', init_dist=DIST, innovation_dist=pm.Normal.dist(0, 1), steps=2, observed=[0.5, 1.5, 0.2])",
        "pm.CustomDist('y', mu, dist=lambda mu, size: pt.exp(DIST), observed=[0.5])",
        "pm.Potential('y', pm.logp(DIST, mu * np.arange(6).reshape(2, 3)) + pm.logcdf(DIST, 0.3))",
    ] {
        let at = |dist: &str| log_density_at_start(&[&lines[..], &[&line.replace("DIST", dist)]].concat());
        let (seen, expected) = (at(own), at(built_in));
        assert!((seen - expected).abs() < 1e-12 * expected.abs(), "{line}: {seen}, not {expected}");
    }
    let vectors = "pm.CustomDist.dist(mu * np.arange(3), 2.0, logp=joint, signature='(n),()->(n)')";
    let built_in = "pm.MvNormal.dist(mu * np.arange(3), 4 * np.eye(3))";
    let at = |dist: &str| {
        let line = format!("pm.Potential('y', pm.logp({dist}, mu + np.arange(6).reshape(2, 3)))");
        log_density_at_start(&[&lines[..], &[&line]].concat())
    };
    assert!((at(vectors) - at(built_in)).abs() < 1e-12 * at(built_in).abs());
}

/// Histograms of pymc-extras, against their bins written out; the last bin has its upper edge.
#[test]
fn histograms_weigh_the_density_at_the_middles_of_their_bins() {
    let counts = "np.array([[1, 2], [0, 2], [1, 3]])";
    let lengths = "np.array([1.0, 0.0, 2.0, 4.0, 8.0])";
    for (histogram, middles, weights) in [
        (format!("observed={counts}"), "[[0], [1], [2], [3]]", "[[1, 0], [2, 0], [0, 2], [0, 1]]"),
        (format!("observed={counts}, min_count=2"), "[[1], [2]]", "[[2, 0], [0, 3]]"),
        (format!("observed={lengths}, n_quantiles=3"), "[1.0, 5.0]", "[2, 3]"),
        (format!("observed={lengths}, n_quantiles=3, zero_inflation=True"), "[0.0, 2.0, 5.5]", "[1, 2, 2]"),
    ] {
        let distribution = "pm.Normal.dist(mu, 2)";
        let [seen, expected] = [
            format!("pmx.histogram_approximation('p', {distribution}, {histogram})"),
            format!("pm.Potential('p', pm.logp({distribution}, np.array({middles})) * np.array({weights}))"),
        ]
        .map(|line| log_density_at_start(&["import pymc_extras as pmx", &line]));
        assert!((seen - expected).abs() < 1e-12 * expected.abs(), "{histogram}: {seen}, not {expected}");
    }
}

/// Differences of the distribution function are integrals of the density; it and the survival function have sum one,
/// and quantiles are where it is the share.
#[test]
fn distribution_functions_of_functions_integrate_their_densities() {
    let exponential = || Rc::new(Exponential::new(1.2)) as Rc<dyn Distribution>;
    for (base, map, from, to) in [
        (normal(), Map::Scale(Value::from(-1.5)), -4.0, 3.0),
        (normal(), Map::Power(2.0), 0.5, 4.0),
        (normal(), Map::Power(3.0), -3.0, -0.5),
        (normal(), Map::Exp, 0.1, 6.0),
        (normal(), Map::Abs, 0.05, 3.0),
        (normal(), Map::Cosh, 1.2, 4.0),
        (normal(), Map::Tanh, -0.9, 0.95),
        (normal(), Map::Erf, -0.9, 0.9),
        (normal(), Map::Erfc, 0.1, 1.9),
        (normal(), Map::Sigmoid, 0.05, 0.95),
        (normal(), Map::Softplus, 0.1, 3.0),
        (exponential(), Map::Power(2.0), 0.5, 5.0),
        (exponential(), Map::Power(-1.0), 0.5, 5.0),
        (exponential(), Map::Power(-0.5), 0.5, 5.0),
        (exponential(), Map::Power(0.5), 0.05, 2.0),
    ] {
        let (lowest, highest) = (if from > 0.0 { 0.0 } else { f64::NEG_INFINITY }, f64::INFINITY);
        let function = mapped(base, map);
        let at = |x: Vec<f64>| {
            let x = Value::from(x);
            let of = |log: Option<Value>| numbers(&log.unwrap().exp());
            (of(function.log_cdf(&x)), of(function.log_survival(&x)))
        };
        let (below, above) = at(vec![from, to, lowest, highest]);
        let cells = 4000;
        let width = (to - from) / f64::from(cells);
        let middles: Vec<f64> = (0..cells).map(|i| from + width * (f64::from(i) + 0.5)).collect();
        let integral: f64 =
            numbers(&function.log_density(&Value::from(middles)).exp()).iter().sum::<f64>() * width;
        assert!((below[1] - below[0] - integral).abs() < 1e-5, "{function:?}: {below:?}, {integral}");
        assert!(
            below.iter().zip(&above).all(|(a, b)| (a + b - 1.0).abs() < 1e-12),
            "{function:?}: {above:?}"
        );
        assert_eq!(below[2..], [0.0, 1.0], "{function:?}");
        if let Some(quantile) = function.quantile(&Value::from(0.3)) {
            let (below, _) = at(numbers(&quantile));
            assert!((below[0] - 0.3).abs() < 1e-9, "{function:?}: {below:?}");
        }
    }
}

#[test]
fn what_has_no_density_is_refused_with_the_reason() {
    for (expression, parts) in [
        ("pt.cos(draw)", &["`pt.cos` of a draw has no density", "logp="][..]),
        ("draw + draw", &["two draws cannot be combined"]),
        ("draw + pm.Normal.dist(0, 1)", &["two draws cannot be combined", "sums of normal draws"]),
        ("pt.exp(pm.Poisson.dist(3, size=size))", &["whole numbers", "logp="]),
        ("pm.Normal.dist(0, 1) + np.zeros(3)", &["(3,)", "size=size"]),
        ("pt.stack([draw[0], draw[0], draw[1]])", &["one draw stands in several places"]),
        ("draw[np.array([0, 0, 1])]", &["one number of a draw stands in several places"]),
        ("draw ** mu", &["one number that is known"]),
        ("pt.clip(pm.VonMises.dist(0, 1, size=size), -1, 1)", &["distribution function of VonMises"]),
        ("pt.sum(pm.Laplace.dist(0, 1, size=3))", &["pm.Normal"]),
        (
            "pt.switch(pm.Poisson.dist(3, size=size), 1.0, 2.0)",
            &["the condition must be a value", "pm.Bernoulli"],
        ),
        ("pt.switch(draw > 0, draw, 2.0)", &["a draw may be used once"]),
        ("pt.switch(pm.Bernoulli.dist(0.5, size=size), pm.Normal.dist(0, 1), draw)", &["(3,)", "size=size"]),
        (
            "pt.switch(pm.Bernoulli.dist(0.5, size=size), pm.Poisson.dist(1, size=size), draw)",
            &["all discrete or all"],
        ),
        (
            "pt.stack([draw, pm.Laplace.dist(0, 1, size=size)])[pm.Bernoulli.dist(0.5)]",
            &["an index of its own"],
        ),
        ("draw[pm.Poisson.dist(1, size=size)]", &["pm.Bernoulli or pm.Categorical"]),
        ("draw[pm.Categorical.dist(p=[0.2, 0.3, 0.5], size=size)]", &["an index of its own"]),
        ("pm.MvNormal.dist(np.zeros(3), np.eye(3))[:2]", &["take whole draws"]),
        ("pm.CustomDist.dist(mu, logp=lambda v, m: pt.stack([v, m]))", &["one number of one draw", "(2,)"]),
        ("pm.CustomDist.dist(mu, logp=lambda v: -v)", &["takes 1 arguments, not 2"]),
        ("pm.CustomDist.dist(mu, logp=lambda v, m: -v, ndim_supp=1)", &["how large a draw is", "shape="]),
        ("pm.CustomDist.dist(mu, logp=lambda v, m: -v, ndims_params=[2])", &["has 2 axes, not shape ()"]),
        ("np.ones((3, 3)) @ draw", &["matrix without an inverse"]),
        ("np.ones((2, 3)) @ draw", &["square matrix", "(2, 3)"]),
        ("pt.dot(np.eye(3) * mu, draw)", &["known from the data"]),
        ("mu", &["must return a distribution"]),
        (
            "pytensor.scan(lambda before: pm.Normal.dist(before, 1), outputs_info=[pt.as_tensor(0.0)], n_steps=4)[0]",
            &["4 turns", "(3,)"],
        ),
        (
            "pm.logprob.conditional_logp({(x := pm.Normal.dist(0, 1)): 0.5, pm.Normal.dist(x, pm.Gamma.dist(2, 1)): 1})",
            &["have no value in it", "conditional_logp"],
        ),
        ("pm.logprob.conditional_logp({mu: 0.5})", &["are draws", "not \"mu\""]),
        (
            "pm.logprob.conditional_logp([draw, 0.5])",
            &["a dictionary of draws and their values", "a list of 2"],
        ),
        (
            "pm.logp(pm.Normal.dist(draw, 1), pm.logprob.conditional_logp({draw: 1.0})[1.0])",
            &["parameters are draws"],
        ),
        (
            "2 * pytensor.scan(lambda b: pm.Normal.dist(b, 1), outputs_info=[pt.as_tensor(0.0)], n_steps=3)[0]",
            &["return it unchanged"],
        ),
    ] {
        let seen = complaint(expression);
        for part in parts {
            assert!(seen.contains(part), "{expression}: {seen} lacks {part}");
        }
    }
}
