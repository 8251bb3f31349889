//! Files that make several models: which one is meant, and what is told of the others.

use chainfire_models::check;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError};

fn parse(body: &str, name: Option<&str>) -> ModelFile {
    let source = format!("import numpy as np\nimport pymc as pm\ny = np.array([1.0, 2.0, 4.0])\n{body}");
    let file = ModelFile::parse(&source, "model.py").unwrap();
    match name {
        Some(name) => file.with_model(name),
        None => file,
    }
}

/// Names of the variables of the model, and its log density at the starting point.
fn model(body: &str, name: Option<&str>) -> Result<(String, f64), String> {
    let model =
        Model::from_file(parse(body, name), Dataset::empty()).map_err(|e: ModelError| e.to_string())?;
    let at = model.evaluate(model.initial_position()).map_err(|e| e.to_string())?;
    let names: Vec<&str> = model.variables().iter().map(|variable| variable.name.as_str()).collect();
    Ok((names.join(" "), at.log_density))
}

/// The findings of a check: code and message.
fn findings(body: &str, name: Option<&str>) -> Vec<String> {
    let checked = check::check(parse(body, name), Dataset::empty(), None).unwrap();
    let told = |f: &chainfire_models::finding::Finding| format!("{} {}", f.rule.code(), f.message);
    checked.findings.iter().map(told).collect()
}

const THREE: &str = "\
with pm.Model() as pooled:
    mu = pm.Normal('mu', 0, 1)
    pm.Normal('y', mu, 1, observed=y)
    scale = y.std()
    idata = pm.sample()
with pm.Model(coords={'g': ['a', 'b', 'c']}) as unpooled:
    mu = pm.Normal('mu', 0, 2, dims='g')
    pm.Normal('y', mu, scale, observed=y)
with pooled:
    pm.Deterministic('twice', 2 * pooled['mu'])
def build(s):
    with pm.Model() as model:
        t = pm.HalfNormal('t', s)
        pm.Normal('y', 0, t, observed=y)
    return model
third = build(2)
";

/// The log density of independent normals.
fn normal(x: &[f64], mean: f64, sd: f64) -> f64 {
    let constant = 0.5 * (2.0 * std::f64::consts::PI).ln() + sd.ln();
    x.iter().map(|x| -0.5 * ((x - mean) / sd).powi(2) - constant).sum()
}

fn is_near(found: Result<(String, f64), String>, names: &str, log_density: f64) {
    let (own, found) = found.unwrap();
    assert_eq!(own, names);
    assert!((found - log_density).abs() < 1e-10, "{names}: {found} for {log_density}");
}

#[test]
fn a_model_is_chosen_by_its_name() {
    let y = [1.0, 2.0, 4.0];
    let mean = 7.0 / 3.0;
    let scale = (y.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / 3.0).sqrt();
    is_near(model(THREE, Some("pooled")), "mu y twice", normal(&[0.0], 0.0, 1.0) + normal(&y, 0.0, 1.0));
    is_near(model(THREE, Some("unpooled")), "mu y", normal(&[0.0; 3], 0.0, 2.0) + normal(&y, 0.0, scale));
    // The half normal has twice the density of the normal; a log transform at 2 adds log 2.
    let of_third = normal(&[2.0], 0.0, 2.0) + 2.0 * 2.0_f64.ln() + normal(&y, 0.0, 2.0);
    is_near(model(THREE, Some("third")), "t y", of_third);
    is_near(model(THREE, None), "t y", of_third);
}

#[test]
fn without_a_name_it_is_the_one_called_model_or_the_last() {
    let file = "with pm.Model() as model:\n    a = pm.Normal('a')\nwith pm.Model() as other:\n    b = pm.Normal('b')\n";
    assert_eq!(model(file, None).unwrap().0, "a");
    assert_eq!(model(&file.replace("model", "first"), None).unwrap().0, "b");
    assert_eq!(
        model(&file.replace("other", "model"), None).unwrap().0,
        "b",
        "the name is that of the second"
    );
    let turns = "for s in [1, 2.5]:\n    with pm.Model() as m:\n        b = pm.Normal('b', 0, s)\n";
    is_near(model(turns, None), "b", normal(&[0.0], 0.0, 2.5));
    let told = findings(&file.replace("model", "first"), None);
    assert!(
        told.contains(&"M004 the file makes 2 models, and this is `other`, the last one".to_owned()),
        "{told:?}"
    );
    assert!(findings(file, Some("other")).iter().all(|told| !told.starts_with("M004")));
}

