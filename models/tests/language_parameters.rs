//! Expressions of parameters against the same expressions of data: what the captured program computes at a point must
//! be what NumPy's rules give for the numbers of that point.

use std::path::Path;

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

const DATA: &str = r#"{
    "x": [-1.25, 0.5, 2.0, -0.75, 3.5, 0.125], "p": [0.1, 0.9, 0.5, 0.3, 0.75, 0.2], "group": [2, 0, 1, 0, 2, 2],
    "m": [[1.5, -2.0], [0.25, 4.0], [-3.0, 0.5]], "cube": [[[1.5, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]
}"#;

const EXPRESSIONS: &str = "
x + p * x - 2
x // 0.3
x % 0.3
abs(x)
x ** 2
2.0 ** x
-x
p ** x
x[0]
x[-1]
x[::-1]
x[group]
x[x_data > 0]
x[4:1:-1]
m[1]
m[:, 1]
m[::-1, ::-1]
m[group, 1]
m[..., None, 0]
m.T
m.T @ m
m @ cube[0]
x @ p
cube[1, :, 0]
cube[0, :, [1, 0]]
cube[::-1, [0, 1]]
cube.sum()
cube.sum(axis=1)
cube.sum(axis=(0, 2))
cube.mean(axis=-1)
cube.mean(axis=(0, 1), keepdims=True)
cube.max(axis=1)
cube.min(axis=0)
cube.prod(axis=2)
x.prod()
x.max() - x.min()
x.std()
m.std(axis=0)
m.var(axis=1, ddof=1)
x.cumsum()
x.cumprod()
pm.math.cumsum(m, axis=0)
m.cumprod(axis=1)
pytensor.scan(decay, sequences=x, outputs_info=p[0])[0]
pytensor.scan(decay, m, m[0], go_backwards=True, n_steps=2)[0] + cube[0]
pytensor.scan(decay, [dict(input=x, taps=[-1])], [dict(initial=p[:2], taps=[-2])], return_updates=False)
pytensor.scan(decay, sequences=[x, p])[0]
pt.diff(x)
pm.math.logsumexp(x)
pm.math.logsumexp(m, axis=1)
pm.math.softmax(x)
pm.math.log_softmax(m, axis=1)
(cube + 1).reshape(6, 2)
(2 * cube).reshape(-1, 4)
(cube - p[0]).flatten()
x[pt.argmax(x)]
x[pt.cast(pt.floor(4 * p), \"int64\")]
pt.horizontal_stack(m, 2 * m)
pt.vertical_stack(m, cube[0])
pt.atleast_1d(p[0])
pt.atleast_3d(m)
pt.alloc(p[0], 2, 3)
pt.linspace(p[0], x[4], 5)
pt.switch(pt.all(m > -5), 1.0, 0.0)
pt.switch(pt.any(m > 1, axis=0), 1.0, 0.0)
m.transpose(1, 0)
cube.transpose(2, 0, 1)
cube.mT
pt.switch(pt.isclose(x, 0.5), 1.0, 0.0)
pt.nan_to_num(x)
pt.expand_dims(x, (0, 2))
pt.moveaxis(cube, [0, 1], [1, 0])
pt.diagonal(m, offset=1)
pt.tri_gamma(p)
pt.polygamma(1, 10 * p)
x.norm(2)
pt.matvec(m, x[:2])
pt.vecmat(x[:3], m)
pt.max_and_argmax(x)[0]
pt.shape(m) * p[0]
x.zeros_like() + p.ones_like()
pt.sum(m, axis=0, dtype=\"float64\")
pm.math.stack([x, p], axis=1)
pm.math.stack([x[0], 1.0, p[1]])
pm.math.concatenate([x, [0.0, 1.0], p])
pt.concatenate([m, m], axis=1)
pt.outer(x, p)
pt.repeat(x, 2)
pt.tile(m, (1, 2))
pt.diag(x)
pm.math.broadcast_to(x[:2], (3, 2))
pm.math.exp(x) + pm.math.log(p) + pm.math.sqrt(p) + pm.math.sqr(x)
pm.math.logit(p) + pm.math.invlogit(x) + pm.math.log1pexp(x)
pm.math.logaddexp(x, p)
pm.math.log1mexp(-p)
pm.math.erf(x) + pm.math.erfc(p)
pm.math.invprobit(x)
pt.log2(p) + pt.log10(p)
pt.gammaln(p + 1)
pm.math.floor(x) + pm.math.ceil(p) + pm.math.round(x) + pm.math.sgn(x)
pm.math.maximum(x, p) + pm.math.minimum(x, 0.2)
pm.math.clip(x, -1, 1)
pm.math.switch(x > 0, x, p)
pm.math.where(x_data > 0, x, -1.0)
pm.math.switch(pm.math.and_(x > 0, p < 0.6), 1.0, 0.0)
(x > 0) * p
x.clip(0, 1)
x.round()
sum([x[i] * p[i] for i in range(3)])
np.exp(x) * np.abs(p) + np.where(x > 0, x, 0)
np.array([x[0], p[1], 2.0])
pt.zeros(3) + x[:3]
[v * 2 for v in p]
np.arcsin(p) + np.arccos(p) * np.arctanh(p)
np.arcsinh(x) + np.arccosh(p + 1)
np.arctan2(x, p - 0.5)
np.trunc(x)
np.sinc(x)
np.heaviside(x, 0.5)
np.roll(x, 2) + np.flip(p)
np.take(m, [2, 0], axis=0)
np.pad(x, (1, 2), constant_values=0.5)
np.append(x, p[:2])
np.delete(x, [0, 2])
np.insert(x, 1, p[0])
np.select([x_data < 0, x_data < 1], [x, p], default=-1)
pt.split(x, [2, 4], n_splits=2)[1]
np.moveaxis(cube, 0, -1)
np.einsum('ij,kj->ik', m, m)
np.einsum('abc,bc->a', cube, cube[0])
np.tensordot(cube, m[:2], axes=1)
pt.batched_dot(cube, cube)
cube @ m[:2]
cube @ p[:2]
cube @ cube
np.convolve(x, p[:3])
np.convolve(x, p[:3], 'valid')
np.maximum.accumulate(x)
np.add.reduce(m, axis=0)
np.linalg.norm(m, axis=1)
np.linalg.matrix_power(m[:2], 3)
np.linalg.eigvalsh(m @ m.T + np.outer(x[:3], x[:3]))
pt.linalg.eigh(m.T @ m)[1] ** 2
np.linalg.eigh(cube[:, :, 0] @ cube[:, :, 0].T + np.diag(p[:3]))[0]
(np.linalg.eigh(np.outer(x, p) + np.outer(p, x) + np.diag(p))[1] * p) @ np.linalg.eigh(np.outer(x, p) + np.outer(p, x) + np.diag(p))[1].T
np.linalg.eigvalsh(m[:1] @ m[:1].T)
np.linalg.eigvalsh(np.stack([cube[0], cube[2]]))
np.linalg.svd(m, compute_uv=False)
pt.linalg.svd(np.outer(x, p) + cube.reshape(6, 2) @ np.ones((2, 6)), full_matrices=False)[1][:3]
(np.linalg.svd(m.T, full_matrices=False)[0] * p[:2]) @ np.linalg.svd(m.T, full_matrices=False)[2]
scipy.linalg.svdvals(x[:, None] * np.array([1.0, 2.0]) + p[:, None] * np.array([[0.5, 0.1]]))
np.linalg.pinv(m)
pt.linalg.pinv(m.T)
scipy.linalg.toeplitz(x[:3])
np.polyval([1.0, x[0], 2.0], p)
np.average(x, weights=p)
special.xlogy(p, p) + special.boxcox(p, 0.5)
";

#[test]
fn expressions_of_parameters_agree_with_those_of_data() {
    let data = Dataset::from_json(Path::new("data.json"), DATA).unwrap();
    let expressions: Vec<&str> = EXPRESSIONS.trim().lines().collect();
    let mut source = String::from(
        "import numpy as np\nimport pymc as pm\nimport pytensor\nimport scipy.linalg\nfrom scipy import special\nimport pytensor.tensor as pt\n\
         def decay(v, s):\n    return v + 0.5 * s\nx_data = x\nwith pm.Model():\n    \
         a = pm.Normal('a', shape=6, initval=x)\n    b = pm.Beta('b', 2, 2, shape=6, initval=p)\n    \
         c = pm.Normal('c', shape=(3, 2), initval=m)\n    d = pm.HalfNormal('d', shape=(3, 2, 2), initval=cube)\n",
    );
    for (k, expression) in expressions.iter().enumerate() {
        source += &format!(
            "    def f{k}(x, p, m, cube):\n        return np.array({expression})\n    \
             pm.Data('expected{k}', f{k}(x, p, m, cube))\n    pm.Deterministic('seen{k}', f{k}(a, b, c, d))\n"
        );
    }
    let file = ModelFile::parse(&source, "parameters.py").unwrap();
    let model = Model::from_file(file, data).unwrap_or_else(|error| panic!("{error}"));
    let layout = model.draw_layout().unwrap();
    let draw = layout.draws(model.initial_position(), 1);
    let mut wrong = Vec::new();
    for (variable, row) in &layout.variables {
        let Some(k) = variable.name.strip_prefix("seen") else { continue };
        let expected = model.data(&format!("expected{k}")).unwrap();
        let seen = &draw[*row..*row + expected.len()];
        let close = seen
            .iter()
            .zip(expected.as_data().unwrap().iter())
            .all(|(a, b)| (a - b).abs() < 1e-12 * (1.0 + b.abs()));
        if variable.shape != expected.shape() || !close {
            let text = expressions[k.parse::<usize>().unwrap()];
            wrong.push(format!(
                "{text}\n  parameters {:?} {seen:?}\n  data {:?} {:?}",
                variable.shape,
                expected.shape(),
                expected.as_data()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_deterministic_may_repeat_another_variable() {
    let source = "import pymc as pm\nwith pm.Model():\n    a = pm.Normal('a', 0.5, 1, shape=(2, 2))\n    \
                  pm.Deterministic('same', a)\n    pm.Deterministic('flat', a.flatten())\n    \
                  pm.Deterministic('known', 2.0)\n";
    let file = ModelFile::parse(source, "same.py").unwrap();
    let model = Model::from_file(file, Dataset::empty()).unwrap();
    let layout = model.draw_layout().unwrap();
    let names: Vec<&str> = layout.variables.iter().map(|(variable, _)| variable.name.as_str()).collect();
    assert_eq!(names, ["a", "same", "flat", "known"]);
    let draw = layout.draws(model.initial_position(), 1);
    assert_eq!(draw[..4], draw[4..8]);
    assert_eq!(draw[..4], draw[8..12]);
    assert_eq!(draw[12], 2.0);
}

#[test]
fn arrays_know_the_name_under_which_they_were_declared() {
    let source = "import pymc as pm\nimport numpy as np\nfrom pytensor.tensor import set_subtensor\n\
                  def differences(var):\n    for i in range(2):\n        \
                  pm.Deterministic(f'{var.name}[{i}] - {var.name}[2]', var[i] - var[2])\n\
                  rows = {}\nfor key, x in [('a', 1.0), ('b', 5.0), ('a', 2.0)]:\n    \
                  rows.setdefault(key, []).append(x)\n\
                  with pm.Model():\n    mu = pm.Normal('mu', np.array([0.5, 1, 2]), 1, shape=3)\n    \
                  differences(mu)\n    mine = set_subtensor(mu[0], 7.0)\n    \
                  pm.Deterministic('mine', mine)\n    pm.Deterministic('rows', rows['a'] + mu[:2])\n    \
                  pm.Deterministic('nameless', mu[0] * 0 + float((mu * 2).name is None))\n";
    let file = ModelFile::parse(source, "names.py").unwrap();
    let model = Model::from_file(file, Dataset::empty()).unwrap();
    let layout = model.draw_layout().unwrap();
    let names: Vec<&str> = layout.variables.iter().map(|(variable, _)| variable.name.as_str()).collect();
    assert_eq!(names, ["mu", "mu[0] - mu[2]", "mu[1] - mu[2]", "mine", "rows", "nameless"]);
    let draw = layout.draws(model.initial_position(), 1);
    assert_eq!(draw, [0.5, 1.0, 2.0, -1.5, -1.0, 7.0, 1.0, 2.0, 1.5, 3.0, 1.0]);
}

/// The values of the first and second variable where sampling starts.
fn starts(source: &str) -> Vec<f64> {
    let file = ModelFile::parse(source, "starts.py").unwrap();
    let model = Model::from_file(file, Dataset::empty()).unwrap();
    model.draw_layout().unwrap().draws(model.initial_position(), 1)
}

#[test]
fn chains_start_where_the_call_of_sample_says() {
    let file = |initvals: &str| {
        format!(
            "import numpy as np\nimport pymc as pm\nrng = np.random.default_rng(3)\nwith pm.Model():\n    \
             a = pm.Normal('a', 0, 1, initval=0.5)\n    b = pm.HalfNormal('b', 1)\n    \
             pm.Deterministic('noise', a * 0 + rng.normal())\n    pm.sample(initvals={initvals})\n"
        )
    };
    let plain = starts(&file("None"));
    assert_eq!(plain[..2], [0.5, 1.0]);
    let given = starts(&file("{'b': 3.0, 'a': np.sqrt(4.0)}"));
    assert!((given[0] - 2.0).abs() < 1e-12 && (given[1] - 3.0).abs() < 1e-12, "{given:?}");
    // Drawn below the model: what the model draws itself comes first.
    let drawn = starts(&file("{'a': rng.normal(), 'b': 3.0}"));
    assert!((drawn[1] - 3.0).abs() < 1e-12 && drawn[0] == 0.5 && drawn[2] == plain[2], "{drawn:?}");
}
