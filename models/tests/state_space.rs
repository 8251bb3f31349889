//! State-space models against pymc_extras (`reference/state_space.py`), and what wrong ones say.

use std::collections::HashMap;

use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError, Role};
use serde_json::Value as Json;

/// Relative, of log densities and gradients.
const TOLERANCE: f64 = 1e-9;
/// Relative, of states and covariances, to which the filter adds some 1e-8 at every step.
const FOUND: f64 = 1e-7;

fn model(source: &str) -> Result<Model, ModelError> {
    let file = ModelFile::parse(source, "model.py").map_err(Box::new)?;
    Model::from_file(file, Dataset::default())
}

fn log_density(source: &str) -> Result<f64, ModelError> {
    let model = model(source)?;
    Ok(model.evaluate(model.initial_position())?.log_density)
}

fn references() -> Vec<Json> {
    serde_json::from_str(include_str!("data/state_space.json")).unwrap()
}

fn close(seen: f64, expected: f64, tolerance: f64, scale: f64) -> bool {
    (seen - expected).abs() <= tolerance * scale.abs().max(1.0)
}

/// Lists by name; what has no number is NaN.
fn lists(object: &Json) -> HashMap<String, Vec<f64>> {
    let numbers =
        |list: &Json| list.as_array().unwrap().iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect();
    object.as_object().unwrap().iter().map(|(name, list)| (name.clone(), numbers(list))).collect()
}

