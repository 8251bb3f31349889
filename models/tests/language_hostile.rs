//! Hostile and broken model files end soon in an error, and nothing panics.

use std::path::Path;
use std::time::Instant;

use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;
use chainfire_models::{Model, ModelError};

fn run(source: &str) -> Result<Model, ModelError> {
    let table = "county,floor,radon,gaps,when\nA,0,1.5,,mon\nB,1,0.5,2.5,\nA,1,2.5,1.0,tue\n";
    let file = ModelFile::parse(source, "model.py").map_err(Box::new)?;
    Model::from_file(file, Dataset::from_csv(Path::new("radon.csv"), table).unwrap())
}

/// Sources that would take for ever, all memory or the whole stack.
#[test]
fn hostile_files_end_soon_in_an_error() {
    let nested =
        |open: &str, close: &str, depth: usize| format!("x = {}1{}", open.repeat(depth), close.repeat(depth));
    let mut sources = vec![
        nested("(", ")", 100_000),
        nested("[", "]", 150),
        nested("-", "", 100_000),
        nested("not ", "", 50_000),
        nested("lambda: ", "", 50_000),
        nested("lambda a, b: ", "", 50_000),
        nested("f\"{", "}\"", 90),
        format!("x = 1{}", " + 1".repeat(200_000)),
        format!("x = 2{}", " ** 2".repeat(900)),
        format!("x = a{}", ".b".repeat(100_000)),
        format!("x = a{}", "[0]".repeat(100_000)),
        format!("x = a{}", "()".repeat(100_000)),
        format!("x = 1{}", " if 1 else 1".repeat(50_000)),
        nested("-", "", 1_900),
        nested("not ", "", 1_900),
        format!("x = a{}", ".b".repeat(990)),
        format!("x = a{}", "[0]".repeat(600)),
        format!("x = a{}", "()".repeat(900)),
        format!("x = 1{}", " if 1 else 1".repeat(450)),
        format!("{}x = 1", (0..300).map(|k| format!("{}if 1:\n", " ".repeat(k))).collect::<String>()),
        "x = range(10**15)\nfor i in x:\n    pass".into(),
        "x = list(range(10**9))".into(),
        "import numpy as np\nx = np.zeros(10**12)".into(),
        "import numpy as np\nx = np.zeros((10**10, 10**10, 10**10))".into(),
        "import numpy as np\nx = np.eye(10**6)".into(),
        "import numpy as np\nx = np.arange(0, 1, 1e-15)".into(),
        "import numpy as np\nx = np.repeat([1, 2], 10**10)".into(),
        "import numpy as np\nx = np.tile([1, 2], 10**10)".into(),
        "import numpy as np\na = np.arange(4000000)\nx = a[:, None] * a".into(),
        "import numpy as np\na = np.zeros((4000, 4000))\nx = a @ a".into(),
        "import numpy as np\na = np.zeros(4000, dtype=int)\nx = np.arange(9)[a[:, None, None] + a[:, None] + a]".into(),
        "import numpy as np\na = np.zeros(4000, dtype=int)\nx = a[a][a[:, None], None][:, a]".into(),
        "while True:\n    ().__init__()".into(),
        "import numpy as np\nimport pandas as pd\nx = np.arange(60) % 9\nwhile True:\n    a, b = pd.factorize(x, sort=True)".into(),
        "import numpy as np\nimport pymc as pm\nX = np.arange(30.0)[:, None]\nwhile True:\n    \
         L = pm.gp.hsgp_approx.set_boundary(X, 1.5)".into(),
        "import pandas as pd\nx = pd.Series([1.0, 2.0], index=())".into(),
        "import numpy as np\na = np.arange(2000.0)\nwhile True:\n    b = np.round(a * 2)".into(),
        "import numpy as np\na = np.arange(200.0)\nwhile True:\n    b = np.round(a * 2 + a[:, None])".into(),
        "import numpy as np\na = np.arange(1000000)\nfor i in range(100000):\n    s = a.sum()".into(),
        "import numpy as np\na = np.arange(1000000)\nfor i in range(100000):\n    s = np.sort(a)".into(),
        "x = [0] * 10**12".into(),
        "import numpy as np\nx = np.repeat(county, 10**7)".into(),
        "x = county[[0] * 900000]\nx = county[[0] * 900000]".into(),
        "x = [] * 10**12\nx = [x] * 10**9".into(),
        "x = 'ab'\nfor i in range(100):\n    x = x + x".into(),
        "x = [1]\nfor i in range(100):\n    x = x + x".into(),
        "x = []\nfor i in range(100000):\n    x = [x]".into(),
        "import pymc as pm\nwhile True:\n    pm.Model()\nwith pm.Model():\n    pm.Normal('a')".into(),
        "import pymc as pm\nx = []\nfor i in range(60):\n    x = [x, x]\nwith pm.Model():\n    pm.Normal('a', x, 1)".into(),
        "import pymc as pm\nwhile True:\n    with pm.Model(coords={'a': range(100)}) as m:\n        pm.Normal('a')".into(),
        "x = []\nfor i in range(100000):\n    a = [[]]\n    a[0].append(x)\n    x = a".into(),
        "x = []\nfor i in range(60):\n    x = [x, x]\ny = x == x".into(),
        "import numpy as np\nx = [1]\nfor i in range(60):\n    x = [x, x]\ny = np.array(x)".into(),
        "def f(n):\n    return f(n)\nf(1)".into(),
        "def f(n):\n    return f(n - 1) + f(n - 1) if n > 0 else 1\nf(50)".into(),
        "x = [i for i in range(1000) for j in range(1000) for k in range(1000)]".into(),
        "import pymc as pm\nwith pm.Model():\n    a = pm.Normal('a')\n    for i in range(500000):\n        a = a + 1".into(),
        "import numpy as np\nx = np.zeros(1000000)\ny = x[1:]\nwhile True:\n    x[0] = 1".into(),
        "import numpy as np\nx = np.zeros(1000000)\ny = x[1:]\nwhile True:\n    y[0] = 1".into(),
        "import numpy as np\nx = np.zeros(9)\nwhile True:\n    y = x[1:]\n    x[0] = 1".into(),
        "import numpy as np\nx = []\nfor i in range(60):\n    x = [x, x]\nwhile True:\n    x.append(a)".into(),
        "l = []\nx = []\nfor i in range(60):\n    x = [x, x]\nwhile True:\n    l.append(a)\n    l = []".into(),
        "x = []\nwhile True:\n    y = [x]\n    x.append(y)".into(),
        "inner = []\nroot = [inner]\nwhile True:\n    new = []\n    inner.append(new)\n    inner = new".into(),
        "x = []\ny = x\nwhile True:\n    x.append(1)".into(),
        "d = {}\ne = d\nwhile True:\n    e['a'] = d.copy()\n    d = e".into(),
        "l = [1]\nfor x in l:\n    l.append(x)".into(),
        "big = [[k] for k in range(20000)]\nx = []\ndef add(l):\n    l.append(1)\nwhile True:\n    add(x)".into(),
        "import numpy as np\nbig = [np.zeros(3) for k in range(20000)]\nx = np.zeros(3)\nwhile True:\n    y = x\n    y[0] = 1\n    x = y".into(),
        "import numpy as np\nwhile True:\n    x = np.random.RandomState(42)".into(),
        "import numpy as np\nwhile True:\n    np.random.seed(42)".into(),
        "import numpy as np\nwhile True:\n    x = np.random.default_rng(42)".into(),
        "import numpy as np\nfrom collections import defaultdict\nd = defaultdict(lambda: np.zeros(10**6))\nk = 0\nwhile True:\n    \
         d[k][0] = 1\n    k += 1".into(),
        "from collections import defaultdict\nx = []\nfor i in range(60):\n    x = [x, x]\nd = defaultdict(lambda: x)\nk = \
         0\nwhile True:\n    d[k].append(1)\n    k += 1".into(),
        "while True:\n    from patsy import A".into(),
        "from scipy import stats\nwhile True:\n    x = stats.truncnorm.ppf([0.1, 0.9], -1, 2)".into(),
        "from scipy import stats\nimport pymc as pm\nx = stats.hypergeom(50, 80, 45).rvs(9, random_state=1)\nwith pm.Model():\n    pm.Normal('a', x, 1)".into(),
        "import numpy as np\nimport pymc as pm\nx = np.random.default_rng(1).hypergeometric(1e17, 1e17, 1e16)\nwith pm.Model():\n    pm.Normal('a', x, 1)".into(),
        "n = 0\ndef f():\n    global n\n    n = f()\nf()".into(),
        "x = 1e308 * 10\ny = int(x)".into(),
        "x = 2 ** 10000\ny = int(x)".into(),
        "x = '{' * 3".into(),
        "for i in range(999999):\n    x = {'a': 1}['a']".into(),
        "import pymc as pm\nd = pm.Normal.dist(0, 1)\nfor i in range(100000):\n    d = pm.math.exp(d) + 1".into(),
        "import pymc as pm\nd = pm.Normal.dist(0, 1)\nfor i in range(100000):\n    d += 1".into(),
        "import pymc as pm\nd = pm.Normal.dist(0, 1)\nfor i in range(9999):\n    d = pm.Truncated.dist(d, -1, 1)".into(),
        "import pymc as pm\nd = pm.Normal.dist(0, 1)\nfor i in range(99):\n    d = pm.Mixture.dist([0.5, 0.5], [d, d])".into(),
    ];
    sources.push("#".repeat(2_000_000));
    for source in sources {
        let start = Instant::now();
        let shown: String = source.chars().take(90).collect();
        let error = run(&source).err().unwrap_or_else(|| panic!("no error in {shown}"));
        assert!(matches!(error, ModelError::Language(_)), "{shown}: {error}");
        assert!(start.elapsed().as_secs_f64() < 5.0, "{shown} took {:?}", start.elapsed());
    }
}