#[test]
fn a_name_that_no_model_has_is_an_error() {
    let told = model(THREE, Some("poold")).unwrap_err();
    assert!(told.contains("no model that is called `poold` (`pooled`, `unpooled`, `third`)"), "{told}");
    let one = "with pm.Model() as m:\n    a = pm.Normal('a')\n";
    assert!(model(one, Some("n")).unwrap_err().contains("no model that is called `n` (`m`)"));
    assert_eq!(model(one, Some("m")).unwrap().0, "a");
    let told = model("def build():\n    with pm.Model():\n        pm.Normal('a')\nbuild()\n", Some("m"))
        .unwrap_err();
    assert!(told.contains("none has a name"), "{told}");
}

#[test]
fn what_is_wrong_in_another_model_is_told_where_this_one_needs_it() {
    let file = |second: &str| {
        format!(
            "with pm.Model() as first:\n    a = pm.Normal('a')\n    k = nowhere + 1\n    b = pm.Normal('b', sd=a)\n    \
             pm.Nermal('c')\nwith pm.Model() as second:\n    d = pm.Normal('d')\n    {second}\n"
        )
    };
    assert_eq!(model(&file("pass"), None).unwrap().0, "d");
    let told = model(&file("pass"), Some("first")).unwrap_err();
    assert!(told.contains("`nowhere` is not defined") && told.contains("Nermal"), "{told}");
    let told = model(&file("e = pm.Normal('e', 0, k)"), None).unwrap_err();
    assert!(told.contains("`nowhere` is not defined"), "{told}");
    let told = model(&file("e = pm.Normal('e', a, 1)"), None).unwrap_err();
    assert!(told.contains("`a` is of another model"), "{told}");
}

#[test]
fn changes_are_those_of_the_model_that_is_changed() {
    let file = "with pm.Model() as first:\n    a = pm.Normal('a')\n    b = pm.Normal('b', a)\n\
                with pm.Model() as second:\n    a = pm.Normal('a')\n    c = pm.Normal('c', a)\n\
                fixed = pm.do(first, {'a': 3.0})\nfirst.add_coord('g', ['u', 'v'])\nfirst.note = 1\n\
                with second:\n    pm.Deterministic('n', c * len(first.coords['g']) * first.note)\n";
    is_near(model(file, Some("fixed")), "a b", normal(&[0.0], 0.0, 1.0));
    is_near(model(file, Some("second")), "a c n", 2.0 * normal(&[0.0], 0.0, 1.0));
}

#[test]
fn what_is_made_of_a_model_has_a_name_of_its_own() {
    let file = "with pm.Model() as model:\n    a = pm.Normal('a')\n    b = pm.Normal('b', a)\n\
                low = pm.do(model, {'a': -1.0})\nhigh = pm.do(model, {'a': 3.0})\nboth = pm.observe(high, {'b': 5.0})\n";
    let free = 2.0 * normal(&[0.0], 0.0, 1.0);
    is_near(model(file, Some("model")), "a b", free);
    // A free variable starts at its mean.
    for name in ["low", "high"] {
        is_near(model(file, Some(name)), "a b", normal(&[0.0], 0.0, 1.0));
    }
    let last =
        &file.replace("both = pm.observe(high, {'b': 5.0})\n", "with high:\n    c = pm.Normal('c', 0, 2)\n");
    is_near(model(last, None), "a b c", normal(&[0.0], 0.0, 1.0) + normal(&[0.0], 0.0, 2.0));
    let observed = file.replace("b = pm.Normal('b', a)", "b = pm.Normal('b', a)\n    c = pm.Normal('c', b)");
    is_near(model(&observed, Some("both")), "a b c", normal(&[5.0], 3.0, 1.0) + normal(&[5.0], 5.0, 1.0));
    is_near(model(&observed, None), "a b c", normal(&[5.0], 3.0, 1.0) + normal(&[5.0], 5.0, 1.0));
}

#[test]
fn variables_say_what_is_changed() {
    let file = "with pm.Model() as first:\n    a = pm.Normal('a')\n    b = pm.Normal('b', a)\n\
                with pm.Model() as second:\n    c = pm.Normal('c', 0, 2)\n    d = pm.Normal('d', c)\n\
                fixed = pm.do(first, {a: 3.0})\nseen = pm.observe(second, {c: 1.0})\n";
    is_near(model(file, Some("fixed")), "a b", normal(&[0.0], 0.0, 1.0));
    is_near(model(file, Some("seen")), "c d", normal(&[1.0], 0.0, 2.0) + normal(&[0.0], 0.0, 1.0));
}

