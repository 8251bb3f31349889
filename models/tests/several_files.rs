//! Several data files: which one a model file means, and errors that name them.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use chainfire_models::Model;
use chainfire_models::data::Dataset;
use chainfire_models::language::ModelFile;

/// Four data files.
fn files() -> &'static [PathBuf] {
    static FILES: OnceLock<Vec<PathBuf>> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("several_files");
        fs::create_dir_all(&folder).unwrap();
        let names = ["homes.csv", "counties.tsv", "more.json", "single.npy"];
        let files: Vec<PathBuf> = names.map(|name| folder.join(name)).into();
        fs::write(&files[0], "county,y\na,1\nb,2\na,3\n").unwrap();
        fs::write(&files[1], "county\tu\na\t0.5\nb\t1.5\n").unwrap();
        fs::write(&files[2], r#"{"scale": 2.5, "y": [7, 8]}"#).unwrap();
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/single.npy"), &files[3]).unwrap();
        files
    })
}

/// The values of `v` in a model with these files.
fn value(code: &str) -> Result<Vec<f64>, String> {
    let source = format!(
        "import json\nimport os\nimport numpy as np\nimport pandas as pd\nimport pymc as pm\n{code}\n\
         with pm.Model():\n    a = pm.Normal('a')\n    pm.Deterministic('d', pm.math.stack(v) + 0 * a)\n"
    );
    let file = ModelFile::parse(&source, "model.py").unwrap();
    let data = Dataset::read_all(files()).unwrap();
    let model = Model::from_file(file, data).map_err(|error| error.to_string())?;
    Ok(model.draw_layout().unwrap().draws(model.initial_position(), 1)[1..].to_vec())
}

#[test]
fn each_file_is_read_under_its_name() {
    let joined = "h = pd.read_csv(os.path.join('..', 'data', 'homes.csv'))\nDATA = '../data'\n\
                  c = pd.read_csv(f'{DATA}/counties.tsv', sep='\\t')\nv = h.merge(c, on='county')['u'].values";
    assert_eq!(value(joined), Ok(vec![0.5, 1.5, 0.5]));
    assert_eq!(
        value("v = pd.read_csv(filepath_or_buffer='x/homes.csv', nrows=2)['y'].values"),
        Ok(vec![1.0, 2.0])
    );
    assert_eq!(
        value("v = pd.read_csv('https://a.org/counties.csv').u.values"),
        Ok(vec![0.5, 1.5]),
        "by its stem"
    );
    assert_eq!(
        value("with open('d/more.json', 'r') as f:\n    m = json.load(f)\nv = m['y']"),
        Ok(vec![7.0, 8.0])
    );
    assert_eq!(value("v = [json.load(open('d/more.json', 'r'))['scale']]"), Ok(vec![2.5]));
    let array = value("v = np.load('single.npy').ravel()[:2]").unwrap();
    assert_eq!(value("v = single.ravel()[:2]"), Ok(array));
}

#[test]
fn files_are_names_where_nothing_reads_them() {
    assert_eq!(value("v = homes['y'].values * more['scale']"), Ok(vec![2.5, 5.0, 7.5]));
    let wrong = value("v = homs['y'].values").unwrap_err();
    assert!(wrong.contains("did you mean `homes`?"), "{wrong}");
}

#[test]
fn files_that_are_not_given_or_not_named_are_told() {
    let wrong = value("v = pd.read_csv('countys.csv').u.values").unwrap_err();
    assert!(
        wrong.contains(
            "`countys.csv` is none of the data files (homes.csv, counties.tsv, more.json, single.npy)"
        ),
        "{wrong}"
    );
    let wrong = value("v = pd.read_csv(somewhere).u.values").unwrap_err();
    assert!(wrong.contains("which of the data files is meant"), "{wrong}");
    let paths = ["a/x.csv".into(), "b/x.json".into()];
    let wrong = Dataset::read_all(&paths).unwrap_err().to_string();
    assert!(wrong.contains("a/x.csv and b/x.json would both be `x`"), "{wrong}");
}

#[test]
fn a_table_may_be_one_only_as_the_model_file_reads_it() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("preambles");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("measured.csv");
    fs::write(&path, "made by hand\n\na,b,c\n1,2,5\n3,4,6\n").unwrap();
    assert!(Dataset::read_all(std::slice::from_ref(&path)).is_err());
    let model = |code: &str, paths: &[PathBuf]| {
        let (data, unread) = Dataset::read_all_or_texts(paths).unwrap();
        assert!(unread.unwrap().to_string().contains("3 cells where the header has 1"));
        let source = format!(
            "import pandas as pd\nimport pymc as pm\nd = {code}\nwith pm.Model():\n    \
             a = pm.Normal('a')\n    pm.Deterministic('d', a * 0 + d['b'].values)\n"
        );
        let model = Model::from_file(ModelFile::parse(&source, "model.py").unwrap(), data);
        let model = model.map_err(|error| error.to_string())?;
        Ok::<_, String>(model.draw_layout().unwrap().draws(model.initial_position(), 1)[1..].to_vec())
    };
    let both = [files()[0].clone(), path.clone()];
    for paths in [std::slice::from_ref(&path), &both] {
        assert_eq!(model("pd.read_csv('measured.csv', skiprows=2)", paths), Ok(vec![2.0, 4.0]));
        let wrong = model("pd.read_csv('measured.csv')", paths).unwrap_err();
        assert!(wrong.contains("3 cells where the header has 1"), "{wrong}");
    }
}

#[test]
fn columns_of_every_file_are_looked_at() {
    let wrong = value("v = homes['county'].values * 2").unwrap_err();
    assert!(wrong.contains("the column `county` holds text"), "{wrong}");
}

/// One file stands for whatever the model file reads, but not for a file beside one of its own name.
#[test]
fn one_file_does_not_stand_for_another_that_is_read_beside_it() {
    let value = |code: &str| {
        let source = format!(
            "import pandas as pd\nimport pymc as pm\n{code}\nwith pm.Model():\n    pm.Normal('a', v)\n"
        );
        let data = Dataset::read(&files()[0]).unwrap();
        Model::from_file(ModelFile::parse(&source, "model.py").unwrap(), data)
            .map_err(|error| error.to_string())
    };
    assert!(value("v = pd.read_csv('elsewhere.csv').y.values").is_ok());
    assert!(value("v = pd.read_csv('d/Homes.csv').y.values").is_ok());
    let both = "h = pd.read_csv('d/homes.csv')\no = pd.read_csv('d/other.csv')\n";
    assert!(value(&format!("{both}v = h.y.values")).is_ok());
    let told = value(&format!("{both}v = o.y.values")).err().unwrap();
    assert!(told.contains("`other.csv` is none of the data files (homes.csv)"), "{told}");
}