/// What the special methods of a class call, patterns, formats and what the library writes are bounded too.
#[test]
fn hostile_classes_patterns_and_matrices_end_soon_in_an_error() {
    let sources = [
        "import numpy as np\nclass A:\n    def __array__(self):\n        return self\nx = np.sum(A())",
        "import numpy as np\nclass A:\n    def __array__(self):\n        return [self, 1]\nx = np.sum(A())",
        "class A:\n    def __iter__(self):\n        return self\nx = [y for y in A()]",
        "class A:\n    def __getattr__(self, name):\n        return self.other\nx = A().y",
        "class A:\n    def __add__(self, b):\n        return self + b\nx = A() + 1",
        "class A:\n    def __radd__(self, b):\n        return b + self\nx = 1 + A()",
        "class A:\n    def __len__(self):\n        return -3\nx = len(A())",
        "class A:\n    def __getitem__(self, k):\n        return self[k]\nx = A()[1]",
        "class A:\n    def __eq__(self, k):\n        return self == k\nx = A() == 1",
        "x = '%1000000000000000000000d' % 1",
        "x = '%*d' % (10**9, 1)",
        "x = '%' % 1",
        "x = '%(a' % {'a': 1}",
        "x = '%é' % 1",
        "import re\nx = re.sub('a{1000}{1000}{1000}', '', 'aaa')",
        "import re\nx = re.findall('(' * 900 + ')' * 900, 'aaa')",
        "import re\nx = re.findall('(?<=a)b', 'ab')",
        "import re\ns = 'ab' * 100\nwhile True:\n    s = re.sub('a', s, s)",
        "import pandas as pd\nx = pd.Series(['a', 'b']).str.extract('c')",
        "import pandas as pd\nx = pd.Series(['a', 'b']).str.extract('(')",
        "import pandas as pd\ns = pd.Series(['a', 'b'])\nwhile True:\n    s = s + s",
        "from scipy import sparse\nx = sparse.identity(10**6)",
        "import numpy as np\nx = np.diag([1.0, 2.0], 10**15)",
        "from collections import deque\nd = deque([1])\nwhile True:\n    d.append(1)",
        "from collections import deque\nd = deque([1])\nwhile True:\n    d.appendleft(1)",
        "d = [1]\nwhile True:\n    d.append(1)",
        "d = [1]\nwhile True:\n    d.insert(0, 1)",
        "import xarray as xr\nx = xr.DataArray([1, 2], dims=['a', 'b'])",
        "import xarray as xr\nx = xr.DataArray([1, 2], dims=['a']).sel(b=3)",
        "import pandas as pd\nd = pd.DataFrame({'t': ['x', 'y'], 'v': [1, 2]})\nx = d.groupby(pd.Grouper(key='t', freq='MS')).sum()",
        "import pandas as pd\nd = pd.DataFrame({'t': [1, 2]})\nx = d.groupby([pd.Grouper(freq='MS'), 't']).sum()",
        "x = 'a'.ljust(10**18) / 2",
        "a = [1]\nfor k in range(60):\n    a = [a, a]\nx = f'{a}'",
        "x = [1, 2][slice(0, 1, 0)]",
        "import pymc.dims as pmd\nx = pmd.as_xtensor([1, 2], dims=('a', 'a'))",
        "import pymc.dims as pmd\nx = pmd.as_xtensor([1, 2], dims='a').expand_dims(b=10**9)",
        "import pymc.dims as pmd\nx = pmd.as_xtensor([1, 2], dims='a').isel(a=pmd.as_xtensor(5, ()))",
        "import pymc.dims as pmd\nx = pmd.as_xtensor([1, 2], dims='a')[0, 1, ...]",
        "import pymc.dims as pmd\nx = pmd.as_xtensor([1, 2], dims='a').nothing",
        "import pymc.dims as pmd\nx = pmd.concat([], dim='a')",
        "import pymc.dims as pmd\nx = pmd.as_xtensor([1, 2], dims='a').unstack(a={'b': 3, 'c': 1})",
    ];
    for source in sources {
        let start = Instant::now();
        let whole = format!("{source}\nimport pymc as pm\nwith pm.Model():\n    pm.Normal('a', x, 1)\n");
        let error = run(&whole).err().unwrap_or_else(|| panic!("no error in {source}"));
        assert!(matches!(error, ModelError::Language(_)), "{source}: {error}");
        assert!(start.elapsed().as_secs_f64() < 5.0, "{source} took {:?}", start.elapsed());
    }
}