#[test]
fn discrete_variables_may_be_free_until_they_are_fixed() {
    let file = "with pm.Model() as first:\n    a = pm.Normal('a')\n    z = pm.Bernoulli('z', p=0.25, shape=2)\n    \
                b = pm.Normal('b', a + z)\n    k = pm.Poisson('k', 2.0)\n\
                fixed = pm.observe(pm.do(first, {'k': 3}), {z: [0, 1], b: [1.0, 2.0]})\n";
    let of_z = 0.25_f64.ln() + 0.75_f64.ln();
    let expected = normal(&[0.0], 0.0, 1.0) + of_z + 2.0 * normal(&[1.0], 0.0, 1.0);
    is_near(model(file, Some("fixed")), "a z b k", expected);
    let told = model(file, Some("first")).unwrap_err();
    assert!(told.contains("`z` is a discrete Bernoulli"), "{told}");
}

#[test]
fn data_that_are_set_before_a_run_count() {
    let file = |after: &str| {
        format!(
            "with pm.Model() as model:\n    x = pm.Data('x', [1.0, 2.0])\n    a = pm.Normal('a')\n    \
             y = pm.Normal('y', a + x, observed=[1.0, 2.0])\n    pm.sample()\n{after}"
        )
    };
    let prior = normal(&[0.0], 0.0, 1.0);
    let (as_declared, as_set) = (2.0 * normal(&[0.0], 0.0, 1.0), 2.0 * normal(&[1.0], 0.0, 1.0));
    for (after, likelihood) in [
        ("with model:\n    pm.set_data({'x': [2.0, 3.0]})\n    pm.sample()\n", as_set),
        ("model.set_data('x', [2.0, 3.0])\nidata = pm.sample(model=model)\n", as_set),
        ("x.set_value([2.0, 3.0])\nwith model:\n    pm.fit()\n", as_set),
        (
            "for k in range(3):\n    with model:\n        pm.set_data({'x': [float(k), k + 1.0]})\n        pm.sample()\n",
            as_set,
        ),
        (
            "with model:\n    pm.set_data({'x': [7.0, 8.0]})\n    pm.sample_posterior_predictive(idata)\n",
            as_declared,
        ),
    ] {
        is_near(model(&file(after), None), "x a y", prior + likelihood);
    }
}

#[test]
fn objects_of_classes_below_a_model_are_models() {
    let file = "class Base(pm.Model):\n    def __init__(self, scale, name=''):\n        super().__init__(name=name)\n        \
                self.scale = scale\n        self.a = pm.Normal('a', 0, scale)\n    def add(self):\n        with self:\n            \
                self.add_coords({'row': [0, 1, 2]})\n            pm.Normal('y', self['a'], 1, observed=y, dims='row')\n\
                class Named(Base):\n    def more(self):\n        with self:\n            pm.Normal('b', self.a, self.scale)\n\
                first = Base(2)\nfirst.add()\nsecond = Named(3, name='top')\nsecond.more()\nwith second as same:\n    \
                c = pm.Normal('c', same.a)\nfixed = pm.do(first, {'a': 1.0})\n";
    let y = [1.0, 2.0, 4.0];
    is_near(model(file, Some("first")), "a y", normal(&[0.0], 0.0, 2.0) + normal(&y, 0.0, 1.0));
    let of_top = 2.0 * normal(&[0.0], 0.0, 3.0) + normal(&[0.0], 0.0, 1.0);
    is_near(model(file, Some("second")), "top::a top::b top::c", of_top);
    let inside = format!("{file}with first:\n    third = Base(1)\n");
    assert!(model(&inside, Some("first")).unwrap_err().contains("outside of other models"));
}

#[test]
fn nested_models_are_parts_of_the_one_that_is_open() {
    let file = "with pm.Model() as first:\n    pm.Normal('z')\nwith pm.Model() as second:\n    with pm.Model(name='in'):\n        \
                a = pm.Normal('a')\n    b = pm.Normal('b', a)\n    with first:\n        pm.Normal('w')\n    pm.Normal('c')\n";
    assert_eq!(model(file, Some("second")).unwrap().0, "in::a b c");
    assert_eq!(model(file, Some("first")).unwrap().0, "z w");
    let named = "with pm.Model('root') as model:\n    with pm.Model(name='in'):\n        a = pm.Normal('a')\n    \
                 b = pm.Normal('b', model['in::a'])\n    c = pm.Normal('c', model['root::in::a'])\n";
    assert_eq!(model(named, None).unwrap().0, "root::in::a root::b root::c");
}
