//! Differential equations of model files against solutions in closed form.

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

const HEAD: &str = "
import numpy as np
import pymc as pm
import pytensor.tensor as pt
times = np.array([0.5, 0.75, 2.0, 4.5, 4.5, 9.0])
seen = np.array([[2.5, 0.5, 1.2], [2.2, 0.7, 1.4], [1.1, 1.1, 1.7], [0.3, 0.6, -0.1], [0.3, 0.6, -0.2], [0.1, 0.2, 0.9]])

def slopes(y, t, p):
    return [-p[0] * y[0], p[0] * y[0] - p[1] * y[1], p[2] * np.cos(t)]

with pm.Model() as model:
    rates = pm.HalfNormal('rates', 1, shape=3, initval=[0.5, 0.9, 1.3])
    dose = pm.HalfNormal('dose', 5, initval=3.0)
";

const SOLVED: &str = "
    equation = pm.ode.DifferentialEquation(slopes, times, n_states=3, n_theta=3, t0=0.5)
    states = equation(y0=[dose, 0.2, 1.0], theta=rates)
    pm.Normal('seen', states, 0.2, observed=seen)
";

const CLOSED: &str = "
    after = times - 0.5
    first, second = pt.exp(-rates[0] * after), pt.exp(-rates[1] * after)
    between = dose * rates[0] / (rates[1] - rates[0]) * (first - second) + 0.2 * second
    swing = 1.0 + rates[2] * (np.sin(times) - np.sin(0.5))
    pm.Normal('seen', pt.stack([dose * first, between, swing], axis=1), 0.2, observed=seen)
";

fn model(text: &str) -> Result<Model, String> {
    let file = ModelFile::parse(text, "model.py").map_err(|error| error.to_string())?;
    Model::from_file(file, Dataset::empty()).map_err(|error| error.to_string())
}

#[test]
fn solutions_and_their_derivatives_agree_with_closed_forms() {
    let solved = model(&format!("{HEAD}{SOLVED}")).unwrap();
    let closed = model(&format!("{HEAD}{CLOSED}")).unwrap();
    let start = solved.initial_position().to_vec();
    for moved in [0.0, 0.3, -0.4] {
        let position: Vec<f64> =
            start.iter().enumerate().map(|(k, x)| x + moved * (1.0 + k as f64 / 7.0)).collect();
        let (a, b) = (solved.evaluate(&position).unwrap(), closed.evaluate(&position).unwrap());
        let scale = b.log_density.abs();
        assert!((a.log_density - b.log_density).abs() < 2e-8 * scale, "{} {}", a.log_density, b.log_density);
        let largest = b.gradient.iter().fold(1.0_f64, |most, g| most.max(g.abs()));
        for (a, b) in a.gradient.iter().zip(&b.gradient) {
            assert!((a - b).abs() < 5e-8 * largest, "{a} {b}");
        }
    }
}

#[test]
fn equations_that_cannot_be_solved_say_why() {
    let told = |from: &str, to: &str| {
        let text = format!("{HEAD}{SOLVED}").replace(from, to);
        assert_ne!(text, format!("{HEAD}{SOLVED}"));
        model(&text).err().unwrap_or_else(|| panic!("no error with {to}"))
    };
    for (from, to, expected) in [
        ("n_states=3", "n_states=2", "`y0` has 3 numbers, and `n_states` says 2"),
        ("n_theta=3", "n_theta=4", "`theta` has 3 numbers, and `n_theta` says 4"),
        ("t0=0.5", "t0=1.0", "the first of `times` is before `t0`"),
        (", p[2] * np.cos(t)]", "]", "gives 2 slopes for 3 states"),
        ("-p[0] * y[0], ", "y[0] ** 2, ", "grows without bounds"),
        ("-p[0] * y[0], ", "-1e9 * p[0] * (y[0] - pt.cos(t)), ", "changes too fast"),
        ("theta=rates)", "theta=rates, return_sens=True)", "leave out `return_sens`"),
        ("[0.5, 0.75,", "[0.8, 0.75,", "`times` must be numbers that increase"),
    ] {
        let seen = told(from, to);
        assert!(seen.contains(expected), "{to}: {seen}");
    }
}

#[test]
fn solvers_of_scipy_take_parameters_too() {
    let wrapped = "
    from pytensor.compile.ops import as_op
    from scipy.integrate import odeint, solve_ivp

    @as_op(itypes=[pt.dscalar, pt.dvector], otypes=[pt.dmatrix])
    def solved(dose, rates):
        return odeint(slopes, [dose, 0.2, 1.0], times, args=(rates,))

    pm.Normal('seen', solved(dose, rates), 0.2, observed=seen)
";
    let direct = "
    from scipy.integrate import solve_ivp
    solution = solve_ivp(lambda t, y: slopes(y, t, rates), (0.5, 9.0), [dose, 0.2, 1.0], t_eval=times)
    pm.Normal('seen', solution.y.T, 0.2, observed=seen)
";
    let solved = model(&format!("{HEAD}{SOLVED}")).unwrap();
    let position: Vec<f64> = solved.initial_position().iter().map(|x| x + 0.1).collect();
    let expected = solved.evaluate(&position).unwrap();
    for text in [wrapped, direct] {
        let seen = model(&format!("{HEAD}{text}")).unwrap().evaluate(&position).unwrap();
        assert!((seen.log_density - expected.log_density).abs() < 1e-9, "{}", seen.log_density);
        for (a, b) in seen.gradient.iter().zip(&expected.gradient) {
            assert!((a - b).abs() < 1e-8 * b.abs().max(1.0), "{a} {b}");
        }
    }
}
