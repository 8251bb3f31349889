//! Operations that a file writes for PyTensor, against the same computed directly.

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

const HEAD: &str = "
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
from pytensor.compile.ops import as_op
from pytensor.graph import Apply, Op

x = np.array([0.5, 1.0, 3.0])
y = np.array([0.4, 0.9, 2.2])

def density(a, b, x, y):
    return -0.5 * (y - a * x - b) ** 2

class Density(Op):
    def make_node(self, a, b, x, y):
        a, b, x, y = [pt.as_tensor(part) for part in (a, b, x, y)]
        return Apply(self, [a, b, x, y], [y.type()])

    def perform(self, node, inputs, outputs):
        outputs[0][0] = np.asarray(density(*inputs))

    def grad(self, inputs, given):
        raise NotImplementedError('the derivatives are those of what is computed')

class Sum(pt.Op):
    itypes = [pt.dvector, pt.dscalar]
    otypes = [pt.dscalar, pt.dvector]

    def __init__(self, x):
        self.x = x

    def perform(self, node, inputs, outputs):
        rates, scale = inputs
        total, parts = outputs
        parts[0] = scale * rates
        total[0] = np.sum(self.x) * scale

@as_op(itypes=[pt.dscalar, pt.dscalar], otypes=[pt.dvector])
def line(a, b):
    return [a * at + b for at in x]

@pytensor.compile.ops.wrap_py([pt.dscalar], [pt.dscalar, pt.dscalar])
def powers(a):
    return a**2, a**3

with pm.Model() as model:
    a = pm.Normal('a', initval=0.3)
    b = pm.Normal('b', initval=-0.2)
";

fn model(text: &str) -> Result<Model, String> {
    let file = ModelFile::parse(&format!("{HEAD}{text}"), "model.py").map_err(|error| error.to_string())?;
    Model::from_file(file, Dataset::empty()).map_err(|error| error.to_string())
}

#[test]
fn operations_compute_what_they_say_with_its_derivatives() {
    for (written, direct) in [
        ("pm.Potential('p', Density()(a, b, x, y))", "pm.Potential('p', density(a, b, x, y))"),
        (
            "pm.CustomDist('y', a, b, x, logp=lambda y, a, b, x: Density()(a, b, x, y), observed=y)",
            "pm.CustomDist('y', a, b, x, logp=lambda y, a, b, x: density(a, b, x, y), observed=y)",
        ),
        (
            "total, parts = Sum(x)(pt.stack([a, b]), b)\n    pm.Potential('p', total + pt.sum(parts))",
            "pm.Potential('p', 4.5 * b + b * (a + b))",
        ),
        ("pm.Normal('y', line(a, b), 1, observed=y)", "pm.Normal('y', a * x + b, 1, observed=y)"),
        ("pm.Potential('p', pt.sum(powers(a)))", "pm.Potential('p', a**2 + a**3)"),
    ] {
        let [written, direct] = [written, direct].map(|text| {
            let model = model(&format!("    {text}\n")).unwrap_or_else(|told| panic!("{text}: {told}"));
            let position: Vec<f64> = model.initial_position().iter().map(|x| x + 0.25).collect();
            model.evaluate(&position).unwrap()
        });
        assert!((written.log_density - direct.log_density).abs() < 1e-13);
        for (a, b) in written.gradient.iter().zip(&direct.gradient) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
}

#[test]
fn operations_that_say_too_little_are_told() {
    for (text, expected) in [
        (
            "class Bare(Op):\n        def perform(self, node, inputs, outputs):\n            outputs[0][0] = 1.0\n    \
             pm.Potential('p', Bare()(a))",
            "by `otypes`, or by `make_node`",
        ),
        (
            "class Empty(Op):\n        otypes = [pt.dscalar]\n        def perform(self, node, inputs, outputs):\n            \
             return\n    pm.Potential('p', Empty()(a))",
            "puts what it computes into `outputs`",
        ),
        (
            "@as_op(itypes=[pt.dscalar], otypes=[pt.dscalar])\n    def sign(a):\n        if a > 0:\n            return a\n        \
             return -a\n    pm.Potential('p', sign(a))",
            "a condition must be known from the data",
        ),
        ("pm.Potential('p', pt.vector('v') + a)", "numbers are needed"),
    ] {
        let told = model(&format!("    {text}\n")).err().unwrap_or_else(|| panic!("no error with {text}"));
        assert!(told.contains(expected), "{text}: {told}");
    }
}
