//! Errors of model files: each with its line and column, what is wrong, and the cure.

use std::path::Path;

use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError};

const DATA: &str = "county,floor,radon,gaps,when\nA,0,1.5,,mon\nB,1,0.5,2.5,\nA,1,2.5,1.0,tue\n";

fn data() -> Dataset {
    Dataset::from_csv(Path::new("radon.csv"), DATA).unwrap()
}

fn run(source: &str) -> Result<Model, ModelError> {
    let file = ModelFile::parse(source, "model.py").map_err(Box::new)?;
    Model::from_file(file, data())
}

/// Line, column, marked text and message of the error that `source` ends in.
fn finding(source: &str) -> (usize, usize, String, String) {
    let error = run(source).err().unwrap_or_else(|| panic!("no error in:\n{source}"));
    let ModelError::Language(error) = error else { panic!("{error} has no place") };
    let finding = error.findings().first().unwrap_or_else(|| panic!("{error} has no place"));
    let place = finding.place.as_ref().unwrap_or_else(|| panic!("{error} has no place"));
    let shown: String = place.text.chars().skip(place.column - 1).take(place.width).collect();
    (place.line, place.column, shown, finding.message.clone())
}

/// Checks the error of lines that stand in a model whose first line is line 6 of the file.
fn check(lines: &str, place: (usize, usize), marked: &str, parts: &[&str]) {
    let body: Vec<String> = lines.lines().map(|line| format!("    {line}")).collect();
    let source = format!(
        "import numpy as np\nimport pandas as pd\nimport pymc as pm\nimport pytensor.tensor as pt\n\
         with pm.Model() as model:\n{}\n",
        body.join("\n")
    );
    let (line, column, shown, message) = finding(&source);
    assert_eq!((line - 5, column - 4), place, "place of: {message}\n{lines}");
    assert_eq!(shown, marked, "{message}");
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn unknown_names_are_answered_with_near_ones() {
    check(
        "mu = pm.Normal(\"mu\", 0, 1) * flor",
        (1, 30),
        "flor",
        &[
            "`flor` is neither defined in the file nor a column of radon.csv",
            "county, floor, radon",
            "did you mean `floor`?",
        ],
    );
    check(
        "x = pm.Nomral(\"x\", 0, 1)",
        (1, 5),
        "pm.Nomral",
        &["know no `pm.Nomral`", "did you mean `Normal`?"],
    );
    check("x = np.logg(radon)", (1, 5), "np.logg", &["know no `np.logg`", "did you mean `log`?"]);
    check("x = pm.math.sigmod(1.0)", (1, 5), "pm.math.sigmod", &["did you mean `sigmoid`?"]);
    check("x = radon.maen()", (1, 5), "radon.maen()", &["no method `maen`", "did you mean `mean`?"]);
    check("x = df[\"rado\"]", (1, 8), "\"rado\"", &["no column `rado`", "did you mean `radon`?"]);
    check("x = df.rado", (1, 5), "df.rado", &["no column `rado`", "did you mean `radon`?"]);
    check("x = {\"a\": 1}[\"b\"]", (1, 14), "\"b\"", &["no key \"b\"", "keys: \"a\""]);
    check("x = sd(1)", (1, 5), "sd", &["`sd` is neither defined"]);
}

#[test]
fn names_that_need_an_import_say_which() {
    let (line, column, shown, message) = finding("with pm.Model():\n    pass\n");
    assert_eq!((line, column, shown.as_str()), (1, 6, "pm"));
    assert!(message.contains("import pymc as pm"));
    let (line, column, ..) = finding("import pymc3 as pm\n");
    assert_eq!((line, column), (1, 8));
    assert!(
        finding("from theano import tensor\nimport theano.tensor as tt\n")
            .3
            .contains("import pytensor.tensor as pt")
    );
}

#[test]
fn distributions_refuse_wrong_arguments() {
    check("pm.Normal(\"x\", 0, sd=1)", (1, 19), "sd=1", &["`sd` is called `sigma`"]);
    check("pm.Normal(\"x\", 0, sigm=1)", (1, 19), "sigm=1", &["no argument `sigm`", "did you mean `sigma`?"]);
    check("pm.Normal(\"x\", testval=1)", (1, 16), "testval=1", &["`testval` is called `initval`"]);
    check("pm.Normal(\"x\", 0, 1, 2, 3)", (1, 25), "3", &["positional arguments"]);
    check(
        "pm.Normal(\"x\", 0, sigma=1, tau=1)",
        (1, 1),
        "pm.Normal(\"x\", 0, sigma=1, tau=1)",
        &["both tau and sigma"],
    );
    check("pm.Normal()", (1, 1), "pm.Normal()", &["needs a name"]);
    check(
        "x = pm.CustomDist(\"x\", logp=lambda v: -v**2)\npm.Potential(\"p\", pm.logp(x, 1.5))",
        (2, 27),
        "x",
        &["the density of `x` is a function of the file", "call the function with the value"],
    );
    check("pm.Normal(0, 1)", (1, 11), "0", &["must be a text in quotes"]);
    check(
        "pm.Normal(\"x\", 0, 1, transform=None, total_size=3)",
        (1, 1),
        "pm.Normal(\"x\", 0, 1, transform=None, total_size=3)",
        &["total_size=3", "not observed"],
    );
    check("pm.Normal(\"x\", total_size=-3)", (1, 16), "total_size=-3", &["must not be negative"]);
    check(
        "pm.Normal(\"x\", initval=\"mode\")",
        (1, 16),
        "initval=\"mode\"",
        &["\"prior\" or \"support_point\""],
    );
    check("pm.Simulator(\"x\", 1, 0)", (1, 1), "pm.Simulator", &["`pm.Simulator` is not supported yet"]);
    check("pm.Normal(\"x\", \"y\")", (1, 16), "\"y\"", &["the text \"y\" where numbers are needed"]);
}

#[test]
fn gaussian_processes_say_what_they_need() {
    check(
        "c = pm.gp.cov.ExpQuad(1)",
        (1, 5),
        "pm.gp.cov.ExpQuad(1)",
        &["has no lengths", "`ls` and `ls_inv`"],
    );
    check("g = pm.gp.Latent(cov_func=2.0)", (1, 18), "cov_func=2.0", &["a covariance function such as"]);
    let latent = "g = pm.gp.Latent(cov_func=pm.gp.cov.ExpQuad(1, ls=1.0))\n";
    let flat = format!("{latent}f = g.prior(\"f\", X=np.zeros(3))");
    check(&flat, (2, 18), "X=np.zeros(3)", &["make a column with `[:, None]`"]);
    let noise = "g = pm.gp.Marginal(cov_func=pm.gp.cov.ExpQuad(1, ls=1.0))\n\
                 g.marginal_likelihood(\"y\", np.zeros((2, 1)), np.zeros(2), noise=1.0)";
    check(noise, (2, 59), "noise=1.0", &["`noise` is called `sigma`"]);
    let basis = "g = pm.gp.HSGP(m=[5], L=[2.0], cov_func=pm.gp.cov.Cosine(1, ls=1.0))\n\
                 f = g.prior(\"f\", X=np.arange(4.0)[:, None])";
    check(basis, (2, 5), "g.prior(\"f\", X=np.arange(4.0)[:, None])", &["ExpQuad, Matern52 and Matern32"]);
    check(
        "c = pm.gp.cov.Coregion(1, W=np.ones((2, 1)))",
        (1, 5),
        "pm.gp.cov.Coregion(1, W=np.ones((2, 1)))",
        &["either both"],
    );
    check(
        "c = pm.gp.cov.Coregion(1, B=np.eye(2))(np.array([[0.0], [2.0]]))",
        (1, 5),
        "pm.gp.cov.Coregion(1, B=np.eye(2))(np.array([[0.0], [2.0]]))",
        &["there is no output 2 among 2"],
    );
    check("c = pm.gp.cov.Gibbs(1, 0.5)", (1, 24), "0.5", &["a function is needed"]);
    check(
        "c = pm.gp.cov.ScaledCov(1, pm.gp.cov.Cosine(1, ls=1.0), lambda X: X[:2])(np.zeros((3, 1)))",
        (1, 5),
        "pm.gp.cov.ScaledCov(1, pm.gp.cov.Cosine(1, ls=1.0), lambda X: X[:2])(np.zeros((3, 1)))",
        &["where a number for each row of the inputs is needed"],
    );
    let unwritten = "class A(pm.gp.cov.Covariance):\n    pass\nc = A(1)(np.zeros((3, 1)))";
    check(unwritten, (3, 5), "A(1)(np.zeros((3, 1)))", &["has no `full(self, X, Xs=None)`"]);
    let wrong = "class A(pm.gp.mean.Mean):\n    def __call__(self, X):\n        return X\n\
                 g = pm.gp.Marginal(mean_func=A(), cov_func=pm.gp.cov.Cosine(1, ls=1.0))\n\
                 g.marginal_likelihood(\"y\", np.zeros((2, 1)), np.zeros(2), sigma=1.0)";
    check(
        wrong,
        (5, 1),
        "g.marginal_likelihood(\"y\", np.zeros((2, 1)), np.zeros(2), sigma=1.0)",
        &["shape (2, 1), where a number for each row of the inputs is needed"],
    );
    check(
        "g = pm.gp.HSGPPeriodic(m=5, cov_func=2.0 * pm.gp.cov.Periodic(1, period=1, ls=1))",
        (1, 29),
        "cov_func=2.0 * pm.gp.cov.Periodic(1, period=1, ls=1)",
        &["its variance is `scale`"],
    );
    check(
        "g = pm.gp.MarginalApprox(\"XYZ\", cov_func=pm.gp.cov.Cosine(1, ls=1))",
        (1, 26),
        "\"XYZ\"",
        &["\"FITC\""],
    );
    let grid = "g = pm.gp.LatentKron(cov_funcs=[pm.gp.cov.Cosine(1, ls=1.0)])\ng.prior(\"f\", Xs=[np.zeros((2, 1)), np.zeros((2, 1))])";
    check(
        grid,
        (2, 14),
        "Xs=[np.zeros((2, 1)), np.zeros((2, 1))]",
        &["2 matrices of inputs for 1 covariances"],
    );
    check(
        "pm.MvNormal(\"x\", np.zeros(2), np.eye(2), method=\"qr\")",
        (1, 42),
        "method=\"qr\"",
        &["\"svd\""],
    );
    check(
        "x = pm.draw(pm.MvNormal.dist(np.zeros(2), np.eye(2), method=\"svd\"), random_seed=1)",
        (1, 54),
        "method=\"svd\"",
        &["how the linear algebra library works"],
    );
    let doubled = "c = pm.gp.cov.ExpQuad(1, ls=1.0)\nfor i in range(9):\n    c = c + c";
    check(doubled, (3, 9), "c + c", &["at most 200 parts"]);
}

#[test]
fn the_model_refuses_with_the_place_of_the_declaration() {
    check("pm.Normal(\"x\")\ny = pm.Normal(\"x\")", (2, 5), "pm.Normal(\"x\")", &["`x` is defined twice"]);
    check("pm.Normal(\"x\", dims=\"g\")", (1, 21), "\"g\"", &["dimension `g`"]);
    let source = "import pymc as pm\nwith pm.Model():\n    pass\npm.Normal(\"x\")\n";
    let (line, column, _, message) = finding(source);
    assert_eq!((line, column), (4, 1));
    assert!(message.contains("outside of the model"), "{message}");
    assert!(finding("x = 1\n").3.contains("the file has no model"));
}

#[test]
fn what_depends_on_parameters_cannot_be_a_condition_an_index_or_a_range() {
    let mu = "mu = pm.Normal(\"mu\", 0, 1)\n";
    check(
        &format!("{mu}if mu > 0:\n    x = 1"),
        (2, 4),
        "mu > 0",
        &["a condition must be known from the data", "pm.math.switch"],
    );
    check(&format!("{mu}x = 1 if mu > 0 else 2"), (2, 10), "mu > 0", &["pm.math.switch"]);
    check(&format!("{mu}x = range(mu)"), (2, 11), "mu", &["depends on the model's parameters"]);
    check(&format!("{mu}x = radon[mu]"), (2, 11), "mu", &["an index must be known from the data"]);
    check(&format!("{mu}x = np.zeros(mu)"), (2, 14), "mu", &["a shape must be known"]);
    check(&format!("{mu}x = float(mu)"), (2, 11), "mu", &["depends on the model's parameters"]);
    check(&format!("{mu}x = f\"{{mu}}\""), (2, 7), "{mu}", &["depends on the model's parameters"]);
    check(
        &format!("{mu}pm.Normal(\"y\", 0, 1, observed=mu)"),
        (2, 22),
        "observed=mu",
        &["they must be data"],
    );
    check(
        &format!("{mu}x = np.interp(mu, [0, 1], [0, 1])"),
        (2, 15),
        "mu",
        &["what is interpolated must be known from the data"],
    );
    check(&format!("{mu}x = np.nanmedian(mu)"), (2, 5), "np.nanmedian(mu)", &["for data only"]);
}

#[test]
fn shapes_and_indices_that_do_not_fit_are_told() {
    check(
        "b = pm.Normal(\"b\", shape=2)\nx = b + radon",
        (2, 5),
        "b + radon",
        &["(2,) and (3,) do not broadcast"],
    );
    check(
        "b = pm.Normal(\"b\", shape=2)\nx = b[floor + 1]",
        (2, 5),
        "b[floor + 1]",
        &["index 2 is out of range", "subtract 1"],
    );
    check("x = radon[5]", (1, 5), "radon[5]", &["index 5 is out of range for axis 0 with 3"]);
    check("x = radon[0, 1]", (1, 5), "radon[0, 1]", &["at most 1 subscripts"]);
    check("x = radon[1.0]", (1, 11), "1.0", &["whole numbers", "astype(int)"]);
    check("x = radon[radon]", (1, 11), "radon", &["whole numbers"]);
    check("x = radon[[True, False]]", (1, 5), "radon[[True, False]]", &["a mask of shape (3,)"]);
    check("x = radon @ np.ones(2)", (1, 5), "radon @ np.ones(2)", &["matrix product"]);
    check("x = np.array([[1, 2], [3]])", (1, 14), "[[1, 2], [3]]", &["shape [2]", "shape [1]"]);
    check(
        "x = radon.reshape(2, 2)",
        (1, 5),
        "radon.reshape(2, 2)",
        &["3 elements cannot take the shape (2, 2)"],
    );
    check("x = radon.sum(axis=1)", (1, 15), "axis=1", &["axis 1 is out of range"]);
    check("x = [1, 2][2]", (1, 12), "2", &["index 2 is out of range"]);
    check("x, y = radon", (1, 1), "x, y", &["2 names for 3 values"]);
}

#[test]
fn text_and_missing_values_are_told_by_column_and_row() {
    check(
        "x = county * 2",
        (1, 5),
        "county * 2",
        &["the column `county` holds text (row 0, line 2 of the file: \"A\")"],
    );
    check("pm.Normal(\"x\", county)", (1, 16), "county", &["`county` holds text"]);
    check(
        "a = pm.Normal(\"a\", shape=2)\nx = a[county]",
        (2, 7),
        "county",
        &["np.unique(x, return_inverse=True)"],
    );
    check("x = county == 3", (1, 5), "county == 3", &["never equal"]);
    check("x = when", (1, 5), "when", &["empty cell (row 1, line 3 of the file)"]);
    check(
        "b = pm.Normal(\"b\")\nmu = b * gaps",
        (2, 6),
        "b * gaps",
        &["missing values in `gaps` (row 0, line 2 of the file)"],
    );
    check("b = pm.Normal(\"b\")\nz = gaps - 1\nmu = b * z", (3, 6), "b * z", &["missing values in `gaps`"]);
    check("pm.Normal(\"b\", gaps)", (1, 16), "gaps", &["missing values in `gaps`"]);
    check("x = pm.Data(\"d\", df.gaps)", (1, 18), "df.gaps", &["missing values in `gaps`"]);
    check(
        "b = pm.Normal(\"b\")\nmu = b * np.log(-radon)",
        (2, 6),
        "b * np.log(-radon)",
        &["holds NaN at row 0"],
    );
    check("x = radon[gaps]", (1, 11), "gaps", &["missing values in `gaps`"]);
}

#[test]
fn what_model_files_do_not_know_is_refused() {
    check(
        "x = pd.read_sql(\"a\")",
        (1, 5),
        "pd.read_sql",
        &["the columns of the data file are names already"],
    );
    check(
        "x = np.load(\"a.npy\")",
        (1, 5),
        "np.load(\"a.npy\")",
        &["radon.csv has no array `a`", "into one `.npz` file"],
    );
    check("i = pm.sample()\npm.Normal(\"x\", i)", (1, 5), "pm.sample", &["leave this line out"]);
    check("pm.Bound(1)", (1, 1), "pm.Bound", &["removed from PyMC"]);
    check("x = open(\"a.csv\")", (1, 5), "open", &["no place in a model file"]);
    check("x = __import__(\"os\")", (1, 5), "__import__", &["no place in a model file"]);
    check("x = radon.__class__", (1, 5), "radon.__class__", &["no attribute `__class__`"]);
    check("class A(dict): pass", (1, 9), "dict", &["a class may stand below another one of the file"]);
    check("@np\nclass A: pass", (1, 1), "@np", &["no decorators here but `dataclass`", "write `__init__`"]);
    let class = "class A:\n    def __init__(self, x):\n        self.x = x\n";
    check(&format!("{class}a = A()"), (4, 5), "A()", &["needs the argument `x`"]);
    check(&format!("{class}y = A(1).y"), (4, 5), "A(1).y", &["this object has no attribute `y` yet"]);
    check(&format!("{class}y = A(1)(2)"), (4, 5), "A(1)(2)", &["has no `__call__`"]);
    check(&format!("{class}y = A.y"), (4, 5), "A.y", &["this class has no member `y`"]);
    check("x = super()", (1, 5), "super()", &["stands in methods only"]);
    let endless = "class A:\n    def __call__(self):\n        return self()\nx = A()()";
    check(endless, (3, 16), "self", &["nested more than 64 deep"]);
    check("while True:\n    pass", (1, 7), "True", &["takes more than 4000000 steps"]);
    check("import os\nx = os.system(\"ls\")", (2, 5), "os.system", &["do not know the module `os`"]);
    check("import os\nx = os.environ[\"A\"]", (2, 16), "\"A\"", &["there is no key \"A\""]);
    check("x = pm.Normal(\"x\", shape=3)\nx[0] = 1", (2, 1), "x[0]", &["pt.set_subtensor"]);
    check("x = np.zeros(3)\nx[0] = pm.Normal(\"x\")", (2, 1), "x[0]", &["cannot hold parameters"]);
    check("x = 1 / 0", (1, 5), "1 / 0", &["division by zero"]);
    check("x = floor % 0", (1, 5), "floor % 0", &["division by zero"]);
    check("pm.Normal(\"x\", print(1))", (1, 16), "print", &["leave this line out"]);
    check("x = df.swaplevel(\"county\")", (1, 5), "df.swaplevel(\"county\")", &["not supported yet"]);
    check("x = 3j", (1, 5), "3j", &["complex numbers"]);
    check("x = f\"{1:>3q}\"", (1, 10), ">3q", &["is not a format such as"]);
    check("x = \"a\" + 1", (1, 5), "\"a\" + 1", &["cannot be combined"]);
    check("assert len(radon) == 4", (1, 1), "assert len(radon) == 4", &["does not hold"]);
}

#[test]
fn syntax_errors_have_a_place() {
    let (line, column, _, message) = finding("import pymc as pm\nwith pm.Model(:\n    pass\n");
    assert_eq!((line, column), (2, 15), "{message}");
    assert!(message.contains("not Python"), "{message}");
    let error = run("x = (1,\n").err().unwrap().to_string();
    assert!(error.contains("model.py:"), "{error}");
}

#[test]
fn an_error_shows_its_line_with_a_caret() {
    let error = run("import pymc as pm\nwith pm.Model():\n    x = pm.Normal(\"x\", 0, flor)\n")
        .err()
        .unwrap()
        .to_string();
    let lines: Vec<&str> = error.lines().collect();
    assert!(lines[0].starts_with("model.py:3:27: error[M115]: `flor` is neither"), "{error}");
    assert_eq!(lines[1], "  3 |     x = pm.Normal(\"x\", 0, flor)");
    assert_eq!(lines[2], "    |                           ^^^^");
}

#[test]
fn what_was_passed_over_cannot_be_used() {
    let source = |outside: &str, inside: &str| {
        format!("import pymc as pm\nimport numpy as np\n{outside}\nwith pm.Model():\n    {inside}\n")
    };
    // A list that an unknown function should have changed is not used as it was before.
    let (line, _, shown, _) =
        finding(&source("a = []\na.append(np.foo(1))", "x = pm.Normal(\"x\", shape=len(a))"));
    assert_eq!((line, shown.as_str()), (4, "np.foo"));
    let (line, _, shown, _) = finding(&source("from scipy import stats\nz = stats.yeojohnson([1])", "x = z"));
    assert_eq!((line, shown.as_str()), (4, "stats.yeojohnson"));
    // What fails inside of the model is an error, and so is a model that cannot be made.
    let (line, ..) = finding(&source("", "pm.Normal(\"x\")\n    np.foo(1)"));
    assert_eq!(line, 6);
    let (line, ..) = finding(&format!("{}with modle:\n    y = 1\n", source("", "pm.Normal(\"x\")")));
    assert_eq!(line, 6);
    let (line, ..) = finding("import pymc as pm\nm = pm.Model(coord=1)\nwith m:\n    pm.Normal(\"x\")\n");
    assert_eq!(line, 2);
}

#[test]
fn a_file_without_a_model_tells_what_kept_it_from_being_made() {
    let file = |lines: &str| {
        format!(
            "import pymc as pm\nimport numpy as np\nimport arviz as az\nimport helpers\naz.style.use(\"a\")\n{lines}\n"
        )
    };
    let built = "def build(y):\n    with pm.Model() as model:\n        pm.Normal(\"x\", observed=y)\n    return model\n\
                 model = build(helpers.load())";
    let (line, _, shown, _) = finding(&file(built));
    assert_eq!((line, shown.as_str()), (10, "helpers.load"));
    let (line, _, shown, _) = finding(&file("az.plot(1)\ny = np.foo(1)"));
    assert_eq!((line, shown.as_str()), (7, "np.foo"));
    // A column that a table lacks is no name that a later line defines.
    let later = "import pandas as pd\nd = pd.DataFrame({\"a\": [1, 2]})\nwith pm.Model():\n    \
                 pm.Normal(\"x\", observed=d[\"w\"])\nw = 3";
    let (.., message) = finding(&file(later));
    assert!(message.contains("there is no column `w`"), "{message}");
    // Where the steps went is told, not only where they ran out.
    let long = "while True:\n    k = 1\n";
    let (line, .., message) = finding(&file(&format!("{long}with pm.Model():\n    pm.Normal(\"x\", k)")));
    assert!(line <= 7 && message.contains("more than half of the steps"), "{line}: {message}");
    let (.., message) = finding(&file(&format!("{}with pm.Model():\n    pm.Normal(\"x\")", long.repeat(30))));
    assert!(message.contains("most of it is spent on line 6"), "{message}");
}

#[test]
fn what_only_tells_or_keeps_something_is_read() {
    let file = |lines: &str, inside: &str| {
        format!(
            "import pymc as pm\nimport numpy as np\nimport warnings\nimport matplotlib.pyplot as plt\n{lines}\n\
             with pm.Model() as model:\n    {inside}\n    y = pm.Normal(\"y\")\n"
        )
    };
    let contexts = "with warnings.catch_warnings():\n    warnings.simplefilter(\"ignore\")\n    z = np.arange(3)\n\
                    with plt.rc_context({\"a\": 1}):\n    plt.plot(z)";
    assert!(run(&file(contexts, "pm.Data(\"z\", z)")).is_ok());
    assert!(run(&file("", "model.knots = np.arange(3)\n    pm.Data(\"z\", model.knots)")).is_ok());
    let formula = "bs(x, knots=model.knots, degree=3, include_intercept=False) - 1";
    let kept = format!(
        "model.knots = [1.0, 2.0]\n    b = dmatrix(\"{formula}\", {{\"x\": np.linspace(0, 3, 9)}})\n    \
         pm.Data(\"z\", np.asarray(b))"
    );
    assert!(run(&file("from patsy import dmatrix", &kept)).is_ok());
    let class =
        "class A:\n    pass\ndef double(self, x):\n    return 2 * x\nA.double = double\nA.shown = plt.plot";
    assert!(run(&file(class, "pm.Data(\"z\", A().double(3))")).is_ok());
    let proposal = "def f(step=dict(kind=pm.NormalProposal)):\n    return 1.0";
    assert!(run(&file(proposal, "pm.Data(\"z\", f())")).is_ok());
}

#[test]
fn random_numbers_need_a_seed_and_a_generator_that_is_known() {
    check("x = np.random.normal()", (1, 5), "np.random.normal()", &["np.random.seed(1)"]);
    check("rng = np.random.default_rng()\nx = rng.normal()", (2, 5), "rng.normal()", &["default_rng(1)"]);
    check("from scipy import stats\nx = stats.norm.rvs()", (2, 5), "stats.norm.rvs()", &["without a seed"]);
    let rng = "rng = np.random.default_rng(1)";
    check(&format!("{rng}\nx = rng.normal(0, -1)"), (2, 19), "-1", &["`scale` is -1", "from 0"]);
    check(&format!("{rng}\nx = rng.binomial(1.5, 0.5)"), (2, 18), "1.5", &["`n` is 1.5", "whole number"]);
    check(&format!("{rng}\nx = rng.normal([1, 2], size=3)"), (2, 24), "size=3", &["do not fit `size`"]);
    check(
        &format!("{rng}\nx = rng.choice(3, 4, replace=False)"),
        (2, 5),
        "rng.choice(3, 4, replace=False)",
        &["of 3"],
    );
    check(&format!("{rng}\nx = rng.choice(2, p=[0.5, 0.6])"), (2, 19), "p=[0.5, 0.6]", &["sum to 1"]);
    check(&format!("{rng}\nx = rng.randint(3)"), (2, 5), "rng.randint(3)", &["no `randint`"]);
    check(&format!("{rng}\nx = rng.normal(size=10**12)"), (2, 16), "size=10**12", &["the limit is"]);
    check(
        &format!("{rng}\nx = rng.multivariate_normal([0, 0], [[1, 2], [2, 1]])"),
        (2, 37),
        "[[1, 2], [2, 1]]",
        &["no numbers have it"],
    );
    check(
        &format!("{rng}\nx = rng.multivariate_normal(np.zeros(30), np.eye(30))"),
        (2, 43),
        "np.eye(30)",
        &["beyond 25", "cholesky"],
    );
    check(
        &format!("{rng}\nx = np.zeros(3)\nx[rng.integers(3)] += 1"),
        (3, 1),
        "x[rng.integers(3)] += 1",
        &["a name first"],
    );
    check("np.random.seed(-1)", (1, 16), "-1", &["whole numbers from 0"]);
    check("np.random.seed(2**33)", (1, 16), "2**33", &["4294967295"]);
    check(
        "m = pm.Normal(\"m\")\nx = np.random.default_rng(1).normal(m)",
        (2, 37),
        "m",
        &["known from the data"],
    );
    let file = |outside: &str| {
        format!(
            "import pymc as pm\nimport numpy as np\nimport matplotlib.pyplot as plt\n{outside}\nx = rng.normal()\nwith \
             pm.Model():\n    y = pm.Normal(\"y\", x)\n"
        )
    };
    // A statement that is passed over may have drawn numbers, itself or by a function.
    for line in ["plt.plot(rng.normal())", "def show():\n    plt.plot(rng.random())\nshow()"] {
        let (.., message) = finding(&file(&format!("{rng}\n{line}")));
        assert!(message.contains("may draw from the same generator"), "{message}");
    }
    assert!(run(&file(&format!("{rng}\nplt.plot([1, 2])"))).is_ok());
    // So may a module that is not known, from NumPy's own generator; those that only show something do not.
    let file = |line: &str| {
        format!(
            "import pymc as pm\nimport numpy as np\nimport helpers\nimport matplotlib.pyplot as plt\nfrom scipy.stats import \
             notthere, norm\nnp.random.seed(1)\n{line}\nx = np.random.normal()\nwith pm.Model():\n    y = pm.Normal(\"y\", x)\n"
        )
    };
    for line in ["z = helpers.layout([1])", "z = notthere(3)"] {
        let (.., message) = finding(&file(line));
        assert!(message.contains("line 7 may draw from the same generator"), "{message}");
    }
    assert!(run(&file("plt.plot([1, 2])\nz = norm.cdf(0.5)")).is_ok());
}

#[test]
fn arrays_with_dims_say_which_they_have() {
    let head = "import pymc.dims as pmd\nfour = np.arange(4.0)\nmodel.add_coords({\"g\": [1, 2], \"h\": [3, 4, 5]})\n\
                a = pmd.Normal(\"a\", dims=\"g\")\n";
    for (line, marked, parts) in [
        (
            "pmd.Normal(\"b\", a, dims=\"i\")",
            "pmd.Normal(\"b\", a, dims=\"i\")",
            ["no dim 'i'", "('g', 'h')"],
        ),
        ("pmd.Normal(\"b\", a, dims=\"h\")", "pmd.Normal(\"b\", a, dims=\"h\")", ["('h',)", "('h', 'g')"]),
        (
            "pmd.Normal(\"b\", four)",
            "pmd.Normal(\"b\", four)",
            ["shape (4,)", "`pmd.as_xtensor(array, dims=(...))`"],
        ),
        ("pmd.Dirichlet(\"b\", a)", "pmd.Dirichlet(\"b\", a)", ["`Dirichlet` needs `core_dims`", "1 dim"]),
        (
            "pmd.Dirichlet(\"b\", a, core_dims=\"h\")",
            "pmd.Dirichlet(\"b\", a, core_dims=\"h\")",
            ["`a` of `Dirichlet` has the dims ('g',)", "without 'h'"],
        ),
        ("a.isel(h=0)", "a.isel(h=0)", ["no dimension 'h'", "('g',)"]),
        (
            "a + pmd.as_xtensor(four, dims=\"g\")",
            "a + pmd.as_xtensor(four, dims=\"g\")",
            ["length 2", "4 in another"],
        ),
        ("pmd.Normal(\"b\", pmd.as_xtensor(four, dims=\"g\"))", "", ["the length 4 along 'g'", "2 labels"]),
        (
            "pmd.Normal(\"b\", a, foo=3)",
            "pmd.Normal(\"b\", a, foo=3)",
            ["`pm.Normal` has no argument `foo`", "mu=0"],
        ),
        ("pm.Normal(\"b\", a)", "a", ["the dims ('g',)", "`.values`"]),
        ("pmd.math.exp(a, 3)", "pmd.math.exp(a, 3)", ["`pmd.math.exp` takes at most 1", "not 2"]),
    ] {
        let marked = if marked.is_empty() { line } else { marked };
        let column = 1 + line.rfind(marked).unwrap_or_default();
        check(&format!("{head}{line}"), (5, column), marked, &parts);
    }
}

/// Data and draws are stored apart, so data may have the name of a dimension that no data have.
#[test]
fn data_may_have_the_name_of_a_dimension_of_variables() {
    let file = |data: &str| {
        format!(
            "import pymc as pm\nwith pm.Model(coords={{\"g\": [1, 2], \"obs\": [1, 2, 3]}}):\n    {data}\n    b = pm.Normal(\"b\", \
             dims=\"g\")\n    pm.Normal(\"y\", b[g], observed=[1, 2, 3], dims=\"obs\")\n"
        )
    };
    assert!(run(&file("g = pm.Data(\"g\", [0, 1, 1], dims=\"obs\")")).is_ok());
    for data in [
        "g = pm.Data(\"g\", [0, 1], dims=\"g\")",
        "g = pm.Data(\"g\", [0, 1, 1], dims=\"obs\")\n    h = pm.Data(\"h\", [0, 1], dims=\"g\")",
        "h = pm.Data(\"h\", [0, 1], dims=\"g\")\n    g = pm.Data(\"g\", [0, 1, 1], dims=\"obs\")",
        "g = pm.Normal(\"g\")",
    ] {
        let (.., message) = finding(&file(data));
        assert!(message.contains("`g` is the name of a dimension too"), "{message}");
    }
}

#[test]
fn what_a_file_raises_is_told() {
    check(
        "if 1 < 2:\n    raise ValueError(f\"{(1, 'a')} is no {[2.5]}\")",
        (2, 5),
        "raise ValueError(f\"{(1, 'a')} is no {[2.5]}\")",
        &["(1, 'a') is no [2.5]"],
    );
    check("assert 1 > 2, \"one is less\"", (1, 1), "assert 1 > 2, \"one is less\"", &["one is less"]);
}

#[test]
fn values_that_no_density_has_are_refused() {
    check("pm.Uniform(\"u\", 1, 0)", (1, 1), "pm.Uniform(\"u\", 1, 0)", &["needs lower <= upper"]);
    check("pm.Beta(\"b\", -1, 2)", (1, 1), "pm.Beta(\"b\", -1, 2)", &["needs alpha > 0"]);
    check("x = pm.Normal(\"x\", observed=[])", (1, 5), "pm.Normal(\"x\", observed=[])", &["at least one"]);
    check(
        "x = pm.Normal(\"x\", initval=[1, 2])",
        (1, 5),
        "pm.Normal(\"x\", initval=[1, 2])",
        &["shape (2,)"],
    );
    check("x = pm.Normal(\"x\", shape=3)[[]]", (1, 5), "pm.Normal(\"x\", shape=3)[[]]", &["no element"]);
    check("pm.Normal(\"a\\tb\")", (1, 1), "pm.Normal(\"a\\tb\")", &["control character"]);
    check("break", (1, 1), "break", &["outside of a loop"]);
    check("return 1", (1, 1), "return 1", &["outside of a function"]);
}

/// Lines and codes of everything that is found in a source, in its order.
fn codes(source: &str) -> Vec<(usize, &'static str)> {
    let Err(ModelError::Language(error)) = run(source) else { panic!("no error in:\n{source}") };
    let line = |f: &chainfire_models::finding::Finding| f.place.as_ref().map_or(0, |place| place.line);
    error.findings().iter().map(|f| (line(f), f.rule.code())).collect()
}

#[test]
fn every_independent_fault_is_told_once() {
    let source = "\
import pymc as pm
import theano.tensor as tt
with pm.Model(coords={\"g\": [1, 2]}) as model:
    a = pm.Normal(\"a\", 0, sd=1)
    b = pm.Nromal(\"b\", flor, 1)
    c = pm.Normal(\"c\", a + b, 1)
    d = pm.Normal(\"d\", flor, sigma=rado, dims=\"g\")
    for i in range(3):
        pm.Normal(f\"e{i}\", c, missing)
    f = pm.Normal(\"f\", 0, 1, dims=\"h\")
    if f > 0:
        g = 1
    h = pm.Normal(\"h\", g, 1)
    pm.Normal(\"y\", a, 1, observed=when)
";
    let expected = [
        (2, "M107"),
        (4, "M103"),
        (5, "M101"),
        (7, "M115"),
        (7, "M115"),
        (9, "M115"),
        (10, "M118"),
        (14, "M139"),
    ];
    assert_eq!(codes(source), expected);
}

#[test]
fn a_fault_in_a_function_that_builds_the_model_is_told_in_the_function() {
    let source = "\
import pymc as pm
def scale(name):
    return pm.HalfNormal(name, sd=1)
def build():
    with pm.Model() as model:
        s = scale(\"s\")
        t = scale(\"t\")
        pm.Normal(\"y\", 0, s, observed=radn)
    return model
model = build()
";
    assert_eq!(codes(source), [(3, "M103"), (8, "M115")]);
}

#[test]
fn loops_over_turns_say_what_they_need() {
    let check = |arguments: &str, marked: &str, part: &str| {
        let lines = format!(
            "import pytensor\ndef step(v, s):\n    return v + s\ndef grows(s):\n    return pt.stack([s, s])\n\
             def declares(s):\n    return s + pm.Normal(\"z\")\ns = pm.Normal(\"s\")\ny = pytensor.scan({arguments})"
        );
        let column = 5 + "pytensor.scan(".len() + arguments.find(marked).unwrap_or(0);
        let column = if marked == "pytensor.scan" { 5 } else { column };
        check(&lines, (9, column), if marked == "pytensor.scan" { "scan" } else { marked }, &[part]);
    };
    check("step, floor, s, n_steps=4", "step", "a sequence needs a row for each of the 4 turns");
    check("step, 3.0, s", "3.0", "a sequence needs an axis to go along");
    check("grows, None, s, n_steps=3", "grows", "what a turn makes must have the shape it starts from, ()");
    check("declares, None, s, n_steps=3", "declares", "variables cannot be declared in the body of a loop");
    check("step, floor, [s, s]", "step", "takes 2 arguments, not 3");
    check(
        "step, floor, dict(initial=s, taps=[-1, -2])",
        "dict(initial=s, taps=[-1, -2])",
        "a row for each of the 2 turns",
    );
    check(
        "step, dict(input=floor, taps=[0], tap=1), s",
        "dict(input=floor, taps=[0], tap=1)",
        "has input, taps, not `tap`",
    );
}

#[test]
fn options_of_packages_that_would_change_an_answer_are_told() {
    for (lines, told) in [
        ("qmc.Sobol(d=2, scramble=False, optimization='lloyd').random(4)", "Sobol has no optimization"),
        ("qmc.Halton(d=2, scramble=False, optimization='lloyd').random(4)", "Halton has no optimization"),
        ("np.fft.rfft(np.ones((4, 2)))", "arrays of one axis"),
        ("optimize.brentq(lambda t: t - 1, 0, 2, full_output=True)", "leave out full_output"),
        ("pd.DataFrame({'a': [1.0]}).xs('a', axis=1)", "take columns by name"),
        ("one_hot(np.array([0, 1]), 2, axis=0)", "leave out `axis`"),
        ("numpyro.plate('rows', 10, subsample_size=3)", "leave out `subsample_size`"),
    ] {
        let source = format!(
            "import numpy as np\nimport numpyro\nimport pandas as pd\nimport pymc as pm\nfrom jax.nn import one_hot\n\
             from scipy import optimize\nfrom scipy.stats import qmc\nwith pm.Model() as model:\n    pm.Deterministic('x', {lines})\n"
        );
        let (line, _, _, message) = finding(&source);
        assert!(message.contains(told) && line == 9, "{lines}: {message}");
    }
}

#[test]
fn statements_of_numpyro_that_are_not_supported_are_told() {
    for (lines, told) in [
        ("    with handlers.block(hide=['z']):\n        numpyro.sample('z', N)", "condition on it"),
        ("    numpyro.sample('z', N, obs=1.0, obs_mask=a > 0)", "known from the data"),
        ("    scan(lambda c, x: (scan(lambda d, v: (d, v), c, y)[0], x), a, y)", "inside of another one"),
        ("    handlers.condition(N.sample, data={})(0)", "JAX draws are not known"),
        ("    numpyro.sample('z', dist.Normal(0, 1).expand([3]).to_event(2))", "`to_event(2)`"),
        ("    numpyro.param('z', 1.0)", "is optimised, not sampled"),
    ] {
        let source = format!(
            "import jax.numpy as jnp\nimport numpyro\nimport numpyro.distributions as dist\nfrom numpyro import handlers\n\
             from numpyro.contrib.control_flow import scan\ny = jnp.arange(3.0)\nN = dist.Normal(0, 1)\n\n\
             def model():\n    a = numpyro.sample('a', N)\n{lines}\n"
        );
        let (line, _, _, message) = finding(&source);
        assert!(message.contains(told) && line >= 11, "{lines}: line {line}: {message}");
    }
}

#[test]
fn a_run_of_numpyro_that_was_passed_over_says_why() {
    let source = "import numpyro\nimport numpyro.distributions as dist\nfrom jax import random\nfrom numpyro.infer import MCMC, NUTS, \
                  Nothing\n\ndef one():\n    numpyro.sample('a', dist.Normal(0, 1))\n\ndef two(y):\n    numpyro.sample('a', dist.Normal(0, 1), \
                  obs=y)\n\nmcmc = MCMC(NUTS(two))\nmcmc.run(random.key(0), random.normal(random.key(1), (3,)))\n";
    let (line, _, _, message) = finding(source);
    assert!(message.contains("JAX draws are not known") && line == 13, "line {line}: {message}");
}