/// A small generator of repeatable numbers (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[test]
fn broken_files_never_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut sources: Vec<(String, Dataset)> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "py") {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = text
                .lines()
                .next()
                .and_then(|line| line.rsplit_once("data:"))
                .map(|(_, name)| name.trim().to_owned());
            let data =
                name.map_or_else(Dataset::empty, |name| Dataset::read(&path.with_file_name(name)).unwrap());
            sources.push((text, data));
        }
    }
    let pieces = [
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "=",
        " - ",
        " ** ",
        "0",
        "-1",
        "1e9",
        "None",
        "x",
        "mu",
        "y",
        "\"a\"",
        "shape=",
        "dims=\"a\"",
        ".T",
        "[::-1]",
        "[None]",
        "[0]",
        ".sum(axis=0)",
        "observed=",
        "\n",
        "    ",
        "\u{e9}",
        "np.",
        "range(",
    ];
    let mut random = Random(88_172_645_463_325_252);
    let start = Instant::now();
    let mut runs = 0;
    for (text, data) in &sources {
        let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        let try_one = |source: &str| {
            if let Ok(file) = ModelFile::parse(source, "broken.py") {
                drop(Model::from_file(file, data.clone()).map_err(|error| error.to_string()));
            }
        };
        for &end in places.iter().step_by(7) {
            try_one(&text[..end]);
            runs += 1;
        }
        for _ in 0..60 {
            let mut broken = text.clone();
            for _ in 0..=random.below(3) {
                let a = places[random.below(places.len())].min(broken.len());
                let b = places[random.below(places.len())].min(broken.len()).min(a + 12);
                if broken.is_char_boundary(a) && broken.is_char_boundary(b.max(a)) {
                    broken.replace_range(a..b.max(a), pieces[random.below(pieces.len())]);
                }
            }
            try_one(&broken);
            runs += 1;
        }
    }
    assert!(runs > 500);
    assert!(start.elapsed().as_secs_f64() < 120.0, "{runs} files took {:?}", start.elapsed());
}

