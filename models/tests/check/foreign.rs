//! Names and forms of other packages: the cure is what PyMC calls the same.

use chainfire_models::data::Dataset;
use chainfire_models::finding::{Finding, Rule, Severity};

use crate::checked;
use crate::codes::{HEAD, findings, told};

/// A statement inside of a model, the code of what is found, and the cure.
const CURES: &[(&str, &str, &str)] = &[
    ("pm.Gamma('v', 2, scale=s)", "M103", "write `beta=1 / s`"),
    ("pm.Gamma('v', alpha=2, scale=s + 1)", "M103", "write `beta=1 / (s + 1)`"),
    ("pm.InverseGamma('v', 2, scale=1)", "M103", "write `beta=`"),
    ("pm.InverseGamma('v', a=2, beta=1)", "M103", "write `alpha=`"),
    ("pm.Normal('v', 0, var=s)", "M103", "write `sigma=pm.math.sqrt(s)`"),
    ("pm.Normal('v', 0, prec=s)", "M103", "write `tau=`"),
    ("pm.Normal('v', 0, 1, test_value=0.0)", "M103", "write `initval=`"),
    ("pm.Poisson('v', lam=s, observed=k)", "M103", "write `mu=`"),
    ("pm.Binomial('v', trials=9, p=0.5, observed=k)", "M103", "write `n=`"),
    ("pm.Binomial('v', total_count=9, probs=0.5, observed=k)", "M103", "write `n=`"),
    ("pm.Dirichlet('v', alpha=np.ones(3))", "M103", "write `a=`"),
    ("pm.HalfCauchy('v', sigma=5)", "M103", "write `beta=`"),
    ("pm.Cauchy('v', mu=0, beta=5)", "M103", "write `alpha=`"),
    ("pm.Laplace('v', 0, sigma=1)", "M103", "write `b=`"),
    ("pm.Logistic('v', 0, scale=1)", "M103", "write `s=`"),
    ("pm.Wald('v', 1, scale=2)", "M103", "write `lam=`"),
    ("pm.Weibull('v', k=1, beta=2)", "M103", "write `alpha=`"),
    ("pm.Weibull('v', 1, lam=2)", "M103", "write `beta=`"),
    ("pm.Beta('v', mu=0.5, kappa=9)", "M103", "write `nu=`"),
    ("pm.Uniform('v', 0, high=1)", "M103", "write `upper=`"),
    ("pm.TruncatedNormal('v', 0, 1, a=0)", "M103", "write `lower=`"),
    ("pm.VonMises('v', 0, concentration=1)", "M103", "write `kappa=`"),
    ("pm.Triangular('v', 0, 3, mode=1)", "M103", "write `c=`"),
    ("pm.ZeroInflatedPoisson('v', mu=2, gate=0.3, observed=k)", "M103", "write `psi=1 - 0.3`"),
    ("pm.AR('v', phi=[0.5], sigma=1, steps=5)", "M103", "write `rho=`"),
    ("pm.NegativeBinomial('v', 2, phi=s, observed=k)", "M103", "write `alpha=`"),
    ("pm.MvNormal('v', np.zeros(2), Sigma=np.eye(2))", "M103", "write `cov=`"),
    ("pm.HalfNormal('v', 0, 1)", "M106", "leave out the first number: write `sigma=1`"),
    ("pm.HalfT('v', 3, 5)", "M101", "write `pm.HalfStudentT`"),
    ("pm.InverseGaussian('v', 1, 2)", "M101", "write `pm.Wald`"),
    ("pm.Chi2('v', 3)", "M101", "write `pm.ChiSquared`"),
    ("pm.MultivariateNormal('v', np.zeros(2), np.eye(2))", "M101", "write `pm.MvNormal`"),
    ("pm.NegBinomial('v', 2, 1, observed=k)", "M101", "write `pm.NegativeBinomial`"),
    ("pm.ZIPoisson('v', 0.5, 1, observed=k)", "M101", "write `pm.ZeroInflatedPoisson`"),
    ("pm.math.logistic(s)", "M101", "write `pm.math.invlogit`"),
    ("pm.math.expit(s)", "M101", "write `pm.math.invlogit`"),
    ("np.sigmoid(s)", "M101", "write `pm.math.invlogit`"),
    ("np.exponential(s)", "M101", "write `np.exp`"),
    ("pt.cat([[s], [s]])", "M101", "write `pt.concatenate`"),
    ("pm.exp(s)", "M101", "write `pm.math.exp`"),
    ("pm.dot(x, s)", "M101", "write `pm.math.dot`"),
    ("pm.sampl(1000)", "M101", "write `sample`"),
    ("pm.gp.cov.RBF(1, 1.0)", "M101", "write `pm.gp.cov.ExpQuad`"),
    ("pm.gp.cov.ExpQuad(1, lengthscale=1.0)", "M102", "write `ls`"),
    ("pm.gp.Latent(kernel=pm.gp.cov.ExpQuad(1, 1.0))", "M102", "write `cov_func`"),
    ("Normal('v', 0, 1)", "M115", "write `pm.Normal`"),
    ("math.exp(s)", "M115", "write `import math` at the top"),
    ("pm.Normal(v, 0, 1)", "M112", "write `\"v\"`"),
    ("pm.Normal.dist('v', 0, 1)", "M112", "leave the name out"),
    (
        "s.logp(1)",
        "M100",
        "write `pm.logp(distribution, value)`, with a distribution that `.dist(...)` makes",
    ),
    ("s ^ 2", "M100", "write `**` for `^`"),
    ("x(0)", "M100", "write `x[...]` for `x(...)`"),
    ("x.shape(0)", "M100", "write `.shape`"),
    ("pm.math.stack(s, s)", "M100", "write `pm.math.stack([s, s])`"),
    ("np.zeros(3, 4)", "M100", "put the shape in parentheses, as in `np.zeros((3, 4))`"),
    ("s[k]", "M121", "give it `shape=` or `dims=` where it is made, or leave out the index"),
    ("pm.gp.HSGP(m=20, c=2.0, cov_func=pm.gp.cov.ExpQuad(1, 1.0))", "M100", "write `m=[20]`"),
];

