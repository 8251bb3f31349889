//! NumPy's files as data, against the same arrays as JSON (`reference/arrays.py`), and what broken ones say.

use std::path::{Path, PathBuf};

use chainfire_models::Model;
use chainfire_models::data::{Dataset, Entry};
use chainfire_models::language::ModelFile;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn read(name: &str) -> Dataset {
    Dataset::read(&path(name)).unwrap()
}

#[test]
fn arrays_of_every_type_are_those_that_numpy_has() {
    let expected = read("arrays.json");
    for file in ["arrays.npz", "packed.npz"] {
        let seen = read(file);
        assert_eq!(seen.names().collect::<Vec<_>>(), expected.names().collect::<Vec<_>>());
        for (name, expected) in expected.entries() {
            match (seen.get(name).unwrap(), expected) {
                (Entry::Numbers { value: a, missing: m }, Entry::Numbers { value: b, missing: n }) => {
                    assert_eq!((a.shape(), a.kind(), m), (b.shape(), b.kind(), n), "{name}");
                    let bits = |value: &chainfire_models::Value| {
                        value.as_data().unwrap().iter().map(|x| x.to_bits()).collect::<Vec<_>>()
                    };
                    assert_eq!(bits(a), bits(b), "{name}");
                }
                (
                    Entry::TextColumn { values: a, missing: m, .. },
                    Entry::TextColumn { values: b, missing: n, .. },
                ) => assert_eq!((a, m), (b, n), "{name}"),
                (Entry::Text(a), Entry::Text(b)) => assert_eq!(a, b, "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
    let single = read("single.npy");
    assert_eq!(single.numbers("single").unwrap().shape(), [2, 2]);
}

#[test]
fn broken_archives_are_errors_and_no_panics() {
    let whole = std::fs::read(path("packed.npz")).unwrap();
    for cut in (0..whole.len()).step_by(97) {
        assert!(Dataset::from_bytes(Path::new("x.npz"), whole[..cut].to_vec()).is_err(), "{cut}");
    }
    for (at, mask) in (0..whole.len()).step_by(13).flat_map(|at| [(at, 0xff), (at, 0x01), (at, 0x80)]) {
        let mut broken = whole.clone();
        broken[at] ^= mask;
        drop(Dataset::from_bytes(Path::new("x.npz"), broken));
    }
    let array = std::fs::read(path("single.npy")).unwrap();
    for at in 0..array.len() {
        let mut broken = array.clone();
        broken[at] = broken[at].wrapping_add(1);
        drop(Dataset::from_bytes(Path::new("x.npy"), broken));
        assert!(Dataset::from_bytes(Path::new("x.npy"), array[..at].to_vec()).is_err(), "{at}");
    }
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let error =
        |name: &str, bytes: Vec<u8>| Dataset::from_bytes(Path::new(name), bytes).unwrap_err().to_string();
    assert!(error("x.npz", b"PK".to_vec()).contains("not a whole archive of arrays as `np.savez` writes it"));
    let header = |descr: &str, shape: &str| {
        let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
        [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes()].concat()
    };
    assert!(error("x.npy", header("'<c16'", "(2,)")).contains("elements of the type `<c16`"));
    assert!(error("x.npy", header("[('a', '<f8')]", "(2,)")).contains("save its columns one by one"));
    let huge = error("x.npy", header("'<f8'", "(99999999, 99999999)"));
    assert!(huge.contains("cannot fill"), "{huge}");
    // A pickle that would call something of the system's.
    let call = [&header("'|O'", "(1,)")[..], b"cposix\nsystem\n(X\x02\x00\x00\x00lstR."].concat();
    let refused = error("x.npy", call);
    assert!(refused.contains("posix.system") && refused.contains(".astype(str)"), "{refused}");
}

fn model(source: &str, data: Dataset) -> Model {
    Model::from_file(ModelFile::parse(source, "model.py").unwrap(), data).unwrap()
}

#[test]
fn loaded_arrays_are_those_of_numpy_whatever_names_them() {
    let source = |load: &str| {
        format!(
            "import json\nimport os\nimport numpy as np\nimport pandas as pd\nimport pymc as pm\nfrom pathlib import Path\n\
             {load}\nwith pm.Model():\n    pm.Data(\"spread\", x.std())\n    pm.Normal(\"free\")\n"
        )
    };
    let data = || Dataset::from_json(Path::new("d.json"), r#"{"x": [1, 2, 4], "y": [0, 0, 1]}"#).unwrap();
    let table = || Dataset::from_csv(Path::new("d.csv"), "x,y\n1,0\n2,0\n4,1\n").unwrap();
    let spread = |load: &str, data: Dataset| {
        model(&source(load), data).data("spread").unwrap().as_data().unwrap()[0].powi(2)
    };
    // NumPy divides by n, pandas by n - 1.
    let (by_count, by_one_less) = (14.0 / 9.0, 7.0 / 3.0);
    let arrays = [
        "x = np.load(Path(__file__).parent / 'data' / 'd.npz')['x']",
        "folder = os.path.dirname(__file__)\nd = np.load(os.path.join(folder, 'd.npz'), allow_pickle=True)\nx = d['x']",
        "with np.load('d.npz') as d:\n    x = d['x']",
        "x = np.load('folder/x.npy')",
        "with open('d.json') as f:\n    x = np.array(json.load(f)['x'])",
        "x = data['x']",
    ];
    for load in arrays {
        assert!((spread(load, data()) - by_count).abs() < 1e-14, "{load}");
    }
    for load in ["x = pd.read_csv('d.csv')['x']", "x = pd.DataFrame(data)['x']", "x = df['x']"] {
        assert!((spread(load, data()) - by_one_less).abs() < 1e-14, "{load}");
    }
    assert!((spread("x = data['x']", table()) - by_one_less).abs() < 1e-14);
    assert!((spread("x = np.load('d.npz')['x']", table()) - by_count).abs() < 1e-14);
}

#[test]
fn a_model_that_a_function_makes_is_read_though_nothing_calls_it() {
    let text = "import numpy as np\nimport pymc as pm\nfrom pathlib import Path\n\n\
        def scaled(x):\n    return (x - x.mean()) / x.std()\n\n\
        def build_model():\n    path = Path(__file__).parent / 'd.npz'\n    d = np.load(path)\n    x = scaled(d['x'])\n\
        \x20   with pm.Model() as model:\n        slope = pm.Normal('slope', 0, 1)\n\
        \x20       pm.Normal('y', slope * x, 1, observed=d['y'])\n\
        \x20   start = model.initial_point()\n    model.rvs_to_initial_values = {rv: None for rv in model.free_RVs}\n\
        \x20   return model, start\n";
    let data = || Dataset::from_json(Path::new("d.json"), r#"{"x": [1, 2, 4], "y": [0, 0, 1]}"#).unwrap();
    let ends = [
        "",
        "\nif __name__ == '__main__':\n    from runner import run\n    run(build_model)\n",
        "\nif __name__ == '__main__':\n    model, start = build_model()\n",
        "\ndef other():\n    return build_model()\n",
    ];
    for end in ends {
        let names: Vec<String> =
            model(&format!("{text}{end}"), data()).variables().iter().map(|v| v.name.clone()).collect();
        assert_eq!(names, ["slope", "y"], "{end}");
    }
}

#[test]
fn functions_that_make_models_and_are_not_called_are_named() {
    let error = |text: &str| {
        let file = ModelFile::parse(&format!("import pymc as pm\n{text}"), "model.py").unwrap();
        Model::from_file(file, Dataset::empty()).err().unwrap().to_string()
    };
    let one = |name: &str, parameters: &str| {
        format!(
            "def {name}({parameters}):\n    with pm.Model() as m:\n        pm.Normal('a')\n    return m\n"
        )
    };
    let two = error(&format!("{}{}", one("first", ""), one("second", "")));
    assert!(two.contains("(`first`, `second`)") && two.contains("`model = first()`"), "{two}");
    let needs = error(&one("build", "df, scale=1"));
    assert!(needs.contains("argument `df`") && needs.contains("`model = build(df)`"), "{needs}");
    let chosen = format!("{}{}run(second)\n", one("first", ""), one("second", ""));
    assert!(!error(&format!("{chosen}x = (")).contains("several functions"));
}

#[test]
fn what_may_leave_a_loop_or_function_is_not_passed_over() {
    let error = |body: &str| {
        let text = format!(
            "import somewhere\nimport pymc as pm\n{body}\nwith pm.Model():\n    pm.Normal('a', value)\n"
        );
        Model::from_file(ModelFile::parse(&text, "model.py").unwrap(), Dataset::empty())
            .err()
            .unwrap()
            .to_string()
    };
    let looped =
        error("value = 0\nfor k in range(3):\n    if somewhere.stops(k):\n        break\n    value = k");
    assert!(looped.contains("somewhere"), "{looped}");
    let called = error("def f():\n    if somewhere.stops():\n        return 1\n    return 2\nvalue = f()");
    assert!(called.contains("somewhere"), "{called}");
}