#[test]
fn exponents_may_be_of_any_size() {
    for exponent in ["1e300", "-1e300", "1e3082", "2.0**53", "-(2.0**64)"] {
        let source = format!(
            "import pymc as pm\nwith pm.Model():\n    a = pm.Uniform('a', 0, 2)\n    \
             pm.Normal('b', 1 / (2 + (a / 2) ** {exponent}), 1)\n"
        );
        let model = run(&source).unwrap();
        assert!(model.density().is_ok(), "{exponent}");
    }
}

#[test]
fn what_goes_wrong_inside_of_a_written_function_is_told_at_its_call() {
    let source = "import numpy as np\nimport pandas as pd\nimport pymc as pm\n\
                  smooth = pd.Series(np.arange(9.0)).rolling(window=7, min_periods=[[1, 2], [3]]).mean()\n\
                  with pm.Model():\n    pm.Normal('a', smooth.iloc[-1], 1)\n";
    let message = run(source).err().unwrap().to_string();
    assert!(message.contains("model.py:4:") || message.contains("model.py:6:"), "{message}");
}

#[test]
fn columns_of_another_length_are_errors() {
    let source = "import pandas as pd\nimport pymc as pm\nt = pd.DataFrame({'a': [3.0, 1, 2, 4]})\n\
                  t['b'] = (500, 1500, 24)\nt = t.sort_values('a')\nwith pm.Model():\n    \
                  pm.Normal('a', t['b'].values, 1)\n";
    let message = run(source).err().unwrap().to_string();
    assert!(message.contains("a column of 3 elements for a table of 4 rows"), "{message}");
    let source = "import pandas as pd\nimport pymc as pm\nt = pd.DataFrame({'a': [3.0, 1, 2, 4]})\n\
                  t['when'] = pd.date_range('2021-01-03', periods=9)\nt['b'] = t['a']\n\
                  t = t.set_index('when').sort_index()\nwith pm.Model():\n    \
                  pm.Normal('a', t['b'].values, 1)\n";
    let message = run(source).err().unwrap().to_string();
    let told = "the columns of the table differ in length: \"when\" has 9 rows, the first 4";
    assert!(message.contains(told), "{message}");
    // Objects of a data file are tables whose columns may be anything.
    let data = Dataset::from_json(
        Path::new("data.json"),
        r#"{"uneven": {"a": [1, 2, 3], "b": [4, 5]}, "deep": {"a": [[1, 2], [3, 4]]}}"#,
    )
    .unwrap();
    for (line, told) in [
        ("z = [row['b'] for i, row in uneven.iterrows()]", "\"b\" has 2 rows, the first 3"),
        ("uneven.iloc[0, 1] = 9.0", "\"b\" has 2 rows, the first 3"),
        ("deep.iloc[0, 0] = 9.0", "\"a\" has the shape (2, 2)"),
        ("t = pd.DataFrame({'a': [1.0, 2.0]}); t.index = [1, 2, 3]", "3 labels for a table of 2 rows"),
    ] {
        let source = format!(
            "import pandas as pd\nimport pymc as pm\nwith pm.Model():\n    {line}\n    pm.Normal('x')\n"
        );
        let file = ModelFile::parse(&source, "model.py").unwrap();
        let message = Model::from_file(file, data.clone()).err().unwrap().to_string();
        assert!(message.contains(told), "{message}");
    }
}