fn with(statement: &str) -> String {
    format!(
        "{HEAD}    s = pm.HalfNormal('s')\n    use = pm.Normal('use', s, 1, observed=y)\n    w = {statement}\n"
    )
}

#[test]
fn names_of_other_packages_have_those_of_pymc_as_their_cures() {
    let mut misses = Vec::new();
    for (statement, code, cure) in CURES {
        let found = findings(&with(statement));
        if !found.iter().any(|finding| finding.rule.code() == *code && finding.fix() == *cure) {
            misses.push(format!("{statement}: {code}, {cure}\n{}", told(&found)));
        }
    }
    assert!(misses.is_empty(), "{} misses\n{}", misses.len(), misses.join("\n\n"));
}

fn refused(source: &str) -> Vec<Finding> {
    findings(source).into_iter().filter(|finding| finding.rule == Rule::RefusedByPyMc).collect()
}

#[test]
fn functions_that_pymc_refuses_of_parameters_are_told() {
    let refused_of = |expression: &str| {
        let source = with(&format!("pm.Deterministic('w', pt.sum({expression}) + v.sum())"))
            .replace("    w =", "    v = pm.Normal('v', 0, 1, shape=6)\n    w =")
            .replace(
                "import numpy as np",
                "import math\nimport numpy as np\nimport scipy.special\nimport scipy.stats",
            );
        refused(&source).into_iter().map(|finding| finding.fix().to_owned()).collect::<Vec<_>>()
    };
    for (expression, cure) in [
        ("np.sum(v)", "write `pm.math.sum`"),
        ("np.dot(x, v)", "write `pm.math.dot`"),
        ("np.where(v > 0, v, 1)", "write `pm.math.switch`"),
        ("np.maximum(v, 0)", "write `pm.math.maximum`"),
        ("np.array([s, s])", "write `pm.math.stack`"),
        ("np.concatenate([v, v])", "write `pm.math.concatenate`"),
        ("scipy.special.expit(v)", "write `pm.math.invlogit`"),
        ("scipy.stats.norm.logpdf(y, v, s)", "write `pm.logp(pm.Normal.dist(...), x)`"),
        ("math.exp(s)", "write `pm.math.exp`"),
        ("len(v)", "write `x.shape[0]`"),
    ] {
        assert_eq!(refused_of(expression), [cure], "{expression}");
    }
    for expression in
        ["np.exp(v)", "np.abs(v)", "v.sum()", "x @ v", "np.sum(x)", "pm.math.sum(v)", "np.sum([s, s])"]
    {
        assert!(refused_of(expression).is_empty(), "{expression}");
    }
    // What an operation of the file computes is made of arrays.
    let operation = format!(
        "from pytensor.compile.ops import as_op\nimport pytensor.tensor as pt\nimport numpy as np\n\
         @as_op(itypes=[pt.dvector], otypes=[pt.dscalar])\ndef total(v):\n    return np.array(np.sum(v))\n{HEAD}    \
         v = pm.Normal('v', 0, 1, shape=6)\n    pm.Normal('o', total(v), 1, observed=y)\n"
    );
    assert!(refused(&operation).is_empty(), "{}", told(&refused(&operation)));
}

