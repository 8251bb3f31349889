//! What a model file changes in its place, and what of it is known afterwards.

use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError};

fn run(source: &str) -> Result<Model, ModelError> {
    let data =
        Dataset::from_csv(std::path::Path::new("radon.csv"), "floor,radon\n0,1.5\n1,0.5\n1,2.5\n").unwrap();
    Model::from_file(ModelFile::parse(source, "model.py").map_err(Box::new)?, data)
}

/// Checks the message of the error that lines before a model end in.
fn check(lines: &str, parts: &[&str]) {
    let source = format!(
        "import numpy as np\nimport pymc as pm\nwith pm.Model() as model:\n    {}\n",
        lines.replace('\n', "\n    ")
    );
    let error = run(&source).err().unwrap_or_else(|| panic!("no error in:\n{source}")).to_string();
    assert!(parts.iter().all(|part| error.contains(part)), "{error}");
}

/// What a statement that is passed over would have changed is not known afterwards, under whatever name it is seen.
#[test]
fn what_is_passed_over_does_not_go_unseen() {
    let class = "class Fit:\n    shared = []\n    def __init__(self):\n        self.x, self.y = 3.0, [1]\n        self.plot, self.axes = plt.gca(), None\n    \
                 def add(self):\n        self.y.append(plt.gca())\n    def share(self):\n        self.shared.append(plt.gca())\n\
                 fit = Fit()\n";
    let file = |before: &str, mu: &str| {
        let before = before.replace("CLASS\n", class);
        format!(
            "import pymc as pm\nimport numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\n{before}\nwith \
             pm.Model():\n    pm.Normal(\"x\", {mu})\n"
        )
    };
    for (before, mu) in [
        ("kept = []\ndef add():\n    kept.append(plt.gca())\nadd()", "len(kept)"),
        ("kept = []\nother = kept\nkept.append(plt.gca())", "len(other)"),
        ("kept = [0]\ndef add(all):\n    all.append(plt.gca())\nadd(kept)", "len(kept)"),
        ("x = np.zeros(3)\ndef change(y):\n    y[0] = plt.gca()\nchange(x)", "x.sum()"),
        ("d = {'x': np.zeros(3)}\ny = d['x']\ny[0] = plt.gca()", "d['x'].sum()"),
        ("x = np.zeros(3)\ny = x[1:]\ny[0] = plt.gca()", "x.sum()"),
        ("x = np.zeros(3)\nnp.copyto(x, np.ones(3))", "x.sum()"),
        ("x = np.zeros(3)\nnp.add(x, 1, out=x)", "x.sum()"),
        ("x = np.zeros(3)\ny = x\nnp.random.default_rng(1).shuffle(x)", "y[0]"),
        ("x = np.zeros(3)\ny = x\nnp.add.at(x, [0], 1)", "y.sum()"),
        ("t = pd.DataFrame({'a': [1.0]})\ndef add(u):\n    u['a'] = plt.gca()\nadd(t)", "t['a'].sum()"),
        ("n = 0\ndef count():\n    global n\n    n = plt.gca()\ncount()", "n"),
        ("CLASS\nfit.add()", "len(fit.y)"),
        ("CLASS\nfit.share()", "len(fit.shared)"),
        ("CLASS\nfit.share()", "len(Fit().shared)"),
        ("CLASS", "fit.plot"),
        ("X = np.zeros((2, 3))\nfor row in X:\n    row[0] = 1", "X.sum()"),
        ("x = np.zeros(4)\ny = x.reshape(2, 2)\ny[0, 0] = 1", "x.sum()"),
        ("x = np.zeros(4)\ndef change(y):\n    y[0] = 1\nchange(x)", "x.sum()"),
        ("kept = []\nlist(map(kept.append, [1, 2]))", "len(kept)"),
        ("kept = []\n[kept.append(plt.gca()) for k in range(2)]", "len(kept)"),
        (
            "from functools import partial\nkept = []\ndef add(to, x):\n    to.append(x)\nf = partial(add, kept)\nf(1)",
            "len(kept)",
        ),
        ("import copy\nfit = copy.deepcopy(Fit)\nCLASS\nfit = copy.copy(fit)", "fit.x"),
    ] {
        let source = file(before, mu);
        assert!(run(&source).is_err(), "no error in:\n{source}");
    }
    for (before, mu) in [
        ("CLASS\nfit.add()", "fit.x"),
        ("x = np.zeros(3)\ny = x[1:].copy()\ny[0] = plt.gca()", "x.sum()"),
        ("t = pd.DataFrame({'a': [1.0]})\nu = t.copy()\nu['b'] = plt.gca()", "t['a'].sum()"),
        ("d = {'a': 1}\ne = dict(d)\ne['b'] = plt.gca()", "d['a']"),
        (
            "x = np.zeros(3)\ndef show(x):\n    plt.plot(x)\n    y = x * 2\n    plt.plot(y)\nshow(x)",
            "x.sum()",
        ),
    ] {
        let source = file(before, mu);
        assert!(run(&source).is_ok(), "{source}");
    }
}

#[test]
fn what_is_held_where_it_cannot_be_seen_is_not_changed() {
    let shared = "has another name too";
    check("d = {\"a\": {}}\ne = d\nf = d[\"a\"]\nf[\"b\"] = 2", &[shared]);
    check("d = {\"a\": [1]}\nfor x in d[\"a\"]:\n    d[\"a\"].append(x)", &[shared]);
    check("X = np.zeros((2, 2))\nfor row in X:\n    row[0] = 1", &[shared]);
    // An array of two names is changed under one of them; the other is no longer known.
    check("x = radon\nx += 1\ny = radon", &["under its other name `x`", ".copy()"]);
    check("x = radon\nx[0] = 1\ny = radon", &["line 5", ".copy()"]);
}

/// A simulation that a script makes before its model and does not use in it is passed over where it takes too long.
#[test]
fn long_statements_that_the_model_does_not_need_are_passed_over() {
    let file = |loops: &str, y: &str| {
        format!(
            "import numpy as np\nimport pymc as pm\nrng = np.random.default_rng(1)\ny = rng.normal(size=3)\nkept = []\n{loops}\n\
             with pm.Model():\n    a = pm.Normal('a', 0, 1)\n    pm.Normal('y', a, 1, observed={y})\n"
        )
    };
    let walk = "def walk(n):\n    x = np.zeros(n)\n    for i in range(1, n):\n        x[i] = x[i - 1] + rng.normal()\n    \
                return x\ndraws = walk(10 ** 6)";
    let sums = "s = 0\nfor i in range(10 ** 6):\n    s = s + 2 * i";
    let grows = "def grow():\n    for i in range(10 ** 6):\n        kept.append(2 * i)\ngrow()";
    for loops in [walk, sums, &format!("{walk}\n{sums}\n{sums}")] {
        let model = run(&file(loops, "y")).unwrap();
        assert_eq!(model.dim(), 1);
    }
    let why = |loops: &str, y: &str| run(&file(loops, y)).err().unwrap().to_string();
    let long = "takes more than half of the steps";
    assert!(why(walk, "draws").contains(long), "its result is not known");
    assert!(why(sums, "[s]").contains(long), "nor is what it changes");
    assert!(why(walk, "rng.normal(size=3)").contains("what is drawn here is not known"));
    assert!(
        why(grows, "y").contains(long),
        "a function that changes what others see is not left in the middle"
    );
}
