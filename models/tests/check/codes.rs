//! One wrong model for each code, with the place and words of the finding.

use std::collections::HashSet;
use std::path::Path;

use chainfire_models::data::Dataset;
use chainfire_models::finding::{Finding, Rule};

use crate::checked;

const DATA: &str = "\
y,x,g,k,b,text,gaps
1.0,0.1,0,3,1,a,1
2.0,0.4,1,0,0,b,
0.5,0.2,2,2,1,a,2
1.5,0.9,0,1,0,c,4
2.5,0.3,1,5,1,b,3
0.7,0.6,2,4,1,c,5
";

/// Lines in front of the statements of a model, and what they are indented by.
const HEAD: &str = "import numpy as np\nimport pymc as pm\nimport pytensor.tensor as pt\n\
                    with pm.Model(coords={\"g\": [\"a\", \"b\", \"c\"]}) as model:\n";

/// Statements of a model, code, line and column among the statements (0 for the model as a whole), part of the message.
const STATEMENTS: &[(&str, &str, (usize, usize), &str)] = &[
    ("z = np.zeros(1_000_000_000)", "M003", (1, 14), "the limit is"),
    ("class A:\n    pass", "M100", (1, 1), "a class is not supported"),
    ("a = pm.Nromal(\"a\", 0, 1)", "M101", (1, 5), "did you mean `Normal`?"),
    (
        "h = pm.HyperGeometric(\"h\", M=10, k=3, n=4, observed=2)",
        "M102",
        (1, 28),
        "no argument `M`; it takes N, k, n",
    ),
    ("a = pm.Normal(\"a\", 0, sd=1)", "M103", (1, 23), "`sd` is called `sigma`"),
    ("a = pm.Beta(\"a\", alpha=1)", "M104", (1, 5), "Either use alpha and beta, mu and sigma or mu and nu"),
    ("a = pm.Normal(\"a\", 0, sigma=1, tau=1)", "M105", (1, 5), "both tau and sigma"),
    ("a = pm.Normal(\"a\", 0, 1, 2, 3)", "M106", (1, 29), "positional arguments"),
    ("d = pm.MutableData(\"d\", x)\npm.Normal(\"o\", d, 1, observed=y)", "M107", (1, 5), "write `pm.Data`"),
    ("a = pm.Bound(\"a\", 0)", "M107", (1, 5), "removed from PyMC"),
    ("a = pm.Normal(\"a\", 0, 1)\npm.sample(drawz=10)", "M108", (2, 11), "did you mean `draws`?"),
    ("a = pm.Normal(\"a\", 0, 1)\npm.sample(init=\"foo\")", "M109", (2, 11), "jitter+adapt_diag"),
    ("a = pm.Normal(0, 1)", "M112", (1, 15), "must be a text"),
    ("a = pm.Normal(\"a\", 0, 1)\nc = pm.Normal(\"a\", 0, 1)", "M113", (2, 5), "the first stands on line 5"),
    ("g = pm.Normal(\"g\", 0, 1)", "M114", (1, 5), "the name of a dimension too"),
    ("a = pm.Normal(\"a\", gg, 1)", "M115", (1, 20), "nor a column of data.csv"),
    ("a = pm.Normal(\"a\", later, 1)\nlater = 3", "M116", (1, 20), "defined on a later line"),
    ("a = pm.Normal(\"a/b\", 0, 1)", "M117", (1, 5), "contains `/`"),
    ("a = pm.Normal(\"a\", 0, 1, dims=\"gg\")", "M118", (1, 5), "dimension `gg`"),
    ("d = pm.Data(\"d\", x, dims=\"g\")", "M119", (1, 5), "its dimension `g` has 3 labels"),
    ("model.add_coord(\"h\", [\"p\", \"p\"])", "M120", (1, 22), "the label \"p\" twice"),
    ("a = pm.Normal(\"a\", 0, 1, shape=4)\npm.Normal(\"o\", a, 1, observed=y)", "M121", (2, 1), "(4,)"),
    ("a = pm.Normal(\"a\", 0, 1, shape=3)\nm = pm.math.dot(np.ones((6, 2)), a)", "M122", (2, 5), "(3,)"),
    (
        "a = pm.Normal(\"a\", 0, 1, shape=2)\npm.Normal(\"o\", a[g], 1, observed=y)",
        "M123",
        (2, 16),
        "Python counts from 0",
    ),
    ("a = pm.Normal(\"a\", 0, 1, shape=3)\nm = a[y]", "M124", (2, 7), "`.astype(int)`"),
    ("a = pm.Normal(\"a\", 0, 1, shape=6)\nm = a + y[:, None]", "M125", (2, 5), "(6, 6)"),
    ("a = pm.Dirichlet(\"a\", 1.0)", "M126", (1, 5), "must be a vector"),
    ("a = pm.AR(\"a\", rho=[0.5])", "M127", (1, 5), "steps or shape"),
    ("a = pm.ZeroSumNormal(\"a\")", "M128", (1, 5), "dims, shape or support_shape"),
    (
        "a = pm.Normal(\"a\", 0, 1)\nm = pm.Mixture(\"m\", w=[0.5, 0.5], comp_dists=[a, a])",
        "M129",
        (2, 5),
        "a variable of the model",
    ),
    (
        "m = pm.Mixture(\"m\", w=[0.5, 0.5], comp_dists=[pm.Normal.dist(0, 1), pm.Poisson.dist(1)])",
        "M130",
        (1, 5),
        "all discrete or all continuous",
    ),
    ("a = pm.MvNormal(\"a\", np.zeros(2))", "M131", (1, 5), "exactly one of tau, cov, or chol"),
    ("a = pm.LKJCholeskyCov(\"a\", eta=1, n=2, sd_dist=1.0)", "M132", (1, 5), "must be a distribution"),
    ("a = pm.Truncated(\"a\", pm.Normal.dist(0, 1))", "M133", (1, 5), "lower and upper cannot both be None"),
    (
        "a = pm.CAR(\"a\", mu=np.zeros(2), W=np.array([[0, 1], [2, 0]]), alpha=0.5, tau=1)",
        "M134",
        (1, 5),
        "symmetric",
    ),
    ("a = pm.Normal(\"a\", 0, 1)\nif a > 0:\n    pass", "M135", (2, 4), "pm.math.switch"),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", 0, 1, observed=a)",
        "M136",
        (2, 22),
        "depend on the model's parameters",
    ),
    (
        "pm.Normal(\"o\", 0, 1, observed=text)",
        "M137",
        (1, 22),
        "holds text (row 0, line 2 of the file: \"a\")",
    ),
    ("pm.Normal(\"o\", 0, 1, observed=gaps)", "M138", (1, 22), "1 missing values in the data of `o`"),
    ("a = pm.Normal(\"a\", 0, 1)\nm = a * gaps", "M139", (2, 5), "`gaps` (row 1, line 3 of the file)"),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", a * (y * 0 + 3), 1, observed=y)",
        "M140",
        (2, 16),
        "every row of this predictor is 3",
    ),
    (
        "a = pm.Normal(\"a\", 0, 1, shape=2)\npm.Normal(\"o\", pm.math.dot(np.stack([x, 2 * x], axis=1), a), 1, observed=y)",
        "M140",
        (2, 16),
        "column 1 of this matrix",
    ),
    ("pm.Poisson(\"o\", 3, observed=-k)", "M141", (1, 1), "the value -3 at row 0"),
    ("pm.Poisson(\"o\", 3, observed=y)", "M142", (1, 1), "0.5 at row 2"),
    ("pm.Bernoulli(\"o\", 0.3, observed=k)", "M143", (1, 1), "0 or 1"),
    ("pm.LogNormal(\"o\", 0, 1, observed=k)", "M144", (1, 1), "the value 0 at row 1"),
    (
        "a = pm.HalfNormal(\"a\", 1)\npm.Beta(\"o\", 1 + a, 2, observed=b)",
        "M144",
        (2, 1),
        "the log density of `o` is -inf",
    ),
    ("a = pm.Normal(\"a\", 0, -1)", "M145", (1, 5), "needs sigma > 0"),
    ("s = pm.Normal(\"s\", 5, 2)\npm.Normal(\"o\", 0, s, observed=y)", "M146", (2, 1), "needs sigma > 0"),
    (
        "a = pm.Normal(\"a\", 0.5, 1)\npm.Bernoulli(\"o\", a, observed=b)",
        "M147",
        (2, 1),
        "draws from the prior",
    ),
    ("a = pm.MvNormal(\"a\", np.zeros(2), cov=np.array([[1.0, 2.0], [2.0, 1.0]]))", "M148", (1, 5), "posdef"),
    ("pm.Categorical(\"o\", p=np.array([0.5, 0.6]), observed=b)", "M149", (1, 1), "sum to 1.1"),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Potential(\"p\", pm.math.log(a - 10))",
        "M150",
        (2, 1),
        "`p` is NaN at the starting point",
    ),
    (
        "a = pm.Normal(\"a\", 0, 1, shape=2, initval=[1, 1], transform=pm.distributions.transforms.ordered)",
        "M151",
        (1, 5),
        "`a` cannot be 1 (row 1",
    ),
    (
        "t = pm.HalfNormal(\"t\", 1)\nz = pm.Normal(\"z\", 0, t)\npm.Normal(\"o\", pm.Normal(\"a\", 0, 1), 1, observed=y)",
        "M152",
        (1, 5),
        "`t` does not reach",
    ),
    ("pm.Normal(\"o\", 0, 1, observed=y)", "M153", (0, 0), "nothing to sample"),
    ("a = pm.Normal(\"a\", 0, 1)", "M154", (0, 0), "nothing is observed"),
    ("a = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", a, 1)", "M155", (2, 1), "a likelihood without data"),
    ("a = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", a, 1, observed=y)", "M156", (0, 0), "x, k, text, gaps"),
    (
        "d = pm.Data(\"d\", x)\na = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", a, 1, observed=y)",
        "M156",
        (1, 1),
        "`d` is declared and never used",
    ),
    (
        "a = pm.Normal(\"a\", 0, 1)\nc = pm.Normal(\"c\", 0, 1)\npm.Normal(\"o\", a, 1, observed=y)",
        "M157",
        (2, 5),
        "`c` is not used",
    ),
    ("a = pm.Flat(\"a\")\npm.Normal(\"o\", a, 1, observed=y)", "M158", (1, 5), "improper"),
    (
        "a = pm.Uniform(\"a\", 0, 1e6)\npm.Normal(\"o\", a, 1, observed=y)",
        "M159",
        (1, 5),
        "a width of 1000000",
    ),
    (
        "s = pm.HalfNormal(\"s\", 5000)\npm.Normal(\"o\", 0, s, observed=y)",
        "M160",
        (2, 1),
        "times that of the data",
    ),
    (
        "a = pm.Normal(\"a\", -300, 1)\npm.Poisson(\"o\", pm.math.exp(a), observed=k)",
        "M161",
        (2, 1),
        "nearly all alike",
    ),
    (
        "t = pm.HalfNormal(\"t\", 1)\na = pm.Normal(\"a\", 0, t, dims=\"g\")\npm.Normal(\"o\", a[g], 1, observed=y)",
        "M162",
        (2, 5),
        "the centred form is hard to sample",
    ),
    (
        "m = pm.Normal(\"m\", 0, 1, shape=2)\npm.NormalMixture(\"o\", w=[0.5, 0.5], mu=m, sigma=1, observed=y)",
        "M163",
        (1, 5),
        "can change places",
    ),
    ("n = pm.Poisson(\"n\", 3)", "M164", (1, 5), "marginalise"),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", a * x + a * (5000 * k), 1, observed=y)",
        "M165",
        (2, 24),
        "predictors have standard deviations",
    ),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Potential(\"p\", -a**2)\npm.sample_prior_predictive()",
        "M166",
        (3, 1),
        "potential",
    ),
    ("a = pm.Normal(\"a\", 0, 1)\npm.set_data({\"d\": [1]})", "M167", (2, 14), "no data container"),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Normal(\"o\", a, 1, observed=np.zeros(200000))",
        "M168",
        (0, 0),
        "200000 observations",
    ),
    (
        "a = pm.Normal(\"a\", 0, 1)\npm.Bernoulli(\"o\", p=pm.math.invlogit(a), observed=b)",
        "M169",
        (2, 19),
        "rounds to 0 or 1",
    ),
    ("a = pm.Beta(\"a\", 1, 1)\npm.Potential(\"p\", pm.math.log(1 - a))", "M169", (2, 19), "loses digits"),
];