/// Faults of syntax alone: source lines of a model, the column and the words of the one finding on the second line.
#[test]
fn what_is_no_python_is_told_once_with_what_it_is() {
    for (line, part) in [
        ("pm.Normal(\"o\", x[g), 1, observed=y)", "`[` is never closed"),
        ("pm.Normal(\"o\", 0, 1, observed=y]", "`(` is closed with `]`; write `)`"),
        ("pm.Normal(\"o\", 0, 1, observed=df[df.g = 1])", "write `==`, which compares"),
        ("z = dict(a: 1)", "write `=` for `:`"),
        ("pm.Normal(\u{201c}o\u{201d}, 0, 1)", "is no quote of Python"),
        ("z =\u{a0}3", "cannot be seen stands on this line (U+00A0)"),
        ("%matplotlib inline", "a command of a notebook"),
        ("```python", "this line is of Markdown"),
    ] {
        let source =
            format!("{HEAD}    a = pm.Normal('a', 0, 1)\n    {line}\n    pm.Normal('u', a, 1, observed=y)\n");
        let found = findings(&source);
        let errors: Vec<&Finding> =
            found.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.len() == 1 && errors[0].message.contains(part), "{line}:\n{}", told(&found));
    }
}

#[test]
fn a_line_that_leaves_the_block_is_one_fault() {
    for line in ["b = pm.Normal('b', 0, 1)", "  b = pm.Normal('b', 0, 1)"] {
        let source = format!(
            "{HEAD}    a = pm.Normal('a', 0, 1)\n{line}\n    c = pm.Normal('c', b, 1)\n    \
             pm.Normal('o', a + c, 1, observed=y)\n"
        );
        let found = findings(&source);
        let codes: Vec<&str> = found.iter().map(|finding| finding.rule.code()).collect();
        assert_eq!(codes, ["M110"], "{}", told(&found));
        assert!(found[0].message.contains("indented less"), "{}", told(&found));
    }
}

#[test]
fn what_is_wrong_with_coordinates_is_told_in_functions_too() {
    for coords in ["{'p': 'y'}", "{'p': 3}", "['p']"] {
        let source = format!(
            "import pymc as pm\ndef build():\n    with pm.Model(coords={coords}) as model:\n        \
             pm.Normal('a', 0, 1, dims='p')\n    return model\nmodel = build()\n"
        );
        let found = checked(&source, Dataset::empty()).findings;
        assert!(
            found.iter().any(|f| f.place.as_ref().is_some_and(|place| place.line == 3)),
            "{}",
            told(&found)
        );
        assert!(found.iter().all(|f| f.rule != Rule::NoFreeVariables), "{}", told(&found));
    }
}

#[test]
fn calls_outside_of_the_model_are_looked_at() {
    let model = format!("{HEAD}    a = pm.Normal('a', 0, 1)\n    pm.Normal('o', a, 1, observed=y)\n");
    let found = |line: &str| -> Vec<(&'static str, Severity)> {
        let found = findings(&format!("{model}{line}\n"));
        let found = found.iter().filter(|finding| finding.severity > Severity::Suggestion);
        found.map(|finding| (finding.rule.code(), finding.severity)).collect()
    };
    assert_eq!(found("idata = pm.sample(random_seed=1)"), [("M111", Severity::Warning)]);
    assert_eq!(found("idata = pm.sample(random_seed=1, model=modle)"), [("M115", Severity::Error)]);
    assert_eq!(found("idata = pm.sampl(1000)"), [("M101", Severity::Error)]);
    assert!(found("idata = pm.sample(random_seed=1, model=model)").is_empty());
    assert!(found("with model:\n    idata = pm.sample(random_seed=1)").is_empty());
}