#[test]
fn arguments_of_the_wrong_shape_are_errors() {
    for density in [
        "pm.Multinomial('y', n=[5, 5], p=(), observed=np.ones((2, 3)))",
        "pm.Dirichlet('y', np.array([]))",
        "pm.Normal('y', pm.draw(pm.Gamma.dist(2.0, (), shape=30), random_seed=7))",
        "d = pm.CustomDist.dist(np.ones(2), logp=lambda v, m: -(v**2).sum(-1), signature='(n)->(n)', support_point=lambda \
         rv, size, m: m, shape=0)\n    pm.Potential('y', pm.logp(d, np.ones((3, 2))))",
        "pm.Potential('y', pytensor.scan(lambda x, s: s + x.sum(), sequences=[np.zeros((3, 0))], outputs_info=[1.0])[0][-1])",
        "pm.Potential('y', pm.gp.cov.ExpQuad(2, ls=[1.0, 2.0]).euclidean_dist(np.ones((2, 3)), np.ones((2, 3))).sum())",
        "pm.Potential('y', pm.gp.cov.ExpQuad(3, ls=2.0).square_dist(np.ones((2, 3)), np.ones((2, 2))).sum())",
    ] {
        let source = format!(
            "import numpy as np\nimport pymc as pm\nimport pytensor\nwith pm.Model():\n    pm.Normal('a')\n    {density}\n"
        );
        assert!(run(&source).is_err(), "{density}");
    }
}