/// Whole files, code, line and column, part of the message.
const FILES: &[(&str, &str, (usize, usize), &str)] = &[
    ("x = 1\n", "M002", (1, 1), "the file has no model"),
    (
        "import theano.tensor as tt\nimport pymc as pm\nwith pm.Model():\n    pm.Normal(\"a\", 0, 1)\n",
        "M107",
        (1, 8),
        "import pytensor.tensor as pt",
    ),
    ("import pymc as pm\nwith pm.Model(:\n    pm.Normal(\"a\", 0, 1)\n", "M110", (2, 15), "not Python"),
    (
        "import pymc as pm\nwith pm.Model():\n    pass\na = pm.Normal(\"a\", 0, 1)\n",
        "M111",
        (4, 5),
        "stands outside of the model",
    ),
];

fn place(finding: &Finding) -> (usize, usize) {
    finding.place.as_ref().map_or((0, 0), |place| (place.line, place.column))
}

/// Looks for the finding of a case; gives what is wrong with the answer.
fn miss(source: &str, code: &str, at: (usize, usize), part: &str) -> Option<String> {
    let data = Dataset::from_csv(Path::new("data.csv"), DATA).expect("a table");
    let findings = checked(source, data).findings;
    let is_it = |f: &&Finding| f.rule.code() == code && place(f) == at && f.message.contains(part);
    let seen = || findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    findings
        .iter()
        .find(is_it)
        .is_none()
        .then(|| format!("{code} at {at:?} with `{part}` is not in:\n{}\nof\n{source}", seen()))
}

#[test]
fn every_code_has_a_model_that_breaks_its_rule() {
    let mut misses = Vec::new();
    for (statements, code, (line, column), part) in STATEMENTS {
        let body: String = statements.lines().map(|line| format!("    {line}\n")).collect();
        let at = if *line == 0 { (0, 0) } else { (line + 4, column + 4) };
        misses.extend(miss(&format!("{HEAD}{body}"), code, at, part));
    }
    for (source, code, at, part) in FILES {
        misses.extend(miss(source, code, *at, part));
    }
    assert!(misses.is_empty(), "{} misses\n\n{}", misses.len(), misses.join("\n\n"));
    let tried: HashSet<&str> = STATEMENTS.iter().chain(FILES).map(|case| case.1).collect();
    let untried: Vec<&str> =
        Rule::ALL.iter().map(|rule| rule.code()).filter(|code| !tried.contains(code)).collect();
    // A file that cannot be read is tested where files are.
    assert_eq!(untried, ["M001"]);
}

#[test]
fn codes_and_names_are_unique() {
    let codes: HashSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    let names: HashSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!((codes.len(), names.len()), (Rule::ALL.len(), Rule::ALL.len()));
    assert!(Rule::ALL.iter().all(|rule| rule.summary().ends_with('.')));
}