#[test]
fn a_density_that_is_never_finite_is_an_error_with_the_softmax_as_its_cure() {
    for p in ["pm.math.softmax(m, axis=0)", "m"] {
        let source = format!(
            "{HEAD}    a = pm.Normal('a', 0, 1, shape=3)\n    m = x[:, None] * a\n    \
             pm.Categorical('o', p={p}, observed=g)\n"
        );
        let checked =
            checked(&source, Dataset::from_csv("d.csv".as_ref(), crate::codes::DATA).expect("a table"));
        assert!(!checked.is_ok(), "{p}");
        let finding = checked.findings.iter().find(|f| f.rule == Rule::Unnormalised).expect("a finding");
        assert!(finding.fix().contains("axis=-1"), "{finding}");
    }
}

#[test]
fn a_link_that_is_missing_is_found_where_chains_start_on_the_edge() {
    for (term, rule, cure) in [
        ("pm.Bernoulli('o', p=a + c * x, observed=b)", Rule::LinkMissing, "invlogit"),
        ("pm.Binomial('o', n=5, p=a + c * x, observed=k)", Rule::LinkMissing, "invlogit"),
        ("pm.Poisson('o', mu=a + c * x, observed=k)", Rule::ParameterCanLeave, "pm.math.exp"),
    ] {
        let source =
            format!("{HEAD}    a = pm.Normal('a', 0, 1)\n    c = pm.Normal('c', 0, 1)\n    {term}\n");
        let found = findings(&source);
        assert!(found.iter().any(|f| f.rule == rule && f.fix().contains(cure)), "{term}\n{}", told(&found));
    }
}

#[test]
fn data_far_from_the_prior_are_told() {
    let of = |data: &str| {
        let source = format!(
            "{HEAD}    a = pm.Normal('a', 0, 1)\n    s = pm.HalfNormal('s')\n    pm.Normal('o', a, s, observed={data})\n"
        );
        findings(&source).iter().any(|f| f.rule == Rule::PriorScale)
    };
    assert!(of("y + 500"));
    assert!(!of("y"));
}

#[test]
fn indices_from_the_end_among_others_are_told() {
    let of = |index: &str| {
        let source = format!(
            "{HEAD}    a = pm.Normal('a', 0, 1, shape=3)\n    pm.Normal('o', a[{index}], 1, observed=y)\n"
        );
        findings(&source).into_iter().find(|f| f.rule == Rule::IndexOutOfRange).map(|f| f.message)
    };
    assert!(of("g - 1").expect("a warning").contains("2 of these 6 indices are negative"));
    assert!(of("g").is_none());
    assert!(of("g + 1").expect("an error").contains("Python counts from 0"));
    assert!(of("g * 2").expect("an error").contains("the indices go from 0 to 4"));
}

#[test]
fn a_vector_with_an_element_for_each_row_that_is_indexed_by_groups_is_told() {
    let of = |length: usize| {
        let source = format!(
            "{HEAD}    a = pm.Normal('a', 0, 1, shape={length})\n    pm.Normal('o', a[g], 1, observed=y)\n"
        );
        findings(&source).into_iter().find(|f| f.rule == Rule::UnusedVariable).map(|f| f.fix().to_owned())
    };
    assert_eq!(of(6).as_deref(), Some("give it one element for each group, as with `shape=3`"));
    assert_eq!(of(3), None);
}

#[test]
fn a_probability_that_is_linked_twice_is_told() {
    let source = format!(
        "{HEAD}    a = pm.Normal('a', 0, 1)\n    p = pm.math.invlogit(a * x)\n    pm.Bernoulli('o', logit_p=p, observed=b)\n"
    );
    let found = findings(&source);
    assert!(
        found.iter().any(|f| f.rule == Rule::LinkMissing && f.fix().starts_with("write `p=`")),
        "{}",
        told(&found)
    );
}

#[test]
fn of_a_long_line_the_place_is_shown() {
    let source = format!("{HEAD}    z = [{}missing_]\n    pm.Normal('o', 0, 1)\n", "1, ".repeat(20_000));
    let found = findings(&source);
    let text = told(&found);
    assert!(text.contains("missing_") && text.len() < 3_000, "{} characters", text.len());
}
