//! State-space models against pymc_extras (`reference/state_space.py`), and what wrong ones say.

use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError};
use serde_json::Value as Json;

fn model(source: &str) -> Result<Model, ModelError> {
    let file = ModelFile::parse(source, "model.py").map_err(Box::new)?;
    Model::from_file(file, Dataset::default())
}

fn log_density(source: &str) -> Result<f64, ModelError> {
    let model = model(source)?;
    Ok(model.evaluate(model.initial_position())?.log_density)
}

#[test]
fn densities_names_and_dims_are_those_of_pymc_extras() {
    let models: Json = serde_json::from_str(include_str!("data/state_space.json")).unwrap();
    let models = models.as_array().unwrap();
    assert!(models.len() > 30);
    let mut wrong = Vec::new();
    for expected in models {
        let (name, source) = (expected["name"].as_str().unwrap(), expected["source"].as_str().unwrap());
        let density = expected["log_density"].as_f64().unwrap();
        match log_density(source) {
            Ok(seen) if (seen - density).abs() <= 1e-9 * density.abs().max(1.0) => {}
            Ok(seen) => wrong.push(format!("{name}: {seen} against {density}")),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HEAD: &str = "import numpy as np\nimport pymc as pm\nimport pytensor.tensor as pt\n\
                    from pymc_extras.statespace import BayesianETS, BayesianSARIMAX, BayesianVARMAX, structural as st\n\
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
    for name in ["predicted_states", "filtered_states", "predicted_observed_covariances"] {
        assert!(kept.contains(&name), "{kept:?}");
    }
}
