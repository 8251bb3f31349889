//! Models that cannot be sampled are refused with the place and the cure.

use super::program::{Folder, refused};

const DATA: &str = "y\n1.5\n0.2\n-0.4\n";

/// One free variable above an observed `y`.
const LIKELIHOOD: &str = "pm.Normal('y', mu, 1, observed=y)";

fn refused_above_y(statements: &str, parts: &[&str]) {
    refused(&format!("{statements}\n{LIKELIHOOD}"), DATA, parts);
}

#[test]
fn a_missing_model_file_is_named() {
    let folder = Folder::new(&[]);
    folder.run("sample nothere.py").complains(&["model file nothere.py", "No such file", "check the path"]);
    folder.run("check nothere.py").complains(&["model file nothere.py"]);
    folder.run("sample .").complains(&["model file .", "directory"]);
}

#[test]
fn a_file_without_a_model_is_told_what_it_needs() {
    let folder = Folder::new(&[("model.py", "")]);
    folder.run("sample model.py").complains(&["model.py:1:1", "with pm.Model()"]);
}

#[test]
fn text_that_is_not_python_is_told_its_place() {
    let folder = Folder::new(&[("model.py", "import pymc as pm\nwith pm.Model( as m:\n    x = 1\n")]);
    folder.run("sample model.py").complains(&["model.py:2:16", "not Python", "with pm.Model( as m:", "^"]);
}

#[test]
fn an_unknown_distribution_is_offered_the_nearest_name() {
    refused_above_y(
        "mu = pm.Nromal('mu', 0, 1)",
        &["model.py:4:10", "pm.Nromal", "did you mean `Normal`", "^"],
    );
}

#[test]
fn a_wrong_keyword_is_offered_what_there_is() {
    refused_above_y(
        "mu = pm.Normal('mu', 0, sigm=1)",
        &["model.py:4:", "`pm.Normal`", "`sigm`", "did you mean `sigma`"],
    );
}

#[test]
fn a_shape_that_does_not_fit_is_told_both_shapes() {
    refused_above_y("mu = pm.Normal('mu', 0, 1, shape=2)", &["model.py:5:", "`y`", "(3,)", "(2,)"]);
}

#[test]
fn a_scale_below_zero_is_told_the_rule() {
    refused_above_y("mu = pm.Normal('mu', 0, -1)", &["model.py:4:", "`mu`", "sigma > 0", "sigma = -1"]);
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    refused_above_y(
        "mu = pm.Normal('mu', 0, 1)\nother = pm.Normal('mu', 0, 1)",
        &["model.py:5:", "`mu`", "twice", "name of its own"],
    );
}

#[test]
fn an_unknown_dim_is_told_how_to_add_it() {
    refused_above_y(
        "mu = pm.Normal('mu', 0, 1, dims='group')",
        &["model.py:4:", "`group`", "coords", "pm.Model(coords={\"group\": [...]})"],
    );
}

#[test]
fn a_model_without_free_variables_is_refused() {
    refused("pm.Normal('y', 0, 1, observed=y)", DATA, &["no free variables", "observed="]);
}

#[test]
fn a_discrete_free_variable_is_refused() {
    refused_above_y("mu = pm.Poisson('mu', 3)", &["model.py:4:", "`mu`", "discrete Poisson", "observe it"]);
}

#[test]
fn a_starting_value_outside_the_support_is_refused() {
    refused_above_y(
        "mu = pm.HalfNormal('mu', 1, initval=-1)",
        &["model.py:4:", "`mu`", "-1", "HalfNormal", "initval="],
    );
}

#[test]
fn an_impossible_observation_is_told_its_variable_and_row() {
    // The support ends at 2 + exp(mu), which is 3 at the start and nowhere near 900.
    refused(
        "mu = pm.Normal('mu', 0, 1)\npm.Uniform('y', 0, 2 + pm.math.exp(mu), observed=y)",
        "y\n1\n900\n0.5\n",
        &["log density of `y` is -inf at the starting point", "y[1]", "row 1", "900", "initval="],
    );
}

#[test]
fn a_log_density_that_is_not_a_number_is_told_its_variable_and_row() {
    refused(
        "mu = pm.Normal('mu', 0, 1)\npm.Normal('y', pm.math.log(x + 0 * mu), 1, observed=y)",
        "x,y\n1,1\n2,2\n-3,3\n",
        &[
            "log density of `y` is NaN at the starting point",
            "y[2]",
            "row 2",
            "logarithm of a negative number",
        ],
    );
}

#[test]
fn a_parameter_that_breaks_a_rule_at_the_start_is_told_the_rule() {
    refused(
        "mu = pm.Normal('mu', 0, 1)\npm.Normal('y', 0, mu - 5, observed=y)",
        DATA,
        &[
            "log density of `y`",
            "at the starting point",
            "Normal needs sigma > 0",
            "sigma = -",
            "pm.math.exp",
        ],
    );
}

#[test]
fn a_potential_that_is_not_finite_is_named() {
    refused(
        "mu = pm.Normal('mu', 0, 1)\npm.Potential('wall', pm.math.log(0 * mu**2))",
        DATA,
        &["log density of `wall` is -inf at the starting point", "check its expression"],
    );
}