#[test]
fn densities_names_and_dims_are_those_of_pymc_extras() {
    let models = references();
    assert!(models.len() > 50);
    let mut wrong = Vec::new();
    for expected in models {
        let (name, source) = (expected["name"].as_str().unwrap(), expected["source"].as_str().unwrap());
        let density = expected["log_density"].as_f64().unwrap();
        match log_density(source) {
            Ok(seen) if close(seen, density, TOLERANCE, density) => {}
            Ok(seen) => wrong.push(format!("{name}: {seen} against {density}")),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn gradients_and_what_is_found_are_those_of_pymc_extras() {
    let mut wrong = Vec::new();
    let (mut compared, mut kept) = (0, 0);
    for expected in references() {
        let (name, source) = (expected["name"].as_str().unwrap(), expected["source"].as_str().unwrap());
        for point in expected["points"].as_array().into_iter().flatten() {
            compared += 1;
            let model = model(source).unwrap_or_else(|error| panic!("{name}: {error}"));
            let position = model.position_of(lists(&point["position"])).unwrap();
            let here = model.evaluate(&position).unwrap();
            let density = point["log_density"].as_f64().unwrap();
            if !close(here.log_density, density, TOLERANCE, density) {
                wrong.push(format!("{name}: {} against {density}", here.log_density));
            }
            let gradient = lists(&point["gradient"]);
            let largest = gradient.values().flatten().fold(1.0_f64, |m, g| m.max(g.abs()));
            for variable in model.free_variables() {
                let Role::Free { offset, .. } = variable.role else { continue };
                for (k, &expected) in gradient[&variable.value_name()].iter().enumerate() {
                    let seen = here.gradient[offset + k];
                    if !close(seen, expected, TOLERANCE, largest) {
                        wrong.push(format!(
                            "{name}: gradient of {}: {seen} against {expected}",
                            variable.element(k)
                        ));
                    }
                }
            }
            let found = lists(&point["found"]);
            if found.is_empty() {
                continue;
            }
            let layout = model.draw_layout().unwrap();
            let draw = layout.draws(&position, 1);
            for (variable, start) in &layout.variables {
                let Some(values) = found.get(&variable.name) else { continue };
                kept += 1;
                let dims: Vec<&str> = expected["dims"][&variable.name]
                    .as_array()
                    .unwrap()
                    .iter()
                    .flat_map(Json::as_str)
                    .collect();
                assert_eq!(variable.dims, dims, "{name}: {}", variable.name);
                assert_eq!(variable.len(), values.len(), "{name}: {}", variable.name);
                for (k, &value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                    if !close(draw[start + k], value, FOUND, value) {
                        wrong.push(format!(
                            "{name}: {}: {} against {value}",
                            variable.element(k),
                            draw[start + k]
                        ));
                    }
                }
            }
        }
    }
    assert!(compared > 40 && kept > 90, "{compared} points, {kept} of what is found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HEAD: &str = "import numpy as np\nimport pymc as pm\nimport pytensor.tensor as pt\n\
                    from pymc_extras.statespace import BayesianETS, BayesianSARIMAX, BayesianVARMAX, structural as st\n\
                    from pymc_extras.statespace.models.DFM import BayesianDynamicFactor\n\
                    from pymc_extras.statespace.core import PyMCStateSpace\n\
                    y = np.sin(np.arange(20.0))[:, None]\n";

/// A model of an autoregression of order 1, with `lines` of its own.
fn autoregression(lines: &str) -> String {
    format!("{HEAD}ss = BayesianSARIMAX(order=(1, 0, 0))\nwith pm.Model(coords=ss.coords) as model:\n{lines}")
}

#[test]
fn wrong_models_are_told_what_they_lack() {
    let of_ar = "    pm.Uniform('ar_params', -1, 1, dims='lag_ar')\n";
    let whole = format!("{of_ar}    pm.HalfNormal('sigma_state')\n");
    let build = |data: &str| format!("    ss.build_statespace_graph({data})\n");
    let call = |call: &str| {
        format!("{HEAD}ss = {call}\nwith pm.Model(coords=ss.coords) as model:\n    pm.Normal('a')\n")
    };
    let factors = |states: usize, has_data: bool| {
        let exogenous = if has_data { "    pm.Data('exog_data', y)\n" } else { "" };
        format!(
            "{HEAD}ss = BayesianDynamicFactor(1, 1, ['a'], exog_names=['u'])\n\
             with pm.Model(coords=ss.coords) as model:\n    pm.Normal('x0', shape={states})\n    \
             pm.Deterministic('P0', np.eye(2))\n    pm.Normal('factor_loadings', shape=(1, 1))\n    \
             pm.Normal('factor_ar', shape=(1, 1))\n    pm.HalfNormal('error_sigma', shape=1)\n    \
             pm.Normal('beta', shape=1)\n{exogenous}{}",
            build("y")
        )
    };
    let cases = [
        (
            autoregression(&format!("{of_ar}    pm.HalfNormal('sigma')\n{}", build("y"))),
            "does not have: sigma_state",
        ),
        (autoregression(&format!("{whole}{}", build("y[:, 0]"))), "the data have the shape (20,)"),
        (
            autoregression(&format!("{whole}{}", build("np.hstack([y, y])"))),
            "the model has 1 observed series",
        ),
        (
            autoregression(&format!(
                "    pm.Normal('ar_params', shape=2)\n    pm.HalfNormal('sigma_state')\n{}",
                build("y")
            )),
            "`ar_params` has the shape (2,) in the model; this needs (1,)",
        ),
        (call("BayesianSARIMAX(order=(1, 0))"), "`order` has 3 parts, (p, d, q); this one has 2"),
        (call("BayesianSARIMAX(order=(1, 1, 0))"), "`stationary_initialization=False`"),
        (call("BayesianVARMAX(order=(1, 0, 0), endog_names=['a'])"), "`order` has 2 parts"),
        (call("BayesianVARMAX(order=(1, 0))"), "`endog_names` is needed"),
        (call("BayesianETS(order=('M', 'N', 'N'), endog_names=['a'])"), "not ('M', 'N', 'N')"),
        (call("BayesianSARIMAX(order=(1, 0, 0), filter_type='steady_state')"), "one of standard, univariate"),
        (call("BayesianDynamicFactor(1, 1)"), "`endog_names` is needed"),
        (call("BayesianDynamicFactor(0, 1, ['a'])"), "`k_factors` is 1 or more, not 0"),
        (call("BayesianDynamicFactor(1, -1, ['a'])"), "`factor_order` is 0 or more, not -1"),
        (
            call("BayesianDynamicFactor(1, 1, ['a'], error_cov_type='full')"),
            "`error_cov_type` is scalar, diagonal or unstructured, not full",
        ),
        (
            call("BayesianDynamicFactor(1, 1, ['a'], error_cov_type='unstructured')"),
            "write an `error_order` of 1 or more",
        ),
        (call("BayesianDynamicFactor(1, 1, ['a'], filter_type='standard')"), "`filter_type`"),
        (factors(2, true), "`x0` has the shape (2,) in the model; this needs (1,)"),
        (factors(1, false), "does not have: exog_data"),
        (call("st.TimeSeasonality(season_length=4, duration=2)"), "`duration` is not supported"),
        (call("(st.LevelTrend() + st.LevelTrend()).build()"), "components of a sum have names of their own"),
        (
            format!(
                "{HEAD}class Own(PyMCStateSpace):\n    def make_symbolic_graph(self):\n        \
                 self.ssm['transitions', 0, 0] = 1\nss = Own(1, 1, 1)\nwith pm.Model() as model:\n    \
                 pm.Normal('a')\n{}",
                build("y")
            ),
            "there is no matrix `transitions`",
        ),
        (
            format!(
                "{HEAD}class Own(PyMCStateSpace):\n    def make_symbolic_graph(self):\n        \
                 self.ssm['design'] = np.ones((2, 2))\nss = Own(1, 1, 1)\nwith pm.Model() as model:\n    \
                 pm.Normal('a')\n{}",
                build("y")
            ),
            "the matrix `design` has the shape (1, 1), and is given one of (2, 2)",
        ),
    ];
    for (source, part) in cases {
        let error =
            log_density(&source).err().unwrap_or_else(|| panic!("no error in:\n{source}")).to_string();
        assert!(error.contains(part), "`{part}` is not in: {error}");
    }
}

#[test]
fn what_follows_the_model_is_passed_over() {
    let whole = "    pm.Uniform('ar_params', -1, 1, dims='lag_ar')\n    pm.HalfNormal('sigma_state')\n    \
                 ss.build_statespace_graph(y, mode='JAX')\n    idata = pm.sample()\n    \
                 prior = ss.sample_unconditional_prior(idata)\n\
                 posterior = ss.sample_conditional_posterior(idata)\nforecasts = ss.forecast(idata, periods=10)\n\
                 responses = ss.impulse_response_function(idata, n_steps=10)\n";
    assert!(log_density(&autoregression(whole)).unwrap().is_finite());
}

#[test]
fn what_the_filter_finds_is_kept_where_it_is_asked_for() {
    let source = autoregression(
        "    pm.Uniform('ar_params', -1, 1, dims='lag_ar')\n    pm.HalfNormal('sigma_state')\n    \
         ss.build_statespace_graph(y, save_kalman_filter_outputs_in_idata=True)\n",
    );
    let model = model(&source).unwrap();
    let layout = model.draw_layout().unwrap();
    let kept: Vec<&str> = layout.variables.iter().map(|(variable, _)| variable.name.as_str()).collect();
    for name in
        ["predicted_states", "filtered_states", "predicted_observed_covariances", "smoothed_covariances"]
    {
        assert!(kept.contains(&name), "{kept:?}");
    }
}

#[test]
fn a_transition_of_every_time_is_smoothed_as_one_of_all() {
    let source = |transition: &str| {
        format!(
            "{HEAD}y[3] = np.nan\nclass Own(PyMCStateSpace):\n    def make_symbolic_graph(self):\n        \
             self.ssm['transition'] = {transition}\n        self.ssm['design', 0, :] = [1.0, 0.5]\n        \
             self.ssm['selection', 0, 0] = 1\n        self.ssm['state_cov', 0, 0] = 1\n        \
             self.ssm['obs_cov', 0, 0] = 0.3\n        self.ssm['state_intercept', :] = [0.2, 0.1]\n        \
             self.ssm['initial_state_cov', :, :] = np.eye(2)\nss = Own(1, 2, 1)\n\
             with pm.Model() as model:\n    a = pm.Normal('a', 0.4, 1)\n    \
             ss.build_statespace_graph(y, save_kalman_filter_outputs_in_idata=True)\n"
        )
    };
    let rows = "pt.stack([pt.stack([a, 0.3]), pt.stack([1.0, 0.0])])";
    let found = [rows.to_owned(), format!("{rows}[None] * np.ones((20, 1, 1))")].map(|transition| {
        let model = model(&source(&transition)).unwrap();
        model.draw_layout().unwrap().draws(&[0.4], 1)
    });
    assert_eq!(found[0].len(), found[1].len());
    assert!(found[0].len() > 20 * 16);
    for (of_all, of_each) in found[0].iter().zip(&found[1]) {
        assert!(close(*of_each, *of_all, 1e-12, 1.0), "{of_each} against {of_all}");
    }
}
